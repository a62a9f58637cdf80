"""Sessions and attempts as item models. Newest sessions first; attempts in the order they were given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from interviewer.core.models import Attempt, Mode, Question, Session
from interviewer.core.verdict import headline
from interviewer.gui.widgets.labels import literal

Index = QModelIndex | QPersistentModelIndex

SECOND_LINE = Qt.ItemDataRole.UserRole + 1
SCORE = Qt.ItemDataRole.UserRole + 2  # core.models.Score or None
VALUE = Qt.ItemDataRole.UserRole + 3  # the Session or Attempt itself


class RowsModel(QAbstractListModel):
    """Rows of two lines and perhaps a score."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Any, ...] = ()

    def show_rows(self, rows: tuple[Any, ...]) -> None:
        """Show these rows in place of the ones there."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are; a list has no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words, score or value."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.first_line(row)
            case Qt.ItemDataRole.ToolTipRole:
                return literal(self.first_line(row))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.first_line(row)}. {self.second_line(row)}"
            case _ if role == SECOND_LINE:
                return self.second_line(row)
            case _ if role == SCORE:
                return getattr(row, "score", None)
            case _ if role == VALUE:
                return row
        return None

    def first_line(self, row: Any) -> str:
        """Return the line that names a row."""
        raise NotImplementedError

    def second_line(self, row: Any) -> str:
        """Return the line that says more about it."""
        raise NotImplementedError


class SessionsModel(RowsModel):
    """One row a session."""

    def first_line(self, row: Session) -> str:
        """Return when it was."""
        return day_and_time(row.created)

    def second_line(self, row: Session) -> str:
        """Return how many answers, how it was held, whether to its end, from which bank."""
        answers = len(row.attempts)
        mode = "practice" if row.mode is Mode.PRACTICE else "interview"
        mode += "" if row.finished else " · not finished"
        return f"{answers} {'answer' if answers == 1 else 'answers'} · {mode} · {row.bank_title}"


class AttemptsModel(RowsModel):
    """One row an attempt of one session."""

    def __init__(self, question: Callable[[str], Question | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = question

    def first_line(self, row: Attempt) -> str:
        """Return what was asked."""
        return attempt_words(row, self._question)

    def second_line(self, row: Attempt) -> str:
        """Return the score's label, when, and how long."""
        state = headline(row.score) if row.score else "Not scored yet" if row.transcript else "Not written down yet"
        rough = " · rough transcript" if row.transcript and row.transcript.rough else ""
        length = f" · {row.clip.seconds:.0f} s" if row.clip else " · typed"
        return f"{state} · {_local(row.created):%H:%M}{length}{rough}"


def attempt_words(attempt: Attempt, find: Callable[[str], Question | None]) -> str:
    """Return what was asked: as it was kept, else the question of the open bank, else its id in words."""
    if attempt.follow_up:
        return f"Follow-up: {attempt.follow_up}"
    if attempt.asked:
        return attempt.asked
    question = find(attempt.question_id)
    return question.question if question else attempt.question_id.replace("-", " ")


def day_and_time(when: datetime) -> str:
    """Return a moment in the user's own zone, such as "Thursday, 4 June 2026, 18:30"."""
    local = _local(when)
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M}"


def _local(when: datetime) -> datetime:
    """Return a moment in the user's own zone; as it is where that lies beyond the calendar's last day."""
    try:
        return when.astimezone()
    except OverflowError:
        return when
