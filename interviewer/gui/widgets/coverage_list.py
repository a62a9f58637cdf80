"""Which points an answer made: state by shape and word, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.models import Coverage, PointResult
from interviewer.core.verdict import evidence_words, state_meaning, state_word
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label, set_tip

_SHOWN = {
    Coverage.COVERED: ("mentioned", "good"),
    Coverage.PARTLY: ("partly", "warn"),
    Coverage.MISSED: ("missed", "muted"),
    Coverage.CONTRADICTED: ("contradicted", "bad"),
}


class CoverageList(QWidget):
    """One row a key point, in the bank's order."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Points of a good answer")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)

    def show_points(self, points: Sequence[PointResult], *, neutral: bool = False) -> None:
        """Show these points in place of the ones there; `neutral` leaves out the colours that judge."""
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for point in points:
            self._column.addWidget(self._row(point, neutral=neutral))
        if not points:
            self._column.addWidget(label("No points have been judged.", tone="muted", wrap=True))

    def _row(self, point: PointResult, *, neutral: bool) -> QWidget:
        word = state_word(point)
        icon, tone = _SHOWN[point.coverage]
        if point.coverage is Coverage.COVERED and point.confirmed:
            icon = "covered"
        tone = "muted" if neutral else tone
        row = QWidget()
        row.setAccessibleName(f"{word}: {point.text}")
        row.setAccessibleDescription(f"{evidence_words(point)} {state_meaning(point)}")
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addWidget(IconLabel(self._theme, icon, tone, 22), 0, Qt.AlignmentFlag.AlignTop)
        state = label(word, size="section", tone=tone, wrap=True)
        # As wide as the longest single word; "The wrong way round" takes two lines.
        state.setFixedWidth(QFontMetrics(self._theme.font(bold=True)).horizontalAdvance("Mentioned") + 4)
        set_tip(state, state_meaning(point))
        across.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(label(point.text, wrap=True))
        words.addWidget(label(evidence_words(point), size="caption", tone="muted", wrap=True))
        across.addLayout(words, 1)
        return row
