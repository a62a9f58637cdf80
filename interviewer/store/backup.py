"""Backups: a folder of folders, each a whole and verified copy of what is the user's in the data folder.

A backup is written as `<stamp>.part`, read back and compared with what was read from the data folder,
and only then renamed to `<stamp>`. A recording that the backup before it holds already is not written
again: both share the file on the disk, after it was read and found to be the same. What is shared is
only ever a file of backups; none shares a file with the data folder, where a fault could reach both.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interviewer.core.errors import InputError, InterviewerError, StoreError
from interviewer.core.file_lock import held
from interviewer.core.files import put_in_place, read_small
from interviewer.core.keeping import to_remove
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.transfers import size_words
from interviewer.store.copying import Meter, Progress, hash_of
from interviewer.store.disk import free_bytes, open_private
from interviewer.store.identity import id_of
from interviewer.store.lacking import refuse_loss
from interviewer.store.listing import files_in
from interviewer.store.manifest import (
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    STAMP_PATTERN,
    Manifest,
    decoded,
    stamp_of,
)
from interviewer.store.names import RECORDINGS_NAME
from interviewer.store.package import check, unpacked
from interviewer.store.snapshot import FolderTarget, Previous, fill

log = logging.getLogger(__name__)

FOLDER_NAME = "backups"
LOCK_NAME = ".backup.lock"
PART_SUFFIX = ".part"
MARGIN_BYTES = 20_000_000
"""Left free on the disk of the backups: folders and lists take room, too."""

_STAMP = re.compile(STAMP_PATTERN)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup."""

    path: Path
    created: datetime
    files: int
    size_bytes: int
    """Of all files in it; what they take on the disk is less, because backups share what did not change."""
    missing: tuple[str, ...] = ()
    """Recordings that its database tells of and that were not there when it was made."""
    owner: str = ""
    """The id of the data folder that it is of; "" where that is not known."""


def default_folder(data: Path) -> Path:
    """Return the folder that backups of the data folder go to when nobody chose another."""
    return data / FOLDER_NAME


def is_named_as_backup(name: str) -> bool:
    """Whether a backup, a half-made one or the lock of a folder of backups is called so."""
    return name == LOCK_NAME or _STAMP.fullmatch(name.removesuffix(PART_SUFFIX)) is not None


def backups(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in `folder`, newest first, of every data folder; those without a readable list are left out.

    Raises StoreError when the folder cannot be looked at; one that does not exist holds none.
    """
    try:
        paths = [path for path in folder.iterdir() if _STAMP.fullmatch(path.name) and not path.is_symlink()]
    except FileNotFoundError:
        return ()
    except OSError as exc:
        hint = "Make it readable, or choose another folder for the backups."
        raise StoreError(f"The folder of the backups {folder} cannot be read ({exc.strerror})", hint=hint) from exc
    found = [backup for path in paths if (backup := _backup_at(path)) is not None]
    return tuple(sorted(found, key=lambda b: (b.created, b.path.name), reverse=True))


def own_backups(data: Path, folder: Path) -> tuple[Backup, ...]:
    """Return the backups of this data folder in `folder`, newest first. Raises StoreError as `backups`.

    Those that do not say of which folder they are count as its own only where all others are, too.
    """
    return _owned(backups(folder), id_of(data))


def are_all_own(data: Path, found: Iterable[Backup]) -> bool:
    """Whether no backup among these is known to be of another data folder."""
    return not _foreign(found, id_of(data))


def _owned(found: tuple[Backup, ...], owner: str) -> tuple[Backup, ...]:
    if _foreign(found, owner):
        return tuple(b for b in found if b.owner and b.owner == owner)
    return found


def _foreign(found: Iterable[Backup], owner: str) -> bool:
    return any(b.owner not in ("", owner) for b in found)


def remove(backup: Backup) -> None:
    """Delete a backup; what it shares with others stays with them. Raises StoreError; what is left is no backup."""
    if not _STAMP.fullmatch(backup.path.name):
        raise InputError(f"{backup.path} is not a backup of Interviewer")
    try:
        # Whoever ends half-way must not leave what looks whole.
        gone = backup.path.with_name(backup.path.name + PART_SUFFIX)
        put_in_place(backup.path, gone)
        shutil.rmtree(gone)
    except OSError as exc:
        hint = "Make the folder writable, or delete it yourself."
        raise StoreError(f"The backup {backup.path} cannot be deleted ({exc.strerror})", hint=hint) from exc


def back_up(data: Path, folder: Path, *, now: datetime, progress: Progress | None = None) -> Backup:
    """Make a new backup of `data` in `folder`, verified, then thin the older ones out; return it.

    May be called while the data folder is in use, from any thread, and by several programs: only one
    works on a folder of backups at a time. `progress(done, total)` counts bytes written or read; what
    it raises ends the backup. Nothing half-made is left, and what a killed one left is removed.
    Raises StoreError when there is no room, when the folder cannot be written, when the database is
    damaged and when another backup into the folder is under way. Also when recordings are missing
    that an older backup holds: then the new one is made, and all the older ones are kept.
    """
    data, folder = Path(os.path.abspath(data)), Path(os.path.abspath(folder))  # noqa: PTH100 - links stay links
    _check_place(data, folder)
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held(folder / LOCK_NAME) as alone:
            if not alone:
                raise StoreError("A backup into this folder is being made already", hint="Wait until it is done.")
            _clear(folder)
            made = _make(data, folder, now, progress)
            refuse_loss(made.missing, (b.path for b in own_backups(data, folder) if b.path != made.path))
            _thin(data, folder, now)
            return made


def verify(path: Path, *, progress: Progress | None = None) -> Manifest:
    """Read every file of the backup at `path`, a folder or a zip file, and compare it with its list.

    Raises InputError naming the first file that is not what was written, StoreError when the disk fails.
    """
    with writing(path), unpacked(path) as package:
        meter = Meter(package.manifest.size_bytes, progress)
        for kept in package.manifest.files:
            check(package, kept, meter)
        return package.manifest


@contextlib.contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the disk of `place` refuses into a StoreError."""
    try:
        yield
    except OSError as exc:
        hint = "Check the disk, or choose another folder for the backup."
        if exc.errno in _FULL:
            hint = "Free some space on this disk, or choose a folder on another one."
        raise StoreError(f"The backup {place} cannot be made or read ({exc.strerror})", hint=hint) from exc


def check_room(folder: Path, needed: int) -> None:
    """Raise StoreError when the disk of `folder` has no room for `needed` bytes."""
    free = free_bytes(folder)
    if free is not None and free < needed + MARGIN_BYTES:
        fact = f"There is no room for the backup: it needs {size_words(needed + MARGIN_BYTES)}"
        hint = f"Free some space on the disk of {folder}, or choose a folder on another one."
        raise StoreError(f"{fact}, {size_words(free)} are free", hint=hint)


def _check_place(data: Path, folder: Path) -> None:
    taken = data / RECORDINGS_NAME
    if folder == data or folder.is_relative_to(taken):
        hint = "Choose a folder of its own, best on another disk."
        raise InputError(f"Backups cannot go into {folder}: that is what they are of", hint=hint)


def _make(data: Path, folder: Path, now: datetime, progress: Progress | None) -> Backup:
    sources = files_in(data)
    previous = _previous(data, folder)
    room = sum(found.size for found in sources if previous.size_of(found.name) != found.size)
    check_room(folder, room + database_bytes(data))
    meter = Meter(2 * (sum(found.size for found in sources) + database_bytes(data)), progress)
    final = _free_name(folder, now)
    part = final.with_name(final.name + PART_SUFFIX)
    part.mkdir(mode=0o700)
    try:
        target = FolderTarget(part, previous)
        manifest = fill(target, data, sources, now=now, meter=meter)
        for kept in manifest.files:
            # What is shared with the backup before was read there, from the disk, a moment ago.
            if kept.name not in target.shared and hash_of(part / kept.name, meter, from_disk=True) != (
                kept.size,
                kept.sha256,
            ):
                raise StoreError(f"The backup was not kept as it was written: {kept.name}", hint="Check the disk.")
        _write_manifest(part, manifest)
        put_in_place(part, final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return _told(final, manifest)


def database_bytes(data: Path) -> int:
    """Return the size of the database in `data`; 0 where there is none."""
    path = data / DATABASE_NAME
    return path.stat().st_size if path.is_file() else 0


def _write_manifest(part: Path, manifest: Manifest) -> None:
    with os.fdopen(open_private(part / MANIFEST_NAME), "wb") as file:
        file.write(manifest.encoded())
        file.flush()
        os.fsync(file.fileno())
    if decoded(read_small(part / MANIFEST_NAME, MAX_MANIFEST_BYTES)) != manifest:
        raise StoreError("The list of the backup was not kept as it was written", hint="Check the disk.")


def _free_name(folder: Path, now: datetime) -> Path:
    stamp = stamp_of(now)
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, 1000))]
    return next(folder / name for name in names if not os.path.lexists(folder / name))


def _previous(data: Path, folder: Path) -> Previous:
    for newest in own_backups(data, folder)[:1]:
        try:
            manifest = decoded(read_small(newest.path / MANIFEST_NAME, MAX_MANIFEST_BYTES))
        except (OSError, InputError):
            break
        return Previous(newest.path, {kept.name: kept for kept in manifest.files})
    return Previous(folder, {})


def _backup_at(path: Path) -> Backup | None:
    try:
        manifest = decoded(read_small(path / MANIFEST_NAME, MAX_MANIFEST_BYTES))
    except (OSError, InputError) as exc:
        log.warning("the backup %s has no list that can be read (%s)", path.name, type(exc).__name__)
        return None
    return _told(path, manifest)


def _told(path: Path, manifest: Manifest) -> Backup:
    return Backup(path, manifest.created, len(manifest.files), manifest.size_bytes, manifest.missing, manifest.owner)


def _clear(folder: Path) -> None:
    """Remove what killed backups left."""
    for path in folder.iterdir():
        half = path.name.endswith(PART_SUFFIX) and is_named_as_backup(path.name)
        if half and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def _thin(data: Path, folder: Path, now: datetime) -> None:
    """Remove the backups that are one too many. Never raises: the new one is made."""
    try:
        found = own_backups(data, folder)
        gone = to_remove((b.created for b in found), now)
        for backup in found:
            if backup.created in gone:
                remove(backup)
    except InterviewerError as error:
        log.warning("older backups could not be thinned out (%s)", type(error).__name__)
