"""Writes kept answers down again, or judges them again: one at a time, to the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.delivery import delivery_of
from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.estimate import Estimate
from interviewer.core.models import Attempt, Question, Score, Transcript
from interviewer.core.store import Store
from interviewer.workers.model_watch import SCORER

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane
    from interviewer.workers.model_process import ModelProcess


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt to work on."""

    attempt_id: str
    again: bool = False
    """Write the clip down again although there is a text; else only what is missing is made."""
    rescore: bool = False
    """Only judge the text that is there; what has none is left as it is."""
    sound_s: float = 0.0
    """Sound that is to be written down, for the estimate; 0 where it is only judged."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    attempt: Attempt
    prior: str
    """What was said before, when the attempt answers a follow-up."""


class Reworker(QObject):
    """Works off a queue of attempts. Lives on the GUI thread."""

    advanced = Signal(int, int, object)  # finished, all of this batch, seconds left or None where nobody can tell
    recogniser_changed = Signal()
    reworked = Signal(str)  # attempt id: the store has its new text and score
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        models: ModelProcess,
        lane: Lane,
        store: Store,
        question: Callable[[str], Question | None],
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._clock = clock
        self._recogniser = ("", "")
        self._lane = lane
        self._store = store
        self._question = question
        self._queue: deque[Work] = deque()
        self._batch = 0
        """Raised by each cancel: what the lane still answers for an earlier batch is not listened to."""
        self._total = 0
        self._finished = 0
        self._work: Work | None = None
        self._estimate = Estimate()
        self._begun = False
        self._began_s = 0.0
        """Seconds of the clock when the model began with the work in hand."""
        self._sent_s = 0.0
        """When its text was sent to be judged."""
        self._loaded: _Loaded | None = None
        self._transcript: Transcript | None = None
        self._job: int | None = None
        models.ready.connect(self._on_ready)
        models.progressed.connect(self._on_model_progressed)
        models.done.connect(self._on_model_done)
        models.failed.connect(self._on_model_failed)

    @property
    def recogniser(self) -> tuple[str, str]:
        """The engine and model that write answers down, as their transcripts name them; empty until one is loaded."""
        return self._recogniser

    def add(self, works: tuple[Work, ...]) -> None:
        """Put attempts at the end of the queue, each once; `advanced` tells how far it is."""
        idle = not self._total
        there = {*self._queue, self._work}
        new = [work for work in works if work not in there]
        self._queue.extend(new)
        self._total += len(new)
        if idle and self._total:
            self.advanced.emit(0, self._total, None)
            self._next()

    def cancel(self) -> None:
        """Stop after what is stored already; the rest stays as it was."""
        job, self._job = self._job, None
        self._batch += 1
        self._queue.clear()
        if job is not None:
            self._models.cancel(job)
        if self._total:
            self._reset()

    @property
    def busy(self) -> bool:
        """Whether attempts are being worked on or wait for it."""
        return self._total > 0

    def forget(self, attempt_ids: Iterable[str]) -> None:
        """Leave these attempts alone from now on: they were deleted. The others go on."""
        gone = frozenset(attempt_ids)
        kept = deque(work for work in self._queue if work.attempt_id not in gone)
        self._total -= len(self._queue) - len(kept)
        self._queue = kept
        if self._work is not None and self._work.attempt_id in gone:
            job, self._job = self._job, None
            self._batch += 1  # what the lane still answers is of an attempt that is gone
            if job is not None:
                self._models.cancel(job)
            self._step()

    @property
    def held(self) -> frozenset[str]:
        """The attempts that are being worked on or wait for it."""
        return frozenset(work.attempt_id for work in (*self._queue, self._work) if work is not None)

    def _reset(self) -> None:
        total, self._total, self._finished, self._loaded = self._total, 0, 0, None
        self._work, self._estimate = None, Estimate()
        self.advanced.emit(total, total, None)

    def _next(self) -> None:
        if not self._queue:
            self._reset()
            return
        work = self._work = self._queue.popleft()
        self._begun, self._began_s = False, self._clock()
        self._ask(partial(_load, self._store, work.attempt_id), partial(self._on_loaded, work))

    def _ask(self, question: Callable[[], Any], answer: Callable[[Any], None]) -> None:
        """Have the store asked on its lane, and listen unless this batch was cancelled meanwhile."""
        done, failed = (partial(self._listen, self._batch, then) for then in (answer, self._give_up))
        self._lane.run(question, done=done, failed=failed)

    def _listen(self, batch: int, then: Callable[[Any], None], outcome: object) -> None:
        if batch == self._batch:
            then(outcome)

    def _on_loaded(self, work: Work, loaded: _Loaded) -> None:
        self._loaded = loaded
        question = self._question(loaded.attempt.question_id)
        if loaded.attempt.transcript is not None and not work.again:
            self._transcript = loaded.attempt.transcript
            self._judge(loaded, loaded.attempt.transcript)
        elif work.rescore:
            self._give_up(InputError("This answer is not written down yet", hint="Finish it from the Start screen."))
        elif loaded.attempt.clip is None:
            self._give_up(InputError("This answer was typed: there is no recording to write down"))
        elif loaded.attempt.transcript is not None and loaded.attempt.transcript.by_hand:
            self._step()  # somebody put it right while it waited: no recogniser knows better
        else:
            self._job = self._models.transcribe(loaded.attempt.clip.path, question.terms if question else ())

    def _written(self, transcript: Transcript) -> None:
        assert self._loaded is not None  # a job runs only for a loaded attempt
        self._transcript = transcript
        attempt_id = self._loaded.attempt.id
        self._ask(partial(self._store.add_transcript, attempt_id, transcript), self._on_transcript_kept)

    def _on_transcript_kept(self, _none: object) -> None:
        assert self._loaded is not None  # a text is kept only of a loaded attempt
        assert self._transcript is not None
        self._judge(self._loaded, self._transcript)

    def _judge(self, loaded: _Loaded, transcript: Transcript) -> None:
        question = self._question(loaded.attempt.question_id)
        if question is None:
            hint = "Its text is kept; open the bank that it belongs to, to have it scored."
            self._give_up(InputError("This question is not in the open bank", hint=hint))
        else:
            answer = f"{loaded.prior} {transcript.text}".strip()
            self._sent_s = self._clock()
            self._job = self._models.score(question, answer, doubt=transcript.doubt)

    def _scored(self, score: Score) -> None:
        assert self._loaded is not None  # a job runs only for a loaded attempt
        attempt = replace(self._loaded.attempt, transcript=self._transcript)
        kept = partial(self._store.add_score, attempt.id, score, delivery_of(attempt))
        self._ask(kept, partial(self._on_score_kept, attempt.id))

    def _on_score_kept(self, attempt_id: str, _none: object) -> None:
        assert self._work is not None  # a score is kept only of the work in hand
        self._estimate = self._estimate.after(self._work.sound_s, self._clock() - self._began_s)
        self.reworked.emit(attempt_id)
        self._step()

    def _give_up(self, error: InterviewerError) -> None:
        """Leave this attempt as it is and go on with the next."""
        self.told.emit(error)
        if self._loaded is not None:
            self.reworked.emit(self._loaded.attempt.id)
        self._step()

    def _step(self) -> None:
        self._finished += 1
        self._loaded = None
        left_s = self._estimate.left_s(sum(work.sound_s for work in self._queue))
        self.advanced.emit(self._finished, self._total, left_s)
        self._next()

    @Slot(str)
    def _on_ready(self, what: str) -> None:
        if what == SCORER:
            # A text that had to wait for it says nothing about the next.
            self._began_s += self._clock() - self._sent_s
        else:
            engine, _, model = what.partition(" ")
            self._recogniser = (engine, model)
            self.recogniser_changed.emit()

    @Slot(int, object, str)
    def _on_model_progressed(self, job_id: int, _fraction: float | None, _stage: str) -> None:
        if job_id == self._job and not self._begun:
            # Until now it has waited for models to be loaded, or for an answer of the interview.
            self._begun, self._began_s = True, self._clock()

    @Slot(int, object)
    def _on_model_done(self, job_id: int, result: object) -> None:
        if job_id == self._job:
            self._job = None
            match result:
                case Transcript():
                    self._written(result)
                case Score():
                    self._scored(result)

    @Slot(int, object)
    def _on_model_failed(self, job_id: int, error: InterviewerError) -> None:
        if job_id == self._job:
            self._job = None
            self._give_up(error)


def _load(store: Store, attempt_id: str) -> _Loaded:
    attempt = store.attempt(attempt_id)
    if not attempt.follow_up:
        return _Loaded(attempt, "")
    return _Loaded(attempt, store.session(attempt.session_id).said_before(attempt))
