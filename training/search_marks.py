"""Search the constants of marking that no regression finds: `python -m training.search_marks --data DIR`.

Simulated annealing (Kirkpatrick and others 1983) over `marks_formula.Constants`, on the answers of tests/suite to
the bank's entries at even positions and on interview_suite.json, as they are and misheard. What is wanted of them
stands in `WANTED`; entries at odd positions are left to `benchmarks/scoring.py`. Prints what to write into `marking`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scoring_noise import Mishearing
from benchmarks.scoring_suite import (
    DRAWS,
    POINTED,
    WRONG,
    Entry,
    halves,
    own_pairs,
    read_mistakes,
    read_own,
    read_suite,
    suite_pairs,
)
from interviewer.core import calibration
from interviewer.core.examine import Findings
from interviewer.core.paper import sheet_of
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog
from training.marks_formula import BOUNDS, Constants, Marks, Told, marks

STEPS = 9000
HOTTEST = 0.5
MOST_MOVED = 3
"""Constants that one step may move."""
PLAIN, LISTED, OWN, MISHEARD = "suite", "suite, mistakes listed", "own", "misheard"


@dataclass(frozen=True, slots=True)
class Item:
    """An answer: which set, entry and kind it is of, and which of its entry's points it makes."""

    group: str
    entry: str
    kind: str
    covered: frozenset[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """A figure that is wanted, from below where `least`, and by how much missing it by a unit counts."""

    bound: float
    unit: float
    least: bool = True

    def missed(self, value: float) -> float:
        """Return the squared distance to the bound in units; 0 where it is met."""
        short = self.bound - value if self.least else value - self.bound
        return max(0.0, short / self.unit) ** 2


WANTED = {
    "full": Wish(78.6, 0.5),
    "full over partial": Wish(15.6, 0.4),
    "wrong": Wish(38.0, 5.0, least=False),
    "wrong, mistakes listed": Wish(28.0, 5.0, least=False),
    "pairs": Wish(0.0, 1.0, least=False),
    "full over wrong": Wish(0.0, 2.0, least=False),
    "misheard": Wish(2.85, 0.15, least=False),
    "precision": Wish(0.86, 0.02),
    "recall": Wish(0.81, 0.02),
    "precision with wrong": Wish(0.81, 0.02),
    "accused": Wish(0.01, 0.005, least=False),
    "own full": Wish(84.0, 3.0),
    "own full over partial": Wish(22.0, 3.0),
    "own wrong": Wish(32.0, 5.0, least=False),
    "own vague": Wish(12.0, 3.0, least=False),
    "own recited": Wish(97.0, 1.0),
    "own pairs": Wish(0.99, 0.005),
}


class Answers:
    """Everything that constants are searched on, found once."""

    def __init__(self, items: Sequence[Item], told: Told, pairs: Sequence[tuple[int, int]], own: int) -> None:
        self.items, self.told = items, told
        self._pairs = np.array(pairs)
        """Places of two answers of which the first should get more; from `own` on those of the own suite."""
        self._own = own
        at = {(i.group, i.entry, i.kind): n for n, i in enumerate(items) if i.group != MISHEARD}
        self._before = [(n, at[LISTED, i.entry, i.kind]) for n, i in enumerate(items) if i.group == MISHEARD]
        self._wrong = [(at[g, e, "full"], n) for (g, e, kind), n in at.items() if g != OWN and kind == "wrong"]
        kinds = sorted({(i.group, i.kind) for i in items if i.group != MISHEARD})
        self._kinds = {key: np.array([(i.group, i.kind) == key for i in items]) for key in kinds}
        self._honest = np.array([i.group in (PLAIN, OWN) and i.kind in POINTED for i in items])
        self._shared = np.array([i.group == PLAIN for i in items])
        self._lying = np.array([i.kind in WRONG for i in items])
        places = range(told.there.shape[1])
        self._made = np.array([[k in i.covered for k in places] for i in items])

    def figures(self, c: Constants) -> dict[str, float]:
        """Return every figure that something is wanted of."""
        found = marks(self.told, c)
        v = found.values
        short = np.minimum(0.0, v[self._pairs[:, 0]] - v[self._pairs[:, 1]] - 1.0)
        beaten = [min(0.0, float(v[full] - v[wrong]) - 1.0) for full, wrong in self._wrong]
        mean = {key: float(v[rows].mean()) for key, rows in self._kinds.items()}
        before, after = np.array(self._before).T[::-1]
        return {
            "full": mean[PLAIN, "full"],
            "full over partial": mean[PLAIN, "full"] - mean[PLAIN, "partial"],
            "wrong": mean[PLAIN, "wrong"],
            "wrong, mistakes listed": mean[LISTED, "wrong"],
            "pairs": float(np.abs(short[: self._own]).sum()),
            "full over wrong": float(np.abs(beaten).sum()),
            "misheard": float(np.abs(v[after] - v[before]).mean()),
            **self._points(found),
            "own full": mean[OWN, "full"],
            "own full over partial": mean[OWN, "full"] - mean[OWN, "partial"],
            "own wrong": (mean[OWN, "wrong_swap"] + mean[OWN, "wrong_negation"]) / 2,
            "own vague": mean[OWN, "vague"],
            "own recited": mean[OWN, "recited"],
            "own pairs": float((short[self._own :] > -1.0).mean()),
        }

    def loss(self, c: Constants) -> float:
        """Return how far the figures are from what is wanted."""
        return sum(WANTED[name].missed(value) for name, value in self.figures(c).items())

    def _points(self, found: Marks) -> dict[str, float]:
        """Return how well the points of the shared suite are recognised, and who is accused in both."""
        rows = self._shared & self._honest
        return {
            "precision": _share(found.covered & self._made, found.covered, rows),
            "recall": _share(found.covered & self._made, self._made, rows),
            "precision with wrong": _share(
                found.covered & self._made, found.covered, rows | (self._shared & self._lying)
            ),
            "accused": _share(found.contradicted & self._made, self._made, self._honest),
        }


def _share(some: NDArray[np.bool_], every: NDArray[np.bool_], rows: NDArray[np.bool_]) -> float:
    return float(some[rows].sum()) / max(1.0, float(every[rows].sum()))


def gathered(data: Path, scorer: MeaningScorer) -> Answers:
    """Find out about every answer once. Raises as `read_suite` does."""
    groups = {
        PLAIN: read_suite(data / "interview_suite.json"),
        LISTED: read_suite(data / "interview_suite.json", read_mistakes()),
        OWN: halves(read_own())["tuned"],
    }
    made = [one for group, entries in groups.items() for e in entries for one in _answers(group, e, scorer)]
    made += _misheard(groups[LISTED], scorer)
    items = [item for item, _ in made]
    at = {(i.group, i.entry, i.kind): n for n, i in enumerate(items)}
    shared = [
        (at[g, e.question.id, a], at[g, e.question.id, b])
        for g in (PLAIN, LISTED)
        for e in groups[g]
        for a, b in suite_pairs(e)
    ]
    own = [(at[OWN, e.question.id, a], at[OWN, e.question.id, b]) for e in groups[OWN] for a, b in own_pairs(e)]
    made_of = calibration.read(catalog.calibration_file(scorer.model_hash, None))
    return Answers(items, Told.of([found for _, found in made], made_of), shared + own, len(shared))


def _answers(group: str, entry: Entry, scorer: MeaningScorer) -> Iterator[tuple[Item, Findings]]:
    for kind, told in entry.answers.items():
        yield Item(group, entry.question.id, kind, told.covered), _found(entry, told.text, scorer)


def _misheard(entries: Sequence[Entry], scorer: MeaningScorer) -> list[tuple[Item, Findings]]:
    texts = [t.text for e in entries for t in e.answers.values()]
    mishearing = Mishearing([*texts, *(e.question.example_answer for e in entries)])
    said = [(e, kind) for e in entries for kind in POINTED if kind in e.answers]
    return [
        (
            Item(MISHEARD, e.question.id, kind, e.answers[kind].covered),
            _found(e, mishearing.misheard(e.answers[kind].text, n * DRAWS + draw), scorer),
        )
        for n, (e, kind) in enumerate(said)
        for draw in range(DRAWS)
    ]


def _found(entry: Entry, text: str, scorer: MeaningScorer) -> Findings:
    found = scorer.find(sheet_of(entry.question), text, entry.neighbours)
    assert found is not None  # every answer of the suites has words
    return found


def search(answers: Answers, *, steps: int = STEPS, seed: int = 1) -> Constants:
    """Return the best constants that were met on the way from those that ship."""
    chance = random.Random(seed)
    here = best = Constants()
    now = least = answers.loss(here)
    for step in range(steps):
        there = here
        for name in chance.sample(sorted(BOUNDS), chance.randint(1, MOST_MOVED)):
            there = there.moved(name, chance.gauss(0.0, BOUNDS[name][2]))
        if not there.sound:
            continue
        loss = answers.loss(there)
        heat = HOTTEST * (1.0 - step / steps) + 1e-3
        if loss < now or chance.random() < float(np.exp((now - loss) / heat)):
            here, now = there, loss
        if loss < least:
            best, least = there, loss
    return best


def main() -> int:
    """Search and print."""
    parser = argparse.ArgumentParser(description="Search constants of how answers are marked.")
    parser.add_argument("--data", type=Path, required=True, help="folder with interview_suite.json")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    answers = gathered(chosen.data, catalog.scorer())
    best = search(answers, steps=chosen.steps, seed=chosen.seed)
    report = {"loss_now": answers.loss(Constants()), "loss": answers.loss(best), "constants": asdict(best)}
    print(json.dumps({**report, "figures": answers.figures(best)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
