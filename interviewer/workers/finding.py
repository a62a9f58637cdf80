"""Finds kept answers for those who look for them, and keeps what is noted beside them. Never blocks the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.errors import InterviewerError
from interviewer.core.search import PAGE_ROWS, Found, Query
from interviewer.core.store import Store
from interviewer.core.usual import LAST, Usual, usual

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane


class Finder(QObject):
    """Answers by signal; every method returns at once. Lives on the GUI thread.

    Who types asks faster than a disk answers: of several questions that wait only the newest is asked.
    """

    found = Signal(object)  # core.search.Found
    rows_loaded = Signal(object, object)  # the numbers as they were asked for, tuple[Listed, ...]
    lines_loaded = Signal(object)  # core.search.Lines
    line_rows_loaded = Signal(object, object)  # the numbers as they were asked for, tuple[SessionLine, ...]
    choices_loaded = Signal(object)  # core.search.Choices
    session_loaded = Signal(object)  # Session, whole
    attempts_of_loaded = Signal(str, object)  # question id, tuple[Attempt, ...], whole, oldest first
    usual_loaded = Signal(object)  # core.usual.Usual, or None while there are too few answers
    marked = Signal(str)  # id of an attempt whose note or star has changed
    told = Signal(object)  # InterviewerError

    def __init__(self, store: Store, disk: Lane, parent: QObject | None = None) -> None:
        """Read from `store` on its lane `disk`."""
        super().__init__(parent)
        self._store = store
        self._disk = disk
        self._wanted = Query()
        self._waiting: Query | None = None
        """What is to be asked of the store, until it is: who asks the same meanwhile gets that answer."""
        self._under_way: Query | None = None

    def search(self, query: Query) -> None:
        """Ask which answers fit; `found` follows unless something else is asked before."""
        if query == self._waiting == self._wanted:
            return
        self._wanted = self._waiting = self._under_way = query
        self._disk.run(self._find, query, done=self._on_found, failed=self._on_not_found)

    def is_asked(self, query: Query) -> bool:
        """Whether the answer to a query is on its way already."""
        return query == self._under_way

    def load_rows(self, numbers: Sequence[int], sought: str = "") -> None:
        """Ask for some of the answers found; `rows_loaded` follows."""
        done = partial(self.rows_loaded.emit, numbers)
        self._disk.run(self._store.listed, numbers, sought, done=done, failed=self.told.emit)

    def load_lines(self, session_id: str = "") -> None:
        """Ask for every session, and where `session_id` stands among them; `lines_loaded` follows."""
        self._disk.run(self._store.lines, session_id, done=self.lines_loaded.emit, failed=self.told.emit)

    def load_line_rows(self, numbers: Sequence[int]) -> None:
        """Ask for some of the sessions as a list shows them; `line_rows_loaded` follows."""
        done = partial(self.line_rows_loaded.emit, numbers)
        self._disk.run(self._store.line_rows, numbers, done=done, failed=self.told.emit)

    def load_choices(self) -> None:
        """Ask what there is to choose from; `choices_loaded` follows."""
        self._disk.run(self._store.choices, done=self.choices_loaded.emit, failed=self.told.emit)

    def load_session(self, session_id: str) -> None:
        """Ask for one session, whole; `session_loaded` follows."""
        self._disk.run(self._store.session, session_id, done=self.session_loaded.emit, failed=self.told.emit)

    def load_attempts_of(self, question_id: str) -> None:
        """Ask for every attempt at a question; `attempts_of_loaded` follows."""
        done = partial(self.attempts_of_loaded.emit, question_id)
        self._disk.run(self._store.attempts_of, question_id, done=done, failed=self.told.emit)

    def load_usual(self, attempt_id: str) -> None:
        """Ask how the user usually sounds, but for this answer, which is held beside; `usual_loaded` follows."""
        self._disk.run(self._usual, attempt_id, done=self.usual_loaded.emit, failed=self.told.emit)

    def set_note(self, attempt_id: str, note: str) -> None:
        """Keep what the user writes beside an attempt; `marked` follows."""
        done = partial(self._on_marked, attempt_id)
        self._disk.run(self._store.set_note, attempt_id, note, done=done, failed=self.told.emit)

    @Slot()
    def forget_notes(self) -> None:
        """See that no word is left of notes that were written over; nobody is told, it is done again later."""
        self._disk.run(self._store.forget_notes)

    def set_star(self, attempt_id: str, starred: bool) -> None:
        """Mark an attempt, or take its mark away; `marked` follows."""
        done = partial(self._on_marked, attempt_id)
        self._disk.run(self._store.set_star, attempt_id, starred, done=done, failed=self.told.emit)

    # --- on the disk lane --------------------------------------------------------------------

    def _find(self, query: Query) -> Found | None:
        if query is not self._wanted:
            return None
        self._waiting = None
        found = self._store.find_answers(query)
        return replace(found, rows=self._store.listed(found.ids[:PAGE_ROWS], query.text))

    def _usual(self, attempt_id: str) -> Usual | None:
        return usual(self._store.last_deliveries(LAST, attempt_id))

    # --- on the GUI thread -------------------------------------------------------------------

    def _on_found(self, found: Found | None) -> None:
        if found is not None and found.query is self._wanted:
            self._under_way = None
            self.found.emit(found)

    def _on_not_found(self, error: InterviewerError) -> None:
        self._under_way = None
        self.told.emit(error)

    def _on_marked(self, attempt_id: str, _none: object) -> None:
        self.marked.emit(attempt_id)
