"""Colours, sizes, and what importing the window costs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QPushButton

from interviewer.core import steps
from interviewer.core.paths import asset
from interviewer.core.settings import Appearance
from interviewer.gui.theme import Theme, read_tokens
from interviewer.gui.widgets.level_meter import fraction_of
from interviewer.gui.widgets.pace_plot import DOUBT_ALPHA
from interviewer.gui.widgets.progress_line import ProgressLine
from interviewer.gui.widgets.rail import Place
from interviewer.gui.widgets.trend_canvas import EDGE_ALPHA
from tests.gui.fakes import session

TOKENS = read_tokens()
GUI = Path(__file__).parents[2] / "interviewer" / "gui"


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3])
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    *((text, ground) for text in ("text", "muted") for ground in ("canvas", "surface", "sunken", "accent_soft")),
    *((text, ground) for text in ("accent", "good", "warn", "bad", "live") for ground in ("canvas", "surface")),
    *((text, ground) for text in ("accent", "good", "warn", "bad") for ground in ("accent_soft", "sunken")),
    *(("text", f"{tone}_soft") for tone in ("good", "warn", "bad")),
    *(("accent", f"{tone}_soft") for tone in ("good", "warn", "bad")),
    *(("muted", f"{tone}_soft") for tone in ("good", "accent")),
    ("text", "line"),
    ("text", "mark"),
    *((tone, f"{tone}_soft") for tone in ("good", "warn", "bad")),
    ("on_accent", "accent"),
    ("on_accent", "accent_strong"),
]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(look, text, ground):
    colours = TOKENS[look]
    assert contrast(colours[text], colours[ground]) >= 4.5


DRAWN_ON = [
    *(("edge", ground, 255) for ground in ("canvas", "surface", "sunken", "good_soft")),
    *(("accent", ground, 255) for ground in ("canvas", "surface", "sunken", "line", "accent_soft", "good_soft")),
    *((tone, "surface", 255) for tone in ("good", "warn", "bad", "muted", "text", "live")),
    *((dots, ground, EDGE_ALPHA) for dots in ("accent", "muted") for ground in ("surface", "good_soft")),
    *(("accent", ground, DOUBT_ALPHA) for ground in ("surface", "good_soft")),
    # A line before a wave or among dots stands in a strip of the ground.
    ("text", "surface", 255),
    ("surface", "accent", 255),
    ("on_accent", "accent", 255),
]
"""What is drawn, on what ground, and how much of it is seen, of 255."""


def blended(colour: str, ground: str, alpha: int) -> str:
    """Return what is seen of a colour that lets its ground shine through."""
    above, below = QColor(colour).getRgbF()[:3], QColor(ground).getRgbF()[:3]
    share = alpha / 255
    return QColor.fromRgbF(*(share * a + (1 - share) * b for a, b in zip(above, below, strict=True))).name()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("colour", "ground", "alpha"), DRAWN_ON)
def test_what_is_drawn_can_be_seen_on_its_ground(look, colour, ground, alpha):
    colours = TOKENS[look]
    assert contrast(blended(colours[colour], colours[ground], alpha), colours[ground]) >= 3.0


def test_both_looks_have_the_same_colours():
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_desktop_that_does_not_say_gets_the_light_look(qapp):
    assert qapp.styleHints().colorScheme() is Qt.ColorScheme.Unknown
    assert not Theme(qapp, Appearance.SYSTEM).dark


def test_a_change_of_look_is_told_once(qtbot, qapp):
    theme = Theme(qapp, Appearance.LIGHT)
    told = []
    theme.changed.connect(lambda: told.append(theme.dark))
    theme.choose(Appearance.DARK)
    theme.choose(Appearance.DARK)
    assert told == [True]


def test_a_look_can_be_applied_before_there_is_a_window(qapp):
    Theme(qapp, Appearance.DARK)
    assert qapp.palette().window().color() == QColor(TOKENS["dark"]["canvas"])


@pytest.mark.parametrize("path", [*sorted(asset("icons").glob("*.svg")), asset("icon.svg")], ids=lambda p: p.stem)
def test_every_icon_can_be_drawn(qapp, path):
    assert QSvgRenderer(str(path)).isValid()


def test_icons_take_the_colour_they_are_given(qapp):
    theme = Theme(qapp, Appearance.LIGHT)
    image = theme.pixmap("stop", "bad", 24).toImage()
    assert image.pixelColor(24, 24) == QColor(TOKENS["light"]["bad"])


# --- room ------------------------------------------------------------------------------------


def cramped(window):
    QApplication.processEvents()
    return [b.text() for b in window.findChildren(QPushButton) if b.isVisible() and b.width() < b.sizeHint().width()]


def test_no_button_is_cut_off_in_the_smallest_window(window, conductor, library):
    window.resize(960, 640)
    library.sessions = (session(),)
    conductor.begin(5, window._settings.current.order, window._settings.current.mode)
    assert cramped(window) == []
    conductor.ask_done()
    assert cramped(window) == []
    conductor.post(steps.Go())
    conductor.microphone_live()
    assert cramped(window) == []
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed(rough=True)
    conductor.scored()
    assert cramped(window) == []
    conductor.post(steps.End())
    assert cramped(window) == []
    for place in Place:
        window.go_to(place)
        assert cramped(window) == []


def test_text_is_not_wider_than_the_eye_can_follow(window):
    window.resize(1920, 1080)
    QApplication.processEvents()
    assert window.shelf.start.start.parentWidget().width() <= 1040


@pytest.mark.parametrize(("peak", "full"), [(0.0, 0.0), (1.0, 1.0), (0.001, 0.0), (0.1259, 2 / 3)])
def test_the_level_is_linear_in_decibels(peak, full):
    assert fraction_of(peak) == pytest.approx(full, abs=0.01)


def test_the_window_is_not_turned_round_where_the_system_reads_from_right_to_left():
    code = "from interviewer.opening import application; print(application(['x', '-reverse']).layoutDirection().name)"
    run = partial(subprocess.run, capture_output=True, text=True, timeout=60)
    done = run([sys.executable, "-c", code], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert done.stdout.strip() == "LeftToRight"


# --- what it costs ---------------------------------------------------------------------------


def test_the_window_imports_nothing_heavy():
    code = (
        "import sys, interviewer.gui.main_window as m; "
        "heavy = {'torch', 'whisper', 'httpx', 'sounddevice', 'sqlalchemy', 'scipy', 'transformers'}; "
        "heavy.add('PySide6.QtNetwork'); "
        "late = {n for n in sys.modules if n.startswith('interviewer.gui.pages.')} - "
        "{'interviewer.gui.pages.' + n for n in ('page', 'start', 'stopped', 'readiness')}; "
        "print(sorted(heavy & set(sys.modules)), sorted(late))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.strip() == "[] []"


def test_no_signal_is_connected_to_a_lambda():
    offenders = [
        f"{path.name}:{node.lineno}"
        for path in GUI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "connect"
        and any(isinstance(a, ast.Lambda) for a in node.args)
    ]
    assert offenders == []


def test_work_without_a_known_end_moves_only_while_it_is_seen(qtbot, qapp):
    line = ProgressLine(Theme(qapp, Appearance.LIGHT))
    qtbot.addWidget(line)
    assert not line._timer.isActive()
    line.show()
    assert line._timer.isActive()
    with qtbot.waitSignal(line._timer.timeout, timeout=2000):
        pass
    line.show_fraction(0.5)
    assert not line._timer.isActive()
    assert line.value() == 500


def test_the_desktop_going_dark_is_followed(qapp, monkeypatch):
    theme = Theme(qapp, Appearance.SYSTEM)
    monkeypatch.setattr(type(qapp.styleHints()), "colorScheme", lambda _: Qt.ColorScheme.Dark)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.dark


def test_a_chosen_look_does_not_follow_the_desktop(qapp, monkeypatch):
    theme = Theme(qapp, Appearance.LIGHT)
    monkeypatch.setattr(type(qapp.styleHints()), "colorScheme", lambda _: Qt.ColorScheme.Dark)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.dark
