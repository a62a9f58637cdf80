"""Plays a stretch of one recording and then one of another, so that the two can be told apart by ear."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from interviewer.core.models import Span
from interviewer.gui.widgets.player_bar import PlayerBar, Playing

BETWEEN_MS = 400
"""Silence between the two: long enough to hear that the other one begins."""


class BackToBack(QObject):
    """Drives two player bars, one after the other. Whatever else is played ends it."""

    ended = Signal()  # both were heard, or it was broken off

    def __init__(self, first: PlayerBar, second: PlayerBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bars = (first, second)
        self._queue: list[tuple[PlayerBar, Span]] = []
        self._sounding: PlayerBar | None = None
        self._between = QTimer(self)
        self._between.setSingleShot(True)
        self._between.setInterval(BETWEEN_MS)
        self._between.timeout.connect(self._on_between)
        first.moved.connect(self._on_first_moved)
        second.moved.connect(self._on_second_moved)

    @property
    def running(self) -> bool:
        """Whether one of the two sounds, or the second is about to."""
        return self._sounding is not None or self._between.isActive()

    def play(self, first: Span | None, second: Span | None) -> None:
        """Play these stretches of the two recordings; None leaves one out."""
        self.stop()
        self._queue = [(bar, span) for bar, span in zip(self._bars, (first, second), strict=True) if span]
        self._next()

    def stop(self) -> None:
        """Be silent, and forget what was still to come; harmless when nothing plays."""
        running = self.running
        self._queue = []
        self._sounding = None
        self._between.stop()
        for bar in self._bars:
            bar.stop()
        if running:
            self.ended.emit()

    def _next(self) -> None:
        if self._queue:
            bar, span = self._queue.pop(0)
            bar.set_loop(None)  # the other's turn would never come
            bar.play_span(span)
            if bar.playing is Playing.RUNNING:
                self._sounding = bar
            else:
                # It may not sound now; the other would not either.
                self._queue = []
                self.ended.emit()

    def _fell_silent(self, bar: PlayerBar) -> None:
        if bar is not self._sounding:
            return
        self._sounding = None
        if self._queue:
            # Not at once: others are still being told that the first has ended.
            self._between.start()
        else:
            self.ended.emit()

    @Slot(float)
    def _on_first_moved(self, seconds: float) -> None:
        if seconds < 0.0:
            self._fell_silent(self._bars[0])

    @Slot(float)
    def _on_second_moved(self, seconds: float) -> None:
        if seconds < 0.0:
            self._fell_silent(self._bars[1])

    @Slot()
    def _on_between(self) -> None:
        if any(bar.playing is not Playing.STOPPED for bar in self._bars):
            # The first was ended by something else that the user wants to hear.
            self._queue = []
            self.ended.emit()
        else:
            self._next()
