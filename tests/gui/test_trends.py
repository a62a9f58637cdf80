"""Trends: the plot and its dots, pickers, missed points, the calendar; by pointer and by keys."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from interviewer.core.models import Coverage
from interviewer.core.settings import Appearance
from interviewer.core.trend_series import series
from interviewer.core.trends import Gathering, Measure, Scope, TrendRow, Trends, within
from interviewer.gui import trend_words
from interviewer.gui.pages.trends import TrendsPage
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.practice_calendar import PracticeCalendar
from interviewer.gui.widgets.rail import Place
from interviewer.gui.widgets.session_models import SECOND_LINE, VALUE
from interviewer.gui.widgets.trend_dots import DotsModel
from tests.gui.fakes import session
from tests.gui.test_accessibility import nameless

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
Key = Qt.Key


def row(name: str, *, day: float = 0.0, **fields: object) -> TrendRow:
    at = (START + timedelta(days=day)).timestamp()
    points = (("Names Depends", Coverage.COVERED), ("Says when it runs", Coverage.MISSED))
    plain = TrendRow(
        name, "depends", "Backend", "What is Depends?", "Design", at, recipe=1, value=62.0, low=48.0, high=71.0,
        points=points, pace_wpm=140.0, fillers_per_min=3.25, hearing="whisper base.en",
    )  # fmt: skip
    return replace(plain, **fields)


def trends(*rows: TrendRow) -> Trends:
    gathering = Gathering(UTC)
    gathering.add(rows)
    return gathering.done()


THREE = (
    row("a"),
    row("b", day=2, value=20.0, question_id="async", asked="async def or def?", topic="Concurrency", pace_wpm=None),
    row("c", day=4, value=80.0, bank="Frontend", question_id="css", asked="<b>What</b> is a box?", topic="Layout"),
)


@pytest.fixture
def theme(qapp):
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def page(qtbot, theme, library):
    """The page alone: a whole window takes five times as long."""
    library.trends = trends(*THREE)
    made = TrendsPage(library, theme)
    qtbot.addWidget(made)
    made.resize(1180, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def plot(qtbot, page):
    """The plot with its dots on the screen."""
    qtbot.waitUntil(lambda: page.plot.canvas is not None, timeout=20_000)
    return page.plot


@pytest.fixture
def opened(page):
    """The attempts that were asked for."""
    wanted: list[str] = []
    page.review_wanted.connect(wanted.append)
    return wanted


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


# --- the plot --------------------------------------------------------------------------------------


def test_the_newest_answer_is_chosen_first(plot):
    assert plot.chosen == 2


def test_a_click_on_a_dot_opens_its_attempt(qtbot, page, plot, opened):
    where = plot.canvas.place_of(1).toPoint()
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == ["b"]
    assert page.dots.currentIndex().row() == 1


def test_a_click_beside_the_dots_opens_nothing(qtbot, plot, opened):
    where = plot.canvas.place_of(1).toPoint() - QPoint(0, 40)
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == []


def test_the_arrow_keys_go_from_dot_to_dot_and_enter_opens(qtbot, page, plot, opened):
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Left)
    assert page.dots.currentIndex().row() == 1
    qtbot.keyClick(plot, Key.Key_Home)
    qtbot.keyClick(plot, Key.Key_Return)
    assert opened == ["a"]


def test_the_arrow_keys_stop_at_both_ends(qtbot, plot):
    plot.setFocus()
    for key, end in ((Key.Key_Right, 2), (Key.Key_PageUp, 0), (Key.Key_Left, 0), (Key.Key_End, 2)):
        qtbot.keyClick(plot, key)
        assert plot.chosen == end


def test_the_plot_tells_which_dot_is_chosen(qtbot, plot):
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Home)
    assert plot.accessibleName() == "Score over time, 3 answers"
    assert plot.accessibleDescription() == (
        "Chosen: 60 of 100, between 45 and 75, 2 March 2026, 12:00. What is Depends?"
    )


def test_the_list_moves_the_mark_in_the_plot(page, plot):
    page.dots.setCurrentIndex(page.dots.model().index(2))
    assert plot.chosen == 0


def test_the_plot_follows_a_change_of_the_look(plot, theme):
    before = plot.canvas.grab().toImage()
    theme.choose(Appearance.DARK)
    assert plot.canvas.grab().toImage() != before


def test_an_answer_on_top_of_another_hides_it_but_both_are_in_the_list(page, plot, library):
    library.trends = trends(*(row(str(i), day=i / 1e5) for i in range(5000)), row("far", day=400))
    library.changed.emit()
    assert len(plot.places) == 5001
    assert len(plot.canvas._drawn) < 20


def test_a_long_list_is_handed_out_as_far_as_it_is_looked_at(qtbot, page, plot, library):
    library.trends = trends(*(row(str(i), day=i) for i in range(2500)))
    library.changed.emit()
    assert page.dots.model().rowCount() == 1000
    page.dots.scrollToBottom()
    qtbot.waitUntil(lambda: page.dots.model().rowCount() == 2000)
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Home)
    assert page.dots.currentIndex().row() == 2499


def test_pyqtgraph_is_not_imported_before_trends_are_looked_at():
    code = (
        "import sys, interviewer.gui.main_window, interviewer.gui.pages.trends; "
        "sys.exit('pyqtgraph' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


# --- words -------------------------------------------------------------------------------------------


def words(*rows: TrendRow, measure: Measure = Measure.SCORE) -> tuple[str, str]:
    found = trends(*rows)
    chosen = within(found, Scope())
    drawn = series(found, chosen, measure)
    return trend_words.summary(found, chosen, drawn, measure), trend_words.legend(drawn, measure)


def test_the_legend_names_only_what_is_there():
    assert words(row("a"), row("b", day=1))[1] == "Dot: an answer; line: from answer to answer."


def test_the_legend_says_what_is_not_to_be_compared():
    legend = words(row("a"), row("b", day=1, recipe=2), row("c", day=2, recipe=2, follow_up=True))[1]
    assert "hollow: scored in another way than the newest" in legend
    assert "triangle: an answer to a follow-up" in legend


def test_the_legend_names_the_stretch_that_is_advised():
    assert words(row("a"), measure=Measure.PACE)[1] == "Dot: an answer; shaded: 120 to 160, as advised."


def test_the_last_ten_answers_have_a_median():
    rows = [row(str(i), day=i, question_id=f"q{i % 2}", value=5.0 * i) for i in range(12)]
    told, legend = words(*rows)
    assert told == "12 answers, 2 March 2026 to 13 March 2026. Median of the last ten: 35 of 100."
    assert legend.endswith("line: the median of the 10 answers up to there.")


def test_what_sets_an_answer_apart_is_said_of_its_dot():
    found = trends(row("a", coverage_only=True), row("b", day=1, follow_up=True))
    assert trend_words.dot(found, 0, Measure.COVERAGE).whole.endswith("What is Depends? No single right answer")
    assert trend_words.dot(found, 1, Measure.FILLERS).figure == "3.3 fillers a minute"


def test_a_day_without_answers_of_this_kind_says_so():
    found = trends(row("a"))
    assert trend_words.summary(found, within(found, Scope(days=(0, 1))), (), Measure.SCORE).startswith("No answer")


def test_the_model_of_the_dots_behaves_as_qt_wants(qapp):
    model = DotsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    found = trends(*THREE)
    model.show_dots(found, within(found, Scope()), Measure.SCORE)
    assert model.index(1).data(SECOND_LINE) == "4 March 2026, 12:00 · async def or def?"
    assert (model.row_of(2), model.row_of(7)) == (0, -1)
    assert tester is not None


# --- the calendar ------------------------------------------------------------------------------------

TODAY = (START.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days  # a Monday


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


def test_a_year_without_practice_says_so(calendar):
    calendar.show_days({}, TODAY, TODAY)
    assert calendar.summary() == "No answer in these twelve months."


def test_every_day_has_its_own_square(calendar):
    assert {calendar.day_at(calendar.place_of(day)) - day for day in range(TODAY - 300, TODAY + 1)} == {0}
