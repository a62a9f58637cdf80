"""Cuts an answer into pieces while it is spoken: in pauses, never inside a word, none too long.

What is cut depends on the sound alone, not on how it was delivered: decisions fall on a fixed
grid of the recording's own clock, so that blocks of any size, a file fed at once and a
microphone give the same pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

FRAME = 512
"""Samples that a detector hears at a time, 32 ms."""
GRID = 8
"""Frames between two looks for a place to cut: four looks a second."""
KEPT_FRAMES = 24
"""Of silence, so much is kept for speech that begins in it: its padding, and what nobody can tell from a click yet."""
UNSEEN_FRAMES = 6
"""Speech that began so late may not be seen yet: a detector waits until it is more than a click."""
LEAST_S = 5.0
"""A piece that got too long is not cut before this."""
OVERLAP_S = 1.0
"""Where nobody pauses, both pieces hear this much beyond the cut, so that each has the word at the cut whole."""
QUIET_MS = 60
"""What counts as a quiet moment: about the closure before a consonant, and less than most gaps between words."""
SEARCHED_S = 10.0
"""A quiet moment is looked for in so much of the end of a piece without pauses."""


class Detector(Protocol):
    """Hears where somebody speaks."""

    def reset(self) -> None:
        """Forget what was heard."""
        ...

    def probabilities(self, samples: FloatArray) -> list[float]:
        """Return how likely speech is in each frame of FRAME samples. Raises EngineError."""
        ...

    def spans(self, probabilities: Sequence[float], samples: int) -> list[tuple[int, int]]:
        """Return where speech begins and ends in `samples` samples, in order and apart."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """When a piece ends."""

    longest_s: float
    """No more speech than that in a piece, pauses inside it included."""
    pauses: tuple[tuple[float, float], ...]
    """Pairs of length and pause, in seconds, the lengths rising from 0: from that length on so long a pause ends it.
    None is shorter than a quarter of a second."""

    pad_s: float = 0.2
    """Sound kept around speech, as far as there is some, so that no first or last consonant is cut."""

    def pause_s(self, length_s: float) -> float:
        """Return how long a pause must be to end a piece of this length."""
        return next(pause for least, pause in reversed(self.pauses) if length_s >= least)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a recording with speech in it, to be written down in one go."""

    start_s: float
    """Where its samples begin on the recording's clock."""
    samples: FloatArray
    """float32, mono, MODEL_RATE_HZ, shape (n,)."""
    speech: tuple[Span, ...]
    """Where somebody speaks in it, on the recording's clock."""
    first_s: float
    last_s: float
    """Words whose middle lies before the one or not before the other are a neighbour's."""

    @property
    def end_s(self) -> float:
        """Where its samples end on the recording's clock."""
        return self.start_s + len(self.samples) / MODEL_RATE_HZ


class Cutter:
    """Takes an answer in blocks and yields its pieces. Not thread-safe; keeps no more than a piece in memory."""

    def __init__(self, detector: Detector, rule: Rule) -> None:
        self._detector = detector
        self._rule = rule
        self._pad = round(rule.pad_s * MODEL_RATE_HZ)
        self.begin()

    def begin(self) -> None:
        """Start a recording."""
        self._detector.reset()
        self._fed = 0
        """Samples of the recording so far."""
        self._origin = 0
        """Where the open part begins: samples from the start of the recording, whole frames."""
        self._open = np.zeros(0, dtype=np.float32)
        self._waiting: list[FloatArray] = []
        self._probabilities: list[float] = []
        self._first = 0
        """Where the open part's own words begin, in samples of the recording."""

    def feed(self, samples: FloatArray) -> Iterator[Piece]:
        """Take more of the recording, of any size; yields the pieces that it completes. Raises EngineError."""
        for first in range(0, len(samples), MODEL_RATE_HZ):
            block = clean(samples[first : first + MODEL_RATE_HZ])
            self._waiting.append(block)
            self._fed += len(block)
            # Blocks may be tiny: they are joined only once there is something to look at.
            while self._unheard() >= GRID * FRAME:
                self._join()
                self._hear()
                yield from self._look()

    def finish(self) -> Iterator[Piece]:
        """End the recording; yields the last piece if there is speech in it. Raises EngineError."""
        self._join()
        rest = self._open[len(self._probabilities) * FRAME :]
        if len(rest):
            # Silence behind them up to whole frames, as Silero's own code hears a last frame.
            self._probabilities += self._detector.probabilities(np.pad(rest, (0, -len(rest) % FRAME)))
        spans = self._detector.spans(self._probabilities, len(self._open))
        if spans:
            yield self._piece(spans, min(len(self._open), spans[-1][1] + self._pad))
        self.begin()

    def _unheard(self) -> int:
        """Return how many samples the detector has not heard yet."""
        return self._fed - self._origin - len(self._probabilities) * FRAME

    def _join(self) -> None:
        if self._waiting:
            self._open = np.concatenate([self._open, *self._waiting])
            self._waiting.clear()

    def _hear(self) -> None:
        first = len(self._probabilities) * FRAME
        self._probabilities += self._detector.probabilities(self._open[first : first + GRID * FRAME])

    def _look(self) -> Iterator[Piece]:
        """Cut where the rule says so."""
        now = len(self._probabilities) * FRAME
        spans = self._detector.spans(self._probabilities, now)
        if not spans:
            self._drop(now - KEPT_FRAMES * FRAME)
            return
        begin, end = spans[0][0], spans[-1][1]
        if now - end >= self._rule.pause_s((end - begin) / MODEL_RATE_HZ) * MODEL_RATE_HZ:
            yield self._cut(spans, end + min(self._pad, now - UNSEEN_FRAMES * FRAME - end))
        elif now - begin >= self._rule.longest_s * MODEL_RATE_HZ:
            yield self._cut_in_gap(spans) or self._cut_in_speech(spans, now)

    def _cut(self, spans: Sequence[tuple[int, int]], at: int) -> Piece:
        at -= at % FRAME
        piece = self._piece(spans, at)
        self._drop(at)
        return piece

    def _cut_in_gap(self, spans: Sequence[tuple[int, int]]) -> Piece | None:
        """Cut a piece that got too long where a long pause comes late; None where there is no pause."""
        begin = spans[0][0]
        gaps = [
            (spans[i + 1][0] - spans[i][1], spans[i][1], i + 1)
            for i in range(len(spans) - 1)
            if spans[i][1] - begin >= LEAST_S * MODEL_RATE_HZ
        ]
        if not gaps:
            return None
        gap, end, count = max(gaps, key=lambda g: g[0] * (g[1] - begin))
        return self._cut(spans[:count], end + min(self._pad, gap // 2))

    def _cut_in_speech(self, spans: Sequence[tuple[int, int]], now: int) -> Piece:
        """Cut where it is quietest; both sides hear beyond it, and words go to the side where their middle is."""
        overlap = round(OVERLAP_S * MODEL_RATE_HZ)
        at = self._quietest(now - round(SEARCHED_S * MODEL_RATE_HZ), now - overlap)
        inside = [(start, min(end, at)) for start, end in spans if start < at]
        piece = self._piece(inside, at + overlap, last=at)
        self._drop(at - overlap)
        self._first = piece_end = round(piece.last_s * MODEL_RATE_HZ)
        assert piece_end > self._origin  # an overlap lies behind it
        return piece

    def _quietest(self, first: int, last: int) -> int:
        """Return the middle of the quietest moment between two samples of the open part."""
        width = QUIET_MS * MODEL_RATE_HZ // 1000
        energy = np.cumsum(np.square(self._open[first:last], dtype=np.float64))
        return first + int(np.argmin(energy[width:] - energy[:-width])) + width // 2

    def _piece(self, spans: Sequence[tuple[int, int]], end: int, last: int | None = None) -> Piece:
        """Return the piece from the first span, padded, to `end`; `last` is where its own words end."""
        begin = max(0, spans[0][0] - self._pad)
        own = max(self._first - self._origin, 0)
        speech = [(max(start, own), stop) for start, stop in spans if stop > own]
        return Piece(
            self._clock(begin),
            self._open[begin:end].copy(),
            tuple(Span(self._clock(start), self._clock(stop)) for start, stop in speech),
            self._clock(own) if own else 0.0,
            self._clock(last) if last is not None else float("inf"),
        )

    def _clock(self, sample: int) -> float:
        return (self._origin + sample) / MODEL_RATE_HZ

    def _drop(self, until: int) -> None:
        """Let go of the open part's beginning, whole frames of it."""
        frames = max(0, until // FRAME)
        self._open = self._open[frames * FRAME :].copy()
        del self._probabilities[:frames]
        self._origin += frames * FRAME


def clean(samples: NDArray[np.generic]) -> FloatArray:
    """Return a copy in float32 from -1 to 1: what a driver delivers may hold anything.

    One NaN would silence all that follows it.
    """
    scale = 32768 if samples.dtype == np.int16 else 1
    return np.clip(np.nan_to_num(samples) / scale, -1.0, 1.0).astype(np.float32)
