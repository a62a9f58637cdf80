"""The microphone's level as a bar."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.gui.theme import Theme

FLOOR_DB = -54.0
"""What the bar's left end stands for; room noise of a quiet place lies about here."""
LOUD_DB = -1.5
"""From here on the converter is about to clip."""
_FALL = 0.82
"""Share of the shown level that stays from one block to the next: falls in half a second."""


def fraction_of(peak: float) -> float:
    """Return how full the bar is for a peak of 0 to 1: linear in decibels, 0 at FLOOR_DB."""
    if peak <= 0.0:
        return 0.0
    decibels = 20.0 * math.log10(min(peak, 1.0))
    return max(0.0, 1.0 - decibels / FLOOR_DB)


class LevelMeter(QWidget):
    """Shows the peak of the newest block; rises at once and falls slowly."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = 0.0
        self._loud = False
        self.setAccessibleName("Microphone level")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> float:
        """How full the bar is, 0 to 1."""
        return self._shown

    def sizeHint(self) -> QSize:
        """Return a bar's size."""
        return QSize(160, 10)

    @Slot(float)
    def show_level(self, peak: float) -> None:
        """Take the peak of the newest block, 0 to 1."""
        fresh = fraction_of(peak)
        self._shown = max(fresh, self._shown * _FALL if self._shown > 0.01 else 0.0)
        self._loud = peak >= 10 ** (LOUD_DB / 20)
        self.update()

    def clear(self) -> None:
        """Show silence at once."""
        self._shown = 0.0
        self._loud = False
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the groove and how full it is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(0, (self.height() - 8) / 2, self.width(), 8)
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(groove, 4, 4)
        if self._shown > 0.0:
            painter.setBrush(self._theme.colour("warn" if self._loud else "accent"))
            width = max(8.0, groove.width() * self._shown)
            painter.drawRoundedRect(QRectF(groove.x(), groove.y(), width, 8), 4, 4)
        painter.end()
