"""The two lists of the history: interviews at the left, answers at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from interviewer.core.models import Mode, Question
from interviewer.core.search import SessionLine
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.found_answers import FoundModel
from interviewer.gui.widgets.found_list import FoundList
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.rows import RowList
from interviewer.gui.widgets.session_models import RowsModel, day_and_time

_LEAST_PX = 300
"""Of the lists: three answers are seen even in a low window, and the page scrolls."""


@dataclass(frozen=True, slots=True)
class EverySession:
    """The row that stands for all interviews."""

    sessions: int
    answers: int
    id: str = ""


class LinesModel(RowsModel):
    """One row for all interviews, then one for each."""

    def first_line(self, row: SessionLine | EverySession) -> str:
        """Return when it was."""
        return "All interviews" if isinstance(row, EverySession) else day_and_time(row.created)

    def second_line(self, row: SessionLine | EverySession) -> str:
        """Return how many answers, how it was held, whether to its end, from which bank."""
        if isinstance(row, EverySession):
            return f"{_count(row.sessions, 'interview')} · {_count(row.answers, 'answer')}"
        mode = "practice" if row.mode is Mode.PRACTICE else "interview"
        mode += "" if row.finished else " · not finished"
        return f"{_count(row.answers, 'answer')} · {mode} · {row.bank_title}"

    def show_lines(self, lines: Sequence[SessionLine]) -> None:
        """Show these interviews."""
        self.show_rows((EverySession(len(lines), sum(line.answers for line in lines)), *lines))

    def place_of(self, session_id: str) -> int:
        """Return the row of a session; that of all of them where it is not there."""
        return next((place for place, row in enumerate(self._rows) if row.id == session_id), 0)


class HistoryLists(QWidget):
    """Interviews, and the answers of the chosen one that fit."""

    def __init__(self, theme: Theme, question: Callable[[str], Question | None], parent: QObject) -> None:
        super().__init__()
        self.lines_model = LinesModel(parent)
        self.found_model = FoundModel(question, parent)
        self.sessions = RowList(theme, "Interviews", self.lines_model, scores=False)
        self.attempts = FoundList(theme, "Answers", self.found_model)
        for view in (self.sessions, self.attempts):
            KeepKeys(view, ENTER)
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        frame, column = card("Interviews", margin_px=16)
        column.addWidget(self.sessions, 1)
        row.addWidget(frame, 4)
        frame, column = card(margin_px=16)
        frame.setAccessibleName("Answers")
        column.addLayout(self._head())
        column.addWidget(self.attempts, 1)
        column.addWidget(self._nothing(), 1)
        row.addWidget(frame, 8)
        self.setMinimumHeight(_LEAST_PX)
        self.say_nothing_found(False)

    def _head(self) -> QHBoxLayout:
        self.count: QLabel = label("Answers", size="section")
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        return head

    def _nothing(self) -> QWidget:
        self.nothing = QWidget()
        column = QVBoxLayout(self.nothing)
        column.addWidget(label("No answer fits", size="section"))
        words = "Every word has to be in what was said, asked or noted. Look for fewer words, or let more pass."
        column.addWidget(label(words, tone="muted", wrap=True))
        self.let_pass = Button("Clear search and filters")
        column.addWidget(self.let_pass, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return self.nothing

    def say_nothing_found(self, nothing: bool) -> None:
        """Show the answers, or that none fits."""
        self.attempts.setVisible(not nothing)
        self.nothing.setVisible(nothing)

    def say_count(self, words: str) -> None:
        """Show how many answers there are."""
        self.count.setText(words)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
