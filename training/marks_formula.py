"""The formula of `interviewer.core.marking` over many answers at once, its constants as arguments.

Searching for constants takes a hundred thousand evaluations; `marking` itself takes one answer at a time. A test
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from interviewer.core import marking
from interviewer.core.calibration import Calibration
from interviewer.core.examine import Evidence, Findings
from interviewer.core.gates import MISTAKE

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Constants:
    """What is searched for, named as in `marking`; those of pairs stand one by one."""

    whole_weight: float = marking.WHOLE_WEIGHT
    accused_from: float = marking.ACCUSED_FROM
    accused_width: float = marking.ACCUSED_WIDTH
    notes_words: float = marking.NOTES_WORDS
    speech_words: float = marking.SPEECH_WORDS
    truth_from: float = marking.TRUTH_FROM
    truth_to: float = marking.TRUTH_TO
    truth_floor: float = marking.TRUTH_FLOOR
    right_below: float = marking.RIGHT_BELOW
    doubted_from: float = marking.DOUBTED_FROM
    softness: float = marking.SOFTNESS
    uncovered_floor: float = marking.UNCOVERED_FLOOR
    full_coverage: float = marking.FULL_COVERAGE
    coverage_power: float = marking.COVERAGE_POWER
    vague_middle: float = marking.VAGUE_MIDDLE
    vague_width: float = marking.VAGUE_WIDTH
    vague_floor: float = marking.VAGUE_FLOOR
    contradiction_power: float = marking.CONTRADICTION_POWER

    def moved(self, name: str, step: float) -> Constants:
        """Return the constants with one of them moved, within its BOUNDS."""
        low, high, _ = BOUNDS[name]
        return replace(self, **{name: min(high, max(low, getattr(self, name) + step))})

    @property
    def sound(self) -> bool:
        """Whether those that belong together are in order."""
        return self.notes_words + 1.0 <= self.speech_words and self.truth_from + 0.4 <= self.truth_to


BOUNDS = {
    "whole_weight": (0.0, 5.0, 0.7),
    "accused_from": (1.0, 8.0, 0.8),
    "accused_width": (0.2, 2.0, 0.2),
    "notes_words": (0.0, 6.0, 1.0),
    "speech_words": (1.0, 10.0, 1.0),
    "truth_from": (0.0, 1.2, 0.15),
    "truth_to": (0.6, 3.0, 0.3),
    "truth_floor": (0.1, 0.5, 0.06),
    "right_below": (-1.5, 0.0, 0.2),
    "doubted_from": (0.2, 1.5, 0.2),
    "softness": (0.4, 1.5, 0.12),
    "uncovered_floor": (0.05, 0.7, 0.06),
    "full_coverage": (0.68, 1.0, 0.04),
    "coverage_power": (0.4, 2.0, 0.15),
    "vague_middle": (0.15, 0.45, 0.05),
    "vague_width": (0.05, 0.15, 0.02),
    "vague_floor": (0.1, 0.5, 0.06),
    "contradiction_power": (0.7, 2.5, 0.25),
}
"""Lowest, highest, and the usual step of the search."""
assert set(BOUNDS) == {f.name for f in fields(Constants)}


@dataclass(frozen=True, slots=True)
class Told:
    """Findings of many answers; arrays of points have the shape (answers, most points), unused places are zero."""

    there: NDArray[np.bool_]
    shares: Floats
    nearness: Floats
    same: Floats
    opposite: Floats
    log_odds: Floats
    """That a person would tick the point."""
    meaning: Floats
    words: Floats
    near: Floats
    """The score that nearness alone would get; shape (answers,), like the two others."""
    gates: Floats
    mistakes: Floats

    @classmethod
    def of(cls, findings: Sequence[Findings], calibration: Calibration) -> Told:
        """Take findings apart."""
        most = max(len(f.points) for f in findings)

        def grid(value: str) -> Floats:
            return np.array([[getattr(p, value) for p in f.points] + [0.0] * (most - len(f.points)) for f in findings])

        def factors(f: Findings, *, mistakes: bool) -> float:
            return float(np.prod([g.factor for g in f.gates if (g.kind == MISTAKE) == mistakes]))

        odds = [[_log_odds(p) for p in f.points] + [0.0] * (most - len(f.points)) for f in findings]
        return cls(
            np.array([[i < len(f.points) for i in range(most)] for f in findings]),
            np.array([[*f.shares, *[0.0] * (most - len(f.points))] for f in findings]),
            *map(grid, ("nearness", "same", "opposite")),
            np.array(odds),
            np.array([f.meaning for f in findings]),
            np.array([float(f.words) for f in findings]),
            np.array([calibration.value(marking.raw_agreement(f)) for f in findings]),
            np.array([factors(f, mistakes=False) for f in findings]),
            np.array([factors(f, mistakes=True) for f in findings]),
        )


def _log_odds(point: Evidence) -> float:
    chance = marking.chance_of(point, judged=True)
    return float(np.log(chance / (1.0 - chance)))


@dataclass(frozen=True, slots=True)
class Marks:
    """What the formula makes of answers."""

    values: Floats
    covered: NDArray[np.bool_]
    contradicted: NDArray[np.bool_]


def marks(told: Told, c: Constants) -> Marks:
    """Return what `marking.mark` would, had it these constants."""
    spoken = told.there & (told.nearness >= marking.TOUCHED_FROM)
    odds = np.log((told.opposite + marking.LEAST_ODDS) / (told.same + marking.LEAST_ODDS))
    count = np.maximum(1, spoken.sum(axis=1))
    fluency = np.clip((told.words / count - c.notes_words) / (c.speech_words - c.notes_words), 0.0, 1.0)
    weight = (told.shares * spoken).sum(axis=1)
    answer = np.where(weight > 0, (told.shares * spoken * odds).sum(axis=1) / np.maximum(weight, 1e-9), 0.0) * fluency
    accused = fluency[:, None] * odds + c.whole_weight * answer[:, None]
    suspect = spoken & (told.opposite > told.same)
    wrong = suspect * _sigmoid((accused - c.accused_from) / c.accused_width)
    contradicted = wrong >= marking.TOLD_FROM
    chance = _sigmoid(told.log_odds) * told.there
    doubted = (answer >= c.doubted_from)[:, None] & (told.opposite >= told.same)
    covered = told.there & (chance >= marking.COVERED_FROM) & ~contradicted & ~doubted
    near = told.near * told.gates * np.where(answer < c.right_below, 1.0, told.mistakes)
    values = near * _coverage(told, wrong, c) * _vagueness(told, chance, c) * _truth(told, wrong, answer, c)
    return Marks(np.round(values, 1), covered, contradicted)


def _example(told: Told) -> Floats:
    span = marking.EXAMPLE_FROM - marking.PARAPHRASE_TO
    return np.clip((told.meaning - marking.PARAPHRASE_TO) / span, 0.0, 1.0)


def _coverage(told: Told, wrong: Floats, c: Constants) -> Floats:
    made = _sigmoid(c.softness * told.log_odds) * told.there * (1.0 - wrong)
    share = np.minimum(1.0, (told.shares * made).sum(axis=1) / c.full_coverage)
    bent: Floats = np.power(np.maximum(share, _example(told)), c.coverage_power)
    return c.uncovered_floor + (1.0 - c.uncovered_floor) * bent


def _vagueness(told: Told, chance: Floats, c: Constants) -> Floats:
    best = chance.max(axis=1)
    factor = c.vague_floor + (1.0 - c.vague_floor) * _sigmoid((best - c.vague_middle) / c.vague_width)
    return np.where(_example(told) > 0.0, 1.0, factor)


def _truth(told: Told, wrong: Floats, answer: Floats, c: Constants) -> Floats:
    doubt = np.clip((answer - c.truth_from) / (c.truth_to - c.truth_from), 0.0, 1.0)
    left: Floats = np.power(np.maximum(0.1, 1.0 - (told.shares * wrong).sum(axis=1)), c.contradiction_power)
    return np.minimum(left, 1.0 - (1.0 - c.truth_floor) * doubt)


def _sigmoid(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0)))
