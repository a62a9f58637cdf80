"""How two answers sounded, measure by measure, and what changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from interviewer.core.delivery import Band
from interviewer.core.delivery_change import DeliveryChange, Reading
from interviewer.gui.widgets.labels import label

_BANDS = {Band.GREEN: "in range", Band.AMBER: "a little off", Band.RED: "well outside"}


class DeliveryChanges(QWidget):
    """A table of four columns: measure, earlier, later, change."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Delivery of both answers")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(10)
        for column, share in enumerate((2, 4, 4, 4)):
            self._grid.setColumnStretch(column, share)

    def show_changes(self, changes: Sequence[DeliveryChange]) -> None:
        """Show these in place of those there; nothing to show is said in words."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not changes:
            nothing = label("Neither answer has a pace, pauses or fillers to measure.", tone="muted", wrap=True)
            self._grid.addWidget(nothing, 0, 0, 1, 4)
            return
        for column, words in enumerate(("Earlier", "Later", "Change")):
            self._grid.addWidget(label(words, size="caption", tone="muted"), 0, column + 1)
        for row, change in enumerate(changes):
            self._add(row + 1, change)

    def _add(self, row: int, change: DeliveryChange) -> None:
        name = label(change.name, size="section", wrap=True)
        earlier, later = _reading_words(change.earlier), _reading_words(change.later)
        # A table's cells are read one by one; the name says the whole row.
        name.setAccessibleName(f"{change.name}: earlier {earlier}, later {later}. {change.words}".strip())
        cells = (name, label(earlier, wrap=True), label(later, wrap=True), label(change.words, wrap=True))
        for column, cell in enumerate(cells):
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)


def _reading_words(reading: Reading) -> str:
    return f"{reading.words}, {_BANDS[reading.band]}" if reading.band else reading.words
