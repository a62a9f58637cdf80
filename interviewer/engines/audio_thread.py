"""The one thread that calls PortAudio.

PortAudio is not thread safe, freezes its device list when it starts, and may hang for
ever while it opens or closes a device whose server froze. So every call goes through
here, in order; nobody waits longer than a deadline; and a thread that hangs is left
behind and replaced.
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


class _Closed(DeviceError):
    """The thread was closed; only a program that is ending sees this."""


class _Job(Generic[T]):
    """One piece of work and, once `finished` is set, its outcome."""

    def __init__(self, work: Work[T]) -> None:
        self._work = work
        self.finished = threading.Event()
        self.cancelled = False
        self.result: T
        self.error: BaseException | None = None

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
    """A thread that runs jobs in order until it is told to end or is left behind."""

    def __init__(self, load: Callable[[], ModuleType]) -> None:
        self._load = load
        self.jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self.abandoned = False
        self.thread = threading.Thread(target=self._run, name="audio", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.abandoned and (job := self.jobs.get()) is not None:
            job.run(self._load)


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
        self._closed = False
        # Touched on the audio thread only.
        self._streams: list[Any] = []

    def call(self, work: Work[T], *, within_s: float = CALL_S) -> T:
        """Run `work` on the thread and return its result.

        Raises DeviceError when PortAudio is missing, reports an error, or has not answered
        within `within_s` seconds; the thread is then left behind with what it was doing.
        """
        worker = self._running_worker()
        if threading.current_thread() is worker.thread:
            return work(self._load())
        job = _Job(work)
        worker.jobs.put(job)
        if not job.finished.wait(within_s):
            job.cancelled = True
            self._abandon(worker)
            raise DeviceError("The sound system does not answer", hint="Unplug the device, or restart the computer.")
        if job.error is not None:
            raise _as_device_error(job.error)
        return job.result

    def post(self, work: Work[object]) -> None:
        """Run `work` on the thread some time soon; errors are logged. Returns at once.

        Does nothing once closed: `close` has already ended what there was to end.
        """
        with contextlib.suppress(_Closed):
            self._running_worker().jobs.put(_Job(work))

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

    def open(self, sd: ModuleType, kind: Kind, name: str | None, opener: Opener) -> Any:
        """Open a stream on the device called `name` (None: the default) and return it. On the audio thread only.

        PortAudio's list of devices may be old; when the device is not known or does not
        open, and no other stream forbids it, the list is made anew and it is tried once
        more. Raises DeviceError. End the stream with `shut`.
        """
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
        raise DeviceError(f"The {kind.noun} “{info['name']}” cannot be opened ({reason})") from refusal

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

        worker.jobs.put(_Job(work))
        worker.jobs.put(None)
        if threading.current_thread() is not worker.thread:
            worker.thread.join(CLOSE_S)
            if worker.thread.is_alive():
                _forget_at_exit()

    def _running_worker(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise _Closed("The sound system is closed")
            if self._worker is None:
                self._worker = _Worker(self._load)
            return self._worker

    def _abandon(self, worker: _Worker) -> None:
        with self._lock:
            if self._worker is not worker:
                return
            log.error("the audio thread hangs; a new one takes over")
            worker.abandoned = True
            self._worker = _Worker(self._load)
            # Streams of the hanging thread are never touched again: closing them would hang too.
            self._streams = []
            while not worker.jobs.empty():
                self._worker.jobs.put(worker.jobs.get_nowait())
            # Wakes a thread that came back just now and waits for work.
            worker.jobs.put(None)
        _forget_at_exit()

    def _look_again(self, sd: ModuleType) -> bool:
        """Start PortAudio anew so that it sees new devices; False when a stream forbids it."""
        if self._streams:
            return False
        with _hush_libraries():
            sd._terminate()  # noqa: SLF001  the only way, says the author: spatialaudio/python-sounddevice#125
            sd._initialize()  # noqa: SLF001
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


def _as_device_error(error: BaseException) -> BaseException:
    """Return PortAudio's own complaints as a DeviceError, and mistakes of the program as they are."""
    is_complaint = type(error).__name__ == "PortAudioError" or isinstance(error, (OSError, ValueError))
    if not is_complaint:
        return error
    told = DeviceError(f"The sound device failed: {error.args[0] if error.args else error}")
    told.__cause__ = error
    return told
