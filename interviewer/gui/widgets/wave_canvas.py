"""Draws a recording with pyqtgraph. Only `wave_plot` imports this, once pyqtgraph is there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from interviewer.core.delivery import is_long
from interviewer.core.envelope import COLUMNS_A_SECOND, Envelope
from interviewer.core.models import Coverage, Pause, Span
from interviewer.gui.clock import clock
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import literal

Point = tuple[Span, Coverage, str]
"""Where a point was made, how well, and what to say of it."""

SHAPES = {
    Coverage.COVERED: ("o", "good"),
    Coverage.PARTLY: ("t1", "warn"),
    Coverage.CONTRADICTED: ("x", "bad"),
    Coverage.MISSED: ("d", "muted"),
}
LANE = (1.12, 1.55)
"""Where the points stand, above a wave of -1 to 1."""
SPEECH = (-1.24, -1.14)
QUIETEST = 0.05
"""A wave is drawn as high as the room allows, but a silence of less than this is not blown up into noise."""
DRAG_PX = 4
SHORTEST_VIEW_S = 2.0
ZOOM = 1.25


class WaveCanvas(pg.PlotWidget):
    """The wave and its marks. It says what the pointer asks for and decides nothing."""

    dragged = Signal(object, bool)  # Span, whether the button was let go
    clicked = Signal(float)  # seconds
    point_clicked = Signal(object)  # Span

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, background=None, axisItems={"bottom": _ClockAxis("bottom")})
        self._theme = theme
        self._envelope: Envelope | None = None
        self._points: tuple[Point, ...] = ()
        self._pauses: tuple[Pause, ...] = ()
        self._speech: tuple[Span, ...] = ()
        self._pressed: QPointF | None = None
        self._marks: list[pg.GraphicsObject] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        # What is behind shows, in whatever look: the scene keeps the palette that it was made with.
        self.setStyleSheet("background: transparent; border: none;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.hideAxis("left")
        self.setYRange(SPEECH[0], LANE[1], padding=0)
        self._low, self._high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._body = pg.FillBetweenItem(self._low, self._high)
        self._chosen = pg.LinearRegionItem(movable=False)
        self._chosen.setZValue(-20)
        # On the wave the line alone would hardly be seen: around it is a strip of the ground.
        self._head = pg.InfiniteLine(angle=90)
        self._heads = pg.InfiniteLine(angle=90), self._head
        for item in (self._chosen, self._body, *self._heads):
            self.addItem(item)
        self._chosen.hide()
        for height, head in enumerate(self._heads, 20):
            head.setZValue(height)
            head.hide()
        self.getViewBox().sigXRangeChanged.connect(self._on_range_changed)
        self.recolour()

    def show_wave(self, envelope: Envelope | None) -> None:
        """Show another recording from its beginning to its end."""
        self._envelope = envelope
        seconds = envelope.seconds if envelope else 1.0
        self.getViewBox().setLimits(xMin=0, xMax=seconds)
        self.setXRange(0, seconds, padding=0)
        self._draw_wave()

    def mark(self, speech: Sequence[Span], pauses: Sequence[Pause], points: Sequence[Point]) -> None:
        """Mark what is known of the recording in place of what is marked."""
        self._speech, self._pauses, self._points = tuple(speech), tuple(pauses), tuple(points)
        self._draw_marks()

    def choose(self, span: Span | None, *, looped: bool) -> None:
        """Show which stretch is chosen, and whether it is gone round."""
        self._chosen.setVisible(span is not None)
        if span is not None:
            self._chosen.setRegion((span.start_s, span.end_s))
        colour = self._theme.colour("accent")
        style = Qt.PenStyle.SolidLine if looped else Qt.PenStyle.DotLine
        for line in self._chosen.lines:
            line.setPen(pg.mkPen(colour, width=2, style=style))

    def follow(self, seconds: float) -> None:
        """Put the line at this second, and the view where it is seen; below 0 there is none."""
        for head in self._heads:
            head.setVisible(seconds >= 0)
            head.setPos(max(0.0, seconds))
        if seconds < 0:
            return
        first, last = self.getViewBox().viewRange()[0]
        if not first <= seconds <= last:
            self.setXRange(seconds, seconds + last - first, padding=0)

    def zoom(self, factor: float, around_s: float) -> None:
        """Show `factor` times as little, with this second where it was."""
        if self._envelope is None:
            return
        first, last = self.getViewBox().viewRange()[0]
        whole = self._envelope.seconds
        width = min(whole, max(min(SHORTEST_VIEW_S, whole), (last - first) / factor))
        share = (min(last, max(first, around_s)) - first) / (last - first)
        start = min(max(0.0, around_s - share * width), whole - width)
        self.setXRange(start, start + width, padding=0)

    def recolour(self) -> None:
        """Take the colours of the look in use."""
        colour = self._theme.colour
        self._body.setBrush(colour("accent"))
        soft = colour("accent_soft")
        self._chosen.setBrush(soft)
        for head, name, width in zip(self._heads, ("surface", "text"), (6, 2), strict=True):
            head.setPen(pg.mkPen(colour(name), width=width))
        axis = self.getAxis("bottom")
        axis.setPen(colour("edge"))
        axis.setTextPen(colour("muted"))
        axis.setStyle(tickFont=self._theme.font("caption"), tickLength=-4)
        self._draw_marks()

    # --- drawing -----------------------------------------------------------------------

    def _on_range_changed(self) -> None:
        self._draw_wave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw as many columns as there are pixels now."""
        super().resizeEvent(event)
        if hasattr(self, "_body"):  # the base class is resized while it is made
            self._draw_wave()

    def _draw_wave(self) -> None:
        envelope = self._envelope
        if envelope is None or not len(envelope.low):
            for curve in (self._low, self._high):
                curve.setData([], [])
            return
        first, last = (round(at * COLUMNS_A_SECOND) for at in self.getViewBox().viewRange()[0])
        first, last = max(0, first - 1), min(len(envelope.low), last + 1)
        step = max(1, (last - first) // max(1, round(self.width() * self.devicePixelRatioF())))
        starts = np.arange(first, last, step)
        if not len(starts):
            return
        height = 1.0 / max(QUIETEST, float(max(-envelope.low.min(), envelope.high.max())))
        low = np.minimum.reduceat(envelope.low[:last], starts) * height
        high = np.maximum.reduceat(envelope.high[:last], starts) * height
        # Silence is a thin line, not nothing.
        low, high = np.minimum(low, -0.012), np.maximum(high, 0.012)
        middles = (starts + step / 2) / COLUMNS_A_SECOND
        self._low.setData(middles, low)
        self._high.setData(middles, high)

    def _draw_marks(self) -> None:
        for item in self._marks:
            self.removeItem(item)
        self._marks = [*self._speech_marks(), *map(self._pause_mark, self._pauses), *self._point_marks()]
        for item in self._marks:
            self.addItem(item)

    def _speech_marks(self) -> list[pg.GraphicsObject]:
        if not self._speech:
            return []
        starts = [one.start_s for one in self._speech]
        lengths = [one.end_s - one.start_s for one in self._speech]
        bars = pg.BarGraphItem(
            x0=starts, width=lengths, y0=SPEECH[0], y1=SPEECH[1], pen=None, brush=self._theme.colour("edge")
        )
        return [bars]

    def _pause_mark(self, pause: Pause) -> pg.GraphicsObject:
        colour = self._theme.colour("bad" if is_long(pause) else "warn")
        hatched = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        region = pg.LinearRegionItem(
            (pause.start_s, pause.end_s), movable=False, brush=hatched, pen=pg.mkPen(None), span=(0.08, 0.82)
        )
        region.setZValue(-10)
        return region

    def _point_marks(self) -> list[pg.GraphicsObject]:
        made: list[pg.GraphicsObject] = []
        for span, coverage, _ in self._points:
            shape, tone = SHAPES[coverage]
            colour = self._theme.colour(tone)
            level = (LANE[0] + LANE[1]) / 2
            pen = pg.mkPen(colour, width=3)
            made.append(pg.PlotCurveItem([span.start_s, span.end_s], [level, level], pen=pen))
            hollow = coverage is Coverage.MISSED
            dot = pg.ScatterPlotItem(
                [span.start_s],
                [level],
                symbol=shape,
                size=13,
                pen=pg.mkPen(colour, width=2),
                brush=None if hollow else colour,
            )
            dot.setZValue(10)
            made.append(dot)
        return made

    # --- the pointer -------------------------------------------------------------------

    def _at(self, where: QPointF) -> QPointF:
        return self.getViewBox().mapSceneToView(self.mapToScene(where.toPoint()))

    def second_at(self, where: QPointF) -> float:
        """Return the second under a place of the widget, inside the recording."""
        seconds = self._envelope.seconds if self._envelope else 0.0
        return min(seconds, max(0.0, self._at(where).x()))

    def place_of(self, seconds: float) -> QPoint:
        """Return the place of the widget where this second of the wave is."""
        return self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(seconds, 0.0)))

    def point_at(self, where: QPointF) -> Point | None:
        """Return the point marked under a place of the widget, or None."""
        at = self._at(where)
        if at.y() < LANE[0]:
            return None
        first, last = self.getViewBox().viewRange()[0]
        near = (last - first) * 8 / max(1, self.width())
        under = (p for p in self._points if p[0].start_s - near <= at.x() <= p[0].end_s + near)
        return min(under, key=lambda point: abs(point[0].start_s - at.x()), default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a selection."""
        if event.button() is Qt.MouseButton.LeftButton and self._envelope is not None:
            self._pressed = event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag chooses a stretch."""
        if self._pressed is not None and abs(event.position().x() - self._pressed.x()) >= DRAG_PX:
            self.dragged.emit(self._between(event.position()), False)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for a place or a point, a drag for its stretch."""
        event.accept()
        pressed, now = self._pressed, event.position()
        if pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if abs(now.x() - pressed.x()) >= DRAG_PX:
            self.dragged.emit(self._between(now), True)
        elif (point := self.point_at(now)) is not None:
            self.point_clicked.emit(point[0])
        else:
            self.clicked.emit(self.second_at(now))
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click is a click."""
        self.mousePressEvent(event)

    def _between(self, now: QPointF) -> Span:
        assert self._pressed is not None
        return Span(*sorted((self.second_at(self._pressed), self.second_at(now))))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; without, leave scrolling to the page."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(ZOOM if event.angleDelta().y() > 0 else 1 / ZOOM, self.second_at(event.position()))
            event.accept()
        else:
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a point is while the pointer rests on it."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self.point_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), literal(point[2]) if point else "")
            return True
        return bool(super().viewportEvent(event))


class _ClockAxis(pg.AxisItem):
    """Minutes and seconds."""

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Return each as 1:05, with a tenth where they are closer than a second."""
        if spacing >= 1:
            return [clock(value + 1e-6) for value in values]
        return [f"{clock(value + 1e-6)}.{int(value * 10 + 1e-3) % 10}" for value in values]
