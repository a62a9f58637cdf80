"""Findings made by hand: what an answer might be found to say, and the score that is made of it."""

from __future__ import annotations

import numpy as np

from interviewer.core.examine import Evidence, Findings
from interviewer.core.gates import Gate
from interviewer.core.marking import COVERED_FROM, LABELS, LOWEST_LABEL, PARAPHRASE_TO, PARTLY_FROM, chance_of, mark
from interviewer.core.models import Score
from interviewer.core.text import Stretch
from tests.core.judging import calibration

STRETCH = Stretch("It blocks.", words=(4, 6), pieces=(4, 7))
NAMES = [name for _, name in LABELS] + [LOWEST_LABEL]
NEARNESSES = [n / 20 for n in range(-20, 41)]


def with_chance(chance: float, *, same: float = 0.0, opposite: float = 0.0, judged: bool = False) -> Evidence:
    """A point of this chance to be ticked, found by halving: the more nearness, the more chance."""
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if chance_of(at(middle, same, opposite), judged=judged) < chance else (low, middle)
    return at(high, same, opposite)


def at(nearness: float, same: float = 0.0, opposite: float = 0.0) -> Evidence:
    return Evidence(nearness, 0.0, 0.0, STRETCH, same, opposite)


PARAPHRASED = 0.9 * PARAPHRASE_TO
"""Meaning of an answer that is no example itself."""
NEAR = 1.0
SAID = at(NEAR, same=0.99)
DENIED = at(NEAR, opposite=0.99)
UNSAID = at(0.0)
HALF_SAID = with_chance((COVERED_FROM + PARTLY_FROM) / 2, judged=True)


def findings(
    *points: Evidence,
    meaning: float = PARAPHRASED,
    shares: tuple[float, ...] = (),
    gates: tuple[Gate, ...] = (),
    words: float = 1000,
    judged: bool = True,
    stand_ins: bool = False,
) -> Findings:
    weights = np.array(shares or [1.0 / len(points)] * len(points))
    return Findings(meaning, weights, points, gates, int(words), judged=judged, stand_ins=stand_ins)


def marked(found: Findings, *, doubt: float = 0.0, coverage_only: bool = False, **changes: object) -> Score:
    texts = [f"Point {n}." for n in range(len(found.points))]
    return mark(texts, found, calibration(**changes), recipe="{}", doubt=doubt, coverage_only=coverage_only)


def kinds(score: Score) -> list[str]:
    return [gate.kind for gate in score.gates]
