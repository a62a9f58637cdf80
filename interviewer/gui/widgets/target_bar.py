"""How long the answer is by now, against how long answers should be."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.gui.clock import clock
from interviewer.gui.theme import Theme

TARGET_S = (60.0, 120.0)
"""Shortest and longest good answer; career guides' advice, not research."""
END_S = 180.0
_MARKS = ((60.0, "1:00"), (120.0, "2:00"), (180.0, "3:00"))


def length_words(seconds: float) -> str:
    """Return what the length so far means, in a few plain words."""
    if seconds < TARGET_S[0]:
        return "of one to two minutes"
    if seconds <= TARGET_S[1]:
        return "a good length"
    return "longer than most listeners like"


class TargetBar(QWidget):
    """A line of three minutes with the good stretch marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._elapsed_s = 0.0
        self.setAccessibleName("Length of the answer")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a line with its marks."""
        return QSize(480, 34)

    def show_elapsed(self, seconds: float) -> None:
        """Show `seconds` of answer."""
        self._elapsed_s = seconds
        self.setAccessibleDescription(f"{clock(seconds)}: {length_words(seconds)}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line, the good stretch, what has passed, and the marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width, top = float(self.width()), 4.0
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(0, top, width, 6), 3, 3)
        start, end = (width * s / END_S for s in TARGET_S)
        painter.setBrush(self._theme.colour("good"))
        painter.setOpacity(0.35)
        painter.drawRect(QRectF(start, top, end - start, 6))
        painter.setOpacity(1.0)
        done = width * min(self._elapsed_s, END_S) / END_S
        if done > 0:
            painter.setBrush(self._theme.colour("warn" if self._elapsed_s > TARGET_S[1] else "accent"))
            painter.drawRoundedRect(QRectF(0, top, max(done, 6), 6), 3, 3)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.colour("muted"))
        for seconds, words in _MARKS:
            at = width * seconds / END_S
            box = QRectF(at - 30, top + 8, 60, 20)
            side = Qt.AlignmentFlag.AlignHCenter
            if seconds == END_S:
                box.moveRight(width)
                side = Qt.AlignmentFlag.AlignRight
            painter.drawText(box, side | Qt.AlignmentFlag.AlignTop, words)
        painter.end()
