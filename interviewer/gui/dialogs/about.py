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

_WIDTH_PX = 860
KEYS = (
    (
        "Everywhere",
        (
            ("Ctrl+1 to Ctrl+4", "Interview, History, Trends, Settings"),
            ("Tab, Enter", "go to the next control, press it"),
            ("Ctrl+Q", "close the window"),
        ),
    ),
    (
        "Interview",
        (
            ("Space, Enter", "the next step"),
            ("R", "hear the question again"),
            ("T", "type the answer"),
            ("S", "skip the question"),
            ("Esc", "pause, or cancel the work"),
            ("A, F", "retake, ask the follow-up"),
        ),
    ),
    (
        "Comparison",
        (
            ("Space", "hear the next point in both"),
            ("1 to 9", "hear one point"),
        ),
    ),
    (
        "In a plot",
        (
            ("← →", "from mark to mark; Ctrl+← → in a wave"),
            ("Shift+← →", "choose a stretch of a wave"),
            ("↑ ↓", "look closer, further in a wave"),
            ("Enter", "hear or open it"),
        ),
    ),
    (
        "An answer",
        (
            ("P", "play; in a review Space too"),
            ("← →", "back and on by three seconds"),
            ("− +", "slower, faster"),
            ("L", "repeat"),
            ("H", "hear the example"),
            ("F2", "put the word at the cursor right"),
            ("E", "edit the whole transcript"),
            ("Ctrl+Z, Ctrl+Y", "undo, redo a correction"),
        ),
    ),
    (
        "History and review",
        (
            ("/, Ctrl+F", "search"),
            ("S", "give or take a star"),
            ("N", "write a note"),
            ("C", "compare with another answer"),
            ("X, Ctrl+O", "export, open a session file"),
            ("Del", "delete what is chosen in a list"),
            ("Esc", "back"),
        ),
    ),
)
"""By where they work: each key, and what it does. Those of the first four stand at the left."""


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
        column.addLayout(_keys())
        help_words = (
            "If something is missing, run “interviewer doctor” in a terminal: it says what, and how to mend it."
        )
        column.addWidget(label(help_words, tone="muted", wrap=True))
        close = Button("Close", role="primary")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_WIDTH_PX)

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


def _keys() -> QHBoxLayout:
    """Return the list of keys in two columns: one would be higher than a small screen."""
    both = QHBoxLayout()
    both.setSpacing(32)
    for groups in (KEYS[:4], KEYS[4:]):
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for name, keys in groups:
            top = grid.rowCount()
            grid.addWidget(label(name, size="section"), top, 0, 1, 2)
            for place, (key, what) in enumerate(keys, top + 1):
                grid.addWidget(label(key), place, 0)
                grid.addWidget(label(what, tone="muted"), place, 1)
            grid.setRowMinimumHeight(grid.rowCount(), 8)
        grid.setRowStretch(grid.rowCount(), 1)
        both.addLayout(grid, 1)
    return both
