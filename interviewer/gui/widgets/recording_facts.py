"""What is to be known of the recording that runs: sound that is missing, and how long the disk lasts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from interviewer.core.gaps import missing_now
from interviewer.core.space import space_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label


class FactLine(QWidget):
    """A warning in one line of text; hidden while it says nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.words: QLabel = label(tone="warn", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, "warning", "warn", 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.say("")

    def say(self, words: str) -> None:
        """Show other words; "" hides the line."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))


class RecordingFacts(QWidget):
    """Two lines, each there only when there is something to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.missing = FactLine(theme)
        self.space = FactLine(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.missing)
        column.addWidget(self.space)
        self.clear()

    def show_missing(self, gap_ms: int) -> None:
        """Say how much sound did not arrive; 0 says nothing."""
        self.missing.say(missing_now(gap_ms) if gap_ms else "")
        self._show()

    def show_space(self, minutes: int | None) -> None:
        """Say how many minutes the disk has room for; None says nothing."""
        self.space.say("" if minutes is None else space_words(minutes))
        self._show()

    def clear(self) -> None:
        """Say nothing."""
        self.show_missing(0)
        self.show_space(None)

    def _show(self) -> None:
        # An empty widget would still have the column's spacing above it.
        self.setVisible(not (self.missing.isHidden() and self.space.isHidden()))
