"""How far something long is: a line, the words to it, and a button that ends it; or why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.errors import Cancelled
from interviewer.core.transfers import transfer_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label, set_tone
from interviewer.gui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from interviewer.workers.downloads import Job


class TransferStrip(QWidget):
    """Hidden while there is nothing to say."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.line = ProgressLine(theme)
        self.words = label(wrap=True)
        self.cancel = Button("Cancel")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        column.addWidget(self.line)
        column.addLayout(row)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def show_job(self, job: Job | None, what: str, *, before: str = "", done: str = "") -> None:
        """Show how far `job` is with `what`, or how it ended.

        `before` stands before how far it is, and `done` is what to say where it went well.
        """
        transfer = job.transfer if job is not None else None
        problem = job.problem if job is not None else None
        self.line.setVisible(transfer is not None)
        self.cancel.setVisible(transfer is not None)
        self.cancel.setAccessibleName(f"Cancel {what}")
        if transfer is not None:
            self.line.show_fraction(transfer.fraction)
            self.line.setAccessibleName(f"Progress of {what}")
            self._say(f"{before}{transfer_words(transfer)}", "muted")
        elif problem is not None:
            self._say(problem.told(), "muted" if isinstance(problem, Cancelled) else "bad")
        else:
            self._say(done if job is not None else "", "good")
        self.setVisible(bool(self.words.text()))

    def _say(self, words: str, tone: str) -> None:
        self.words.setText(words)
        set_tone(self.words, tone)
