"""The last seconds of the microphone as running bars."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.gui.theme import Theme

BAR_PX = 3
STEP_PX = 6
KEPT = 800
"""Peaks remembered: 40 seconds at 20 a second, more than the widest window shows."""


class Waveform(QWidget):
    """Newest at the right; silence is a dotted line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._peaks: deque[float] = deque(maxlen=KEPT)
        self._live = False
        self.setAccessibleName("Sound of the last seconds")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def peaks(self) -> tuple[float, ...]:
        """The peaks shown, oldest first."""
        return tuple(self._peaks)

    def sizeHint(self) -> QSize:
        """Return the size of a strip."""
        return QSize(480, 80)

    @Slot(float)
    def add(self, peak: float) -> None:
        """Take the peak of the newest block, 0 to 1."""
        self._peaks.append(min(1.0, max(0.0, peak)))
        self.update()

    def show_live(self, live: bool) -> None:
        """Colour the bars as being kept, or as not."""
        self._live = live
        self.update()

    def clear(self) -> None:
        """Start from silence."""
        self._peaks.clear()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one bar a peak, from the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        quiet, loud = self._theme.colour("edge"), self._theme.colour("accent" if self._live else "edge")
        x = float(self.width() - BAR_PX)
        peaks = reversed(self._peaks)
        while x >= 0:
            peak = next(peaks, 0.0)
            # The root lifts quiet speech: linear bars would show only the loudest syllables.
            half = max(1.5, (self.height() - 6) / 2 * peak**0.6)
            painter.setBrush(loud if half > 1.5 else quiet)
            painter.drawRoundedRect(QRectF(x, middle - half, BAR_PX, 2 * half), 1.5, 1.5)
            x -= STEP_PX
        painter.end()
