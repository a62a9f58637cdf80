"""Puts a backup in the place of the data folder: the whole of it or nothing, whenever the program ends.

`core.restoring` tells what lies beside the data folder meanwhile, and what a start makes of it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.file_lock import held
from interviewer.core.files import put_in_place, sync_folder
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.restoring import filled, filling, is_pending, lock_of
from interviewer.store import index
from interviewer.store.backup import check_room, writing
from interviewer.store.copying import Meter, Progress, make_below
from interviewer.store.listing import files_in
from interviewer.store.manifest import stamp_of
from interviewer.store.ours import is_at_home
from interviewer.store.package import HINT, Package, extract, unpacked
from interviewer.store.tables import Base

log = logging.getLogger(__name__)

STAYS = ("models", "backups", "window.ini", "interviewer.log", "interviewer.log.1")
"""What is in no backup and goes from the old data folder into the new one."""

_TABLES = frozenset(
    {*Base.metadata.tables, *index.TABLES, "alembic_version", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place."""

    created: datetime
    """When the backup was made."""
    files: int
    size_bytes: int
    aside: Path | None
    """Where the old data folder is now; None where it held nothing of the user's."""


def restore(
    data: Path,
    source: Path,
    *,
    now: datetime,
    force: bool = False,
    progress: Progress | None = None,
    about_to_swap: Callable[[], None] = lambda: None,
) -> Restored:
    """Put the backup at `source`, a folder or a zip file, in the place of the data folder `data`.

    Every file is checked against the list of the backup, and the database for damage, before anything
    of the old folder is touched. With `force` a folder that holds something of the user's is moved
    aside; nothing is ever deleted or overwritten. `about_to_swap` is called when everything is ready.
    The caller sees to it that no window is open on the folder.

    Raises InputError when the backup is damaged or is none, and when the data folder is in the way;
    StoreError when there is no room or the disk fails. After both everything is as it was.
    """
    data = Path(os.path.realpath(data))
    with _alone(data), writing(data):
        _tidy(data, now)
        _refuse_occupied(data, force=force)
        part = filling(data)
        try:
            with unpacked(source) as package:
                check_room(data.parent, package.manifest.size_bytes)
                part.mkdir(mode=0o700)
                _fill(part, package, Meter(package.manifest.size_bytes, progress))
                manifest = package.manifest
            put_in_place(part, filled(data))
        finally:
            shutil.rmtree(part, ignore_errors=True)
        about_to_swap()
        return Restored(manifest.created, len(manifest.files), manifest.size_bytes, _swap(data, now))


def finish(data: Path, *, now: datetime) -> None:
    """Complete, or clear away, a restore that was ended half-way; quick where there is none.

    To be called before anything else is done with the data folder. Raises StoreError when one is
    running, and when the disk fails.
    """
    if not is_pending(data):
        return
    data = Path(os.path.realpath(data))
    with _alone(data), writing(data):
        _tidy(data, now)


def _tidy(data: Path, now: datetime) -> None:
    if filling(data).exists():
        shutil.rmtree(filling(data))
        log.info("removed what a restore left half-made")
    if filled(data).exists():
        _swap(data, now)
        log.info("completed a restore that had been ended")


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    with contextlib.ExitStack() as until_done:
        try:
            data.parent.mkdir(parents=True, exist_ok=True)
            alone = until_done.enter_context(held(lock_of(data)))
        except OSError as exc:
            hint = "Check where the data folder should lie, or choose another one with --data-dir."
            raise StoreError(f"Nothing can be restored beside {data} ({exc.strerror})", hint=hint) from exc
        if not alone:
            raise StoreError("A backup is being restored here already", hint="Wait until it is done, then try again.")
        yield


# --- the old folder -----------------------------------------------------------------------------


def _refuse_occupied(data: Path, *, force: bool) -> None:
    if not data.exists():
        return
    if not data.is_dir():
        raise InputError(f"{data} is not a folder", hint="Choose another data folder with --data-dir.")
    strange = sorted(entry.name for entry in data.iterdir() if not is_at_home(entry.name))
    if strange:
        # The folder is moved as a whole, and these would go with it.
        names = ", ".join(strange[:3]) + (", …" if len(strange) > 3 else "")
        hint = "Move them elsewhere, or choose a data folder of its own with --data-dir."
        raise InputError(f"The data folder holds what is not Interviewer's: {names}", hint=hint)
    if not force and _is_lived_in(data):
        hint = "Give --force to restore all the same: the folder is then moved aside, not deleted."
        raise InputError(f"The data folder {data} holds interviews or settings already", hint=hint)


def _is_lived_in(data: Path) -> bool:
    """Whether there is something of the user's in the folder: a database without an interview is not."""
    if files_in(data):
        return True
    path = data / DATABASE_NAME
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            return bool(db.execute("SELECT count(*) FROM sessions").fetchone()[0])
    except sqlite3.Error:
        return True


def _swap(data: Path, now: datetime) -> Path | None:
    """Put the filled folder in the place of the old one; return where that is, None where it held nothing.

    Every step may be the last: done again, it goes on from there. When the disk refuses one, those
    before it are undone.
    """
    new, aside = filled(data), _free_name(data, now)
    try:
        if os.path.lexists(data):
            for name in STAYS:
                if os.path.lexists(data / name) and not os.path.lexists(new / name):
                    (data / name).rename(new / name)
            put_in_place(data, aside)
        put_in_place(new, data)
    except OSError:
        with contextlib.suppress(OSError):
            _undo(data, new, aside)
        raise
    if not aside.exists():
        return None
    if _is_lived_in(aside):
        return aside
    shutil.rmtree(aside, ignore_errors=True)
    return None


def _undo(data: Path, new: Path, aside: Path) -> None:
    """Give the old folder back what is its own, and remove the new one once nothing of that is left in it."""
    if aside.exists() and not data.exists():
        aside.rename(data)
    # No backup holds these: whatever lies there came from the old folder, perhaps before a kill.
    for name in STAYS:
        if os.path.lexists(new / name) and not os.path.lexists(data / name):
            (new / name).rename(data / name)
    if not any(os.path.lexists(new / name) for name in STAYS):
        shutil.rmtree(new)
    sync_folder(data.parent)


def _free_name(data: Path, now: datetime) -> Path:
    stem = f"{data.name}.before-restore-{stamp_of(now)}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(data.with_name(name) for name in names if not os.path.lexists(data.with_name(name)))


# --- the new folder -----------------------------------------------------------------------------


def _fill(part: Path, package: Package, meter: Meter) -> None:
    folders: set[Path] = set()
    for kept in package.manifest.files:
        target = part / kept.name
        make_below(part, target.parent, folders)
        extract(package, kept, target, meter)
    if (part / DATABASE_NAME).exists():
        check_database(part / DATABASE_NAME)
    for folder in sorted({*folders, part}, reverse=True):
        sync_folder(folder)


def _is_table(kind: str, table: str, root: int) -> bool:
    return kind in ("table", "index") and table in _TABLES and bool(root)


def check_database(path: Path) -> None:
    """See that a database of unknown origin is whole and only holds tables of ours.

    Its hash was compared before: this is for one whose list was forged, too. Raises InputError.
    """
    fault = InputError("The database in this backup is damaged, or is not one of Interviewer's", hint=HINT)
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            db.execute("PRAGMA trusted_schema=OFF")
            parts = db.execute("SELECT type, tbl_name, rootpage, sql FROM sqlite_master").fetchall()
            # A trigger, a view or a virtual table of somebody else's would be run by what the program does later.
            if not all(_is_table(*part) or index.is_ours(sql) for *part, sql in parts):
                raise fault
            if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise fault
    except (sqlite3.Error, ValueError, OverflowError) as exc:
        raise fault from exc
