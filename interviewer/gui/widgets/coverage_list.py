"""Which points an answer made: state by shape and word, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.models import Coverage, PointResult
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label

_SHOWN = {
    Coverage.COVERED: ("Covered", "covered", "good"),
    Coverage.PARTLY: ("Partly", "partly", "warn"),
    Coverage.MISSED: ("Missed", "missed", "bad"),
}


def evidence_words(point: PointResult) -> str:
    """Return the line under a point: the sentence that proves it, or the nearest one said."""
    if not point.evidence:
        return "Nothing you said came near this."
    lead = "Nearest you said" if point.coverage is Coverage.MISSED else "You said"
    return f"{lead}: “{point.evidence}”"


class CoverageList(QWidget):
    """One row a key point, in the bank's order."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Points of a good answer")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)

    def show_points(self, points: Sequence[PointResult]) -> None:
        """Show these points in place of the ones there."""
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for point in points:
            self._column.addWidget(self._row(point))
        if not points:
            self._column.addWidget(label("No points have been judged.", tone="muted", wrap=True))

    def _row(self, point: PointResult) -> QWidget:
        word, icon, tone = _SHOWN[point.coverage]
        row = QWidget()
        row.setAccessibleName(f"{word}: {point.text}")
        row.setAccessibleDescription(evidence_words(point))
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addWidget(IconLabel(self._theme, icon, tone, 22), 0, Qt.AlignmentFlag.AlignTop)
        state = label(word, size="section", tone=tone)
        state.setMinimumWidth(70)
        across.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label(point.text, wrap=True))
        words.addWidget(label(evidence_words(point), size="caption", tone="muted", wrap=True))
        across.addLayout(words, 1)
        return row


def count_words(points: Sequence[PointResult]) -> str:
    """Return how many points were made, such as "3 of 5 points covered, 1 partly"."""
    covered = sum(p.coverage is Coverage.COVERED for p in points)
    partly = sum(p.coverage is Coverage.PARTLY for p in points)
    words = f"{covered} of {len(points)} points covered"
    return f"{words}, {partly} partly" if partly else words
