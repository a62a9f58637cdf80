"""What the interview page shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from interviewer.core import steps
from interviewer.core.errors import DeviceError, EngineError
from interviewer.core.models import Mode
from interviewer.core.steps import Phase
from interviewer.gui.prompts import Act, prompt
from interviewer.gui.widgets.failures import told_key
from interviewer.gui.widgets.notice import Notice
from interviewer.gui.widgets.rail import Place


@pytest.fixture
def page(interview):
    return interview.shelf.interview


def to_transcribing(conductor):
    conductor.to_recording()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()


def test_the_question_is_read_first(page):
    assert page.phase.text() == "Listening to the question"
    assert page.primary.text() == "Skip the reading"


def test_then_there_is_time_to_think(page, conductor):
    conductor.ask_done()
    assert page.phase.text() == "Think"
    assert page.primary.text() == "Start answering"


def test_recording_is_not_claimed_before_sound_arrives(page, conductor):
    conductor.ask_done()
    conductor.post(steps.Go())
    assert conductor.state.phase is Phase.RECORDING
    assert page.phase.text() == "Opening the microphone…"
    assert not page.primary.isVisible()


def test_recording_is_said_once_sound_has_arrived(page, conductor):
    conductor.to_recording()
    assert page.phase.text() == "Recording"
    assert page.primary.text() == "Finish answer"


def test_recording_is_no_longer_said_while_it_is_completed(page, conductor):
    conductor.to_recording()
    conductor.post(steps.Go())
    assert page.phase.text() == "Saving"


def test_a_pause_says_so(page, conductor):
    conductor.to_recording()
    conductor.post(steps.Pause())
    assert page.phase.text() == "Paused"
    assert page.primary.text() == "Go on"


def test_saving_writing_and_scoring_are_told_apart(page, conductor):
    conductor.to_recording()
    conductor.post(steps.Go())
    conductor.recorded()
    words = [page.phase.text()]
    conductor.saved()
    words.append(page.phase.text())
    conductor.transcribed()
    words.append(page.phase.text())
    assert words == ["Saving", "Writing it down", "Scoring"]


def test_work_shows_how_far_it_is_and_can_be_cancelled(page, conductor):
    to_transcribing(conductor)
    conductor.work_progressed.emit(0.4, "Loading the recogniser")
    assert page.work.isVisible()
    assert page.work.value() == 400
    assert page.work_stage.text() == "Loading the recogniser"
    assert page.secondary[Act.CANCEL].isVisible()


def test_work_of_unknown_length_wanders(page, conductor):
    to_transcribing(conductor)
    conductor.work_progressed.emit(None, "Writing it down")
    assert page.work.maximum() == 0


def test_a_fault_shows_its_words_its_hint_and_three_ways_out(page, conductor):
    to_transcribing(conductor)
    error = EngineError("Whisper stopped", hint="Try a smaller model.")
    conductor.post(steps.TranscribeFailed(conductor.state.turn, error))
    assert page.phase.text() == "Whisper stopped"
    assert page.detail.text() == "Try a smaller model. Your recording is safe on disk."
    assert page.primary.text() == "Retry"
    assert [b.text() for b in page.secondary.values() if b.isVisible()] == ["Type instead", "Next question"]


def test_the_position_is_shown_in_words(page, conductor):
    conductor.post(steps.Skip())
    assert page.progress_words.text() == "Question 2 of 5"


def test_markup_in_a_question_is_shown_as_it_is_written(page, conductor):
    conductor.post(steps.Skip())
    conductor.post(steps.Skip())
    text = conductor.state.question.question
    assert "<div>" in text
    assert page.question.text() == text
    assert page.question.textFormat() is Qt.TextFormat.PlainText


def test_every_label_of_the_window_is_plain_text(interview, conductor):
    conductor.to_feedback()
    for place in Place:
        interview.go_to(place)
    formats = {label.textFormat() for label in interview.findChildren(QLabel) if label.pixmap().isNull()}
    assert formats == {Qt.TextFormat.PlainText}


def test_a_hidden_question_can_be_shown(qtbot, window, conductor, keeper):
    keeper.change(hide_question=True)
    conductor.begin(5, keeper.current.order, keeper.current.mode)
    page = window.shelf.interview
    assert not page.question.isVisible()
    qtbot.mouseClick(page.show_it, Qt.MouseButton.LeftButton)
    assert page.question.isVisible()


def test_the_next_question_is_hidden_again(window, conductor, keeper):
    keeper.change(hide_question=True)
    conductor.begin(5, keeper.current.order, keeper.current.mode)
    window.shelf.interview.show_it.click()
    conductor.post(steps.Skip())
    assert not window.shelf.interview.question.isVisible()


def test_a_follow_up_is_named_as_one(page, conductor):
    conductor.to_feedback()
    conductor.post(steps.FollowUp())
    assert page.asked_as.isVisible()
    assert page.question.text() == conductor.state.follow_up


def test_levels_are_drawn_while_recording_only(page, conductor):
    conductor.ask_done()
    conductor.level_changed.emit(0.5)
    assert page.waveform.peaks == ()
    conductor.post(steps.Go())
    conductor.microphone_live()
    conductor.level_changed.emit(0.5)
    assert page.waveform.peaks == (0.5,)


def test_a_new_recording_starts_with_an_empty_waveform(page, conductor):
    conductor.to_recording()
    conductor.level_changed.emit(0.5)
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    conductor.post(steps.Retake())
    conductor.post(steps.Go())
    assert page.waveform.peaks == ()


@pytest.mark.parametrize(
    ("seconds", "shown", "words"),
    [
        (5.0, "0:05", "of one to two minutes"),
        (72.0, "1:12", "a good length"),
        (125.0, "2:05", "longer than most listeners like"),
    ],
)
def test_time_is_set_against_the_target(page, conductor, seconds, shown, words):
    conductor.to_recording()
    page.show_elapsed(seconds)
    assert page.elapsed.text() == shown
    assert page.length.text() == words


def test_the_clock_runs_only_while_recording_is_live(page, conductor):
    conductor.ask_done()
    conductor.post(steps.Go())
    assert not page._timer.isActive()
    conductor.microphone_live()
    assert page._timer.isActive()
    conductor.post(steps.Pause())
    assert not page._timer.isActive()
    conductor.post(steps.Resume())
    assert page._timer.isActive()
    conductor.post(steps.Go())
    assert not page._timer.isActive()


def test_a_silent_microphone_is_told_in_a_banner(interview, conductor):
    conductor.to_recording()
    error = DeviceError("The microphone delivers only silence", hint="Check its mute switch.")
    conductor.post(steps.MicrophoneSilent(conductor.state.turn, error))
    assert interview.board.notice("state").fact.text() == "The microphone delivers only silence"


def test_the_banner_goes_with_its_reason(interview, conductor):
    conductor.to_recording()
    conductor.post(steps.MicrophoneSilent(conductor.state.turn, DeviceError("The microphone delivers only silence")))
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    conductor.post(steps.Go())
    assert interview.board.notice("state") is None


def test_an_error_from_elsewhere_is_told_without_stopping_anything(interview, conductor):
    conductor.told.emit(DeviceError("The loudspeaker went away", hint="Plug it in again."))
    assert interview.board.findChild(Notice).isVisible()
    conductor.ask_done()
    assert conductor.state.phase is Phase.WAITING


def test_the_same_error_is_told_again_after_it_was_dismissed(interview, conductor):
    conductor.told.emit(DeviceError("The loudspeaker went away"))
    key = told_key(DeviceError("The loudspeaker went away"))
    interview.board.notice(key).dismissed.emit()
    assert interview.board.notice(key) is None
    conductor.told.emit(DeviceError("The loudspeaker went away"))
    assert interview.board.notice(key) is not None


def test_ending_is_asked_of_the_conductor(interview, conductor):
    interview.shelf.interview.end.click()
    assert conductor.state.phase is Phase.DONE


def test_interview_mode_says_which_answer_is_written_down(window, conductor, keeper):
    conductor.begin(2, keeper.current.order, Mode.INTERVIEW)
    for _ in range(2):
        conductor.to_recording()
        conductor.post(steps.Go())
        conductor.recorded()
        conductor.saved()
    assert conductor.state.phase is Phase.TRANSCRIBING
    assert window.shelf.interview.detail.text() == "Answer 1 of 2. The recording is safe on disk."


def test_a_change_of_phase_is_announced(interview, conductor, monkeypatch):
    said = []
    monkeypatch.setattr(interview.shelf.interview, "announce", said.append)
    conductor.ask_done()
    assert said == ["Think. Take the time you need. Nothing is recorded yet."]


def test_no_two_moves_of_a_state_share_a_key(interview, conductor):
    states = []
    conductor.state_changed.connect(states.append)
    conductor.ask_done()
    conductor.post(steps.Pause())
    conductor.post(steps.Go())
    conductor.post(steps.Go())
    conductor.microphone_live()
    conductor.post(steps.RecordFailed(conductor.state.turn, DeviceError("gone"), None))
    for state in states:
        now = prompt(state)
        keys = [m.key for m in (*((now.primary,) if now.primary else ()), *now.others)]
        assert len(keys) == len(set(keys))


def test_a_new_session_with_the_same_question_hides_it_again(window, conductor, keeper):
    keeper.change(hide_question=True)
    conductor.begin(1, keeper.current.order, keeper.current.mode)
    window.shelf.interview.show_it.click()
    conductor.post(steps.End())
    again = replace(conductor.state.begin, session_id="20260604-190000-fff999")
    conductor.post(again)
    assert not window.shelf.interview.question.isVisible()


def test_what_was_heard_so_far_is_shown_while_recording_and_while_the_rest_is_written_down(page, conductor):
    assert not page.heard.isVisible()
    conductor.to_recording()
    conductor.heard.emit("Depends declares what a handler needs.")
    assert page.heard.isVisible()
    assert page.heard.words.text() == "Depends declares what a handler needs. …"
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    assert page.heard.isVisible()
    assert page.heard.words.text().startswith("Depends")


def test_another_answer_begins_with_nothing_heard(page, conductor):
    conductor.to_recording()
    conductor.heard.emit("Depends declares what a handler needs.")
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    conductor.post(steps.Retake())
    conductor.post(steps.Go())
    conductor.microphone_live()
    assert not page.heard.words.text().startswith("Depends")
