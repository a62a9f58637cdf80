"""The bar that plays a recording: stretches, jumps, speed, loop, what it has ready."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from interviewer.core.bank import Order
from interviewer.core.envelope import Envelope
from interviewer.core.models import Mode, Span
from interviewer.core.settings import Appearance
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.player_bar import PlayerBar, Playing
from interviewer.gui.widgets.transcript_view import TranscriptView
from interviewer.gui.widgets.wave_plot import WavePlot
from tests.gui.fakes import clip, transcript


@pytest.fixture
def theme(qapp):
    return Theme(QApplication.instance(), Appearance.LIGHT)


@pytest.fixture
def page(qtbot):
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def bar(qtbot, page, conductor, theme):
    made = PlayerBar(conductor, theme)
    page.layout().addWidget(made)
    made.show_clip(clip())
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return made


def press(qtbot, page, *keys):
    for key in keys:
        qtbot.keyClick(page, key)


def test_a_stretch_is_played_exactly(bar, conductor):
    bar.play_span(Span(4.0, 5.5))
    assert conductor.calls == [("play", clip().path, 4.0, 5.5)]


def test_after_a_stretch_the_bar_stays_at_its_end(bar, conductor):
    bar.play_span(Span(4.0, 5.5))
    conductor.played_to.emit(5.4)
    conductor.playback_ended.emit()
    assert bar.slider.value() == 5_500


def test_after_a_stretch_that_was_stopped_it_is_back_at_the_beginning(bar):
    bar.play_span(Span(4.0, 5.5))
    bar.stop()
    assert bar.slider.value() == 0


def test_a_bar_that_may_not_play_does_not_claim_to(bar, conductor):
    conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    bar.toggle()
    bar.play_span(Span(4.0, 5.5))
    assert bar.playing is Playing.STOPPED
    assert bar.button.accessibleName() == "Play your answer"
    bar.hide()
    assert conductor.calls == []


def test_arrows_jump_three_seconds(qtbot, page, bar, conductor):
    bar.play_from(10.0)
    press(qtbot, page, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert conductor.calls[1:] == [("seek", 13.0), ("seek", 10.0), ("seek", 7.0)]


def test_a_jump_goes_no_further_than_the_recording(bar, conductor):
    bar.play_from(1.0)
    bar.jump(-3.0)
    bar.jump(99.0)
    assert conductor.calls[1:] == [("seek", 0.0), ("seek", 42.0)]


def test_a_jump_while_nothing_plays_chooses_where_playing_starts(qtbot, page, bar, conductor):
    places = []
    bar.moved.connect(places.append)
    press(qtbot, page, Qt.Key.Key_Right, Qt.Key.Key_Right)
    bar.toggle()
    assert places == [3.0, 6.0]
    assert conductor.calls == [("play", clip().path, 6.0)]


def test_the_speed_holds_for_what_is_played_next(bar, conductor):
    bar.set_speed(0.5)
    bar.toggle()
    assert conductor.speed == 0.5


def test_the_speed_changes_what_plays(bar, conductor):
    bar.toggle()
    bar.set_speed(1.5)
    assert conductor.calls[-1] == ("speed", 1.5)
    assert bar.pace.currentText() == "1.5×"


def test_the_speed_is_picked_from_a_list(qtbot, bar):
    bar.pace.setFocus()
    qtbot.keyClick(bar.pace, Qt.Key.Key_Down)
    assert bar.speed == 1.25


def test_keys_change_the_speed_step_by_step_to_its_bounds(qtbot, page, bar):
    press(qtbot, page, Qt.Key.Key_Minus)
    slower = bar.speed
    press(qtbot, page, *[Qt.Key.Key_Plus] * 9)
    faster = bar.speed
    press(qtbot, page, *[Qt.Key.Key_Minus] * 9)
    assert (slower, faster, bar.speed) == (0.75, 2.0, 0.5)


@pytest.mark.parametrize(("asked", "got"), [(0.1, 0.5), (9.0, 2.0)])
def test_a_speed_outside_its_bounds_is_the_nearest_inside(bar, asked, got):
    bar.set_speed(asked)
    assert bar.speed == got


def test_the_stretch_heard_last_is_repeated_on_request(qtbot, page, bar, conductor):
    bar.play_span(Span(4.0, 5.5))
    conductor.playback_ended.emit()
    press(qtbot, page, Qt.Key.Key_L)
    assert bar.loop == Span(4.0, 5.5)
    assert conductor.calls[-1] == ("play", clip().path, 4.0)
    assert conductor.loop == Span(4.0, 5.5)
    assert bar.round.isChecked()


def test_a_stretch_is_repeated_while_it_sounds(bar, conductor):
    bar.play_span(Span(4.0, 5.5))
    bar.round.click()
    assert conductor.calls[1:] == [("loop", Span(4.0, 5.5))]


def test_without_a_stretch_the_whole_recording_is_repeated(bar, conductor):
    bar.play_from(3.0)
    bar.round.click()
    assert conductor.calls[-1] == ("loop", Span(0.0, 42.0))


def test_a_loop_that_is_set_begins_with_its_beginning(bar, conductor):
    bar.play_from(20.0)
    bar.set_loop(Span(4.0, 5.5))
    assert conductor.calls[1:] == [("loop", Span(4.0, 5.5)), ("seek", 4.0)]


def test_a_loop_that_is_ended_goes_on(bar, conductor):
    bar.set_loop(Span(4.0, 5.5))
    bar.toggle()
    bar.round.click()
    assert bar.loop is None
    assert conductor.calls[-1] == ("loop", None)


def test_a_slip_of_the_hand_is_no_loop(bar):
    bar.play_span(Span(4.0, 4.1))
    bar.round.click()
    assert bar.loop is None
    assert not bar.round.isChecked()


def test_while_repeating_a_stretch_that_is_asked_for_is_the_one_repeated(bar, conductor):
    shown = []
    bar.loop_changed.connect(shown.append)
    bar.set_loop(Span(4.0, 5.5))
    bar.toggle()
    bar.play_span(Span(10.0, 11.0))
    assert (conductor.loop, shown[-1], bar.loop) == (Span(10.0, 11.0),) * 3
    assert conductor.calls[1:] == [("play", clip().path, 10.0)]
    assert bar.round.isChecked()


def test_while_repeating_a_slip_of_the_hand_is_heard_once(bar, conductor):
    bar.set_loop(Span(4.0, 5.5))
    bar.play_span(Span(10.0, 10.1))
    assert conductor.calls == [("play", clip().path, 10.0, 10.1)]
    assert not bar.round.isChecked()


def test_each_change_of_what_the_bar_does_is_told(bar, conductor):
    told = []
    bar.playing_changed.connect(told.append)
    for _ in range(3):
        bar.toggle()
    conductor.playback_ended.emit()
    assert told == [Playing.RUNNING, Playing.HELD, Playing.RUNNING, Playing.STOPPED]


def test_another_recording_has_no_loop(bar):
    bar.set_loop(Span(4.0, 5.5))
    bar.show_clip(clip(30.0))
    assert bar.loop is None


def test_the_recording_is_ready_while_the_bar_is_seen(page, bar, conductor):
    seen = conductor.prepared
    page.hide()
    hidden = conductor.prepared
    page.show()
    assert (seen, hidden, conductor.prepared) == (clip().path, None, clip().path)


def test_keys_do_nothing_to_what_is_typed(qtbot, page, bar, conductor):
    line = QLineEdit()
    page.layout().addWidget(line)
    line.show()
    line.setFocus()
    qtbot.keyClicks(line, "L-+=")
    assert line.text() == "L-+="
    assert (bar.loop, bar.speed) == (None, 1.0)


def test_arrows_move_the_cursor_of_a_text_that_has_the_focus(qtbot, page, bar, conductor, theme):
    text = TranscriptView(theme, "Your answer")
    text.show_transcript(transcript())
    page.layout().addWidget(text)
    text.show()
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Right)
    assert text.textCursor().position() == 1
    assert bar.slider.value() == 0


def test_two_bars_may_share_a_page_when_one_has_the_keys(qtbot, page, bar, conductor, theme):
    other = PlayerBar(conductor, theme, keys=False)
    other.show_clip(clip(30.0, Path("/nowhere/other.wav")))
    page.layout().addWidget(other)
    press(qtbot, page, Qt.Key.Key_Right)
    assert (bar.slider.value(), other.slider.value()) == (3_000, 0)


# --- with a wave ---------------------------------------------------------------------------


@pytest.fixture
def wave(page, bar, theme):
    made = WavePlot(theme)
    page.layout().addWidget(made)
    bar.join(made)
    return made


def outline(seconds: float = 42.0) -> Envelope:
    flat = np.zeros(round(seconds * 100), dtype=np.float32)
    return Envelope(seconds, flat, flat)


def test_a_wave_asks_for_the_outline_of_what_the_bar_plays(bar, wave, conductor):
    conductor.wave_loaded.emit(clip().path, outline())
    assert conductor.waves == [clip().path]
    assert wave._envelope is not None


def test_the_same_recording_shown_again_is_not_outlined_again(bar, wave, conductor):
    conductor.wave_loaded.emit(clip().path, outline())
    bar.show_clip(clip())
    assert conductor.waves == [clip().path]
    assert wave._envelope is not None


def test_the_outline_of_another_recording_is_not_shown(bar, wave, conductor):
    conductor.wave_loaded.emit(Path("/nowhere/other.wav"), outline())
    assert wave._envelope is None


def test_marks_made_before_the_wave_is_there_stay(bar, wave, conductor):
    wave.mark((Span(0.0, 3.0),), (), ())
    conductor.wave_loaded.emit(clip().path, outline())
    assert wave._speech == (Span(0.0, 3.0),)


def test_a_recording_that_cannot_be_read_has_no_wave(bar, wave, conductor):
    conductor.wave_loaded.emit(clip().path, None)
    assert not wave.isVisible()


def test_what_a_wave_asks_for_is_played(bar, wave, conductor):
    wave.place_wanted.emit(2.0)
    wave.moment_wanted.emit(Span(3.0, 4.0))
    assert [call[2:] for call in conductor.calls if call[0] == "play"] == [(2.0,), (3.0, 4.0)]
    assert bar.playing is Playing.RUNNING


def test_the_line_of_another_recording_is_not_where_that_of_the_last_was(qtbot, bar, wave, conductor):
    conductor.wave_loaded.emit(clip().path, outline())
    qtbot.waitUntil(lambda: wave.canvas is not None, timeout=20_000)
    bar.jump(6.0)
    assert wave.canvas._head.isVisible()
    other = clip(30.0, Path("/nowhere/other.wav"))
    bar.show_clip(other)
    conductor.wave_loaded.emit(other.path, outline(30.0))
    assert not wave.canvas._head.isVisible()


def test_a_wave_that_comes_late_has_the_line_where_it_sounds(qtbot, bar, wave, conductor):
    bar.toggle()
    conductor.played_to.emit(3.0)
    conductor.wave_loaded.emit(clip().path, outline())
    qtbot.waitUntil(lambda: wave.canvas is not None, timeout=20_000)
    assert wave.canvas._head.value() == 3.0


def test_without_a_recording_there_is_no_wave(bar, wave):
    bar.show_clip(None)
    assert not wave.isVisible()
    assert not bar.isVisible()
