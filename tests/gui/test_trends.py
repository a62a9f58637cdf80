"""The page of trends: what it lists and tells, pickers, missed points."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from interviewer.core.trends import Measure, Scope, within
from interviewer.gui import trend_words
from interviewer.gui.widgets.rail import Place
from interviewer.gui.widgets.session_models import SECOND_LINE, VALUE
from interviewer.gui.widgets.trend_dots import DotsModel
from tests.gui import trends_page
from tests.gui.fakes import session
from tests.gui.test_accessibility import nameless
from tests.gui.trends_page import START, THREE, TODAY, row, trends

Key = Qt.Key
theme, page = trends_page.theme, trends_page.page  # pytest looks for fixtures among the names of a file
plot, opened = trends_page.plot, trends_page.opened


def told(page) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_a_key_on_a_measure_chooses_it_and_opens_no_answer(qtbot, page, opened, key):
    part = next(one for one in page.measure.findChildren(QPushButton) if one.text() == trend_words.NAMES[Measure.PACE])
    part.setFocus()
    qtbot.keyClick(part, key)
    assert (page.measure.value(), opened) == (Measure.PACE, [])


def test_without_an_answer_the_page_says_what_will_be_here(qtbot, window):
    window.open_trends()
    page = window.shelf.trends
    assert page.empty.isVisible()
    assert not page.content.isVisible()
    qtbot.mouseClick(page.empty.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert window.rail.buttons[Place.INTERVIEW].isChecked()


def test_nothing_is_claimed_before_the_store_has_answered(window, library, monkeypatch):
    monkeypatch.setattr(library, "load_trends", lambda: None)
    window.open_trends()
    page = window.shelf.trends
    assert (page.waiting.isVisible(), page.empty.isVisible(), page.content.isVisible()) == (True, False, False)


def test_one_answer_is_told_to_be_no_trend_yet(window, library):
    library.trends = trends(row("a"))
    window.open_trends()
    assert window.shelf.trends.summary.text() == "1 answer, 2 March 2026. A second one will show which way it goes."


def test_the_dots_are_listed_newest_first(page):
    assert [page.dots.model().index(i).data() for i in range(3)] == [
        "80 of 100, between 45 and 75",
        "20 of 100, between 45 and 75",
        "60 of 100, between 45 and 75",
    ]


def test_the_model_of_the_dots_behaves_as_qt_wants(qapp):
    model = DotsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    found = trends(*THREE)
    model.show_dots(found, within(found, Scope()), Measure.SCORE)
    assert model.index(1).data(SECOND_LINE) == "4 March 2026, 12:00 · async def or def?"
    assert (model.row_of(2), model.row_of(7)) == (0, -1)
    assert tester is not None


def test_another_measure_lists_what_has_it(page):
    page.measure.show_value(Measure.PACE)
    page.measure.chosen.emit(Measure.PACE)
    assert page.dots.model().rowCount() == 2
    assert page.summary.text().endswith("1 answer without this figure.")


def test_a_measure_that_nobody_has_says_why(page, library):
    library.trends = trends(row("a", pace_wpm=None))
    page._on_changed()
    page.measure.show_value(Measure.PACE)
    page.measure.chosen.emit(Measure.PACE)
    assert page.summary.text().startswith("No answer here has a pace")
    assert not page.plot.isVisible()
    assert not page.open.isEnabled()


def test_enter_in_the_list_opens_the_chosen_answer(qtbot, page, opened):
    page.dots.setFocus()
    qtbot.keyClick(page.dots, Key.Key_Down)
    qtbot.keyClick(page.dots, Key.Key_Return)
    assert opened == ["b"]


def test_an_answer_opens_for_review(window, library):
    library.sessions = (session(),)
    window.open_trends()
    window.shelf.trends.review_wanted.emit(session().attempts[0].id)
    assert window.stack.currentWidget() is window.shelf.review


def test_a_new_reading_keeps_what_was_chosen(page, library):
    page.dots.setCurrentIndex(page.dots.model().index(1))
    library.trends = trends(row("new", day=-1), *THREE)
    library.changed.emit()
    assert page.dots.model().rowCount() == 4
    assert page.trends.ids[page.dots.currentIndex().data(VALUE)] == "b"


def test_what_was_deleted_is_gone_from_it(page, library):
    library.trends = trends(*THREE[:2])
    library.changed.emit()
    assert page.trends.ids[page.plot.chosen] == "b"


def test_nothing_is_read_while_nobody_looks(page, library, monkeypatch):
    page.hide()
    asked = []
    monkeypatch.setattr(library, "load_trends", lambda: asked.append(1))
    library.changed.emit()
    assert asked == []


def test_the_points_that_were_missed_lead_to_their_question(qtbot, page):
    button = page.missed.findChildren(QPushButton)[0]
    assert button.accessibleName() == "Show answers to: What is Depends?"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.scope.question.value() == ("Backend", "depends")
    assert page.dots.model().rowCount() == 1


def test_the_points_missed_tell_how_often(page):
    assert "Missed in 1 of 1 answer · What is Depends?" in told(page.missed)


def test_markup_in_a_question_is_shown_as_it_is(page):
    assert any("<b>What</b> is a box?" in text for text in told(page.missed))
    assert "&lt;b&gt;" in page.dots.model().index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_every_control_has_a_name(page, plot):
    assert nameless(page) == []


def test_tab_reaches_every_part(qtbot, page, plot):
    reached = set()
    for _ in range(20):
        qtbot.keyClick(QApplication.focusWidget() or page, Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    scope = page.scope
    pickers = {scope.bank, scope.topic, scope.question, scope.period, page.year}
    assert pickers | {plot, page.dots, page.calendar, page.open} <= reached


# --- pickers ---------------------------------------------------------------------------------------


def test_a_bank_narrows_the_topics_and_questions(page):
    page.scope.bank.chosen.emit("Backend")
    assert [page.scope.topic.itemText(i) for i in range(page.scope.topic.count())] == [
        "All topics", "Concurrency", "Design",
    ]  # fmt: skip
    page.scope.topic.chosen.emit("Design")
    assert page.scope.question.count() == 2
    assert page.dots.model().rowCount() == 1


def test_everything_is_shown_again_with_one_button(qtbot, page):
    assert not page.everything.isEnabled()
    page.scope.question.chosen.emit(("Backend", "async"))
    qtbot.mouseClick(page.everything, Qt.MouseButton.LeftButton)
    assert page.dots.model().rowCount() == 3


def test_what_is_picked_but_there_no_more_is_let_go(page, library):
    page.scope.bank.chosen.emit("Frontend")
    library.trends = trends(*THREE[:2])
    library.changed.emit()
    assert page.scope.bank.value() is None
    page.scope.topic.chosen.emit("Concurrency")
    library.trends = trends(THREE[0])
    library.changed.emit()
    assert page.scope.topic.value() is None


def test_days_narrow_what_is_shown(page):
    page._clock = lambda: START + timedelta(days=31)
    page.show_trends(page.trends)
    page.scope.period.chosen.emit(("period", 30))
    assert page.dots.model().rowCount() == 2
    assert page.calendar.summary() == "3 answers on 3 days."


# --- the calendar ------------------------------------------------------------------------------------


def test_a_day_of_the_calendar_shows_its_answers(page):
    page.calendar.day_wanted.emit(TODAY + 2)
    assert page.dots.model().rowCount() == 1
    assert page.scope.period.currentText() == "Wednesday, 4 March 2026"


def test_the_calendar_goes_back_to_earlier_years(page, library):
    library.trends = trends(row("old", day=-800), *THREE)
    library.changed.emit()
    assert [page.year.itemText(i) for i in range(page.year.count())] == ["Last 12 months", "2026", "2023"]
    page.year.chosen.emit(2023)
    assert page.calendar.summary() == "1 answer on 1 day."
