"""The window's end of the model process: jobs go in, results come out as signals.

No failure of a model loses an answer: a process that dies is started again and its job is
sent once more; cancelling kills it, which always works.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import Cancelled, EngineError
from interviewer.core.models import Question
from interviewer.workers import model_main
from interviewer.workers.door import Door
from interviewer.workers.model_main import (
    LOADING,
    SCORER_READY,
    Done,
    Failed,
    Job,
    Load,
    Progress,
    Quit,
    Ready,
    Reply,
    ScoreJob,
    TranscribeJob,
)

log = logging.getLogger(__name__)

MOST_TRIES = 2
"""How often a job may see the process die."""
MOST_BAD_STARTS = 3
"""How often in a row the process may die with no job in it."""
QUIT_S = 2.0
"""How long an idle process may take to end by itself."""

STARTING, LOADING_MODELS, READY, STOPPED = "starting", "loading", "ready", "stopped"


@dataclass(frozen=True, slots=True)
class _State:
    name: str


@dataclass(frozen=True, slots=True)
class _Cancel:
    job_id: int


@dataclass(frozen=True, slots=True)
class _Use:
    model: str


@dataclass(frozen=True, slots=True)
class _Close:
    pass


_Order = Job | _Cancel | _Use | _Close
_Tell = Callable[[Reply | _State], None]
Main = Callable[[Connection], None]
"""What runs in the process: a function of a module, so that the process can import it."""


class ModelProcess(QObject):
    """Owns the model process. Lives on the GUI thread; no method blocks it but `close`.

    Every job ends in exactly one `done` or `failed`; job 0 in `failed` means that a model
    could not be loaded.
    """

    ready = Signal(str)  # "whisper base.en", "pocketsphinx en-us" or "scorer"
    progressed = Signal(int, object, str)  # job id, 0 to 1 or None, stage in plain words
    done = Signal(int, object)  # job id, Transcript or Score
    failed = Signal(int, object)  # job id, InterviewerError
    state_changed = Signal(str)  # "starting", "loading", "ready" or "stopped"

    def __init__(
        self, model: str, data_dir: Path, parent: QObject | None = None, *, main: Main = model_main.main
    ) -> None:
        super().__init__(parent)
        self._state = STOPPED
        self._open: set[int] = set()
        self._ids = itertools.count(LOADING + 1)
        self._door = Door(self)
        self._supervisor = _Supervisor(model, data_dir, main, partial(self._door.call, self._on_told))

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

    def score(self, question: Question, answer: str) -> int:
        """Have an answer judged; returns the job's id."""
        return self._submit(ScoreJob(next(self._ids), question, answer))

    def cancel(self, job_id: int | None = None) -> None:
        """End a job, the oldest by default: `failed` brings Cancelled. Other jobs are not lost.

        A job that is being worked on dies with its process, which is started again.
        """
        chosen = min(self._open, default=None) if job_id is None else job_id
        if chosen in self._open:
            self._open.remove(chosen)
            self._supervisor.order(_Cancel(chosen))
            self._door.call(self.failed.emit, chosen, Cancelled("The work was stopped"))

    def use_model(self, model: str) -> None:
        """Recognise with another Whisper model from now on; jobs that wait get it too."""
        self._supervisor.order(_Use(model))

    def close(self) -> None:
        """End the process, within seconds whatever it does, and be silent from now on."""
        self._door.close()
        self._supervisor.close()

    def _submit(self, job: Job) -> int:
        self._open.add(job.job_id)
        self._supervisor.order(job)
        return job.job_id

    def _on_told(self, told: Reply | _State) -> None:
        match told:
            case _State(name=name):
                self._state = name
                self.state_changed.emit(name)
            case Ready(what=what):
                self.ready.emit(what)
            case Progress(job_id=job_id) if job_id in self._open:
                self.progressed.emit(job_id, told.fraction, told.stage)
            case Done(job_id=job_id) if job_id in self._open:
                self._open.remove(job_id)
                self.done.emit(job_id, told.result)
            case Failed(job_id=job_id) if job_id == LOADING or job_id in self._open:
                self._open.discard(job_id)
                log.error("model process: %s %s", told.error, told.detail)
                self.failed.emit(job_id, told.error)


@dataclass(slots=True)
class _Child:
    process: SpawnProcess
    link: Connection
    loaded: bool = False
    """It has answered Load, well or not, and takes a job at once."""


class _Supervisor:
    """A thread that alone talks to the process: starts it, feeds it and buries it.

    Only the job at the head is sent, so that killing the process never touches another.
    """

    def __init__(self, model: str, data_dir: Path, main: Main, tell: _Tell) -> None:
        self._model = model
        self._data_dir = data_dir
        self._main = main
        self._tell = tell
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        self._bell, self._bell_button = multiprocessing.Pipe(duplex=False)
        self._thread = Thread(target=self._run, name="model supervisor", daemon=True)
        self._child: _Child | None = None
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._deaths: dict[int, int] = {}
        self._bad_starts = 0
        self._closing = False
        self._state = STOPPED

    # --- called from the GUI thread ------------------------------------------------------------

    def start(self) -> None:
        """Begin; harmless the second time."""
        if self._thread.ident is None and not self._closing:
            self._thread.start()

    def order(self, order: _Order) -> None:
        """Hand in a job or a wish."""
        if not self._bell_button.closed:
            self._orders.put(order)
            self._bell_button.send_bytes(b".")

    def close(self) -> None:
        """End the process and the thread; harmless the second time."""
        if self._bell_button.closed:
            return
        self.order(_Close())
        if self._thread.ident is None:
            self._closing = True
        else:
            self._thread.join(2 * QUIT_S)
        self._bell_button.close()
        if not self._thread.is_alive():
            self._bell.close()

    # --- on the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        model_main.keep_interrupts_from_children()
        while not self._closing:
            try:
                self._step()
            except Exception:
                # A message cut off by a crash can raise anything; so can a machine out of memory.
                log.exception("the model process could not be talked to")
                self._bury()
        self._end()

    def _step(self) -> None:
        if self._child is None and self._bad_starts < MOST_BAD_STARTS:
            self._child = self._spawn()
        child = self._child
        if child is not None and child.loaded and self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            self._send(child, self._running)
        self._listen(child)

    def _spawn(self) -> _Child:
        self._become(STARTING)
        context = multiprocessing.get_context("spawn")
        link, theirs = context.Pipe()
        process = context.Process(target=self._main, args=(theirs,), name="interviewer models", daemon=True)
        try:
            process.start()
        except BaseException:
            link.close()
            raise
        finally:
            theirs.close()
        child = _Child(process, link)
        self._send(child, Load(self._model, self._data_dir))
        self._become(LOADING_MODELS)
        return child

    def _listen(self, child: _Child | None) -> None:
        sources: list[Connection | int] = [self._bell]
        if child is not None:
            sources += [child.link, child.process.sentinel]
        heard = connection.wait(sources)
        if child is not None and (child.link in heard or child.process.sentinel in heard):
            self._hear_out(child)
        if self._bell in heard:
            self._bell.recv_bytes()
            self._take_orders()

    def _hear_out(self, child: _Child) -> None:
        """Take what the process has said; what it said before it died counts."""
        try:
            while child.link.poll():
                self._take(child, child.link.recv())
        except (EOFError, OSError):
            self._bury()
            return
        if not child.process.is_alive():
            self._bury()

    def _take(self, child: _Child, reply: Reply) -> None:
        match reply:
            case Done(job_id=job_id) | Failed(job_id=job_id) if self._running and self._running.job_id == job_id:
                self._running = None
                self._deaths.pop(job_id, None)
                self._bad_starts = 0
            case Ready(what=what) if what != SCORER_READY:
                self._loaded(child)
            case Failed(job_id=job_id) if job_id == LOADING:
                # It lives on, and says for each job what is wrong.
                self._loaded(child)
        self._tell(reply)

    def _loaded(self, child: _Child) -> None:
        child.loaded = True
        self._become(READY)

    def _take_orders(self) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except Empty:
                return
            match order:
                case _Close():
                    self._closing = True
                case _Cancel(job_id=job_id):
                    self._cancel(job_id)
                case _Use(model=model):
                    self._use(model)
                case TranscribeJob() | ScoreJob():
                    self._waiting.append(order)
                    self._try_again()

    def _cancel(self, job_id: int) -> None:
        if self._running and self._running.job_id == job_id:
            self._running = None
            self._kill()
        self._waiting = deque(job for job in self._waiting if job.job_id != job_id)
        self._deaths.pop(job_id, None)

    def _use(self, model: str) -> None:
        self._model = model
        self._try_again()
        child = self._child
        if child is None:
            return
        if child.loaded and self._running is None:
            child.loaded = False
            self._become(LOADING_MODELS)
            self._send(child, Load(model, self._data_dir))
            return
        # Waiting for the model that is no longer wanted might take minutes.
        if self._running:
            self._waiting.appendleft(self._running)
            self._running = None
        self._kill()

    def _try_again(self) -> None:
        """Allow new starts after the process was given up, once somebody wants something of it."""
        if self._child is None:
            self._bad_starts = 0

    def _bury(self) -> None:
        """Note that the process died, and decide what becomes of its job."""
        self._kill()
        job, self._running = self._running, None
        if job is None:
            self._bad_starts += 1
            log.error("the model process died while idle or loading, %d times now", self._bad_starts)
            if self._bad_starts >= MOST_BAD_STARTS:
                self._give_up()
            return
        deaths = self._deaths[job.job_id] = self._deaths.get(job.job_id, 0) + 1
        log.error("the model process died in job %d, %d times now", job.job_id, deaths)
        if deaths < MOST_TRIES:
            self._waiting.appendleft(job)
        else:
            del self._deaths[job.job_id]
            hint = "The recording is kept. There may be too little memory: choose a smaller model in Settings."
            self._tell(Failed(job.job_id, EngineError("The model stopped twice on this answer", hint=hint)))

    def _give_up(self) -> None:
        self._become(STOPPED)
        hint = "Close other programs or choose a smaller model in Settings, then press Retry."
        for job_id in (LOADING, *(job.job_id for job in self._waiting)):
            self._tell(Failed(job_id, EngineError("The models cannot be started", hint=hint)))
        self._waiting.clear()

    def _send(self, child: _Child, request: Load | Job) -> None:
        try:
            child.link.send(request)
        except OSError:
            # It died; its sentinel says so next.
            log.debug("the model process takes no message")

    def _become(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._tell(_State(state))

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.process.kill()
            child.process.join()
            child.process.close()
            child.link.close()

    def _end(self) -> None:
        child = self._child
        if child is not None and child.loaded and self._running is None:
            try:
                child.link.send(Quit())
                child.process.join(QUIT_S)
            except OSError:
                log.debug("the model process was gone already")
        self._kill()
