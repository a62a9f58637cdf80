"""The one way from any thread into the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Door(QObject):
    """Runs calls on the thread that made it, in the order in which they were handed in.

    Make it on the GUI thread. `call` may come from any thread and returns at once; after
    `close` calls are dropped, because what they would touch may be gone.
    """

    _knocked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: SimpleQueue[tuple[Callable[..., None], tuple[object, ...]]] = SimpleQueue()
        self._open = True
        self._knocked.connect(self._on_knocked, Qt.ConnectionType.QueuedConnection)

    def call(self, function: Callable[..., None], *args: object) -> None:
        """Have `function(*args)` run on the GUI thread soon."""
        if self._open:
            self._calls.put((function, args))
            self._knocked.emit()

    def close(self) -> None:
        """Drop what waits and what comes."""
        self._open = False

    @Slot()
    def _on_knocked(self) -> None:
        try:
            function, args = self._calls.get_nowait()
        except Empty:  # one knock a call: only after close, when calls were dropped
            return
        if self._open:
            function(*args)
