"""Opens the store for the window: a damaged database is rebuilt, and recordings nobody knows of are found."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from interviewer.core import settings
from interviewer.core.errors import InputError, InterviewerError, StoreDamaged, StoreError
from interviewer.core.files import write_whole
from interviewer.core.models import Attempt
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.backup import Backup, default_folder, own_backups
from interviewer.store.copying import Meter
from interviewer.store.database import SqlStore
from interviewer.store.manifest import stamp_of
from interviewer.store.package import check, unpacked
from interviewer.store.rebuild import rebuild
from interviewer.store.recovery import recover
from interviewer.store.report import Report

log = logging.getLogger(__name__)

_NEWEST = 30
"""How many backups are tried at most; there are never more, and each is read."""

_QUICKLY = 2_000
"""So many answers are read in a fifth of a second. Of more each is looked at when it is shown; one that is damaged
then is remembered, and the database rebuilt at the next start."""


def _now() -> datetime:
    return datetime.now(UTC)


def _nobody(_found: tuple[Attempt, ...]) -> None:
    """Stand in for somebody who wants to know."""


def open_store(
    data: Path,
    *,
    told: Callable[[InterviewerError], None],
    found: Callable[[tuple[Attempt, ...]], None] | None = None,
    now: Callable[[], datetime] = _now,
) -> SqlStore:
    """Open the store in `data`; rebuild its database when it is damaged, or lost, and tell what came back.

    Recordings that no answer tells of are kept, too; `found` is called with their answers. For the
    window alone, which holds the lock of the folder: whatever is half-written there is from an
    earlier run that was killed. `told` and `found` are called on the thread of the caller. A database
    that is in use, cannot be read, or is that of a newer version or of another program is never
    rebuilt: StoreError, as when the disk is full.
    """
    data = Path(os.path.normpath(data.absolute()))
    recovered: list[Attempt] = []
    try:
        store = _opened(data, recovered)
    except StoreDamaged as error:
        log.warning("the database is damaged and will be rebuilt (%s)", type(error.__cause__ or error).__name__)
        moment = now()
        report = rebuild(data, _newest_whole(data), now=moment)
        recovered = [*report.recovered]
        store = _opened(data, recovered)
        told(report.told(_write(data, report, moment)))
    if recovered:
        log.info("recovered %d recordings", len(recovered))
    if found is not None:
        found(tuple(recovered))
    return store


def _opened(data: Path, recovered: list[Attempt]) -> SqlStore:
    store = SqlStore.open(data)
    try:
        _see_entries(store)
        recovered.extend(recover(store, data))
    except BaseException:
        store.close()
        raise
    return store


def _see_entries(store: SqlStore) -> None:
    """Read every entry where that is quick, or where one was found damaged. Raises StoreDamaged when one is."""
    doubted = store.is_doubted
    if doubted or store.count_attempts() <= _QUICKLY:
        store.sessions()
    if doubted:
        store.doubt(False)


def _newest_whole(data: Path) -> Backup | None:
    """Return the newest backup whose copy of the database is as it was written, and whole."""
    chosen = settings.load(data).settings.backup_folder
    found: list[Backup] = []
    for folder in {default_folder(data), *((Path(chosen),) if chosen else ())}:
        with suppress(StoreError):
            found.extend(own_backups(data, folder))
    newest_first = sorted(found, key=lambda backup: backup.created, reverse=True)[:_NEWEST]
    return next((backup for backup in newest_first if _is_whole(backup)), None)


def _is_whole(backup: Backup) -> bool:
    try:
        with unpacked(backup.path) as package:
            for kept in package.manifest.files:
                if kept.name == DATABASE_NAME:
                    check(package, kept, Meter(0, None))
                    return True
    except (InputError, OSError, sqlite3.Error) as exc:
        log.warning("the backup %s cannot be used (%s)", backup.path.name, type(exc).__name__)
    return False


def _write(data: Path, report: Report, moment: datetime) -> str:
    """Keep the report in the data folder and return its name. Never raises: the store is open again."""
    name = f"rebuilt-{stamp_of(moment)}.txt"
    try:
        write_whole(data / name, report.text().encode())
    except OSError:
        log.warning("the report of a rebuilt database could not be kept")
    return name
