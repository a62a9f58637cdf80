"""What a loudspeaker is given from one jump to the next, made a little ahead of it.

A recording is taken from a place on, at a speed, round a loop or to an end, and brought to
the rate of the device. The reel knows which second of the recording each of its frames is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import soxr

from interviewer.core.models import Span
from interviewer.core.ports import FloatArray
from interviewer.engines.sound_file import Sound
from interviewer.engines.stretch import stretched

FADE_S = 0.005
"""A cut in the middle of a wave clicks; faded over 5 ms it does not, and no sound is missed."""
AHEAD_S = 3.0
"""Made ahead of what is asked for: longer than a busy computer keeps a thread waiting."""
PLAIN_AHEAD_S = 30.0
"""The same where it costs next to nothing: samples as they are, or at another rate (1 ms a second, measured)."""
FIRST_S = 2.0
"""Made before it starts, where no more is to be done than to hand samples on."""
KEPT_S = 2.0
"""What was given so long ago was heard: no loudspeaker has as much in hand (`play_sounddevice.LONGEST_LATENCY_S`)."""
SLICE_S = 1.0
SHORTEST_LOOP_S = 0.05
"""A shorter one is a buzz that nobody meant; without a length it would never end."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a recording is gone through: `end_s` None is its end; `speed` seconds of it are heard in one."""

    start_s: float = 0.0
    end_s: float | None = None
    speed: float = 1.0
    loop: Span | None = None


class _Piece(NamedTuple):
    """Samples at the device's rate, and the frame of the reel that they begin with."""

    frame: int
    samples: FloatArray


class _Leg(NamedTuple):
    """From this frame on, at the recording's own rate, the reel is the recording from that frame on."""

    frame: int
    of: int


class Reel:
    """Made by one thread, `extend`; emptied by another, `fill`, which waits for nothing."""

    def __init__(self, sound: Sound, rate_hz: int, course: Course) -> None:
        self._sound = sound
        self._rate_hz = rate_hz
        self._speed = course.speed
        self._first = min(self._frame_of(course.start_s), len(sound.samples))
        self._stop = len(sound.samples)
        if course.end_s is not None:
            self._stop = min(self._stop, self._frame_of(course.end_s))
        self._loop = self._loop_of(course.loop)
        self._legs: tuple[_Leg, ...] = (_Leg(0, self._first),)
        self._tape = self._resampled()
        # Whole tuples are exchanged: the device's thread reads them while others are added.
        self._pieces: tuple[_Piece, ...] = ()
        self.frames = 0
        """How many are made by now."""
        self.given = 0
        """How many the device has taken."""
        self.is_whole = False
        """Whether no more are to be made."""
        self.extend(FIRST_S if course.speed == 1.0 else 1 / rate_hz)

    @property
    def is_over(self) -> bool:
        """Whether the device has taken everything."""
        return self.is_whole and self.given >= self.frames

    def extend(self, seconds: float | None = None) -> None:
        """Make what is taken in the next seconds, where it is not made yet; let go of what was heard."""
        if seconds is None:
            seconds = PLAIN_AHEAD_S if self._speed == 1.0 and self._loop is None else AHEAD_S
        until = self.given + round(seconds * self._rate_hz)
        while not self.is_whole and self.frames < until:
            made = next(self._tape, None)
            if made is None:
                self.is_whole = True
            elif len(made):
                heard = self.given - round(KEPT_S * self._rate_hz)
                kept = (p for p in self._pieces if p.frame + len(p.samples) > heard)
                self._pieces = (*kept, _Piece(self.frames, made))
                self._legs = self._legs[self._leg_at(self._legs, heard) :]
                self.frames += len(made)

    def fill(self, out: FloatArray) -> int:
        """Give the next samples, silence where none is made, and return how many there were."""
        given = self.given
        count = 0
        for piece in self._pieces:
            at = given + count - piece.frame
            if 0 <= at < len(piece.samples):
                part = piece.samples[at : at + len(out) - count]
                out[count : count + len(part)] = part
                count += len(part)
        out[count:] = 0.0
        self.given = given + count
        return count

    def place_s(self, frame: int) -> float:
        """Return which second of the recording a frame of the reel is."""
        legs = self._legs
        leg = legs[self._leg_at(legs, frame)]
        own = frame * self._sound.rate_hz / self._rate_hz
        return (leg.of + (own - leg.frame) * self._speed) / self._sound.rate_hz

    def _leg_at(self, legs: tuple[_Leg, ...], frame: int) -> int:
        own = frame * self._sound.rate_hz / self._rate_hz
        return max((i for i, leg in enumerate(legs) if leg.frame <= own), default=0)

    def _frame_of(self, seconds: float) -> int:
        return max(0, round(seconds * self._sound.rate_hz))

    def _loop_of(self, loop: Span | None) -> tuple[int, int] | None:
        if loop is None:
            return None
        first, stop = self._frame_of(loop.start_s), min(self._frame_of(loop.end_s), self._stop)
        return (first, stop) if stop - first >= SHORTEST_LOOP_S * self._sound.rate_hz else None

    def _resampled(self) -> Iterator[FloatArray]:
        """Yield the reel at the device's rate."""
        if self._rate_hz == self._sound.rate_hz:
            yield from self._own_rate()
            return
        stream = soxr.ResampleStream(self._sound.rate_hz, self._rate_hz, num_channels=1, dtype="float32")
        for piece in self._own_rate():
            yield np.clip(stream.resample_chunk(piece), -1.0, 1.0)
        yield np.clip(stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True), -1.0, 1.0)

    def _own_rate(self) -> Iterator[FloatArray]:
        """Yield the reel at the recording's own rate, leg after leg, each faded in and out."""
        at, made = self._first, 0
        while True:
            # Behind the end of the loop, as behind the chosen one, it goes on to the end of the recording.
            looping = self._loop is not None and at < self._loop[1]
            stop = self._loop[1] if self._loop and looping else self._stop
            length = max(0, round((stop - at) / self._speed))
            begun = made
            for piece in self._slices(at, stop):
                yield self._faded(piece, made - begun, length)
                made += len(piece)
            if self._loop is None or not looping:
                return
            at = self._loop[0]
            self._legs = (*self._legs, _Leg(made, at))

    def _slices(self, first: int, stop: int) -> Iterator[FloatArray]:
        if self._speed != 1.0:
            for piece in stretched(self._sound.samples, self._sound.rate_hz, first, stop, self._speed):
                yield np.clip(piece, -1.0, 1.0, out=piece)
            return
        step = max(1, round(SLICE_S * self._sound.rate_hz))
        for at in range(first, stop, step):
            yield self._sound.samples[at : min(stop, at + step)]

    def _faded(self, piece: FloatArray, at: int, length: int) -> FloatArray:
        """Return a piece that stands at `at` of a leg of `length`, softer where it is near an end of it."""
        ramp = max(1, int(FADE_S * self._sound.rate_hz))
        end = at + len(piece)
        if at >= ramp and length - end >= ramp:
            return piece
        places = np.arange(at, end, dtype=np.float32)
        # Never a copy of the whole recording: only slices at an end of it come here.
        soft: FloatArray = piece * np.clip(np.minimum(places, length - places) / ramp, 0.0, 1.0)
        return soft
