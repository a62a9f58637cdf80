"""What a device delivers, on which clock, and how much of it went missing."""

from __future__ import annotations

import sys
import time
from collections import deque
from typing import NamedTuple

from interviewer.core.ports import FloatArray


def now_s() -> float:
    """Return seconds on a clock that runs evenly, also while the computer sleeps.

    `time.monotonic` stands still meanwhile on Linux (clock_gettime(2): CLOCK_BOOTTIME is
    "identical to CLOCK_MONOTONIC, except that it also includes any time that the system is
    suspended") and on macOS, where Python reads mach_absolute_time; CLOCK_MONOTONIC itself
    "will continue to increment while the system is asleep" there (clock_gettime(3)). On
    Windows both of its sources count sleep: GetTickCount64 up to Python 3.12,
    QueryPerformanceCounter from 3.13 on (learn.microsoft.com on each).
    """
    return time.clock_gettime(_CLOCK) if _CLOCK is not None else time.monotonic()


def _sleepless_clock() -> int | None:
    if sys.platform.startswith("linux"):
        return getattr(time, "CLOCK_BOOTTIME", None)
    return getattr(time, "CLOCK_MONOTONIC", None) if sys.platform == "darwin" else None


_CLOCK = _sleepless_clock()


class Block(NamedTuple):
    """Sound as it was delivered."""

    samples: FloatArray
    """float32, mono, -1 to 1; the recording owns it."""
    at_s: float
    """When its last sample was there, on a clock that runs evenly."""


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
        self._newest_s = 0.0
        self._first_ahead_s: list[float] = []
        self._last_ahead_s: deque[float] = deque(maxlen=self.BLOCKS)

    def restart(self) -> None:
        """Begin a new stretch, after a pause; what was missing before it still counts."""
        self._earlier_s += self._missing_s()
        self._begin()

    def quiet_s(self, block: Block) -> float:
        """Return how long after the block before it `block` came; 0 for the first of a stretch."""
        return 0.0 if self._start_s is None else block.at_s - self._newest_s

    def add(self, block: Block) -> None:
        """Take note of a block."""
        if self._start_s is None:
            self._start_s = block.at_s
        else:
            self._frames += len(block.samples)
        self._newest_s = block.at_s
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
