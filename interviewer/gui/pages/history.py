"""Every answer ever given: searched, narrowed down, put in order; each with a note and a star."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from interviewer.core.models import Attempt, Session
from interviewer.core.search import Choices, Found, Lines, Listed, Query
from interviewer.core.stopped import stopped
from interviewer.gui.keys import bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.fields import across
from interviewer.gui.widgets.filing_bar import FilingBar
from interviewer.gui.widgets.history_filters import HistoryFilters
from interviewer.gui.widgets.history_lists import HistoryLists
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.note_field import NoteField
from interviewer.gui.widgets.session_models import VALUE
from interviewer.gui.widgets.star_button import StarButton

if TYPE_CHECKING:
    from interviewer.workers.library import Library


class HistoryPage(Page):
    """Interviews at the left, answers at the right; Enter opens one."""

    review_wanted = Signal(str)  # attempt id
    compare_wanted = Signal(str, str)  # the chosen attempt's id, and "": another to the same question
    start_wanted = Signal()
    continue_wanted = Signal(str)  # session id
    deletion_wanted = Signal(object)  # Attempt or Session, without what belongs to it
    export_wanted = Signal(str)  # session id
    file_wanted = Signal()  # a session that somebody sent is to be opened

    def __init__(self, library: Library, theme: Theme) -> None:
        super().__init__(theme, "History")
        self._library = library
        self._session_id = ""
        self._attempt_id = ""
        self._number: int | None = None
        """The chosen answer's in the index."""
        self._noted_id = ""
        self._choices_wanted = False
        self._led_on = False
        """Whether the keyboard goes from the search to what is found, as soon as it is."""
        self._answered_id = ""
        """The session of the chosen answer."""
        self.filing = FilingBar()
        self.column.addWidget(across(label("History", size="display"), self.filing))
        self.empty = self._empty()
        self.filters = HistoryFilters()
        self.lists = HistoryLists(theme, library.question, self)
        self.sessions, self.attempts = self.lists.sessions, self.lists.attempts
        self.beside = self._beside()
        for widget, stretch in ((self.empty, 0), (self.filters, 0), (self.lists, 1), (self.beside, 0)):
            self.column.addWidget(widget, stretch)
        self.column.addStretch(0)
        self._fill_footer()
        # Whether there is anything is not known yet: neither the lists nor "nothing here" would be true.
        for widget in (self.empty, self.filters, self.lists, self.beside, self.footer):
            widget.hide()
        self._connect()

    # --- building --------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        frame, column = card(margin_px=32)
        column.addWidget(label("No interview yet", size="title"))
        words = (
            "Every interview you hold will be listed here with its answers: the recording, what you said, "
            "which points you made, and how it sounded. You can search them, hear any of them again, "
            "note something beside them and correct what was heard."
        )
        column.addWidget(label(words, tone="muted", wrap=True))
        start = Button("Go to Start")
        start.clicked.connect(self.start_wanted)
        column.addWidget(start, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _beside(self) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.note = NoteField()
        self.note.setToolTip("Your note beside the chosen answer. Key: N")
        self.note.written.connect(self._on_note_written)
        self.note.left.connect(self._library.forget_notes)
        self.star = StarButton()
        self.star.given.connect(self._on_starred)
        row.addWidget(self.note, 1)
        row.addWidget(self.star, 0, Qt.AlignmentFlag.AlignTop)
        return host

    def _fill_footer(self) -> None:
        self.open = Button("Review this answer", role="primary", key="Enter")
        self.open.clicked.connect(self._on_open)
        self.compare = Button("Compare with…", key="C")
        self.compare.clicked.connect(self._on_compare)
        self.delete_session = Button("Delete interview…")
        self.delete_session.setToolTip("Key: Del, in the list of interviews")
        self.delete_session.clicked.connect(self._on_delete_session)
        self.delete_attempt = Button("Delete answer…")
        self.delete_attempt.setToolTip("Key: Del, in the list of answers")
        self.delete_attempt.clicked.connect(self._on_delete_attempt)
        self.go_on = Button("Continue this interview")
        self.go_on.clicked.connect(self._on_go_on)
        self.go_on.hide()
        self.footer.row.addWidget(self.delete_session)
        self.footer.row.addWidget(self.delete_attempt)
        self.footer.row.addStretch(1)
        for button in (self.go_on, self.compare, self.open):
            self.footer.row.addWidget(button)
        self._offer(None)

    def _connect(self) -> None:
        library, model = self._library, self.lists.found_model
        lines = self.lists.lines_model
        library.lines_loaded.connect(self.show_lines)
        library.line_rows_loaded.connect(lines.take_rows)
        lines.page_wanted.connect(library.load_line_rows)
        lines.dataChanged.connect(self._on_lines_came)
        library.choices_loaded.connect(self._on_choices)
        library.found.connect(self._on_found)
        library.rows_loaded.connect(model.take_rows)
        library.session_loaded.connect(self._on_session_loaded)
        library.changed.connect(self._on_changed)
        library.marked.connect(self._on_marked)
        model.rows_wanted.connect(library.load_rows)
        model.dataChanged.connect(self._on_rows_came)
        self.filters.changed.connect(self._search)
        self.filters.search.answers_wanted.connect(self._on_found_wanted)
        self.filters.search.textEdited.connect(self._on_words_edited)
        self.lists.let_pass.clicked.connect(self.filters.reset)
        self.sessions.selectionModel().currentChanged.connect(self._on_session_chosen)
        self.sessions.activated.connect(self._on_answers_wanted)
        self.attempts.selectionModel().currentChanged.connect(self._on_attempt_chosen)
        self.attempts.activated.connect(self._on_open)
        self.filing.export_wanted.connect(self._on_export)
        self.filing.open_wanted.connect(self.file_wanted)
        for keys, slot in (
            (("Return", "Enter"), self._on_open),
            ("Del", self._on_delete_key),
            ("C", self._on_compare),
            ("S", self.star.toggle),
            ("N", self._on_note_wanted),
            (("Ctrl+F", "/"), self._on_search_wanted),
        ):
            bind(self, keys, slot)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: something may have been added since."""
        super().showEvent(event)
        self._look(again=False)
        if self.lists.isVisibleTo(self):
            self._on_answers_wanted()

    # --- what the library says -----------------------------------------------------------------

    def _look(self, *, again: bool) -> None:
        query = self._query()
        if again or not self._library.is_asked(query):
            self._library.search(query)
        self._library.load_lines(self._session_id)
        self._choices_wanted = True

    @Slot()
    def _search(self) -> None:
        self._library.search(self._query())

    def _query(self) -> Query:
        return self.filters.query(self._session_id)

    @Slot(object)
    def show_lines(self, lines: Lines) -> None:
        """List these interviews, newest first; with none, say what will be here."""
        first = bool(lines.numbers) and not self.lists.isVisibleTo(self)
        self.empty.setVisible(not lines.numbers)
        for widget in (self.filters, self.lists, self.beside, self.footer):
            widget.setVisible(bool(lines.numbers))
        if self._choices_wanted:
            # Nobody chooses before there is something to be seen.
            self._choices_wanted = False
            self._library.load_choices()
        model = self.lists.lines_model
        place = 0 if lines.place is None else lines.place + model.lead
        with self.sessions.in_place():
            model.show_lines(lines)
            if lines.place is None:
                self._choose_session("")
            self.sessions.setCurrentIndex(model.index(place))
        self._offer_session()
        if first and self.isVisible():
            self._on_answers_wanted()

    @Slot(object)
    def _on_choices(self, choices: Choices) -> None:
        self.filters.show_choices(choices)

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        before = self.lists.found_model.found
        chosen = self.attempts.currentIndex()
        number = before.ids[chosen.row()] if before and chosen.isValid() else None
        same = before is not None and before.query == found.query
        # A list that was only read again stays where it was.
        with self.attempts.in_place() if same else nullcontext():
            self.lists.found_model.show_found(found)
            place = found.ids.index(number) if same and number in found.ids else 0
            self.attempts.setCurrentIndex(self.lists.found_model.index(place))
        self.lists.say_nothing_found(not found.ids, narrowed=found.query.narrows)
        words = f"{len(found.ids):,} {'answer' if len(found.ids) == 1 else 'answers'}"
        self.lists.say_count(f"{words} found" if found.query.narrows else words)
        if found.query.narrows and not same:
            self.announce(f"{words} found.")
        if not found.ids:
            self._offer(None)
        if self._led_on and found.ids and self.filters.search.hasFocus():
            self._on_answers_wanted()
        self._led_on = False

    @Slot(QModelIndex, QModelIndex)
    def _on_rows_came(self, first: QModelIndex, last: QModelIndex) -> None:
        chosen = self.attempts.currentIndex()
        if first.row() <= chosen.row() <= last.row():
            self._offer(chosen.data(VALUE))

    @Slot(object)
    def _on_session_loaded(self, session: Session) -> None:
        if session.id == self._session_id:
            self.go_on.setVisible(stopped(session) is not None)

    @Slot(str)
    def _on_marked(self, attempt_id: str) -> None:
        self.lists.found_model.refresh(attempt_id)

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible():
            self._look(again=True)

    # --- what is chosen --------------------------------------------------------------------------

    @Slot(QModelIndex, QModelIndex)
    def _on_session_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        line = index.data(VALUE)
        # One that was not read yet is chosen when it comes.
        if line is not None or index.row() == 0:
            self._choose_session(line.id if line else "")
        self._offer_session()

    @Slot()
    def _on_lines_came(self) -> None:
        line = self.sessions.currentIndex().data(VALUE)
        if line is not None:
            self._choose_session(line.id)
        self._offer_session()

    def _choose_session(self, session_id: str) -> None:
        before, self._session_id = self._session_id, session_id
        if before != session_id:
            self._search()

    def _offer_session(self) -> None:
        """Offer what can be done with the chosen interview."""
        line = self.sessions.currentIndex().data(VALUE)
        if line is None and self._session_id:
            return  # it comes in a moment: what is offered stays, and so does the keyboard
        self.delete_session.setEnabled(line is not None)
        if line is None or line.finished:
            self.go_on.hide()
        else:
            self._library.load_session(line.id)

    @Slot(QModelIndex, QModelIndex)
    def _on_attempt_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        row: Listed | None = index.data(VALUE)
        model = self.lists.found_model
        if row is None and index.isValid() and model.numbers[index.row()] == self._number:
            return  # it is read again: whoever writes a note beside it goes on
        self._offer(row)

    def _offer(self, row: Listed | None) -> None:
        """Offer what can be done with an answer, where one is chosen and was read."""
        self._number = row.number if row else None
        self._attempt_id = row.attempt_id if row else ""
        self._answered_id = row.session_id if row else ""
        self._offer_export()
        for widget in (self.open, self.compare, self.delete_attempt, self.note, self.star):
            widget.setEnabled(row is not None)
        if self._noted_id != self._attempt_id:
            self.note.flush()
            self._noted_id = self._attempt_id
            self.note.show_note(row.note if row else "")
        elif row is not None and not self.note.unkept and not self.note.hasFocus():
            self.note.show_note(row.note)
        self.star.show_star(row is not None and row.starred)

    # --- what the user wants ---------------------------------------------------------------------

    @Slot()
    def _on_search_wanted(self) -> None:
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    @Slot()
    def _on_answers_wanted(self) -> None:
        found = self.attempts.isVisibleTo(self)
        (self.attempts if found else self.sessions).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_found_wanted(self) -> None:
        # What is listed until then is of other words: Enter there would open an answer that nobody looked for.
        self._led_on = True
        self.filters.ask()

    @Slot()
    def _on_words_edited(self) -> None:
        self._led_on = False

    @Slot()
    def _on_open(self) -> None:
        if self._attempt_id:
            self.review_wanted.emit(self._attempt_id)

    def _offer_export(self) -> None:
        self.filing.offer(bool(self._session_id or self._answered_id))

    @Slot()
    def _on_export(self) -> None:
        self.export_wanted.emit(self._session_id or self._answered_id)

    @Slot()
    def _on_compare(self) -> None:
        if self._attempt_id:
            self.compare_wanted.emit(self._attempt_id, "")

    @Slot(bool)
    def _on_starred(self, starred: bool) -> None:
        if self._attempt_id:
            self._library.set_star(self._attempt_id, starred)
            self.announce("Starred." if starred else "No longer starred.")

    @Slot(str)
    def _on_note_written(self, text: str) -> None:
        if self._noted_id:
            self._library.set_note(self._noted_id, text)

    @Slot()
    def _on_note_wanted(self) -> None:
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_delete_key(self) -> None:
        if self.sessions.hasFocus():
            self._on_delete_session()
        elif self.attempts.hasFocus():
            self._on_delete_attempt()

    @Slot()
    def _on_delete_session(self) -> None:
        line = self.sessions.currentIndex().data(VALUE)
        if line is not None:
            self.deletion_wanted.emit(Session(line.id, line.created, line.bank_title, line.mode, ()))

    @Slot()
    def _on_delete_attempt(self) -> None:
        row = self.attempts.currentIndex().data(VALUE)
        if row is not None:
            asked = self.lists.found_model.asked(row)
            attempt = Attempt(row.attempt_id, row.session_id, row.question_id, 0, row.created, asked=asked)
            self.deletion_wanted.emit(attempt)

    @Slot()
    def _on_go_on(self) -> None:
        if self._session_id:
            self.continue_wanted.emit(self._session_id)
