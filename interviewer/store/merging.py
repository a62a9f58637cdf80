"""Puts the rows of a damaged database and of a backup together in a new one, so that every reference holds.

Rows are collected in temporary tables, which SQLite keeps on the disk when they are many. What both
have is taken once, from the damaged database, which is newer. Texts and scores get new numbers in the
order in which they were made, because the highest number counts.
"""

# ruff: noqa: S608 - the names put into statements are those of our own tables and columns
from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator

from interviewer.core.models import Session
from interviewer.store.rows import session_row, stored
from interviewer.store.salvage import COLUMNS, Row

BACKUP, DAMAGED = 0, 1
"""Where a row is from; the higher number is newer."""

_BATCH = 500


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables that rows are collected in. Raises sqlite3.Error."""
    db.execute("PRAGMA temp_store=FILE")
    for table, columns in COLUMNS.items():
        names = ", ".join(["source", *columns, "digest"])
        db.execute(f"CREATE TEMP TABLE found_{table} ({names})")
        first = next(iter(columns))
        db.execute(f"CREATE INDEX temp.ix_{table} ON found_{table} ({first}, source)")


def collect(db: sqlite3.Connection, table: str, source: int, rows: Iterable[Row]) -> None:
    """Collect the rows of a table. Raises sqlite3.Error."""
    columns = COLUMNS[table]
    marks = ", ".join("?" * (len(columns) + 2))
    for batch in _batches(rows):
        values = [(source, *(row[name] for name in columns), _digest(row)) for row in batch]
        db.executemany(f"INSERT INTO found_{table} VALUES ({marks})", values)


def collected(db: sqlite3.Connection, table: str) -> frozenset[str]:
    """Return the ids that were collected of sessions or attempts so far. Raises sqlite3.Error."""
    return frozenset(name for (name,) in db.execute(f"SELECT id FROM found_{table}"))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _digest(row: Row) -> bytes:
    """Return what tells two rows apart: everything but their numbers, which a rebuilt database gives anew."""
    values = [value for name, value in row.items() if name not in ("id", "transcript_id") or isinstance(value, str)]
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).digest()


def merge_sessions(db: sqlite3.Connection) -> None:
    """Keep each session once; when it ended, where only one of both knows it."""
    names = ", ".join(COLUMNS["sessions"])
    db.execute(f"""
        INSERT INTO sessions ({names})
        SELECT {names} FROM found_sessions AS f
        WHERE source = (SELECT max(source) FROM found_sessions WHERE id = f.id) GROUP BY id
    """)
    db.execute("""
        UPDATE sessions SET finished = (SELECT max(finished) FROM found_sessions WHERE id = sessions.id)
        WHERE finished IS NULL
    """)


def add_session(db: sqlite3.Connection, session: Session) -> None:
    """Keep a session that no row told of."""
    row = session_row(session)
    came = None if row.came is None else stored(row.came)
    values = (row.id, stored(row.created), None, row.bank_title, row.mode, row.question_ids, came)
    db.execute(f"INSERT INTO sessions ({', '.join(COLUMNS['sessions'])}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)


def merge_attempts(db: sqlite3.Connection) -> None:
    """Keep each answer once, with the recording that the newer row names; its session must be there."""
    names = ", ".join(COLUMNS["attempts"])
    db.execute(f"""
        INSERT INTO attempts ({names})
        SELECT {names} FROM found_attempts AS f
        WHERE source = (SELECT max(source) FROM found_attempts WHERE id = f.id)
            AND session_id IN (SELECT id FROM sessions)
        GROUP BY id
    """)


def add_attempt(db: sqlite3.Connection, attempt_id: str, session_id: str, position: int, question_id: str) -> None:
    """Keep an answer of which only texts are left; it was given, as far as known, when the first was kept."""
    db.execute(
        """
        INSERT INTO attempts (id, session_id, question_id, position, created, follow_up)
        SELECT ?, ?, ?, ?, min(created), '' FROM found_transcripts WHERE attempt_id = ?
        """,
        (attempt_id, session_id, question_id, position, attempt_id),
    )


def merge_texts(db: sqlite3.Connection) -> None:
    """Keep each text of an answer that is there once, numbered in the order in which they were made."""
    _number(db, "transcripts", "SELECT * FROM found_transcripts WHERE attempt_id IN (SELECT id FROM attempts)")
    _insert(db, "transcripts")


def merge_scores(db: sqlite3.Connection) -> None:
    """Keep each score once whose text is there, with its recipe."""
    db.execute("INSERT OR IGNORE INTO recipes (text) SELECT DISTINCT recipe FROM found_scores")
    # The text of a score may be readable in the backup alone: before a repair the numbers are the same.
    db.execute("""
        CREATE TEMP TABLE placed_scores AS
        SELECT f.*, t.number AS text_number FROM found_scores AS f
        JOIN numbered_transcripts AS t ON t.id = f.transcript_id
            AND t.source = (SELECT max(source) FROM numbered_transcripts WHERE id = t.id AND source <= f.source)
        JOIN transcripts ON transcripts.id = t.number AND transcripts.attempt_id = f.attempt_id
    """)
    db.execute("UPDATE placed_scores SET digest = digest || CAST(text_number AS BLOB)")
    _number(db, "scores", "SELECT * FROM placed_scores")
    columns = [name for name in COLUMNS["scores"] if name not in ("id", "transcript_id", "recipe")]
    db.execute(f"""
        INSERT INTO scores (id, transcript_id, recipe_id, {", ".join(columns)})
        SELECT n.number, f.text_number, recipes.id, {", ".join(f"f.{name}" for name in columns)}
        FROM numbered_scores AS n
        JOIN placed_scores AS f ON f.source = n.source AND f.id = n.id
        JOIN recipes ON recipes.text = f.recipe
        GROUP BY n.number
    """)


def merge_deleted(db: sqlite3.Connection) -> None:
    """Keep what the damaged database knew of files that were still to be removed; a backup's are done with."""
    db.execute("INSERT OR IGNORE INTO deleted_files (path) SELECT path FROM found_deleted_files WHERE source = ?", (1,))


def _number(db: sqlite3.Connection, table: str, found: str) -> None:
    """Give each different row of a table a number. Within one source the order of the old numbers stays."""
    db.execute(f"""
        CREATE TEMP TABLE numbered_{table} AS
        WITH ordered AS (
            SELECT source, id, digest, max(created) OVER (PARTITION BY source ORDER BY id) AS turn FROM ({found})
        ), distinct_rows AS (
            SELECT digest, row_number() OVER (ORDER BY min(turn), min(id)) AS number FROM ordered GROUP BY digest
        )
        SELECT source, id, number FROM ordered JOIN distinct_rows USING (digest)
    """)
    db.execute(f"CREATE INDEX temp.ix_numbered_{table} ON numbered_{table} (id, source)")


def _insert(db: sqlite3.Connection, table: str) -> None:
    columns = [name for name in COLUMNS[table] if name != "id"]
    db.execute(f"""
        INSERT INTO {table} (id, {", ".join(columns)})
        SELECT n.number, {", ".join(f"f.{name}" for name in columns)}
        FROM numbered_{table} AS n JOIN found_{table} AS f ON f.source = n.source AND f.id = n.id
        GROUP BY n.number
    """)
