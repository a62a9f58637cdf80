from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from fsrs import Rating

from interviewer.core.schedule import due_questions, rating

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def days(count: float) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (0, Rating.Again), (29.9, Rating.Again), (30, Rating.Hard), (54.9, Rating.Hard), (55, Rating.Good),
        (74.9, Rating.Good), (75, Rating.Easy), (100, Rating.Easy),
    ],
)  # fmt: skip
def test_a_score_says_how_well_a_question_was_remembered(score: float, grade: Rating) -> None:
    assert rating(score) is grade


def test_a_question_is_not_due_right_after_a_strong_answer() -> None:
    assert due_questions({"q": [(START, 90.0)]}, START + days(0.5)) == ()


def test_a_question_is_due_after_a_long_time() -> None:
    assert due_questions({"q": [(START, 90.0)]}, START + days(365)) == ("q",)


def test_a_weak_answer_is_due_sooner_than_a_strong_one() -> None:
    history = {"strong": [(START, 95.0)], "weak": [(START, 10.0)]}
    assert due_questions(history, START + days(1)) == ("weak",)


def test_the_longest_overdue_comes_first() -> None:
    history = {"later": [(START, 90.0)], "earlier": [(START - days(30), 90.0)]}
    assert due_questions(history, START + days(365)) == ("earlier", "later")


def test_practice_puts_a_question_off() -> None:
    once = {"q": [(START, 60.0)]}
    again = {"q": [(START, 60.0), (START + days(1), 90.0), (START + days(10), 90.0)]}
    when = START + days(15)
    assert due_questions(once, when) == ("q",)
    assert due_questions(again, when) == ()


def test_a_question_without_attempts_is_not_due() -> None:
    assert due_questions({"q": []}, START + days(365)) == ()


def test_attempts_may_be_told_in_any_zone() -> None:
    tokyo = START.astimezone(timezone(timedelta(hours=9)))
    when = START + days(365)
    assert due_questions({"q": [(tokyo, 90.0)]}, when) == due_questions({"q": [(START, 90.0)]}, when)


def test_the_same_history_gives_the_same_answer() -> None:
    history = {f"q{i}": [(START + days(i), 10.0 * i)] for i in range(8)}
    assert due_questions(history, START + days(20)) == due_questions(history, START + days(20))
