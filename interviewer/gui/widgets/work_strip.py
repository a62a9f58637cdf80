"""How far a backup, an export or a deletion is: a line, the words to it, and a button that ends it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.progress_line import ProgressLine
from interviewer.workers.status import Wish, Working

_WORDS = {Wish.BACK_UP: "Backing up…", Wish.EXPORT: "Exporting…", Wish.DELETE: "Deleting…"}


class WorkStrip(QWidget):
    """Hidden while nothing is under way."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.line = ProgressLine(theme)
        self.words = label(tone="muted")
        self.cancel = Button("Cancel")
        row.addWidget(self.words)
        row.addWidget(self.line, 1)
        row.addWidget(self.cancel)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def show_working(self, working: Working | None) -> None:
        """Show how far it is; None takes the strip away."""
        self.setVisible(working is not None)
        if working is None:
            return
        words = _WORDS[working.wish]
        percent = "" if working.fraction is None else f" {int(100 * working.fraction)} %"
        self.words.setText(words + percent)
        self.line.show_fraction(working.fraction)
        self.line.setAccessibleName(words.removesuffix("…"))
        self.cancel.setAccessibleName(f"Cancel {working.wish.value}")
        self.cancel.setVisible(working.wish is not Wish.DELETE)  # what is gone is gone
