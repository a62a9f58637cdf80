"""The formula that constants are searched with is the one that marks answers."""

from __future__ import annotations

import numpy as np
import pytest

from interviewer.core.examine import Evidence, Findings
from interviewer.core.gates import MISTAKE, Gate
from interviewer.core.marking import states_of
from interviewer.core.models import Coverage
from tests.core.findings import STRETCH, findings, marked
from tests.core.judging import calibration
from training.marks_formula import BOUNDS, Constants, Told, marks


def some(seed: int) -> Findings:
    """Findings of any kind, by chance."""
    chance = np.random.default_rng(seed)

    def point() -> Evidence:
        same, opposite = chance.dirichlet((0.5, 0.5, 0.5))[:2]
        near, margin, lead = chance.normal((0.4, 0.0, 0.0), 0.2)
        return Evidence(float(near), float(margin), float(lead), STRETCH, float(same), float(opposite))

    points = [point() for _ in range(chance.integers(1, 7))]
    shares = chance.dirichlet([2.0] * len(points))
    gates = [Gate(0.4, "Check.", MISTAKE), Gate(0.3, "A list.", "keyword list"), Gate(1.0, "Again.", "repeated")]
    fired = tuple(g for g in gates if chance.random() < 0.3)
    meaning, words = float(chance.uniform(0.1, 1.0)), float(chance.integers(3, 90))
    return findings(*points, meaning=meaning, shares=tuple(shares.tolist()), gates=fired, words=words)


@pytest.mark.parametrize("seed", range(10))
def test_many_answers_at_once_get_what_each_gets_alone(seed: int) -> None:
    every = [some(1000 * seed + n) for n in range(30)]
    found = marks(Told.of(every, calibration()), Constants())
    assert found.values == pytest.approx([marked(f).value for f in every], abs=0.11)
    for f, covered, contradicted in zip(every, found.covered, found.contradicted, strict=True):
        states = states_of(f)
        assert [s is Coverage.COVERED for s in states] == covered[: len(states)].tolist()
        assert [s is Coverage.CONTRADICTED for s in states] == contradicted[: len(states)].tolist()


def test_a_constant_moves_within_its_bounds() -> None:
    for name, (low, high, step) in BOUNDS.items():
        assert getattr(Constants().moved(name, 1000 * step), name) == high
        assert getattr(Constants().moved(name, -1000 * step), name) == low


def test_constants_that_contradict_each_other_are_not_sound() -> None:
    assert Constants().sound
    assert not Constants(truth_from=1.0, truth_to=1.2).sound
    assert not Constants(notes_words=5.0, speech_words=5.0).sound
