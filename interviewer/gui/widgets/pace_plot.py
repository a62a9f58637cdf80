"""How fast somebody spoke in the course of an answer, as a line in a band."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.core.heard import AsideKind, PacePoint
from interviewer.core.models import Delivery, Span
from interviewer.core.pace import WINDOW_S
from interviewer.gui.announcing import announce
from interviewer.gui.clock import clock
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.measures import point_words
from interviewer.gui.theme import Theme

EASY_WPM = (120.0, 160.0)
"""The band that is easy to follow; its source stands with `core.delivery.pace_band`."""
DOUBT_ALPHA = 180
"""How much of the edge of the shade of doubt is seen, of 255."""
_TOP_PX, _BOTTOM_PX, _LEFT_PX, _RIGHT_PX = 26.0, 34.0, 34.0, 8.0
_LEAST_WPM, _MOST_WPM = 80.0, 200.0


class PacePlot(QWidget):
    """Arrows go from moment to moment and say what is there; Enter and a click ask to hear it, where there is a sound.

    Times run from left to right, as in the waveform, whatever the direction of the text.
    """

    moment_wanted = Signal(object)  # Span

    def __init__(
        self, theme: Theme, delivery: Delivery, usual_wpm: float | None = None, *, hearable: bool = True
    ) -> None:
        super().__init__()
        self._theme = theme
        self._points: Sequence[PacePoint] = delivery.pace
        self._pauses = delivery.pauses
        fillers = (a for a in delivery.asides if a.kind is AsideKind.FILLER)
        self._fillers = [(a.start_s + a.end_s) / 2 for a in fillers if a.start_s is not None and a.end_s is not None]
        self._talk = Span(delivery.first_word_s, delivery.first_word_s + delivery.talk_s)
        self._usual_wpm = usual_wpm
        self._hearable = hearable
        self._chosen: int | None = None
        rates = [p.wpm for p in self._points]
        self._low = min(_LEAST_WPM, *(10.0 * (p.wpm // 10.0) for p in self._points))
        self._high = max(_MOST_WPM, *(p.wpm + 10.0 for p in self._points))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        if hearable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(self.sizeHint().height())
        self.setAccessibleName(f"Pace over time: {min(rates):.0f} to {max(rates):.0f} words a minute")
        plays = ", Enter plays the ten seconds around" if hearable else ""
        self.setAccessibleDescription(f"Arrows go through the answer{plays}.")
        self._keep = KeepKeys(self, (*ENTER, *_ARROWS) if hearable else _ARROWS)

    def sizeHint(self) -> QSize:
        """Return the size of a small plot."""
        return QSize(320, 150)

    @property
    def chosen(self) -> PacePoint | None:
        """The moment that is looked at."""
        return None if self._chosen is None else self._points[self._chosen]

    # --- looking ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End look at a moment, Enter plays it."""
        last, here, key = len(self._points) - 1, self._chosen, Qt.Key(event.key())
        if key in ENTER and self._hearable:
            self._play()
        elif key is Qt.Key.Key_Home:
            self._look(0)
        elif key is Qt.Key.Key_End:
            self._look(last)
        elif key is Qt.Key.Key_Right:
            self._look(0 if here is None else min(last, here + 1))
        elif key is Qt.Key.Key_Left:
            self._look(last if here is None else max(0, here - 1))
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at the moment under the pointer."""
        self._look(self._nearest(event.position().x()), say=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, or its end would go elsewhere."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Play the moment under the pointer."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._look(self._nearest(event.position().x()), say=False)
            self._play()

    def leaveEvent(self, event: QEvent) -> None:
        """Look at nothing, unless the keyboard does."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._chosen = None
            self.update()

    def _look(self, place: int, *, say: bool = True) -> None:
        self._chosen = place
        if say:
            announce(self, _words(self._points[place]))
        self.update()

    def _play(self) -> None:
        if self._hearable and (point := self.chosen) is not None:
            half = min(WINDOW_S, self._talk.end_s - self._talk.start_s) / 2
            self.moment_wanted.emit(Span(max(0.0, point.at_s - half), point.at_s + half))

    def _nearest(self, x: float) -> int:
        return min(range(len(self._points)), key=[abs(self._x(p.at_s) - x) for p in self._points].__getitem__)

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the easy band, pauses, the shade of doubt, the line, fillers and what is looked at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        painter.setFont(self._theme.font("caption"))
        self._paint_ground(painter)
        self._paint_line(painter)
        self._paint_fillers(painter)
        self._paint_times(painter)
        self._paint_chosen(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        right = self.width() - _RIGHT_PX
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("good_soft"))
        painter.drawRect(QRectF(QPointF(_LEFT_PX, self._y(EASY_WPM[1])), QPointF(right, self._y(EASY_WPM[0]))))
        edge = self._theme.colour("edge")
        painter.setPen(QPen(edge, 1))
        # Hatched, as in the wave: before a grey that can be seen the line of the pace could not.
        painter.setBrush(QBrush(edge, Qt.BrushStyle.BDiagPattern))
        for pause in self._pauses:
            left, stop = self._x(pause.start_s), self._x(pause.end_s)
            painter.drawRect(QRectF(left, _TOP_PX, max(2.0, stop - left), self._floor - _TOP_PX))
        for wpm in EASY_WPM:
            painter.setPen(QPen(edge, 1))
            painter.drawLine(QPointF(_LEFT_PX, self._y(wpm)), QPointF(right, self._y(wpm)))
            painter.setPen(self._theme.colour("muted"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, self._y(wpm) - 9, _LEFT_PX - 6, 18), side, f"{wpm:.0f}")
        if self._usual_wpm is not None:
            painter.setPen(QPen(self._theme.colour("muted"), 1, Qt.PenStyle.DashLine))
            y = self._y(self._usual_wpm)
            painter.drawLine(QPointF(_LEFT_PX, y), QPointF(right, y))

    def _paint_line(self, painter: QPainter) -> None:
        shade = self._theme.colour("accent")
        outline = QColor(shade)
        shade.setAlphaF(0.2)
        outline.setAlpha(DOUBT_ALPHA)
        painter.setPen(QPen(outline, 1))
        painter.setBrush(shade)
        above = [self._at(p, p.off_wpm) for p in self._points]
        below = [self._at(p, -p.off_wpm) for p in self._points]
        painter.drawPolygon(QPolygonF([*above, *reversed(below)]))
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.setBrush(self._theme.colour("accent"))
        line = [self._at(p) for p in self._points]
        painter.drawPolyline(QPolygonF(line))
        if len(line) == 1:
            painter.drawEllipse(line[0], 3, 3)

    def _paint_fillers(self, painter: QPainter) -> None:
        """Paint a small triangle under the plot for each."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("warn"))
        for second in self._fillers:
            x, y = self._x(second), self._floor + 3
            painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x - 4, y + 7), QPointF(x + 4, y + 7)]))

    def _paint_times(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.colour("edge"), 1))
        painter.drawLine(QPointF(_LEFT_PX, self._floor), QPointF(self.width() - _RIGHT_PX, self._floor))
        painter.setPen(self._theme.colour("muted"))
        middle = (self._talk.start_s + self._talk.end_s) / 2
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for second, side in zip((self._talk.start_s, middle, self._talk.end_s), sides, strict=True):
            box = QRectF(_LEFT_PX, self._floor + 12, self.width() - _LEFT_PX - _RIGHT_PX, 18)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, clock(second))

    def _paint_chosen(self, painter: QPainter) -> None:
        if (point := self.chosen) is None:
            return
        at, accent = self._at(point), self._theme.colour("accent")
        painter.setPen(QPen(accent, 1))
        painter.drawLine(QPointF(at.x(), _TOP_PX), QPointF(at.x(), self._floor))
        painter.setBrush(accent)
        painter.drawEllipse(at, 4, 4)
        painter.setPen(self._theme.colour("text"))
        box = QRectF(_LEFT_PX, 2, self.width() - _LEFT_PX - _RIGHT_PX, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _words(point))

    @property
    def _floor(self) -> float:
        return self.height() - _BOTTOM_PX

    def _at(self, point: PacePoint, more_wpm: float = 0.0) -> QPointF:
        return QPointF(self._x(point.at_s), self._y(point.wpm + more_wpm))

    def _x(self, second: float) -> float:
        share = (second - self._talk.start_s) / (self._talk.end_s - self._talk.start_s)
        return _LEFT_PX + share * (self.width() - _LEFT_PX - _RIGHT_PX)

    def _y(self, wpm: float) -> float:
        held = min(max(wpm, self._low), self._high)
        return self._floor - (held - self._low) / (self._high - self._low) * (self._floor - _TOP_PX)


_ARROWS: Iterable[Qt.Key] = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


def _words(point: PacePoint) -> str:
    return point_words(point.at_s, point.wpm, point.off_wpm)
