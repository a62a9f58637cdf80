"""How far a long copy is: a download, or a file that is brought or read through. Pure values and their words."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

PACE_WINDOW_S = 5.0
"""The speed told is that of the last seconds: long enough to be calm, short enough to be true."""


class Stage(Enum):
    """What is being done."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    RECEIVING = "receiving"
    COPYING = "copying"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far it is. `total_bytes` and `bytes_per_s` are None while nobody knows them."""

    stage: Stage
    done_bytes: int = 0
    total_bytes: int | None = None
    bytes_per_s: float | None = None

    @property
    def fraction(self) -> float | None:
        """The part that is done, 0 to 1, None where that is not known."""
        if not self.total_bytes:
            return None
        return min(1.0, self.done_bytes / self.total_bytes)

    @property
    def left_s(self) -> float | None:
        """Seconds until the end at the present speed, None where that cannot be told."""
        if self.total_bytes is None or not self.bytes_per_s:
            return None
        return max(0, self.total_bytes - self.done_bytes) / self.bytes_per_s


class Pace:
    """The speed of the last seconds, from how much was done when."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, done_bytes: int) -> float | None:
        """Take down how much is done by now, and return bytes a second; None until that can be told.

        Less than before is a new beginning.
        """
        at_s = self._now()
        if self._seen and done_bytes < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((at_s, done_bytes))
        # One older than the window stays, so that a stall shows as a speed that falls.
        while len(self._seen) > 2 and self._seen[1][0] < at_s - PACE_WINDOW_S:
            self._seen.popleft()
        began_s, began_bytes = self._seen[0]
        return (done_bytes - began_bytes) / (at_s - began_s) if at_s > began_s else None


def size_words(size_bytes: float) -> str:
    """Return a size for people: "145 MB", "3.1 GB"."""
    if size_bytes < 999_500:
        return f"{size_bytes / 1e3:.0f} kB"
    if size_bytes < 999_500_000:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def left_words(left_s: float) -> str:
    """Return how long it may still take: "about 40 s left", "about 5 min left"."""
    if left_s < 5:
        return "a few seconds left"
    if left_s < 90:
        return f"about {round(left_s / 5) * 5} s left"
    if left_s < 5400:
        return f"about {left_s / 60:.0f} min left"
    return f"about {left_s / 3600:.0f} h left"


def transfer_words(transfer: Transfer) -> str:
    """Return one line: "12 of 145 MB · 3 MB/s · about 40 s left"."""
    match transfer.stage:
        case Stage.WAITING:
            return "Waiting for the download before it"
        case Stage.CONNECTING:
            return "Connecting…"
        case Stage.CHECKING:
            return f"Checking… {_amount(transfer)}"
    parts = [_amount(transfer)]
    if transfer.bytes_per_s is not None:
        parts.append(_speed(transfer.bytes_per_s))
    if transfer.left_s is not None:
        parts.append(left_words(transfer.left_s))
    return " · ".join(parts)


def _amount(transfer: Transfer) -> str:
    done = size_words(transfer.done_bytes)
    if transfer.total_bytes is None:
        return done
    total = size_words(transfer.total_bytes)
    number, unit = done.split()
    return f"{number if total.endswith(unit) else done} of {total}"


def _speed(bytes_per_s: float) -> str:
    return f"{bytes_per_s / 1e6:.1f} MB/s" if 1e6 <= bytes_per_s < 10e6 else f"{size_words(bytes_per_s)}/s"
