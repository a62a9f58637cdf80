"""The attempts of a plot as a list, newest first: what the dots say in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from interviewer.core.trends import Ints, Measure, Trends, empty
from interviewer.gui import trend_words
from interviewer.gui.widgets.labels import literal
from interviewer.gui.widgets.session_models import SECOND_LINE, VALUE

Index = QModelIndex | QPersistentModelIndex


PORTION = 1_000
"""Rows handed to the list at a time: it lays out every row that it knows of."""


class DotsModel(QAbstractListModel):
    """One row a dot, worded when it is seen: there may be a hundred thousand. VALUE is the place in the trends."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trends = empty()
        self._places: Ints = np.empty(0, dtype=np.int32)
        self._measure = Measure.SCORE
        self._count = 0

    def show_dots(self, trends: Trends, places: Ints, measure: Measure) -> None:
        """Show the attempts at these places, oldest first, in place of those there."""
        self.beginResetModel()
        self._trends, self._places, self._measure = trends, places, measure
        self._count = min(PORTION, len(places))
        self.endResetModel()

    def row_of(self, place: int) -> int:
        """Return the row of an attempt, which is there from now on; -1 where it has no dot."""
        at = int(np.searchsorted(self._places, place))
        if at == len(self._places) or self._places[at] != place:
            return -1
        row = len(self._places) - 1 - at
        self._grow(row + 1)
        return row

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's own name
        """Return whether there are rows that the list does not know of yet."""
        return not parent.isValid() and self._count < len(self._places)

    def fetchMore(self, _parent: Index) -> None:  # noqa: N802 - Qt's own name
        """Hand out some more: the list is at its end."""
        self._grow(self._count + PORTION)

    def _grow(self, count: int) -> None:
        count = min(count, len(self._places))
        if count <= self._count:
            return
        self.beginInsertRows(QModelIndex(), self._count, count - 1)
        self._count = count
        self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows are handed out; a list has no children."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words or value."""
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        place = int(self._places[len(self._places) - 1 - index.row()])
        if role == VALUE:
            return place
        told = trend_words.dot(self._trends, place, self._measure)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return told.figure
            case Qt.ItemDataRole.ToolTipRole:
                return literal(told.whole)
            case Qt.ItemDataRole.AccessibleTextRole:
                return told.whole
            case _ if role == SECOND_LINE:
                return " · ".join(filter(None, (told.when, told.apart, told.asked)))
        return None
