"""Two days, and all those in between: typed, stepped with the arrow keys, or picked from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QMargins, QPointF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QDateEdit,
    QHBoxLayout,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.widgets.labels import label

FIRST, LAST = QDate(1980, 1, 1), QDate(2999, 12, 31)
"""Within these every system can tell when a day begins where the user is."""
_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
"""As all words of the window."""
_PARTS = {
    "qt_calendar_calendarview": "Days",
    "qt_calendar_prevmonth": "Month before",
    "qt_calendar_nextmonth": "Month after",
    "qt_calendar_monthbutton": "Month",
    "qt_calendar_yearbutton": "Year",
}
"""What Qt calls the parts of a calendar, and what they are called here."""
_ROOM = QMargins(14, 14, 14, 14)
_WEEKEND = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)


class _Calendar(QCalendarWidget):
    """In the window's language, its days in no colour that means something, with an edge and some room."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.layout().setContentsMargins(1, 1, 1, 1)  # its edge
        self.setLocale(_ENGLISH)
        self.setFirstDayOfWeek(QLocale().firstDayOfWeek())
        self.setDateEditEnabled(False)  # days are typed in the field
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for day in _WEEKEND:
            self.setWeekdayTextFormat(day, QTextCharFormat())
        for inside in self.findChildren(QWidget):
            if inside.objectName() in _PARTS:
                inside.setAccessibleName(_PARTS[inside.objectName()])

    def sizeHint(self) -> QSize:
        """Return room for six weeks that do not touch each other."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return super().minimumSizeHint().grownBy(_ROOM)


class DayField(QDateEdit):
    """One day; Alt+Down or F4 opens its calendar, as with every list that opens."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setLocale(_ENGLISH)
        self.setDisplayFormat("d MMM yyyy")
        self.setDateRange(FIRST, LAST)
        self.setCalendarPopup(True)
        # A day that is half typed is no day that anybody looks for.
        self.setKeyboardTracking(False)
        self.setToolTip(f"{name}. Keys: Up and Down, Left and Right; Alt+Down: calendar")
        KeepKeys(self, ENTER)
        self._has_calendar = False

    def showEvent(self, event: QShowEvent) -> None:
        """Have a calendar from now on: most never look for days, and it takes a while to make."""
        super().showEvent(event)
        if not self._has_calendar:
            self._has_calendar = True
            self.setCalendarWidget(_Calendar(f"Calendar: {self.accessibleName()}"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar with the keys that open a list."""
        alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt_down or event.key() == Qt.Key.Key_F4:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show the calendar below; Qt does so for a press on the arrow alone."""
        option = QStyleOptionComboBox()
        option.initFrom(self)
        option.editable = True
        option.subControls = QStyle.SubControl.SC_All
        arrow = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxArrow, self
        )
        place, left = QPointF(arrow.center()), Qt.MouseButton.LeftButton
        at, plain = self.mapToGlobal(place), Qt.KeyboardModifier.NoModifier
        self.mousePressEvent(QMouseEvent(QEvent.Type.MouseButtonPress, place, at, left, left, plain))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past must not change the day."""
        event.ignore()


class DayRange(QWidget):
    """A first and a last day; the last is never before the first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = DayField("First day"), DayField("Last day")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (label("from", tone="muted"), self.first, label("to", tone="muted"), self.last):
            row.addWidget(widget)
        self.first.dateChanged.connect(self._on_first)
        self.last.dateChanged.connect(self._on_last)

    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return _day(self.first), _day(self.last)

    def show_days(self, first: date, last: date) -> None:
        """Show these days; reports nothing."""
        for field, day in ((self.first, first), (self.last, last)):
            with QSignalBlocker(field):
                field.setDate(QDate(day.year, day.month, day.day))

    @Slot(QDate)
    def _on_first(self, day: QDate) -> None:
        self._follow(self.last, max(day, self.last.date()))

    @Slot(QDate)
    def _on_last(self, day: QDate) -> None:
        self._follow(self.first, min(day, self.first.date()))

    def _follow(self, other: DayField, day: QDate) -> None:
        """Have the other day go along with one that went past it."""
        with QSignalBlocker(other):
            other.setDate(day)
        self.changed.emit()


def _day(field: QDateEdit) -> date:
    shown = field.date()
    return date(shown.year(), shown.month(), shown.day())
