"""A year of days as squares: on which of them somebody practised, and how much."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from interviewer.core.trend_series import moment
from interviewer.core.trends import DAY_S
from interviewer.gui.announcing import announce
from interviewer.gui.keys import ENTER, SPACE, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.trend_words import answers, day_words

WEEKS = 53
_LEFT_PX, _TOP_PX, _WIDEST_PX = 40.0, 22.0, 18.0
_BOUNDS = (1, 3, 6, 10)
"""Answers from which on a day's square is larger. An interview has five questions mostly."""
_SIZES = (0.38, 0.55, 0.75, 1.0)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -7, Qt.Key.Key_Right: 7}
_FIRST_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""


class PracticeCalendar(QWidget):
    """Weeks from left to right, days from top to bottom: the more answers, the larger the square.

    The arrow keys go from day to day and from week to week, Enter asks for the day's answers.
    """

    day_wanted = Signal(int)  # day, counted from 1970-01-01

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: Mapping[int, int] = {}
        self._first, self._last, self._today, self._at = 0, 6, -1, 0
        self._week_begins = QLocale().firstDayOfWeek().value - 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._keep = KeepKeys(self, (*ENTER, *SPACE))
        theme.changed.connect(self.update)
        self._describe()

    @property
    def day(self) -> int:
        """The day that the keys have reached."""
        return self._at

    def sizeHint(self) -> QSize:
        """Return the size of a year."""
        return QSize(int(_LEFT_PX + WEEKS * _WIDEST_PX), int(_TOP_PX + 7 * _WIDEST_PX) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the least size in which a day can be hit."""
        return QSize(int(_LEFT_PX + WEEKS * 11), int(_TOP_PX + 7 * _WIDEST_PX) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as squares of this width are."""
        super().resizeEvent(event)
        self.setFixedHeight(int(_TOP_PX + 7 * self._step()) + 4)

    def show_days(self, counts: Mapping[int, int], last: int, today: int) -> None:
        """Show the year that ends on the day `last`; `counts` says how many answers there were on a day."""
        self._counts, self._last, self._today = counts, last, today
        self._first = last - (WEEKS - 1) * 7 - self._row_of(last)
        practised = [day for day in counts if self._first <= day <= last]
        self._at = max(practised, default=last)
        self._describe()
        self.update()

    def place_of(self, day: int) -> QPointF:
        """Return the middle of a day's square."""
        return self._square(day).center()

    def day_at(self, where: QPointF) -> int | None:
        """Return the day under a place of the widget; None where there is none."""
        step = self._step()
        column, row = int((where.x() - _LEFT_PX) // step), int((where.y() - _TOP_PX) // step)
        day = self._first + column * 7 + row
        inside = 0 <= column < WEEKS and 0 <= row < 7 and day <= self._last
        return day if inside else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from day to day; ask for what was answered on it."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._go(self._at + _STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(self._first if key == Qt.Key.Key_Home else self._last)
        elif key in (*ENTER, *SPACE):
            self._want(self._at)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a day asks for its answers."""
        day = self.day_at(event.position())
        if day is not None and event.button() is Qt.MouseButton.LeftButton:
            self._go(day)
            self._want(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer which days have answers."""
        day = self.day_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if self._counts.get(day or -1) else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def event(self, event: QEvent) -> bool:
        """Say what a day was while the pointer rests on it."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if day is None else self.words(day))
            return True
        return super().event(event)

    def words(self, day: int) -> str:
        """Return what a day says."""
        count = self._counts.get(day, 0)
        return f"{day_words(day)}: {answers(count) if count else 'no answer'}"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the months, the weekdays, the squares, and where the keys are."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("caption"))
        self._paint_names(painter)
        ground, answered = self._theme.colour("sunken"), self._theme.colour("accent")
        for day in range(self._first, self._last + 1):
            box = self._square(day)
            painter.setPen(QPen(self._theme.colour("edge"), 1) if day == self._today else Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, 2, 2)
            if level := sum(self._counts.get(day, 0) >= bound for bound in _BOUNDS):
                side = box.width() * _SIZES[level - 1]
                inner = QRectF(0, 0, side, side)
                inner.moveCenter(box.center())
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(answered)
                painter.drawRoundedRect(inner, 2, 2)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._square(self._at).adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        painter.setPen(self._theme.colour("muted"))
        step, free_from = self._step(), 0.0
        for week in range(WEEKS):
            days = [moment(float(self._first + week * 7 + i) * DAY_S) for i in range(7)]
            begins = next((day for day in days if day.day == 1), None)
            x = _LEFT_PX + week * step
            if begins is None or x < free_from or x + 28 > self.width():
                continue
            name = f"{begins:%b} {begins.year}" if begins.month == 1 else f"{begins:%b}"
            painter.drawText(QPointF(x, _TOP_PX - 8), name)
            free_from = x + painter.fontMetrics().horizontalAdvance(name) + 8
        for row in (0, 2, 4):
            box = QRectF(0, _TOP_PX + row * step, _LEFT_PX - 8, step)
            name = f"{moment(float(self._first + row) * DAY_S):%a}"
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _step(self) -> float:
        return min(_WIDEST_PX, (self.width() - _LEFT_PX - 3) / WEEKS)

    def _square(self, day: int) -> QRectF:
        column, row = divmod(day - self._first, 7)
        step = self._step()
        return QRectF(_LEFT_PX + column * step + 1.5, _TOP_PX + row * step + 1.5, step - 3, step - 3)

    def _row_of(self, day: int) -> int:
        return (day + _FIRST_WEEKDAY - self._week_begins) % 7

    # --- what is told ------------------------------------------------------------------------

    def _go(self, day: int) -> None:
        self._at = min(self._last, max(self._first, day))
        self._describe()
        self.update()
        announce(self, self.words(self._at))

    def _want(self, day: int) -> None:
        if self._counts.get(day):
            self.day_wanted.emit(day)

    def summary(self) -> str:
        """Return how much was practised in the year shown."""
        shown = [count for day, count in self._counts.items() if self._first <= day <= self._last]
        if not shown:
            return "No answer in these twelve months."
        return f"{answers(sum(shown))} on {len(shown)} day{'' if len(shown) == 1 else 's'}."

    def _describe(self) -> None:
        self.setAccessibleName(f"Calendar of practice. {self.summary()}")
        self.setAccessibleDescription(self.words(self._at))
