"""Answers as a table: one line each, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from interviewer.core.models import Attempt, Coverage, Session
from interviewer.reports.document import FindQuestion
from interviewer.reports.sheet import asked_words

COLUMNS = (
    *("session", "bank", "mode", "answer", "created", "position", "question_id", "topic", "question", "follow_up"),
    *("score", "low", "high", "label", "covered", "partly", "missed", "wrong_way_round"),
    *("seconds", "talk_s", "first_word_s", "words", "pace_wpm", "fillers_at_least", "hedges", "pauses", "pause_s"),
    *("engine", "model", "starred", "note", "text"),
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets take the wide signs, too."""


def table(sessions: Iterable[Session], question: FindQuestion) -> str:
    """Return every answer of whole sessions as CSV (RFC 4180), its first line the names of the columns.

    A text that a spreadsheet would take for a formula is preceded by an apostrophe. What is not known is empty.
    """
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS)
    writer.writeheader()
    for session in sessions:
        for attempt in session.attempts:
            writer.writerow({name: _cell(value) for name, value in _row(session, attempt, question).items()})
    return made.getvalue()


def _row(session: Session, attempt: Attempt, question: FindQuestion) -> dict[str, object]:
    entry = question(attempt.question_id)
    row: dict[str, object] = {
        "session": session.id,
        "bank": session.bank_title,
        "mode": session.mode.value,
        "answer": attempt.id,
        "created": attempt.created.isoformat(),
        "position": attempt.position + 1,
        "question_id": attempt.question_id,
        "topic": attempt.topic or (entry.topic if entry else ""),
        "question": asked_words(attempt, entry),
        "follow_up": attempt.follow_up != "",
        "seconds": round(attempt.clip.seconds, 3) if attempt.clip else None,
        "starred": attempt.starred,
        "note": attempt.note,
    }
    return row | _judged(attempt) | _sounded(attempt) | _said(attempt)


def _judged(attempt: Attempt) -> dict[str, object]:
    score = attempt.score
    if score is None:
        return {}
    states = [point.coverage for point in score.points]
    # Without a right answer the value is a share of points and no score: nobody shall average it with scores.
    shown = None if score.coverage_only else score
    return {
        "score": shown and shown.value,
        "low": shown and shown.low,
        "high": shown and shown.high,
        "label": score.label,
        "covered": states.count(Coverage.COVERED),
        "partly": states.count(Coverage.PARTLY),
        "missed": states.count(Coverage.MISSED),
        "wrong_way_round": states.count(Coverage.CONTRADICTED),
    }


def _sounded(attempt: Attempt) -> dict[str, object]:
    delivery = attempt.delivery
    if delivery is None:
        return {}
    return {
        "talk_s": round(delivery.talk_s, 3),
        "first_word_s": round(delivery.first_word_s, 3),
        "words": delivery.words,
        "pace_wpm": None if delivery.pace_wpm is None else round(delivery.pace_wpm, 1),
        "fillers_at_least": delivery.fillers,
        "hedges": delivery.hedges,
        "pauses": len(delivery.pauses),
        "pause_s": round(sum(p.seconds for p in delivery.pauses), 3),
    }


def _said(attempt: Attempt) -> dict[str, object]:
    transcript = attempt.transcript
    if transcript is None:
        return {}
    return {"engine": transcript.engine, "model": transcript.model, "text": transcript.text}


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
