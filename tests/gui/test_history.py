"""The history: what it lists, opens and asks for; what others change meanwhile; noted and starred."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from interviewer.core.search import PAGE_ROWS
from interviewer.gui.widgets.found_answers import SIGNS
from interviewer.gui.widgets.session_models import VALUE
from tests.gui import history_page
from tests.gui.fakes import NOW, session
from tests.gui.history_page import EARLIER, listed, read

Key = Qt.Key
history = history_page.history  # pytest looks for fixtures among the names of a file


# --- the page ------------------------------------------------------------------------------


def test_an_empty_history_says_what_will_be_here(window):
    window.open_history()
    page = window.shelf.history
    assert page.empty.isVisible()
    assert not page.lists.isVisible()
    assert not page.filters.isVisible()


def test_nothing_is_claimed_before_the_store_has_answered(window, library, monkeypatch):
    monkeypatch.setattr(library, "load_lines", lambda _session_id: None)
    window.open_history()
    assert not window.shelf.history.empty.isVisible()
    assert not window.shelf.history.lists.isVisible()


def test_all_answers_are_listed_newest_first_beside_all_interviews(qtbot, history):
    read(qtbot, history)
    assert history.sessions.model().rowCount() == 1 + 2
    assert history.sessions.currentIndex().row() == 0
    assert listed(history) == [a.id for s in (session(), EARLIER) for a in reversed(s.attempts)]
    assert history.lists.count.text() == "8 answers"


def test_a_chosen_interview_shows_its_own_answers(qtbot, history):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    read(qtbot, history)
    assert listed(history) == [a.id for a in reversed(EARLIER.attempts)]


def test_a_reload_keeps_the_chosen_interview_and_the_chosen_answer(qtbot, history, library):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    history.attempts.setCurrentIndex(history.attempts.model().index(2))
    newer = session("20260605-183000-aaa111", when=NOW + timedelta(days=1))
    library.sessions = (newer, *library.sessions)
    library.changed.emit()
    qtbot.waitUntil(history.open.isEnabled, timeout=2000)
    assert history.sessions.currentIndex().row() == 3
    assert history.attempts.currentIndex().row() == 2


def test_a_deleted_interview_leaves_all_of_them_chosen(history, library):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    library.sessions = (session(),)
    library.changed.emit()
    assert history.sessions.currentIndex().row() == 0
    assert not history.delete_session.isEnabled()


def test_enter_opens_the_chosen_answer(qtbot, window, history):
    history.attempts.setCurrentIndex(history.attempts.model().index(1))
    history.attempts.setFocus()
    qtbot.keyClick(history.attempts, Key.Key_Return)
    assert window.stack.currentWidget() is window.shelf.review
    assert window.shelf.review.question.text().startswith("Explain the difference")


def test_the_comparison_of_the_chosen_answer_is_asked_for(qtbot, history):
    with qtbot.waitSignal(history.compare_wanted, timeout=2000) as wanted:
        qtbot.keyClick(history.attempts, Key.Key_C)
    assert wanted.args == [session().attempts[-1].id, ""]


def test_letters_look_through_no_list(qtbot, history, library):
    pages = len(library.pages)
    history.attempts.keyboardSearch("zz")
    assert len(library.pages) == pages


def test_the_first_time_the_keyboard_is_in_the_answers_once_there_are_any(window, library, monkeypatch):
    library.sessions = (session(),)
    with monkeypatch.context() as patched:
        patched.setattr(library, "load_lines", lambda _session_id: None)
        window.open_history()
    page = window.shelf.history
    assert not page.attempts.hasFocus()
    library.load_lines()
    assert page.attempts.hasFocus()


def test_where_no_answer_fits_the_keyboard_is_in_the_interviews(window, history):
    history.filters.search.setText("nowhere")
    history.filters.ask()
    window.open_review(session().attempts[0].id)
    window.open_history()
    assert history.sessions.hasFocus()


# --- changes of others ---------------------------------------------------------------------


@pytest.fixture
def many(qtbot, window, library):
    """The page over more interviews than are read at once, of an answer each."""

    def one(place: int):
        made = session(f"session-{place}", when=NOW - timedelta(days=place))
        answer = replace(made.attempts[0], id=f"answer-{place}", session_id=made.id, created=made.created)
        return replace(made, attempts=(answer,))

    library.sessions = tuple(one(place) for place in range(PAGE_ROWS + 20))
    window.open_history()
    page = window.shelf.history
    qtbot.waitUntil(page.open.isEnabled, timeout=2000)
    return page


def test_a_change_leaves_the_note_to_whoever_writes_it(qtbot, many, library):
    many.attempts.setCurrentIndex(many.attempts.model().index(PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._attempt_id == f"answer-{PAGE_ROWS + 5}", timeout=2000)
    qtbot.keyClick(many.attempts, Key.Key_N)
    qtbot.keyClicks(many.note, "Name the")
    library.changed.emit()
    assert many.attempts.currentIndex().data(VALUE) is None  # it is read again
    assert (many.note.hasFocus(), many.open.isEnabled()) == (True, True)
    qtbot.keyClicks(many.note, " queue")
    many.lists.found_model._on_soon()
    assert many.attempts.currentIndex().data(VALUE).attempt_id == f"answer-{PAGE_ROWS + 5}"
    assert (many.note.hasFocus(), many.note.toPlainText()) == (True, "Name the queue")


def test_an_answer_that_is_read_and_gone_can_no_longer_be_opened(qtbot, many, library, monkeypatch):
    many.attempts.setCurrentIndex(many.attempts.model().index(PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._attempt_id == f"answer-{PAGE_ROWS + 5}", timeout=2000)
    monkeypatch.setattr(library, "load_rows", lambda numbers, _sought: library.rows_loaded.emit(numbers, ()))
    library.changed.emit()
    qtbot.waitUntil(lambda: not many.open.isEnabled(), timeout=2000)


def test_a_change_leaves_both_lists_where_they_were_scrolled_to(qtbot, many, library):
    for view in (many.sessions, many.attempts):
        qtbot.waitUntil(lambda view=view: view.verticalScrollBar().maximum() > 200, timeout=2000)
        view.verticalScrollBar().setValue(200)
    library.changed.emit()
    assert [view.verticalScrollBar().value() for view in (many.sessions, many.attempts)] == [200, 200]


def test_a_change_leaves_what_can_be_done_with_the_chosen_interview(qtbot, many, library):
    model = many.sessions.model()
    many.sessions.setCurrentIndex(model.index(1 + PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._session_id == f"session-{PAGE_ROWS + 5}", timeout=2000)
    many.delete_session.setFocus()
    library.changed.emit()
    assert many.sessions.currentIndex().data(VALUE) is None  # it is read again
    assert many.delete_session.hasFocus()


# --- notes and stars -----------------------------------------------------------------------


def test_a_star_is_kept_and_seen(qtbot, history, library):
    chosen = session().attempts[-1].id
    qtbot.keyClick(history.attempts, Key.Key_S)
    assert library.calls == [("star", chosen, True)]
    model = history.attempts.model()
    qtbot.waitUntil(lambda: model.index(0).data(SIGNS) == ("star",), timeout=2000)
    assert history.star.isChecked()
    assert history.star.accessibleName() == "Starred"
    assert "Starred" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_note_is_kept_when_its_field_is_left(qtbot, history, library):
    chosen = session().attempts[-1].id
    qtbot.keyClick(history.attempts, Key.Key_N)
    assert history.note.hasFocus()
    qtbot.keyClicks(history.note, "Name the queue")
    history.attempts.setFocus()
    assert library.calls == [("note", chosen, "Name the queue")]
    model = history.attempts.model()
    qtbot.waitUntil(lambda: model.index(0).data(SIGNS) == ("note",), timeout=2000)


def test_a_note_belongs_to_the_answer_it_was_written_beside(qtbot, history, library):
    first, second = session().attempts[-1].id, session().attempts[-2].id
    history.note.setFocus()
    qtbot.keyClicks(history.note, "First")
    history.attempts.setCurrentIndex(history.attempts.model().index(1))
    assert library.calls == [("note", first, "First")]
    assert history.note.toPlainText() == ""
    history.note.setFocus()
    qtbot.keyClicks(history.note, "Second")
    history.attempts.setFocus()
    assert library.calls[-1] == ("note", second, "Second")
