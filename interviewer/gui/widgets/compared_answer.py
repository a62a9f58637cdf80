"""One of two answers that stand side by side: its score at the top of the page, its text further down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.delivery import delivery_of
from interviewer.core.models import Attempt, Coverage, PointResult
from interviewer.core.moments import place_of
from interviewer.core.verdict import headline, range_words
from interviewer.gui.answer import LOST, Answer, unwritten_words
from interviewer.gui.recogniser import written_by
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.player_bar import PlayerBar
from interviewer.gui.widgets.recording_facts import FactLine
from interviewer.gui.widgets.score_badge import ScoreBadge
from interviewer.gui.widgets.session_models import day_and_time
from interviewer.gui.widgets.transcript_view import TranscriptView

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor


class ScoreSide(QWidget):
    """The score of one answer, with its range and its day."""

    def __init__(self, theme: Theme, when: str) -> None:
        super().__init__()
        self.badge = ScoreBadge(theme, size_px=88)
        self.when = label(when, size="section", tone="muted")
        self.label = label(size="title", wrap=True)
        self.range = label(size="caption", tone="muted", wrap=True)
        self.day = label(size="caption", tone="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        for one in (self.when, self.label, self.range, self.day):
            words.addWidget(one)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def show_attempt(self, attempt: Attempt) -> None:
        """Show the score of this answer."""
        score = attempt.score
        self.badge.show_score(score)
        self.badge.setVisible(score is None or not score.coverage_only)
        self.label.setText(headline(score) if score else "Not scored")
        between = range_words(score) if score and not score.coverage_only else ""
        self.range.setText(between)
        self.range.setVisible(bool(between))
        self.day.setText(day_and_time(attempt.created))


class TextSide(QFrame):
    """The text of one answer with its player."""

    review_wanted = Signal(str)  # attempt id

    def __init__(self, conductor: Conductor, theme: Theme, name: str) -> None:
        super().__init__()
        self._attempt_id = ""
        frame, column = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        frame.setAccessibleName(name)
        self.player = PlayerBar(conductor, theme, keys=False)
        self.transcript = TranscriptView(theme, name)
        self.missing = FactLine(theme)
        self.written_by = label(size="caption", tone="muted", wrap=True)
        self.review = Button("Review it", role="quiet")
        self.review.setAccessibleName(f"Review the {name.lower()}")
        head = QHBoxLayout()
        head.addWidget(label(name, size="section"))
        head.addStretch(1)
        head.addWidget(self.review)
        column.addLayout(head)
        for one in (self.player, self.missing, self.transcript):
            column.addWidget(one)
        column.addStretch(1)
        column.addWidget(self.written_by)
        self.review.clicked.connect(self._on_review)
        self.transcript.word_chosen.connect(self.player.play_from)
        self.transcript.stretch_chosen.connect(self.player.choose)
        self.player.moved.connect(self.transcript.follow)

    def show_attempt(self, attempt: Attempt) -> None:
        """Show the text of this answer, and be ready to play it."""
        self._attempt_id = attempt.id
        transcript, answer = attempt.transcript, Answer.of(None, attempt)
        if transcript is None:
            self.transcript.show_text(unwritten_words(answer))
        elif not transcript.heard:
            self.transcript.show_text("Nothing was heard in this recording.")
        else:
            delivery = delivery_of(attempt)
            pauses = delivery.pauses if delivery else ()
            hearable = attempt.clip is not None
            self.transcript.show_transcript(transcript, pauses, _evidence(attempt), hearable=hearable)
        self.missing.say(LOST if answer.lost and transcript is not None else "")
        self.written_by.setText(_legend(attempt, self.transcript.evidence))
        self.player.show_clip(attempt.clip)

    @Slot()
    def _on_review(self) -> None:
        self.review_wanted.emit(self._attempt_id)


def _evidence(attempt: Attempt) -> tuple[PointResult, ...]:
    """Return the points whose evidence is in the text of this answer, with its place there."""
    points = attempt.score.points if attempt.score else ()
    placed = ((point, place_of(point, attempt.transcript)) for point in points)
    return tuple(replace(p, words=at) for p, at in placed if at and p.coverage is not Coverage.MISSED)


def _legend(attempt: Attempt, evidence: frozenset[Coverage]) -> str:
    by = written_by(attempt.transcript) if attempt.transcript else ""
    asked = f"Follow-up: {attempt.follow_up}" if attempt.follow_up else ""
    shaded = "Shaded: where you made a point." if evidence - {Coverage.CONTRADICTED} else ""
    wavy = "Wavy line: the wrong way round." if Coverage.CONTRADICTED in evidence else ""
    return "  ".join(filter(None, (asked, by, shaded, wavy)))
