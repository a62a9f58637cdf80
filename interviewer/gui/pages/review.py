"""One kept answer: hear it, read it, compare it, put its text right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from interviewer.core.models import Attempt
from interviewer.gui.answer import Answer
from interviewer.gui.keys import bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.answer_view import AnswerView
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.player_bar import Playing
from interviewer.gui.widgets.session_models import day_and_time

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.library import Library


class ReviewPage(Page):
    """The same view as the feedback, for an answer from the store."""

    back_wanted = Signal()
    edit_wanted = Signal(str)  # the text of the answer as it is now
    whisper_wanted = Signal()

    def __init__(self, conductor: Conductor, library: Library, theme: Theme) -> None:
        super().__init__(theme, "Review")
        self._conductor = conductor
        self._library = library
        self._attempt_id = ""
        self._moved = False
        """Whether the recording shown lies elsewhere now."""
        self.when = label(size="section", tone="muted")
        self.question = label(size="title", wrap=True, selectable=True)
        self.view = AnswerView(conductor, theme)
        for widget in (self.when, self.question, self.view):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._fill_footer()
        self.view.whisper_wanted.connect(self.whisper_wanted)
        self.view.edit_wanted.connect(self._on_edit)
        self.view.example_wanted.connect(self._on_example)
        self.view.told.connect(self.announce)
        self.view.player.moved.connect(self._on_player_moved)
        library.attempt_loaded.connect(self._on_attempt_loaded)
        library.gone.connect(self._on_gone)
        for key, slot in (
            ("Space", self._on_play),
            ("P", self._on_play),
            ("E", self._on_edit),
            ("H", self._on_example),
            ("Esc", self.back_wanted),
        ):
            bind(self, key, slot)

    def open(self, attempt_id: str) -> None:
        """Show another answer as soon as it has been read."""
        self._attempt_id, self._moved = attempt_id, False
        self.view.player.stop()
        self._library.load_attempt(attempt_id)

    def correct(self, text: str) -> None:
        """Keep a corrected text of this answer and have it scored again."""
        self._library.correct(self._attempt_id, text)
        self.when.setText("Scoring the corrected text…")

    def reload(self, attempt_ids: tuple[str, ...]) -> None:
        """Read the answer shown again when it is among these: its recording is another file now."""
        self._moved = self._moved or self._attempt_id in attempt_ids
        self._follow_recording()

    def _follow_recording(self) -> None:
        # Whoever listens listens to the end: the old file is open, and gone only then.
        if self._moved and self.view.player.playing is not Playing.RUNNING:
            self._moved = False
            self._library.load_attempt(self._attempt_id)

    def _fill_footer(self) -> None:
        back = Button("Back to History", key="Esc")
        back.clicked.connect(self.back_wanted)
        self.play = Button("Play", role="primary", key="Space")
        self.play.clicked.connect(self._on_play)
        self.footer.row.addWidget(back)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.play)

    @Slot(object)
    def _on_attempt_loaded(self, attempt: Attempt) -> None:
        if attempt.id != self._attempt_id:
            return
        question = self._library.question(attempt.question_id)
        asked = question.question if question else attempt.question_id.replace("-", " ")
        self.when.setText(day_and_time(attempt.created))
        self.question.setText(wrappable(f"Follow-up: {attempt.follow_up}" if attempt.follow_up else asked))
        self.view.show_answer(Answer.of(question, attempt))
        self.play.setVisible(attempt.clip is not None)
        self._on_player_moved(-1.0)
        self.to_top()

    @Slot(object)
    def _on_gone(self, attempt_ids: frozenset[str]) -> None:
        if self._attempt_id in attempt_ids:
            self._attempt_id = ""
            self.view.player.stop()
            if self.isVisible():
                self.back_wanted.emit()

    @Slot()
    def _on_play(self) -> None:
        if self.view.answer.clip is not None:
            self.view.player.toggle()
            self._on_player_moved(0.0)

    @Slot(float)
    def _on_player_moved(self, _seconds: float) -> None:
        self.play.say("Pause" if self.view.player.playing is Playing.RUNNING else "Play")
        self._follow_recording()

    @Slot()
    def _on_example(self) -> None:
        self.view.player.stop()
        if self.view.answer.question is not None:
            self._conductor.speak(self.view.answer.question.example_answer)

    @Slot()
    def _on_edit(self) -> None:
        if self.view.answer.transcript is not None:
            self.edit_wanted.emit(self.view.answer.transcript.text)
