"""A session boiled down for the page that shows it. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interviewer.core.models import Attempt, Coverage, Question, Score, Session

MOST_MISSED = 5
TO_PRACTISE = 3
FIRM = 75.0
"""From this score on (the label "Strong") a question needs no practice today."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question of the session, with the newest judged answer to it."""

    question_id: str
    words: str
    attempt: Attempt | None

    @property
    def score(self) -> Score | None:
        """The score of that answer; None where nothing was judged."""
        return self.attempt.score if self.attempt else None


@dataclass(frozen=True, slots=True)
class Digest:
    """The rows in order, the points missed, and what to practise next, weakest first."""

    rows: tuple[Row, ...]
    missed: tuple[tuple[str, int], ...]
    """Pairs of (point, place of its question in the session from 0), weakest questions first."""
    practise: tuple[Row, ...]

    @property
    def mean(self) -> float | None:
        """The mean score over the judged questions; None where there is none."""
        scores = [row.score.value for row in self.rows if row.score]
        return sum(scores) / len(scores) if scores else None


def digest(session: Session, question: Callable[[str], Question | None]) -> Digest:
    """Return what the summary of `session` says; `question` looks entries of the bank up."""
    rows = tuple(
        Row(question_id, _words(question(question_id), question_id), _newest(session, position))
        for position, question_id in enumerate(session.question_ids)
    )
    judged = sorted((row for row in rows if row.score), key=_value)
    missed = tuple(
        (point.text, rows.index(row))
        for row in judged
        for point in (row.score.points if row.score else ())
        if point.coverage is Coverage.MISSED
    )
    unanswered = tuple(row for row in rows if row.attempt is None)
    weak = tuple(row for row in judged if _value(row) < FIRM)
    return Digest(rows, missed[:MOST_MISSED], (weak + unanswered)[:TO_PRACTISE])


def _newest(session: Session, position: int) -> Attempt | None:
    """Return the newest attempt that was judged, else the newest; follow-ups carry the whole answer."""
    here = sorted((a for a in session.attempts if a.position == position), key=lambda a: a.created)
    judged = [a for a in here if a.score]
    return (judged or here)[-1] if here else None


def _value(row: Row) -> float:
    return row.score.value if row.score else 0.0


def _words(question: Question | None, question_id: str) -> str:
    return question.question if question else question_id.replace("-", " ")
