"""Copies of what is kept: backups, and databases and folders set aside. What was deleted may still be in them."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.removal import Removed
from interviewer.store import backup
from interviewer.store.copying import Progress
from interviewer.store.manifest import DATABASE_NAME, STAMP_PATTERN
from interviewer.store.ours import Found, listed, look_into, size_of, told

log = logging.getLogger(__name__)

_BACKUP = re.compile(rf"(?:{STAMP_PATTERN})(?:\.part)?")
_ASIDE = re.compile(rf"{re.escape(DATABASE_NAME)}\.(?:before|damaged|broken)\b.{{0,100}}")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy, and how to remove it."""

    name: str
    """Below the data folder by its path in it, any other by its whole path."""
    created: datetime
    size_bytes: int
    remove: Callable[[], None]
    """Raises InterviewerError or OSError."""


def places(data: Path, chosen: Path) -> tuple[Path, ...]:
    """Return where backups may lie: in the chosen folder, and where they go when nobody chose another."""
    return tuple(dict.fromkeys((chosen, backup.default_folder(data))))


def in_backups(data: Path, chosen: Path) -> tuple[Copy, ...]:
    """Return our backups, also broken and unfinished ones. Raises StoreError, OSError for a folder not to be read."""
    found: list[Copy] = []
    for folder in places(data, chosen):
        whole = {b.path: b for b in backup.backups(folder)}
        for path in listed(folder):
            name = told(path, data)
            if path in whole:
                kept = whole[path]
                found.append(Copy(name, kept.created, kept.size_bytes, partial(backup.remove, kept)))
            elif _BACKUP.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                size_bytes = sum(map(size_of, path.rglob("*")))
                found.append(Copy(name, _changed(path), size_bytes, partial(shutil.rmtree, path)))
    return tuple(found)


def set_aside(data: Path) -> tuple[Copy, ...]:
    """Return the databases that were copied before a migration or put aside as damaged, and `folders_aside`.

    Raises OSError.
    """
    databases = (path for path in listed(data) if _ASIDE.fullmatch(path.name) and not path.is_dir())
    return (
        *(Copy(path.name, _changed(path), size_of(path), path.unlink) for path in databases),
        *(
            Copy(str(path), _changed(path), _found(path).size_bytes, partial(_remove, path))
            for path in folders_aside(data)
        ),
    )


def folders_aside(data: Path) -> tuple[Path, ...]:
    """Return the data folders that a restore moved aside; they lie beside this one. Raises OSError."""
    real = Path(os.path.realpath(data))  # a restore puts it beside what a link leads to
    wanted = re.compile(rf"{re.escape(real.name)}\.before-restore-{STAMP_PATTERN}")
    beside = (path for path in listed(real.parent) if wanted.fullmatch(path.name))
    return tuple(path for path in beside if path.is_dir() and not path.is_symlink())


def _found(folder: Path) -> Found:
    found = Found(folder)
    look_into(found, folder, models=True, aside=True)
    found.folders.append(folder)
    return found


def _remove(folder: Path) -> None:
    left = _found(folder).remove().left
    if left or folder.exists():
        hint = "Look into it, and delete it yourself."
        raise StoreError(f"The folder {folder} holds other files as well", hint=hint)


def made_since(data: Path, chosen: Path, since: datetime) -> tuple[str, ...]:
    """Return the names of the copies that may hold what is kept since then. Raises StoreError, OSError."""
    return tuple(copy.name for copy in (*in_backups(data, chosen), *set_aside(data)) if copy.created >= since)


def renew(data: Path, chosen: Path, *, now: datetime, progress: Progress | None = None) -> Removed:
    """Make a new backup of what is kept now, then remove every older copy; without any, do nothing.

    Raises what `backup.back_up` does; then every copy is still there. A copy that cannot be removed
    is in `left`.
    """
    old = (*in_backups(data, chosen), *set_aside(data))
    if not old:
        return Removed()
    made = told(backup.back_up(data, chosen, now=now, progress=progress).path, data)
    removed = Removed()
    for copy in old:
        if copy.name != made:
            removed += removed_copy(copy)
    return removed


def removed_copy(copy: Copy) -> Removed:
    """Remove a copy, and return it; in `left` where it cannot be removed. Never raises."""
    try:
        copy.remove()
    except FileNotFoundError:
        return Removed()  # thinned out meanwhile
    except (InterviewerError, OSError) as exc:
        log.warning("a copy cannot be removed: %s", type(exc).__name__)
        return Removed(left=(copy.name,))
    return Removed(files=(copy.name,), size_bytes=copy.size_bytes)


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
