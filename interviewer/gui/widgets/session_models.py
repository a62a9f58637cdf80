"""Rows of two lines as an item model, and what attempts and moments are called in such rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from interviewer.core.models import Attempt, Question
from interviewer.gui.widgets.labels import literal

Index = QModelIndex | QPersistentModelIndex

SECOND_LINE = Qt.ItemDataRole.UserRole + 1
SCORE = Qt.ItemDataRole.UserRole + 2  # core.models.Score or None
VALUE = Qt.ItemDataRole.UserRole + 3  # what the row is of


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
