"""Recordings with silences of known length put between sentences: what measures of pauses are held against.

Sentences begin and end where `vad_labels` hears them to, by energy above 100 Hz and with no speech detector; their
own silences are theirs, so only what was put in between is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks import vad_labels as labels
from benchmarks.speech_clips import at_level
from interviewer.core.delivery import COUNTED_PAUSE_S
from interviewer.core.models import Pause, Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

LENGTHS_S = (0.3, 5.0)
"""Shortest and longest silence that is put in."""
UNSURE_S = 0.03
"""No silence is put in whose length lies so near to COUNTED_PAUSE_S: its count would be a matter of luck."""
AROUND_S = 1.0
"""Silence before the first sentence and after the last."""
VOICE_DBFS = -25.0


@dataclass(frozen=True, slots=True)
class Put:
    """A recording and the silences that were put into it."""

    samples: FloatArray
    pauses: tuple[Pause, ...]
    drawn: tuple[int, ...] = ()
    """Which of the sentences are in it, in order."""

    @property
    def talk_s(self) -> float:
        """From the first sound to the last, in seconds."""
        return len(self.samples) / MODEL_RATE_HZ - 2 * AROUND_S

    def pace_wpm(self, words: Sequence[int]) -> float:
        """Return the words a minute that were put in, where each of the sentences has so many words."""
        return sum(words[which] for which in self.drawn) * 60.0 / self.talk_s


@dataclass(frozen=True, slots=True)
class Found:
    """How the silences that were measured lie to those that were put in."""

    put_s: float
    found_s: float
    long_put: int
    """Of COUNTED_PAUSE_S and more."""
    long_found: int
    edges_off_s: tuple[float, ...]
    """Of each edge of each silence that was found, signed: below 0 where it was found too early."""
    missed: int

    @property
    def total_error(self) -> float:
        """How far the total is off, as a share of what was put in."""
        return abs(self.found_s / self.put_s - 1.0)


def trimmed(samples: FloatArray) -> FloatArray:
    """Return a sentence from its first sound to its last, at VOICE_DBFS; empty where none is heard."""
    loud = np.flatnonzero(labels.labelled(samples))
    if not len(loud):
        return samples[:0]
    step = round(labels.STEP_S * MODEL_RATE_HZ)
    return at_level(samples[loud[0] * step : (loud[-1] + 1) * step], VOICE_DBFS)


def put_in(sentences: Sequence[FloatArray], count: int, room_dbfs: float | None, seed: int) -> Put:
    """Return a recording of trimmed sentences, drawn at random, with so many silences between them.

    `room_dbfs` is the level of a hiss over all of it; None is dead silence.
    """
    rng = np.random.default_rng(seed)
    parts = [_silence(AROUND_S)]
    pauses: list[Pause] = []
    drawn: list[int] = []
    length = len(parts[0])
    for place in range(count + 1):
        drawn.append(int(rng.integers(len(sentences))))
        sentence = sentences[drawn[-1]]
        parts.append(sentence)
        length += len(sentence)
        if place < count:
            parts.append(_silence(_drawn(rng)))
            pauses.append(Pause(length / MODEL_RATE_HZ, (length + len(parts[-1])) / MODEL_RATE_HZ))
            length += len(parts[-1])
    samples = np.concatenate([*parts, _silence(AROUND_S)])
    if room_dbfs is not None:
        samples += rng.normal(0.0, 10 ** (room_dbfs / 20), len(samples)).astype(np.float32)
    return Put(np.clip(samples, -1.0, 1.0), tuple(pauses), tuple(drawn))


def _drawn(rng: np.random.Generator) -> float:
    while True:
        seconds = float(rng.uniform(*LENGTHS_S))
        if abs(seconds - COUNTED_PAUSE_S) > UNSURE_S:
            return seconds


def _silence(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


def held_against(put: Put, spans: Sequence[Span]) -> Found:
    """Hold what lies between spans of speech against the silences that were put in.

    A silence counts as found where one that was measured has its middle inside it; what else was measured is
    the sentences' own.
    """
    measured = [Pause(a.end_s, b.start_s) for a, b in pairwise(spans)]
    pairs = [(one, _within(one, measured)) for one in put.pauses]
    found = [(one, gap) for one, gap in pairs if gap is not None]
    return Found(
        put_s=_total(put.pauses),
        found_s=_total(gap for _, gap in found),
        long_put=sum(p.seconds >= COUNTED_PAUSE_S for p in put.pauses),
        long_found=sum(gap.seconds >= COUNTED_PAUSE_S for _, gap in found),
        edges_off_s=tuple(off for one, gap in found for off in (gap.start_s - one.start_s, gap.end_s - one.end_s)),
        missed=len(pairs) - len(found),
    )


def _within(one: Pause, measured: Sequence[Pause]) -> Pause | None:
    """Return the longest measured silence with its middle inside this one."""
    inside = [g for g in measured if one.start_s < (g.start_s + g.end_s) / 2 < one.end_s]
    return max(inside, key=lambda gap: gap.seconds, default=None)


def _total(pauses: Iterable[Pause]) -> float:
    return sum(p.seconds for p in pauses)
