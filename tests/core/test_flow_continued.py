"""An interview that stopped goes on: same session, next question, and nothing of before is lost or done twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.core import steps
from interviewer.core.models import Mode
from interviewer.core.state import State
from interviewer.core.steps import Phase, Take
from tests.core.driver import DELIVERY, Driver, clip, score, transcript

BEFORE = Take("s-01-0003", 0, clip("before"))
WRITTEN = Take("s-02-0006", 1, clip("written"), transcript(), text_kept=True)


def continued(mode: Mode = Mode.PRACTICE, position: int = 2, *pending: Take) -> Driver:
    talk = Driver(mode, questions=3, begun=False)
    talk.begin = replace(talk.begin, position=position, turns_used=8, pending=pending)
    talk.post(talk.begin)
    return talk


def test_it_goes_on_with_the_question_it_stopped_at() -> None:
    talk = continued(position=1)
    assert (talk.phase, talk.state.position) == (Phase.ASKING, 1)
    assert talk.asked_for(steps.Speak)[0].text == "Question number 2?"


def test_its_turns_go_on_above_those_used() -> None:
    assert continued().turn == 9


def test_turns_of_this_run_are_not_used_again_either() -> None:
    talk = continued()
    talk.post(steps.End())
    turn = talk.turn
    talk.post(replace(talk.begin, turns_used=2))
    assert talk.turn == turn + 1


def test_a_recording_of_it_has_a_name_of_its_own() -> None:
    talk = continued().recording()
    assert [e.attempt_id for e in talk.asked_for(steps.StartRecording)] == ["s-03-0011"]


@pytest.mark.parametrize("position", [-1, 3])
def test_a_question_that_is_not_there_is_not_gone_on_with(position: int) -> None:
    assert continued(Mode.PRACTICE, position).state == State()


@pytest.mark.parametrize("mode", Mode)
def test_answers_of_before_are_worked_off_after_the_last_question(mode: Mode) -> None:
    talk = continued(mode, 2, BEFORE)
    talk.post(steps.Skip())
    assert talk.asked_for(steps.Transcribe)[0].take == BEFORE
    assert talk.state.position == 0
    talk.worked_off()
    assert talk.phase is Phase.DONE
    assert [e.take.attempt_id for e in talk.asked_for(steps.SaveScore)] == ["s-01-0003"]


def test_they_do_not_get_in_the_way_of_the_feedback() -> None:
    talk = continued(Mode.PRACTICE, 2, BEFORE).feedback()
    assert (talk.phase, talk.state.position) == (Phase.FEEDBACK, 2)


def test_an_interview_works_off_the_old_and_the_new_in_order() -> None:
    talk = continued(Mode.INTERVIEW, 2, BEFORE).transcribing("new")
    talk.worked_off().worked_off()
    assert [e.take.clip for e in talk.asked_for(steps.SaveScore)] == [clip("before"), clip("new")]
    assert talk.asked_for(steps.FinishSession) == [steps.FinishSession("s")]


def test_a_text_that_is_kept_is_judged_and_not_kept_again() -> None:
    talk = continued(Mode.PRACTICE, 2, WRITTEN)
    assert steps.ScoreAnswer(talk.turn + 1, WRITTEN) in talk.post(steps.Skip())
    talk.post(steps.Scored(talk.turn, score(), DELIVERY))
    assert talk.asked_for(steps.SaveTranscript) == []
    assert talk.phase is Phase.DONE


def test_a_text_typed_in_its_place_is_kept() -> None:
    talk = continued(Mode.PRACTICE, 2, WRITTEN)
    talk.post(steps.Skip())
    talk.post(steps.Cancel())
    talk.post(steps.Typed("By hand."))
    talk.post(steps.Saved(talk.turn))
    (kept,) = talk.asked_for(steps.SaveTranscript)
    assert (kept.take.attempt_id, kept.take.transcript and kept.take.transcript.text) == ("s-02-0006", "By hand.")
