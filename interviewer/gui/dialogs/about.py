"""What this is, and where it keeps things."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from interviewer.core.paths import asset
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label

KEYS = (
    ("Space, Enter", "the next step of the interview"),
    ("R", "hear the question again"),
    ("T", "type the answer"),
    ("S", "skip the question"),
    ("Esc", "pause, or cancel the work"),
    ("A, F", "retake, ask the follow-up"),
    ("P, H, E", "play, hear the example, edit the transcript"),
    ("Del", "in History: delete the chosen interview or answer"),
    ("Ctrl+1 to Ctrl+4", "Interview, History, Trends, Settings"),
)


def program_version() -> str:
    """Return the version installed, or "from source" in a bare checkout."""
    try:
        return version("interviewer")
    except PackageNotFoundError:
        return "from source"


class AboutDialog(QDialog):
    """Shown with `open()`."""

    def __init__(self, parent: QWidget, data_dir: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Interviewer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(14)
        column.addLayout(self._head())
        words = (
            "Everything happens on this computer: recordings, transcripts and scores are kept in "
            f"{data_dir} and go nowhere else."
        )
        column.addWidget(label(words, wrap=True, selectable=True))
        column.addWidget(label("Keys", size="section"))
        keys = QGridLayout()
        keys.setHorizontalSpacing(24)
        keys.setVerticalSpacing(6)
        keys.setColumnStretch(1, 1)
        for place, (key, what) in enumerate(KEYS):
            keys.addWidget(label(key), place, 0)
            keys.addWidget(label(what, tone="muted"), place, 1)
        column.addLayout(keys)
        help_words = (
            "If something is missing, run “interviewer doctor” in a terminal: it says what, and how to mend it."
        )
        column.addWidget(label(help_words, tone="muted", wrap=True))
        close = Button("Close", role="primary")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(560)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        mark = QLabel()
        mark.setPixmap(QIcon(str(asset("icon.svg"))).pixmap(52, 52))
        row.addWidget(mark)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(label("Interviewer", size="title"))
        words.addWidget(label(f"Version {program_version()} · MIT licence", size="caption", tone="muted"))
        words.addStretch(1)
        row.addLayout(words, 1)
        return row
