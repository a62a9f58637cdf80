"""Removes everything of the user's: what the program ever wrote, by its name, and nothing else.

Files of other people in the same folders stay, with their folders, and are told. What can be made
again goes as well: the questions as they were spoken, and how texts look to the sentence model.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from interviewer.core.errors import StoreError
from interviewer.core.files import sync_folder
from interviewer.core.removal import Removed
from interviewer.store.backup import LOCK_NAME
from interviewer.store.copies import Copy, folders_aside, in_backups, places, removed_copy
from interviewer.store.manifest import ID_NAME
from interviewer.store.ours import Found, look_into, look_into_caches


def everything(data: Path, backup_folder: Path, *, models: bool = False) -> Removed:
    """Return what `remove_everything` would remove and leave; changes nothing. Raises StoreError."""
    backups, found = _look(data, backup_folder, models=models)
    names = (*(copy.name for copy in backups), *(name for name, _ in found.gone))
    size_bytes = sum(copy.size_bytes for copy in backups) + found.size_bytes
    return Removed(files=names, size_bytes=size_bytes, left=tuple(found.strange))


def remove_everything(data: Path, backup_folder: Path, *, models: bool = False) -> Removed:
    """Remove every interview, recording, setting and log, the caches, and every backup of ours.

    Also data folders that a restore moved aside. Backups are looked for in `backup_folder` and where
    they go when nobody chose another. With `models` also the Whisper models in the data folder,
    downloaded or brought. The store must be closed. The database goes last: ended half-way, the same
    call goes on. What cannot be removed is in `left`, as are other people's files in the data folder.
    Raises StoreError when a folder cannot be looked at; then nothing was removed.
    """
    backups, found = _look(data, backup_folder, models=models)
    removed = Removed()
    for copy in backups:
        removed += removed_copy(copy)
    for folder in places(data, backup_folder):
        # There may be none, or somebody's file in it.
        with contextlib.suppress(OSError):
            (folder / LOCK_NAME).unlink(missing_ok=True)
            folder.rmdir()
    if removed.left:
        # Without its id the same call, made again, would take these for somebody else's.
        found.gone[:] = [(name, path) for name, path in found.gone if path != data / ID_NAME]
    removed += found.remove()
    sync_folder(data)
    return removed


def _look(data: Path, backup_folder: Path, *, models: bool) -> tuple[tuple[Copy, ...], Found]:
    found = Found(data)
    try:
        backups = in_backups(data, backup_folder)
        for aside in folders_aside(data):
            look_into(found, aside, models=True, aside=True)
            found.folders.append(aside)
        look_into_caches(found)
        look_into(found, data, models=models)
    except OSError as exc:
        raise StoreError(f"The folder {data} or its backups cannot be looked at ({exc.strerror})") from exc
    return backups, found
