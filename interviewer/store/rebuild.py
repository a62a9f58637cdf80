"""Makes a new database of what is left when the old one is damaged, and puts it in its place.

Rows come from the damaged file, as far as they can be read and make sense; those of tables that could
not be read whole also from the newest backup whose database is whole. Sessions that neither knows come
from the file beside their recordings, or from the names of the recordings alone; recordings that no
row tells of are kept as answers without text.

The new database is made beside the old one and renamed over it. Before that the damaged file gets a
second name, so that a program killed at any moment leaves under `interviewer.db` either the damaged
file, which is found and rebuilt at the next start, or the complete new one.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from interviewer.core.files import put_in_place, sync_folder
from interviewer.core.models import Attempt, Mode, Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.store import index, merging, sidecar
from interviewer.store.backup import Backup
from interviewer.store.connection import connect, damaged, told
from interviewer.store.database import BUSY_S, SqlStore
from interviewer.store.disk import sync_file
from interviewer.store.leftovers import Leftovers
from interviewer.store.manifest import stamp_of
from interviewer.store.recovery import recover
from interviewer.store.report import Report
from interviewer.store.salvage import COLUMNS, Reading, opened, rows
from interviewer.store.schema import upgrade

log = logging.getLogger(__name__)

PART_NAME = f"{DATABASE_NAME}.rebuilding"
RECOVERED_TITLE = "Recovered interview"
"""Of a session of which only recordings or answers are left."""

_ANSWER = re.compile(r"(.+)-(\d{2,4})-\d{4,}")
"""As `core.flow` names answers: the session, the number of the question from 1, the turn."""
_MOST_QUESTIONS = 2000


def rebuild(data: Path, newest: Backup | None, *, now: datetime) -> Report:
    """Put a new database in the place of the damaged one in `data`, and return what came back.

    `newest` is the backup to take rows from, None where there is none. The damaged file is kept as
    `interviewer.db.damaged-<stamp>`. Raises StoreError when that cannot be done, because the disk is
    full say: then the damaged one is where it was.
    """
    path, part = data / DATABASE_NAME, data / PART_NAME
    with told(part):
        _clear(part)
        engine = connect(part, busy_s=BUSY_S)
        try:
            upgrade(engine, part)
        finally:
            engine.dispose()
        try:
            report = _Making(data, part, newest, now).make()
            sync_file(part)
        except BaseException:
            _clear(part)
            raise
    with told(path):
        aside = _set_aside(path, stamp_of(now))
        put_in_place(part, path)
    return replace(report, aside="" if aside is None else aside.name)


def _clear(part: Path) -> None:
    for name in (part, part.with_name(f"{part.name}-journal")):
        name.unlink(missing_ok=True)


def _set_aside(path: Path, stamp: str) -> Path | None:
    """Give the damaged database, and its journal, another name; it keeps its own until it is replaced."""
    if not path.exists():
        return None
    before = sorted(path.parent.glob(f"{path.name}.damaged-*"))
    aside = next((p for p in before if p.samefile(path)), None)
    if aside is None:
        names = (f"{path.name}.damaged-{stamp}{end}" for end in ("", *(f"-{n}" for n in range(2, 1000))))
        aside = next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))
        _name_again(path, aside)
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        # A journal of the damaged one must never be played into the new one.
        journal.replace(aside.with_name(f"{aside.name}-journal"))
    sync_folder(path.parent)
    return aside


def _name_again(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except OSError:
        # A disk without hard links: the copy has its name only once it is whole.
        copy = aside.with_name(f"{aside.name}.part")
        shutil.copyfile(path, copy)
        sync_file(copy)
        put_in_place(copy, aside)


class _Making:
    """One new database while it is made."""

    def __init__(self, data: Path, part: Path, newest: Backup | None, now: datetime) -> None:
        self._data, self._part, self._newest, self._now = data, part, newest, now
        self._reading = Reading()
        self._left = Leftovers(data, newest)
        self._beside = self._named = 0

    def make(self) -> Report:
        """Fill it, and return what is in it. Raises StoreError, sqlite3.Error, OSError."""
        with closing(sqlite3.connect(self._part, isolation_level=None)) as db:
            db.execute("PRAGMA foreign_keys=ON")
            merging.prepare(db)
            self._transaction(db, self._collect)
            counted = {table: self._from_backup(db, table) for table in COLUMNS}
            self._transaction(db, self._place_sessions)
            recovered = self._recover()
            self._transaction(db, self._place_texts)
            self._check(db)
            totals = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in COLUMNS}  # noqa: S608
            wordless = db.execute(
                "SELECT count(*) FROM attempts WHERE clip IS NULL AND id NOT IN (SELECT attempt_id FROM transcripts)"
            ).fetchone()[0]
        return Report(
            made=self._now,
            totals=totals,
            from_backup=counted,
            backup=self._newest,
            sidecars=self._beside,
            named=self._named,
            recovered=recovered,
            unreadable=tuple(sorted(self._reading.unreadable)),
            dropped=sum(self._reading.dropped.values()),
            deleted=self._left.left_out,
            wordless=wordless,
        )

    @staticmethod
    def _transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> None:
        db.execute("BEGIN IMMEDIATE")
        work(db)
        db.execute("COMMIT")

    # --- rows -------------------------------------------------------------------------------

    def _collect(self, db: sqlite3.Connection) -> None:
        path = self._data / DATABASE_NAME
        try:
            if path.exists():
                with opened(path) as old:
                    for table in COLUMNS:
                        merging.collect(db, table, merging.DAMAGED, rows(path, old, table, self._data, self._reading))
            else:
                self._reading.unreadable.update(COLUMNS)
        except sqlite3.Error:
            # What makes no database at all: everything has to come from elsewhere.
            self._reading.unreadable.update(COLUMNS)
        if self._newest is None:
            return
        for table in ("sessions", "attempts"):
            if not self._lacks_rows(table):
                self._left.knows(table, merging.collected(db, table))
        whole = self._newest.path / DATABASE_NAME
        with opened(whole) as copy:
            for table in COLUMNS:
                if self._lacks_rows(table):
                    found = rows(whole, copy, table, self._data, Reading())
                    merging.collect(db, table, merging.BACKUP, self._left.still_wanted(table, found))

    def _lacks_rows(self, table: str) -> bool:
        """Whether the damaged database may have held rows of a table that did not come out of it."""
        return table in self._reading.unreadable or bool(self._reading.dropped.get(table))

    def _from_backup(self, db: sqlite3.Connection, table: str) -> int:
        """Return how many rows only the backup has."""
        of = f"FROM found_{table} WHERE source ="
        sql = f"SELECT count(*) {of} ? AND digest NOT IN (SELECT digest {of} ?)"
        return int(db.execute(sql, (merging.BACKUP, merging.DAMAGED)).fetchone()[0])

    def _place_sessions(self, db: sqlite3.Connection) -> None:
        merging.merge_deleted(db)
        merging.merge_sessions(db)
        known = {name for (name,) in db.execute("SELECT id FROM sessions")}
        wanted = self._wanted(db)
        for session_id in sorted(wanted.keys() - known):
            session = sidecar.read(self._data, session_id)
            if session is not None:
                self._beside += 1
            else:
                session = self._guessed(session_id, wanted[session_id])
                self._named += 1
            merging.add_session(db, session)
        merging.merge_attempts(db)

    def _wanted(self, db: sqlite3.Connection) -> dict[str, dict[int, str]]:
        """Return the sessions that anything tells of: for each, what is known of its questions, by position."""
        wanted: dict[str, dict[int, str]] = {}
        for session_id, position, question in db.execute(
            "SELECT session_id, position, question_id FROM found_attempts"
        ):
            if position < _MOST_QUESTIONS:
                wanted.setdefault(session_id, {})[position] = question
        for name in (*_answers_without_row(db), *self._left.answers_on_disk(db)):
            session_id, position = split(name)
            if session_id:
                wanted.setdefault(session_id, {}).setdefault(position, "")
        for session_id in self._left.sessions_on_disk(db):
            if sidecar.read(self._data, session_id) is not None:
                wanted.setdefault(session_id, {})
        return wanted

    def _guessed(self, session_id: str, questions: dict[int, str]) -> Session:
        count = max(questions, default=-1) + 1
        ids = tuple(questions.get(n) or f"question-{n + 1}" for n in range(count))
        return Session(session_id, self._left.begun(session_id, self._now), RECOVERED_TITLE, Mode.PRACTICE, ids)

    def _recover(self) -> tuple[Attempt, ...]:
        store = SqlStore(self._data, connect(self._part, busy_s=BUSY_S), lambda: self._now)
        with closing(store):
            return recover(store, self._data)

    def _place_texts(self, db: sqlite3.Connection) -> None:
        sessions = dict(db.execute("SELECT id, question_ids FROM sessions"))
        for name in sorted(_answers_without_row(db)):
            session_id, position = split(name)
            if session_id in sessions:
                ids = json.loads(sessions[session_id])
                question = ids[position] if position < len(ids) else f"question-{position + 1}"
                merging.add_attempt(db, name, session_id, position, question)
        merging.merge_texts(db)
        merging.merge_scores(db)
        index.make_anew(db)

    def _check(self, db: sqlite3.Connection) -> None:
        """See that it is whole, and that the store can read it."""
        whole = db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        if not whole or db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise damaged(self._part)
        with closing(SqlStore(self._data, connect(self._part, busy_s=BUSY_S), lambda: self._now)) as store:
            store.sessions()


def split(answer_id: str) -> tuple[str, int]:
    """Return the session that an answer belongs to by its name, and its position; "" where it has no such name."""
    found = _ANSWER.fullmatch(answer_id)
    if found is None or not 0 < int(found[2]) <= _MOST_QUESTIONS:
        return "", 0
    return found[1], int(found[2]) - 1


def _answers_without_row(db: sqlite3.Connection) -> set[str]:
    """Return the answers of which a text is left, but no row: typed ones exist nowhere else."""
    sql = """
        SELECT DISTINCT attempt_id FROM found_transcripts
        WHERE attempt_id NOT IN (SELECT id FROM attempts UNION ALL SELECT id FROM found_attempts)
    """
    return {name for (name,) in db.execute(sql)}
