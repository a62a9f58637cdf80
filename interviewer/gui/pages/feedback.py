"""What came of the answer just given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout

from interviewer.core import steps
from interviewer.core.state import State
from interviewer.core.steps import Take
from interviewer.core.verdict import score_words
from interviewer.gui.answer import Answer
from interviewer.gui.keys import PRIMARY, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.prompts import next_words, progress_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.answer_view import AnswerView
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label, wrappable

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor


class FeedbackPage(Page):
    """Score, points, delivery and both texts; then the next question."""

    edit_wanted = Signal(str)  # the text of the answer as it is now
    whisper_wanted = Signal()
    usual_wanted = Signal(str)  # attempt id: one more answer was given; how did the user usually sound before?
    compare_wanted = Signal(str, str)  # the answer before a retake, and the retake: attempt ids

    def __init__(self, conductor: Conductor, theme: Theme) -> None:
        super().__init__(theme, "Feedback")
        self._conductor = conductor
        self._take: Take | None = None
        self._before = ""
        """The answer that the one shown is a retake of; "" for none."""
        self.progress_words = label(size="section", tone="muted", wrap=True)
        self.compare = Button("Compare with the answer before", role="quiet", key="C")
        self.compare.clicked.connect(self._on_compare)
        self.compare.hide()
        head = QHBoxLayout()
        head.addWidget(self.progress_words, 1)
        head.addWidget(self.compare)
        self.question = label(size="title", wrap=True, selectable=True)
        self.view = AnswerView(conductor, theme)
        self.column.addLayout(head)
        for widget in (self.question, self.view):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._fill_footer()
        self.view.whisper_wanted.connect(self.whisper_wanted)
        self.view.edit_wanted.connect(self._on_edit)
        self.view.example_wanted.connect(self._on_example)
        self.view.told.connect(self.announce)
        bind(self, PRIMARY, self._on_next)
        for key, slot in (
            ("A", self._on_retake),
            ("F", self._on_follow_up),
            ("P", self.view.player.toggle),
            ("E", self._on_edit),
            ("H", self._on_example),
            ("C", self._on_compare),
            ("Esc", self._on_silence),
        ):
            bind(self, key, slot)

    def show_state(self, state: State) -> None:
        """Show the answer on screen; the same answer is not shown afresh."""
        self.progress_words.setText(progress_words(state))
        self.next.say(next_words(state))
        self.follow_up.setVisible(bool(state.open_follow_up))
        take = state.take
        if take is None or take == self._take:
            return
        self._before = _retaken(self._take, take, self._before)
        self._take = take
        lead = "Follow-up: " if take.follow_up else ""
        self.question.setText(wrappable(f"{lead}{take.follow_up or state.question.question}"))
        self.view.show_answer(Answer.of(state.question, take))
        self.play.setVisible(take.clip is not None)
        self.compare.setVisible(bool(self._before))
        self.to_top()
        if take.score is not None:
            self.announce(f"Feedback. {score_words(take.score)}.")
        if take.delivery is not None:
            self.usual_wanted.emit(take.attempt_id)

    def _fill_footer(self) -> None:
        self.retake = Button("Retake", key="A")
        self.play = Button("Play your answer", key="P")
        self.follow_up = Button("Ask the follow-up", key="F")
        self.next = Button("Next question", role="primary", key="Space")
        self.retake.clicked.connect(self._on_retake)
        self.play.clicked.connect(self.view.player.toggle)
        self.follow_up.clicked.connect(self._on_follow_up)
        self.next.clicked.connect(self._on_next)
        for button in (self.retake, self.play, self.follow_up):
            self.footer.row.addWidget(button)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.next)

    @Slot()
    def _on_next(self) -> None:
        self._conductor.post(steps.Go())

    @Slot()
    def _on_retake(self) -> None:
        self._conductor.post(steps.Retake())

    @Slot()
    def _on_follow_up(self) -> None:
        self._conductor.post(steps.FollowUp())

    @Slot()
    def _on_compare(self) -> None:
        if self._take is not None and self._before:
            self.compare_wanted.emit(self._before, self._take.attempt_id)

    @Slot()
    def _on_silence(self) -> None:
        self.view.player.stop()
        self._conductor.stop_playback()

    @Slot()
    def _on_example(self) -> None:
        self.view.player.stop()
        if self.view.answer.question is not None:
            self._conductor.speak(self.view.answer.question.example_answer)

    @Slot()
    def _on_edit(self) -> None:
        if self._take is not None and self._take.transcript is not None:
            self.edit_wanted.emit(self._take.transcript.text)


def _retaken(shown: Take | None, new: Take, before: str) -> str:
    """Return the answer that a new one is a retake of; `before` is what the one shown was a retake of."""
    if shown is None or shown.follow_up or new.follow_up:
        return ""
    if shown.attempt_id == new.attempt_id:  # the same answer, corrected
        return before
    session, again = new.attempt_id.rsplit("-", 2)[0], shown.position == new.position
    return shown.attempt_id if again and shown.attempt_id.rsplit("-", 2)[0] == session else ""
