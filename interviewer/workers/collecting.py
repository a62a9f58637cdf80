"""Looks for circles of dead objects on the GUI thread, and on no other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

TICK_MS = 500


class Collector(QObject):
    """Takes Python's search for circles off the threads that happen to allocate, from `begin` to `end`.

    A widget in such a circle would otherwise be taken down by the disk lane or the microphone's thread:
    Qt crashes, or both threads wait for each other for ever (seen: the lane held a lock of Qt in a
    destructor and wanted the interpreter's, the window the other way round). Lives on the GUI thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_timer)

    def begin(self) -> None:
        """Look from now on, and pass over what is there already: it stays, and each search is shorter by it."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def _on_timer(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
