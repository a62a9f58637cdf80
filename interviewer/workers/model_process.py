"""The window's end of the model process: starts it, feeds it, replaces it when it dies.

A killed or crashed process costs a retry, never an answer: the job it had is handed to
its successor once. Cancelling is the same kill, without handing the job on.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import EngineError, InterviewerError
from interviewer.core.models import Question
from interviewer.workers import model_main
from interviewer.workers.door import Door
from interviewer.workers.model_messages import (
    AllLoaded,
    Finished,
    Job,
    JobFailed,
    Ready,
    Reply,
    ScoreJob,
    Stage,
    TranscribeJob,
)
from interviewer.workers.status import ModelsStatus

log = logging.getLogger(__name__)

TRIES = 2
"""How many processes one job may outlive: the second death is the job's own doing."""
STARTS = 3
"""How many processes may die while they load before no more are started."""
CLOSE_DEADLINE_S = 5.0


class ModelProcess(QObject):
    """Lives on the GUI thread; its methods return at once and its signals arrive there."""

    status_changed = Signal(object)  # ModelsStatus
    progressed = Signal(int, object, str)  # job id, fraction 0 to 1 or None, stage in plain words
    done = Signal(int, object)  # job id, Transcript or Score
    failed = Signal(int, object)  # job id, InterviewerError

    def __init__(self, model: str, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = Door(self)
        self._supervisor = _Supervisor(self, self._door, model, data_dir)
        self._last_id = 0

    def start(self) -> None:
        """Start the process; its models load in the background."""
        self._supervisor.start()

    @property
    def pid(self) -> int | None:
        """Number of the process that runs now; None while there is none."""
        return self._supervisor.pid

    def transcribe(self, path: Path, terms: Sequence[str]) -> int:
        """Have a clip written down; return the job's id. `done` brings a Transcript."""
        self._last_id += 1
        self._supervisor.submit(TranscribeJob(self._last_id, path, tuple(terms)))
        return self._last_id

    def score(self, question: Question, answer: str) -> int:
        """Have an answer judged; return the job's id. `done` brings a Score."""
        self._last_id += 1
        self._supervisor.submit(ScoreJob(self._last_id, question, answer))
        return self._last_id

    def cancel(self, job_id: int) -> None:
        """End a job, killing the process when it is at it; neither `done` nor `failed` follows."""
        self._supervisor.cancel(job_id)

    def use_model(self, model: str) -> None:
        """Go on with another recogniser; a job that is running is done again with it."""
        self._supervisor.use_model(model)

    def close(self) -> None:
        """End the process; no signal comes after."""
        self._door.close()
        self._supervisor.close()


class _Supervisor:
    """Owns the process and the pipe, on a thread of its own."""

    def __init__(self, owner: ModelProcess, door: Door, model: str, data_dir: Path) -> None:
        self._owner = owner
        self._door = door
        self._data_dir = data_dir
        self._context = multiprocessing.get_context("spawn")
        self._thread = threading.Thread(target=self._run, name="model-supervisor", daemon=True)
        self._woken, self._wake = self._context.Pipe(duplex=False)
        # Guarded by the lock: what the GUI thread asks for.
        self._lock = threading.Lock()
        self._model = model
        self._queue: deque[Job] = deque()
        self._restart = False
        self._closing = False
        # Touched by the supervisor's thread only, but for reading `pid`.
        self._process: SpawnProcess | None = None
        self._running: Job | None = None
        self._tries = 0
        self._dead_starts = 0
        self._loaded = False
        self._status = ModelsStatus()

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    # --- from the GUI thread ----------------------------------------------------------------

    def start(self) -> None:
        if not self._thread.is_alive():
            self._thread.start()

    def submit(self, job: Job) -> None:
        with self._lock:
            self._queue.append(job)
        self._wake_up()

    def cancel(self, job_id: int) -> None:
        with self._lock:
            self._queue = deque(job for job in self._queue if job.job_id != job_id)
            if self._running is not None and self._running.job_id == job_id:
                self._running = None
                self._restart = True
        self._wake_up()

    def use_model(self, model: str) -> None:
        with self._lock:
            self._model = model
            self._restart = True
        self._wake_up()

    def close(self) -> None:
        with self._lock:
            self._closing = True
        self._wake_up()
        if self._thread.is_alive():
            self._thread.join(CLOSE_DEADLINE_S)
        self._wake.close()
        self._woken.close()

    def _wake_up(self) -> None:
        with contextlib.suppress(OSError):  # closed already
            self._wake.send_bytes(b"!")

    # --- on the supervisor's thread -----------------------------------------------------------

    def _run(self) -> None:
        while not self._closing:
            if self._dead_starts >= STARTS:
                self._give_up()
                continue
            connection = self._spawn()
            try:
                self._serve(connection)
            finally:
                connection.close()
                self._end_process()
            self._settle()

    def _spawn(self) -> Connection:
        ours, theirs = self._context.Pipe()
        with self._lock:
            self._restart = False
            model = self._model
        self._loaded = False
        self._tell(replace(self._status, recogniser="", ready=False, problem=None))
        self._process = self._context.Process(
            target=model_main.run, args=(theirs, model, self._data_dir), name="interviewer-models", daemon=True
        )
        self._process.start()
        theirs.close()  # else the end of the process would not end our reading
        return ours

    def _serve(self, connection: Connection) -> None:
        """Pass jobs and replies until this process is to be replaced, dies, or all is to end."""
        assert self._process is not None  # spawned just now
        waiting: list[Connection | int] = [connection, self._woken, self._process.sentinel]
        while not (self._closing or self._restart):
            self._hand_over(connection)
            ready = wait(waiting)
            if self._woken in ready:
                self._woken.recv_bytes()
            if connection in ready:
                try:
                    self._on_reply(connection.recv())
                except (EOFError, OSError):
                    return
            elif self._process.sentinel in ready:
                return

    def _hand_over(self, connection: Connection) -> None:
        with self._lock:
            if self._running is not None or not self._queue:
                return
            self._running = self._queue.popleft()
            self._tries += 1
        with contextlib.suppress(OSError):  # the process just died: the wait that follows notices
            connection.send(self._running)

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case Stage(words=words):
                if self._running is not None:
                    self._door.call(self._owner.progressed.emit, self._running.job_id, None, words)
            case Ready(recogniser=recogniser, rough=rough, problem=problem):
                self._tell(ModelsStatus(recogniser, rough, ready=False, problem=problem))
            case AllLoaded(problem=problem):
                self._loaded = True
                self._dead_starts = 0
                self._tell(replace(self._status, ready=True, problem=problem or self._status.problem))
            case Finished(job_id=job_id, result=result):
                self._finish(job_id, self._owner.done.emit, result)
            case JobFailed(job_id=job_id, error=error):
                self._finish(job_id, self._owner.failed.emit, error)

    def _finish(self, job_id: int, emit: object, outcome: object) -> None:
        with self._lock:
            current = self._running is not None and self._running.job_id == job_id
            if current:
                self._running, self._tries = None, 0
        if current:
            self._door.call(emit, job_id, outcome)  # type: ignore[arg-type]

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join(CLOSE_DEADLINE_S)
            process.close()

    def _settle(self) -> None:
        """Decide what becomes of the job that the ended process had."""
        with self._lock:
            job, self._running = self._running, None
            asked_for = self._restart or self._closing
            if not asked_for and not self._loaded:
                self._dead_starts += 1
            if job is None:
                self._tries = 0
                return
            if asked_for:
                self._tries = 0
            if self._tries < TRIES:
                self._queue.appendleft(job)
                return
            self._tries = 0
        self._door.call(self._owner.failed.emit, job.job_id, _died())

    def _give_up(self) -> None:
        """Fail every job, and wait until somebody asks again."""
        problem = _died()
        with self._lock:
            jobs, self._queue = tuple(self._queue), deque()
        for job in jobs:
            self._door.call(self._owner.failed.emit, job.job_id, problem)
        self._tell(replace(self._status, ready=False, problem=problem))
        self._woken.recv_bytes()
        self._dead_starts = 0

    def _tell(self, status: ModelsStatus) -> None:
        self._status = status
        self._door.call(self._owner.status_changed.emit, status)


def _died() -> InterviewerError:
    return EngineError(
        "The model process stopped, twice in a row",
        hint="The recording is kept. Press Retry, or choose a smaller model in Settings.",
    )
