"""The formula of `interviewer.core.marking` over many answers at once, its constants as arguments.

Searching for constants takes a hundred thousand evaluations; `marking` itself takes one answer at a time. A test
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from interviewer.core import marking
from interviewer.core.calibration import Calibration
from interviewer.core.examine import Findings
from interviewer.core.gates import MISTAKE

Floats = NDArray[np.float64]


def _searched(value: float, low: float, high: float, step: float) -> float:
    """Return a field for a constant: what ships, the lowest and highest to try, and the usual step."""
    made: float = field(default=value, metadata={"bounds": (low, high, step)})
    return made


@dataclass(frozen=True, slots=True)
class Constants:
    """What is searched for, named as in `marking`; those of pairs stand one by one."""

    whole_weight: float = _searched(marking.WHOLE_WEIGHT, 0.0, 5.0, 0.7)
    accused_from: float = _searched(marking.ACCUSED_FROM, 1.0, 8.0, 0.8)
    accused_width: float = _searched(marking.ACCUSED_WIDTH, 0.2, 2.0, 0.2)
    notes_words: float = _searched(marking.NOTES_WORDS, 0.0, 6.0, 1.0)
    speech_words: float = _searched(marking.SPEECH_WORDS, 1.0, 10.0, 1.0)
    truth_from: float = _searched(marking.TRUTH_FROM, 0.0, 1.2, 0.15)
    truth_to: float = _searched(marking.TRUTH_TO, 0.6, 3.0, 0.3)
    truth_floor: float = _searched(marking.TRUTH_FLOOR, 0.1, 0.5, 0.06)
    right_below: float = _searched(marking.RIGHT_BELOW, -1.5, 0.0, 0.2)
    doubted_from: float = _searched(marking.DOUBTED_FROM, 0.2, 1.5, 0.2)
    softness: float = _searched(marking.SOFTNESS, 0.4, 1.5, 0.12)
    uncovered_floor: float = _searched(marking.UNCOVERED_FLOOR, 0.05, 0.7, 0.06)
    full_coverage: float = _searched(marking.FULL_COVERAGE, 0.68, 1.0, 0.04)
    coverage_power: float = _searched(marking.COVERAGE_POWER, 0.4, 2.0, 0.15)
    vague_middle: float = _searched(marking.VAGUE_MIDDLE, 0.15, 0.45, 0.05)
    vague_width: float = _searched(marking.VAGUE_WIDTH, 0.05, 0.15, 0.02)
    vague_floor: float = _searched(marking.VAGUE_FLOOR, 0.1, 0.5, 0.06)
    contradiction_power: float = _searched(marking.CONTRADICTION_POWER, 0.7, 2.5, 0.25)

    def moved(self, name: str, step: float) -> Constants:
        """Return the constants with one of them moved, within its BOUNDS."""
        low, high, _ = BOUNDS[name]
        return replace(self, **{name: min(high, max(low, getattr(self, name) + step))})

    @property
    def sound(self) -> bool:
        """Whether those that belong together are in order."""
        return self.notes_words + 1.0 <= self.speech_words and self.truth_from + 0.4 <= self.truth_to


BOUNDS: dict[str, tuple[float, float, float]] = {f.name: f.metadata["bounds"] for f in fields(Constants)}
"""Lowest, highest, and the usual step of the search."""


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

        odds = [
            [marking.chance_odds(p, judged=True) for p in f.points] + [0.0] * (most - len(f.points)) for f in findings
        ]
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
