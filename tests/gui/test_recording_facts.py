"""What the window says of a recording: sound that is missing, space that is left, another microphone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from interviewer.core import steps
from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.gaps import stopped
from interviewer.core.models import Clip
from interviewer.gui.widgets.notice import Notice
from tests.gui.fakes import clip, session

NOT_HEARD = stopped(34.0, resumed=True)


@pytest.fixture
def recording(interview, conductor):
    conductor.to_recording()
    return interview.shelf.interview


def banners(window):
    """What stands at the top, by key."""
    QApplication.processEvents()  # what joins a layout is shown by the next turn of the loop
    return {n.objectName(): n for n in window.board.findChildren(Notice) if not n.isHidden()}


def lines(page):
    """The facts in sight."""
    return [line.words.text() for line in (page.facts.missing, page.facts.space) if line.isVisible()]


def test_a_recording_in_order_says_nothing(recording):
    assert lines(recording) == []
    assert not recording.facts.isVisible()


def test_missing_sound_is_said_while_recording(recording, conductor):
    conductor.sound_missing.emit(400)
    assert lines(recording) == ["0.4 s of sound did not arrive from the microphone"]


def test_sound_that_came_after_all_is_no_longer_missed(recording, conductor):
    conductor.sound_missing.emit(400)
    conductor.sound_missing.emit(0)
    assert lines(recording) == []


def test_the_minutes_left_are_said_while_recording(recording, conductor):
    conductor.space_changed.emit(12)
    assert lines(recording) == ["12 minutes of space left"]


def test_the_minutes_go_when_there_is_plenty_again(recording, conductor):
    conductor.space_changed.emit(0)
    conductor.space_changed.emit(None)
    assert lines(recording) == []


def test_the_first_word_of_a_loss_is_spoken_by_screen_readers(recording, conductor, monkeypatch):
    said = []
    monkeypatch.setattr(type(recording), "announce", lambda _page, text: said.append(text))
    conductor.sound_missing.emit(400)
    conductor.sound_missing.emit(500)
    conductor.space_changed.emit(2)
    conductor.space_changed.emit(1)
    assert said == ["0.4 s of sound did not arrive from the microphone", "2 minutes of space left"]


def test_the_next_recording_begins_without_the_facts_of_the_last(recording, conductor):
    conductor.sound_missing.emit(400)
    conductor.space_changed.emit(12)
    conductor.post(steps.RecordFailed(conductor.state.turn, DeviceError("The microphone was disconnected"), None))
    conductor.post(steps.Retry())
    conductor.post(steps.Go())
    conductor.microphone_live()
    assert lines(recording) == []


def answer_of(window, conductor, made: Clip):
    """The feedback on an answer with this recording."""
    conductor.to_recording()
    conductor.post(steps.Go())
    conductor.post(steps.Recorded(conductor.state.turn, made))
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    return window.shelf.feedback.view


def test_the_feedback_says_how_much_of_the_recording_is_missing(interview, conductor):
    view = answer_of(interview, conductor, replace(clip(), gap_ms=430))
    assert view.missing.words.text() == "0.4 s are missing in this recording"
    assert not view.missing.isHidden()


def test_the_feedback_is_silent_about_a_gap_that_nobody_hears(interview, conductor):
    assert answer_of(interview, conductor, replace(clip(), gap_ms=120)).missing.isHidden()


def test_the_review_says_how_much_of_the_recording_is_missing(window, library):
    kept = session()
    broken = replace(kept.attempts[0], clip=replace(clip(), gap_ms=1_260))
    library.sessions = (replace(kept, attempts=(broken,)),)
    window.open_review(broken.id)
    assert window.shelf.review.view.missing.words.text() == "1.3 s are missing in this recording"


def test_a_typed_answer_misses_no_sound(interview, conductor):
    conductor.ask_done()
    conductor.post(steps.Typed("By hand."))
    conductor.saved()
    conductor.scored()
    assert interview.shelf.feedback.view.missing.isHidden()


def cut_short(conductor, error=NOT_HEARD):
    conductor.to_recording()
    conductor.post(steps.RecordFailed(conductor.state.turn, error, clip()))


def test_beside_a_microphone_that_failed_another_is_offered(interview, conductor):
    cut_short(conductor)
    interview.board.offer("Headset")
    (banner,) = banners(interview).values()
    assert banner.fact.text() == str(NOT_HEARD)
    assert banner.action.text() == "Use Headset instead"


def test_one_click_takes_the_other_and_ends_the_talk(interview, conductor, qtbot):
    cut_short(conductor)
    interview.board.offer("Headset")
    with qtbot.waitSignal(interview.board.instead_wanted) as wanted:
        banners(interview)["state"].action.click()
    conductor.saved()
    assert wanted.args == ["Headset"]
    assert banners(interview) == {}


def test_for_an_answer_that_could_not_begin_another_is_offered_beside_the_fault(interview, conductor, qtbot):
    conductor.ask_done()
    conductor.post(steps.Go())
    conductor.post(steps.RecordFailed(conductor.state.turn, DeviceError("There is no microphone"), None))
    interview.board.offer("Headset")
    (banner,) = banners(interview).values()
    with qtbot.waitSignal(interview.board.instead_wanted) as wanted:
        banner.action.click()
    assert banner.fact.text() == "Another microphone is there: Headset"
    assert wanted.args == ["Headset"]
    assert banners(interview) == {}


def test_an_offer_that_is_over_goes(interview, conductor):
    cut_short(conductor)
    interview.board.offer("Headset")
    interview.board.offer("")
    (banner,) = banners(interview).values()
    assert banner.action is None


def test_beside_a_full_disk_stands_no_microphone(interview, conductor):
    cut_short(conductor, StoreError("The disk is full"))
    interview.board.offer("Headset")
    shown = banners(interview)
    assert shown["state"].action is None
    assert shown["instead"].action.text() == "Use Headset instead"


def test_a_long_name_is_cut_on_the_button_only(interview):
    interview.board.offer("HDA Intel PCH: ALC257 Analog (hw:0,0)")
    (banner,) = banners(interview).values()
    assert banner.action.text() == "Use HDA Intel PCH: ALC257 Analog (h… instead"
    assert "(hw:0,0)" in banner.fact.text()


def test_the_system_s_own_microphone_is_called_so(interview):
    interview.board.offer("default")
    (banner,) = banners(interview).values()
    assert banner.action.text() == "Use the system's microphone instead"
    assert "“" not in banner.fact.text()
