"""What the program ever wrote, found by its name: in a data folder, and in the folder of what can be made again.

Other people's files are found as well, to be told. No link is followed, except `recordings` itself,
which may be one to a larger disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from interviewer.core.paths import CALIBRATIONS_NAME, MODELS_NAME, PRESENCE_NAME, cache_dir, models_dir
from interviewer.core.removal import Removed
from interviewer.store.backup import FOLDER_NAME as BACKUPS_NAME
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID, is_ours

log = logging.getLogger(__name__)

_DATABASE = re.compile(r"interviewer\.db(?:[.-].{1,100})?")
"""The database, its journal, and the copies of it that were set aside."""
_ID = re.compile(r"interviewer\.id(?:\.part)?")
_SETTINGS = re.compile(r"settings\.json(?:\.damaged\d*)?|\.settings-.{1,60}|window\.ini(?:\..{1,60})?")
_LOGS = re.compile(r"interviewer\.log(?:\.\d+)?|rebuilt-.{1,60}\.txt(?:\.part)?")
_CALIBRATION = re.compile(r"[0-9A-Za-z_.-]{1,120}\.json")
_SPEECH = re.compile(r"[0-9a-f]{64}\.wav|\..{1,120}\.part\.wav")
_ENCODINGS = re.compile(r"[0-9A-Za-z_.-]{1,120}\.encodings\.safetensors")
_WEIGHTS = re.compile(r".{1,250}\.pt(?:\.part)?")
_CONVERTED = re.compile(r".{1,250}\.ct2(?:\..{1,60})?")
_IN_USE = re.compile(r"in-use\.lock.{0,60}|\.window")
"""What tells that somebody works here; whoever does takes it away."""
_NOTE = re.compile(r"[0-9a-f]{16}\.json|synced\.told|\.[0-9a-f]{16}\.part")


@dataclass(frozen=True, slots=True)
class Found:
    """What there is, each as it is to be told: below `data` by its path in it, any other by its whole path."""

    data: Path
    gone: list[tuple[str, Path]] = field(default_factory=list)
    """Files and links, in the order in which they are to go."""
    folders: list[Path] = field(default_factory=list)
    """Folders that go when they are empty by then, inner ones first."""
    strange: list[str] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        """Size of the files that are to go."""
        return sum(map(size_of, (path for _, path in self.gone)))

    def remove(self) -> Removed:
        """Remove it; what is in use or somebody else's is in `left`. Never raises."""
        removed = Removed()
        for name, path in self.gone:
            removed += _remove(name, path)
        for folder in self.folders:
            # There may be none, or somebody's file in it.
            with contextlib.suppress(OSError):
                folder.rmdir()
        return removed + Removed(left=tuple(self.strange))


def look_into(found: Found, folder: Path, *, models: bool, aside: bool = False) -> None:
    """Find what is ours in `folder`, a data folder; of the models only where these are meant.

    Where it was put `aside` nobody works in it, and what tells so goes as well. Raises OSError.
    """
    _recordings(found, folder)
    _flat(found, folder / CALIBRATIONS_NAME, _CALIBRATION)
    if models:
        _models(found, models_dir(folder))
    if aside:
        _flat(found, folder / PRESENCE_NAME, _NOTE)
    # The database last: where it is missing beside recordings, it would be made of them again.
    for wanted in (*((_IN_USE,) if aside else ()), _LOGS, _SETTINGS, _ID, _DATABASE):
        found.gone.extend((told(path, found.data), path) for path in listed(folder) if _is_plain(path, wanted))
    known = {path for _, path in found.gone}
    left = (path for path in listed(folder) if path not in known and not _is_known_otherwise(path.name))
    found.strange.extend(told(path, found.data) for path in left)


def look_into_caches(found: Found) -> None:
    """Find what can be made again. Raises OSError."""
    for name, wanted in (("speech", _SPEECH), ("encodings", _ENCODINGS)):
        _flat(found, cache_dir() / name, wanted)
    found.folders.append(cache_dir())


def is_at_home(name: str) -> bool:
    """Whether a file or folder of this name, directly in a data folder, is the program's."""
    return _is_known_otherwise(name) or any(wanted.fullmatch(name) for wanted in (_LOGS, _SETTINGS, _ID, _DATABASE))


def listed(folder: Path) -> list[Path]:
    """Return what is in a folder, by name; nothing where there is none. Raises OSError."""
    try:
        return sorted(folder / name for name in os.listdir(folder))  # noqa: PTH208 - iterdir waits until it is used
    except (FileNotFoundError, NotADirectoryError):
        return []


def told(path: Path, data: Path) -> str:
    """Return how a file or folder is called: below the data folder by its path in it."""
    return path.relative_to(data).as_posix() if path.is_relative_to(data) else str(path)


def size_of(path: Path) -> int:
    """Return the size of a file, or of a link itself; 0 where it is gone."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _is_known_otherwise(name: str) -> bool:
    """Whether something in a data folder is told file by file, or is not meant to go."""
    folders = (RECORDINGS_NAME, CALIBRATIONS_NAME, MODELS_NAME, BACKUPS_NAME, PRESENCE_NAME)
    return name in folders or _IN_USE.fullmatch(name) is not None


def _remove(name: str, path: Path) -> Removed:
    size_bytes = size_of(path)
    try:
        path.unlink()
    except FileNotFoundError:
        return Removed()
    except OSError as exc:
        log.warning("a file cannot be removed: %s", exc.strerror)
        return Removed(left=(name,))
    return Removed(files=(name,), size_bytes=size_bytes)


def _recordings(found: Found, folder: Path) -> None:
    top = folder / RECORDINGS_NAME
    for session in listed(top):
        name = told(session, found.data)
        if not SAFE_ID.fullmatch(session.name):
            found.strange.append(name)
        elif session.is_symlink():
            found.gone.append((name, session))
        elif session.is_dir():
            for path in listed(session):
                inner = told(path, found.data)
                if is_ours(path.name) and _is_file(path):
                    found.gone.append((inner, path))
                else:
                    found.strange.append(inner)
            found.folders.append(session)
        else:
            found.strange.append(name)
    if not top.is_symlink():
        found.folders.append(top)


def _flat(found: Found, folder: Path, wanted: re.Pattern[str]) -> None:
    """Find the files of one folder."""
    if folder.is_symlink():
        found.strange.append(told(folder, found.data))
        return
    for path in listed(folder):
        if _is_plain(path, wanted):
            found.gone.append((told(path, found.data), path))
        else:
            found.strange.append(told(path, found.data))
    found.folders.append(folder)


def _models(found: Found, folder: Path) -> None:
    for path in () if folder.is_symlink() else listed(folder):
        if not path.is_symlink() and path.is_dir() and _CONVERTED.fullmatch(path.name):
            _flat(found, path, re.compile(".*", re.DOTALL))
    before = len(found.strange)
    _flat(found, folder, _WEIGHTS)
    converted = {told(path, found.data) for path in found.folders}
    found.strange[before:] = [name for name in found.strange[before:] if name not in converted]


def _is_plain(path: Path, wanted: re.Pattern[str]) -> bool:
    return wanted.fullmatch(path.name) is not None and _is_file(path)


def _is_file(path: Path) -> bool:
    # A link is removed itself, wherever it leads; folders are nobody's recording.
    return path.is_symlink() or not path.is_dir()
