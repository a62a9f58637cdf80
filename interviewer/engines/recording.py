"""One recording, whatever the sound comes from: a sound card or files.

An `Input` delivers blocks from a thread that must not wait; a thread of the recording's
own writes them, so that neither a slow disk nor a slow listener loses sound.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.models import Clip
from interviewer.core.ports import FloatArray, RecorderListener
from interviewer.engines.gate import Gate

log = logging.getLogger(__name__)

FIRST_BLOCK_S = 6.0
"""A suspended PulseAudio source took 2 s to its first block, Bluetooth headsets take longer."""
STALLED_S = 2.0
"""A device that delivered and then nothing for so long is not coming back by itself."""
SILENT_S = 2.0
"""So much of nothing but exact zeros is a refused permission or a switch; the quietest room is not zero."""
LEVELS_A_SECOND = 20
CLOSE_S = 3.0


class Writer(Protocol):
    """Keeps PCM16 samples on disk as they come. Every method may raise StoreError."""

    @property
    def frames(self) -> int:
        """How many were written."""
        ...

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append samples of shape (n,)."""
        ...

    def finish(self) -> Clip:
        """Complete the file, also after a failed write, and return what is in it."""
        ...

    def abandon(self) -> None:
        """Remove the file."""
        ...


MakeWriter = Callable[[Path, int], Writer]
"""Path and sample rate in; may raise StoreError."""


class Block(NamedTuple):
    """Sound as it was delivered."""

    samples: FloatArray
    """float32, mono, -1 to 1; the recording owns it."""
    at_s: float
    """When its last sample was there, on a clock that runs evenly."""


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

    def close(self) -> None:
        """Stop delivering and let go; also after a failed `open`. Never raises."""
        ...


class _Pause:
    """In the queue: from here on nothing is kept."""


class _Resume:
    """In the queue: from here on sound is kept again."""


class _Stop(NamedTuple):
    """In the queue: what came before is the recording."""

    done: Callable[[Clip], None] | None


class GapMeter:
    """Measures how much sound a device failed to deliver: frames counted against the clock.

    Blocks may come late and in bursts, but never early. So how far the clock is ahead of
    the frames is, over the best of some blocks, what is really missing.
    """

    BLOCKS = 10

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._earlier_s = 0.0
        self._begin()

    def _begin(self) -> None:
        self._frames = 0
        self._start_s: float | None = None
        self._first_ahead_s: list[float] = []
        self._last_ahead_s: deque[float] = deque(maxlen=self.BLOCKS)

    def restart(self) -> None:
        """Begin a new stretch, after a pause; what was missing before it still counts."""
        self._earlier_s += self._missing_s()
        self._begin()

    def add(self, block: Block) -> None:
        """Take note of a block."""
        if self._start_s is None:
            self._start_s = block.at_s
        else:
            self._frames += len(block.samples)
        ahead_s = block.at_s - self._start_s - self._frames / self._rate_hz
        self._last_ahead_s.append(ahead_s)
        if len(self._first_ahead_s) < self.BLOCKS:
            self._first_ahead_s.append(ahead_s)

    @property
    def gap_ms(self) -> int:
        """Milliseconds missing so far, never negative."""
        return round(1000 * (self._earlier_s + self._missing_s()))

    def _missing_s(self) -> float:
        if not self._last_ahead_s:
            return 0.0
        return max(0.0, min(self._last_ahead_s) - min(self._first_ahead_s))


class Recording:
    """One recording in progress, on a thread of its own."""

    def __init__(self, source: Input, path: Path, make_writer: MakeWriter, listener: RecorderListener) -> None:
        self._source = source
        self._path = path
        self._make_writer = make_writer
        self._listener = listener
        self._gate = Gate()
        self._queue: queue.SimpleQueue[Block | _Pause | _Resume | _Stop | DeviceError] = queue.SimpleQueue()
        self._rate_hz = 0
        self._keeping = True
        self._heard_s = 0.0
        self._zeros = 0
        self._started = False
        self._peak = 0.0
        self._peak_frames = 0
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
        self._rate_hz = self._source.open(self._queue.put, self._queue.put)
        writer = self._make_writer(self._path, self._rate_hz)
        gaps = GapMeter(self._rate_hz)
        self._heard_s = monotonic() + FIRST_BLOCK_S - STALLED_S
        error: InterviewerError | None = None
        stop = _Stop(None)
        try:
            stop = self._write_until_stopped(writer, gaps)
        except InterviewerError as exc:
            error = exc
        self._finish(writer, gaps, stop, error)

    def _finish(self, writer: Writer, gaps: GapMeter, stop: _Stop, error: InterviewerError | None) -> None:
        if not writer.frames:
            writer.abandon()
            self._fail(error or DeviceError("Nothing was recorded", hint=_TRY_ANOTHER), None)
            return
        clip = replace(writer.finish(), gap_ms=gaps.gap_ms)
        log.info("recorded %.1f s, %d ms missing", clip.seconds, clip.gap_ms)
        if error is not None:
            self._fail(error, clip)
        elif stop.done is not None:
            self._gate.tell_last(stop.done, clip)

    def _fail(self, error: InterviewerError, clip: Clip | None) -> None:
        self._gate.tell_last(self._listener.recording_failed, error, clip)

    def _write_until_stopped(self, writer: Writer, gaps: GapMeter) -> _Stop:
        """Return what ended it; raises DeviceError when the device did, StoreError when the disk did."""
        while True:
            match self._next():
                case Block() as block:
                    self._heard_s = monotonic()
                    if self._keeping:
                        gaps.add(block)
                        writer.write(to_int16(block.samples))
                        self._report(block.samples)
                case _Pause():
                    self._keeping = False
                    self._gate.tell(self._listener.level_changed, 0.0)
                case _Resume() if not self._keeping:
                    self._keeping = True
                    self._heard_s = monotonic()
                    gaps.restart()
                case _Stop() as stop:
                    return stop
                case DeviceError() as error:
                    raise error
                case None if self._keeping:
                    raise DeviceError("The microphone stopped delivering sound", hint=_TRY_ANOTHER)

    def _next(self) -> Block | _Pause | _Resume | _Stop | DeviceError | None:
        """Return the next thing in the queue, or None when the device has been quiet for too long."""
        left_s = self._heard_s + STALLED_S - monotonic() if self._keeping else STALLED_S
        try:
            return self._queue.get(timeout=max(0.01, left_s))
        except queue.Empty:
            return None

    def _report(self, samples: FloatArray) -> None:
        if not self._started:
            self._started = True
            self._gate.tell(self._listener.recording_started)
        # fmax, unlike max, passes over samples that are no numbers.
        peak = float(np.fmax.reduce(np.abs(samples), initial=0.0))
        self._watch_for_zeros(peak, len(samples))
        self._peak = max(self._peak, peak)
        self._peak_frames += len(samples)
        if self._peak_frames * LEVELS_A_SECOND >= self._rate_hz:
            self._gate.tell(self._listener.level_changed, min(1.0, self._peak))
            self._peak, self._peak_frames = 0.0, 0

    def _watch_for_zeros(self, peak: float, frames: int) -> None:
        if self._zeros < 0:
            return
        if peak > 0.0:
            self._zeros = -1
            return
        self._zeros += frames
        if self._zeros >= SILENT_S * self._rate_hz:
            self._zeros = -1
            self._gate.tell(self._listener.microphone_silent)


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

    def start(self, path: Path, *, listener: RecorderListener) -> None:
        """Begin a recording; one that still runs is completed, and nobody is told."""
        for old in self._recordings:
            old.stop(None)
        recording = Recording(self._open_input(), path, self._make_writer, listener)
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
        for recording in self._recordings:
            recording.close()
        self._recordings = []
