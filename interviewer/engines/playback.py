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
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple, Protocol

from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.models import Span
from interviewer.core.ports import FASTEST, SLOWEST, Failed, FloatArray
from interviewer.engines.device_list import Kind
from interviewer.engines.gate import Gate
from interviewer.engines.last_sound import LastSound
from interviewer.engines.reel import Course, Reel
from interviewer.engines.sound_file import Sound, read_as_is

log = logging.getLogger(__name__)

TICK_S = 0.05
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
    """A frame of a reel and when it is heard; together with the rate, the whole clock of a playback."""

    reel: Reel
    frame: int
    at_s: float


class Playback:
    """One file being played. Times are seconds in the file."""

    def __init__(
        self,
        output: Output,
        path: Path,
        *,
        course: Course,
        done: Callable[[], None],
        failed: Failed,
        position: Callable[[float], None] | None,
        read: Callable[[Path], Sound] = read_as_is,
    ) -> None:
        self._output = output
        self._path = path
        self._read = read
        self._done = done
        self._failed = failed
        self._position = position
        self._gate = Gate()
        self._changed = threading.Condition()
        self._error: InterviewerError | None = None
        self._ready = False
        self._paused = False
        # Written by the device's thread, or while it is halted; single assignments, so no lock.
        self._course = course
        """How to go on from the next cue; its start is the place while nothing is on the reel."""
        self._sound: Sound | None = None
        self._rate_hz = 1
        self._reel: Reel | None = None
        self._mark: _Mark | None = None
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
        to_s = max(0.0, to_s)

        def jump(course: Course) -> Course:
            end_s = course.end_s if course.end_s is not None and to_s <= course.end_s else None
            return replace(course, start_s=to_s, end_s=end_s)

        self._alter(jump)

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, from the same place."""
        self._alter(lambda course: replace(course, speed=min(FASTEST, max(SLOWEST, speed))))

    def set_loop(self, loop: Span | None) -> None:
        """Go round another stretch, or none, from the same place."""
        self._alter(lambda course: replace(course, loop=loop))

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

    def _alter(self, change: Callable[[Course], Course]) -> None:
        """Go on, from what was really heard, in another way."""

        def hold() -> None:
            self._hold()
            self._course = change(self._course)

        def go_on() -> None:
            hold()
            self._cue()

        with self._changed:
            if not self._ready:
                self._course = change(self._course)
            elif self._paused:
                self._output.halt(hold)
            else:
                self._output.go(go_on)

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
            # The device's callback leads here, in a circle that Python looks for once in many interviews:
            # the sound of each, some megabytes, would stay until then.
            self._sound = self._reel = self._mark = None

    def _open(self) -> None:
        self._rate_hz = self._output.open(self._fill, self._lose)
        self._sound = self._read(self._path)
        with self._changed:
            self._asked_s = monotonic()
            self._ready = self._gate.is_open
            if self._ready and not self._paused:
                self._output.go(self._cue)

    def _watch(self) -> None:
        """Tell the position until the end has been heard; raises DeviceError when the device is gone."""
        while self._gate.is_open:
            reel = self._reel
            if reel is not None:
                reel.extend()
            with self._changed:
                if reel is self._reel:
                    self._changed.wait(TICK_S)
                if self._error is not None:
                    raise self._error
                if self._paused:
                    continue
            if self._position is not None:
                self._gate.tell(self._position, self.heard_s)
            reel = self._reel
            if reel is not None and reel.is_over and self._heard_frame(reel, monotonic() - TAIL_S) >= reel.frames:
                self._gate.tell_last(self._done)
            elif monotonic() - self._asked_s > STALLED_S:
                raise DeviceError("The loudspeaker stopped taking sound", hint=Kind.OUTPUT.way_out)

    @property
    def heard_s(self) -> float:
        """The place in the file that is coming out of the loudspeaker now, in seconds."""
        reel = self._reel
        return self._course.start_s if reel is None else reel.place_s(self._heard_frame(reel, monotonic()))

    def _heard_frame(self, reel: Reel, now_s: float) -> int:
        mark = self._mark
        if mark is None or mark.reel is not reel:
            return 0
        return max(0, min(reel.given, mark.frame + int((now_s - mark.at_s) * self._rate_hz)))

    def _lose(self, error: DeviceError) -> None:
        with self._changed:
            self._error = error
            self._changed.notify_all()

    def _hold(self) -> None:
        """While halted: what was buffered and not heard is played after the pause."""
        self._course = replace(self._course, start_s=self.heard_s)
        self._reel = None

    def _cue(self) -> None:
        """While halted: begin softly, and count from here."""
        sound = self._sound
        if sound is None:
            return  # it was stopped while this waited for its turn
        try:
            reel = Reel(sound, self._rate_hz, self._course)
        except Exception as exc:
            # On the thread of the devices, which would only note it.
            log.exception("nothing can be made of a recording")
            self._lose(DeviceError(f"The playback stopped ({exc})", hint="Play it at its own speed."))
            return
        with self._changed:
            self._asked_s = monotonic()
            self._reel = reel
            # More is made at once, not at the next tick.
            self._changed.notify_all()

    def _fill(self, out: FloatArray, heard_in_s: float) -> None:
        """Give the device its next samples; on the device's thread, waits for nothing."""
        now_s = monotonic()
        reel = self._reel if self._gate.is_open else None
        if reel is None:
            out[:] = 0.0
        else:
            frame = reel.given
            if reel.fill(out):
                self._mark = _Mark(reel, frame, now_s + heard_in_s)
        self._asked_s = now_s


class OutputPlayer:
    """A Player (see the port) over any output; `open_output` makes the output of one playback."""

    def __init__(self, open_output: Callable[[], Output]) -> None:
        self._open_output = open_output
        self._last = LastSound()
        self._playback: Playback | None = None

    def play(
        self,
        path: Path,
        *,
        start_s: float = 0.0,
        end_s: float | None = None,
        speed: float = 1.0,
        loop: Span | None = None,
        done: Callable[[], None],
        failed: Failed,
        position: Callable[[float], None] | None = None,
    ) -> None:
        """Play from `start_s` to `end_s`; ends what was playing."""
        self.stop()
        self._playback = Playback(
            self._open_output(),
            path,
            course=Course(max(0.0, start_s), end_s, min(FASTEST, max(SLOWEST, speed)), loop),
            done=done,
            failed=failed,
            position=position,
            read=self._last.read,
        )
        self._playback.start()

    def prepare(self, path: Path | None) -> None:
        """Read a file ahead, so that it is heard at once when it is played; None lets go of it."""
        self._last.want(path)

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

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, from the same place."""
        if self._playback is not None:
            self._playback.set_speed(speed)

    def set_loop(self, loop: Span | None) -> None:
        """Go round this stretch from now on, or no more."""
        if self._playback is not None:
            self._playback.set_loop(loop)

    def stop(self) -> None:
        """Be silent within 50 ms; no callback comes once this has returned."""
        if self._playback is not None:
            self._playback.stop()

    def close(self) -> None:
        """Stop and let go of the device, and of what was read ahead."""
        self.prepare(None)
        if self._playback is not None:
            self._playback.close()
