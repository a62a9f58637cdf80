"""One kept answer: hear it, read it, compare it, put its text right, note what to keep in mind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.errors import InputError
from interviewer.core.models import Attempt
from interviewer.gui.answer import Answer
from interviewer.gui.keys import bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.answer_view import AnswerView
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import bring_into_view, card
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.note_field import NoteField
from interviewer.gui.widgets.player_bar import Playing
from interviewer.gui.widgets.session_models import day_and_time
from interviewer.gui.widgets.star_button import StarButton

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.editing import Edition
    from interviewer.workers.library import Library


_READING = "Reading this answer…"
_UNREAD = "This answer could not be read."


class ReviewPage(Page):
    """The same view as the feedback, for an answer from the store."""

    back_wanted = Signal()
    edit_wanted = Signal(str)  # the text of the answer as it is now
    whisper_wanted = Signal()
    compare_wanted = Signal(str, str)  # attempt id; "" for the one to compare it with
    export_wanted = Signal(str)  # session id

    def __init__(self, conductor: Conductor, library: Library, theme: Theme) -> None:
        super().__init__(theme, "Review")
        self._conductor = conductor
        self._library = library
        self._attempt_id = ""
        """The answer asked for; until it has been read nothing is shown."""
        self._shown: Attempt | None = None
        """The answer on screen: star, note and keys are for this one."""
        self._moved = False
        """Whether the recording shown lies elsewhere now."""
        self._unseen = True
        """Whether nothing of the answer was shown yet: it begins at the top."""
        self.waiting = label(_READING, tone="muted", wrap=True)
        self.question = label(size="title", wrap=True, selectable=True)
        self.view = AnswerView(conductor, theme)
        self.content = self._content()
        self.column.addWidget(self.waiting)
        self.column.addWidget(self.content)
        self.column.addStretch(1)
        self._fill_footer()
        self._show_nothing()
        self._join_editor()
        self._connect()

    def _connect(self) -> None:
        library = self._library
        self.view.whisper_wanted.connect(self.whisper_wanted)
        self.view.edit_wanted.connect(self._on_edit)
        self.view.example_wanted.connect(self._on_example)
        self.view.told.connect(self.announce)
        self.view.player.moved.connect(self._follow_recording)
        self.view.player.playing_changed.connect(self._on_playing_changed)
        library.attempt_loaded.connect(self._on_attempt_loaded)
        library.usual_loaded.connect(self.view.delivery.show_usual)
        library.gone.connect(self._on_gone)
        library.told.connect(self._on_failed)
        for key, slot in (
            ("Space", self._on_play),
            ("P", self._on_play),
            ("E", self._on_edit),
            ("Ctrl+Z", self.view.editor.undo),
            (("Ctrl+Shift+Z", "Ctrl+Y"), self.view.editor.redo),
            ("H", self._on_example),
            ("S", self.star.click),
            ("N", self._on_note_wanted),
            ("C", self._on_compare),
            ("X", self._on_export),
            ("Esc", self.back_wanted),
        ):
            bind(self, key, slot)

    @property
    def attempt_id(self) -> str:
        """The answer asked for last; "" where it is gone."""
        return self._attempt_id

    def open(self, attempt_id: str) -> None:
        """Show another answer as soon as it has been read, and nothing until then: keys would be for the one before."""
        self.note.flush()
        self._library.editor.close()
        self.view.editor.show_edition(None)
        self._attempt_id, self._moved, self._unseen = attempt_id, False, True
        self.view.player.stop()
        if self._shown is None or self._shown.id != attempt_id:
            self._show_nothing()
        self._library.load_attempt(attempt_id)
        self._library.load_usual(attempt_id)

    def correct(self, text: str) -> None:
        """Keep a corrected text of this answer and have it scored again; ask for it once more if it cannot be taken."""
        if self._library.editor.ready():
            self._library.editor.rewrite(text)
        else:
            self.edit_wanted.emit(text)

    def reload(self, attempt_ids: tuple[str, ...]) -> None:
        """Read the answer shown again when it is among these: its recording is another file now."""
        self._moved = self._moved or (self._shown is not None and self._shown.id in attempt_ids)
        self._follow_recording()

    @Slot()
    def _follow_recording(self) -> None:
        # Whoever listens listens to the end: the old file is open, and gone only then.
        if self._moved and self.view.player.playing is not Playing.RUNNING:
            self._moved = False
            self._library.load_attempt(self._attempt_id)

    def _show_nothing(self) -> None:
        self._shown = None
        self.content.hide()
        self.waiting.setText(_READING)
        self.waiting.show()
        for button in (self.star, self.compare, self.export, self.play):
            button.setEnabled(False)

    def _show_content(self) -> None:
        self.waiting.hide()
        self.content.show()
        for button in (self.star, self.compare, self.export, self.play):
            button.setEnabled(True)

    def _join_editor(self) -> None:
        editor, desk = self.view.editor, self._library.editor
        editor.ask_first(desk.ready)
        editor.begun.connect(desk.prepare)
        editor.paused.connect(desk.foresee)
        editor.replaced.connect(desk.replace)
        editor.undo_wanted.connect(desk.undo)
        editor.redo_wanted.connect(desk.redo)
        editor.whole_wanted.connect(self._on_edit)
        editor.told.connect(self.announce)
        desk.opened.connect(self._on_edition)
        desk.changed.connect(self._on_edition)

    def _content(self) -> QWidget:
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(self._head())
        for widget in (self.question, self.view, self._note_card()):
            column.addWidget(widget)
        return host

    def _head(self) -> QHBoxLayout:
        self.when = label(size="section", tone="muted", wrap=True)
        self.star = StarButton()
        self.star.given.connect(self._on_starred)
        row = QHBoxLayout()
        row.addWidget(self.when, 1)
        row.addWidget(self.star)
        return row

    def _note_card(self) -> QFrame:
        frame, column = card()
        head = QHBoxLayout()
        head.addWidget(label("Your note", size="section"))
        head.addStretch(1)
        write = Button("Write", role="quiet", key="N")
        write.setAccessibleName("Write a note")
        write.clicked.connect(self._on_note_wanted)
        head.addWidget(write)
        self.note = NoteField()
        self.note.written.connect(self._on_note_written)
        self.note.left.connect(self._library.forget_notes)
        column.addLayout(head)
        column.addWidget(self.note)
        return frame

    def _fill_footer(self) -> None:
        self.back = Button("Back to History", key="Esc")
        self.back.clicked.connect(self.back_wanted)
        self.compare = Button("Compare with…", key="C")
        self.compare.clicked.connect(self._on_compare)
        self.export = Button("Export…", key="X")
        self.export.clicked.connect(self._on_export)
        self.play = Button("Play", role="primary", key="Space")
        self.play.clicked.connect(self._on_play)
        self.footer.row.addWidget(self.back)
        self.footer.row.addStretch(1)
        for button in (self.compare, self.export, self.play):
            self.footer.row.addWidget(button)

    @Slot(object)
    def _on_attempt_loaded(self, attempt: Attempt) -> None:
        if attempt.id != self._attempt_id:
            return
        question = self._library.question(attempt.question_id)
        entry = question.question if question else attempt.question_id.replace("-", " ")
        asked = attempt.asked or entry
        typing = self._shown is not None and self.note.unkept
        self._shown = attempt
        self.when.setText(day_and_time(attempt.created))
        self.star.show_star(attempt.starred)
        if not typing:
            self.note.show_note(attempt.note)
        self.question.setText(wrappable(f"Follow-up: {attempt.follow_up}" if attempt.follow_up else asked))
        self.view.show_answer(Answer.of(question, attempt))
        self.view.editor.setVisible(attempt.transcript is not None)
        if attempt.transcript is not None:
            self._library.editor.open(attempt.id)
        self.play.setVisible(attempt.clip is not None)
        self._show_content()
        self._follow_recording()
        if self._unseen:
            self._unseen = False
            self.to_top()

    @Slot(object)
    def _on_edition(self, edition: Edition) -> None:
        attempt = edition.attempt
        if self._shown is None or attempt.id != self._shown.id:
            return
        answer = replace(Answer.of(self._library.question(attempt.question_id), attempt), prior=edition.prior)
        if edition.judging:
            self.view.show_draft(answer)
        elif answer != self.view.answer:
            self.view.show_answer(answer)
        self.view.editor.show_edition(edition)

    @Slot(bool)
    def _on_starred(self, starred: bool) -> None:
        if self._shown is not None:
            self._library.set_star(self._shown.id, starred)
            self.announce("Starred." if starred else "No longer starred.")

    @Slot(str)
    def _on_note_written(self, text: str) -> None:
        if self._shown is not None:
            self._library.set_note(self._shown.id, text)

    @Slot()
    def _on_note_wanted(self) -> None:
        if self._shown is not None:
            bring_into_view(self.note)
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_compare(self) -> None:
        if self._shown is not None:
            self.compare_wanted.emit(self._shown.id, "")

    @Slot()
    def _on_export(self) -> None:
        if self._shown is not None:
            self.export_wanted.emit(self._shown.session_id)

    @Slot(object)
    def _on_gone(self, attempt_ids: frozenset[str]) -> None:
        if self._attempt_id in attempt_ids:
            self._attempt_id = ""
            self.view.player.stop()
            self._show_nothing()
            if self.isVisible():
                gone = InputError("This answer was deleted", hint="It is no longer in your history.")
                self._conductor.told.emit(gone)
                self.back_wanted.emit()

    @Slot(object)
    def _on_failed(self, _error: object) -> None:
        """Say so where it was this answer that could not be read; the window tells why."""
        if self._shown is None:
            self.waiting.setText(_UNREAD)

    @Slot()
    def _on_play(self) -> None:
        if self._shown is not None and self.view.answer.clip is not None:
            self.view.player.toggle()

    @Slot(object)
    def _on_playing_changed(self, playing: Playing) -> None:
        self.play.say("Pause" if playing is Playing.RUNNING else "Play")

    @Slot()
    def _on_example(self) -> None:
        self.view.player.stop()
        if self._shown is not None and self.view.answer.question is not None:
            self._conductor.speak(self.view.answer.question.example_answer)

    @Slot()
    def _on_edit(self) -> None:
        transcript = self.view.answer.transcript
        if self._shown is not None and transcript is not None and self._library.editor.ready():
            self.edit_wanted.emit(transcript.text)
