"""The model process: the only one that loads torch, Whisper and the embeddings."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from interviewer.core.errors import EngineError, InterviewerError
from interviewer.core.models import Score, Transcript
from interviewer.core.ports import Scorer, Transcriber
from interviewer.workers.model_messages import (
    AllLoaded,
    Finished,
    Job,
    JobFailed,
    Ready,
    ScoreJob,
    Stage,
    TranscribeJob,
)

log = logging.getLogger(__name__)

NICENESS = 5
"""The window and the sound come first; a model that computes must never make them stutter."""


def run(connection: Connection, model: str, data_dir: Path) -> None:
    """Load the engines, then do jobs until the window closes the pipe or dies."""
    # Ctrl+C in a terminal reaches the whole group; the window decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        Worker(connection, model, data_dir).work()


class Worker:
    """Holds the engines of this process and answers jobs."""

    def __init__(self, connection: Connection, model: str, data_dir: Path) -> None:
        self._connection = connection
        self._model = model
        self._data_dir = data_dir
        self._transcriber: Transcriber | None = None
        self._scorer: Scorer | None = None
        self._scorer_problem: InterviewerError | None = None

    def work(self) -> None:
        """Load, then answer until the pipe ends with EOFError."""
        self._load_recogniser()
        self._load_scorer()
        self._connection.send(AllLoaded(self._scorer_problem))
        while True:
            job: Job = self._connection.recv()
            try:
                self._connection.send(Finished(job.job_id, self._do(job)))
            except InterviewerError as error:
                self._connection.send(JobFailed(job.job_id, error))
            except MemoryError:
                no_room = EngineError("There is not enough memory for this model")
                self._connection.send(JobFailed(job.job_id, no_room))
            except (OSError, EOFError):
                raise
            except Exception as exc:
                log.exception("a job failed")
                self._connection.send(JobFailed(job.job_id, EngineError(f"The model failed ({type(exc).__name__})")))

    def _load_recogniser(self) -> None:
        from interviewer.engines import catalog

        self._connection.send(Stage("Loading the recogniser"))
        problem = None
        choice = catalog.choose(self._model, self._data_dir)
        try:
            self._transcriber = choice.make()
        except InterviewerError as error:
            # A rough text is better than none, and the problem is told beside it.
            log.warning("the chosen recogniser cannot be used: %s", type(error).__name__)
            problem = error
            choice = catalog.built_in()
            self._transcriber = choice.make()
        self._connection.send(Ready(choice.name, choice.rough, problem or choice.problem))

    def _load_scorer(self) -> None:
        from interviewer.core.scoring import MeaningScorer
        from interviewer.engines.embed_sentence import MiniLmEmbedder

        self._connection.send(Stage("Loading the scorer"))
        try:
            embedder = MiniLmEmbedder()
            self._scorer = MeaningScorer(embedder.encode, model_hash=embedder.model_hash)
        except InterviewerError as error:
            self._scorer_problem = error

    def _do(self, job: Job) -> Transcript | Score:
        match job:
            case TranscribeJob():
                return self._transcribe(job)
            case ScoreJob():
                self._connection.send(Stage("Scoring"))
                if self._scorer is None:
                    raise self._scorer_problem or EngineError("The scorer could not be loaded")
                return self._scorer.score(job.question, job.answer)

    def _transcribe(self, job: TranscribeJob) -> Transcript:
        from interviewer.engines.sound_file import read_sound

        assert self._transcriber is not None  # loaded before the first job is taken
        self._connection.send(Stage("Writing it down"))
        samples = read_sound(job.path)
        self._transcriber.begin(job.terms)
        self._transcriber.feed(samples)
        return self._transcriber.finish()
