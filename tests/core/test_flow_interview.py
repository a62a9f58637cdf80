"""Interview mode: feedback only at the end, and every answer gets its turn then."""

from __future__ import annotations

import pytest

from interviewer.core import steps
from interviewer.core.models import Mode
from interviewer.core.steps import Phase
from tests.core.driver import DEVICE, MODEL, Driver, clip, score


@pytest.fixture
def interview() -> Driver:
    return Driver(Mode.INTERVIEW, questions=2)


def answered(talk: Driver) -> Driver:
    for name in ("one", "two"):
        talk.transcribing(name)
    return talk


def test_an_interview_goes_on_without_feedback(interview: Driver) -> None:
    interview.transcribing()
    assert interview.phase is Phase.ASKING
    assert interview.state.position == 1
    assert interview.asked_for(steps.Transcribe) == []


def test_the_answers_are_written_down_after_the_last_one(interview: Driver) -> None:
    answered(interview)
    assert interview.phase is Phase.TRANSCRIBING
    assert interview.state.position == 0
    assert isinstance(interview.effects[-2], steps.Hush)


def test_the_answers_are_worked_off_in_order_and_then_the_session_ends(interview: Driver) -> None:
    answered(interview).worked_off().worked_off()
    assert [e.take.clip for e in interview.asked_for(steps.SaveScore)] == [clip("one"), clip("two")]
    assert interview.phase is Phase.DONE


def test_a_typed_answer_waits_for_the_end_too(interview: Driver) -> None:
    interview.post(steps.Typed("By hand."))
    interview.post(steps.Saved(interview.turn))
    assert interview.state.position == 1
    interview.post(steps.Skip())
    assert interview.phase is Phase.SCORING


def test_skipping_the_last_question_silences_it_before_the_work(interview: Driver) -> None:
    interview.transcribing()
    assert interview.post(steps.Skip())[0] == steps.Hush()
    assert interview.phase is Phase.TRANSCRIBING


def test_an_interview_that_is_ended_works_off_what_was_said(interview: Driver) -> None:
    interview.transcribing()
    interview.post(steps.End())
    assert interview.phase is Phase.TRANSCRIBING
    interview.worked_off()
    assert interview.phase is Phase.DONE


def test_ending_while_an_interview_answer_is_stored_works_it_off(interview: Driver) -> None:
    interview.saving()
    interview.post(steps.End())
    interview.post(steps.Saved(interview.turn))
    assert interview.phase is Phase.TRANSCRIBING


def test_an_answer_that_cannot_be_judged_does_not_hold_up_the_others(interview: Driver) -> None:
    answered(interview).post(steps.TranscribeFailed(interview.turn, MODEL))
    assert interview.phase is Phase.FAULT
    interview.post(steps.Skip())
    assert interview.state.take is not None
    assert interview.state.take.clip == clip("two")
    interview.worked_off()
    assert interview.phase is Phase.DONE


def test_typing_for_an_answer_being_worked_off_judges_it_last(interview: Driver) -> None:
    answered(interview).post(steps.TranscribeFailed(interview.turn, MODEL))
    interview.post(steps.Typed("By hand."))
    interview.post(steps.Saved(interview.turn))
    interview.worked_off()
    assert interview.phase is Phase.SCORING
    interview.post(steps.Scored(interview.turn, score(), None))
    assert interview.phase is Phase.DONE


def test_a_broken_recording_is_still_told_at_the_next_question(interview: Driver) -> None:
    interview.recording().post(steps.RecordFailed(interview.turn, DEVICE, clip("half")))
    interview.post(steps.Saved(interview.turn))
    assert interview.state.notice is DEVICE
