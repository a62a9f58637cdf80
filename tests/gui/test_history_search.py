"""The history is searched: words are looked for and lit, and the keyboard leads there and back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from interviewer.core.search import Found, Query
from interviewer.gui.widgets.found_answers import EXCERPT
from tests.gui import history_page
from tests.gui.fakes import session
from tests.gui.history_page import read

Key = Qt.Key
history = history_page.history  # pytest looks for fixtures among the names of a file


def test_words_are_looked_for_once_nobody_types_any_more(qtbot, history, library):
    asked = len(library.asked)
    qtbot.keyClicks(history.filters.search, "provider")
    assert len(library.asked) == asked
    qtbot.waitUntil(lambda: len(library.asked) > asked, timeout=2000)
    assert library.asked[-1].text == "provider"
    assert len(library.asked) == asked + 1


def test_what_was_looked_for_is_lit_in_what_was_said(qtbot, history):
    history.filters.search.setText("loop thread")
    qtbot.waitUntil(lambda: history.lists.count.text() == "0 answers found", timeout=2000)
    history.filters.search.setText("thread")
    qtbot.waitUntil(lambda: history.lists.count.text() == "8 answers found", timeout=2000)
    read(qtbot, history)
    found = history.attempts.model().index(0).data(EXCERPT)
    assert [found.text[first:stop] for first, stop in found.marks] == ["thread"]


def test_where_nothing_fits_everything_can_be_let_pass_again(qtbot, history):
    history.filters.search.setText("nowhere")
    qtbot.waitUntil(history.lists.nothing.isVisible, timeout=2000)
    assert not history.open.isEnabled()
    history.lists.let_pass.click()
    assert history.filters.search.text() == ""
    assert history.attempts.isVisible()
    assert history.lists.count.text() == "8 answers"


def test_an_interview_that_ended_before_an_answer_says_so(window, library):
    library.sessions = (replace(session(), attempts=()),)
    window.open_history()
    page = window.shelf.history
    assert page.lists.nothing.isVisible()
    assert not page.lists.let_pass.isVisible()


def test_how_many_were_found_is_announced(qtbot, history, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(history, "announce", said.append)
    history.filters.search.setText("thread")
    qtbot.waitUntil(lambda: said != [], timeout=2000)
    assert said == ["8 answers found."]


def test_the_keyboard_leads_into_the_search_and_out_of_it(qtbot, history):
    history.attempts.setFocus()
    qtbot.keyClick(history.attempts, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert history.filters.search.hasFocus()
    qtbot.keyClicks(history.filters.search, "sn/")  # keys of the page are letters here
    assert history.filters.search.text() == "sn/"
    qtbot.keyClick(history.filters.search, Key.Key_Escape)
    assert history.filters.search.text() == ""
    qtbot.keyClick(history.filters.search, Key.Key_Down)
    assert history.attempts.hasFocus()


def test_enter_in_the_search_leads_to_what_is_found_and_opens_nothing(qtbot, window, history, library):
    qtbot.keyClick(history.attempts, Key.Key_Slash)
    qtbot.keyClicks(history.filters.search, "thread")
    qtbot.keyClick(history.filters.search, Key.Key_Return)
    assert window.stack.currentWidget() is history
    assert library.asked[-1].text == "thread"
    assert history.attempts.hasFocus()
    qtbot.keyClick(history.attempts, Key.Key_Return)
    assert window.stack.currentWidget() is window.shelf.review


def test_the_keyboard_stays_in_the_search_until_something_is_found(qtbot, window, history, library, monkeypatch):
    asked: list[Query] = []
    monkeypatch.setattr(library, "search", asked.append)
    history.filters.search.setFocus()
    for words, count in (("nowhere", 0), ("thread", 1)):
        history.filters.search.setText(words)
        for _ in range(2):
            qtbot.keyClick(history.filters.search, Key.Key_Return)
        assert window.stack.currentWidget() is history
        assert history.filters.search.hasFocus()
        library.found.emit(Found(asked[-1], range(count)))
        assert history.attempts.hasFocus() == bool(count)


def test_whoever_types_on_stays_in_the_search(qtbot, history, library, monkeypatch):
    asked: list[Query] = []
    monkeypatch.setattr(library, "search", asked.append)
    history.filters.search.setFocus()
    history.filters.search.setText("thr")
    qtbot.keyClick(history.filters.search, Key.Key_Return)
    qtbot.keyClicks(history.filters.search, "e")
    library.found.emit(Found(asked[-1], (1,)))
    assert history.filters.search.hasFocus()
