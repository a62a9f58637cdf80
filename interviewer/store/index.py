"""The index of the history: a narrow row for each answer, and the words of all of them.

Everything here is made of the other tables and can be made anew from them at any time: it is after
each migration, and when a database is rebuilt. Whoever writes rows keeps it in step within the
same transaction. It is no part of the migrations for that reason, and no table of `tables.py`.

The words are an FTS5 index without texts of its own. What an answer's words were has to be told to
it when they go: that is what the view says of the text that `history.transcript_id` names, which
never changes, and of a note, which is changed here alone.
"""

# ruff: noqa: S608 - the names put into statements are those of our own tables and columns
from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_WORDS = "history_words"
NAMES = ("history", "history_texts", _WORDS)
"""The table, the view of the texts, and the index of their words."""
TABLES = frozenset({"history", *(f"history_words_{part}" for part in ("data", "idx", "config"))})
"""The plain tables of it; the last three are FTS5's."""

_MAKE = (
    """
    CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        attempt_id TEXT NOT NULL UNIQUE,
        session_id TEXT NOT NULL,
        question_id TEXT NOT NULL,
        created TEXT NOT NULL,
        bank TEXT NOT NULL,
        topic TEXT NOT NULL,
        starred INTEGER NOT NULL,
        seconds REAL,
        transcript_id INTEGER,
        engine TEXT,
        model TEXT,
        rough INTEGER,
        score_id INTEGER,
        value REAL,
        shown REAL
    )
    """,
    "CREATE INDEX ix_history_session_id ON history (session_id)",
    # What is counted by question is read from here alone.
    "CREATE INDEX ix_history_question_id ON history (question_id, engine, model, rough, seconds)",
    "CREATE INDEX ix_history_shown ON history (shown)",
    """
    CREATE VIEW history_texts AS
    SELECT history.id AS id, coalesce(transcripts.text, '') AS said, attempts.note AS note,
        trim(attempts.follow_up || ' ' || CASE attempts.asked WHEN '' THEN attempts.question_id ELSE attempts.asked END)
            AS asked
    FROM history
    JOIN attempts ON attempts.id = history.attempt_id
    LEFT JOIN transcripts ON transcripts.id = history.transcript_id
    """,
    """
    CREATE VIRTUAL TABLE history_words USING fts5(
        said, note, asked, content = 'history_texts', content_rowid = 'id', columnsize = 0,
        tokenize = "unicode61 remove_diacritics 2"
    )
    """,
)
"""`history.id` is when the answer was given, in seconds since 1970, or the next number that was free: words are found
in the order of these numbers, so that the newest answers need no sorting. `value` is the score that is kept, `shown`
the one that is shown, NULL where none is; `seconds` is the length of the recording, NULL where there is none."""

_MADE = frozenset(" ".join(statement.split()) for statement in _MAKE)

_COLUMNS = (
    "attempt_id, session_id, question_id, created, bank, topic, starred, seconds,"
    " transcript_id, engine, model, rough, score_id, value, shown"
)

_NEWEST = f"""
    WITH texts AS (
        SELECT attempts.*, sessions.bank_title,
            (SELECT max(id) FROM transcripts WHERE attempt_id = attempts.id) AS transcript_id
        FROM attempts JOIN sessions ON sessions.id = attempts.session_id
        {{where}}
    ), scored AS (
        SELECT texts.*, (SELECT max(id) FROM scores WHERE transcript_id = texts.transcript_id) AS score_id FROM texts
    ), listed AS (
        SELECT scored.id AS attempt_id, session_id, question_id, scored.created, bank_title AS bank, topic, starred,
            CASE WHEN clip IS NOT NULL THEN frames * 1.0 / sample_rate_hz END AS seconds, scored.transcript_id,
            transcripts.engine, transcripts.model, transcripts.rough, score_id,
            scores.value, CASE WHEN scores.coverage_only THEN NULL ELSE scores.value END AS shown
        FROM scored
        LEFT JOIN transcripts ON transcripts.id = scored.transcript_id
        LEFT JOIN scores ON scores.id = scored.score_id
    )
    INSERT INTO history (id, {_COLUMNS})
"""

_MOMENT = "coalesce(CAST(strftime('%s', created) AS INTEGER), 0)"

_ADD = _NEWEST.format(where="WHERE attempts.id = :attempt") + f"SELECT :number, {_COLUMNS} FROM listed"

_FILL = (
    _NEWEST.format(where="")
    + f"""
    SELECT place + max(moment - place) OVER (ORDER BY place), {_COLUMNS} FROM (
        SELECT *, row_number() OVER (ORDER BY created, attempt_id) AS place, {_MOMENT} AS moment FROM listed
    )
    """
)

_FREE = f"""
    SELECT CASE WHEN EXISTS (SELECT 1 FROM history WHERE id = moment) THEN (
        SELECT min(id) + 1 FROM history AS taken
        WHERE id >= moment AND NOT EXISTS (SELECT 1 FROM history WHERE id = taken.id + 1)
    ) ELSE moment END
    FROM (SELECT {_MOMENT} AS moment FROM attempts WHERE id = :attempt)
"""

_PUT_WORDS = "INSERT INTO history_words (rowid, said, note, asked) SELECT id, said, note, asked FROM history_texts"
_TAKE_WORDS = (
    "INSERT INTO history_words (history_words, rowid, said, note, asked)"
    " SELECT 'delete', id, said, note, asked FROM history_texts"
)

_SCORED = """
    UPDATE history SET (score_id, value, shown) = (
        SELECT id, value, CASE WHEN coverage_only THEN NULL ELSE value END
        FROM scores WHERE transcript_id = history.transcript_id ORDER BY id DESC LIMIT 1
    ) WHERE attempt_id = ?
"""


def is_there(db: sqlite3.Connection) -> bool:
    """Whether a database has an index of the history, made as it is made here."""
    found = {" ".join(sql.split()) for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    return found.issuperset(_MADE)


def is_ours(sql: str | None) -> bool:
    """Whether this is word for word how a part of the index is made, for a database that may be anybody's."""
    return sql is not None and " ".join(sql.split()) in _MADE


def is_its_own(fault: BaseException | None) -> bool:
    """Whether a question to the index failed because of the index itself: damaged within, or another than ours."""
    return getattr(fault, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT_VTAB, sqlite3.SQLITE_ERROR)


def drop(db: sqlite3.Connection) -> None:
    """Take the index away, as far as there is one."""
    kinds = dict(db.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"))
    for name in reversed(NAMES):
        if name in kinds:
            try:
                db.execute(f"DROP {kinds[name]} {name}")
            except sqlite3.DatabaseError:
                if name != _WORDS:
                    raise
                _tear_out(db)


def _tear_out(db: sqlite3.Connection) -> None:
    """Take away an index of words that is too damaged for FTS5 to do it."""
    for name in sorted(TABLES - {"history"}):
        db.execute(f"DROP TABLE IF EXISTS {name}")
    db.execute("PRAGMA writable_schema = ON")
    try:
        # It has no pages of its own.
        db.execute("DELETE FROM sqlite_master WHERE name = ?", (_WORDS,))
    finally:
        db.execute("PRAGMA writable_schema = RESET")


def make_anew(db: sqlite3.Connection) -> None:
    """Make the index of what is in the other tables, in place of the one that is there.

    100,000 answers take some 15 seconds. Raises sqlite3.Error.
    """
    drop(db)
    for statement in _MAKE:
        db.execute(statement)
    db.execute(_FILL)
    db.execute("INSERT INTO history_words (history_words) VALUES ('rebuild')")


def add(db: sqlite3.Connection, attempt_id: str) -> None:
    """List an answer that was just kept."""
    take_out(db, (attempt_id,))  # the row of before may have been lost, and this be its recording
    (number,) = db.execute(_FREE, {"attempt": attempt_id}).fetchone()
    _put(db, attempt_id, number)


@contextmanager
def in_step(db: sqlite3.Connection, attempt_id: str) -> Iterator[None]:
    """Keep the index in step with what is changed of an answer, or of its text, in the meantime.

    Nothing happens for an answer that is not listed.
    """
    found = db.execute("SELECT id FROM history WHERE attempt_id = ?", (attempt_id,)).fetchone()
    if found is None:
        yield
        return
    take_out(db, (attempt_id,))
    yield
    _put(db, attempt_id, found[0])


def follow_score(db: sqlite3.Connection, attempt_id: str) -> None:
    """List the newest score of an answer."""
    db.execute(_SCORED, (attempt_id,))


def follow_star(db: sqlite3.Connection, attempt_id: str) -> None:
    """List whether an answer has a star."""
    sql = "UPDATE history SET starred = (SELECT starred FROM attempts WHERE id = attempt_id) WHERE attempt_id = ?"
    db.execute(sql, (attempt_id,))


def take_out(db: sqlite3.Connection, attempt_ids: Sequence[str]) -> None:
    """Take answers out of the index, while their rows are there; their words stay in the file until `forget`."""
    marks = ", ".join("?" * len(attempt_ids))
    listed = f"(SELECT id FROM history WHERE attempt_id IN ({marks}))"
    db.execute(f"{_TAKE_WORDS} WHERE id IN {listed}", tuple(attempt_ids))
    db.execute(f"DELETE FROM history WHERE attempt_id IN ({marks})", tuple(attempt_ids))


def forget(db: sqlite3.Connection) -> None:
    """See that no word is left in the file of what was taken out.

    FTS5 notes that something is gone and drops it when parts of the index are put together: all of
    them here. 100,000 answers take two seconds.
    """
    db.execute("INSERT INTO history_words (history_words) VALUES ('optimize')")


def _put(db: sqlite3.Connection, attempt_id: str, number: int) -> None:
    db.execute(_ADD, {"attempt": attempt_id, "number": number})
    db.execute(f"{_PUT_WORDS} WHERE id = ?", (number,))
