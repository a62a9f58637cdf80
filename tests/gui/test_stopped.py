"""The Start page and the History offer to go on with an interview that stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from interviewer.core import steps
from interviewer.core.models import Bank, Mode
from interviewer.core.steps import Take
from interviewer.core.stopped import Stopped
from interviewer.gui.prompts import prompt
from interviewer.gui.widgets.session_models import SECOND_LINE
from tests.gui.fakes import NOW, attempt, bank, clip, session

UNFINISHED = replace(session(), finished=None, attempts=(attempt(0), attempt(1)))
FOUND = Stopped(UNFINISHED, 2, NOW)
CUT_OFF = Stopped(replace(UNFINISHED, attempts=(*UNFINISHED.attempts, attempt(2))), 3, NOW, cut_off=2)


@pytest.fixture
def page(window):
    return window.shelf.start


@pytest.fixture
def offered(page, continuing):
    """The Start page with an interview to go on with."""
    continuing.found.emit(FOUND)
    return page


def notice(page):
    return page.stopped.notice("stopped")


def press(qtbot, page, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget() or page, key)


def click(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def other(page, words: str):
    (button,) = (b for b in notice(page).others if b.text() == words)
    return button


def test_where_nothing_stopped_nothing_is_offered(page, continuing):
    continuing.found.emit(None)
    assert notice(page) is None
    assert page.start.text() == "Start the interview"


def test_it_says_at_which_question_it_stopped(offered):
    assert notice(offered).fact.text().startswith("You stopped at question 3 of 5, ")


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_after_a_crash_the_keys_go_on_with_it(qtbot, offered, conductor, continuing, key):
    press(qtbot, offered, key)
    assert continuing.calls == [("go_on", UNFINISHED.id, False)]
    assert conductor.begun == []


def test_the_button_that_the_keys_press_is_the_one_that_shows_them(offered):
    assert (notice(offered).action.property("role"), notice(offered).action.toolTip()) == ("primary", "Key: Space")
    assert (offered.start.property("role"), offered.start.toolTip()) == ("secondary", "")


def test_a_new_interview_can_be_started_all_the_same(qtbot, offered, conductor, continuing):
    assert offered.start.text() == "Start a new interview"
    click(qtbot, offered.start)
    assert len(conductor.begun) == 1
    assert continuing.calls == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_after_another_interview_the_keys_start_a_new_one(qtbot, page, conductor, continuing, key):
    continuing.found.emit(replace(FOUND, latest=False))
    press(qtbot, page, key)
    assert len(conductor.begun) == 1
    assert continuing.calls == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_an_offer_that_was_put_away_leaves_the_keys_to_the_start(qtbot, offered, conductor, continuing, key):
    offered.stopped.dismiss("stopped")
    press(qtbot, offered, key)
    assert (len(conductor.begun), continuing.calls) == (1, [])
    assert offered.start.text() == "Start the interview"


def test_an_offer_that_was_put_away_does_not_come_back_with_the_same_words(offered, continuing):
    offered.stopped.dismiss("stopped")
    continuing.found.emit(FOUND)
    assert notice(offered) is None


def test_it_can_be_let_rest(qtbot, offered, continuing):
    click(qtbot, other(offered, "Let it rest"))
    assert continuing.calls == [("let_rest", UNFINISHED.id)]


def test_once_it_rests_the_start_is_the_obvious_button_again(qtbot, offered, conductor, continuing):
    continuing.found.emit(None)
    press(qtbot, offered, Qt.Key.Key_Return)
    assert len(conductor.begun) == 1
    assert offered.start.property("role") == "primary"


def test_an_answer_that_was_cut_off_is_told_and_can_be_given_again(qtbot, page, continuing):
    continuing.found.emit(CUT_OFF)
    assert "Your answer to question 3 was being recorded" in notice(page).accessibleName()
    click(qtbot, other(page, "Answer question 3 again"))
    click(qtbot, notice(page).action)
    assert continuing.calls == [("go_on", UNFINISHED.id, True), ("go_on", UNFINISHED.id, False)]


def test_where_only_the_answer_that_was_cut_off_is_left_that_is_given_again(qtbot, page, continuing):
    continuing.found.emit(replace(CUT_OFF, position=5, cut_off=4))
    press(qtbot, page, Qt.Key.Key_Space)
    assert continuing.calls == [("go_on", UNFINISHED.id, True)]


def test_without_its_bank_it_names_the_bank_and_starts_others(qtbot, page, conductor, continuing):
    continuing.lacks = 5
    continuing.found.emit(FOUND)
    page.show_bank(Bank.model_validate({**bank().model_dump(), "title": "Another bank"}))
    assert "Open the bank “Questions for an API developer”" in notice(page).accessibleName()
    assert notice(page).action is None
    press(qtbot, page, Qt.Key.Key_Space)
    assert len(conductor.begun) == 1


def test_with_its_bank_opened_it_can_go_on(page, continuing):
    continuing.lacks = 5
    continuing.found.emit(FOUND)
    continuing.lacks = 0
    page.show_bank(bank())
    assert notice(page).action.text() == "Continue"


def test_whoever_is_in_another_field_stays_there(page, continuing):
    page.count.setFocus()
    continuing.found.emit(FOUND)
    assert page.count.hasFocus()


def test_answers_of_before_are_told_by_their_number_when_they_are_worked_off(conductor):
    older = Take("s-02-0003", 1, clip())
    conductor.post(steps.Begin("s", NOW, "Bank", Mode.PRACTICE, bank().questions, 4, 3, (older,)))
    conductor.post(steps.Skip())
    assert prompt(conductor.state).detail == "Answer 2 of 5. The recording is safe on disk."


def show_history(window, library, *sessions):
    library.sessions = sessions
    window.open_history()
    page = window.shelf.history
    page.sessions.setCurrentIndex(page.sessions.model().index(1))
    return page


def test_the_history_says_which_interview_was_not_finished(window, library):
    history = show_history(window, library, UNFINISHED, session("done"))
    lines = [history.sessions.model().index(row).data(SECOND_LINE) for row in (1, 2)]
    assert ["not finished" in line for line in lines] == [True, False]


def test_one_that_was_not_finished_goes_on_from_the_history(qtbot, window, library, continuing):
    history = show_history(window, library, UNFINISHED)
    click(qtbot, history.go_on)
    assert continuing.calls[-1] == ("go_on", UNFINISHED.id, False)


def test_one_that_was_finished_does_not(window, library):
    history = show_history(window, library, session())
    assert history.go_on.isHidden()
