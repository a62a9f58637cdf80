"""What is written down of an answer while it is spoken."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from interviewer.gui.widgets.labels import label, set_tone

MOST_CHARS = 260
"""About three lines: who speaks cannot read more."""
WAITING = "Your words appear here, piece by piece, with each longer pause."


class LiveText(QWidget):
    """The end of the text so far, marked as open."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(4)
        column.addWidget(label("Heard so far", size="caption", tone="muted"))
        self.words = label(wrap=True)
        self.words.setAccessibleName("Heard so far, still open")
        column.addWidget(self.words)
        self.clear()

    def show_text(self, text: str) -> None:
        """Show the end of a text that goes on."""
        self.words.setText(f"{tail(text)} …" if text else WAITING)
        set_tone(self.words, "" if text else "muted")

    def clear(self) -> None:
        """Another answer begins."""
        self.show_text("")


def tail(text: str, most: int = MOST_CHARS) -> str:
    """Return the last words of a text, at most `most` characters of them, with a mark where something is left out."""
    if len(text) <= most:
        return text
    kept = text[-most:]
    return f"… {kept.split(' ', 1)[1] if ' ' in kept else kept}"
