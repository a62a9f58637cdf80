"""Deletes answers and interviews: their rows in one transaction, their files after it.

The transaction is the moment of deletion, and it notes in `deleted_files` what is to go from the
disk. A program killed before it has deleted nothing; one killed after it finds the notes when the
store is opened again, before anybody looks for recordings, and goes on. A note goes once its file is
gone. Doing it the other way round, files first, would need a way back for a transaction that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Transaction

from interviewer.core.errors import InputError, StoreError
from interviewer.core.files import sync_folder
from interviewer.core.removal import Removed
from interviewer.store import index
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID, SUFFIXES, answer_of, inside, is_ours
from interviewer.store.schema import driver_of
from interviewer.store.tables import (
    AttemptRow,
    Base,
    DeletedFileRow,
    RecipeRow,
    ScoreRow,
    SessionRow,
    TranscriptRow,
)

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Ids in one statement; SQLite takes 32,766, its older versions 999."""

Row = TypeVar("Row", bound=Base)


def take_attempts(db: Transaction, data: Path, ids: Iterable[str]) -> Removed:
    """Take answers out, and note their files.

    Raises InputError when one is unknown, StoreError when their recordings are out of reach.
    """
    rows = _rows(db, AttemptRow, AttemptRow.id, ids)
    _known("answer", ids, [row.id for row in rows])
    _see_recordings(data, rows)
    _note(db, [name for row in rows for name in _files_of_attempt(data, row)])
    _take_rows(db, [row.id for row in rows])
    return Removed(attempts=tuple(row.id for row in rows))


def take_sessions(db: Transaction, data: Path, ids: Iterable[str]) -> Removed:
    """Take interviews out with their answers, and note their files and folders.

    Raises InputError for an unknown id, StoreError when their recordings are out of reach.
    """
    rows = _rows(db, SessionRow, SessionRow.id, ids)
    _known("interview", ids, [row.id for row in rows])
    attempts = _rows(db, AttemptRow, AttemptRow.session_id, [row.id for row in rows])
    _see_recordings(data, attempts)
    _note(db, [name for row in rows for name in _files_of_session(data, row.id)])
    _take_rows(db, [row.id for row in attempts])
    for some in _chunks([row.id for row in rows]):
        db.execute(delete(SessionRow).where(SessionRow.id.in_(some)))
    return Removed(sessions=tuple(row.id for row in rows), attempts=tuple(row.id for row in attempts))


def noted(db: Transaction) -> list[str]:
    """Return what is to go from the disk, files before their folders."""
    return sorted(db.scalars(select(DeletedFileRow.path)), key=lambda name: (-name.count("/"), name))


def remove_noted(db: Transaction, data: Path, names: Sequence[str], done: Callable[[str, int], None]) -> list[str]:
    """Remove files and folders that are noted, and the notes of those that are gone.

    `done` hears of each file that was there and of its size. Returns what cannot be removed; its note stays.
    What belongs to an answer or interview that is there again is left alone; a folder with something in it
    that is not ours cannot be removed. While the disk of the recordings is away every note stays. Never
    raises OSError.
    """
    if _leads_nowhere(data / RECORDINGS_NAME):
        return [*names]
    left, folders, kept = [], set(), _kept(db, names)
    for name in names:
        path = None if name in kept else inside(data, name)
        if path is None:
            continue
        try:
            size_bytes = _remove(path)
        except OSError as exc:
            log.warning("a deleted file cannot be removed yet: %s", exc.strerror)
            left.append(name)
            continue
        folders.add(path.parent)
        if size_bytes is not None:
            done(name, size_bytes)
    for folder in folders:
        sync_folder(folder)
    for some in _chunks(sorted({*names} - {*left})):
        db.execute(delete(DeletedFileRow).where(DeletedFileRow.path.in_(some)))
    return left


def shrink(engine: Engine) -> None:
    """Rewrite the database without what was deleted from it. Raises what sqlite3 raises, for want of space too."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        # Otherwise the whole database stands in the folder for temporary files for a moment.
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("VACUUM")
        cursor.close()
    finally:
        raw.close()


def _rows(db: Transaction, kind: type[Row], column: InstrumentedAttribute[str], ids: Iterable[str]) -> list[Row]:
    return [row for some in _chunks(dict.fromkeys(ids)) for row in db.scalars(select(kind).where(column.in_(some)))]


def _chunks(names: Iterable[str]) -> Iterator[list[str]]:
    left = iter(names)
    while some := [*islice(left, _AT_ONCE)]:
        yield some


def _known(what: str, wanted: Iterable[str], found: Iterable[str]) -> None:
    unknown = [*dict.fromkeys(wanted).keys() - {*found}]
    if unknown:
        hint = "Nothing was deleted; see `interviewer sessions list` for what there is."
        raise InputError(f"There is no {what} {min(unknown)!r}", hint=hint)


def _see_recordings(data: Path, attempts: Iterable[AttemptRow]) -> None:
    """See that the recordings of answers can be removed. Raises StoreError when their disk seems to be away.

    The rows would go and the sound stay for ever: only what can be seen is noted. Where somebody removed
    a single recording nothing is in the way.
    """
    folder = data / RECORDINGS_NAME
    named = {row.session_id for row in attempts if row.clip is not None and SAFE_ID.fullmatch(row.session_id)}
    fault = f"The recordings in {folder} cannot be reached"
    hint = "Nothing was deleted. Connect the disk that they are on, then delete again."
    try:
        if _leads_nowhere(folder):
            raise StoreError(fault, hint=hint)
        missing = sorted(name for name in named if not _is_there(folder / name))
        if missing and _may_lack_its_disk(folder):
            hint += f" If you removed them yourself, make an empty folder {folder / missing[0]} before."
            raise StoreError(fault, hint=hint)
    except OSError as exc:
        raise StoreError(f"{fault} ({exc.strerror})", hint=hint) from exc


def _may_lack_its_disk(folder: Path) -> bool:
    # The place where a disk is mounted is an empty folder like any other without it.
    return folder.is_symlink() or folder.is_mount() or (folder.is_dir() and not any(folder.iterdir()))


def _leads_nowhere(folder: Path) -> bool:
    return folder.is_symlink() and not folder.exists()


def _take_rows(db: Transaction, attempt_ids: Sequence[str]) -> None:
    """Delete answers with their scores and texts, and the recipes that no score names any more."""
    driver = driver_of(db.connection())
    for some in _chunks(attempt_ids):
        index.take_out(driver, some)
        # In the order of who refers to whom.
        db.execute(delete(ScoreRow).where(ScoreRow.attempt_id.in_(some)))
        db.execute(delete(TranscriptRow).where(TranscriptRow.attempt_id.in_(some)))
        db.execute(delete(AttemptRow).where(AttemptRow.id.in_(some)))
    db.execute(delete(RecipeRow).where(RecipeRow.id.not_in(select(ScoreRow.recipe_id))))
    if attempt_ids:
        index.forget(driver)


def _note(db: Transaction, names: Iterable[str]) -> None:
    # One may be noted since an earlier deletion.
    note = insert(DeletedFileRow).prefix_with("OR IGNORE")
    for some in _chunks(dict.fromkeys(names)):
        db.execute(note, [{"path": name} for name in some])


def _files_of_attempt(data: Path, row: AttemptRow) -> Iterator[str]:
    """Yield the files of an answer that are there: its recording by the row, and all that are called after it."""
    folder = f"{RECORDINGS_NAME}/{row.session_id}"
    names = [f"{folder}/{row.id}{suffix}" for suffix in SUFFIXES]
    # A row may name anything; only a sound file in the folder of its own interview is its recording.
    if row.clip is not None and answer_of(PurePosixPath(row.clip).name) and row.clip.rpartition("/")[0] == folder:
        names.append(row.clip)
    for name in names:
        path = inside(data, name)
        if path is not None and _is_there(path):
            yield name


def _files_of_session(data: Path, session_id: str) -> Iterator[str]:
    """Yield every file of ours in the folder of an interview, and the folder."""
    name = f"{RECORDINGS_NAME}/{session_id}"
    folder = inside(data, name) if SAFE_ID.fullmatch(session_id) else None
    if folder is None or not _is_there(folder):
        return
    if folder.is_dir() and not folder.is_symlink():
        yield from (f"{name}/{path.name}" for path in sorted(folder.iterdir()) if is_ours(path.name))
    yield name


def _kept(db: Transaction, names: Iterable[str]) -> set[str]:
    """Return those of the files and folders that belong to an answer or an interview that is kept."""
    found: set[str] = set()
    for some in _chunks(names):
        parts = {name: PurePosixPath(name).parts for name in some}
        answers = {name: answer_of(own[-1]) for name, own in parts.items() if len(own) == 3}
        of_session = {name: own[1] for name, own in parts.items() if len(own) > 1 and not answers.get(name)}
        sessions = _there(db, SessionRow.id, of_session.values())
        attempts = _there(db, AttemptRow.id, filter(None, answers.values()))
        found |= {name for name, session in of_session.items() if session in sessions}
        found |= {name for name, answer in answers.items() if answer in attempts}
        found |= _there(db, AttemptRow.clip, some)
    return found


def _there(db: Transaction, column: InstrumentedAttribute[Any], values: Iterable[str]) -> set[str]:
    return {*db.scalars(select(column).where(column.in_({*values})))}


def _is_there(path: Path) -> bool:
    # A link counts, wherever it leads: it is the link itself that is removed.
    return path.is_symlink() or path.exists()


def _remove(path: Path) -> int | None:
    """Remove a file, a link or an empty folder and return its size; None when nothing was there to remove."""
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
        return None
    try:
        size_bytes = path.lstat().st_size
        path.unlink()
    except FileNotFoundError:
        return None
    return size_bytes
