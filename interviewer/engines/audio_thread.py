"""The one thread that calls PortAudio.

PortAudio is not thread safe, freezes its device list when it starts, and may hang for
ever while it opens or closes a device whose server froze. So every call goes through
here, in order; nobody waits for ever; and a thread whose work has passed its deadline is
left behind and replaced.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from types import ModuleType
from typing import Any, Generic, TypeVar

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Device
from interviewer.engines.device_list import Kind, find, listed

log = logging.getLogger(__name__)

STDERR = 2

T = TypeVar("T")
Work = Callable[[ModuleType], T]

Opener = Callable[[Mapping[str, Any], int], Any]
"""Makes a stream of a device, as `query_devices` describes it, at a rate; raises PortAudioError."""

USUAL_RATES_HZ = (48_000, 44_100, 16_000)
"""Tried when a device refuses the rate that it names as its own."""
CALL_S = 5.0
"""How long an answer may take; the slowest healthy one seen was a suspended device, 2 s."""
CLOSE_S = 2.0
RECENT_S = 2.0
"""A list of devices as old as this may have missed one; making it anew takes about 60 ms (measured)."""


class _Closed(DeviceError):
    """The thread was closed; only a program that is ending sees this."""


class _Job(Generic[T]):
    """One piece of work, how long it may take, and, once `finished` is set, its outcome."""

    def __init__(self, work: Work[T], within_s: float) -> None:
        self._work = work
        self._within_s = within_s
        self._began_s: float | None = None
        self.finished = threading.Event()
        self.cancelled = False
        self.result: T
        self.error: BaseException | None = None

    @property
    def has_begun(self) -> bool:
        """Whether a thread is at it, or was."""
        return self._began_s is not None

    @property
    def left_s(self) -> float:
        """What is left of its time, which counts from its beginning; not above 0 once it is over."""
        return self._within_s if self._began_s is None else self._began_s + self._within_s - monotonic()

    @property
    def hangs(self) -> bool:
        """Whether a thread is at it, and its time is over."""
        return not self.finished.is_set() and self.left_s <= 0

    def begin(self) -> None:
        """Let its time run from now on."""
        self._began_s = monotonic()

    def run(self, load: Callable[[], ModuleType]) -> None:
        """Do the work unless it was cancelled; never raises."""
        try:
            if not self.cancelled:
                self.result = self._work(load())
        except Exception as exc:
            # Whoever waits gets it; of posted work nobody does.
            self.error = exc
            log.debug("audio work failed", exc_info=True)
        finally:
            self.finished.set()


class _Worker:
    """A thread that runs jobs in order until it is told to end or is left behind.

    `lock` guards `running` and `abandoned`: only a worker with a job is ever left behind,
    so one that waits for its next job cannot take one that was handed to its successor.
    """

    def __init__(self, load: Callable[[], ModuleType], lock: threading.Lock) -> None:
        self._load = load
        self._lock = lock
        self.running: _Job[Any] | None = None
        self.jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self.abandoned = False
        self.thread = threading.Thread(target=self._run, name="audio", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            with self._lock:
                self.running = job
                job.begin()
            job.run(self._load)
            with self._lock:
                self.running = None
                if self.abandoned:
                    return


class AudioThread:
    """Runs work that uses PortAudio, one piece at a time, on a thread of its own.

    Work is a function of the `sounddevice` module. That module is imported on the thread,
    at the first use: its import fails where PortAudio is missing, which is a DeviceError
    like any other. `load` is for tests.
    """

    def __init__(self, load: Callable[[], ModuleType] | None = None) -> None:
        self._load = load or _import_sounddevice
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._left_behind: list[threading.Thread] = []
        self._closed = False
        # Touched on the audio thread only.
        self._streams: list[Any] = []
        self._looked_s = -RECENT_S

    def call(self, work: Work[T], *, within_s: float = CALL_S, hint: str = "") -> T:
        """Run `work` on the thread and return its result.

        Waits `within_s` seconds at most for the work to begin, and as long for it to end.
        Raises DeviceError when PortAudio is missing, reports an error (with `hint`) or does
        not answer: when what the thread is doing has passed its own deadline, the thread is
        left behind with it; while it has not, the system is merely busy with something else.
        """
        with self._lock:
            worker = self._running_worker()
            job = _Job(work, within_s)
            inside = threading.current_thread() is worker.thread
            if not inside:
                worker.jobs.put(job)
        if inside:
            return work(self._load())
        wait_s = within_s
        while not job.finished.wait(wait_s):
            wait_s = self._patience_s(job)
        if job.error is not None:
            raise _as_device_error(job.error, hint)
        return job.result

    def post(self, work: Work[object], *, within_s: float = CALL_S) -> None:
        """Run `work` on the thread some time soon; errors are logged. Returns at once.

        Whoever calls after it gives the thread up once the work takes longer than `within_s`
        seconds. Does nothing once closed: `close` has already ended what there was to end.
        """
        with contextlib.suppress(_Closed), self._lock:
            self._running_worker().jobs.put(_Job(work, within_s))

    def devices(self, kind: Kind) -> tuple[Device, ...]:
        """Return the microphones or loudspeakers as they are now; empty when there is none.

        What was plugged in since is seen unless a stream is open: PortAudio looks only
        when it starts, and starting it again would end that stream. Blocks while it looks.
        """

        def work(sd: ModuleType) -> tuple[Device, ...]:
            self._look_again(sd)
            return listed(sd.query_devices(), sd.query_hostapis(), kind)

        try:
            return self.call(work)
        except DeviceError:
            log.warning("no sound devices can be listed", exc_info=True)
            return ()

    def open(self, sd: ModuleType, kind: Kind, name: str | None, opener: Opener, *, fresh: bool = False) -> Any:
        """Open a stream on the device called `name` (None: the default) and return it. On the audio thread only.

        PortAudio's list of devices may be old; when the device is not known or does not
        open, and no other stream forbids it, the list is made anew and it is tried once
        more. With `fresh` a list that is not of the last moments is made anew before that:
        the system's default may be another one by now. Raises DeviceError. End the stream
        with `shut`.
        """
        if fresh and monotonic() - self._looked_s > RECENT_S:
            self._look_again(sd)
        try:
            stream = self._open(sd, kind, name, opener)
        except DeviceError:
            if not self._look_again(sd):
                raise
            stream = self._open(sd, kind, name, opener)
        self._streams.append(stream)
        return stream

    @staticmethod
    def _open(sd: ModuleType, kind: Kind, name: str | None, opener: Opener) -> Any:
        info = sd.query_devices(find(sd.query_devices(), sd.query_hostapis(), kind, name))
        refusal: Exception | None = None
        for rate_hz in dict.fromkeys((int(info["default_samplerate"]), *USUAL_RATES_HZ)):
            try:
                return opener(info, rate_hz)
            except sd.PortAudioError as exc:
                refusal = refusal or exc
        reason = refusal.args[0] if refusal and refusal.args else "no reason given"
        told = f"The {kind.noun} “{info['name']}” cannot be opened ({reason})"
        raise DeviceError(told, hint=kind.way_out) from refusal

    def shut(self, stream: Any) -> None:
        """Abort and close a stream, whatever state it is in. On the audio thread only."""
        try:
            if stream in self._streams:
                self._streams.remove(stream)
                stream.close(ignore_errors=True)
        except Exception:
            log.warning("a stream did not close", exc_info=True)

    def close(self) -> None:
        """Close every stream and end the thread; waits two seconds at most."""
        with self._lock:
            worker, self._worker, self._closed = self._worker, None, True
        if worker is None:
            return

        def work(_sd: ModuleType) -> None:
            for stream in list(self._streams):
                self.shut(stream)

        worker.jobs.put(_Job(work, CLOSE_S))
        worker.jobs.put(None)
        if threading.current_thread() is not worker.thread:
            worker.thread.join(CLOSE_S)
            if worker.thread.is_alive():
                _forget_at_exit()

    def _running_worker(self) -> _Worker:
        """Return the worker, made if need be. With the lock held."""
        if self._closed:
            raise _Closed("The sound system is closed")
        if self._worker is None:
            self._worker = _Worker(self._load, self._lock)
        return self._worker

    def _patience_s(self, job: _Job[Any]) -> float:
        """Return how long to wait on for a job whose time to wait is over; raises DeviceError when it is given up."""
        with self._lock:
            if job.finished.is_set():
                return 0.0
            if job.has_begun and not job.hangs:
                # It waited for its turn.
                return max(0.0, job.left_s)
            job.cancelled = True
            worker = self._worker
            if worker is not None and worker.running is not None and worker.running.hangs:
                self._abandon(worker)
            elif not job.has_begun:
                raise DeviceError("The sound system is busy", hint="Wait some seconds and try again.")
        raise DeviceError("The sound system does not answer", hint="Unplug the device, or restart the computer.")

    def _abandon(self, worker: _Worker) -> None:
        """Leave a worker behind with the job that it runs, and hand its other jobs on. With the lock held."""
        log.error("the audio thread hangs; a new one takes over")
        worker.abandoned = True
        self._left_behind.append(worker.thread)
        self._worker = _Worker(self._load, self._lock)
        # Streams of the hanging thread are never touched again: closing them would hang too.
        self._streams = []
        while not worker.jobs.empty():
            self._worker.jobs.put(worker.jobs.get_nowait())
        _forget_at_exit()

    def _look_again(self, sd: ModuleType) -> bool:
        """Start PortAudio anew so that it sees new devices.

        False, and nothing is done, while a stream is open, or while a thread that was left
        behind is still inside PortAudio: ending it there may crash the program.
        """
        with self._lock:
            self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]
            if self._streams or self._left_behind:
                return False
        with _hush_libraries():
            # It has ended already when it could not start again the last time.
            with contextlib.suppress(sd.PortAudioError):
                sd._terminate()  # noqa: SLF001  the only way, says the author: spatialaudio/python-sounddevice#125
            sd._initialize()  # noqa: SLF001
        self._looked_s = monotonic()
        return True


def _import_sounddevice() -> ModuleType:
    try:
        with _hush_libraries():
            return importlib.import_module("sounddevice")
    except OSError as exc:
        hint = "Reinstall the program's sounddevice package."
        if sys.platform.startswith("linux"):
            hint = "Run `sudo apt install libportaudio2` and try again."
        raise DeviceError("The PortAudio library is missing", hint=hint) from exc


@contextlib.contextmanager
def _hush_libraries() -> Iterator[None]:
    """Keep ALSA and JACK from writing dozens of lines to the terminal about devices that nobody has.

    They write to the file itself, so Python's own stream cannot be exchanged instead. The rest
    of the program loses what it writes there for some ten milliseconds.
    """
    if not sys.platform.startswith("linux") or log.isEnabledFor(logging.DEBUG):
        yield
        return
    try:
        kept = os.dup(STDERR)
    except OSError:  # a program without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDERR)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)


def _forget_at_exit() -> None:
    # sounddevice ends PortAudio when the program ends, which would hang as the thread does.
    module = sys.modules.get("sounddevice")
    handler = getattr(module, "_exit_handler", None)
    if handler is not None:
        atexit.unregister(handler)


def _as_device_error(error: BaseException, hint: str) -> BaseException:
    """Return PortAudio's own complaints as a DeviceError with the hint, and mistakes of the program as they are."""
    is_complaint = type(error).__name__ == "PortAudioError" or isinstance(error, (OSError, ValueError))
    if not is_complaint:
        return error
    told = DeviceError(f"The sound device failed: {error.args[0] if error.args else error}", hint=hint)
    told.__cause__ = error
    return told
