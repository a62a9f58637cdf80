"""Words are put right where they stand, by mouse and by keyboard."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from interviewer.core.editing import replace_words
from interviewer.core.models import Attempt, Pause, Transcript
from interviewer.core.settings import Appearance
from interviewer.core.verdict import score_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.inline_edit import NARROWEST_PX, InlineEdit
from interviewer.gui.widgets.transcript_editor import HINT, MOVED, TranscriptEditor
from interviewer.gui.widgets.transcript_view import TranscriptView
from interviewer.workers.editing import Edition
from tests.gui.fakes import NOW, clip, score, transcript

SAID = transcript(text="A list is read last in first out. That is what a stack does.")
ATTEMPT = Attempt("one", "s", "async-operations", 0, NOW, clip(), SAID, score())
FRESH = Edition(ATTEMPT, SAID, can_undo=False, can_redo=False)


def edited(text: str = "stack") -> Edition:
    made = replace_words(SAID, 1, 2, text)
    return Edition(replace(ATTEMPT, transcript=made), SAID, can_undo=True, can_redo=False)


@dataclass
class Desk:
    window: QWidget
    view: TranscriptView
    editor: TranscriptEditor
    replaced: list[tuple[object, ...]]
    told: list[str]

    def show(self, edition: Edition) -> None:
        assert edition.attempt.transcript is not None
        self.view.show_transcript(edition.attempt.transcript)
        self.editor.show_edition(edition)

    def at(self, word: int) -> QPoint:
        begin, end = self.view.outline((word, word + 1))
        return QPoint((begin.left() + end.left()) // 2, begin.center().y())

    @property
    def field(self) -> InlineEdit:
        (field,) = self.window.findChildren(InlineEdit)
        return field

    def press(self, key: Qt.Key, on: QWidget | None = None) -> None:
        QTest.keyClick(on or self.view, key)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Desk:
    window = QWidget()
    window.resize(560, 400)
    view = TranscriptView(Theme(qapp, Appearance.LIGHT), "Your answer")
    editor = TranscriptEditor(view)
    column = QVBoxLayout(window)
    for one in (view, editor, QLineEdit()):
        column.addWidget(one)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    made = Desk(window, view, editor, [], [])
    editor.replaced.connect(lambda *parts: made.replaced.append(parts))
    editor.told.connect(made.told.append)
    made.show(FRESH)
    view.setFocus()
    return made


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


# --- where the field stands -------------------------------------------------------------------


def test_the_field_stands_over_its_word_and_moves_along_with_it(desk: Desk, qtbot: QtBot) -> None:
    desk.view.put_cursor(6)
    desk.press(Qt.Key.Key_F2)
    over = desk.field.geometry()
    assert over.contains(desk.view.viewport().mapTo(desk.window, desk.at(6)))
    assert over.width() == NARROWEST_PX
    desk.editor.hide()  # it is wider
    desk.window.resize(220, 500)
    qtbot.waitUntil(lambda: desk.field.geometry() != over)
    qtbot.waitUntil(lambda: desk.field.geometry().contains(desk.view.viewport().mapTo(desk.window, desk.at(6))))
    assert desk.field.geometry().right() <= desk.window.rect().right()


def test_the_field_grows_with_what_is_typed(desk: Desk) -> None:
    desk.view.put_cursor(1)
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "a list that is read from its end ")
    assert NARROWEST_PX < desk.field.width() < desk.view.viewport().width()
    assert desk.field.verticalScrollBar().maximum() == 0


def test_a_text_of_many_lines_is_scrolled(desk: Desk) -> None:
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(desk.field, "word " * 200)
    assert desk.field.verticalScrollBar().maximum() > 0
    assert desk.field.height() < desk.window.height()


def test_a_long_sentence_has_the_whole_width_and_all_its_lines(desk: Desk) -> None:
    desk.show(Edition(replace(ATTEMPT, id="two", transcript=(long := transcript())), long, False, False))
    desk.press(Qt.Key.Key_F2)
    one_line = desk.field.height()
    desk.press(Qt.Key.Key_F2, desk.field)
    assert desk.field.width() == desk.view.viewport().width()
    assert desk.field.height() > one_line


def test_words_from_right_to_left_are_edited_at_their_right_end(desk: Desk) -> None:
    text = "القائمة تقرأ الأخير أولا"
    arabic = Transcript(text)
    desk.show(Edition(replace(ATTEMPT, id="two", clip=None, transcript=arabic), arabic, False, False))
    desk.press(Qt.Key.Key_F2)
    over = desk.field.geometry()
    assert over.right() >= desk.window.width() - 40
    assert over.contains(desk.view.viewport().mapTo(desk.window, desk.at(0)))


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


# --- back and forth ---------------------------------------------------------------------------


def test_undo_and_redo_are_offered_where_there_is_a_way(desk: Desk, qtbot: QtBot) -> None:
    assert (desk.editor.undo_button.isEnabled(), desk.editor.redo_button.isEnabled()) == (False, False)
    desk.show(edited())
    with qtbot.waitSignal(desk.editor.undo_wanted):
        desk.editor.undo_button.click()
    desk.show(replace(FRESH, can_redo=True))
    with qtbot.waitSignal(desk.editor.redo_wanted):
        desk.editor.redo_button.click()


def test_where_there_is_no_way_back_nothing_is_asked(desk: Desk) -> None:
    asked: list[str] = []
    desk.editor.undo_wanted.connect(lambda: asked.append("undo"))
    desk.editor.redo_wanted.connect(lambda: asked.append("redo"))
    desk.editor.undo()
    desk.editor.redo()
    assert asked == []


def test_it_is_said_where_an_answer_stands(desk: Desk) -> None:
    assert desk.editor.status.text() == HINT
    desk.show(replace(edited(), judging=True))
    assert desk.editor.status.text() == "Scoring the text…"
    desk.show(edited())
    assert desk.editor.status.text() == "Put right by you. The first text and the recording are kept."


def test_of_a_typed_answer_no_recording_is_said_to_be_kept(desk: Desk) -> None:
    put_right = edited()
    desk.show(replace(put_right, attempt=replace(put_right.attempt, clip=None)))
    assert desk.editor.status.text() == "Put right by you. The first text is kept."


def test_a_new_score_is_told_once(desk: Desk) -> None:
    waiting = replace(edited(), judging=True)
    desk.show(replace(waiting, attempt=replace(waiting.attempt, score=None)))
    assert desk.told == []
    desk.show(edited())
    desk.show(edited())
    assert desk.told == [f"The text is scored: {score_words(score())}."]


def test_what_was_heard_is_shown_beside_what_was_made_of_it(desk: Desk) -> None:
    desk.show(edited())
    assert desk.editor.heard.isHidden()
    desk.editor.heard_button.click()
    assert desk.editor.heard.text() == SAID.text
    assert desk.editor.heard_title.text() == "What was heard, before it was put right:"
    assert desk.told[-1].endswith(SAID.text)
    desk.editor.heard_button.click()
    assert desk.editor.heard.isHidden()


def test_of_a_typed_answer_the_first_text_is_what_was_typed(desk: Desk) -> None:
    desk.show(replace(edited(), original=Transcript("A pile.")))
    desk.editor.heard_button.click()
    assert desk.editor.heard_title.text().startswith("What you typed at first")


def test_an_answer_as_it_was_heard_has_nothing_else_to_show(desk: Desk) -> None:
    desk.show(edited())
    desk.editor.heard_button.click()
    desk.show(replace(FRESH, can_redo=True))
    assert not desk.editor.heard_button.isEnabled()
    assert desk.editor.heard.isHidden()


def test_without_an_answer_nothing_can_be_edited(desk: Desk) -> None:
    desk.editor.show_edition(None)
    desk.press(Qt.Key.Key_F2)
    assert desk.window.findChildren(InlineEdit) == []
    assert desk.editor.status.text() == ""
