"""The two lists of the history: interviews at the left, answers at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from interviewer.core.models import Mode, Question
from interviewer.core.search import Lines, SessionLine
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.found_answers import WAITING, FoundModel
from interviewer.gui.widgets.found_rows import FoundDelegate
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.paged_model import PagedModel
from interviewer.gui.widgets.row_table import RowTable
from interviewer.gui.widgets.rows import RowDelegate
from interviewer.gui.widgets.session_models import SECOND_LINE, VALUE, Index, day_and_time

_LEAST_PX = 300
"""Of the lists: three answers are seen even in a low window, and the page scrolls."""


class LinesModel(PagedModel):
    """One row for all interviews, then one for each."""

    lead = 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers = 0

    def show_lines(self, lines: Lines) -> None:
        """Show these interviews."""
        self._answers = lines.answers
        self.show_numbers(lines.numbers, lines.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words, or the line itself; None for that of the row of all interviews."""
        if not index.isValid() or not 0 <= index.row() < self.rowCount():
            return None
        line = self.row_at(index.row() - self.lead) if index.row() >= self.lead else None
        if role == VALUE:
            return line
        first, second = self._every() if index.row() < self.lead else _words(line)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return first
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{first}. {second}"
            case _ if role == SECOND_LINE:
                return second
        return None

    def _every(self) -> tuple[str, str]:
        return "All interviews", f"{_count(len(self.numbers), 'interview')} · {_count(self._answers, 'answer')}"


def _words(line: SessionLine | None) -> tuple[str, str]:
    """Return when an interview was; how many answers it has, how it was held, whether to its end, where it is from."""
    if line is None:
        return WAITING, ""
    mode = "practice" if line.mode is Mode.PRACTICE else "interview"
    mode += "" if line.finished else " · not finished"
    mode += " · from elsewhere" if line.elsewhere else ""
    return day_and_time(line.created), f"{_count(line.answers, 'answer')} · {mode} · {line.bank_title}"


class HistoryLists(QWidget):
    """Interviews, and the answers of the chosen one that fit."""

    def __init__(self, theme: Theme, question: Callable[[str], Question | None], parent: QObject) -> None:
        super().__init__()
        self.lines_model = LinesModel(parent)
        self.found_model = FoundModel(question, parent)
        self.sessions = RowTable("Interviews", self.lines_model, RowDelegate(theme, scores=False))
        self.attempts = RowTable("Answers", self.found_model, FoundDelegate(theme))
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
        self._title = label(size="section")
        self._why = label(tone="muted", wrap=True)
        self.let_pass = Button("Clear search and filters")
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addWidget(self.let_pass, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return self.nothing

    def say_nothing_found(self, nothing: bool, *, narrowed: bool = False) -> None:
        """Show the answers, or that there is none, or none that fits."""
        self.attempts.setVisible(not nothing)
        self.nothing.setVisible(nothing)
        self.let_pass.setVisible(narrowed)
        self._title.setText("No answer fits" if narrowed else "No answer here")
        self._why.setText(
            "Every word has to be in what was said, asked or noted. Look for fewer words, or let more pass."
            if narrowed
            else "It ended before a question was answered."
        )

    def say_count(self, words: str) -> None:
        """Show how many answers there are."""
        self.count.setText(words)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
