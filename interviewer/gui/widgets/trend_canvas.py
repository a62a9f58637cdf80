"""Draws trends with pyqtgraph. Only `trend_plot` imports this, once pyqtgraph is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from interviewer.core.trend_series import ADVISED, Series, span, thinned, time_marks, time_span
from interviewer.core.trends import Floats, Ints, Kind, Measure, Trends
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import literal

SHAPES = {Kind.ANSWER: "o", Kind.OPEN: "d", Kind.FOLLOW_UP: "t1"}
DOT_PX = 9
NEAR_PX = 10
"""A click counts for the nearest dot that is not further away."""
CELL_PX = (6.0, 5.0)
"""Dots nearer than this to each other cannot be told apart: only the last is drawn."""
MANY = 300
"""With more dots than this those behind shine through, and the line is seen before them."""
FILL_ALPHA, EDGE_ALPHA = 110, 200
"""How much of many dots is seen, of 255: what is behind shines through the fill, and the edge marks the dot."""
MARK_PX = 105
"""Room for one mark of the axis of time."""


class TrendCanvas(pg.PlotWidget):
    """Dots, lines and the stretch that is advised. It says what the pointer asks for and decides nothing."""

    clicked = Signal(int)  # place of the attempt in the trends

    def __init__(self, theme: Theme, words: Callable[[int], str], parent: QWidget) -> None:
        """`words` says what the dot of an attempt is, for who rests the pointer on it."""
        super().__init__(parent, background=None)
        self._theme = theme
        self._words = words
        self._trends: Trends | None = None
        self._series: tuple[Series, ...] = ()
        self._measure = Measure.SCORE
        self._drawn: Ints = np.empty(0, dtype=np.int32)
        self._at: Floats = np.empty((2, 0))
        self._items: list[pg.GraphicsObject] = []
        self._chosen: tuple[float, float, float, float] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        # What is behind shows, in whatever look: the scene keeps the palette that it was made with.
        self.setStyleSheet("background: transparent; border: none;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.viewport().setMouseTracking(True)
        self.recolour()

    def show_series(self, trends: Trends, found: Sequence[Series], measure: Measure) -> None:
        """Show these in place of what is there, with nothing chosen."""
        self._trends, self._series, self._measure = trends, tuple(found), measure
        self._chosen = None
        if found:
            low, high = span(np.concatenate([one.figures for one in found]), measure)
            room = (high - low) * 0.06
            self.setYRange(low - room, high + room, padding=0)
            first_s, last_s = time_span(np.concatenate([trends.local_s[one.places] for one in found]))
            self.setXRange(first_s, last_s, padding=0)
        self._draw()

    def choose(self, at: tuple[float, float, float, float] | None) -> None:
        """Mark one attempt, by (local second, figure, lowest, highest), the bounds NaN where unknown; None for none."""
        self._chosen = at
        self._draw_chosen()

    def recolour(self) -> None:
        """Take the colours of the look in use."""
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(self._theme.colour("edge"))
            axis.setTextPen(self._theme.colour("muted"))
            axis.setStyle(tickFont=self._theme.font("caption"), tickLength=-4, maxTickLevel=0)
        self._draw()

    # --- drawing -----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw as many dots and marks as there is room for now."""
        super().resizeEvent(event)
        if hasattr(self, "_items"):  # the base class is resized while it is made
            self._draw()

    def _draw(self) -> None:
        for item in self._items:
            self.removeItem(item)
        self._items = []
        self._drawn, self._at = np.empty(0, dtype=np.int32), np.empty((2, 0))
        if self._trends is None or not self._series:
            return
        (first_s, last_s), (low, high) = self.getViewBox().viewRange()
        width, height = max(1.0, self.getViewBox().width()), max(1.0, self.getViewBox().height())
        self.getAxis("bottom").setTicks([time_marks(first_s, last_s, max(2, int(width / MARK_PX)))])
        cell = (last_s - first_s) / width * CELL_PX[0], (high - low) / height * CELL_PX[1]
        self._draw_advised()
        lines = [line for one in self._series if len(one.line) for line in self._lines(one)]
        for one in self._series:
            self._draw_dots(one, cell)
        for line in lines:
            self._add(line, 5)
        self._draw_chosen()

    def _add(self, item: pg.GraphicsObject, height: int) -> None:
        item.setZValue(height)
        self.addItem(item)
        self._items.append(item)

    def _draw_advised(self) -> None:
        if self._measure in ADVISED:
            region = pg.LinearRegionItem(
                ADVISED[self._measure],
                orientation="horizontal",
                movable=False,
                brush=self._theme.colour("good_soft"),
                pen=pg.mkPen(self._theme.colour("edge")),
            )
            self._add(region, -20)

    def _draw_dots(self, one: Series, cell: tuple[float, float]) -> None:
        assert self._trends is not None
        x, y = self._trends.local_s[one.places], one.figures
        kept = thinned(x, y, cell)
        self._drawn = np.concatenate([self._drawn, one.places[kept]])
        self._at = np.concatenate([self._at, np.stack([x[kept], y[kept]])], axis=1)
        edge = QColor(self._theme.colour("accent" if one.newest else "muted"))
        fill = QColor(edge)
        if sum(len(each.places) for each in self._series) > MANY:
            edge.setAlpha(EDGE_ALPHA)
            fill.setAlpha(FILL_ALPHA)
        brush = fill if one.newest else None
        pen = pg.mkPen(edge, width=1.5)
        self._add(
            pg.ScatterPlotItem(x[kept], y[kept], symbol=SHAPES[one.kind], size=DOT_PX, pen=pen, brush=brush),
            2 if one.newest else 1,
        )

    def _lines(self, one: Series) -> list[pg.GraphicsObject]:
        """Return the line and, before many dots, the strip of the ground that lifts it from them."""
        many = len(one.places) > MANY
        colour = self._theme.colour(("text" if many else "accent") if one.newest else "muted")
        style = Qt.PenStyle.SolidLine if one.newest and one.kind is Kind.ANSWER else Qt.PenStyle.DashLine
        pen = pg.mkPen(colour, width=2.5 if many else 1.5, style=style)
        pens = [pg.mkPen(self._theme.colour("surface"), width=6.5), pen] if many else [pen]
        return [pg.PlotCurveItem(one.line_s, one.line, pen=each, antialias=True) for each in pens]

    def _draw_chosen(self) -> None:
        for item in [i for i in self._items if i.zValue() >= 10]:
            self.removeItem(item)
            self._items.remove(item)
        if self._chosen is None:
            return
        x, y, low, high = self._chosen
        if low < high:
            pen = pg.mkPen(self._theme.colour("text"), width=2)
            self._add(pg.PlotCurveItem([x, x], [low, high], pen=pen), 10)
        # Among dots the ring would not be seen without a strip of the ground around it.
        for name, width in (("surface", 6.5), ("text", 2.5)):
            pen = pg.mkPen(self._theme.colour(name), width=width)
            self._add(pg.ScatterPlotItem([x], [y], symbol="o", size=DOT_PX + 8, pen=pen, brush=None), 11)

    # --- the pointer -------------------------------------------------------------------

    def place_of(self, place: int) -> QPointF | None:
        """Return where the dot of an attempt is in the widget; None where it is not drawn."""
        found = np.flatnonzero(self._drawn == place)
        if not len(found):
            return None
        x, y = self._at[:, found[0]]
        return QPointF(self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(x, y))))

    def dot_at(self, where: QPointF) -> int | None:
        """Return the attempt whose dot is nearest to a place of the widget; None where none is near."""
        if not len(self._drawn):
            return None
        at = self.getViewBox().mapSceneToView(self.mapToScene(where.toPoint()))
        x_px, y_px = self.getViewBox().viewPixelSize()
        away = np.hypot((self._at[0] - at.x()) / x_px, (self._at[1] - at.y()) / y_px)
        # Of those in one place the last drawn lies on top.
        nearest = len(away) - 1 - int(np.argmin(away[::-1]))
        return int(self._drawn[nearest]) if away[nearest] <= NEAR_PX else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press alone asks for nothing."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a dot asks for its attempt."""
        event.accept()
        place = self.dot_at(event.position())
        if place is not None and event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has opened already."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer that a dot can be clicked."""
        event.accept()
        over = self.dot_at(event.position()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a dot is while the pointer rests on it."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.dot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if place is None else literal(self._words(place)))
            return True
        return bool(super().viewportEvent(event))
