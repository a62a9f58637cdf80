"""One playback, whatever the sound goes to: a sound card or a file.

An `Output` asks for samples from a thread that must not wait; a thread of the playback's
own loads the file, tells the position and notices the end. Every jump (pause, seek, stop)
aborts what the device has buffered and starts again from what was really heard, so that
jumps are immediate however much a device buffers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol

import numpy as np

from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.ports import Failed, FloatArray
from interviewer.engines.device_list import Kind
from interviewer.engines.gate import Gate
from interviewer.engines.sound_file import read_sound

log = logging.getLogger(__name__)

TICK_S = 0.05
FADE_S = 0.005
"""A cut in the middle of a wave clicks; faded over 5 ms it does not, and no sound is missed."""
TAIL_S = 0.03
"""Waited after the last sample is due: devices tell their latency a little too small."""
STALLED_S = 4.0
"""A device that has not asked for a sample for so long is not coming back by itself."""
CLOSE_S = 3.0

Fill = Callable[[FloatArray, float], None]
"""Fill an array of shape (n,), float32, -1 to 1, to be heard so many seconds from now."""


class Output(Protocol):
    """Something that sound can be sent to. Nothing but `open` blocks; `halt` and `go` happen in order."""

    def open(self, fill: Fill, lost: Callable[[DeviceError], None]) -> int:
        """Get ready, silent, and return the sample rate. Raises DeviceError.

        `lost` is called, from any thread, when the device goes away later.
        """
        ...

    def halt(self, then: Callable[[], None]) -> None:
        """Be silent at once and call for no more samples; `then` runs in between."""
        ...

    def go(self, after: Callable[[], None]) -> None:
        """Be silent, run `after`, then call for samples."""
        ...

    def close(self) -> None:
        """Be silent at once and let go; also after a failed `open`. Never raises."""
        ...


class _Mark(NamedTuple):
    """A sample and when it is heard; together with the rate, the whole clock of a playback."""

    frame: int
    at_s: float


class Playback:
    """One file being played. Times are seconds in the file."""

    def __init__(
        self,
        output: Output,
        path: Path,
        *,
        start_s: float,
        end_s: float | None,
        done: Callable[[], None],
        failed: Failed,
        position: Callable[[float], None] | None,
    ) -> None:
        self._output = output
        self._path = path
        self._start_s = max(0.0, start_s)
        self._end_s = end_s
        self._done = done
        self._failed = failed
        self._position = position
        self._gate = Gate()
        self._changed = threading.Condition()
        self._error: InterviewerError | None = None
        self._ready = False
        self._paused = False
        # Written by the device's thread, or while it is halted; single assignments, so no lock.
        self._samples: FloatArray = np.zeros(0, dtype=np.float32)
        self._rate_hz = 1
        self._next = 0
        self._end = 0
        self._cued = 0
        self._mark = _Mark(0, 0.0)
        self._faded = 0
        self._asked_s = 0.0
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    def start(self) -> None:
        """Load the file and begin; returns at once."""
        self._thread.start()

    def pause(self) -> None:
        """Be silent at once and keep the place."""
        with self._changed:
            if not self._paused:
                self._paused = True
                if self._ready:
                    self._output.halt(self._hold)

    def resume(self) -> None:
        """Go on from where it was paused."""
        with self._changed:
            if self._paused:
                self._paused = False
                self._asked_s = monotonic()
                if self._ready:
                    self._output.go(self._cue)

    def seek(self, to_s: float) -> None:
        """Go on from `to_s`; a place behind the chosen end plays to the end of the file."""
        with self._changed:
            self._start_s = max(0.0, to_s)
            if not self._ready:
                return

            def jump() -> None:
                self._go_to(to_s)
                self._cue()

            if self._paused:
                self._output.halt(jump)
            else:
                self._output.go(jump)

    def stop(self) -> None:
        """Be silent at once; no callback comes once this has returned."""
        self._gate.shut()
        self._output.close()
        with self._changed:
            self._ready = False
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait until the device has been let go of."""
        self.stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        try:
            self._open()
            self._watch()
        except InterviewerError as error:
            self._gate.tell_last(self._failed, error)
        except Exception:
            # Nobody else would ever say so, and the window would wait for ever.
            log.exception("the playback ended")
            error = DeviceError("The playback ended unexpectedly", hint=Kind.OUTPUT.way_out)
            self._gate.tell_last(self._failed, error)
        finally:
            self._output.close()

    def _open(self) -> None:
        self._rate_hz = self._output.open(self._fill, self._lose)
        self._samples = read_sound(self._path, rate_hz=self._rate_hz)
        with self._changed:
            self._end = len(self._samples)
            if self._end_s is not None:
                self._end = min(self._end, max(0, round(self._end_s * self._rate_hz)))
            self._go_to(self._start_s)
            self._asked_s = monotonic()
            self._ready = self._gate.is_open
            if self._ready and not self._paused:
                self._output.go(self._cue)

    def _watch(self) -> None:
        """Tell the position until the end has been heard; raises DeviceError when the device is gone."""
        while self._gate.is_open:
            with self._changed:
                self._changed.wait(TICK_S)
                if self._error is not None:
                    raise self._error
                if self._paused:
                    continue
            if self._position is not None:
                self._gate.tell(self._position, self.heard_s)
            if self._next >= self._end and self._heard_frame(monotonic() - TAIL_S) >= self._end:
                self._gate.tell_last(self._done)
            elif monotonic() - self._asked_s > STALLED_S:
                raise DeviceError("The loudspeaker stopped taking sound", hint=Kind.OUTPUT.way_out)

    @property
    def heard_s(self) -> float:
        """The place in the file that is coming out of the loudspeaker now, in seconds."""
        return self._heard_frame(monotonic()) / self._rate_hz

    def _heard_frame(self, now_s: float) -> int:
        mark = self._mark
        frames = int((now_s - mark.at_s) * self._rate_hz)
        return max(self._cued, min(self._next, mark.frame + frames))

    def _lose(self, error: DeviceError) -> None:
        with self._changed:
            self._error = error
            self._changed.notify_all()

    def _hold(self) -> None:
        """While halted: what was buffered and not heard is played after the pause."""
        self._next = self._heard_frame(monotonic())

    def _cue(self) -> None:
        """While halted: begin softly, and count from here."""
        self._faded = 0
        self._asked_s = monotonic()
        self._cued = self._next
        self._mark = _Mark(self._next, self._asked_s)

    def _go_to(self, to_s: float) -> None:
        frame = min(max(0, round(to_s * self._rate_hz)), len(self._samples))
        if frame > self._end:
            self._end = len(self._samples)
        self._next = self._cued = frame
        self._mark = _Mark(frame, monotonic())

    def _fill(self, out: FloatArray, heard_in_s: float) -> None:
        """Give the device its next samples; on the device's thread, waits for nothing."""
        now_s = monotonic()
        frame, end = self._next, self._end
        count = max(0, min(len(out), end - frame)) if self._gate.is_open else 0
        out[count:] = 0.0
        if count > 0:
            out[:count] = self._samples[frame : frame + count]
            self._fade(out[:count], frame, end)
            self._mark = _Mark(frame, now_s + heard_in_s)
            self._next = frame + count
        self._asked_s = now_s

    def _fade(self, out: FloatArray, frame: int, end: int) -> None:
        ramp = max(1, int(FADE_S * self._rate_hz))
        if self._faded < ramp:
            count = min(ramp - self._faded, len(out))
            out[:count] *= np.arange(self._faded, self._faded + count, dtype=np.float32) / ramp
            self._faded += count
        left = end - frame
        if left - len(out) < ramp:
            rest = np.arange(left, left - len(out), -1, dtype=np.float32) / ramp
            out *= np.minimum(rest, 1.0)


class OutputPlayer:
    """A Player (see the port) over any output; `open_output` makes the output of one playback."""

    def __init__(self, open_output: Callable[[], Output]) -> None:
        self._open_output = open_output
        self._playback: Playback | None = None

    def play(
        self,
        path: Path,
        *,
        start_s: float = 0.0,
        end_s: float | None = None,
        done: Callable[[], None],
        failed: Failed,
        position: Callable[[float], None] | None = None,
    ) -> None:
        """Play from `start_s` to `end_s`; ends what was playing."""
        self.stop()
        self._playback = Playback(
            self._open_output(), path, start_s=start_s, end_s=end_s, done=done, failed=failed, position=position
        )
        self._playback.start()

    def pause(self) -> None:
        """Hold within 50 ms."""
        if self._playback is not None:
            self._playback.pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        if self._playback is not None:
            self._playback.resume()

    def seek(self, to_s: float) -> None:
        """Go on from another place of the same file, in seconds."""
        if self._playback is not None:
            self._playback.seek(to_s)

    def stop(self) -> None:
        """Be silent within 50 ms; no callback comes once this has returned."""
        if self._playback is not None:
            self._playback.stop()

    def close(self) -> None:
        """Stop and let go of the device."""
        if self._playback is not None:
            self._playback.close()
