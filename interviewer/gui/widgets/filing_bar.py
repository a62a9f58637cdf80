"""Two buttons for session files: write one, open one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from interviewer.gui.keys import bind
from interviewer.gui.widgets.buttons import Button


class FilingBar(QWidget):
    """X and Ctrl+O do the same while it is visible."""

    export_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.open = Button("Open a session file…")
        self.open.setToolTip("Key: Ctrl+O")
        self.export = Button("Export…", key="X")
        self.export.setAccessibleName("Export this session")
        row.addWidget(self.open)
        row.addWidget(self.export)
        self.open.clicked.connect(self.open_wanted)
        self.export.clicked.connect(self.export_wanted)
        bind(self, "Ctrl+O", self.open_wanted)
        bind(self, "X", self._on_export)

    def offer(self, session: bool) -> None:
        """Offer the export where there is a session to write."""
        self.export.setEnabled(session)

    @Slot()
    def _on_export(self) -> None:
        if self.export.isEnabled():
            self.export_wanted.emit()
