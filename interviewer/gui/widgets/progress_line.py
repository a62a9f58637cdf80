"""A thin progress bar: how far, or a stretch that wanders while nobody knows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from interviewer.gui.theme import Theme

_TICK_MS = 40
_STEPS = 50
_STRETCH = 0.28


class ProgressLine(QProgressBar):
    """Shows a fraction of 0 to 1, or that work goes on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.setTextVisible(False)
        self.setAccessibleName("Progress")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_fraction(None)

    def sizeHint(self) -> QSize:
        """Return the size of a line."""
        return QSize(200, 6)

    def minimumSizeHint(self) -> QSize:
        """Return how small it may get."""
        return QSize(40, 6)

    def show_fraction(self, fraction: float | None) -> None:
        """Show how much is done, 0 to 1; None when that is not known."""
        if fraction is None:
            self.setRange(0, 0)
        else:
            self.setRange(0, 1000)
            self.setValue(round(1000 * min(1.0, max(0.0, fraction))))
        self._run()

    def showEvent(self, event: QShowEvent) -> None:
        """Wander only while somebody sees it."""
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer."""
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the groove and the part that is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width, top = float(self.width()), (self.height() - 6) / 2
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(0, top, width, 6), 3, 3)
        painter.setBrush(self._theme.colour("accent"))
        if self.maximum() == 0:
            start = (1 + _STRETCH) * self._step / _STEPS - _STRETCH
            left, right = max(0.0, start), min(1.0, start + _STRETCH)
            if right > left:
                painter.drawRoundedRect(QRectF(width * left, top, width * (right - left), 6), 3, 3)
        elif self.value() > 0:
            painter.drawRoundedRect(QRectF(0, top, max(6.0, width * self.value() / self.maximum()), 6), 3, 3)
        painter.end()

    def _run(self) -> None:
        if self.maximum() == 0 and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _on_tick(self) -> None:
        self._step = (self._step + 1) % _STEPS
        self.update()
