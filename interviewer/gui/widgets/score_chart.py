"""Scores over the questions of a session, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.core.models import Score
from interviewer.core.verdict import figure, headline
from interviewer.gui.theme import Theme

_TOP_PX, _BOTTOM_PX, _LEFT_PX = 22.0, 24.0, 34.0
_WIDEST_PX = 56.0
_NAMED = 24
"""With more questions than this only every fifth is named below."""


class ScoreChart(QWidget):
    """One bar a question, from 0 to 100; a dash where there is no score to show."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._scores: tuple[Score | None, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_scores(())

    def sizeHint(self) -> QSize:
        """Return the size of a chart in a card."""
        return QSize(480, 190)

    def show_scores(self, scores: Sequence[Score | None]) -> None:
        """Show one bar for each."""
        self._scores = tuple(scores)
        said = (f"question {i}: {_said(s)}" for i, s in enumerate(self._scores, 1))
        self.setAccessibleName("Scores. " + ", ".join(said) if self._scores else "Scores: none yet")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines at 0, 50 and 100, then the bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("caption"))
        floor = self.height() - _BOTTOM_PX
        rise = floor - _TOP_PX
        for value in (0, 50, 100):
            y = floor - rise * value / 100
            painter.setPen(QPen(self._theme.colour("line"), 1))
            painter.drawLine(int(_LEFT_PX), int(y), self.width(), int(y))
            painter.setPen(self._theme.colour("muted"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 10, _LEFT_PX - 8, 20), side, str(value))
        for place, score in enumerate(self._scores):
            self._paint_bar(painter, place, score, floor, rise)
        painter.end()

    def _paint_bar(self, painter: QPainter, place: int, score: Score | None, floor: float, rise: float) -> None:
        slot = (self.width() - _LEFT_PX) / len(self._scores)
        width = min(_WIDEST_PX, slot * 0.6)
        left = _LEFT_PX + slot * place + (slot - width) / 2
        around = QRectF(_LEFT_PX + slot * place, 0, slot, 20)
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(Qt.PenStyle.NoPen)
        scored = score is not None and not score.coverage_only
        high = rise * score.shown / 100 if score and scored else 0.0
        painter.setBrush(self._theme.colour("accent" if scored else "line"))
        bar = QRectF(left, floor - max(high, 3.0), width, max(high, 3.0))
        painter.drawRoundedRect(bar, min(4.0, bar.height() / 2), min(4.0, bar.height() / 2))
        painter.setPen(self._theme.colour("text"))
        if slot >= 26:
            painter.drawText(around.translated(0, bar.top() - 20), centre, figure(score))
        painter.setPen(self._theme.colour("muted"))
        if len(self._scores) <= _NAMED or (place + 1) % 5 == 0:
            painter.drawText(around.translated(0, floor + 3), centre, str(place + 1))


def _said(score: Score | None) -> str:
    if score is None:
        return "not scored"
    return headline(score) if score.coverage_only else figure(score)
