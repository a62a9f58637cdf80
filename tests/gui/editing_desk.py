"""A text with its editor below it, and a field elsewhere: what is handed in and told is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from interviewer.core.editing import replace_words
from interviewer.core.models import Attempt
from interviewer.core.settings import Appearance
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.inline_edit import InlineEdit
from interviewer.gui.widgets.transcript_editor import TranscriptEditor
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
