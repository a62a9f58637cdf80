"""One answer with everything that is known of it. Feedback and Review show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.gaps import missing_in_clip
from interviewer.core.models import Coverage, Delivery, PointResult, Score, Transcript
from interviewer.core.verdict import about, count_words, headline, range_words
from interviewer.gui.answer import LOST, Answer, evidence, unwritten_words
from interviewer.gui.recogniser import written_by
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.delivery_panel import DeliveryPanel
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.gui.widgets.player_bar import PlayerBar
from interviewer.gui.widgets.points_beside import PointsBeside
from interviewer.gui.widgets.recording_facts import FactLine
from interviewer.gui.widgets.score_badge import ScoreBadge
from interviewer.gui.widgets.transcript_editor import TranscriptEditor
from interviewer.gui.widgets.transcript_view import TranscriptView
from interviewer.gui.widgets.wave_plot import WavePlot

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor


class AnswerView(QWidget):
    """Score, recording and text, points beside the example, delivery."""

    whisper_wanted = Signal()  # the user asks how to get Whisper
    edit_wanted = Signal()
    example_wanted = Signal()
    told = Signal(str)  # what has changed, for a screen reader

    def __init__(self, conductor: Conductor, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.answer = Answer(None)
        self._measured: tuple[Delivery | None, str, bool] | None = None
        """What of the delivery is shown."""
        self.player = PlayerBar(conductor, theme)
        self.beside = PointsBeside(theme)
        self.points, self.example = self.beside.points, self.beside.example
        self.example_button = self.beside.example_button
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for one in (self._score_card(), self._answer_card(), self.beside, self._delivery_card()):
            column.addWidget(one)
        self.transcript.word_chosen.connect(self.player.play_from)
        self.transcript.stretch_chosen.connect(self.player.choose)
        self.transcript.place_chosen.connect(self._on_place_chosen)
        self.player.moved.connect(self.transcript.follow)
        self.beside.points_chosen.connect(self._on_points_chosen)
        self.beside.moment_wanted.connect(self.player.play_span)
        self.delivery.moment_wanted.connect(self.player.play_span)
        self.beside.example_wanted.connect(self.example_wanted)
        self.beside.told.connect(self.told)
        self.edit_button.clicked.connect(self.edit_wanted)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer in place of the one there; of the same recording, what plays goes on."""
        before, self.answer = self.answer, answer
        if answer.clip is None or answer.clip != before.clip:
            self.player.show_clip(answer.clip)
        self._show_score(answer.score)
        measured = (answer.delivery, _unmeasured(answer), answer.clip is not None)
        if measured != self._measured:
            self._measured = measured
            self.delivery.show_delivery(answer.delivery, unmeasured=measured[1], hearable=measured[2])
        self.beside.show_answer(answer)
        self._show_text(answer, evidence(self.beside.shown))
        self._mark_wave(answer)

    def show_draft(self, answer: Answer) -> None:
        """Show the text of an answer that is being judged; score and points stay those of the text before."""
        self.answer = answer
        self._show_text(answer, ())

    @Slot(object)
    def _on_points_chosen(self, points: tuple[int, ...]) -> None:
        places = (self.beside.shown[point].place for point in points)
        self.transcript.light(next(filter(None, places), None))

    @Slot(int)
    def _on_place_chosen(self, word: int) -> None:
        """Show which points a word of the answer is evidence for."""
        found = [
            k
            for k, point in enumerate(self.beside.shown)
            if point.place and point.place[0] <= word < point.place[1] and point.result.coverage is not Coverage.MISSED
        ]
        self.beside.choose(tuple(found))
        self._on_points_chosen(tuple(found))

    def _show_score(self, score: Score | None) -> None:
        judged = score is not None and not score.coverage_only
        self.badge.show_score(score)
        self.badge.setVisible(judged or score is None)
        self.label.setText(headline(score) if score else "Not scored")
        counted = count_words(score.points) if score else "This answer has not been judged yet."
        for shown, text in (
            (self.range, range_words(score) if score else ""),
            (self.next_step, score.next_step if score and judged else ""),
            (self.counted, counted if judged or score is None else ""),
            (self.notes, "\n".join(f"•  {note}" for note in score.notes if note) if score else ""),
            (self.about, about(score) if score else ""),
        ):
            shown.setText(wrappable(text))
            shown.setVisible(bool(text))

    def _show_text(self, answer: Answer, proved: tuple[PointResult, ...]) -> None:
        transcript = answer.transcript
        if transcript is None:
            self.transcript.show_text(unwritten_words(answer))
        elif not transcript.heard:
            self.transcript.show_text("Nothing was heard in this recording.")
        else:
            pauses = answer.delivery.pauses if answer.delivery else ()
            self.transcript.show_transcript(transcript, pauses, proved, hearable=answer.clip is not None)
        self.written_by.setText(_legend(transcript, self.transcript))
        if transcript is not None and transcript.rough:
            word = Word("Rough transcript: built-in recogniser", action="Get Whisper", tone="warn")
            self.rough.put("rough", word, self.whisper_wanted, dismissable=False)
        else:
            self.rough.take("rough")
        self.missing.say(_missing(answer))
        self.edit_button.setEnabled(transcript is not None)

    def _mark_wave(self, answer: Answer) -> None:
        points = ((p.moment, p.result.coverage, p.result.text) for p in self.beside.shown if p.moment)
        speech = answer.transcript.speech if answer.transcript else ()
        self.wave.mark(speech, answer.delivery.pauses if answer.delivery else (), tuple(points))

    def _score_card(self) -> QFrame:
        frame, column = card()
        row = QHBoxLayout()
        row.setSpacing(24)
        self.badge = ScoreBadge(self._theme)
        self.label = label(size="title", wrap=True)
        self.range = label(size="caption", tone="muted", wrap=True)
        self.next_step = label(wrap=True, selectable=True)
        self.counted = label(wrap=True)
        self.notes = label(wrap=True, selectable=True)
        self.about = label(size="caption", tone="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addStretch(1)
        for one in (self.label, self.range, self.next_step, self.counted, self.notes, self.about):
            words.addWidget(one)
        words.addStretch(1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        column.addLayout(row)
        return frame

    def _delivery_card(self) -> QFrame:
        frame, column = card("Delivery")
        self.delivery = DeliveryPanel(self._theme)
        column.addWidget(self.delivery)
        column.addStretch(1)
        return frame

    def _answer_card(self) -> QFrame:
        frame, column = card()
        self.edit_button = Button("Edit the transcript", role="quiet", key="E")
        column.addLayout(_head("Your answer", self.edit_button))
        self.rough = NoticeBoard(self._theme)
        self.transcript = TranscriptView(self._theme, "Your answer")
        self.written_by = label(size="caption", tone="muted", wrap=True)
        self.missing = FactLine(self._theme)
        self.wave = WavePlot(self._theme)
        self.player.join(self.wave)
        self.editor = TranscriptEditor(self.transcript)
        self.editor.hide()
        for one in (self.rough, self.wave, self.player, self.missing, self.transcript, self.editor):
            column.addWidget(one)
        column.addStretch(1)
        column.addWidget(self.written_by)
        return frame


def _head(title: str, button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(label(title, size="section"))
    row.addStretch(1)
    row.addWidget(button)
    return row


def _unmeasured(answer: Answer) -> str:
    """Return why an answer without a delivery has none."""
    if answer.clip is None:
        typed = answer.transcript is not None and answer.transcript.engine == "typed"
        nothing = "Without a recording nothing can be measured."
        return "A typed answer has no pace, pauses or fillers to measure." if typed else nothing
    silent = answer.transcript is not None and not answer.transcript.heard
    return "No speech was heard." if silent else "Not measured yet."


def _missing(answer: Answer) -> str:
    """Return what of the recording is not there; "" for nothing."""
    if answer.clip is not None:
        return missing_in_clip(answer.clip.gap_ms, answer.clip.seconds)
    return LOST if answer.lost and answer.transcript is not None else ""


def _legend(transcript: Transcript | None, shown: TranscriptView) -> str:
    """Return who wrote a text down, and what the marks in it mean where it is shown."""
    if transcript is None:
        return ""
    evidence = shown.evidence
    timed = "Underlined: fillers. [1.2 s]: a pause." if transcript.words else ""
    heard = "Click a word to hear it; select some and press L to repeat them." if shown.can_hear else ""
    shaded = "Shaded: where you made a point." if evidence - {Coverage.CONTRADICTED} else ""
    wavy = "Wavy line: the wrong way round." if Coverage.CONTRADICTED in evidence else ""
    return " ".join(filter(None, (written_by(transcript), timed, heard, shaded, wavy)))
