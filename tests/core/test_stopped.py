"""Which interview is offered to go on after a crash, and where it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.core.models import Attempt, Mode, Session
from interviewer.core.steps import Take
from interviewer.core.stopped import (
    OFFERED,
    Stopped,
    begin_again,
    last_turn,
    missing,
    moment_words,
    stopped,
    to_finish,
    to_offer,
)
from tests.core.driver import clip, question, score, transcript

NOON = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)  # a Thursday


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def attempt(position: int, turn: int, *, minutes: float | None = None, session: str = "s", **fields: object) -> Attempt:
    made = Attempt(
        f"{session}-{position + 1:02d}-{turn:04d}",
        session,
        f"q-{position + 1}",
        position,
        at(turn if minutes is None else minutes),
        clip=clip(),
    )
    return replace(made, **fields)


def session(*attempts: Attempt, name: str = "s", created: datetime = NOON, questions: int = 5) -> Session:
    ids = tuple(f"q-{n + 1}" for n in range(questions))
    return Session(name, created, "A bank", Mode.PRACTICE, ids, attempts=attempts)


TWO = (attempt(0, 3), attempt(1, 6))


def test_it_goes_on_with_the_question_after_the_last_answer() -> None:
    assert stopped(session(*TWO)) == Stopped(session(*TWO), 2, at(6))


def test_one_that_stopped_at_its_first_question_goes_on_there() -> None:
    assert stopped(session()) == Stopped(session(), 0, NOON)


def test_one_that_was_finished_does_not_go_on() -> None:
    assert stopped(replace(session(*TWO), finished=at(9))) is None


def test_one_with_an_answer_to_every_question_does_not_go_on() -> None:
    assert stopped(session(*TWO, questions=2)) is None


def test_retakes_and_follow_ups_are_no_further_questions() -> None:
    again = (attempt(1, 9), attempt(1, 12, follow_up="Why?"))
    found = stopped(session(*TWO, *again))
    assert found is not None
    assert (found.position, found.when) == (2, at(12))


def test_a_question_that_was_passed_over_stays_passed_over() -> None:
    found = stopped(session(attempt(0, 3), attempt(2, 9)))
    assert found is not None
    assert found.position == 3


def test_an_answer_of_which_nothing_was_kept_is_asked_for_again() -> None:
    found = stopped(session(*TWO, attempt(2, 9, clip=None)))
    assert found is not None
    assert found.position == 2


def test_a_typed_answer_counts() -> None:
    found = stopped(session(*TWO, attempt(2, 9, clip=None, transcript=transcript())))
    assert found is not None
    assert found.position == 3


def test_an_answer_that_was_being_recorded_is_told() -> None:
    found = stopped(session(*TWO), {"s-02-0006"})
    assert found is not None
    assert (found.position, found.cut_off, found.asks) == (2, 1, True)


def test_only_the_last_answer_can_have_been_cut_off() -> None:
    found = stopped(session(*TWO), {"s-01-0003"})
    assert found is not None
    assert found.cut_off is None


def test_a_last_answer_that_was_cut_off_can_be_given_again() -> None:
    found = stopped(session(*TWO, questions=2), {"s-02-0006"})
    assert found is not None
    assert (found.cut_off, found.asks) == (1, False)


def test_the_newest_is_offered() -> None:
    old, new = session(name="old"), session(name="new", created=at(60))
    found = to_offer([old, new], at(70))
    assert found is not None
    assert (found.session.id, found.latest) == ("new", True)


def test_one_that_was_followed_by_another_interview_is_told_apart() -> None:
    done = replace(session(name="new", created=at(60)), finished=at(70))
    found = to_offer([done, session()], at(80))
    assert found is not None
    assert (found.session.id, found.latest) == ("s", False)


def test_one_from_elsewhere_is_neither_offered_nor_in_the_way() -> None:
    sent = replace(session(name="sent", created=at(60)), came=at(65))
    assert to_offer([sent], at(70)) is None
    found = to_offer([sent, session()], at(70))
    assert found is not None
    assert (found.session.id, found.latest) == ("s", True)


@pytest.mark.parametrize(("late_s", "offered"), [(0, True), (1, False)])
def test_an_old_one_is_not_offered(late_s: float, offered: bool) -> None:
    now = at(6) + OFFERED + timedelta(seconds=late_s)
    assert (to_offer([session(*TWO)], now) is not None) is offered


def test_a_clock_that_was_put_back_hides_nothing() -> None:
    assert to_offer([session(*TWO)], at(-60)) is not None


def test_without_a_session_nothing_is_offered() -> None:
    assert to_offer([], NOON) is None


def test_an_end_that_was_not_noted_is_known_by_its_last_answer() -> None:
    assert to_finish([session(*TWO, questions=2)], at(6)) == (("s", at(6)),)


@pytest.mark.parametrize(("kept", "when"), [(TWO, at(6)), ((), NOON)], ids=["answers", "nothing said"])
def test_one_that_is_too_old_to_go_on_has_ended(kept: tuple[Attempt, ...], when: datetime) -> None:
    assert to_finish([session(*kept)], when + OFFERED) == ()
    assert to_finish([session(*kept)], when + OFFERED + timedelta(seconds=1)) == (("s", when),)


@pytest.mark.parametrize(
    "other",
    [session(*TWO), session(), replace(session(*TWO, questions=2), finished=at(9))],
    ids=["goes on", "nothing said", "finished"],
)
def test_no_other_end_is_noted(other: Session) -> None:
    assert to_finish([other], at(9)) == ()


def test_an_end_waits_while_the_last_answer_may_be_given_again() -> None:
    assert to_finish([session(*TWO, questions=2)], at(6), {"s-02-0006"}) == ()


def test_the_questions_that_a_bank_lacks_are_named() -> None:
    assert missing(session(), {"q-1", "q-3", "q-4", "x"}) == ("q-2", "q-5")


def test_turns_are_read_from_attempts_and_from_files() -> None:
    names = ("s-01-0003", "s-02-0012.part.wav", "s-02-0009.flac", "session.json", "2026-183000-123456")
    assert last_turn(names) == 12


def test_where_no_name_has_a_turn_none_is_used() -> None:
    assert last_turn(["session.json"]) == 0


def test_what_goes_on_is_the_same_session() -> None:
    asked = tuple(question(n + 1) for n in range(5))
    done = tuple(replace(a, transcript=transcript(), score=score()) for a in TWO)
    begin = begin_again(session(*done), asked, 2, names=["s-03-0008.part.wav"], held=())
    assert (begin.session_id, begin.created, begin.bank_title, begin.mode) == ("s", NOON, "A bank", Mode.PRACTICE)
    assert (begin.questions, begin.position, begin.turns_used, begin.pending) == (asked, 2, 8, ())


def test_the_turns_of_its_attempts_are_used_though_their_files_are_gone() -> None:
    assert begin_again(session(*TWO), (), 2, names=[], held=()).turns_used == 6


def test_answers_that_lack_something_are_worked_off_with_the_new_ones() -> None:
    said = transcript("What was said")
    kept = session(
        attempt(0, 3, transcript=said, score=score()),
        attempt(1, 6, transcript=said),
        attempt(1, 9, follow_up="Why?"),
        attempt(2, 12, clip=None),
    )
    assert begin_again(kept, (), 3, names=[], held=()).pending == (
        Take("s-02-0006", 1, clip(), said, text_kept=True),
        Take("s-02-0009", 1, clip(), follow_up="Why?", prior="What was said"),
    )


def test_an_answer_that_is_being_worked_on_elsewhere_is_left_to_that() -> None:
    (left,) = begin_again(session(*TWO), (), 2, names=[], held={"s-01-0003"}).pending
    assert left.attempt_id == "s-02-0006"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (datetime(2026, 6, 4, 0, 5, tzinfo=UTC), "today at 00:05"),
        (datetime(2026, 6, 3, 23, 59, tzinfo=UTC), "yesterday at 23:59"),
        (datetime(2026, 6, 2, 14, 5, tzinfo=UTC), "on Tuesday at 14:05"),
        (datetime(2026, 5, 29, 14, 5, tzinfo=UTC), "on Friday at 14:05"),
        (datetime(2026, 5, 28, 14, 5, tzinfo=UTC), "on 28 May at 14:05"),
        (datetime(2026, 6, 5, 14, 5, tzinfo=UTC), "on 5 June at 14:05"),
    ],
)
def test_a_moment_is_told_as_people_say_it(when: datetime, words: str) -> None:
    assert moment_words(when, NOON) == words
