"""The calendar of practice: what it says, and its days by keys and by pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from interviewer.gui.widgets.practice_calendar import PracticeCalendar
from tests.gui import trends_page
from tests.gui.trends_page import TODAY

Key = Qt.Key
theme = trends_page.theme  # pytest looks for fixtures among the names of a file


@pytest.fixture
def calendar(qtbot, theme):
    made = PracticeCalendar(theme)
    qtbot.addWidget(made)
    made.resize(960, 150)
    made.show_days({TODAY - 3: 5, TODAY - 400: 1}, TODAY, TODAY)
    made.show()
    return made


@pytest.fixture
def days(calendar):
    """The days that were asked for."""
    wanted: list[int] = []
    calendar.day_wanted.connect(wanted.append)
    return wanted


def test_the_calendar_says_how_much_was_practised(calendar):
    assert calendar.accessibleName() == "Calendar of practice. 5 answers on 1 day."


def test_the_keys_begin_at_the_last_day_of_practice(calendar):
    assert calendar.accessibleDescription() == "Friday, 27 February 2026: 5 answers"


def test_the_arrow_keys_go_by_days_and_weeks(qtbot, calendar):
    for key, day in ((Key.Key_Down, -2), (Key.Key_Left, -9), (Key.Key_Right, -2), (Key.Key_Up, -3), (Key.Key_End, 0)):
        qtbot.keyClick(calendar, key)
        assert calendar.day == TODAY + day
    assert calendar.accessibleDescription() == "Monday, 2 March 2026: no answer"


def test_the_arrow_keys_stay_in_the_year(qtbot, calendar):
    qtbot.keyClick(calendar, Key.Key_Home)
    first = calendar.day
    qtbot.keyClick(calendar, Key.Key_Left)
    assert calendar.day == first


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space])
def test_a_key_asks_for_a_days_answers(qtbot, calendar, days, key):
    qtbot.keyClick(calendar, key)
    assert days == [TODAY - 3]


def test_a_click_asks_for_a_days_answers(qtbot, calendar, days):
    qtbot.mouseClick(calendar, Qt.MouseButton.LeftButton, pos=calendar.place_of(TODAY - 3).toPoint())
    assert days == [TODAY - 3]


def test_a_day_without_answers_asks_for_nothing(qtbot, calendar, days):
    qtbot.mouseClick(calendar, Qt.MouseButton.LeftButton, pos=calendar.place_of(TODAY - 4).toPoint())
    qtbot.mouseClick(calendar, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert days == []


def test_a_year_without_practice_says_so(calendar):
    calendar.show_days({}, TODAY, TODAY)
    assert calendar.summary() == "No answer in these twelve months."


def test_every_day_has_its_own_square(calendar):
    assert {calendar.day_at(calendar.place_of(day)) - day for day in range(TODAY - 300, TODAY + 1)} == {0}
