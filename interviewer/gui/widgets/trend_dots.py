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


class DotsModel(QAbstractListModel):
    """One row a dot, worded when it is seen: there may be a hundred thousand. VALUE is the place in the trends."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trends = empty()
        self._places: Ints = np.empty(0, dtype=np.int32)
        self._measure = Measure.SCORE

    def show_dots(self, trends: Trends, places: Ints, measure: Measure) -> None:
        """Show the attempts at these places, oldest first, in place of those there."""
        self.beginResetModel()
        self._trends, self._places, self._measure = trends, places, measure
        self.endResetModel()

    def row_of(self, place: int) -> int:
        """Return the row of an attempt; -1 where it has none."""
        at = int(np.searchsorted(self._places, place))
        there = at < len(self._places) and self._places[at] == place
        return len(self._places) - 1 - at if there else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many dots there are; a list has no children."""
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words or value."""
        if not index.isValid() or not 0 <= index.row() < len(self._places):
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
