"""What goes wrong, what is paused, what is ended: nothing said is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interviewer.core import steps
from interviewer.core.errors import Cancelled
from interviewer.core.steps import Phase
from tests.core.driver import DELIVERY, DEVICE, DISK, MODEL, Driver, clip, score, transcript

Reach = Callable[[Driver], Driver]


def asking(talk: Driver) -> Driver:
    return talk


def following_up(talk: Driver) -> Driver:
    talk.feedback().post(steps.FollowUp())
    return talk


@pytest.fixture
def talk() -> Driver:
    return Driver()


# --- pausing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reach", "said"), [(asking, "Question number 1?"), (following_up, "Why is that?")], ids=["asking", "follow-up"]
)
def test_a_paused_question_is_spoken_again_from_its_start(talk: Driver, reach: Reach, said: str) -> None:
    phase = reach(talk).phase
    assert talk.post(steps.Pause()) == (steps.Hush(),)
    assert talk.post(steps.Resume()) == (steps.Speak(talk.turn, said),)
    assert talk.phase is phase
    assert not talk.state.paused


def test_speech_that_ends_while_paused_does_not_go_on(talk: Driver) -> None:
    talk.post(steps.Pause())
    talk.spoken()
    assert talk.phase is Phase.ASKING


def test_paused_thinking_time_starts_no_recording(talk: Driver) -> None:
    talk.spoken().post(steps.Pause())
    assert talk.post(steps.Go()) == ()
    assert talk.phase is Phase.WAITING
    assert not talk.state.paused


def test_a_paused_recording_goes_on_in_the_same_clip(talk: Driver) -> None:
    talk.recording()
    assert talk.post(steps.Pause()) == (steps.PauseRecording(),)
    assert talk.post(steps.Resume()) == (steps.ResumeRecording(),)
    assert talk.state.live


def test_a_recording_cannot_be_paused_before_it_is_live(talk: Driver) -> None:
    talk.spoken().post(steps.Go())
    assert talk.post(steps.Pause()) == ()


def test_a_paused_interview_takes_nothing_from_the_user_but_going_on_and_ending(talk: Driver) -> None:
    talk.recording().post(steps.Pause())
    before = talk.state
    for event in (steps.Skip(), steps.Typed("x"), steps.Cancel(), steps.Repeat(), steps.Pause()):
        assert talk.post(event) == ()
    assert talk.state is before


def test_a_clip_that_arrives_while_paused_is_stored(talk: Driver) -> None:
    talk.recording().post(steps.Pause())
    talk.post(steps.Recorded(talk.turn, clip()))
    assert talk.phase is Phase.SAVING
    assert not talk.state.paused


def test_a_device_that_fails_while_paused_leaves_its_clip(talk: Driver) -> None:
    talk.recording().post(steps.Pause())
    talk.post(steps.RecordFailed(talk.turn, DEVICE, clip()))
    assert talk.asked_for(steps.SaveAttempt)[-1].take.clip == clip()
    assert not talk.state.paused


def test_a_store_that_fails_while_paused_can_be_retried(talk: Driver) -> None:
    talk.spoken().post(steps.Pause())
    talk.post(steps.KeepFailed(DISK))
    assert talk.phase is Phase.FAULT
    assert not talk.state.paused
    talk.post(steps.Retry())
    assert talk.phase is Phase.WAITING


# --- recording goes wrong --------------------------------------------------------------------


def test_a_silent_microphone_is_told_while_recording_goes_on(talk: Driver) -> None:
    talk.recording().post(steps.MicrophoneSilent(talk.turn, DEVICE))
    assert talk.state.notice is DEVICE
    assert talk.phase is Phase.RECORDING


def test_a_silent_microphone_is_told_although_paused(talk: Driver) -> None:
    talk.recording().post(steps.Pause())
    talk.post(steps.MicrophoneSilent(talk.turn, DEVICE))
    assert talk.state.notice is DEVICE
    assert talk.state.paused


def test_a_recording_that_never_began_can_be_given_up(talk: Driver) -> None:
    talk.spoken().post(steps.Go())
    assert talk.post(steps.Cancel()) == (steps.DropRecording(),)
    assert talk.phase is Phase.WAITING


def test_a_live_recording_cannot_be_thrown_away(talk: Driver) -> None:
    before = talk.recording().state
    assert talk.post(steps.Cancel()) == ()
    assert talk.state is before


def test_what_was_kept_of_a_broken_recording_goes_on(talk: Driver) -> None:
    talk.recording().post(steps.RecordFailed(talk.turn, DEVICE, clip("half")))
    assert talk.phase is Phase.SAVING
    assert talk.state.notice is DEVICE
    assert talk.asked_for(steps.SaveAttempt)[-1].take.clip == clip("half")


def test_a_recording_of_which_nothing_was_kept_is_a_fault(talk: Driver) -> None:
    talk.recording().post(steps.RecordFailed(talk.turn, DEVICE, None))
    assert talk.phase is Phase.FAULT
    assert talk.state.error is DEVICE
    assert not talk.state.live


def test_retry_after_a_failed_recording_gives_thinking_time(talk: Driver) -> None:
    talk.recording().post(steps.RecordFailed(talk.turn, DEVICE, None))
    talk.post(steps.Retry())
    assert talk.phase is Phase.WAITING
    assert talk.state.error is None


# --- storing goes wrong ------------------------------------------------------------------------


def test_retry_stores_the_same_clip_again_and_the_session_first(talk: Driver) -> None:
    talk.saving()
    take = talk.state.take
    talk.post(steps.SaveFailed(talk.turn, DISK))
    assert talk.phase is Phase.FAULT
    assert take is not None
    assert talk.post(steps.Retry()) == (steps.KeepSession(talk.begin), steps.SaveAttempt(talk.turn, take))


def test_a_session_that_cannot_be_kept_stops_the_question(talk: Driver) -> None:
    assert talk.post(steps.KeepFailed(DISK)) == (steps.Hush(), steps.CancelWork())
    assert talk.phase is Phase.FAULT


@pytest.mark.parametrize(
    ("reach", "said"), [(asking, "Question number 1?"), (following_up, "Why is that?")], ids=["asking", "follow-up"]
)
def test_retry_keeps_the_session_and_asks_again(talk: Driver, reach: Reach, said: str) -> None:
    phase = reach(talk).phase
    talk.post(steps.KeepFailed(DISK))
    assert talk.post(steps.Go()) == (steps.KeepSession(talk.begin), steps.Speak(talk.turn, said))
    assert talk.phase is phase


@pytest.mark.parametrize("reach", [Driver.recording, Driver.saving], ids=["recording", "saving"])
def test_a_store_that_fails_does_not_stop_an_answer(talk: Driver, reach: Reach) -> None:
    phase = reach(talk).phase
    assert talk.post(steps.KeepFailed(DISK)) == ()
    assert talk.phase is phase
    assert talk.state.notice is DISK


def test_a_store_that_fails_after_the_end_is_told(talk: Driver) -> None:
    talk.post(steps.End())
    talk.post(steps.KeepFailed(DISK))
    assert talk.phase is Phase.DONE
    assert talk.state.notice is DISK


def test_a_second_fault_does_not_hide_the_first(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    talk.post(steps.KeepFailed(DISK))
    assert talk.state.error is MODEL


def test_a_store_that_fails_without_a_session_changes_nothing() -> None:
    talk = Driver(begun=False)
    talk.post(steps.KeepFailed(DISK))
    assert talk.phase is Phase.IDLE


def test_a_score_that_cannot_be_kept_is_kept_by_retry(talk: Driver) -> None:
    talk.feedback()
    assert talk.state.take is not None
    refused = steps.SaveScore(talk.state.take)
    talk.post(steps.KeepFailed(DISK, refused))
    assert talk.phase is Phase.FAULT
    assert talk.post(steps.Retry()) == (refused,)
    assert talk.phase is Phase.FEEDBACK


def test_a_score_refused_during_the_next_question_is_kept_by_retry(talk: Driver) -> None:
    talk.feedback()
    assert talk.state.take is not None
    refused = steps.SaveScore(talk.state.take)
    talk.post(steps.Go())
    talk.post(steps.KeepFailed(DISK, refused))
    assert refused in talk.post(steps.Retry())
    assert talk.phase is Phase.ASKING


def test_a_score_refused_during_a_recording_is_kept_with_the_next_attempt(talk: Driver) -> None:
    talk.feedback()
    assert talk.state.take is not None
    refused = steps.SaveScore(talk.state.take)
    talk.post(steps.Go())
    talk.recording()
    talk.post(steps.KeepFailed(DISK, refused))
    assert talk.phase is Phase.RECORDING
    talk.post(steps.Go())
    talk.post(steps.Recorded(talk.turn, clip("two")))
    assert refused in talk.post(steps.Saved(talk.turn))


def test_a_text_that_is_scored_again_is_not_kept_twice(talk: Driver) -> None:
    talk.scoring()
    assert talk.state.take is not None
    talk.post(steps.KeepFailed(DISK, steps.SaveTranscript(talk.state.take)))
    again = talk.post(steps.Retry())
    assert sum(isinstance(e, steps.SaveTranscript) for e in again) == 1


# --- models go wrong ---------------------------------------------------------------------------


def test_retry_after_a_failed_transcription_writes_the_same_clip_down(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    assert talk.state.error is MODEL
    (again,) = talk.post(steps.Retry())
    assert isinstance(again, steps.Transcribe)
    assert again.take.clip == clip()
    assert again.turn == talk.turn


def test_retry_after_a_failed_score_does_not_write_the_clip_down_again(talk: Driver) -> None:
    talk.scoring().post(steps.ScoreFailed(talk.turn, MODEL))
    talk.post(steps.Go())
    assert talk.phase is Phase.SCORING
    assert len(talk.asked_for(steps.Transcribe)) == 1


@pytest.mark.parametrize("reach", [Driver.transcribing, Driver.scoring], ids=["transcribing", "scoring"])
def test_the_models_work_can_be_cancelled_and_retried(talk: Driver, reach: Reach) -> None:
    phase = reach(talk).phase
    assert talk.post(steps.Cancel()) == (steps.CancelWork(),)
    assert isinstance(talk.state.error, Cancelled)
    assert "Retry" in talk.state.error.hint
    talk.post(steps.Retry())
    assert talk.phase is phase


@pytest.mark.parametrize(
    "reach", [Driver.saving, Driver.transcribing, Driver.scoring], ids=["saving", "transcribing", "scoring"]
)
def test_work_in_progress_takes_no_other_keys(talk: Driver, reach: Reach) -> None:
    before = reach(talk).state
    for event in (steps.Go(), steps.Skip(), steps.Pause(), steps.Repeat(), steps.Retake(), steps.Typed("x")):
        assert talk.post(event) == ()
    assert talk.state is before


def test_a_fault_can_be_skipped(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    talk.post(steps.Skip())
    assert talk.phase is Phase.ASKING
    assert talk.state.position == 1
    assert talk.state.error is None


def test_typing_in_a_fault_gives_the_recording_its_text(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    talk.post(steps.Typed("By hand."))
    saved = talk.asked_for(steps.SaveAttempt)
    assert saved[1].take.attempt_id == saved[0].take.attempt_id
    assert saved[1].take.clip == clip()
    talk.post(steps.Saved(talk.turn))
    assert talk.phase is Phase.SCORING


def test_typing_after_a_failed_recording_is_an_attempt_without_a_clip(talk: Driver) -> None:
    talk.recording().post(steps.RecordFailed(talk.turn, DEVICE, None))
    talk.post(steps.Typed("By hand."))
    take = talk.asked_for(steps.SaveAttempt)[-1].take
    assert take.clip is None
    assert take.transcript is not None


def test_a_fault_ignores_what_does_not_belong_to_it(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    before = talk.state
    for event in (steps.Pause(), steps.Repeat(), steps.Cancel(), steps.FollowUp()):
        assert talk.post(event) == ()
    assert talk.state is before


# --- ending -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", [asking, Driver.spoken, Driver.feedback, following_up])
def test_ending_between_answers_finishes_at_once(talk: Driver, reach: Reach) -> None:
    reach(talk)
    assert talk.post(steps.End()) == (steps.Hush(), steps.FinishSession("s"))
    assert talk.phase is Phase.DONE


def test_ending_a_finished_session_changes_nothing(talk: Driver) -> None:
    talk.post(steps.End())
    before = talk.state
    assert talk.post(steps.End()) == ()
    assert talk.state is before


def test_ending_before_the_first_sound_drops_the_recording(talk: Driver) -> None:
    talk.spoken().post(steps.Go())
    assert talk.post(steps.End()) == (steps.DropRecording(), steps.Hush(), steps.FinishSession("s"))


@pytest.mark.parametrize("paused", [False, True])
def test_ending_a_live_recording_keeps_and_judges_it(talk: Driver, paused: bool) -> None:
    talk.recording()
    if paused:
        talk.post(steps.Pause())
    assert talk.post(steps.End()) == (steps.StopRecording(talk.turn),)
    talk.post(steps.Recorded(talk.turn, clip()))
    talk.post(steps.Saved(talk.turn))
    talk.worked_off()
    assert talk.phase is Phase.DONE
    assert len(talk.asked_for(steps.SaveScore)) == 1


def test_ending_does_not_stop_a_recording_twice(talk: Driver) -> None:
    talk.recording().post(steps.Go())
    assert talk.post(steps.End()) == ()
    assert talk.state.ending


@pytest.mark.parametrize("reach", [Driver.transcribing, Driver.scoring], ids=["transcribing", "scoring"])
def test_ending_waits_for_the_work_in_progress(talk: Driver, reach: Reach) -> None:
    reach(talk)
    assert talk.post(steps.End()) == ()
    if talk.phase is Phase.TRANSCRIBING:
        talk.post(steps.Transcribed(talk.turn, transcript()))
    effects = talk.post(steps.Scored(talk.turn, score(), DELIVERY))
    assert [type(e) for e in effects] == [steps.SaveScore, steps.Hush, steps.FinishSession]


def test_ending_in_a_fault_finishes(talk: Driver) -> None:
    talk.transcribing().post(steps.TranscribeFailed(talk.turn, MODEL))
    talk.post(steps.End())
    assert talk.phase is Phase.DONE
