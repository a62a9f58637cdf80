"""The field in which words are put right stands where they stand, and has room for what is typed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from interviewer.core.models import Transcript
from interviewer.gui.widgets.inline_edit import NARROWEST_PX
from interviewer.workers.editing import Edition
from tests.gui import editing_desk
from tests.gui.editing_desk import ATTEMPT, Desk
from tests.gui.fakes import transcript

desk = editing_desk.desk  # pytest looks for fixtures among the names of a file


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
