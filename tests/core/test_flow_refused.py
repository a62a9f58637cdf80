"""What the store refuses is asked for again, wherever the interview goes on from there: once, and in order."""

from __future__ import annotations

import pytest

from interviewer.core import steps
from interviewer.core.models import Mode
from interviewer.core.steps import Phase
from tests.core.driver import DELIVERY, DISK, Driver, score


@pytest.fixture
def talk() -> Driver:
    return Driver()


def typed(talk: Driver) -> steps.Take:
    """Type an answer, and return it as it is on its way to the store."""
    _, save, _ = talk.post(steps.Typed("By hand."))
    assert isinstance(save, steps.SaveAttempt)
    return save.take


@pytest.mark.parametrize("leave", [steps.Skip(), steps.End()], ids=["skip", "end"])
def test_a_typed_text_that_was_refused_is_asked_for_again_at_the_end(leave: steps.Event) -> None:
    talk = Driver(questions=1)
    take = typed(talk)
    talk.post(steps.Saved(talk.turn))
    talk.post(steps.KeepFailed(DISK, steps.SaveTranscript(take)))
    assert talk.phase is Phase.FAULT
    assert steps.SaveTranscript(take) in talk.post(leave)
    assert talk.phase is Phase.DONE


def test_a_text_refused_late_is_asked_for_before_its_score(talk: Driver) -> None:
    take = typed(talk)
    talk.post(steps.Saved(talk.turn))
    _ = talk.post(steps.Scored(talk.turn, score(), DELIVERY))
    judged = talk.state.take
    assert judged is not None
    talk.post(steps.KeepFailed(DISK, steps.SaveTranscript(take)))
    talk.post(steps.KeepFailed(DISK, steps.SaveScore(judged)))
    assert talk.post(steps.Retry()) == (steps.SaveTranscript(take), steps.SaveScore(judged))
    assert talk.phase is Phase.FEEDBACK


@pytest.mark.parametrize("leave", [steps.Skip(), steps.End()], ids=["skip", "end"])
def test_a_typed_answer_whose_attempt_was_refused_is_not_left_behind(talk: Driver, leave: steps.Event) -> None:
    take = typed(talk)
    talk.post(steps.SaveFailed(talk.turn, DISK))
    talk.post(steps.KeepFailed(DISK, steps.SaveTranscript(take)))
    talk.post(leave)
    if talk.phase is not Phase.DONE:
        talk.post(steps.End())
    begin = talk.state.begin
    assert begin is not None
    kept = [e for e in talk.effects if isinstance(e, steps.KeepSession | steps.KeepAttempt | steps.SaveTranscript)]
    assert kept[-3:] == [steps.KeepSession(begin), steps.KeepAttempt(take), steps.SaveTranscript(take)]


def test_a_recorded_answer_whose_attempt_was_refused_is_stored_with_the_next_one(talk: Driver) -> None:
    talk.saving()
    refused = talk.state.take
    talk.post(steps.SaveFailed(talk.turn, DISK))
    talk.post(steps.Skip())
    typed(talk)
    assert refused is not None
    assert steps.KeepAttempt(refused) in talk.post(steps.Saved(talk.turn))


def test_a_text_typed_anew_is_stored_after_none_of_its_forerunners(talk: Driver) -> None:
    first = typed(talk)
    talk.post(steps.SaveFailed(talk.turn, DISK))
    talk.post(steps.KeepFailed(DISK, steps.SaveTranscript(first)))
    _, save, keep = talk.post(steps.Typed("Better."))
    assert isinstance(save, steps.SaveAttempt)
    assert keep == steps.SaveTranscript(save.take)
    assert steps.SaveTranscript(first) not in talk.post(steps.Saved(talk.turn))


@pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.INTERVIEW])
def test_a_typed_text_is_stored_once(mode: Mode) -> None:
    talk = Driver(questions=1, mode=mode)
    typed(talk)
    talk.post(steps.Saved(talk.turn))
    assert talk.phase is Phase.SCORING
    assert len(talk.asked_for(steps.SaveTranscript)) == 1


def test_a_retry_of_the_scoring_stores_no_second_text(talk: Driver) -> None:
    typed(talk)
    talk.post(steps.Saved(talk.turn))
    talk.post(steps.ScoreFailed(talk.turn, DISK))
    talk.post(steps.Retry())
    assert talk.phase is Phase.SCORING
    assert len(talk.asked_for(steps.SaveTranscript)) == 1
