"""Words are put right where they stand, by mouse and by keyboard."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from interviewer.core.models import Pause, Transcript
from interviewer.gui.widgets.inline_edit import InlineEdit
from interviewer.gui.widgets.transcript_editor import MOVED
from interviewer.workers.editing import Edition
from tests.gui import editing_desk
from tests.gui.editing_desk import ATTEMPT, FRESH, SAID, Desk, edited

desk = editing_desk.desk  # pytest looks for fixtures among the names of a file


# --- a word -----------------------------------------------------------------------------------


def test_f2_edits_the_word_at_the_cursor(desk: Desk) -> None:
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    assert (desk.field.toPlainText(), desk.field.accessibleName()) == ("list", "Put right: list")
    assert desk.field.hasFocus()


def test_a_double_click_edits_the_word_under_it(desk: Desk) -> None:
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.at(1))
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.at(1))
    QTest.mouseRelease(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.at(1))
    assert desk.field.toPlainText() == "list"


def test_enter_edits_the_words_that_are_selected(desk: Desk) -> None:
    desk.view.put_cursor(1)
    for _ in range(2):
        desk.view.moveCursor(QTextCursor.MoveOperation.NextWord, QTextCursor.MoveMode.KeepAnchor)
    desk.press(Qt.Key.Key_Return)
    assert desk.field.toPlainText() == "list is"


def test_enter_at_a_word_that_can_be_heard_lets_it_be_heard(desk: Desk) -> None:
    heard: list[float] = []
    desk.view.word_chosen.connect(heard.append)
    desk.press(Qt.Key.Key_Return)
    assert heard == [SAID.words[0].start_s]
    assert desk.window.findChildren(InlineEdit) == []


def test_enter_edits_a_word_of_a_typed_answer(desk: Desk) -> None:
    typed = Transcript("A list of plates.")
    desk.show(Edition(replace(ATTEMPT, id="two", clip=None, transcript=typed), typed, can_undo=False, can_redo=False))
    desk.press(Qt.Key.Key_Return)
    assert desk.field.toPlainText() == "A"


def test_enter_hands_in_what_was_typed_and_goes_back_to_the_text(desk: Desk) -> None:
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "stack  of")
    desk.press(Qt.Key.Key_Return, desk.field)
    assert desk.replaced == [(1, 2, "stack of")]
    assert desk.view.hasFocus()
    assert desk.field.isHidden()


def test_escape_leaves_the_word_as_it_was(desk: Desk) -> None:
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "stack")
    desk.press(Qt.Key.Key_Escape, desk.field)
    assert (desk.replaced, desk.field.isHidden(), desk.view.hasFocus()) == ([], True, True)
    assert desk.view.chosen() == (1, 2)


def test_whoever_goes_elsewhere_hands_in_what_was_typed_and_stays_there(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "The")
    elsewhere = desk.window.findChild(QLineEdit)
    elsewhere.setFocus(Qt.FocusReason.MouseFocusReason)
    assert desk.replaced == [(0, 1, "The")]
    assert elsewhere.hasFocus()


def test_another_window_is_not_elsewhere(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    desk.field.clearFocus()  # with no reason of its own: only then is it left
    assert desk.field.isHidden()
    desk.press(Qt.Key.Key_F2)
    other = QWidget()
    other.show()
    other.activateWindow()
    assert desk.field.isVisible()
    other.close()


def test_nothing_typed_takes_the_word_out(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    desk.press(Qt.Key.Key_Delete, desk.field)
    desk.press(Qt.Key.Key_Enter, desk.field)
    assert desk.replaced == [(0, 1, "")]


def test_a_pause_between_words_is_no_word(desk: Desk) -> None:
    desk.view.show_transcript(SAID, [Pause(SAID.words[1].start_s - 0.1, SAID.words[1].start_s - 0.01)])
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "stack")
    desk.press(Qt.Key.Key_Return, desk.field)
    assert desk.replaced == [(1, 2, "stack")]


def test_a_word_left_as_it_was_is_no_edit(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    desk.editor.ask_first(lambda: False)
    desk.press(Qt.Key.Key_Return, desk.field)
    assert (desk.field.isHidden(), desk.replaced) == (True, [])


# --- a sentence -------------------------------------------------------------------------------


def test_a_second_f2_takes_the_sentence_with_what_was_typed(desk: Desk) -> None:
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "stack")
    desk.press(Qt.Key.Key_F2, desk.field)
    assert desk.field.toPlainText() == "A stack is read last in first out."
    desk.press(Qt.Key.Key_Return, desk.field)
    assert desk.replaced == [(0, 8, "A stack is read last in first out.")]


def test_a_sentence_taken_twice_is_the_same_sentence(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    for _ in range(2):
        desk.press(Qt.Key.Key_F2, desk.field)
    assert desk.field.toPlainText() == "A list is read last in first out."


def test_words_that_are_not_those_of_the_text_are_edited_as_a_whole(desk: Desk, qtbot: QtBot) -> None:
    desk.view.show_text("Nothing was heard in this recording.")
    with qtbot.waitSignal(desk.editor.whole_wanted):
        desk.press(Qt.Key.Key_F2)


# --- when it cannot be taken ------------------------------------------------------------------


def test_where_no_edit_can_be_taken_nobody_begins(desk: Desk) -> None:
    desk.editor.ask_first(lambda: False)
    desk.press(Qt.Key.Key_F2)
    assert desk.window.findChildren(InlineEdit) == []


def test_what_cannot_be_taken_stays_in_the_field_until_it_can(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "The")
    desk.editor.ask_first(lambda: False)
    desk.press(Qt.Key.Key_Return, desk.field)
    assert (desk.replaced, desk.field.toPlainText(), desk.field.hasFocus()) == ([], "The", True)
    desk.editor.ask_first(lambda: True)
    desk.press(Qt.Key.Key_Return, desk.field)
    assert desk.replaced == [(0, 1, "The")]


def test_whoever_went_elsewhere_meanwhile_finds_it_as_it_was(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "The")
    desk.editor.ask_first(lambda: False)
    desk.window.findChild(QLineEdit).setFocus(Qt.FocusReason.MouseFocusReason)
    assert desk.field.isVisible()
    desk.view.put_cursor(4)
    desk.press(Qt.Key.Key_F2)
    assert (desk.field.toPlainText(), desk.field.hasFocus()) == ("The", True)


def test_undo_that_cannot_be_had_leaves_what_is_typed(desk: Desk) -> None:
    desk.show(edited())
    desk.press(Qt.Key.Key_F2)
    desk.editor.ask_first(lambda: False)
    desk.editor.undo()
    assert desk.field.isVisible()


def test_what_was_typed_for_words_that_are_gone_takes_the_place_of_no_others(desk: Desk) -> None:
    desk.view.put_cursor(6)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "first")
    anew = Transcript("A pile.")
    desk.show(replace(FRESH, attempt=replace(ATTEMPT, transcript=anew)))
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Return):
        desk.press(key, desk.field)
        assert (desk.field.toPlainText(), desk.editor.status.text(), desk.replaced) == ("first", MOVED, [])
    desk.press(Qt.Key.Key_Escape, desk.field)
    assert desk.editor.status.text() != MOVED


# --- while it goes on -------------------------------------------------------------------------


def test_whoever_begins_and_whoever_pauses_is_told_of(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.editor.begun):
        desk.press(Qt.Key.Key_F2)
    with qtbot.waitSignal(desk.editor.paused) as paused:
        QTest.keyClicks(desk.field, "The")
    assert paused.args == [0, 1, "The"]


def test_a_score_that_comes_meanwhile_leaves_what_is_typed(desk: Desk) -> None:
    desk.show(edited())
    desk.view.put_cursor(3)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "writt")
    desk.show(edited())
    QTest.keyClicks(desk.field, "en")
    desk.press(Qt.Key.Key_Return, desk.field)
    assert desk.replaced == [(3, 4, "written")]


def test_the_cursor_stays_at_its_word_when_the_text_changes(desk: Desk) -> None:
    desk.view.put_cursor(3)
    desk.press(Qt.Key.Key_F2)
    desk.press(Qt.Key.Key_Escape, desk.field)
    desk.show(edited())
    assert desk.view.chosen() == (3, 4)
    desk.press(Qt.Key.Key_Right)
    for _ in range(4):
        desk.press(Qt.Key.Key_Right)
    desk.show(edited("heap"))
    assert desk.view.chosen() == (4, 5)


def test_another_answer_begins_at_its_first_word_with_nothing_open(desk: Desk) -> None:
    desk.view.put_cursor(3)
    desk.press(Qt.Key.Key_F2)
    desk.show(replace(FRESH, attempt=replace(ATTEMPT, id="two")))
    assert desk.field.isHidden()
    assert (desk.view.chosen(), desk.replaced) == ((0, 1), [])
