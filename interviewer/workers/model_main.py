"""What runs in the model process.

This module is imported on both sides, so it imports nothing heavy: engines are loaded by
the process itself once it was told which.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from typing import Any

from interviewer.core.errors import EngineError, InterviewerError
from interviewer.core.logs import catch_the_rest, log_to_stderr, this_user
from interviewer.core.models import Score, Transcript
from interviewer.core.ports import Scorer, Transcriber
from interviewer.engines import catalog
from interviewer.engines.cores import cores_to_use
from interviewer.workers.messages import (
    LOADING,
    LOADING_SCORER,
    SCORER_READY,
    Complete,
    Done,
    Failed,
    FollowJob,
    Heard,
    Load,
    Progress,
    Quit,
    Ready,
    Reply,
    Request,
    ScoreJob,
    TranscribeJob,
    UseSentenceModel,
)

log = logging.getLogger(__name__)

GRACE_S = 0.3
"""A job that waits is sent as soon as the recogniser is ready; the embedder is loaded after it."""
LOOK_S = 0.25
"""How often a growing recording is looked at."""
NO_NETWORK = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Read by the libraries of Hugging Face when they are imported: nothing is asked for, nothing is reported."""
NICENESS = 5
"""The window, the sound and the speech come first."""


def main(link: Connection) -> None:
    """Work off requests from `link` until Quit comes or the window is gone."""
    _settle_in()
    with contextlib.suppress(WindowGone):
        Server(link).serve()
    # Python's own way out would wait for the threads of torch and numba, and may abort in them.
    os._exit(0)


class WindowGone(Exception):
    """The other end of the link is closed: there is nobody to work for."""


class Server:
    """Holds the models and answers requests, one at a time."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._load: Load | None = None
        self._transcriber: Transcriber | None = None
        self._scorer: Scorer | None = None
        self._chores: list[Callable[[], object]] = []
        self._put_off: list[Request] = []

    def serve(self) -> None:
        """Return after Quit. Raises WindowGone."""
        while True:
            request = self._next()
            match request:
                case Quit():
                    return
                case Load():
                    self._change(request)
                case UseSentenceModel(name=name):
                    self._change_scorer(name)
                case TranscribeJob(job_id=job_id):
                    with self._told(job_id):
                        self._say(Done(job_id, self._transcribe(request)))
                case FollowJob(job_id=job_id):
                    with self._told(job_id):
                        self._say(Done(job_id, self._follow(request)))
                case ScoreJob(job_id=job_id):
                    with self._told(job_id):
                        self._say(Done(job_id, self._score(request)))
                case Complete():
                    log.debug("a recording was completed that nobody follows any more")

    def _next(self) -> Request:
        """Wait for a request, doing the chores that are left while none comes."""
        if self._put_off:
            return self._put_off.pop(0)
        try:
            while self._chores and not self._link.poll(GRACE_S):
                with self._told(LOADING):
                    self._chores.pop(0)()
            request: Request = self._link.recv()
        except (EOFError, OSError) as exc:
            raise WindowGone from exc
        return request

    def _say(self, reply: Reply) -> None:
        try:
            self._link.send(reply)
        except OSError as exc:
            raise WindowGone from exc

    def _change(self, load: Load) -> None:
        """Load another recogniser at once, and what else there is when there is time."""
        if self._load is not None and self._load.sentence_model != load.sentence_model:
            self._scorer = None
        self._load = load
        # Before the new one is loaded: two large models may not fit side by side.
        self._transcriber = None
        with self._told(LOADING):
            self._recogniser()
        self._chores = [self._warm_up]
        if self._scorer is None:
            self._chores.append(self._prepare_scorer)

    def _change_scorer(self, sentence_model: str) -> None:
        """Load another scorer when there is time, or with the next answer to judge."""
        assert self._load is not None  # the window sends Load first
        self._load = replace(self._load, sentence_model=sentence_model)
        self._scorer = None
        if self._prepare_scorer not in self._chores:
            self._chores.append(self._prepare_scorer)

    def _recogniser(self) -> Transcriber:
        if self._transcriber is None:
            assert self._load is not None  # the window sends Load before any job
            try:
                self._transcriber, problem = catalog.transcriber_or_plain(
                    self._load.model, self._load.data_dir, hearing=self._load.hearing
                )
                self._tell_loading(problem)
            except WindowGone:
                raise
            except Exception as exc:  # noqa: BLE001 - whatever is wrong with it, answers are to be written down
                self._transcriber = self._stand_in(exc)
            _share_cores()
            self._say(Ready(_name_of(self._transcriber)))
        return self._transcriber

    def _stand_in(self, wanted: Exception) -> Transcriber:
        """Load the built-in recogniser in place of the wanted one, and tell why that is not in use.

        Raises `wanted` itself where this one cannot be loaded either: it says what to mend.
        """
        try:
            transcriber = catalog.built_in()()
        except WindowGone:
            raise
        except Exception as exc:  # noqa: BLE001 - the one to tell is the first
            log.warning("the built-in recogniser cannot be loaded: %s", type(exc).__name__)
            raise wanted from wanted.__cause__
        with self._told(LOADING):
            raise wanted
        return transcriber

    def _tell_loading(self, problem: InterviewerError | None) -> None:
        """Tell what is wrong with loading although it goes on."""
        if problem is not None:
            with self._told(LOADING):
                raise problem

    def _warm_up(self) -> None:
        warm_up = getattr(self._transcriber, "warm_up", None)
        if warm_up is not None:
            warm_up()

    def _prepare_scorer(self) -> None:
        with self._told(LOADING_SCORER):
            self._load_scorer()

    def _load_scorer(self) -> Scorer:
        if self._scorer is None:
            assert self._load is not None  # the window sends Load before any job
            self._scorer, problem = catalog.scorer_or_built_in(self._load.sentence_model, self._load.data_dir)
            _share_cores()
            self._say(Ready(SCORER_READY))
            if problem is not None:
                with self._told(LOADING_SCORER):
                    raise problem
        return self._scorer

    def _transcribe(self, job: TranscribeJob) -> Transcript:
        from interviewer.engines.sound_file import read_sound
        from interviewer.engines.whole_answer import hear

        self._say(Progress(job.job_id, None, "Reading the recording"))
        samples = read_sound(job.path)
        transcriber = self._recogniser()
        self._say(Progress(job.job_id, None, "Writing it down"))
        return hear(transcriber, samples, job.terms, progress=partial(self._tell_progress, job.job_id))

    def _tell_progress(self, job_id: int, fraction: float) -> None:
        self._say(Progress(job_id, fraction, "Writing it down"))

    def _follow(self, job: FollowJob) -> Transcript:
        from interviewer.engines.growing_wav import GrowingWav

        transcriber = self._recogniser()
        transcriber.begin(job.terms)
        recording, frames, told = GrowingWav(job.part, job.path), job.frames, ""
        while True:
            if frames is None and self._link.poll(LOOK_S):
                frames = self._heed(job)
            before = recording.frames
            transcriber.feed(recording.read(frames))
            if transcriber.text != told:
                told = transcriber.text
                self._say(Heard(job.job_id, told))
            if frames is not None and (recording.frames >= frames or recording.frames == before):
                break
        return transcriber.finish()

    def _heed(self, job: FollowJob) -> int | None:
        """Take a request while a recording is followed: its length if that is told; others wait."""
        try:
            request: Request = self._link.recv()
        except (EOFError, OSError) as exc:
            raise WindowGone from exc
        if isinstance(request, Complete) and request.job_id == job.job_id:
            return request.frames
        self._put_off.append(request)
        return None

    def _score(self, job: ScoreJob) -> Score:
        self._say(Progress(job.job_id, None, "Scoring"))
        return self._load_scorer().score(job.question, job.answer, doubt=job.doubt, neighbours=job.neighbours)

    @contextlib.contextmanager
    def _told(self, job_id: int) -> Iterator[None]:
        """Turn whatever goes wrong inside into a Failed message."""
        try:
            yield
        except WindowGone:
            raise
        except InterviewerError as error:
            self._say(Failed(job_id, error, detail=this_user().told(error.__cause__) if error.__cause__ else ""))
        except Exception as exc:  # noqa: BLE001 - it is told to the window, which logs it
            told = EngineError(f"The model process failed: {type(exc).__name__}")
            self._say(Failed(job_id, told, detail=this_user().told(exc)))


def _name_of(transcriber: Transcriber) -> str:
    scribe: Any = getattr(transcriber, "scribe", None)
    return f"{scribe.engine} {scribe.model}" if scribe else "pocketsphinx en-us"


def _settle_in() -> None:
    """Make this process a quiet servant of the window."""
    # Ctrl-C in a terminal reaches every process of the group; the window decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    # Programs without a console have none, and libraries that print would crash.
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    log_to_stderr()
    catch_the_rest()
    os.environ.update(NO_NETWORK)
    os.environ.setdefault("NUMBA_NUM_THREADS", str(cores_to_use()))
    _keep_tqdm_from_semaphores()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=partial(_outlive_nobody, parent.sentinel), name="parent watch", daemon=True).start()


def keep_interrupts_from_children() -> None:
    """Have the processes that this thread starts not hear Ctrl+C, from their first moment on.

    While they import they could not ignore it yet, and would end with a traceback.
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _keep_tqdm_from_semaphores() -> None:
    """Give tqdm a lock for this process alone.

    Its own is shared between processes, and a process that is killed leaves it behind: Python
    would complain about that on the terminal when the window closes.
    """
    with contextlib.suppress(ImportError):
        importlib.import_module("tqdm").tqdm.set_lock(threading.RLock())


def _outlive_nobody(parent_sentinel: int) -> None:
    """End at once when the window's process ends, whatever is being worked on."""
    connection.wait([parent_sentinel])
    os._exit(0)


def _share_cores() -> None:
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(cores_to_use())
