"""Every session ever held, and the answers in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from interviewer.core.models import Session
from interviewer.core.stopped import stopped
from interviewer.gui.keys import ENTER, KeepKeys, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.rows import RowList
from interviewer.gui.widgets.session_models import VALUE, AttemptsModel, SessionsModel

if TYPE_CHECKING:
    from interviewer.workers.library import Library


class HistoryPage(Page):
    """Sessions at the left, the chosen one's answers at the right; Enter opens one."""

    review_wanted = Signal(str)  # attempt id
    compare_wanted = Signal(str, str)  # the chosen attempt's id, and "": another to the same question
    start_wanted = Signal()
    continue_wanted = Signal(str)  # session id
    deletion_wanted = Signal(object)  # Attempt or Session

    def __init__(self, library: Library, theme: Theme) -> None:
        super().__init__(theme, "History")
        self._library = library
        self._chosen_id = ""
        self.column.addWidget(label("History", size="display"))
        self.empty = self._empty()
        self.lists = self._lists()
        self.column.addWidget(self.empty)
        self.column.addWidget(self.lists, 1)
        self.column.addStretch(0)
        self._fill_footer()
        # Whether there is anything is not known yet: neither the lists nor "nothing here" would be true.
        self.empty.hide()
        self.lists.hide()
        self.footer.hide()
        library.sessions_loaded.connect(self.show_sessions)
        library.changed.connect(self._on_changed)
        bind(self, ("Return", "Enter"), self._on_open)
        bind(self, "Del", self._on_delete_key)
        bind(self, "C", self._on_compare)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: something may have been added since."""
        super().showEvent(event)
        self._library.load_sessions()
        if self.lists.isVisibleTo(self):
            self.sessions.setFocus(Qt.FocusReason.OtherFocusReason)

    def _empty(self) -> QWidget:
        frame, column = card(margin_px=32)
        column.addWidget(label("No interview yet", size="title"))
        words = (
            "Every interview you hold will be listed here with its answers: the recording, what you said, "
            "which points you made, and how it sounded. You can hear any of them again and correct what was heard."
        )
        column.addWidget(label(words, tone="muted", wrap=True))
        start = Button("Go to Start")
        start.clicked.connect(self.start_wanted)
        column.addWidget(start, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _lists(self) -> QWidget:
        self._sessions_model = SessionsModel(self)
        self._attempts_model = AttemptsModel(self._library.question, self)
        self.sessions = RowList(self.theme, "Sessions", self._sessions_model, scores=False)
        self.attempts = RowList(self.theme, "Answers in this session", self._attempts_model, scores=True)
        KeepKeys(self.attempts, ENTER)
        KeepKeys(self.sessions, ENTER)
        self.sessions.selectionModel().currentChanged.connect(self._on_session_chosen)
        self.sessions.activated.connect(self._on_session_activated)
        self.attempts.activated.connect(self._on_attempt_activated)
        self.attempts.selectionModel().currentChanged.connect(self._on_attempt_chosen)
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for title, view, share in (("Sessions", self.sessions, 5), ("Answers", self.attempts, 7)):
            frame, column = card(title, margin_px=16)
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            column.addWidget(view, 1)
            row.addWidget(frame, share)
        return host

    def _fill_footer(self) -> None:
        self.open = Button("Review this answer", role="primary", key="Enter")
        self.open.clicked.connect(self._on_open)
        self.compare = Button("Compare with…", key="C")
        self.compare.clicked.connect(self._on_compare)
        self.delete_session = Button("Delete interview…")
        self.delete_session.setToolTip("Key: Del, in the list of sessions")
        self.delete_session.clicked.connect(self._on_delete_session)
        self.delete_attempt = Button("Delete answer…")
        self.delete_attempt.setToolTip("Key: Del, in the list of answers")
        self.delete_attempt.clicked.connect(self._on_delete_attempt)
        self._offer(False)
        self.footer.row.addWidget(self.delete_session)
        self.footer.row.addWidget(self.delete_attempt)
        self.go_on = Button("Continue this interview")
        self.go_on.clicked.connect(self._on_go_on)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.go_on)
        self.footer.row.addWidget(self.compare)
        self.footer.row.addWidget(self.open)

    @Slot(object)
    def show_sessions(self, sessions: tuple[Session, ...]) -> None:
        """List these sessions, newest first; with none, say what will be here."""
        self.empty.setVisible(not sessions)
        self.lists.setVisible(bool(sessions))
        self.footer.setVisible(bool(sessions))
        self._sessions_model.show_rows(sessions)
        place = next((i for i, s in enumerate(sessions) if s.id == self._chosen_id), 0)
        self.sessions.setCurrentIndex(self._sessions_model.index(place))
        if not sessions:
            self._show_attempts(None)

    def _show_attempts(self, session: Session | None) -> None:
        self.go_on.setVisible(session is not None and stopped(session) is not None)
        attempts = sorted(session.attempts, key=lambda a: (a.position, a.created)) if session else ()
        before = self.attempts.currentIndex().data(VALUE)
        self._attempts_model.show_rows(tuple(attempts))
        ids = [a.id for a in attempts]
        place = ids.index(before.id) if before is not None and before.id in ids else 0
        self.attempts.setCurrentIndex(self._attempts_model.index(place))
        self._offer(bool(attempts))

    def _offer(self, attempt: bool) -> None:
        """Offer what can be done with an answer, where one is chosen."""
        self.open.setEnabled(attempt)
        self.compare.setEnabled(attempt)
        self.delete_attempt.setEnabled(attempt)

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible():
            self._library.load_sessions()

    @Slot(QModelIndex, QModelIndex)
    def _on_session_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        session = index.data(VALUE)
        self._chosen_id = session.id if session else self._chosen_id
        self._show_attempts(session)

    @Slot(QModelIndex, QModelIndex)
    def _on_attempt_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._offer(index.isValid())

    @Slot(QModelIndex)
    def _on_session_activated(self, _index: QModelIndex) -> None:
        self.attempts.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QModelIndex)
    def _on_attempt_activated(self, _index: QModelIndex) -> None:
        self._on_open()

    @Slot()
    def _on_open(self) -> None:
        attempt = self.attempts.currentIndex().data(VALUE)
        if attempt is not None:
            self.review_wanted.emit(attempt.id)

    @Slot()
    def _on_compare(self) -> None:
        attempt = self.attempts.currentIndex().data(VALUE)
        if attempt is not None:
            self.compare_wanted.emit(attempt.id, "")

    @Slot()
    def _on_delete_key(self) -> None:
        if self.sessions.hasFocus():
            self._on_delete_session()
        elif self.attempts.hasFocus():
            self._on_delete_attempt()

    @Slot()
    def _on_delete_session(self) -> None:
        self._want_gone(self.sessions)

    @Slot()
    def _on_delete_attempt(self) -> None:
        self._want_gone(self.attempts)

    def _want_gone(self, rows: RowList) -> None:
        value = rows.currentIndex().data(VALUE)
        if value is not None:
            self.deletion_wanted.emit(value)

    @Slot()
    def _on_go_on(self) -> None:
        session = self.sessions.currentIndex().data(VALUE)
        if session is not None:
            self.continue_wanted.emit(session.id)
