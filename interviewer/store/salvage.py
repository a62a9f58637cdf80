"""Reads what can still be read of a damaged database, row by row; only rows that make sense come out.

Also reads a whole one, of a backup say, whatever its revision: what a column lacked is put in.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interviewer.store import pages, untrusted
from interviewer.store.names import SAFE_ID
from interviewer.store.rows import to_attempt, to_session
from interviewer.store.tables import AttemptRow, RecipeRow, ScoreRow, SessionRow, TranscriptRow

Row = dict[str, Any]

TEXT, MAYBE_TEXT, INT, MAYBE_INT, REAL, MAYBE_REAL, TIME, MAYBE_TIME = range(8)
_OPTIONAL = (MAYBE_TEXT, MAYBE_INT, MAYBE_REAL, MAYBE_TIME)

COLUMNS: Mapping[str, Mapping[str, int]] = {
    "sessions": {
        "id": TEXT,
        "created": TIME,
        "finished": MAYBE_TIME,
        "bank_title": TEXT,
        "mode": TEXT,
        "question_ids": TEXT,
        "came": MAYBE_TIME,
    },
    "attempts": {
        "id": TEXT,
        "session_id": TEXT,
        "question_id": TEXT,
        "position": INT,
        "created": TIME,
        "follow_up": TEXT,
        "clip": MAYBE_TEXT,
        "sample_rate_hz": MAYBE_INT,
        "frames": MAYBE_INT,
        "gap_ms": MAYBE_INT,
        "asked": TEXT,
        "topic": TEXT,
        "note": TEXT,
        "starred": INT,
    },
    "transcripts": {
        "id": INT,
        "attempt_id": TEXT,
        "created": TIME,
        "engine": TEXT,
        "model": TEXT,
        "rough": INT,
        "text": TEXT,
        "words": TEXT,
        "speech": TEXT,
    },
    "scores": {
        "id": INT,
        "attempt_id": TEXT,
        "transcript_id": INT,
        "created": TIME,
        "value": REAL,
        "low": MAYBE_REAL,
        "high": MAYBE_REAL,
        "label": TEXT,
        "next_step": TEXT,
        "coverage_only": INT,
        "recipe": TEXT,
        "points": TEXT,
        "notes": TEXT,
        "delivery": MAYBE_TEXT,
    },
    "deleted_files": {"path": TEXT},
}
"""The tables as they are brought back: a score has the text of its recipe in place of its number."""

_FIRST = {table: next(iter(columns)) for table, columns in COLUMNS.items()}
"""What tells the rows of a table apart."""
_ON_DISK = {
    table: tuple("recipe_id" if name == "recipe" else name for name in columns) for table, columns in COLUMNS.items()
}
"""The columns in the order in which a row holds them, as the newest revision has them."""
_OLDER = {"sessions": {6}, "attempts": {10}}
"""So many values hold rows that were written before columns were put behind them, and stand like that in the file."""
_BLANK: Row = {"follow_up": "", "asked": "", "topic": "", "note": "", "starred": 0}
_MISSING: Row = {**_BLANK, "came": None, "low": None, "high": None, "next_step": "", "coverage_only": 0}
"""What columns that older revisions lack are filled with."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}")
_MOST_FAILURES = 5_000
"""Between two readable stretches of a table each number is tried; so many failures in a row take a second."""
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Reading:
    """What came of reading a database."""

    unreadable: set[str] = field(default_factory=set)
    """Tables of which some could not be read."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Rows, by table, that could be read and make no sense."""

    def drop(self, table: str) -> None:
        """Count a row that makes no sense."""
        self.dropped[table] = self.dropped.get(table, 0) + 1


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to read what is in the file itself, and never to change it. Raises sqlite3.Error."""
    # immutable: neither locks nor journals; nobody else uses it, and a journal was played already.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        db.text_factory = bytes  # damaged text ends the reading of a table otherwise
        # So that a file that was cut off opens at all.
        for pragma in ("writable_schema=ON", "trusted_schema=OFF", "cell_size_check=ON"):
            db.execute(f"PRAGMA {pragma}")
        yield db


def rows(path: Path, db: sqlite3.Connection, table: str, data: Path, reading: Reading) -> Iterator[Row]:
    """Yield every row of a table of `COLUMNS` that can be read and makes sense; `reading` notes the rest.

    `db` is the database `path`, opened. What SQLite cannot reach is looked for in the pages themselves.
    """
    recipes = _recipes(path, db, reading) if table == "scores" else {}
    seen = set()
    for raw in _read(db, table, reading):
        row = _sense(table, raw, recipes, data)
        if row is None:
            reading.drop(table)
        else:
            seen.add(row[_FIRST[table]])
            yield row
    if table in reading.unreadable:
        for raw in _loose(path, _ON_DISK[table], _OLDER.get(table, ())):
            row = _sense(table, raw, recipes, data)
            if row is not None and row[_FIRST[table]] not in seen:
                seen.add(row[_FIRST[table]])
                yield row


def _recipes(path: Path, db: sqlite3.Connection, reading: Reading) -> dict[object, object]:
    found = {row.get("id"): row.get("text") for row in _read(db, "recipes", reading)}
    if reading.unreadable & {"recipes", "scores"}:
        loose = {row["id"]: row["text"] for row in _loose(path, ("id", "text")) if isinstance(row["text"], bytes)}
        found = {**loose, **found}
    return found


def _loose(path: Path, names: tuple[str, ...], older: Collection[int] = ()) -> Iterator[Row]:
    """Yield what may be rows with these columns, or with as many of the first as `older` says, from the pages alone."""
    with suppress(OSError):
        for number, values in pages.records(path):
            if len(values) == len(names) or len(values) in older:
                row = dict(zip(names, values, strict=False))
                yield {**row, "id": number} if row.get("id", 0) is None else row


def _sense(table: str, raw: Row, recipes: dict[object, object], data: Path) -> Row | None:
    """Return a row with values of the right kinds, as the store would read it; None where it makes no sense."""
    if "recipe_id" in raw:
        raw = {**raw, "recipe": recipes.get(raw["recipe_id"], b"")}
    try:
        row = {name: _value({**_MISSING, **raw}[name], kind) for name, kind in COLUMNS[table].items()}
        _CHECKS[table](row, data)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return row


def _read(db: sqlite3.Connection, table: str, reading: Reading) -> Iterator[Row]:
    """Yield the rows of a table as they are: from its beginning, from its end, and then one by one between."""
    if not _is_table(db, table, reading):
        return
    low, high = 0, None
    select = f"SELECT rowid AS _rowid, * FROM {table} NOT INDEXED"  # noqa: S608 - our own names
    try:
        for number, row in _numbered(db.execute(f"{select} ORDER BY rowid")):
            if number <= low:
                raise sqlite3.DatabaseError("the order is lost")
            low = number
            yield row
        return
    except sqlite3.DatabaseError:
        reading.unreadable.add(table)
    try:
        for number, row in _numbered(db.execute(f"{select} WHERE rowid > ? ORDER BY rowid DESC", (low,))):
            if number <= low or (high is not None and number >= high):
                raise sqlite3.DatabaseError("the order is lost")
            high = number
            yield row
        return
    except sqlite3.DatabaseError:
        if low or high is not None:
            yield from _between(db, select, low, high)


def _between(db: sqlite3.Connection, select: str, low: int, high: int | None) -> Iterator[Row]:
    """Yield the rows numbered between `low` and `high` that can be read when they are asked for one by one."""
    wanted, failures = low, 0
    while failures < _MOST_FAILURES and (high is None or wanted + 1 < high):
        wanted, failures = wanted + 1, failures + 1
        with suppress(sqlite3.DatabaseError):
            for _, row in _numbered(db.execute(f"{select} WHERE rowid = ?", (wanted,))):
                failures = 0
                yield row


def _numbered(cursor: sqlite3.Cursor) -> Iterator[tuple[int, Row]]:
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield row[0], dict(zip(names, row, strict=True))


def _is_table(db: sqlite3.Connection, table: str, reading: Reading) -> bool:
    """Whether it is there, and a plain table, for a view could run for ever; one that is not is unreadable."""
    try:
        found = db.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ? AND rootpage > 0", (table,)
        ).fetchone()
    except sqlite3.DatabaseError:
        found = None
    if found is None:
        reading.unreadable.add(table)
    return found is not None


def _value(raw: Any, kind: int) -> Any:
    """Return a value of its kind. Raises ValueError for any other."""
    if raw is None and kind in _OPTIONAL:
        return None
    if kind in (INT, MAYBE_INT) and isinstance(raw, int):
        return raw
    if kind in (REAL, MAYBE_REAL) and isinstance(raw, int | float) and math.isfinite(raw):
        return float(raw)
    if kind in (TEXT, MAYBE_TEXT, TIME, MAYBE_TIME) and isinstance(raw, bytes | str):
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        if kind in (TIME, MAYBE_TIME) and not _TIME.fullmatch(text):
            raise ValueError("no time")
        return text
    raise ValueError("of another kind")


# --- whether a row makes sense: it is read as the store reads it ---------------------------------


def _when(text: str | None) -> datetime | None:
    return None if text is None else untrusted.moment(text)


def _timed(row: Row) -> Row:
    return {name: _when(value) if name in ("created", "finished", "came") else value for name, value in row.items()}


def _check_session(row: Row, _data: Path) -> None:
    session = to_session(SessionRow(**_timed(row)), ())
    if not SAFE_ID.fullmatch(session.id) or not all(isinstance(q, str) for q in session.question_ids):
        raise ValueError("no session of ours")


def _check_attempt(row: Row, data: Path) -> None:
    attempt = to_attempt(AttemptRow(**_timed(row)), None, None, data=data, words=True)
    clip = attempt.clip
    if not SAFE_ID.fullmatch(attempt.id) or not SAFE_ID.fullmatch(attempt.session_id) or attempt.position < 0:
        raise ValueError("no answer of ours")
    if clip is not None and (clip.sample_rate_hz <= 0 or clip.frames < 0):
        raise ValueError("no recording of ours")


def _check_transcript(row: Row, data: Path) -> None:
    to_attempt(_any_attempt(row), TranscriptRow(**_timed(row)), None, data=data, words=True)


def _check_score(row: Row, data: Path) -> None:
    fields = {name: value for name, value in _timed(row).items() if name != "recipe"}
    score = ScoreRow(**fields, recipe=RecipeRow(text=row["recipe"]))
    to_attempt(_any_attempt(row), None, score, data=data, words=True)


def _check_path(row: Row, _data: Path) -> None:
    if not row["path"]:
        raise ValueError("no path")


def _any_attempt(row: Row) -> AttemptRow:
    if not SAFE_ID.fullmatch(row["attempt_id"]):
        raise ValueError("of no answer of ours")
    return AttemptRow(
        **_BLANK, id=row["attempt_id"], session_id="", question_id="", position=0, created=_WHEN, clip=None
    )


_CHECKS = {
    "sessions": _check_session,
    "attempts": _check_attempt,
    "transcripts": _check_transcript,
    "scores": _check_score,
    "deleted_files": _check_path,
}
