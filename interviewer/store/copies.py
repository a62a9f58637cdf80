"""Copies of what is kept: backups, and databases and folders set aside. What was deleted may still be in them."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.removal import Removed
from interviewer.core.upkeep import may_hold_copies
from interviewer.store import backup
from interviewer.store.copying import Progress
from interviewer.store.lacking import refuse_loss
from interviewer.store.manifest import STAMP_PATTERN
from interviewer.store.ours import listed, size_of, told

log = logging.getLogger(__name__)

_BACKUP = re.compile(rf"(?:{STAMP_PATTERN})(?:\.part)?")
_MIGRATED = re.compile(rf"{re.escape(DATABASE_NAME)}\.before\b.{{0,100}}")
_DAMAGED = re.compile(rf"{re.escape(DATABASE_NAME)}\.(?:damaged|broken)\b.{{0,100}}")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy, and how to remove it."""

    name: str
    """Below the data folder by its path in it, any other by its whole path."""
    created: datetime
    size_bytes: int
    path: Path
    remove: Callable[[], None]
    """Raises InterviewerError or OSError."""

    def is_there(self) -> bool:
        """Whether something of it is on the disk, under its name or under that of a backup half removed."""
        half = self.path.with_name(self.path.name + backup.PART_SUFFIX)
        return os.path.lexists(self.path) or os.path.lexists(half)


def places(data: Path, chosen: Path) -> tuple[Path, ...]:
    """Return where backups may lie: in the chosen folder, and where they go when nobody chose another."""
    return tuple(dict.fromkeys((chosen, backup.default_folder(data))))


def in_backups(data: Path, chosen: Path) -> tuple[Copy, ...]:
    """Return the backups of this data folder, also broken and unfinished ones. Raises StoreError."""
    try:
        return tuple(_in_backups(data, chosen))
    except OSError as exc:
        raise _unseen(data, exc) from exc


def _in_backups(data: Path, chosen: Path) -> Iterator[Copy]:
    for folder in places(data, chosen):
        found = backup.backups(folder)
        whole = {b.path: b for b in backup.own_backups(data, folder)}
        foreign = {b.path for b in found} - set(whole)
        # Beside those of another data folder nobody knows whose a broken one is.
        broken_too = backup.are_all_own(data, found)
        for path in listed(folder):
            name = told(path, data)
            if path in whole:
                kept = whole[path]
                yield Copy(name, kept.created, kept.size_bytes, path, partial(backup.remove, kept))
            elif (
                broken_too
                and path not in foreign
                and _BACKUP.fullmatch(path.name)
                and path.is_dir()
                and not path.is_symlink()
            ):
                size_bytes = sum(map(size_of, path.rglob("*")))
                yield Copy(name, _changed(path), size_bytes, path, partial(shutil.rmtree, path))


def set_aside(data: Path) -> tuple[Copy, ...]:
    """Return the databases that were copied before a migration: the one in use holds all of it. Raises StoreError."""
    try:
        return tuple(
            Copy(path.name, _changed(path), size_of(path), path, path.unlink) for path in _databases(data, _MIGRATED)
        )
    except OSError as exc:
        raise _unseen(data, exc) from exc


def spared(data: Path, since: datetime | None = None) -> tuple[str, ...]:
    """Return the names of the damaged databases and of `folders_aside`; only those that may hold what is kept `since`.

    They may be the only place of an interview, so that only whoever deletes everything loses them.
    Raises StoreError.
    """
    try:
        named = [(path.name, path) for path in _databases(data, _DAMAGED)]
        named += [(str(path), path) for path in folders_aside(data)]
        return tuple(name for name, path in named if since is None or may_hold_copies((_changed(path),), since))
    except OSError as exc:
        raise _unseen(data, exc) from exc


def _databases(data: Path, wanted: re.Pattern[str]) -> list[Path]:
    return [path for path in listed(data) if wanted.fullmatch(path.name) and not path.is_dir()]


def folders_aside(data: Path) -> tuple[Path, ...]:
    """Return the data folders that a restore moved aside; they lie beside this one. Never raises."""
    real = Path(os.path.realpath(data))  # a restore puts it beside what a link leads to
    wanted = re.compile(rf"{re.escape(real.name)}\.before-restore-{STAMP_PATTERN}")
    try:
        beside = [path for path in listed(real.parent) if wanted.fullmatch(path.name)]
    except OSError:
        return ()  # a folder that may not be read, as the one of every user's home may be
    return tuple(path for path in beside if path.is_dir() and not path.is_symlink())


def made_since(data: Path, chosen: Path, since: datetime) -> tuple[str, ...]:
    """Return the names of the copies that may hold what is kept since then, without `spared`. Raises StoreError."""
    return tuple(copy.name for copy in every(data, chosen) if may_hold_copies((copy.created,), since))


def renew(data: Path, chosen: Path, *, now: datetime, progress: Progress | None = None) -> Removed:
    """Make a new backup of what is kept now, then remove every older copy but `spared`; without any, do nothing.

    Raises what `backup.back_up` does; then every copy is still there. A copy that cannot be removed
    is in `left`.
    """
    old = every(data, chosen)
    if not old:
        return Removed()
    made = backup.back_up(data, chosen, now=now, progress=progress)
    refuse_loss(made.missing, (copy.path for copy in old))
    removed = Removed()
    for copy in old:
        removed += removed_copy(copy)
    return removed


def every(data: Path, chosen: Path) -> tuple[Copy, ...]:
    """Return every copy that may go: in backups and set aside. Raises StoreError where a folder cannot be looked at."""
    return (*in_backups(data, chosen), *set_aside(data))


def still_there(names: Sequence[str]) -> StoreError:
    """Return what to tell when copies could not be removed."""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return StoreError(f"A copy cannot be removed: {names[0]}{more}", hint="Look into it, and delete it yourself.")


def still_in(names: Sequence[str]) -> StoreError:
    """Return what to tell of copies that are `spared`."""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    hint = "It may be the only place of other interviews: look into it, and delete it yourself."
    return StoreError(f"{names[0]}{more} stayed", hint=hint)


def removed_copy(copy: Copy) -> Removed:
    """Remove a copy, and return it; in `left` where it cannot be removed. Never raises."""
    try:
        copy.remove()
    except (InterviewerError, OSError) as exc:
        if copy.is_there():
            log.warning("a copy cannot be removed: %s", type(exc).__name__)
            return Removed(left=(copy.name,))
        # A new backup thins the older ones out by itself.
    return Removed(files=(copy.name,), size_bytes=copy.size_bytes)


def _unseen(data: Path, cause: OSError) -> StoreError:
    return StoreError(f"The copies of {data} cannot be looked at ({cause.strerror})")


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
