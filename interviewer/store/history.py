"""Reads the history: which answers fit a query, and a page of them at a time.

What fits is answered as numbers alone, all of them at once: a list of 100,000 answers is 0.8 MB, each
page of it is read when somebody looks at it, and it stays the list that was asked for when more is
kept meanwhile.
"""

# ruff: noqa: S608 - the names put into statements are those of our own tables and columns
from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from interviewer.core.models import Mode, Score
from interviewer.core.search import (
    PAGE_ROWS,
    Choices,
    Excerpt,
    Found,
    Lines,
    Listed,
    Query,
    SessionLine,
    Sort,
    excerpt,
    expression,
)
from interviewer.store import untrusted
from interviewer.store.reading import Reader, heals
from interviewer.store.rows import stored
from interviewer.store.schema import driver_of

T = TypeVar("T")

_ORDERS: Mapping[Sort, str] = {
    Sort.BEST: "history.shown DESC, history.id DESC",
    Sort.WORST: "history.shown IS NULL, history.shown, history.id DESC",
    Sort.QUESTION: "history.question_id, history.id DESC",
}

_BY_NUMBER = (Sort.NEWEST, Sort.OLDEST)
"""Orders of the numbers themselves."""

_ROWS = """
    SELECT history.id, attempts.id, attempts.session_id, attempts.question_id, attempts.created, sessions.bank_title,
        attempts.topic, attempts.asked, attempts.follow_up, attempts.clip, attempts.frames, attempts.sample_rate_hz,
        transcripts.text, transcripts.rough, scores.value, scores.label, scores.coverage_only,
        attempts.note, attempts.starred, sessions.came IS NOT NULL,
        transcripts.engine IS 'typed'
    FROM history
    JOIN attempts ON attempts.id = history.attempt_id
    JOIN sessions ON sessions.id = attempts.session_id
    LEFT JOIN transcripts ON transcripts.id = history.transcript_id
    LEFT JOIN scores ON scores.id = history.score_id
    WHERE history.id IN ({})
"""

_SESSIONS = "SELECT group_concat(place) FROM (SELECT rowid AS place FROM sessions ORDER BY created DESC, id DESC)"
_PLACE = """
    SELECT CASE WHEN EXISTS (SELECT 1 FROM sessions WHERE id = ?) THEN (
        SELECT count(*) FROM sessions AS newer JOIN sessions AS chosen ON chosen.id = ?
        WHERE (newer.created, newer.id) > (chosen.created, chosen.id)
    ) END
"""
_LINES = """
    SELECT rowid, id, created, bank_title, mode, finished IS NOT NULL,
        (SELECT count(*) FROM history WHERE session_id = sessions.id), came IS NOT NULL
    FROM sessions WHERE rowid IN ({})
"""

_STEP = 5.0
"""Scores are shown in steps of five, so 60 is shown for 57.5 up to 62.5."""


class HistoryReader(Reader):
    """The part of the store that answers the history."""

    @heals
    def find_answers(self, query: Query) -> Found:
        """Return the answers that fit a query, in its order. Raises StoreError."""
        wanted = expression(query.text)
        if query.text.strip() and not wanted:
            return Found(query)
        sql, values = _statement(query, wanted)
        # One text for all numbers: 100,000 rows would take Python three times as long.
        whole = f"SELECT group_concat(id) FROM ({sql})"
        found = self._asked(lambda db: db.execute(whole, values).fetchone()[0])
        return Found(query, _numbers(found, query.sort))

    @heals
    def listed(self, numbers: Sequence[int], sought: str = "") -> tuple[Listed, ...]:
        """Return the answers of some numbers, in their order, with excerpts around what is `sought`.

        Those that were deleted meanwhile are left out. Raises StoreError.
        """
        marks = ", ".join("?" * len(numbers))
        rows = self._asked(lambda db: db.execute(_ROWS.format(marks), tuple(numbers)).fetchall())
        with self._told():
            found = {row[0]: _listed(row, sought) for row in rows}
        return tuple(found[number] for number in numbers if number in found)

    @heals
    def choices(self) -> Choices:
        """Return what there is to choose from in the history. Raises StoreError."""

        def ask(db: sqlite3.Connection) -> list[tuple[str, ...]]:
            names = []
            for column in ("bank", "topic", "engine"):
                sql = f"SELECT DISTINCT {column} FROM history WHERE {column} <> ''"
                names.append(tuple(sorted(untrusted.text(name) for (name,) in db.execute(sql))))
            return names

        with self._told():
            return Choices(*self._asked(ask))

    @heals
    def lines(self, session_id: str = "") -> Lines:
        """Return every session by its number, and where `session_id` stands among them. Raises StoreError."""

        def ask(db: sqlite3.Connection) -> tuple[str | None, int | None, int]:
            (numbers,) = db.execute(_SESSIONS).fetchone()
            (place,) = db.execute(_PLACE, (session_id, session_id)).fetchone()
            (answers,) = db.execute("SELECT count(*) FROM history").fetchone()
            return numbers, place, answers

        found, place, answers = self._asked(ask)
        numbers = _numbers(found)
        return Lines(numbers, self.line_rows(numbers[:PAGE_ROWS]), place, answers)

    @heals
    def line_rows(self, numbers: Sequence[int]) -> tuple[SessionLine, ...]:
        """Return the sessions of some numbers as a list shows them, in no order. Raises StoreError."""
        marks = ", ".join("?" * len(numbers))
        rows = self._asked(lambda db: db.execute(_LINES.format(marks), tuple(numbers)).fetchall())
        with self._told():
            return tuple(map(_line, rows))

    def _asked(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with self._reading() as db:
            return question(driver_of(db.connection()))


def _numbers(joined: str | None, sort: Sort | None = None) -> Sequence[int]:
    """Return the numbers of a text with commas between them, put in order where `sort` is one of numbers.

    Of 100,000 in 5 ms, where Python itself takes 30, and SQLite 20 more for the order.
    """
    if not joined:
        return ()
    found = np.fromstring(joined, dtype=np.int64, sep=",")
    if sort in _BY_NUMBER:
        found.sort()
    numbers = array("q")
    numbers.frombytes((found[::-1] if sort is Sort.NEWEST else found).tobytes())
    return numbers


def _statement(query: Query, wanted: str) -> tuple[str, list[object]]:
    """Return the statement that yields the numbers of what fits, in order but for orders of numbers, and its values."""
    where, values = _conditions(query)
    order = "" if query.sort in _BY_NUMBER else f"ORDER BY {_ORDERS[query.sort]}"
    if not wanted:
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        return f"SELECT history.id AS id FROM history {condition} {order}", values
    if not where and not order:
        # The index of words knows the numbers: nothing else has to be looked at.
        return "SELECT rowid AS id FROM history_words WHERE history_words MATCH ?", [wanted]
    condition = " AND ".join(("history_words MATCH ?", *where))
    source = "history_words JOIN history ON history.id = history_words.rowid"
    return f"SELECT history.id AS id FROM {source} WHERE {condition} {order}", [wanted, *values]


def _conditions(query: Query) -> tuple[list[str], list[object]]:
    """Return what the columns have to be, and the values for it."""
    where: list[str] = []
    values: list[object] = []
    for column in ("session_id", "bank", "topic", "engine"):
        if wanted := getattr(query, column):
            where.append(f"history.{column} = ?")
            values.append(wanted)
    bounds = (
        ("history.shown >= ?", None if query.low is None else query.low - _STEP / 2),
        ("history.shown < ?", None if query.high is None else query.high + _STEP / 2),
        ("history.created >= ?", None if query.since is None else stored(query.since)),
        ("history.created < ?", None if query.until is None else stored(query.until)),
    )
    for condition, bound in bounds:
        if bound is not None:
            where.append(condition)
            values.append(bound)
    if query.starred:
        where.append("history.starred")
    return where, values


def _listed(row: tuple[object, ...], sought: str) -> Listed:
    (number, name, session, question, created, bank, topic, asked, follow_up, clip, frames, rate_hz) = row[:12]
    (text, rough, value, label, coverage_only, note, starred, elsewhere, typed) = row[12:]
    said = "" if text is None else untrusted.text(text)
    written = untrusted.text(note)
    return Listed(
        number=untrusted.whole(number, low=-int(untrusted.MOST)),
        attempt_id=untrusted.text(name),
        session_id=untrusted.text(session),
        question_id=untrusted.text(question),
        created=untrusted.moment(created),
        bank_title=untrusted.text(bank),
        topic=untrusted.text(topic),
        asked=untrusted.text(asked),
        follow_up=untrusted.text(follow_up),
        seconds=None if clip is None else untrusted.whole(frames) / untrusted.whole(rate_hz, low=1),
        typed=untrusted.flag(typed),
        written=text is not None,
        rough=rough is not None and untrusted.flag(rough),
        score=None if value is None else _score(value, label, coverage_only),
        note=written,
        starred=untrusted.flag(starred),
        excerpt=_excerpt(said, written, sought),
        elsewhere=untrusted.flag(elsewhere),
    )


def _line(row: tuple[object, ...]) -> SessionLine:
    number, name, created, bank, mode, done, answers, elsewhere = row
    return SessionLine(
        untrusted.whole(number, low=-int(untrusted.MOST)),
        untrusted.text(name),
        untrusted.moment(created),
        untrusted.text(bank),
        Mode(mode),
        untrusted.flag(done),
        untrusted.whole(answers),
        untrusted.flag(elsewhere),
    )


def _score(value: object, label: object, coverage_only: object) -> Score:
    return Score(untrusted.number(value), untrusted.text(label), (), coverage_only=untrusted.flag(coverage_only))


def _excerpt(said: str, note: str, sought: str) -> Excerpt:
    found = excerpt(said, sought)
    if found.marks or not note:
        return found
    beside = excerpt(note, sought)
    return beside if beside.marks else found
