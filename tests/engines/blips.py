"""Made-up speech: every word is a blip that says which word it is, so that none can be lost or doubled unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import FRAME, Cutter, Detector, Piece, Rule
from interviewer.engines.streaming import Spoken

FAINT = 0.001
"""Standard deviation of -60 dBFS."""
LOUD = 0.25
STEP = 2.0**-14
"""Word number k is a blip of LOUD + k * STEP: exact in float32, below full scale up to 12,000 words."""
APART_FRAMES = 4
LEAST_FRAMES = 5
"""A detector like Silero ends speech after so much silence, and takes speech for real beyond so much."""
PAD = 480

TERSE = ((0.2, 0.6), (0.1, 0.4, 1.0, 2.5, 6.0))
FLUENT = ((0.2, 0.7), (0.06, 0.08, 0.08, 0.2, 0.7))
BREATHLESS = ((0.2, 0.6), (0.07, 0.08, 0.09))
RUSHED = ((0.2, 0.6), (0.0,))
EVEN = ((0.3, 0.4), (0.25, 0.3, 0.35, 0.9))
MOODS = (TERSE, FLUENT, BREATHLESS, EVEN)
"""Shortest and longest word, and the pauses between two, in seconds. Words under 0.16 s are no speech to a detector."""


def quiet(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


def loud(seconds: float) -> FloatArray:
    """Return one word that never ends."""
    return np.full(round(seconds * MODEL_RATE_HZ), LOUD, dtype=np.float32)


@dataclass(frozen=True)
class Talk:
    """A recording of words."""

    samples: FloatArray
    lengths: tuple[int, ...]
    """Of its words, in samples."""

    @property
    def said(self) -> list[str]:
        return [f"w{number}" for number in range(len(self.lengths))]


def talk(
    seed: int, seconds: float, *moods: tuple[tuple[float, float], tuple[float, ...]], before_s: float = 0.0
) -> Talk:
    """Return so many seconds of words in a mood that changes now and then, with faint noise between them."""
    rng = np.random.default_rng(seed)
    total = round(seconds * MODEL_RATE_HZ)
    samples = np.resize(rng.normal(0.0, FAINT, MODEL_RATE_HZ).astype(np.float32), total)
    lengths: list[int] = []
    at, mood = round(before_s * MODEL_RATE_HZ), moods[0]
    while True:
        if rng.random() < 0.05:
            mood = moods[rng.integers(len(moods))]
        length = round(rng.uniform(*mood[0]) * MODEL_RATE_HZ)
        if at + length > total:
            return Talk(samples[: max(at, 1)], tuple(lengths))
        samples[at : at + length] = LOUD + len(lengths) * STEP
        lengths.append(length)
        at += length + round(rng.choice(mood[1]) * rng.uniform(0.9, 1.1) * MODEL_RATE_HZ)


def blocks(samples: FloatArray, seed: int, least_s: float = 0.001, most_s: float = 3.0) -> Iterator[FloatArray]:
    """Yield samples in blocks of random sizes, short and long ones alike, with empty ones between."""
    rng = np.random.default_rng(seed)
    at = 0
    while at < len(samples):
        length = max(1, round(np.exp(rng.uniform(np.log(least_s), np.log(most_s))) * MODEL_RATE_HZ))
        yield samples[at : at + length]
        if rng.random() < 0.1:
            yield samples[:0]
        at += length


class LoudDetector:
    """A `cutting.Detector` that takes what is loud for speech, and sees as far ahead as Silero does."""

    def __init__(self) -> None:
        self.resets = 0
        self.frames = 0

    def reset(self) -> None:
        self.resets += 1
        self.frames = 0

    def probabilities(self, samples: FloatArray) -> list[float]:
        frames = np.abs(samples).reshape(-1, FRAME).max(axis=1) > LOUD / 2
        self.frames += len(frames)
        return [float(loud) for loud in frames]

    def spans(self, probabilities: Sequence[float], samples: int) -> list[tuple[int, int]]:
        loud = np.flatnonzero(np.asarray(probabilities) >= 0.5)
        if not len(loud):
            return []
        breaks = np.flatnonzero(np.diff(loud) > APART_FRAMES)
        starts = loud[np.concatenate([[0], breaks + 1])] * FRAME
        ends = (loud[np.concatenate([breaks, [len(loud) - 1]])] + 1) * FRAME
        if len(probabilities) * FRAME - ends[-1] <= APART_FRAMES * FRAME:
            ends[-1] = samples  # it may go on
        kept = ends - starts > LEAST_FRAMES * FRAME
        found = zip(starts[kept].tolist(), ends[kept].tolist(), strict=True)
        return [(max(0, start - PAD), min(samples, end + PAD)) for start, end in found]


class BlipScribe:
    """A `streaming.Scribe` that knows how long each word is, and writes "~" for one that it has not heard whole."""

    engine, model, rough = "blips", "made-up", False

    def __init__(self, lengths: Sequence[int], rule: Rule, blur: Callable[[int], float] | None = None) -> None:
        self.rule = rule
        self._lengths = lengths
        self._blur = blur or (lambda _: 0.0)
        self.terms: list[tuple[str, ...]] = []
        self.asked: list[tuple[int, tuple[Span, ...]]] = []
        self.warmed = 0

    def prime(self, terms: Sequence[str]) -> None:
        self.terms.append(tuple(terms))

    def warm_up(self) -> None:
        self.warmed += 1

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> list[Spoken]:
        self.asked.append((len(samples), tuple(speech)))
        numbers = np.where(samples > LOUD / 2, np.rint((samples - LOUD) / STEP), -1).astype(np.int64)
        edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
        runs = [(first, last, int(numbers[first])) for first, last in pairwise(edges) if first < last]
        return [self._spoken(first, last, number) for first, last, number in runs if number >= 0]

    def _spoken(self, first: int, last: int, number: int) -> Spoken:
        text = f" w{number}" if last - first == self._lengths[number] else " ~"
        late_s = self._blur(len(self.asked))
        return Spoken(text, first / MODEL_RATE_HZ + late_s, last / MODEL_RATE_HZ + late_s, 1.0)


def cut(detector: Detector, rule: Rule, *fed: FloatArray) -> list[Piece]:
    """Return the pieces of a recording fed in these blocks."""
    cutter = Cutter(detector, rule)
    pieces = [piece for block in fed for piece in cutter.feed(block)]
    return pieces + list(cutter.finish())


def whole_spans(detector: Detector, samples: FloatArray) -> tuple[Span, ...]:
    """Return the speech of a recording that is not cut."""
    detector.reset()
    probabilities = detector.probabilities(np.pad(samples, (0, -len(samples) % FRAME)))
    found = detector.spans(probabilities, len(samples))
    return tuple(Span(start / MODEL_RATE_HZ, end / MODEL_RATE_HZ) for start, end in found)
