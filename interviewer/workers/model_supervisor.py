"""The thread that keeps the model process alive and hands it its jobs.

No failure of a model loses an answer: a process that dies is started again and its job is
sent once more; cancelling kills it, which always works.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, SimpleQueue
from threading import Thread

from interviewer.core.errors import EngineError
from interviewer.core.settings import Hearing
from interviewer.workers import model_main
from interviewer.workers.messages import (
    LOADING,
    SCORER_READY,
    Complete,
    Done,
    Failed,
    FollowJob,
    Job,
    Load,
    Quit,
    Ready,
    Reply,
    Request,
    ScoreJob,
    TranscribeJob,
    UseSentenceModel,
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
class State:
    """One of the four states above."""

    name: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """End a job, whether it waits or runs."""

    job_id: int


@dataclass(frozen=True, slots=True)
class UseModel:
    """Recognise with another Whisper model."""

    model: str


@dataclass(frozen=True, slots=True)
class UseHearing:
    """Recognise in another way."""

    hearing: Hearing


@dataclass(frozen=True, slots=True)
class Close:
    """End the process and the thread."""


Order = Job | Complete | Cancel | UseModel | UseHearing | UseSentenceModel | Close
Tell = Callable[[Reply | State], None]
Main = Callable[[Connection], None]
"""What runs in the process: a function of a module, so that the process can import it."""


@dataclass(slots=True)
class _Child:
    process: SpawnProcess
    link: Connection
    loaded: bool = False
    """It has answered Load, well or not, and takes a job at once."""


class Supervisor:
    """A thread that alone talks to the process: starts it, feeds it and buries it.

    Only the job at the head is sent, so that killing the process never touches another.
    """

    def __init__(self, load: Load, main: Main, tell: Tell) -> None:
        self._load = load
        self._main = main
        self._tell = tell
        self._orders: SimpleQueue[Order] = SimpleQueue()
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

    def order(self, order: Order) -> None:
        """Hand in a job or a wish."""
        if not self._bell_button.closed:
            self._orders.put(order)
            self._bell_button.send_bytes(b".")

    def close(self) -> None:
        """End the process and the thread; harmless the second time."""
        if self._bell_button.closed:
            return
        self.order(Close())
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
        self._send(child, self._load)
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
                case Close():
                    self._closing = True
                case Cancel(job_id=job_id):
                    self._cancel(job_id)
                case UseModel(model=model):
                    self._use(replace(self._load, model=model))
                case UseHearing(hearing=hearing):
                    self._use(replace(self._load, hearing=hearing))
                case UseSentenceModel():
                    self._use_sentence_model(order)
                case Complete():
                    self._complete(order)
                case FollowJob():
                    # Somebody speaks: what else waits has waited for longer and can go on doing so.
                    self._waiting.appendleft(order)
                    self._try_again()
                case TranscribeJob() | ScoreJob():
                    self._waiting.append(order)
                    self._try_again()

    def _cancel(self, job_id: int) -> None:
        if self._running and self._running.job_id == job_id:
            self._running = None
            self._kill()
        self._waiting = deque(job for job in self._waiting if job.job_id != job_id)
        self._deaths.pop(job_id, None)

    def _complete(self, order: Complete) -> None:
        """Note how long a recording is, so that its job can be sent again, and pass it on if it is being followed."""

        def noted(job: Job) -> Job:
            is_meant = isinstance(job, FollowJob) and job.job_id == order.job_id
            return replace(job, frames=order.frames) if isinstance(job, FollowJob) and is_meant else job

        self._waiting = deque(map(noted, self._waiting))
        if self._running and self._running.job_id == order.job_id:
            self._running = noted(self._running)
            if self._child is not None:
                self._send(self._child, order)

    def _use(self, load: Load) -> None:
        self._load = load
        self._try_again()
        child = self._child
        if child is None:
            return
        if child.loaded and self._running is None:
            child.loaded = False
            self._become(LOADING_MODELS)
            self._send(child, self._load)
            return
        # Waiting for the model that is no longer wanted might take minutes.
        if self._running:
            self._waiting.appendleft(self._running)
            self._running = None
        self._kill()

    def _use_sentence_model(self, order: UseSentenceModel) -> None:
        self._load = replace(self._load, sentence_model=order.name)
        self._try_again()
        # What is being written down or judged goes on: the process comes to it afterwards.
        if self._child is not None:
            self._send(self._child, order)

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

    def _send(self, child: _Child, request: Request) -> None:
        try:
            child.link.send(request)
        except OSError:
            # It died; its sentinel says so next.
            log.debug("the model process takes no message")

    def _become(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._tell(State(state))

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
