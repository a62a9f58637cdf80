"""What an interview asks of the models, and which turn each piece of it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip, Question, Score, Transcript
from interviewer.core.steps import Take
from interviewer.workers.door import Door

if TYPE_CHECKING:
    from interviewer.workers.model_process import ModelProcess


class ModelWork(QObject):
    """Has answers written down, from their first word on, and judged. Lives on the GUI thread.

    An answer is followed while it is recorded; once the flow asks for its text, that is there already
    or nearly. If following it failed, the recording is written down like any other.
    """

    heard = Signal(str)  # text so far of the answer that is being recorded
    written = Signal(int, object)  # turn, Transcript
    judged = Signal(int, object)  # turn, Score
    failed = Signal(int, object)  # turn, InterviewerError
    progressed = Signal(object, str)  # 0 to 1 or None, stage in plain words

    def __init__(self, models: ModelProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._door = Door(self)
        self._turns: dict[int, int] = {}
        self._followed: dict[int, Path] = {}
        """Jobs that the flow has not asked for yet, and what they write down."""
        self._texts: dict[Path, Transcript] = {}
        self._live: int | None = None
        models.done.connect(self._on_done)
        models.failed.connect(self._on_failed)
        models.progressed.connect(self._on_progressed)
        models.heard.connect(self._on_heard)

    def follow(self, path: Path, question: Question) -> None:
        """Write the answer down that is being recorded to `path`."""
        self._live = self._models.follow(path, question.terms)
        self._followed[self._live] = path

    def complete(self, clip: Clip) -> None:
        """Tell that a recording has come to its end; its text so far is told on until it is whole."""
        for job_id, path in self._followed.items():
            if path == clip.path:
                self._models.complete(job_id, clip.frames)

    def abandon(self) -> None:
        """Forget the newest answer: of its recording nothing was kept, and its end would be waited for for ever."""
        job_id, self._live = self._live, None
        if job_id in self._followed:
            del self._followed[job_id]
            self._models.cancel(job_id)

    def drop(self) -> None:
        """Forget every answer that was followed and not asked for."""
        self._live = None
        self._texts.clear()
        for job_id in tuple(self._followed):
            del self._followed[job_id]
            self._models.cancel(job_id)

    def transcribe(self, turn: int, take: Take, question: Question) -> None:
        """Have an answer written down; `written` or `failed` follows."""
        assert take.clip is not None  # a typed take has its transcript and is never transcribed
        path = take.clip.path
        text = self._texts.pop(path, None)
        job_id = next((job for job, followed in self._followed.items() if followed == path), None)
        if text is not None:
            self._door.call(self.written.emit, turn, text)
        elif job_id is not None:
            del self._followed[job_id]
            self._turns[job_id] = turn
        else:
            self._turns[self._models.transcribe(path, question.terms)] = turn

    def score(self, turn: int, take: Take, question: Question) -> None:
        """Have an answer judged, with what was said before it; `judged` or `failed` follows."""
        assert take.transcript is not None  # the flow scores only what is written down
        answer = f"{take.prior} {take.transcript.text}".strip()
        self._turns[self._models.score(question, answer, doubt=take.transcript.doubt)] = turn

    def cancel(self) -> None:
        """End what the flow is waiting for."""
        for job_id in tuple(self._turns):
            del self._turns[job_id]
            self._models.cancel(job_id)

    @Slot(int, object)
    def _on_done(self, job_id: int, result: object) -> None:
        path = self._followed.pop(job_id, None)
        turn = self._turns.pop(job_id, None)
        match result:
            case Transcript() if path is not None:
                self._texts[path] = result
            case Transcript() if turn is not None:
                self.written.emit(turn, result)
            case Score() if turn is not None:
                self.judged.emit(turn, result)

    @Slot(int, object)
    def _on_failed(self, job_id: int, error: InterviewerError) -> None:
        # What was followed is kept as a recording, and is written down when the flow asks for it.
        self._followed.pop(job_id, None)
        turn = self._turns.pop(job_id, None)
        if turn is not None:
            self.failed.emit(turn, error)

    @Slot(int, object, str)
    def _on_progressed(self, job_id: int, fraction: float | None, stage: str) -> None:
        if job_id in self._turns:
            self.progressed.emit(fraction, stage)

    @Slot(int, str)
    def _on_heard(self, job_id: int, text: str) -> None:
        if job_id == self._live:
            self.heard.emit(text)
