"""Reads what trends are made of: some columns of every attempt given here, a portion at a time.

The long JSON texts are taken apart by SQLite: what is asked of them is a fiftieth of what they
hold, and SQLite lets other threads run meanwhile.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as Transaction

from interviewer.core.models import BY_HAND, Coverage, Delivery
from interviewer.core.trends import Portion, TrendRow
from interviewer.store import untrusted

_STATES = {state.value: state for state in Coverage}

Points = tuple[tuple[str, Coverage], ...]

# By the order of the rows: any other would have to be sorted anew for every portion.
_PORTION = text("""
    SELECT attempts.rowid AS place, attempts.id, attempts.question_id, attempts.asked, attempts.topic,
        attempts.follow_up, sessions.bank_title AS bank, strftime('%s', attempts.created) AS created_s,
        transcripts.id AS transcript_id, transcripts.engine, transcripts.model,
        scores.id AS score_id, scores.recipe_id, scores.value, scores.low, scores.high, scores.coverage_only,
        (SELECT json_group_array(json_array(json_extract(value, '$[0]'), json_extract(value, '$[1]')))
            FROM json_each(scores.points)) AS points,
        json_extract(scores.delivery, '$.pace_wpm') AS pace_wpm, json_extract(scores.delivery, '$.fillers') AS fillers,
        json_extract(scores.delivery, '$.talk_s') AS talk_s
    FROM attempts
    JOIN sessions ON sessions.id = attempts.session_id
    LEFT JOIN transcripts ON transcripts.id = (SELECT max(id) FROM transcripts WHERE attempt_id = attempts.id)
    LEFT JOIN scores ON scores.id = (SELECT max(id) FROM scores WHERE transcript_id = transcripts.id)
    WHERE attempts.rowid > :after AND sessions.came IS NULL ORDER BY attempts.rowid LIMIT :count
""")


# Numbers of texts and scores are never given away again, those of attempts are.
_STAMP = text("""
    SELECT (SELECT count(*) FROM attempts), (SELECT id FROM attempts ORDER BY rowid DESC LIMIT 1),
        (SELECT count(*) FROM transcripts), (SELECT max(id) FROM transcripts),
        (SELECT count(*) FROM scores), (SELECT max(id) FROM scores)
""")


def stamp(db: Transaction) -> tuple[object, ...]:
    """Return what is another as soon as any portion would be."""
    return tuple(db.execute(_STAMP).one())


def portion(db: Transaction, after: int, count: int) -> Portion:
    """Return up to `count` attempts behind the place `after`, 0 for the first; none of a session from elsewhere.

    An attempt counts with the newest score of its newest transcript. Raises ValueError or TypeError
    for an entry that this program did not write.
    """
    try:
        found = db.execute(_PORTION, {"after": after, "count": count}).all()
    except OperationalError as exc:
        if getattr(exc.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            # The statement itself is in order: a text that should hold JSON does not.
            raise ValueError("no JSON") from exc
        raise
    known: dict[str, Points] = {}
    rows = tuple(_row(row, known) for row in found)
    return Portion(rows, found[-1].place if len(found) == count else None)


def _row(row: Row[Any], known: dict[str, Points]) -> TrendRow:
    scored = row.score_id is not None
    return TrendRow(
        attempt_id=untrusted.text(row.id),
        question_id=untrusted.text(row.question_id),
        bank=untrusted.text(row.bank),
        asked=untrusted.text(row.asked),
        topic=untrusted.text(row.topic),
        created_s=float(untrusted.text(row.created_s)),
        follow_up=bool(untrusted.text(row.follow_up)),
        hearing=_hearing(row),
        recipe=untrusted.whole(row.recipe_id) if scored else -1,
        value=untrusted.number(row.value) if scored else None,
        low=None if row.low is None else untrusted.number(row.low),
        high=None if row.high is None else untrusted.number(row.high),
        coverage_only=scored and untrusted.flag(row.coverage_only),
        points=_points(row.points, known) if scored else (),
        pace_wpm=None if row.pace_wpm is None else untrusted.number(row.pace_wpm),
        fillers_per_min=None if row.talk_s is None else _rate(row.fillers, row.talk_s),
    )


def _hearing(row: Row[Any]) -> str:
    if row.transcript_id is None:
        return ""
    engine = untrusted.text(row.engine)
    return engine if engine in BY_HAND else f"{engine} {untrusted.text(row.model)}"


def _points(stored: object, known: dict[str, Points]) -> Points:
    """Return the points of a score. Those of one question are alike: `known` keeps what was read already."""
    written = untrusted.text(stored)
    if written not in known:
        known[written] = tuple((untrusted.text(of), _STATES[state]) for of, state in untrusted.listed(written))
    return known[written]


def _rate(fillers: object, talk_s: object) -> float | None:
    """Return the fillers a minute of talk; None where there is too little talk to say."""
    return Delivery(0, untrusted.number(talk_s), 0.0, None, untrusted.whole(fillers), 0, 0, ()).fillers_per_min
