"""Fit the constants of `interviewer.core.marking`: `python -m training.fit_marks [--data DIR]`.

Learned on the answers of tests/suite to the bank's entries at even positions and, with --data, on
interview_suite.json; entries at odd positions are left to `benchmarks/scoring.py`. Prints what to
write into the module: it changes nothing itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.core.bank import load_bank, neighbours
from interviewer.core.examine import Evidence
from interviewer.core.marking import accusations
from interviewer.core.models import Neighbour
from interviewer.core.paper import Sheet, sheet_of
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog

SUITE = Path(__file__).resolve().parent.parent / "tests" / "suite"
HONEST = ("full", "partial", "short", "vague", "off_subject", "parroted", "rambling", "non_native", "fillers")
WRONG = ("wrong", "wrong_swap", "wrong_negation")
STRENGTH = 3.0
"""Regularisation of the logistic regression (C), on plain features: eight to twelve questions are few."""
FALSE_ACCUSATIONS = 0.02
"""Of truly covered points that the judge may accuse; the product allows 0.03."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A point of one answer: what was found, and what a person says of it."""

    found: Evidence
    accused: float
    """What `marking` compares with ACCUSED_FROM."""
    covered: bool
    contradicted: bool
    kind: str


def main() -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(description="Fit how points are marked.")
    parser.add_argument("--data", type=Path, help="folder with interview_suite.json")
    chosen = parser.parse_args()
    scorer = catalog.scorer()
    points = [*own(scorer), *(shared(scorer, chosen.data) if chosen.data else ())]
    print(json.dumps(fitted(points), indent=1))
    return 0


def own(scorer: MeaningScorer) -> Iterator[Judged]:
    """Yield the points of the answers to every second entry of the shipped bank."""
    bank = load_bank(shipped_bank())
    for question in bank.questions[::2]:
        answers = json.loads((SUITE / f"{question.id}.json").read_text(encoding="utf-8"))["answers"]
        yield from _judged(scorer, sheet_of(question), answers, neighbours(bank, question))


def shared(scorer: MeaningScorer, folder: Path) -> Iterator[Judged]:
    """Yield the points of the answers of the interview suite."""
    entries = json.loads((folder / "interview_suite.json").read_text(encoding="utf-8"))
    for entry in entries:
        sheet = Sheet(entry["question"], (entry["reference"],), tuple(entry["key_points"]))
        others = tuple(Neighbour(e["question"], e["reference"]) for e in entries if e is not entry)
        yield from _judged(scorer, sheet, entry["answers"], others)


def _judged(
    scorer: MeaningScorer, sheet: Sheet, answers: list[dict[str, Any]], others: tuple[Neighbour, ...]
) -> Iterator[Judged]:
    for answer in answers:
        findings = scorer.find(sheet, answer["text"], others)
        assert findings is not None  # every answer of the suites has words
        for k, (found, accused) in enumerate(zip(findings.points, accusations(findings), strict=True)):
            every = answer["kind"] == "wrong" and "contradicted" not in answer
            wrong = every or k in answer.get("contradicted", ())
            yield Judged(found, accused, k in answer["covered"], wrong, answer["kind"])


def fitted(points: list[Judged]) -> dict[str, Any]:
    """Return the weights of a point's chance, and from which log odds on it may be accused."""
    honest = [p for p in points if p.kind in HONEST]
    true = [p.accused for p in honest if p.covered]
    wrong = [p.accused for p in points if p.contradicted]
    bound = float(np.quantile(true, 1.0 - FALSE_ACCUSATIONS))
    return {
        "points": len(points),
        "JUDGED_WEIGHTS": _weights(honest, judged=True),
        "NEARNESS_WEIGHTS": _weights(honest, judged=False),
        "ACCUSED_FROM, at least": round(bound, 2),
        "found_wrong_at_that": round(float(np.mean([p > bound for p in wrong])), 3),
    }


def _weights(honest: list[Judged], *, judged: bool) -> list[float]:
    from sklearn.linear_model import LogisticRegression

    rows = [[p.found.nearness, p.found.margin, p.found.lead, p.found.same + p.found.opposite] for p in honest]
    model: Any = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(np.array(rows)[:, : 4 if judged else 3], [p.covered for p in honest])
    return [round(float(x), 2) for x in (*model.intercept_, *model.coef_[0])]


if __name__ == "__main__":
    sys.exit(main())
