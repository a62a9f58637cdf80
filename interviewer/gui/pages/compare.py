"""Two answers to one question side by side, chosen from all that were ever given to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from interviewer.core.comparison import Comparison, compare, points_change, score_change
from interviewer.core.errors import InputError
from interviewer.core.models import Attempt
from interviewer.core.verdict import figure
from interviewer.gui.keys import bind
from interviewer.gui.pages.page import Page
from interviewer.gui.recogniser import unrecorded_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.comparison_view import ComparisonView
from interviewer.gui.widgets.fields import Picker, field
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.session_models import day_and_time

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.library import Library

_ALONE = (
    "This is the only answer to this question so far. A retake, or the same question in another interview, will "
    "stand here beside it: which points it gained and lost, how it sounded, and each point to be heard from both."
)
_DIGITS = 9
MOST_OFFERED = 300
"""So many answers are listed, the newest; an older one is compared from the history. More would take time to list."""


class ComparePage(Page):
    """The earlier answer at the left, the later at the right, whichever was asked for first."""

    back_wanted = Signal()
    review_wanted = Signal(str)  # attempt id

    def __init__(self, conductor: Conductor, library: Library, theme: Theme) -> None:
        super().__init__(theme, "Compare two answers")
        self._conductor = conductor
        self._library = library
        self._wanted = ("", "")
        """The answers asked for; "" for the second where any other will do."""
        self._question_id = ""
        self._attempts: tuple[Attempt, ...] = ()
        """All answers to the question, oldest first."""
        self._shown: Comparison | None = None
        self._scoring: frozenset[str] = frozenset()
        """Answers that are being scored again."""
        self.column.addWidget(label("Compare two answers", size="section", tone="muted"))
        self.question = label(size="title", wrap=True, selectable=True)
        self.choices = self._choices()
        self.alone = self._alone()
        self.view = ComparisonView(conductor, theme)
        for widget in (self.question, self.choices, self.alone, self.view):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._fill_footer()
        self._connect()
        self._show_nothing()

    @property
    def wanted(self) -> tuple[str, str]:
        """The answers asked for last, or those shown by now; "" for the second where any other will do."""
        return self._wanted

    def open(self, one_id: str, other_id: str = "") -> None:
        """Show two answers as soon as they have been read; without a second, the one before the first."""
        self._wanted, self._question_id, self._attempts = (one_id, other_id), "", ()
        self._scoring = frozenset()
        self._show_nothing()
        self._library.load_attempt(one_id)

    @Slot(object)
    def reload(self, attempt_ids: tuple[str, ...]) -> None:
        """Read the answers again when one shown is among these: its recording is another file now."""
        if self._shown and not {self._shown.earlier.id, self._shown.later.id}.isdisjoint(attempt_ids):
            self._library.load_attempts_of(self._question_id)

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent once nobody can see what plays."""
        self.view.sound.stop()
        super().hideEvent(event)

    # --- building ----------------------------------------------------------------------------

    def _choices(self) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.earlier, self.later = Picker("Earlier answer"), Picker("Later answer")
        for caption, picker in (("Earlier answer", self.earlier), ("Later answer", self.later)):
            row.addWidget(field(caption, picker), 1)
        return host

    def _alone(self) -> QFrame:
        frame, column = card(margin_px=32)
        column.addWidget(label("Nothing to compare with yet", size="title"))
        column.addWidget(label(_ALONE, tone="muted", wrap=True))
        return frame

    def _fill_footer(self) -> None:
        self.back = Button("Back", key="Esc")
        self.hear = Button("Hear the next point", role="primary", key="Space")
        self.back.clicked.connect(self.back_wanted)
        self.hear.clicked.connect(self._on_hear)
        self.footer.row.addWidget(self.back)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.hear)

    def _connect(self) -> None:
        self.earlier.chosen.connect(self._on_earlier_chosen)
        self.later.chosen.connect(self._on_later_chosen)
        self.view.scoring_wanted.connect(self._on_scoring_wanted)
        self.view.heard_changed.connect(self._on_heard_changed)
        for side in (self.view.earlier_text, self.view.later_text):
            side.review_wanted.connect(self.review_wanted)
        self._library.attempt_loaded.connect(self._on_attempt_loaded)
        self._library.attempts_of_loaded.connect(self._on_attempts_loaded)
        self._library.gone.connect(self._on_gone)
        bind(self, "Space", self._on_hear)
        bind(self, "Esc", self._on_escape)
        for place in range(_DIGITS):
            bind(self, str(place + 1), partial(self.view.hear, place))

    # --- what is shown -----------------------------------------------------------------------

    def _show_nothing(self) -> None:
        self._shown = None
        self.view.sound.stop()
        for widget in (self.choices, self.alone, self.view, self.hear):
            widget.hide()

    def _show(self) -> None:
        one = next((a for a in self._attempts if a.id == self._wanted[0]), None)
        if one is None:
            return
        other = next((a for a in self._attempts if a.id == self._wanted[1]), None) or beside(one, self._attempts)
        self.question.setText(wrappable(self._asked(one)))
        self.alone.setVisible(other is None)
        for widget in (self.choices, self.view):
            widget.setVisible(other is not None)
        if other is None:
            self.hear.hide()
            self.announce("Nothing to compare with yet.")
            return
        self._wanted = (one.id, other.id)
        self._shown = comparison = compare(one, other)
        self._offer(comparison)
        self.view.show_comparison(comparison, can_score=self._can_score(comparison))
        self.hear.setVisible(self.view.can_hear)
        self.announce(f"{score_change(comparison)} {points_change(comparison)}.".strip())

    def _asked(self, attempt: Attempt) -> str:
        question = self._library.question(attempt.question_id)
        return attempt.asked or (question.question if question else attempt.question_id.replace("-", " "))

    def _offer(self, comparison: Comparison) -> None:
        earlier, later = comparison.earlier.id, comparison.later.id
        older = [a for a in self._attempts[:-MOST_OFFERED] if a.id in (earlier, later)]
        words = [(_words(a), a.id) for a in reversed((*older, *self._attempts[-MOST_OFFERED:]))]
        for picker, picked, other in ((self.earlier, earlier, later), (self.later, later, earlier)):
            picker.offer([choice for choice in words if choice[1] != other], picked)

    def _can_score(self, comparison: Comparison) -> bool:
        texts = comparison.earlier.transcript and comparison.later.transcript
        return bool(texts) and self._library.question(self._question_id) is not None

    # --- what happens ------------------------------------------------------------------------

    @Slot(object)
    def _on_attempt_loaded(self, attempt: Attempt) -> None:
        if not self._question_id and attempt.id == self._wanted[0]:
            self._question_id = attempt.question_id
            self.question.setText(wrappable(self._asked(attempt)))
            self._library.load_attempts_of(attempt.question_id)
        elif self._shown and attempt.id in (self._shown.earlier.id, self._shown.later.id):
            # Its text or its score is a new one.
            self._attempts = tuple(attempt if a.id == attempt.id else a for a in self._attempts)
            self._scoring -= {attempt.id}
            if not self._scoring:
                self._show()

    @Slot(str, object)
    def _on_attempts_loaded(self, question_id: str, attempts: Sequence[Attempt]) -> None:
        if question_id == self._question_id:
            self._attempts = tuple(attempts)
            self._show()

    @Slot(object)
    def _on_gone(self, attempt_ids: frozenset[str]) -> None:
        if not attempt_ids.isdisjoint(a.id for a in self._attempts):
            self._attempts = tuple(a for a in self._attempts if a.id not in attempt_ids)
            if self._shown and attempt_ids.isdisjoint(self._wanted):
                self._offer(self._shown)
        if attempt_ids.isdisjoint(self._wanted) or not self._wanted[0]:
            return
        left = next((i for i in self._wanted if i and i not in attempt_ids), "")
        if left:
            self.open(left)
            return
        self._wanted, self._question_id = ("", ""), ""
        self._show_nothing()
        if self.isVisible():
            gone = InputError("These answers were deleted", hint="They are no longer in your history.")
            self._conductor.told.emit(gone)
            self.back_wanted.emit()

    @Slot(object)
    def _on_earlier_chosen(self, attempt_id: str) -> None:
        if self._shown:
            self._choose(attempt_id, self._shown.later.id)

    @Slot(object)
    def _on_later_chosen(self, attempt_id: str) -> None:
        if self._shown:
            self._choose(self._shown.earlier.id, attempt_id)

    def _choose(self, one_id: str, other_id: str) -> None:
        self._wanted = (one_id, other_id)
        self._scoring = frozenset()
        self._show()

    @Slot()
    def _on_scoring_wanted(self) -> None:
        if self._shown:
            self._scoring = frozenset((self._shown.earlier.id, self._shown.later.id))
            self.view.tell_scoring()
            self._library.rescore((self._shown.earlier.id, self._shown.later.id))

    @Slot()
    def _on_hear(self) -> None:
        if self.view.sound.running:
            self.view.sound.stop()
        elif self.hear.isVisible():
            self.view.hear_next()

    @Slot(object)
    def _on_heard_changed(self, place: int | None) -> None:
        self.hear.say("Hear the next point" if place is None else "Stop")
        if place is not None:
            self.scroller.ensureWidgetVisible(self.view.points.row(place), 0, 24)

    @Slot()
    def _on_escape(self) -> None:
        if self.view.sound.running:
            self.view.sound.stop()
        else:
            self.back_wanted.emit()


def beside(one: Attempt, attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the answer that `one` is held against where nobody chose: None where there is no other.

    Answers of the same kind that were scored come first; of those the one just before, else the one just after.
    """
    others = [a for a in attempts if a.id != one.id]
    alike = [a for a in others if a.score and bool(a.follow_up) is bool(one.follow_up)] or others
    before = [a for a in alike if (a.created, a.id) < (one.created, one.id)]
    return before[-1] if before else alike[0] if alike else None


def _words(attempt: Attempt) -> str:
    parts = [day_and_time(attempt.created), f"score {figure(attempt.score)}" if attempt.score else "not scored"]
    if attempt.score and attempt.score.coverage_only:
        parts.pop()
    if attempt.follow_up:
        parts.append("follow-up")
    if attempt.clip is None:
        typed = attempt.transcript is not None and attempt.transcript.engine == "typed"
        parts.append(unrecorded_words(typed=typed))
    return " · ".join(parts)
