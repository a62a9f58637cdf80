"""Fetches pyqtgraph when a plot is first looked at: it takes half a second to import, the window has none to spare."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, Signal

from interviewer.workers.lanes import Lane


class Fetch(QObject):
    """Imports pyqtgraph on a thread of its own; outlives the widget that asked, should that go first."""

    fetched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lane = Lane("drawing")
        self._lane.run(import_module, "pyqtgraph", done=self._on_there)

    def _on_there(self, _module: object) -> None:
        self.fetched.emit()
        self._lane.close(0.0)
