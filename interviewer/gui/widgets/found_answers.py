"""The answers that were found, as an item model that holds only what is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from interviewer.core.models import Question, Score
from interviewer.core.search import Excerpt, Found, Listed
from interviewer.gui.recogniser import unrecorded_words
from interviewer.gui.widgets.labels import literal
from interviewer.gui.widgets.paged_model import PagedModel
from interviewer.gui.widgets.session_models import SCORE, SECOND_LINE, VALUE, Index, day_and_time

EXCERPT = Qt.ItemDataRole.UserRole + 4  # core.search.Excerpt
SIGNS = Qt.ItemDataRole.UserRole + 5  # tuple[str, ...]: icons at the end of the row

WAITING = "…"


class FoundModel(PagedModel):
    """As many rows as answers were found."""

    rows_wanted = Signal(object, str)  # tuple of numbers, and the words that were looked for

    def __init__(self, question: Callable[[str], Question | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = question
        self._found: Found | None = None
        self.page_wanted.connect(self._on_page_wanted)

    @property
    def found(self) -> Found | None:
        """What is listed; None until something was found, be it nothing."""
        return self._found

    def show_found(self, found: Found) -> None:
        """List these in place of the ones there."""
        self._found = found
        self.show_numbers(found.ids, found.rows)

    def refresh(self, attempt_id: str) -> None:
        """Read the row of an answer again, where it is held."""
        for page, rows in self._pages.items():
            if any(row.attempt_id == attempt_id for row in rows.values()):
                self._want(page)

    @Slot(object)
    def _on_page_wanted(self, numbers: tuple[int, ...]) -> None:
        self.rows_wanted.emit(numbers, self._found.query.text if self._found else "")

    # --- what Qt asks --------------------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's words, score or value; of one that is on its way, that it is."""
        if not index.isValid() or not 0 <= index.row() < self.rowCount():
            return None
        row = self.row_at(index.row())
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


def second_line(row: Listed) -> str:
    """Return how an answer was scored, when it was given, how long it is, and where it is from."""
    state = _state(row.score) if row.score else "Not scored yet" if row.written else "Not written down yet"
    length = unrecorded_words(typed=row.typed) if row.seconds is None else f"{row.seconds:.0f} s"
    rough = "rough transcript" if row.rough else ""
    origin = "from elsewhere" if row.elsewhere else ""
    parts = (state, day_and_time(row.created), length, rough, origin, row.bank_title, row.topic)
    return " · ".join(filter(None, parts))


def _state(score: Score) -> str:
    return f"{score.value:.0f} % of the points mentioned" if score.coverage_only else score.label
