"""The window's end of the model process: jobs go in, results come out as signals.

How it is kept alive is in `model_supervisor`.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.bank import neighbours
from interviewer.core.errors import Cancelled
from interviewer.core.models import Bank, Question
from interviewer.core.settings import Hearing
from interviewer.store.recordings import PART_SUFFIX
from interviewer.workers import model_main
from interviewer.workers.door import Door
from interviewer.workers.messages import (
    LOADING,
    LOADING_SCORER,
    USUAL,
    Complete,
    Done,
    Failed,
    FollowJob,
    Heard,
    Job,
    Load,
    Progress,
    Ready,
    Reply,
    ScoreJob,
    TranscribeJob,
    UseSentenceModel,
)
from interviewer.workers.model_supervisor import STOPPED, Cancel, Main, State, Supervisor, UseHearing, UseModel

log = logging.getLogger(__name__)


class ModelProcess(QObject):
    """Owns the model process. Lives on the GUI thread; no method blocks it but `close`.

    Every job ends in exactly one `done` or `failed`; job 0 in `failed` means that the recogniser
    could not be loaded, job -1 that the scorer could not, or not with the wanted sentence model.
    """

    ready = Signal(str)  # "whisper base.en", "faster-whisper base.en", "pocketsphinx en-us" or "scorer"
    progressed = Signal(int, object, str)  # job id, 0 to 1 or None, stage in plain words
    heard = Signal(int, str)  # job id of an answer that is being recorded, its text so far
    done = Signal(int, object)  # job id, Transcript or Score
    failed = Signal(int, object)  # job id, InterviewerError
    state_changed = Signal(str)  # "starting", "loading", "ready" or "stopped"

    def __init__(
        self,
        model: str,
        data_dir: Path,
        parent: QObject | None = None,
        *,
        sentence_model: str = "",
        hearing: Hearing = USUAL,
        main: Main = model_main.main,
    ) -> None:
        super().__init__(parent)
        self._state = STOPPED
        self._open: set[int] = set()
        self._ids = itertools.count(LOADING + 1)
        self._door = Door(self)
        self._bank: Bank | None = None
        load = Load(model, data_dir, sentence_model, hearing)
        self._supervisor = Supervisor(load, main, partial(self._door.call, self._on_told))

    @property
    def state(self) -> str:
        """The last word of `state_changed`; "ready" means that jobs are worked on at once."""
        return self._state

    def start(self) -> None:
        """Start the process and load the models; returns at once. Jobs given before wait for it."""
        self._supervisor.start()

    def transcribe(self, path: Path, terms: Sequence[str]) -> int:
        """Have a sound file written down; returns the job's id."""
        return self._submit(TranscribeJob(next(self._ids), path, tuple(terms)))

    def follow(self, path: Path, terms: Sequence[str]) -> int:
        """Have an answer written down while it is recorded to `path`; returns the job's id. `heard` brings its text.

        It ends once `complete` told how long the recording is, before anything that waits.
        """
        part = path.with_name(path.stem + PART_SUFFIX)
        return self._submit(FollowJob(next(self._ids), part, path, tuple(terms)))

    def complete(self, job_id: int, frames: int) -> None:
        """Tell that a recording which is followed has come to its end; harmless for a job that is gone."""
        if job_id in self._open:
            self._supervisor.order(Complete(job_id, frames))

    def score(self, question: Question, answer: str, *, doubt: float = 0.0) -> int:
        """Have an answer judged beside the open bank's other entries; returns the job's id.

        `doubt` is the share of its words that are probably misrecognised, 0 to 1.
        """
        bank = self._bank
        # A question may be from a bank that was open before: what stands beside it is not its own then.
        known = bank is not None and bank.question(question.id) == question
        beside = neighbours(bank, question) if bank is not None and known else ()
        return self._submit(ScoreJob(next(self._ids), question, answer, doubt, beside))

    @Slot(object)
    def use_bank(self, bank: Bank) -> None:
        """Compare answers with the other entries of this bank from now on."""
        self._bank = bank

    def cancel(self, job_id: int | None = None) -> None:
        """End a job, the oldest by default: `failed` brings Cancelled. Other jobs are not lost.

        A job that is being worked on dies with its process, which is started again.
        """
        chosen = min(self._open, default=None) if job_id is None else job_id
        if chosen in self._open:
            self._open.remove(chosen)
            self._supervisor.order(Cancel(chosen))
            self._door.call(self.failed.emit, chosen, Cancelled("The work was stopped"))

    def use_model(self, model: str) -> None:
        """Recognise with another Whisper model from now on; jobs that wait get it too."""
        self._supervisor.order(UseModel(model))

    def use_hearing(self, hearing: Hearing) -> None:
        """Recognise in another way from now on, with the same model; jobs that wait get it too."""
        self._supervisor.order(UseHearing(hearing))

    def use_sentence_model(self, name: str) -> None:
        """Score with another sentence model from now on, "" for the packaged one; what runs is finished first."""
        self._supervisor.order(UseSentenceModel(name))

    def close(self) -> None:
        """End the process, within seconds whatever it does, and be silent from now on."""
        self._door.close()
        self._supervisor.close()

    def _submit(self, job: Job) -> int:
        self._open.add(job.job_id)
        self._supervisor.order(job)
        return job.job_id

    def _on_told(self, told: Reply | State) -> None:
        match told:
            case State(name=name):
                self._state = name
                self.state_changed.emit(name)
            case Ready(what=what):
                self.ready.emit(what)
            case Progress(job_id=job_id) if job_id in self._open:
                self.progressed.emit(job_id, told.fraction, told.stage)
            case Heard(job_id=job_id) if job_id in self._open:
                self.heard.emit(job_id, told.text)
            case Done(job_id=job_id) if job_id in self._open:
                self._open.remove(job_id)
                self.done.emit(job_id, told.result)
            case Failed(job_id=job_id) if job_id in (LOADING, LOADING_SCORER) or job_id in self._open:
                self._open.discard(job_id)
                log.error("model process: %s %s", told.error, told.detail)
                self.failed.emit(job_id, told.error)
