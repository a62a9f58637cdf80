"""One recording, whatever the sound comes from: a sound card or files.

An `Input` delivers blocks from a thread that must not wait; a thread of the recording's
own writes them, so that neither a slow disk nor a slow listener loses sound.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from interviewer.core.errors import DeviceError, InterviewerError, StoreError
from interviewer.core.gaps import STALLED_S, stopped
from interviewer.core.models import Clip
from interviewer.core.ports import FloatArray, RecorderListener
from interviewer.engines.block import Block, GapMeter, now_s
from interviewer.engines.gate import Gate
from interviewer.engines.reports import Reports

log = logging.getLogger(__name__)

FIRST_BLOCK_S = 6.0
"""A suspended PulseAudio source took 2 s to its first block, Bluetooth headsets take longer."""
CLOSE_S = 3.0


class Writer(Protocol):
    """Keeps PCM16 samples on disk as they come. Every method may raise StoreError."""

    @property
    def frames(self) -> int:
        """How many were written."""
        ...

    @property
    def left_s(self) -> float | None:
        """How much more sound the disk has room for, as of the last look; None where nobody knows."""
        ...

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append samples of shape (n,)."""
        ...

    def finish(self) -> Clip:
        """Complete the file, also after a failed write, and return what is in it.

        When it raises, a second call returns what of the recording can be read.
        """
        ...

    def abandon(self) -> None:
        """Remove the file."""
        ...


MakeWriter = Callable[[Path, int], Writer]
"""Path and sample rate in; may raise StoreError."""


Deliver = Callable[[Block], None]
Lost = Callable[[DeviceError], None]


class Input(Protocol):
    """Something that delivers sound."""

    def open(self, deliver: Deliver, lost: Lost) -> int:
        """Start delivering and return the sample rate; may block for seconds.

        `deliver` and `lost` return at once and may be called before this returns.
        Raises DeviceError, or another InterviewerError that says why there is no sound.
        """
        ...

    def end(self) -> None:
        """Deliver nothing more and begin to let go; returns at once. Also after a failed `open`. Never raises."""
        ...

    def close(self) -> None:
        """End, and wait until the device is let go of or given up. Never raises."""
        ...


class _Pause:
    """In the queue: from here on nothing is kept."""


class _Resume:
    """In the queue: from here on sound is kept again."""


class _Stop(NamedTuple):
    """In the queue: what came before is the recording."""

    done: Callable[[Clip], None] | None


class Recording:
    """One recording in progress, on a thread of its own."""

    def __init__(
        self,
        source: Input,
        path: Path,
        make_writer: MakeWriter,
        listener: RecorderListener,
        *,
        clock: Callable[[], float] = now_s,
    ) -> None:
        """`clock` counts the time that the computer sleeps, as the times of blocks do."""
        self._source = source
        self._clock = clock
        self._path = path
        self._make_writer = make_writer
        self._listener = listener
        self._gate = Gate()
        self._queue: queue.SimpleQueue[Block | _Pause | _Resume | _Stop | DeviceError] = queue.SimpleQueue()
        self._keeping = True
        self._heard_s = 0.0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether the file or the device is still in use."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Open the input and begin to write; returns at once."""
        self._thread.start()

    def pause(self) -> None:
        """Keep nothing of what is delivered from now on."""
        self._queue.put(_Pause())

    def resume(self) -> None:
        """Keep what is delivered from now on."""
        self._queue.put(_Resume())

    def stop(self, done: Callable[[Clip], None] | None) -> None:
        """Complete the file with what has been delivered so far; then call `done`. Returns at once."""
        self._queue.put(_Stop(done))

    def close(self) -> None:
        """Complete the file and tell nobody; waits for that, but not for a device that hangs."""
        self._gate.shut()
        self._queue.put(_Stop(None))
        if threading.current_thread() is not self._thread:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        try:
            self._record()
        except InterviewerError as error:
            self._fail(error, None)
        except Exception:
            # Nobody else would ever say so, and the window would wait for ever.
            log.exception("the recording ended")
            self._fail(DeviceError("The recording ended unexpectedly", hint=_TRY_ANOTHER), None)
        finally:
            self._source.close()

    def _record(self) -> None:
        rate_hz = self._source.open(self._queue.put, self._queue.put)
        writer = self._make_writer(self._path, rate_hz)
        gaps = GapMeter(rate_hz)
        reports = Reports(self._gate, self._listener, rate_hz)
        self._heard_s = self._clock() + FIRST_BLOCK_S - STALLED_S
        error: InterviewerError | None = None
        stop = _Stop(None)
        try:
            stop = self._write_until_stopped(writer, gaps, reports)
        except InterviewerError as exc:
            error = exc
        # Before anybody is told: who then looks for another microphone finds this one let go of.
        self._source.end()
        self._finish(writer, gaps.gap_ms, stop, error)

    def _finish(self, writer: Writer, gap_ms: int, stop: _Stop, error: InterviewerError | None) -> None:
        if not writer.frames:
            writer.abandon()
            self._fail(error or DeviceError("Nothing was recorded", hint=_TRY_ANOTHER), None)
            return
        try:
            clip = writer.finish()
        except StoreError as exc:
            log.warning("a recording could not be completed: %s", exc)
            error = error or exc
            clip = writer.finish()
        clip = replace(clip, gap_ms=gap_ms)
        log.info("recorded %.1f s, %d ms missing", clip.seconds, clip.gap_ms)
        if error is not None:
            self._fail(error, clip)
        elif stop.done is not None:
            self._gate.tell_last(stop.done, clip)

    def _fail(self, error: InterviewerError, clip: Clip | None) -> None:
        self._gate.tell_last(self._listener.recording_failed, error, clip)

    def _write_until_stopped(self, writer: Writer, gaps: GapMeter, reports: Reports) -> _Stop:
        """Return what ended it; raises DeviceError when the device did, StoreError when the disk did."""
        while True:
            match self._next():
                case Block() as block:
                    self._heard_s = self._clock()
                    if self._keeping:
                        if (quiet_s := gaps.quiet_s(block)) > STALLED_S:
                            raise stopped(quiet_s, resumed=True)
                        gaps.add(block)
                        writer.write(to_int16(block.samples))
                        reports.block(block, gap_ms=gaps.gap_ms, left_s=writer.left_s)
                case _Pause():
                    self._keeping = False
                    reports.silence()
                case _Resume() if not self._keeping:
                    self._keeping = True
                    self._heard_s = self._clock()
                    gaps.restart()
                case _Stop() as stop:
                    return stop
                case DeviceError() as error:
                    raise error
                case None if self._keeping:
                    raise stopped(self._clock() - self._heard_s, resumed=False)

    def _next(self) -> Block | _Pause | _Resume | _Stop | DeviceError | None:
        """Return the next thing in the queue, or None when the device has been quiet for too long."""
        left_s = self._heard_s + STALLED_S - self._clock() if self._keeping else STALLED_S
        try:
            return self._queue.get(timeout=max(0.01, left_s))
        except queue.Empty:
            return None


_TRY_ANOTHER = "Check that the microphone is connected and switched on, or choose another in Settings."


def to_int16(samples: FloatArray) -> NDArray[np.int16]:
    """Return samples of -1 to 1 as PCM16, shape kept; sound that came as PCM16 comes back unchanged."""
    bounded = np.clip(np.nan_to_num(samples), -1.0, 1.0)
    kept: NDArray[np.int16] = np.minimum(np.rint(bounded * 32768.0), 32767).astype(np.int16)
    return kept


class InputRecorder:
    """A Recorder (see the port) over any input; `open_input` makes the input of one recording."""

    def __init__(self, open_input: Callable[[], Input], make_writer: MakeWriter) -> None:
        self._open_input = open_input
        self._make_writer = make_writer
        # The newest is the one in progress; older ones may still be completing their files.
        self._recordings: list[Recording] = []
        # A survey of devices closes the level meter from another thread than starts it.
        self._lock = threading.Lock()

    def start(self, path: Path, *, listener: RecorderListener) -> None:
        """Begin a recording; one that still runs is completed, and nobody is told."""
        recording = Recording(self._open_input(), path, self._make_writer, listener)
        with self._lock:
            for old in self._recordings:
                old.stop(None)
            self._recordings = [*(old for old in self._recordings if old.is_alive), recording]
            recording.start()

    def pause(self) -> None:
        """Keep the device open and keep nothing until `resume`."""
        for recording in self._recordings[-1:]:
            recording.pause()

    def resume(self) -> None:
        """Go on after `pause`, in the same file."""
        for recording in self._recordings[-1:]:
            recording.resume()

    def stop(self, *, done: Callable[[Clip], None]) -> None:
        """Complete the file with what was said so far, then call `done` with the clip."""
        for recording in self._recordings[-1:]:
            recording.stop(done)

    def close(self) -> None:
        """Complete a running recording, tell nobody, and let go of the device."""
        with self._lock:
            # One that is started while these end is not among them, and stays known.
            ending, self._recordings = self._recordings, []
        for recording in ending:
            recording.close()
