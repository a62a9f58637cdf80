"""The ways to an answer or a comparison, and back to where it was asked for; the way back says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.models import Mode
from interviewer.gui.widgets.notice import Notice
from tests.gui.compare_page import FIRST, RETAKE, later, put
from tests.gui.fakes import attempt, session


@pytest.fixture
def kept(library):
    put(library, FIRST, RETAKE)
    return library


def on_screen(window):
    return window.stack.currentWidget()


def facts(window):
    return [notice.fact.text() for notice in window.board.findChildren(Notice)]


def test_from_trends_an_answer_leads_back_to_trends(qtbot, window, kept):
    window.open_trends()
    window.shelf.trends.review_wanted.emit(FIRST.id)
    assert window.shelf.review.back.text() == "Back to Trends"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert on_screen(window) is window.shelf.trends


def test_from_the_summary_an_answer_leads_back_to_the_summary(qtbot, interview, conductor, library):
    library.sessions = (session(),)
    conductor.post(steps.End())
    interview.shelf.summary.review_wanted.emit(attempt(1).id)
    assert interview.shelf.review.back.text() == "Back to the summary"
    qtbot.keyClick(interview, Qt.Key.Key_Escape)
    assert on_screen(interview) is interview.shelf.summary


def test_from_the_history_an_answer_leads_back_to_the_history(qtbot, window, kept):
    window.open_history()
    window.shelf.history.review_wanted.emit(FIRST.id)
    assert window.shelf.review.back.text() == "Back to History"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert on_screen(window) is window.shelf.history


def test_step_by_step_back_through_comparisons_to_where_it_began(qtbot, window, kept):
    window.open_trends()
    window.shelf.trends.review_wanted.emit(RETAKE.id)
    qtbot.keyClick(window, Qt.Key.Key_C)
    compare, review = window.shelf.compare, window.shelf.review
    assert compare.back.text() == "Back to the answer"
    compare.view.earlier_text.review.click()
    assert (review.attempt_id, review.back.text()) == (FIRST.id, "Back to the comparison")
    seen = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        seen.append((on_screen(window), review.attempt_id))
    assert seen == [(compare, FIRST.id), (review, RETAKE.id), (window.shelf.trends, RETAKE.id)]
    assert review.back.text() == "Back to Trends"


def test_another_comparison_meanwhile_does_not_take_the_place_of_the_first(qtbot, window, library):
    third = later(5, name="third")
    put(library, FIRST, RETAKE, third)
    window.open_history()
    window.open_compare(FIRST.id, RETAKE.id)
    window.shelf.compare.view.later_text.review.click()
    window.shelf.review.compare_wanted.emit(third.id, FIRST.id)
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.shelf.compare.wanted == (FIRST.id, RETAKE.id)
    assert window.shelf.compare.later.value() == RETAKE.id


def test_whoever_goes_elsewhere_has_left_the_way_back(qtbot, window, kept):
    window.open_trends()
    window.shelf.trends.review_wanted.emit(FIRST.id)
    window.open_settings()
    window.open_review(FIRST.id)
    assert window.shelf.review.back.text() == "Back to History"


def test_a_deleted_answer_says_so_and_leads_back(window, kept):
    window.open_trends()
    window.shelf.trends.review_wanted.emit(FIRST.id)
    kept.gone.emit(frozenset((FIRST.id,)))
    assert on_screen(window) is window.shelf.trends
    assert facts(window) == ["This answer was deleted"]


def test_a_comparison_of_deleted_answers_says_so(window, kept):
    window.open_history()
    window.open_compare(FIRST.id, RETAKE.id)
    kept.gone.emit(frozenset((FIRST.id, RETAKE.id)))
    assert on_screen(window) is window.shelf.history
    assert facts(window) == ["These answers were deleted"]


def test_an_answer_deleted_out_of_sight_is_not_talked_of(window, kept):
    window.open_review(FIRST.id)
    window.open_settings()
    kept.gone.emit(frozenset((FIRST.id,)))
    assert facts(window) == []


def test_the_note_of_an_answer_is_kept_on_the_way_to_another(window, kept):
    window.open_review(FIRST.id)
    window.shelf.review.note.setPlainText("Slower.")
    window.open_compare(FIRST.id, RETAKE.id)
    window.shelf.compare.view.later_text.review.click()
    assert ("note", FIRST.id, "Slower.") in kept.calls
    assert replace(FIRST, note="Slower.") in kept.sessions[0].attempts


def test_c_on_the_review_compares_and_escape_leads_back(qtbot, window, library):
    put(library, FIRST, RETAKE)
    window.open_review(RETAKE.id)
    qtbot.keyClick(window.shelf.review, Qt.Key.Key_C)
    page = window.shelf.compare
    assert window.stack.currentWidget() is page
    assert page.later.value() == RETAKE.id
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.shelf.review


def test_either_answer_can_be_reviewed(window, library):
    put(library, FIRST, RETAKE)
    window.open_compare(FIRST.id, RETAKE.id)
    page = window.shelf.compare
    page.view.earlier_text.review.click()
    assert window.stack.currentWidget() is window.shelf.review
    assert window.shelf.review._attempt_id == FIRST.id


def test_an_answer_in_the_history_can_be_compared(qtbot, window, library):
    put(library, FIRST, RETAKE)
    window.open_history()
    window.shelf.history.compare_wanted.emit(FIRST.id, "")
    assert window.stack.currentWidget() is window.shelf.compare
    qtbot.keyClick(window.shelf.compare, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.shelf.history


def test_feedback_offers_a_comparison_after_a_retake_only(qtbot, window, library, conductor):
    conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    conductor.to_feedback()
    feedback = window.shelf.feedback
    first = conductor.state.take
    assert not feedback.compare.isVisible()
    conductor.post(steps.Retake())
    conductor.post(steps.Go())
    conductor.microphone_live()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    assert feedback.compare.isVisible()
    with qtbot.waitSignal(feedback.compare_wanted) as wanted:
        qtbot.keyClick(feedback, Qt.Key.Key_C)
    assert wanted.args == [first.attempt_id, conductor.state.take.attempt_id]
    assert window.stack.currentWidget() is window.shelf.compare
    qtbot.keyClick(window.shelf.compare, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is feedback
    conductor.post(steps.Go())
    conductor.to_feedback()
    assert not feedback.compare.isVisible()
