"""What is drawn by hand, looked at dot by dot: marks stand out from what they are drawn on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QWidget

from interviewer.core.models import Pause
from interviewer.core.settings import Appearance
from interviewer.core.trend_series import series
from interviewer.core.trends import Measure, Scope, within
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.pace_plot import PacePlot
from interviewer.gui.widgets.trend_plot import TrendPlot
from interviewer.gui.widgets.wave_plot import WavePlot
from tests.gui.fakes import attempt
from tests.gui.test_wave_plot import envelope
from tests.gui.trends_page import row, trends

looks = pytest.mark.parametrize("look", [Appearance.LIGHT, Appearance.DARK], ids=["light", "dark"])


@pytest.fixture
def theme(qapp, look):
    return Theme(qapp, look)


def on_a_card(qtbot, widget):
    """Show a widget on the ground that it has in the window."""
    host = QWidget()
    qtbot.addWidget(host)
    host.setStyleSheet("background: palette(base);")
    host.resize(700, 240)
    widget.setParent(host)
    widget.resize(700, 240)
    with qtbot.waitExposed(host):
        host.show()
    return host


@looks
def test_the_line_of_the_player_is_seen_before_the_wave(qtbot, theme):
    wave = WavePlot(theme)
    host = on_a_card(qtbot, wave)
    wave.show_wave(envelope())
    qtbot.waitUntil(lambda: wave.canvas is not None and wave.canvas.width() > 600, timeout=20_000)
    wave.follow(5.65)  # where it is loud
    at = wave.canvas.mapTo(host, wave.canvas.place_of(5.65))
    seen = host.grab().toImage()
    line = {seen.pixelColor(at + QPoint(step, 8)).name() for step in range(-1, 2)}
    beside = {seen.pixelColor(at + QPoint(step, 8)).name() for step in (-3, -2, 2, 3)}
    around = {seen.pixelColor(at + QPoint(step, 8)).name() for step in (-8, 8)}
    assert theme.colour("text").name() in line
    assert theme.colour("surface").name() in beside
    assert around == {theme.colour("accent").name()}


@looks
def test_a_pause_is_seen_in_the_pace(qtbot, theme):
    delivery = attempt(1).delivery
    plain = PacePlot(theme, replace(delivery, pauses=()))
    paused = PacePlot(theme, replace(delivery, pauses=(Pause(20.0, 24.0),)))
    edge = theme.colour("edge").rgb()
    counts = []
    for plot in (plain, paused):
        host = on_a_card(qtbot, plot)
        seen = host.grab().toImage()
        area = (range(int(plot._x(20.0)) - 1, int(plot._x(24.0)) + 2), range(30, int(plot._floor)))
        counts.append(sum(seen.pixel(x, y) == edge for x in area[0] for y in area[1]))
    assert counts[1] - counts[0] >= 2 * len(area[1])


@looks
def test_the_line_is_seen_before_many_dots(qtbot, theme):
    found = trends(*(row(f"a{i}", day=i / 10, value=50.0 + i % 3) for i in range(400)))
    plot = TrendPlot(theme)
    host = on_a_card(qtbot, plot)
    plot.show_series(found, series(found, within(found, Scope()), Measure.SCORE), Measure.SCORE)
    qtbot.waitUntil(lambda: plot.canvas is not None and plot.canvas.width() > 600, timeout=20_000)
    (one,) = plot._series
    scene = plot.canvas.getViewBox().mapViewToScene(_at(one, len(one.line) // 2))
    at = plot.canvas.mapTo(host, plot.canvas.mapFromScene(scene))
    seen = host.grab().toImage()
    near = [seen.pixelColor(at + QPoint(0, step)).name() for step in range(-5, 6)]
    assert theme.colour("text").name() in near
    assert theme.colour("surface").name() in near


def _at(one, place):
    return QPointF(float(one.line_s[place]), float(one.line[place]))
