"""A list of very many rows of one height: Qt looks at those alone that are seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QHeaderView, QTableView

from interviewer.gui.widgets.rows import RowDelegate


class RowTable(QTableView):
    """A table of one column that behaves like a list; arrows move, Enter opens.

    A QListView asks its model for every row whenever it lays them out: with 100,000 rows of a model in
    Python that takes half a second each time. A table reckons where a row stands.
    """

    def __init__(self, name: str, model: QAbstractItemModel, delegate: RowDelegate) -> None:
        super().__init__()
        delegate.setParent(self)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        # Never seen without headers, but a screen reader meets whatever is there.
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(f"{name}: corner of the table")
            corner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.hide()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        down.hide()
        down.setMinimumSectionSize(1)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(delegate.row_px)
        # The viewport would paint the window's ground over the card's.
        self.viewport().setAutoFillBackground(False)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Stay scrolled to where it is, whatever rows come and whichever of them is chosen meanwhile."""
        scrolled = self.verticalScrollBar().value()
        yield
        self.verticalScrollBar().setValue(scrolled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the first or the last row with Home and End; a table would look for a column."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self.model().rowCount() - 1}
        if plain and event.key() in ends and self.model().rowCount():
            self.setCurrentIndex(self.model().index(ends[Qt.Key(event.key())], 0))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:  # noqa: N802 - Qt's own name
        """Search nothing: it would look at every row, and read all of them. Letters are keys of the page."""
