"""Which question is due, by the FSRS spaced-repetition model (package `fsrs`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

History = Mapping[str, Sequence[tuple[datetime, float]]]


def rating(score: float) -> Rating:
    """Return how well a question was remembered, from a score of 0 to 100.

    The bounds are those of the score labels: under 30 is Again, under 55 Hard, under 75
    Good, from 75 Easy.
    """
    for bound, grade in ((30, Rating.Again), (55, Rating.Hard), (75, Rating.Good)):
        if score < bound:
            return grade
    return Rating.Easy


def due_questions(history: History, now: datetime) -> tuple[str, ...]:
    """Return the ids of the questions that are due at `now`, the longest overdue first.

    Questions never asked are not in `history` and so not due; `now` must know its zone.
    """
    # No fuzzing: the same history must give the same answer every time it is asked.
    scheduler = Scheduler(enable_fuzzing=False)
    due: list[tuple[datetime, str]] = []
    for question_id, attempts in history.items():
        if not attempts:
            continue
        card = Card(card_id=1, due=attempts[0][0].astimezone(UTC))
        for when, score in attempts:
            card, _ = scheduler.review_card(card, rating(score), when.astimezone(UTC))
        if card.due <= now:
            due.append((card.due, question_id))
    return tuple(question_id for _, question_id in sorted(due))
