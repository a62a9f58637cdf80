"""What every page is: a centred column that scrolls, and a bar of buttons that stays."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from interviewer.gui.announcing import announce
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.cards import Column, Footer


class Page(QWidget):
    """A page with `column` for its content and `footer` for its buttons."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setAccessibleName(name)
        self.setProperty("panel", "canvas")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.scroller = Column()
        self.footer = Footer()
        outer.addWidget(self.scroller, 1)
        outer.addWidget(self.footer)
        self.column = self.scroller.column

    def to_top(self) -> None:
        """Scroll back to the beginning."""
        self.scroller.verticalScrollBar().setValue(0)

    @Slot(str)
    def announce(self, words: str) -> None:
        """Have a screen reader say `words` now."""
        announce(self, words)
