"""A session boiled down for the page that shows it. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interviewer.core.models import Attempt, Coverage, Question, Score, Session

MOST_LAPSES = 5
TO_PRACTISE = 3
FIRM = 75.0
"""From this score on a question needs no practice today."""


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
class Lapse:
    """A point that was not made."""

    point: str
    place: int
    """Of its question in the session, from 0."""
    contradicted: bool
    """Whether it was said the wrong way round, rather than missed."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The rows in order, the points not made, and what to practise next, weakest first."""

    rows: tuple[Row, ...]
    lapses: tuple[Lapse, ...]
    """Weakest questions first; of each those said the wrong way round before those missed."""
    practise: tuple[Row, ...]

    @property
    def scored(self) -> tuple[Row, ...]:
        """The rows with a score to show, in order: those with a right answer that were judged."""
        return tuple(row for row in self.rows if _is_scored(row))

    @property
    def mean(self) -> float | None:
        """The mean of the scores that are shown; None where there is none."""
        scores = [_value(row) for row in self.scored]
        return sum(scores) / len(scores) if scores else None


def digest(session: Session, question: Callable[[str], Question | None]) -> Digest:
    """Return what the summary of `session` says; `question` looks entries of the bank up."""
    rows = tuple(
        Row(question_id, _words(question(question_id), question_id), _newest(session, position))
        for position, question_id in enumerate(session.question_ids)
    )
    judged = sorted((row for row in rows if row.score), key=_value)
    lapses = tuple(
        Lapse(point.text, rows.index(row), state is Coverage.CONTRADICTED)
        for row in judged
        for state in (Coverage.CONTRADICTED, Coverage.MISSED)
        for point in (row.score.points if row.score else ())
        if point.coverage is state
    )
    unanswered = tuple(row for row in rows if row.attempt is None)
    weak = tuple(row for row in judged if _is_scored(row) and _value(row) < FIRM)
    return Digest(rows, lapses[:MOST_LAPSES], (weak + unanswered)[:TO_PRACTISE])


def _newest(session: Session, position: int) -> Attempt | None:
    """Return the newest attempt that was judged, else the newest; follow-ups carry the whole answer."""
    here = sorted((a for a in session.attempts if a.position == position), key=lambda a: a.created)
    judged = [a for a in here if a.score]
    return (judged or here)[-1] if here else None


def _is_scored(row: Row) -> bool:
    return row.score is not None and not row.score.coverage_only


def _value(row: Row) -> float:
    return row.score.value if row.score else 0.0


def _words(question: Question | None, question_id: str) -> str:
    return question.question if question else question_id.replace("-", " ")
