"""Practice, step by step: what follows what, and what is asked of the conductor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.core import steps
from interviewer.core.models import Coverage, KeyPoint, Mode, Word
from interviewer.core.state import State
from interviewer.core.steps import Phase
from tests.core.driver import DELIVERY, DEVICE, Driver, clip, question, score, transcript


@pytest.fixture
def talk() -> Driver:
    return Driver()


# --- beginning ---------------------------------------------------------------------------


def test_beginning_keeps_the_session_and_asks_the_first_question(talk: Driver) -> None:
    assert talk.phase is Phase.ASKING
    assert talk.effects[:2] == [steps.KeepSession(talk.begin), steps.Speak(1, "Question number 1?")]


def test_the_second_question_is_prepared_while_the_first_is_asked(talk: Driver) -> None:
    assert talk.effects[2:] == [steps.Prepare("Question number 2?")]


def test_nothing_is_prepared_after_the_last_question() -> None:
    assert Driver(questions=1).asked_for(steps.Prepare) == []


def test_a_session_without_questions_does_not_begin() -> None:
    talk = Driver(questions=0)
    assert talk.state == State()
    assert talk.effects == []


def test_a_running_session_cannot_be_begun_again(talk: Driver) -> None:
    before = talk.state
    assert talk.post(talk.begin) == ()
    assert talk.state is before


def test_a_new_session_may_follow_a_finished_one(talk: Driver) -> None:
    talk.post(steps.End())
    turn = talk.turn
    talk.post(talk.begin)
    assert talk.phase is Phase.ASKING
    assert talk.turn == turn + 1


@pytest.mark.parametrize("event", [steps.Go(), steps.End(), steps.Skip(), steps.Pause(), steps.Typed("x")])
def test_without_a_session_nothing_happens(event: steps.Event) -> None:
    talk = Driver(begun=False)
    assert talk.post(event) == ()
    assert talk.state == State()


def test_there_is_no_question_outside_a_session() -> None:
    assert State().questions == ()
    with pytest.raises(IndexError):
        _ = State().question


# --- the loop ------------------------------------------------------------------------------


def test_thinking_time_follows_the_spoken_question(talk: Driver) -> None:
    talk.spoken()
    assert talk.phase is Phase.WAITING


@pytest.mark.parametrize("event", [steps.Go(), steps.Cancel()])
def test_the_reading_can_be_cut_short(talk: Driver, event: steps.Event) -> None:
    assert talk.post(event) == (steps.Hush(),)
    assert talk.phase is Phase.WAITING


def test_a_voice_that_fails_leaves_the_question_on_screen(talk: Driver) -> None:
    talk.post(steps.SpeakFailed(talk.turn, DEVICE))
    assert talk.phase is Phase.WAITING
    assert talk.state.notice is DEVICE


def test_going_on_starts_a_recording_in_silence(talk: Driver) -> None:
    effects = talk.spoken().post(steps.Go())
    assert effects == (steps.Hush(), steps.StartRecording(talk.turn, "s-01-0003"))
    assert talk.phase is Phase.RECORDING
    assert not talk.state.live


def test_a_recording_is_live_from_its_first_sound(talk: Driver) -> None:
    talk.recording()
    assert talk.state.live


def test_a_recording_that_has_not_begun_cannot_be_stopped(talk: Driver) -> None:
    talk.spoken().post(steps.Go())
    assert talk.post(steps.Go()) == ()


def test_a_recording_is_stopped_once_only(talk: Driver) -> None:
    talk.recording()
    assert talk.post(steps.Go()) == (steps.StopRecording(talk.turn),)
    assert talk.post(steps.Go()) == ()


def test_a_clip_is_stored_before_any_model_sees_it(talk: Driver) -> None:
    talk.saving()
    take = steps.Take("s-01-0003", 0, clip=clip())
    assert talk.effects[-1] == steps.SaveAttempt(talk.turn, take)
    assert talk.asked_for(steps.Transcribe) == []


def test_a_stored_clip_is_written_down(talk: Driver) -> None:
    talk.transcribing()
    assert talk.phase is Phase.TRANSCRIBING
    assert talk.effects[-1] == steps.Transcribe(talk.turn, steps.Take("s-01-0003", 0, clip=clip()))


def test_a_transcript_is_stored_and_judged(talk: Driver) -> None:
    talk.scoring()
    take = steps.Take("s-01-0003", 0, clip=clip(), transcript=transcript())
    assert talk.effects[-2:] == [steps.SaveTranscript(take), steps.ScoreAnswer(talk.turn, take)]


def test_a_score_is_stored_and_shown(talk: Driver) -> None:
    talk.feedback()
    take = steps.Take("s-01-0003", 0, clip=clip(), transcript=transcript(), score=score(), delivery=DELIVERY)
    assert talk.effects[-1] == steps.SaveScore(take)
    assert talk.phase is Phase.FEEDBACK
    assert talk.state.take == take


@pytest.mark.parametrize("event", [steps.Go(), steps.Skip()])
def test_the_next_question_follows_the_feedback(talk: Driver, event: steps.Event) -> None:
    assert talk.feedback().post(event) == (steps.Hush(), steps.Speak(talk.turn, "Question number 2?"))
    assert talk.state.position == 1
    assert talk.state.take is None


def test_the_session_ends_after_the_last_feedback() -> None:
    talk = Driver(questions=1).feedback()
    assert talk.post(steps.Go()) == (steps.Hush(), steps.FinishSession("s"))
    assert talk.phase is Phase.DONE


def test_each_answer_of_a_session_has_its_own_id(talk: Driver) -> None:
    talk.feedback().post(steps.Go())
    talk.feedback()
    first, second = talk.asked_for(steps.StartRecording)
    assert first.attempt_id != second.attempt_id


# --- what comes late -----------------------------------------------------------------------


def test_a_late_transcript_changes_nothing(talk: Driver) -> None:
    late = talk.transcribing().turn
    talk.post(steps.Cancel())
    before = talk.state
    assert talk.post(steps.Transcribed(late, transcript())) == ()
    assert talk.state is before


def test_a_late_end_of_speech_does_not_cut_the_repetition_short(talk: Driver) -> None:
    late = talk.turn
    talk.post(steps.Repeat())
    talk.post(steps.Spoke(late))
    assert talk.phase is Phase.ASKING


@pytest.mark.parametrize("late_by", [-1, 1, 7])
def test_a_clip_of_another_turn_is_not_taken_for_this_answer(talk: Driver, late_by: int) -> None:
    talk.recording()
    assert talk.post(steps.Recorded(talk.turn - late_by, clip())) == ()
    assert talk.phase is Phase.RECORDING


def test_an_answer_of_the_models_to_nobody_changes_nothing(talk: Driver) -> None:
    before = talk.state
    for event in (steps.Saved(talk.turn), steps.Transcribed(talk.turn, transcript()), steps.Resume()):
        assert talk.post(event) == ()
    assert talk.state is before


# --- asking again, skipping, typing -----------------------------------------------------------


def test_a_question_is_repeated_while_it_is_spoken(talk: Driver) -> None:
    assert talk.post(steps.Repeat()) == (steps.Hush(), steps.Speak(2, "Question number 1?"))


def test_a_question_is_repeated_in_thinking_time(talk: Driver) -> None:
    talk.spoken().post(steps.Repeat())
    assert talk.phase is Phase.ASKING


@pytest.mark.parametrize("thinking", [False, True])
def test_a_question_can_be_skipped(talk: Driver, thinking: bool) -> None:
    if thinking:
        talk.spoken()
    talk.post(steps.Skip())
    assert talk.state.position == 1
    assert talk.phase is Phase.ASKING


@pytest.mark.parametrize("thinking", [False, True])
def test_an_answer_can_be_typed(talk: Driver, thinking: bool) -> None:
    if thinking:
        talk.spoken()
    hush, save, keep = talk.post(steps.Typed("  By hand. "))
    assert hush == steps.Hush()
    assert isinstance(save, steps.SaveAttempt)
    assert keep == steps.SaveTranscript(save.take)  # nothing else holds it
    assert save.take.clip is None
    assert save.take.transcript is not None
    assert save.take.transcript.text == "By hand."
    assert save.take.transcript.engine == "typed"


def test_a_typed_answer_is_judged_without_being_written_down(talk: Driver) -> None:
    talk.post(steps.Typed("By hand."))
    talk.post(steps.Saved(talk.turn))
    assert talk.phase is Phase.SCORING
    assert talk.asked_for(steps.Transcribe) == []


def test_nothing_typed_is_no_answer(talk: Driver) -> None:
    before = talk.state
    assert talk.post(steps.Typed(" \n ")) == ()
    assert talk.state is before


def test_typing_during_a_recording_changes_nothing(talk: Driver) -> None:
    before = talk.recording().state
    assert talk.post(steps.Typed("By hand.")) == ()
    assert talk.state is before


# --- retakes, follow-ups, corrections ------------------------------------------------------------


def test_a_retake_gives_thinking_time_for_the_same_question(talk: Driver) -> None:
    assert talk.feedback().post(steps.Retake()) == (steps.Hush(),)
    assert talk.phase is Phase.WAITING
    assert talk.state.position == 0


def test_a_retake_is_another_attempt(talk: Driver) -> None:
    talk.feedback().post(steps.Retake())
    talk.post(steps.Go())
    first, second = talk.asked_for(steps.StartRecording)
    assert first.attempt_id != second.attempt_id


def test_the_follow_up_asks_about_the_first_missed_point(talk: Driver) -> None:
    talk.feedback()
    assert talk.state.open_follow_up == "Why is that?"
    assert talk.post(steps.FollowUp()) == (steps.Hush(), steps.Speak(talk.turn, "Why is that?"))
    assert talk.phase is Phase.FOLLOW_UP


def test_an_answer_to_a_follow_up_knows_what_was_said_before(talk: Driver) -> None:
    talk.feedback().post(steps.FollowUp())
    talk.saving("two")
    assert talk.state.take == steps.Take(
        talk.asked_for(steps.StartRecording)[-1].attempt_id,
        0,
        clip=clip("two"),
        follow_up="Why is that?",
        prior="What was said",
    )


def test_a_follow_up_can_be_repeated(talk: Driver) -> None:
    talk.feedback().post(steps.FollowUp())
    talk.spoken().post(steps.Repeat())
    assert talk.phase is Phase.FOLLOW_UP
    assert talk.effects[-1] == steps.Speak(talk.turn, "Why is that?")


def test_a_follow_up_has_no_follow_up(talk: Driver) -> None:
    talk.feedback().post(steps.FollowUp())
    talk.feedback()
    assert talk.state.open_follow_up == ""
    assert talk.post(steps.FollowUp()) == ()


def test_a_retake_after_a_follow_up_answers_the_question_itself(talk: Driver) -> None:
    talk.feedback().post(steps.FollowUp())
    talk.feedback().post(steps.Retake())
    talk.post(steps.Typed("Again."))
    assert talk.state.take is not None
    assert (talk.state.take.follow_up, talk.state.take.prior) == ("", "")


def test_no_follow_up_is_open_when_every_point_was_made(talk: Driver) -> None:
    talk.scoring().post(steps.Scored(talk.turn, score(Coverage.COVERED, Coverage.PARTLY), None))
    assert talk.state.open_follow_up == ""


def test_no_follow_up_is_open_for_a_point_that_has_none(talk: Driver) -> None:
    talk.scoring().post(steps.Scored(talk.turn, score(Coverage.MISSED, Coverage.COVERED), None))
    assert talk.state.open_follow_up == ""


def test_a_point_said_the_wrong_way_round_has_its_follow_up(talk: Driver) -> None:
    talk.scoring().post(steps.Scored(talk.turn, score(Coverage.COVERED, Coverage.CONTRADICTED), None))
    assert talk.state.open_follow_up == "Why is that?"


def test_a_missed_point_is_followed_up_before_one_said_the_wrong_way_round(talk: Driver) -> None:
    points = (KeyPoint(text="First point", follow_up="Is it?"), KeyPoint(text="Second point", follow_up="Why is that?"))
    asked = question(1).model_copy(update={"key_points": points})
    quiet = Driver(begun=False)
    quiet.post(replace(talk.begin, questions=(asked,)))
    quiet.scoring().post(steps.Scored(quiet.turn, score(Coverage.CONTRADICTED, Coverage.MISSED), None))
    assert quiet.state.open_follow_up == "Why is that?"


def test_no_follow_up_is_open_before_the_feedback(talk: Driver) -> None:
    assert talk.state.open_follow_up == ""
    assert talk.scoring().state.open_follow_up == ""


def test_a_corrected_text_is_stored_and_judged_again(talk: Driver) -> None:
    talk.feedback()
    save, judge = talk.post(steps.Corrected(" What I said "))
    assert isinstance(save, steps.SaveTranscript)
    assert isinstance(judge, steps.ScoreAnswer)
    fixed = judge.take.transcript
    assert fixed == replace(transcript("What I said"), words=(), engine="corrected", rough=False)
    assert talk.phase is Phase.SCORING


def test_words_that_a_correction_leaves_alone_keep_their_times(talk: Driver) -> None:
    said = transcript("What I side")
    said = replace(said, words=tuple(Word(w, n, n + 0.5, 0.9) for n, w in enumerate(said.text.split())))
    talk.feedback()
    talk.state = replace(talk.state, take=replace(talk.state.take, transcript=said))
    _, judge = talk.post(steps.Corrected("What I said"))
    assert judge.take.transcript.words == (*said.words[:2], Word("said", 2, 2.5, 1.0))


def test_correcting_to_nothing_changes_nothing(talk: Driver) -> None:
    before = talk.feedback().state
    assert talk.post(steps.Corrected("  ")) == ()
    assert talk.state is before


def test_the_feedback_ignores_what_does_not_belong_to_it(talk: Driver) -> None:
    before = talk.feedback().state
    for event in (steps.Pause(), steps.Repeat(), steps.Typed("x"), steps.Cancel()):
        assert talk.post(event) == ()
    assert talk.state is before


def test_modes_differ_in_policy_only() -> None:
    practice, interview = Driver(Mode.PRACTICE), Driver(Mode.INTERVIEW)
    assert replace(practice.state, begin=None) == replace(interview.state, begin=None)


def test_a_question_without_follow_ups_opens_none(talk: Driver) -> None:
    begin = replace(talk.begin, questions=(question(1, follow_up=None),))
    quiet = Driver(begun=False)
    quiet.post(begin)
    assert quiet.feedback().state.open_follow_up == ""


@pytest.mark.parametrize("phase", Phase)
def test_sound_is_held_while_a_question_is_spoken_or_an_answer_recorded(phase: Phase) -> None:
    assert State(phase).holds_sound == (phase in {Phase.ASKING, Phase.FOLLOW_UP, Phase.RECORDING})
