"""Removes everything of the user's: what the program ever wrote, by its name, and nothing else.

Files of other people in the same folders stay, with their folders, and are told. No link is followed,
except `recordings` itself, which may be one to a larger disk. What can be made again goes as well: the
questions as they were spoken, and how texts look to the sentence model.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

from interviewer.core.errors import StoreError
from interviewer.core.files import sync_folder
from interviewer.core.paths import cache_dir, models_dir
from interviewer.core.removal import Removed
from interviewer.store import backup
from interviewer.store.copies import Copy, folders, in_backups, removed_copy, told
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID, is_ours

log = logging.getLogger(__name__)

DATABASE = re.compile(r"interviewer\.db(?:[.-].{1,100})?")
"""The database, its journal, and the copies of it that were set aside."""
_SETTINGS = re.compile(r"settings\.json(?:\.damaged\d*)?|\.settings-.{1,60}|window\.ini(?:\..{1,60})?")
_LOGS = re.compile(r"interviewer\.log(?:\.\d+)?|rebuilt-.{1,60}\.txt|\.rebuilt-.{1,60}\.part")
_CALIBRATION = re.compile(r"[0-9A-Za-z_.-]{1,120}\.json")
_SPEECH = re.compile(r"[0-9a-f]{64}\.wav|\..{1,120}\.part\.wav")
_ENCODINGS = re.compile(r"[0-9A-Za-z_.-]{1,120}\.encodings\.safetensors")
_WEIGHTS = re.compile(r".{1,250}\.pt(?:\.part)?")
_CONVERTED = re.compile(r".{1,250}\.ct2(?:\..{1,60})?")
_IN_USE = {"in-use.lock", ".window", "presence"}
"""What tells that somebody works here; whoever does takes it away."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is, each as it is to be told."""

    gone: list[tuple[str, Path]]
    """Files and links, in the order in which they are to go."""
    folders: list[Path]
    """Folders that go when they are empty by then, inner ones first."""
    strange: list[str]


def everything(data: Path, backup_folder: Path, *, models: bool = False) -> Removed:
    """Return what `remove_everything` would remove and leave; changes nothing. Raises StoreError."""
    backups, found = _backups(data, backup_folder), _find(data, models=models)
    size_bytes = sum(_size(path) for _, path in found.gone) + sum(copy.size_bytes for copy in backups)
    names = (*(copy.name for copy in backups), *(name for name, _ in found.gone))
    return Removed(files=names, size_bytes=size_bytes, left=tuple(found.strange))


def remove_everything(data: Path, backup_folder: Path, *, models: bool = False) -> Removed:
    """Remove every interview, recording, setting and log, the caches, and every backup of ours.

    Backups are looked for in `backup_folder` and where they go when nobody chose another. With `models`
    also the Whisper models in the data folder, downloaded or brought. The store must be closed. The
    database goes last: ended half-way, the same call goes on. What cannot be removed is in `left`, as
    are other people's files in the data folder. Raises StoreError when the folder cannot be looked at.
    """
    removed = Removed()
    for copy in _backups(data, backup_folder):
        removed += removed_copy(copy)
    found = _find(data, models=models)
    for name, path in found.gone:
        removed += _remove(name, path)
    for folder in folders(data, backup_folder):
        with contextlib.suppress(OSError):
            (folder / backup.LOCK_NAME).unlink()
    for folder in (*found.folders, *folders(data, backup_folder)):
        # There may be none, or somebody's file in it.
        with contextlib.suppress(OSError):
            folder.rmdir()
    sync_folder(data)
    return removed + Removed(left=tuple(found.strange))


def _backups(data: Path, chosen: Path) -> tuple[Copy, ...]:
    try:
        return in_backups(data, chosen)
    except OSError as exc:
        raise StoreError(f"The folder of the backups cannot be looked at ({exc.strerror})") from exc


def _remove(name: str, path: Path) -> Removed:
    size_bytes = _size(path)
    try:
        path.unlink()
    except FileNotFoundError:
        return Removed()
    except OSError as exc:
        log.warning("a file cannot be removed: %s", exc.strerror)
        return Removed(left=(name,))
    return Removed(files=(name,), size_bytes=size_bytes)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _find(data: Path, *, models: bool) -> _Found:
    found = _Found([], [], [])
    try:
        # The database last: it is what makes the rest an interview.
        _recordings(found, data)
        _flat(found, data / "calibrations", _CALIBRATION, data)
        if models:
            _models(found, data)
        _caches(found, data)
        for wanted in (_LOGS, _SETTINGS, DATABASE):
            found.gone.extend((path.name, path) for path in _listed(data) if _is_plain(path, wanted))
        known = {path for _, path in found.gone} | {data / name for name in _IN_USE}
        found.strange.extend(p.name for p in _listed(data) if p not in known and not _is_looked_into(p))
    except OSError as exc:
        raise StoreError(f"The folder {data} cannot be looked at ({exc.strerror})") from exc
    return found


def _is_looked_into(path: Path) -> bool:
    """Whether a folder in the data folder is one whose files are told by themselves, or were not meant."""
    return path.name in (RECORDINGS_NAME, "calibrations", "models", backup.FOLDER_NAME)


def _recordings(found: _Found, data: Path) -> None:
    top = data / RECORDINGS_NAME
    for session in _listed(top):
        name = f"{RECORDINGS_NAME}/{session.name}"
        if session.is_symlink() and SAFE_ID.fullmatch(session.name):
            found.gone.append((name, session))
        elif session.is_dir() and not session.is_symlink() and SAFE_ID.fullmatch(session.name):
            for path in _listed(session):
                inner = f"{name}/{path.name}"
                if is_ours(path.name) and _is_file(path):
                    found.gone.append((inner, path))
                else:
                    found.strange.append(inner)
            found.folders.append(session)
        else:
            found.strange.append(name)
    if not top.is_symlink():
        found.folders.append(top)


def _flat(found: _Found, folder: Path, wanted: re.Pattern[str], within: Path) -> None:
    """Find the files of one folder, told by their path in `within` where they lie in it."""
    if folder.is_symlink():
        found.strange.append(told(folder, within))
        return
    for path in _listed(folder):
        if _is_plain(path, wanted):
            found.gone.append((told(path, within), path))
        else:
            found.strange.append(told(path, within))
    found.folders.append(folder)


def _models(found: _Found, data: Path) -> None:
    folder = models_dir(data)
    for path in () if folder.is_symlink() else _listed(folder):
        if not path.is_symlink() and path.is_dir() and _CONVERTED.fullmatch(path.name):
            _flat(found, path, re.compile(".*", re.DOTALL), data)
    before = len(found.strange)
    _flat(found, folder, _WEIGHTS, data)
    converted = {told(path, data) for path in found.folders}
    found.strange[before:] = [name for name in found.strange[before:] if name not in converted]


def _caches(found: _Found, data: Path) -> None:
    for name, wanted in (("speech", _SPEECH), ("encodings", _ENCODINGS)):
        _flat(found, cache_dir() / name, wanted, data)
    found.folders.append(cache_dir())


def _listed(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing where there is none. Raises OSError."""
    try:
        return sorted(folder / name for name in os.listdir(folder))  # noqa: PTH208 - iterdir waits until it is used
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_plain(path: Path, wanted: re.Pattern[str]) -> bool:
    return wanted.fullmatch(path.name) is not None and _is_file(path)


def _is_file(path: Path) -> bool:
    # A link is removed itself, wherever it leads; folders are nobody's recording.
    return path.is_symlink() or not path.is_dir()
