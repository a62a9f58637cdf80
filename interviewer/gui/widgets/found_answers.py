"""The answers that were found, as an item model that holds only what is looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, QTimer, Signal, Slot

from interviewer.core.models import Question, Score
from interviewer.core.search import PAGE_ROWS, Excerpt, Found, Listed
from interviewer.gui.widgets.labels import literal
from interviewer.gui.widgets.session_models import SCORE, SECOND_LINE, VALUE, Index, day_and_time

EXCERPT = Qt.ItemDataRole.UserRole + 4  # core.search.Excerpt
SIGNS = Qt.ItemDataRole.UserRole + 5  # tuple[str, ...]: icons at the end of the row

MOST_PAGES = 16
"""Held at once; those looked at longest ago go first."""
WAITING = "…"


class FoundModel(QAbstractListModel):
    """As many rows as answers were found. A page of them is asked for when a row of it is looked at."""

    page_wanted = Signal(object, str)  # tuple of numbers, and the words that were looked for

    def __init__(self, question: Callable[[str], Question | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = question
        self._found: Found | None = None
        self._pages: OrderedDict[int, dict[int, Listed]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        # A view asks for its rows one by one: what they need is asked for once it has.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._on_soon)

    @property
    def found(self) -> Found | None:
        """What is listed; None until something was found, be it nothing."""
        return self._found

    def show_found(self, found: Found) -> None:
        """List these in place of the ones there."""
        self.beginResetModel()
        self._found = found
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()
        if found.rows:
            self._pages[0] = {row.number: row for row in found.rows}
        self.endResetModel()

    @Slot(object)
    def take_rows(self, rows: Sequence[Listed]) -> None:
        """Take a page that was asked for; rows of another list are passed over."""
        by_number = {row.number: row for row in rows}
        for page in sorted(self._asked):
            if by_number.keys().isdisjoint(self._numbers(page)):
                continue
            self._asked.discard(page)
            self._pages[page] = by_number
            self._pages.move_to_end(page)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
            self._tell(page)
            return

    def refresh(self, attempt_id: str) -> None:
        """Read the row of an answer again, where it is held."""
        for page, rows in self._pages.items():
            if any(row.attempt_id == attempt_id for row in rows.values()):
                self._want(page)

    def row_of(self, attempt_id: str) -> int:
        """Return the row of an answer among those held, -1 where it is not."""
        for page, rows in self._pages.items():
            number = next((row.number for row in rows.values() if row.attempt_id == attempt_id), None)
            if number is not None:
                return page * PAGE_ROWS + [*self._numbers(page)].index(number)
        return -1

    # --- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many answers were found; a list has no children."""
        return 0 if parent.isValid() or self._found is None else len(self._found.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words, score or value; of one that is on its way, that it is."""
        if not index.isValid() or not 0 <= index.row() < self.rowCount():
            return None
        row = self._row(index.row())
        if role == VALUE:
            return row
        if row is None:
            return {Qt.ItemDataRole.DisplayRole: WAITING, SECOND_LINE: "", EXCERPT: Excerpt(), SIGNS: ()}.get(role)
        return self._part(row, role)

    def _part(self, row: Listed, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.asked(row)
            case Qt.ItemDataRole.ToolTipRole:
                return literal("\n".join(filter(None, (self.asked(row), row.note))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case _ if role == SECOND_LINE:
                return second_line(row)
            case _ if role == SCORE:
                return row.score
            case _ if role == EXCERPT:
                return row.excerpt
            case _ if role == SIGNS:
                return (*(("star",) if row.starred else ()), *(("note",) if row.note else ()))
        return None

    def asked(self, row: Listed) -> str:
        """Return what was asked: as it was kept, else the question of the open bank, else its id in words."""
        if row.follow_up:
            return f"Follow-up: {row.follow_up}"
        if row.asked:
            return row.asked
        question = self._question(row.question_id)
        return question.question if question else row.question_id.replace("-", " ")

    def _spoken(self, row: Listed) -> str:
        signs = ("Starred" if row.starred else "", f"Note: {row.note}" if row.note else "")
        score = f"{row.score.shown} of 100" if row.score and not row.score.coverage_only else ""
        parts = (self.asked(row), score, second_line(row), *signs, row.excerpt.text)
        return ". ".join(part.rstrip(".") for part in parts if part)

    # --- pages ---------------------------------------------------------------------------------

    def _row(self, place: int) -> Listed | None:
        page = place // PAGE_ROWS
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows.get(self._number(place))

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._wanted.add(page)
            self._soon.start()

    @Slot()
    def _on_soon(self) -> None:
        wanted, self._wanted = self._wanted, set()
        if self._found is not None:
            for page in sorted(wanted):
                self._asked.add(page)
                self.page_wanted.emit(tuple(self._numbers(page)), self._found.query.text)

    def _numbers(self, page: int) -> Sequence[int]:
        ids: Sequence[int] = self._found.ids if self._found else ()
        return ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]

    def _number(self, place: int) -> int:
        return self._found.ids[place] if self._found else 0

    def _tell(self, page: int) -> None:
        last = min((page + 1) * PAGE_ROWS, self.rowCount()) - 1
        self.dataChanged.emit(self.index(page * PAGE_ROWS), self.index(last))


def second_line(row: Listed) -> str:
    """Return how an answer was scored, when it was given, how long it is, and from which bank and topic it is."""
    state = _state(row.score) if row.score else "Not scored yet" if row.written else "Not written down yet"
    length = "typed" if row.seconds is None else f"{row.seconds:.0f} s"
    rough = "rough transcript" if row.rough else ""
    return " · ".join(filter(None, (state, day_and_time(row.created), length, rough, row.bank_title, row.topic)))


def _state(score: Score) -> str:
    return f"{score.value:.0f} % of the points mentioned" if score.coverage_only else score.label
