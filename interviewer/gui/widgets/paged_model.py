"""A list model that knows its rows by number and holds only those that are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer, Signal, Slot

from interviewer.core.search import PAGE_ROWS
from interviewer.gui.widgets.session_models import Index

MOST_PAGES = 16
"""Held at once; those looked at longest ago go first."""


class PagedModel(QAbstractListModel):
    """As many rows as there are numbers. A page of them is asked for when a row of it is looked at.

    A row is anything with its `number`.
    """

    page_wanted = Signal(object)  # tuple of numbers, to be handed in again with their rows

    lead = 0
    """How many rows stand before those that have numbers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: Sequence[int] = ()
        self._pages: OrderedDict[int, dict[int, Any]] = OrderedDict()
        self._asked: dict[int, Sequence[int]] = {}
        """The pages that are on their way, each with the numbers that were asked for."""
        self._wanted: set[int] = set()
        # A view asks for its rows one by one: what they need is asked for once it has.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._on_soon)

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the rows, in their order."""
        return self._numbers

    def show_numbers(self, numbers: Sequence[int], rows: Sequence[Any]) -> None:
        """Show these rows in place of the ones there; `rows` are the first of them, as many as are at hand."""
        self.beginResetModel()
        self._numbers = numbers
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()
        if rows:
            self._pages[0] = {row.number: row for row in rows}
        self.endResetModel()

    @Slot(object, object)
    def take_rows(self, numbers: Sequence[int], rows: Sequence[Any]) -> None:
        """Take a page, by the very numbers that it was asked for with; what another list asked for is passed over.

        An earlier list may have asked for the same rows, with other words lit in them.
        """
        page = next((page for page, asked in self._asked.items() if asked is numbers), None)
        if page is None:
            return
        del self._asked[page]
        self._pages[page] = {row.number: row for row in rows}
        self._pages.move_to_end(page)
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)
        self._tell(page)

    def row_at(self, place: int) -> Any:
        """Return what stands at a place among the numbered ones; None while it is on its way, or is gone."""
        page = place // PAGE_ROWS
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows.get(self._numbers[place])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are; a list has no children."""
        return 0 if parent.isValid() else self.lead + len(self._numbers)

    # --- inside --------------------------------------------------------------------------------

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._wanted.add(page)
            self._soon.start()

    @Slot()
    def _on_soon(self) -> None:
        wanted, self._wanted = self._wanted, set()
        for page in sorted(wanted):
            self._asked[page] = numbers = tuple(self._numbers[page * PAGE_ROWS : (page + 1) * PAGE_ROWS])
            self.page_wanted.emit(numbers)

    def _tell(self, page: int) -> None:
        first = self.lead + page * PAGE_ROWS
        last = min(first + PAGE_ROWS, self.rowCount()) - 1
        self.dataChanged.emit(self.index(first), self.index(last), [Qt.ItemDataRole.DisplayRole])
