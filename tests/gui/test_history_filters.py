"""The history is narrowed down: by score, by days, by what can be chosen from."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from interviewer.core.search import Choices, Query, Sort, whole_days
from interviewer.gui.widgets.history_filters import BETWEEN
from tests.gui import history_page
from tests.gui.history_page import EARLIER, listed

Key = Qt.Key
history = history_page.history  # pytest looks for fixtures among the names of a file


def pick(picker, value) -> None:
    place = next(i for i in range(picker.count()) if picker.itemData(i) == value)
    picker.setCurrentIndex(place)
    picker.activated.emit(place)


def test_each_list_narrows_the_answers_down(history, library):
    filters = history.filters
    pick(filters.score, (60, 75))
    pick(filters.days, 7)
    pick(filters.sort, Sort.WORST)
    filters.starred.setChecked(True)
    asked = library.asked[-1]
    assert (asked.low, asked.high, asked.starred, asked.sort) == (60, 75, True, Sort.WORST)
    assert (asked.since.hour, asked.since.minute, asked.until) == (0, 0, None)
    assert filters.clear.isVisible()


def test_only_what_can_be_chosen_from_is_offered(history):
    filters = history.filters
    assert not any(picker.isVisible() for picker in (filters.bank, filters.topic, filters.engine))
    filters.show_choices(Choices(("Bank one", "Bank two"), ("Design",), ("typed", "whisper")))
    assert filters.bank.isVisible()
    assert not filters.topic.isVisible()
    assert [filters.engine.itemText(i) for i in range(3)] == ["Any writer", "Typed", "Written by Whisper"]


def test_what_is_chosen_stays_chosen_when_there_is_none_of_it_any_more(history, library):
    filters = history.filters
    filters.show_choices(Choices(("Bank one", "Bank two"), (), ()))
    pick(filters.bank, "Bank two")
    filters.show_choices(Choices(("Bank one",), (), ()))
    assert filters.bank.value() == library.asked[-1].bank == "Bank two"
    assert filters.bank.isVisible()


def test_everything_passes_again_at_once_and_the_order_stays(history, library):
    filters = history.filters
    pick(filters.sort, Sort.BEST)
    pick(filters.score, (80, None))
    filters.starred.setChecked(True)
    filters.clear.click()
    assert library.asked[-1] == Query(sort=Sort.BEST)
    assert not filters.clear.isVisible()


def test_answers_of_chosen_days_are_found_and_the_days_are_kept_and_cleared(history, library):
    filters, day = history.filters, timedelta(days=1)
    assert not filters.between.isVisible()
    pick(filters.days, BETWEEN)
    assert filters.between.isVisible()
    earlier = EARLIER.created.astimezone().date()
    filters.between.first.setDate(earlier - day)
    filters.between.last.setDate(earlier)
    asked = library.asked[-1]
    assert (asked.since, asked.until) == whole_days(earlier - day, earlier)
    assert listed(history) == [a.id for a in reversed(EARLIER.attempts)]
    pick(filters.days, None)
    assert (library.asked[-1].since, library.asked[-1].until) == (None, None)
    pick(filters.days, BETWEEN)
    assert library.asked[-1] == asked
    filters.clear.click()
    assert library.asked[-1] == Query()
    assert not filters.between.isVisible()


def test_days_begin_as_those_that_were_chosen_before(history):
    filters = history.filters
    for picked, days in ((7, 7), (None, 30)):
        pick(filters.days, picked)
        pick(filters.days, BETWEEN)
        first, last = filters.between.days()
        assert (last - first).days + 1 == days
        filters.clear.click()


def test_enter_at_a_day_takes_it_and_opens_no_answer(qtbot, window, history, library):
    pick(history.filters.days, BETWEEN)
    history.filters.between.first.setFocus()
    asked = len(library.asked)
    qtbot.keyClick(history.filters.between.first, Key.Key_Down)
    qtbot.keyClick(history.filters.between.first, Key.Key_Return)
    assert window.stack.currentWidget() is history
    assert len(library.asked) == asked + 1
