"""Makes speech slower or faster at the pitch that it has, with Signalsmith Stretch.

The library takes a whole buffer at a time and holds the interpreter's lock meanwhile (a
second of sound at 48 kHz and half the speed: 25 ms), so a recording is stretched in pieces,
each from a known place, that are laid over each other where their waves agree best.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from interviewer.core.ports import FloatArray

PIECE_S = 0.4
FIRST_PIECE_S = 0.15
"""The first piece is waited for: it is made in 3 ms (measured, 48 kHz, half the speed)."""
MARGIN_S = 0.08
"""Stretched along at both sides and thrown away: the library analyses windows of 120 ms."""
OVERLAP_S = 0.01
SEARCH_S = 0.004
"""How far a piece may be moved to fit the one before: more than half a period of the deepest voices, 80 Hz, at
both sides; never adds up, since each piece is placed by the clock of the recording."""


def stretched(samples: FloatArray, rate_hz: int, first: int, stop: int, speed: float) -> Iterator[FloatArray]:
    """Yield `samples[first:stop]`, `speed` times as fast, as float32 pieces of shape (n,) that follow each other.

    Together they have `round((stop - first) / speed)` samples; what is heard at sample `t` of
    them is at `first + t * speed` of the original, within 5 ms.
    """
    total = round((stop - first) / speed)
    overlap = round(OVERLAP_S * rate_hz)
    tail: FloatArray = np.zeros(0, dtype=np.float32)
    at, length = 0, round(FIRST_PIECE_S * rate_hz)
    while at < total:
        end = min(total, at + length)
        more = overlap if end < total else 0
        slack = round(SEARCH_S * rate_hz) if len(tail) else 0
        made = _around(samples, rate_hz, first, (at - slack, end + more + slack), speed)
        begin = _best_fit(made, tail, slack)
        piece = made[begin : begin + end - at + more].copy()
        _blend(piece, tail)
        tail = piece[end - at :]
        yield piece[: end - at]
        at, length = end, round(PIECE_S * rate_hz)


def _around(samples: FloatArray, rate_hz: int, first: int, part: tuple[int, int], speed: float) -> FloatArray:
    """Return the samples from `part[0]` to `part[1]` of what `samples[first:]` is when stretched."""
    from python_stretch.Signalsmith import Stretch

    margin = round(MARGIN_S * rate_hz)
    # Whole samples before and after it of the original, silence where it has none.
    start = first + int(part[0] * speed) - margin
    end = first + int(part[1] * speed) + margin + 1
    source = samples[max(0, start) : max(0, end)]
    source = np.pad(source, (max(0, -start), max(0, end - max(0, start) - len(source))))
    stretch = Stretch(1)
    stretch.preset(1, rate_hz)
    stretch.setTimeFactor(speed)
    made: FloatArray = stretch.process(np.ascontiguousarray(source, dtype=np.float32)[np.newaxis])[0]
    skipped = round((first + part[0] * speed - start) / speed)
    return made[skipped : skipped + part[1] - part[0]]


def _best_fit(made: FloatArray, tail: FloatArray, slack: int) -> int:
    """Return where in `made` to begin, 0 to `2 * slack`, so that it goes on as `tail` does."""
    if not len(tail) or not tail.any():
        return slack
    length = len(tail)
    reach = made[: 2 * slack + length]
    alike = np.correlate(reach, tail, mode="valid")
    loud = np.sqrt(np.convolve(reach * reach, np.ones(length, dtype=np.float32), mode="valid")) + 1e-6
    return int(np.argmax(alike / loud))


def _blend(piece: FloatArray, tail: FloatArray) -> None:
    """Begin `piece` as the one before it went on."""
    count = min(len(tail), len(piece))
    ramp = np.arange(count, dtype=np.float32) / max(1, count)
    piece[:count] = piece[:count] * ramp + tail[:count] * (1 - ramp)
