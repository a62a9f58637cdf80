"""The wave of a recording: what it shows, and what pointer and keys ask for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from interviewer.core.envelope import Envelope
from interviewer.core.models import Coverage, Pause, Span
from interviewer.core.settings import Appearance
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.wave_plot import WavePlot

POINTS = ((Span(1.0, 2.0), Coverage.COVERED, "a <b>point</b>"), (Span(7.0, 8.0), Coverage.PARTLY, "another"))


def envelope(seconds: float = 10.0) -> Envelope:
    reach = np.abs(np.sin(np.arange(round(seconds * 100)) / 40)).astype(np.float32) * 0.4
    return Envelope(seconds, -reach, reach)


@pytest.fixture
def theme(qapp):
    return Theme(QApplication.instance(), Appearance.LIGHT)


@pytest.fixture
def wave(qtbot, theme):
    made = WavePlot(theme)
    qtbot.addWidget(made)
    made.resize(900, 220)
    made.show_wave(envelope())
    with qtbot.waitActive(made):
        made.show()
    qtbot.waitUntil(lambda: made.canvas is not None, timeout=20_000)
    made.setFocus()
    qtbot.waitUntil(lambda: made.canvas.width() > 800)
    return made


def asked(signal) -> list[object]:
    heard: list[object] = []
    signal.connect(heard.append)
    return heard


def drag(qtbot, wave, first_s, last_s):
    view = wave.canvas.viewport()
    first, last = wave.canvas.place_of(first_s), wave.canvas.place_of(last_s)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(view, (first + last) / 2)
    qtbot.mouseMove(view, last)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=last)


def test_pyqtgraph_is_not_imported_before_a_wave_is_looked_at():
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from interviewer.gui.theme import Theme\n"
        "from interviewer.gui.widgets.wave_plot import WavePlot\n"
        "app = QApplication([])\n"
        "wave = WavePlot(Theme(app))\n"
        "sys.exit('pyqtgraph' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_click_asks_for_its_second(qtbot, wave):
    wanted = asked(wave.place_wanted)
    qtbot.mouseClick(wave.canvas.viewport(), Qt.MouseButton.LeftButton, pos=wave.canvas.place_of(4.0))
    assert wanted == [pytest.approx(4.0, abs=0.02)]


def test_a_drag_asks_for_its_stretch_in_either_direction(qtbot, wave):
    wanted = asked(wave.moment_wanted)
    drag(qtbot, wave, 3.0, 5.0)
    drag(qtbot, wave, 5.0, 3.0)
    assert [(round(s.start_s, 1), round(s.end_s, 1)) for s in wanted] == [(3.0, 5.0), (3.0, 5.0)]
    assert wave.chosen == wanted[-1]


def test_a_drag_that_leaves_the_wave_ends_with_the_recording(qtbot, wave):
    wanted = asked(wave.moment_wanted)
    drag(qtbot, wave, 9.0, 30.0)
    assert wanted[0].end_s == 10.0


def test_a_point_asks_for_where_it_was_made(qtbot, wave):
    wave.mark((), (), POINTS)
    wanted = asked(wave.moment_wanted)
    spot = QPoint(wave.canvas.place_of(1.0).x(), 12)
    qtbot.mouseClick(wave.canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert wanted == [Span(1.0, 2.0)]


def test_the_place_that_sounds_is_seen_once_the_wave_is_drawn(qtbot, theme):
    made = WavePlot(theme)
    qtbot.addWidget(made)
    made.show_wave(envelope())
    made.follow(3.0)
    made.show()
    qtbot.waitUntil(lambda: made.canvas is not None, timeout=20_000)
    assert made.canvas._head.isVisible()
    assert made.canvas._head.value() == 3.0


def test_keys_choose_a_stretch_and_hear_it(qtbot, wave):
    wanted = asked(wave.moment_wanted)
    wave.follow(2.0)
    for _ in range(3):
        qtbot.keyClick(wave, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(wave, Qt.Key.Key_Return)
    assert wanted == [Span(2.0, 3.5)]


def test_keys_take_a_stretch_back(qtbot, wave):
    wave.follow(2.0)
    qtbot.keyClick(wave, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(wave, Qt.Key.Key_Backspace)
    assert wave.chosen is None


def test_enter_without_a_stretch_asks_for_the_place_that_sounded_last(qtbot, wave):
    wanted = asked(wave.place_wanted)
    wave.follow(6.0)
    wave.follow(-1.0)
    qtbot.keyClick(wave, Qt.Key.Key_Return)
    assert wanted == [6.0]


def test_keys_go_from_mark_to_mark(qtbot, wave):
    wave.mark((), (Pause(4.0, 5.5),), POINTS)
    seen = []
    for key in (Qt.Key.Key_Right,) * 4 + (Qt.Key.Key_Left,):
        qtbot.keyClick(wave, key, Qt.KeyboardModifier.ControlModifier)
        seen.append(wave.chosen.start_s)
    assert seen == [1.0, 4.0, 7.0, 7.0, 4.0]


def test_keys_look_closer_and_back(qtbot, wave):
    wave.follow(5.0)
    qtbot.keyClick(wave, Qt.Key.Key_Up)
    first, last = wave.canvas.getViewBox().viewRange()[0]
    assert (first, last) == (pytest.approx(2.5), pytest.approx(7.5))
    qtbot.keyClick(wave, Qt.Key.Key_Down)
    assert wave.canvas.getViewBox().viewRange()[0] == [pytest.approx(0.0), pytest.approx(10.0)]


def test_looking_closer_never_leaves_the_place_that_sounds(wave):
    wave.canvas.zoom(4.0, 1.0)
    wave.follow(8.0)
    first, last = wave.canvas.getViewBox().viewRange()[0]
    assert first <= 8.0 <= last


def test_marks_are_said_in_words(wave):
    wave.mark((Span(0, 9),), (Pause(4.0, 5.5),), POINTS)
    said = wave.accessibleDescription()
    assert "Pauses marked: 1" in said
    assert "covered at 0:01: a <b>point</b>" in said
    shapes = "Circle: covered; triangle: partly covered; hatched: a pause; line below: speech."
    assert wave.legend.text().startswith(shapes)


def test_a_point_is_told_from_another_without_colour(wave):
    """Each state has a shape of its own."""
    from interviewer.gui.widgets.wave_canvas import SHAPES

    assert len({shape for shape, _ in SHAPES.values()}) == len(Coverage)


def test_silence_is_not_drawn_as_noise(wave):
    faint = np.full(1000, 0.001, dtype=np.float32)
    wave.show_wave(Envelope(10.0, -faint, faint))
    assert wave.canvas._high.getData()[1].max() < 0.05


def test_another_look_recolours_everything(qtbot, wave, theme):
    wave.mark((Span(0, 9),), (Pause(4.0, 5.5),), POINTS)

    theme.choose(Appearance.DARK)
    qtbot.waitUntil(lambda: wave.grab().toImage().pixelColor(450, 8).lightness() < 60)
    assert wave.canvas._body.brush().color() == theme.colour("accent")


def test_no_recording_shows_nothing_and_asks_for_nothing(qtbot, wave):
    wave.show_wave(None)
    wanted = asked(wave.place_wanted)
    qtbot.mouseClick(wave.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    qtbot.keyClick(wave, Qt.Key.Key_Return)
    assert wanted == []
    assert wave.legend.isHidden()
