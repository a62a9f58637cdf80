"""An edited answer: the way back and forth, where it stands, its new score and its first text."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from interviewer.core.models import Transcript
from interviewer.core.verdict import score_words
from interviewer.gui.widgets.inline_edit import InlineEdit
from interviewer.gui.widgets.transcript_editor import HINT
from tests.gui import editing_desk
from tests.gui.editing_desk import FRESH, SAID, Desk, edited
from tests.gui.fakes import score

desk = editing_desk.desk  # pytest looks for fixtures among the names of a file


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
