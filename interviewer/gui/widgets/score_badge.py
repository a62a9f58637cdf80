"""A score as a ring with its number."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.core.models import Score
from interviewer.core.verdict import figure, score_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import set_tip


class ScoreBadge(QWidget):
    """Shows a score of 0 to 100 in steps of five, or a dash where there is none to show."""

    def __init__(self, theme: Theme, *, size_px: int = 112) -> None:
        super().__init__()
        self._theme = theme
        self._size_px = size_px
        self._score: Score | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_score(None)

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(self._size_px, self._size_px)

    def show_score(self, score: Score | None) -> None:
        """Show another score."""
        self._score = score
        words = score_words(score) if score else "No score"
        self.setAccessibleName(words)
        set_tip(self, words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring, its filled part and the number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = self._size_px / 13
        ring = QRectF(self.rect()).adjusted(thick, thick, -thick, -thick)
        painter.setPen(QPen(self._theme.colour("sunken"), thick))
        painter.drawEllipse(ring)
        shown = 0 if self._score is None or self._score.coverage_only else self._score.shown
        if shown > 0:
            pen = QPen(self._theme.colour("accent"), thick)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(ring, 90 * 16, -round(shown * 3.6 * 16))
        large = self._size_px >= 90
        painter.setFont(self._theme.font("figure" if large else "body", bold=True))
        painter.setPen(self._theme.colour("text"))
        box = QRectF(self.rect()).translated(0, -self._size_px * 0.05) if large else QRectF(self.rect())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, figure(self._score))
        if large:
            painter.setFont(self._theme.font("caption"))
            painter.setPen(self._theme.colour("muted"))
            below = box.translated(0, self._size_px * 0.22)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "of 100")
        painter.end()
