"""How fast somebody spoke, over the whole answer and in the course of it, and how far that may be off."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import numpy as np
from numpy.typing import NDArray

from interviewer.core.heard import Edges, PacePoint
from interviewer.core.models import UNSURE_WORD, Delivery, Span, Word

WINDOW_S = 10.0
"""Of talk that is counted around each moment: two or three sentences. One word more or less is six words a minute."""
MOST_POINTS = 120
"""A longer answer has its points further apart: no plot shows more."""
SHORTEST_TALK_S = 5.0
"""Under this much talk a rate a minute says nothing."""
WORD_TIME_OFF_S = 0.2
"""What a recogniser's word times are taken to be off by: an allowance of ours for both ends of a window. Studies
of word times (WhisperX, Bain et al. 2023) count a word as found within the same."""
MISCOUNTED = 0.65
"""Of the words that a recogniser doubts, the share by which their number may be off: most of them are one word taken
for another. With the built-in recogniser and the 26 clips of `benchmarks/delivery.py` nine of ten lay within it."""
EDGE_OFF_S = {Edges.WORDS: WORD_TIME_OFF_S, Edges.VOICE: 0.12, Edges.SOUND: 0.05}
"""How far the beginning or the end of a stretch of speech may be off. Measured by `benchmarks/delivery.py` on clips
with silences of known length put in between: nine of ten edges lay within it, also with a fan in the room (in a
quiet one within half of it)."""


def pace_over_time(words: Sequence[Word], talk: Span) -> tuple[PacePoint, ...]:
    """Return the pace around moments a second or more apart, empty for under SHORTEST_TALK_S of talk.

    Each counts WINDOW_S of talk, or all of a shorter one, pauses included; a word half inside counts as half a
    word. It may be off by words that lie across the window's ends (their times are off), and by words that the
    recogniser itself doubts; both are taken as independent.
    """
    talk_s = talk.end_s - talk.start_s
    if talk_s < SHORTEST_TALK_S or not words:
        return ()
    window_s = min(WINDOW_S, talk_s)
    step_s = max(1.0, (talk_s - window_s) / (MOST_POINTS - 1))
    count = int((talk_s - window_s) / step_s + 1e-6) + 1
    begins = talk.start_s + step_s * np.arange(count, dtype=np.float64)
    said = _said_by(words, begins + window_s) - _said_by(words, begins)
    doubted = _said_by(words, begins + window_s, doubted=True) - _said_by(words, begins, doubted=True)
    a_minute = 60.0 / window_s
    return tuple(
        PacePoint(
            round(float(begin) + window_s / 2, 3),
            round(float(n) * a_minute, 1),
            round(hypot(float(n) / window_s * WORD_TIME_OFF_S * 2**0.5, MISCOUNTED * float(d)) * a_minute, 1),
        )
        for begin, n, d in zip(begins, said, doubted, strict=True)
    )


def _said_by(words: Sequence[Word], moments: NDArray[np.float64], *, doubted: bool = False) -> NDArray[np.float64]:
    """Return how many words were said by each moment; with `doubted` how many of them were probably others.

    A word whose time reaches into the next one ends where that begins.
    """
    timed = sorted(words, key=_start)
    starts = np.array([w.start_s for w in timed])
    ends = np.minimum(np.maximum([w.end_s for w in timed], starts), np.append(starts[1:], np.inf))
    each = (
        [1.0 - w.probability if w.probability < UNSURE_WORD else 0.0 for w in timed] if doubted else np.ones(len(timed))
    )
    after = np.cumsum(each)
    corners, said = np.column_stack([starts, ends]).ravel(), np.column_stack([after - each, after]).ravel()
    found: NDArray[np.float64] = np.interp(moments, corners, said)
    return found


def _start(word: Word) -> float:
    return word.start_s


def pace_off_wpm(delivery: Delivery) -> float | None:
    """Return by how many words a minute the pace of the whole answer may be off; None where it has no pace.

    It is off where the talk begins or ends elsewhere, and where words that the recogniser doubts were none or two.
    """
    if delivery.pace_wpm is None:
        return None
    edges = 2**0.5 * EDGE_OFF_S[delivery.edges] / delivery.talk_s
    return delivery.pace_wpm * hypot(edges, MISCOUNTED * delivery.doubt)


def silence_off_s(delivery: Delivery, count: int) -> float:
    """Return by how many seconds so many silences together may be off: two edges each, all to the same side."""
    return 2.0 * EDGE_OFF_S[delivery.edges] * count
