"""What failed is told once each, a few at a time, and no longer than it is true."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from interviewer.core import steps
from interviewer.core.errors import DeviceError, EngineError, StoreError
from interviewer.gui.widgets.notice import Notice
from interviewer.workers.listening import silent_microphone
from tests.gui.fakes import attempt, session


def facts(window):
    """The banners in sight, from top to bottom."""
    QApplication.processEvents()  # what joins a layout is shown by the next turn of the loop
    return [notice.fact.text() for notice in window.board.findChildren(Notice) if not notice.isHidden()]


def test_different_failures_stand_together(window, conductor):
    conductor.told.emit(StoreError("The data folder is full"))
    conductor.told.emit(DeviceError("The loudspeaker was disconnected"))
    assert facts(window) == ["The data folder is full", "The loudspeaker was disconnected"]


def test_the_same_failure_stands_once(window, conductor):
    conductor.told.emit(StoreError("The data folder is full"))
    conductor.told.emit(StoreError("The data folder is full"))
    assert facts(window) == ["The data folder is full"]


def test_of_four_failures_the_oldest_goes(window, conductor):
    for number in range(4):
        conductor.told.emit(EngineError(f"Failure {number}"))
    assert facts(window) == ["Failure 1", "Failure 2", "Failure 3"]


def test_a_dismissed_failure_makes_room_for_another(window, conductor):
    for number in range(3):
        conductor.told.emit(EngineError(f"Failure {number}"))
    window.board.findChildren(Notice)[1].dismissed.emit()
    conductor.told.emit(EngineError("Failure 3"))
    assert facts(window) == ["Failure 0", "Failure 2", "Failure 3"]


def test_sound_from_the_microphone_ends_the_talk_of_its_silence(window, conductor):
    conductor.told.emit(silent_microphone())
    conductor.told.emit(StoreError("The recording cannot be kept"))
    conductor.level_changed.emit(0.01)
    assert len(facts(window)) == 2
    conductor.level_changed.emit(0.02)
    assert facts(window) == ["The recording cannot be kept"]


def test_a_microphone_that_falls_silent_again_is_told_again(window, conductor):
    conductor.told.emit(silent_microphone())
    conductor.level_changed.emit(0.2)
    conductor.told.emit(silent_microphone())
    assert facts(window) == [str(silent_microphone())]


@pytest.mark.parametrize("text", ["The loudspeaker was disconnected", "The playback ended unexpectedly"])
def test_a_clip_that_can_be_heard_ends_the_talk_of_the_loudspeaker(window, conductor, text):
    conductor.told.emit(DeviceError(text))
    conductor.told.emit(silent_microphone())
    conductor.played_to.emit(0.1)
    assert facts(window) == [str(silent_microphone())]


def test_a_new_session_begins_without_old_failures(window, conductor, keeper):
    conductor.told.emit(StoreError("The data folder is full"))
    conductor.begin(5, keeper.current.order, keeper.current.mode)
    assert facts(window) == []


def test_why_nothing_plays_is_told_until_it_can_play(interview, conductor, library):
    library.sessions = (session(),)
    interview.open_review(attempt(1).id)
    review = interview.shelf.review
    review.view.player.toggle()
    assert facts(interview) == ["Playback has to wait: a question is being asked or an answer recorded"]
    conductor.ask_done()
    assert facts(interview) == []
    conductor.post(steps.Go())
    review.view.player.toggle()
    assert len(facts(interview)) == 1


def test_a_failure_outlives_a_change_of_state(interview, conductor):
    conductor.told.emit(StoreError("The data folder is full"))
    conductor.to_feedback()
    assert facts(interview) == ["The data folder is full"]


def silent_while_recording(conductor):
    conductor.to_recording()
    conductor.post(steps.MicrophoneSilent(conductor.state.turn, silent_microphone()))


def test_what_the_interview_says_already_is_not_told_beside_it(interview, conductor):
    silent_while_recording(conductor)
    conductor.told.emit(silent_microphone())
    assert facts(interview) == [str(silent_microphone())]


def test_what_was_told_and_now_stands_in_the_interview_is_shown_once(interview, conductor):
    conductor.told.emit(silent_microphone())
    silent_while_recording(conductor)
    assert facts(interview) == [str(silent_microphone())]


def test_a_recording_that_is_heard_after_all_does_not_stay_silent(interview, conductor):
    silent_while_recording(conductor)
    conductor.level_changed.emit(0.3)
    conductor.post(steps.Pause())
    assert conductor.state.notice is not None
    assert facts(interview) == []
