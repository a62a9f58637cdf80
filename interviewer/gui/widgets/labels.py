"""Labels that show text as it is written: nothing in it is ever taken for markup."""

from __future__ import annotations

import os
import re
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from interviewer.gui.theme import Theme

LONGEST_WORD = 20
"""Letters that stay together in a narrow column; English and most German words are shorter."""
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


def label(
    text: str = "",
    *,
    size: str = "body",
    tone: str = "",
    wrap: bool = False,
    selectable: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """Return a plain-text label.

    `size` is a step of the type scale (caption, body, large, title, display, section), `tone`
    one of the stylesheet's (muted, accent, good, warn, bad, live) or "" for plain text colour.
    """
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("type", size)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change what the stylesheet takes a widget for."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_tip(widget: QWidget, text: str) -> None:
    """Show `text` as it is written while the pointer rests; tooltips know no plain-text format."""
    widget.setToolTip(literal(text))


def literal(text: str) -> str:
    """Return markup that reads as `text`, for the places where Qt takes any text for markup."""
    return f"<qt>{escape(text)}</qt>" if text else ""


def breakable(text: object) -> str:
    """Return a path, or a text with one in it, that a wrapping label may break after each folder."""
    return str(text).replace(os.sep, f"{os.sep}\u200b")


def wrappable(text: str) -> str:
    """Return a text that fits into a narrow column: a word of more than LONGEST_WORD letters may be broken inside.

    A wrapping label is never narrower than its longest word, and would push its neighbours out of the window.
    """
    return _LONG_WORD.sub("\\g<0>\u200b", text)


class IconLabel(QLabel):
    """A line icon that follows the appearance. Decoration: the words beside it say the same."""

    def __init__(self, theme: Theme, name: str, colour: str = "text", size_px: int = 20) -> None:
        super().__init__()
        self._theme, self._name, self._colour, self._size_px = theme, name, colour, size_px
        self.setFixedSize(QSize(size_px, size_px))
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_icon(self, name: str, colour: str) -> None:
        """Show another icon."""
        self._name, self._colour = name, colour
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self.setPixmap(self._theme.pixmap(self._name, self._colour, self._size_px))
