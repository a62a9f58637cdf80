"""The words about an interview that stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.core.models import Mode, Session
from interviewer.core.stopped import Stopped
from interviewer.gui.offer import Offer, offer
from tests.gui.fakes import NOW, attempt, bank, session

WHEN = datetime(2026, 6, 4, 14, 5).astimezone()
LATER = WHEN + timedelta(hours=2)


def cut_short(answers: int = 2, mode: Mode = Mode.PRACTICE) -> Session:
    kept = tuple(attempt(place) for place in range(answers))
    return replace(session(), mode=mode, finished=None, attempts=kept)


def said(found: Stopped, *, lacking: int = 0, title: str = bank().title) -> Offer:
    return offer(found, LATER, lacking=lacking, bank_title=title)


def test_it_says_where_and_when_and_offers_to_continue() -> None:
    assert said(Stopped(cut_short(), 2, WHEN.astimezone(UTC))) == Offer(
        "You stopped at question 3 of 5, today at 14:05",
        "Questions for an API developer, practice. Your 2 answers are kept.",
        "Continue",
        leads=True,
    )


@pytest.mark.parametrize(
    ("answers", "words"),
    [(0, "No answer was given yet."), (1, "Your answer is kept."), (3, "Your 3 answers are kept.")],
)
def test_what_is_kept_is_counted(answers: int, words: str) -> None:
    hint = said(Stopped(cut_short(answers, Mode.INTERVIEW), answers, NOW)).hint
    assert hint == f"Questions for an API developer, interview. {words}"


def test_after_another_interview_it_is_no_longer_the_obvious_thing() -> None:
    assert not said(Stopped(cut_short(), 2, WHEN, latest=False)).leads


def test_an_answer_that_was_cut_off_can_be_given_again() -> None:
    made = said(Stopped(cut_short(3), 3, WHEN, cut_off=2))
    assert made.fact == "You stopped at question 3 of 5, today at 14:05"
    assert made.hint == "Your answer to question 3 was being recorded: it is kept up to the moment the program ended."
    assert (made.action, made.again) == ("Continue with question 4", "Answer question 3 again")


def test_after_the_last_question_only_that_is_left() -> None:
    made = said(Stopped(cut_short(4), 5, WHEN, cut_off=4))
    assert (made.action, made.again) == ("Answer question 5 again", "")


def test_another_bank_is_named() -> None:
    made = said(Stopped(cut_short(), 2, WHEN), lacking=5, title="Another bank")
    assert made.hint == "Open the bank “Questions for an API developer” in Settings to continue."
    assert (made.action, made.leads) == ("", False)


@pytest.mark.parametrize(("lacking", "lost"), [(1, "one of its questions"), (2, "2 of its questions")])
def test_a_bank_that_changed_is_told(lacking: int, lost: str) -> None:
    assert lost in said(Stopped(cut_short(), 2, WHEN), lacking=lacking).hint
