"""Two days and all in between: typed, stepped, picked from a calendar; by keys alone."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCalendarWidget, QToolButton

from interviewer.core.settings import Appearance
from interviewer.gui.keys import bind
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.day_range import DayRange

Key = Qt.Key
FIRST, LAST = date(2026, 6, 4), date(2026, 6, 10)


@pytest.fixture
def shown(qtbot, qapp):
    """The two days, shown."""
    Theme(qapp, Appearance.LIGHT)
    made = DayRange()
    made.show_days(FIRST, LAST)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def told(shown):
    """The days that were told of."""
    days: list[tuple[date, date]] = []
    shown.changed.connect(lambda: days.append(shown.days()))
    return days


@pytest.fixture
def calendar(qtbot, shown):
    """The calendar of the first day, opened by key."""
    shown.first.setFocus()
    qtbot.keyClick(shown.first, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None, timeout=2000)
    popup = QApplication.activePopupWidget()
    yield popup.findChild(QCalendarWidget)
    popup.close()


def test_days_that_are_shown_are_not_told_of(shown, told):
    shown.show_days(LAST, LAST)
    assert (shown.days(), told) == ((LAST, LAST), [])


def test_a_day_that_goes_past_the_other_takes_it_along(shown, told):
    shown.first.setDate(QDate(2026, 6, 20))
    shown.last.setDate(QDate(2026, 5, 1))
    assert told == [(date(2026, 6, 20),) * 2, (date(2026, 5, 1),) * 2]


def test_a_day_is_told_of_once_it_is_typed(qtbot, shown, told):
    shown.first.setFocus()
    shown.first.setSelectedSection(shown.first.Section.DaySection)
    qtbot.keyClick(shown.first, Key.Key_8)
    assert told == []
    qtbot.keyClick(shown.first, Key.Key_Return)
    assert told == [(date(2026, 6, 8), LAST)]


def test_the_keys_step_a_day(qtbot, shown, told):
    shown.first.setFocus()
    shown.first.setSelectedSection(shown.first.Section.DaySection)
    qtbot.keyClick(shown.first, Key.Key_Up)
    assert told == [(date(2026, 6, 5), LAST)]


def test_the_wheel_over_a_day_is_the_pages(shown, told):
    turn, none = QPoint(0, 120), Qt.MouseButton.NoButton
    at, plain = QPointF(5, 5), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(at, at, QPoint(), turn, none, plain, Qt.ScrollPhase.NoScrollPhase, False)
    shown.first.wheelEvent(event)
    assert (event.isAccepted(), told) == (False, [])


@pytest.mark.parametrize("key", [Key.Key_F4, Key.Key_Down])
def test_keys_open_the_calendar(qtbot, shown, key):
    alt, plain = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(shown.last, key, plain if key == Key.Key_F4 else alt)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None, timeout=2000)
    popup = QApplication.activePopupWidget()
    assert popup.findChild(QCalendarWidget).selectedDate() == QDate(2026, 6, 10)
    popup.close()


def test_a_day_of_the_calendar_is_chosen_by_keys_and_the_windows_keys_rest(qtbot, shown, told, calendar):
    pressed: list[str] = []
    bind(shown, ("Return", "C"), lambda: pressed.append("key"))
    for key in (Key.Key_C, Key.Key_Right, Key.Key_Return):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert told[-1] == (date(2026, 6, 5), LAST)
    assert (pressed, calendar.isVisible()) == ([], False)


def test_every_part_of_a_calendar_has_a_name(shown, calendar):
    parts = [*calendar.findChildren(QToolButton), calendar.findChild(object, "qt_calendar_calendarview"), calendar]
    assert [part.objectName() for part in parts if not part.accessibleName()] == []
    assert [field.accessibleName() for field in (shown.first, shown.last)] == ["First day", "Last day"]


def test_the_calendar_has_no_day_in_red(calendar):
    ink = {calendar.weekdayTextFormat(day).foreground().color().name() for day in Qt.DayOfWeek}
    assert len(ink) == 1


def test_six_weeks_have_room(calendar):
    view = calendar.findChild(object, "qt_calendar_calendarview")
    assert view.verticalScrollBar().maximum() == 0
