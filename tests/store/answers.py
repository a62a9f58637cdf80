"""Answers to be found: how some are kept in a store, looked for in it, and held against its index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from interviewer.core.models import Attempt
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.search import Query
from interviewer.store import index
from interviewer.store.database import SqlStore
from tests.store.values import score, transcript

NOTE = "Zitronenfalter"
"""A word with a beginning that no other one has: an index keeps only where words differ from the one before."""


def keep(
    store: SqlStore, attempt: Attempt, text: str = "", value: float | None = None, engine: str = "whisper"
) -> None:
    store.add_attempt(attempt)
    if text:
        store.add_transcript(attempt.id, replace(transcript(text), engine=engine))
    if value is not None:
        store.add_score(attempt.id, score(value), None)


def found(store: SqlStore, **fields: object) -> str:
    """Return the ids of the answers that fit, in their order, as one word."""
    return "".join(row.attempt_id for row in store.listed(store.find_answers(Query(**fields)).ids))


def words(path: Path) -> bytes:
    return (path / DATABASE_NAME).read_bytes()


def ask(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / DATABASE_NAME)) as db, db:
        return db.execute(sql).fetchall()


def agrees(data: Path) -> bool:
    """Whether the index holds what one that is made anew would hold, and no word more or less."""
    with closing(sqlite3.connect(data / DATABASE_NAME, isolation_level=None)) as db:
        db.execute("INSERT INTO history_words (history_words, rank) VALUES ('integrity-check', 1)")
        rows = "SELECT * FROM history ORDER BY attempt_id"
        before = [row[1:] for row in db.execute(rows)]
        db.execute("BEGIN")
        index.make_anew(db)
        return before == [row[1:] for row in db.execute(rows)]
