"""Tells on standard error how far a batch of sound is and how long the rest will take."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from time import monotonic
from typing import TextIO

from interviewer.core.estimate import Estimate, in_words

REDRAW_S = 0.2
"""A terminal is written to no more often while one piece is worked on."""
ERASE = "\r\x1b[K"


class Progress:
    """One line that changes where somebody watches a terminal, else a line for each piece that is done.

    The estimate comes from the seconds of sound done so far; nothing is estimated before the
    first piece is done. `clock` returns seconds.
    """

    def __init__(self, stream: TextIO | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._live = self._stream.isatty()
        self._count = 0
        self._ended = 0
        self._left_s = 0.0
        self._estimate = Estimate()
        self._name = ""
        self._sound_s = 0.0
        self._began_s = 0.0
        self._drawn_s = 0.0
        self._shown = False

    def plan(self, count: int, sound_s: float) -> None:
        """Note how many pieces there are, and how many seconds of sound they hold together."""
        self._count, self._left_s = count, sound_s

    def begin(self, name: str, sound_s: float) -> None:
        """Work on a piece begins now: what it is called, and its length in seconds, 0 where nobody knows."""
        self._name, self._sound_s = name, sound_s
        self._began_s = self._clock()
        self._draw("")

    def within(self, fraction: float) -> None:
        """Tell how much of the piece is done, 0 to 1; may be called at any time and as often as one likes."""
        if self._name and self._clock() - self._drawn_s >= REDRAW_S:
            self._draw(f", {int(fraction * 100)} %")

    def end(self, *, done: bool) -> None:
        """Work on the piece has ended, well or not; only a piece that is `done` tells about the rest."""
        self._ended += 1
        self._left_s -= self._sound_s
        if done:
            self._estimate = self._estimate.after(self._sound_s, self._clock() - self._began_s)
            if not self._live:
                self.say(f"{self._ended} of {self._count}: {self._name}{self._still()}")
        self._name = ""

    def say(self, line: str) -> None:
        """Print a line of its own."""
        self.clear()
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line that changes away, so that something else can be printed."""
        if self._shown:
            self._stream.write(ERASE)
            self._stream.flush()
            self._shown = False

    def _draw(self, part: str) -> None:
        if not self._live:
            return
        width = shutil.get_terminal_size().columns - 1
        where = f"{self._ended + 1} of {self._count}{part}{self._still()}: "
        room = max(0, width - len(where))
        # The end of a path says which file it is.
        name = self._name if len(self._name) <= room else f"…{self._name[len(self._name) - room + 1 :]}"
        self._stream.write(f"{ERASE}{(where + name)[:width]}")
        self._stream.flush()
        self._shown, self._drawn_s = True, self._clock()

    def _still(self) -> str:
        # Sums of lengths do not come back to nothing exactly.
        left_s = self._estimate.left_s(self._left_s) if self._ended < self._count else None
        return "" if left_s is None else f", {in_words(left_s)} left"
