"""How well the score agrees with people: `python benchmarks/grading.py --data DIR`.

DIR holds `mohler.jsonl` (graded student answers) and `interview_suite.json` (spoken-style
answers of known kinds); neither ships with the program. Plain cosine of the two texts is
measured in the same run, on the same answers, for comparison.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.encoding import Encode
from interviewer.core.models import Coverage
from interviewer.core.scoring import MeaningScorer

Row = dict[str, Any]
Grade = Callable[[str, str, str], float]
Floats = NDArray[np.float64]

ORDER = ("full", "short", "partial", "vague")
VAGUE = (
    "Well, it is really important and it depends on the situation, so you should always follow best practices.",
    "That is a great question. There are many ways to do it and each one has its advantages and disadvantages.",
    "I don't know, sorry.",
)


def main() -> int:
    """Measure and print; exit code 1 when the data is not there."""
    parser = argparse.ArgumentParser(description="Measure the score against grades given by people.")
    parser.add_argument("--data", type=Path, required=True, help="folder with mohler.jsonl and interview_suite.json")
    parser.add_argument("--quick", action="store_true", help="every sixth graded answer only")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    try:
        lines = (chosen.data / "mohler.jsonl").read_text(encoding="utf-8").splitlines()
        suite = json.loads((chosen.data / "interview_suite.json").read_text(encoding="utf-8"))
    except OSError as exc:
        print(f"The graded answers cannot be read: {exc}", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in lines][:: 6 if chosen.quick else 1]
    report = measure(rows, suite)
    print(json.dumps(report) if chosen.json else as_text(report))
    return 0


def measure(rows: list[Row], suite: list[Row]) -> Row:
    """Return every figure, with the real model."""
    from interviewer.engines.embed_sentence import MiniLmEmbedder

    embedder = MiniLmEmbedder()
    scorer = MeaningScorer(embedder.encode, model_hash=embedder.model_hash)

    plain = cosine(embedder.encode)

    def by_meaning(prompt: str, reference: str, answer: str) -> float:
        return scorer.score_free(prompt, reference, None, answer).value

    return {
        "recipe": scorer.recipe,
        "mohler": {
            "answers": len(rows),
            "score": graded(rows, by_meaning),
            "cosine": graded(rows, plain),
        },
        "robustness": {"score": robustness(rows, by_meaning), "cosine": robustness(rows, plain)},
        "suite": judged(suite, scorer, plain),
    }


def cosine(encode: Encode) -> Grade:
    """Return the plain scorer to compare with: 100 times the cosine of the two whole texts."""

    def grade(_prompt: str, reference: str, answer: str) -> float:
        if not answer.split():
            return 0.0
        a, b = encode([reference, answer])
        return 100.0 * float(a.sentence @ b.sentence)

    return grade


# --- graded student answers ----------------------------------------------------------------


def graded(rows: Sequence[Row], grade: Grade) -> Row:
    """Return the agreement of raw scores with the mean grade, 0 to 1."""
    scores = np.array([grade(r["prompt"], r["reference"], r["answer"]) for r in rows])
    grades = np.array([float(r["grade"]) for r in rows])
    questions = np.array([r["question_id"] for r in rows])
    low, high = bootstrap(scores, grades, questions)
    good, bad = scores[grades >= 0.8], scores[grades <= 0.3]
    return {
        "pearson": pearson(scores, grades),
        "pearson_95": [low, high],
        "spearman": pearson(ranks(scores), ranks(grades)),
        "rmse_of_5": 5 * isotonic_error(scores, grades, questions),
        "full_marks_mean": float(scores[grades == 1.0].mean()),
        "good_below_40": float((good < 40).mean()),
        "bad_above_70": float((bad > 70).mean()) if len(bad) else 0.0,
    }


def pearson(x: Floats, y: Floats) -> float:
    """Return the correlation coefficient."""
    return float(np.corrcoef(x, y)[0, 1])


def ranks(x: Floats) -> Floats:
    """Return ranks from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[place])


def bootstrap(x: Floats, y: Floats, groups: NDArray[Any]) -> tuple[float, float]:
    """Return the 95 % interval of Pearson's r, drawing whole questions 400 times."""
    chance = np.random.default_rng(1)
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    drawn = []
    for _ in range(400):
        some = np.concatenate([members[i] for i in chance.integers(len(members), size=len(members))])
        drawn.append(pearson(x[some], y[some]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def isotonic_error(x: Floats, y: Floats, groups: NDArray[Any]) -> float:
    """Return the RMSE of grades predicted from scores by isotonic regression, ten folds by question."""
    names = list(np.unique(groups))
    random.Random(1).shuffle(names)
    errors = []
    for fold in range(10):
        held = np.isin(groups, names[fold::10])
        if held.any():
            knots, values = isotonic(x[~held], y[~held])
            errors.append((np.interp(x[held], knots, values) - y[held]) ** 2)
    return float(np.sqrt(np.concatenate(errors).mean()))


def isotonic(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the never-falling curve of least squares (pool adjacent violators)."""
    knots, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, weights=y) / counts
    blocks: list[tuple[float, int, int]] = []
    for mean, count in zip(means, counts, strict=True):
        value, weight, size = float(mean), int(count), 1
        while blocks and blocks[-1][0] >= value:
            v, w, n = blocks.pop()
            value, weight, size = (v * w + value * weight) / (w + weight), w + weight, n + size
        blocks.append((value, weight, size))
    return knots, np.repeat([b[0] for b in blocks], [b[2] for b in blocks])


# --- answers made to fool ---------------------------------------------------------------------


def robustness(rows: Sequence[Row], grade: Grade) -> Row:
    """Return mean and 95th percentile for answers that deserve nothing."""
    asked = {r["question_id"]: r for r in rows}
    questions = list(asked.values())
    other = [a for a in rows if a["grade"] == 1.0][:200]
    pairs = [(questions[i % len(questions)], a) for i, a in enumerate(other)]
    return {
        "read_back": spread([grade(q["prompt"], q["reference"], q["prompt"]) for q in questions]),
        "read_back_padded": spread([grade(q["prompt"], q["reference"], _padded(q["prompt"])) for q in questions]),
        "vague": spread([grade(q["prompt"], q["reference"], v) for q, v in product(questions, VAGUE)]),
        "empty": spread([grade(q["prompt"], q["reference"], "") for q in questions]),
        "another_question": spread(
            [grade(q["prompt"], q["reference"], a["answer"]) for q, a in pairs if q["question_id"] != a["question_id"]]
        ),
        "shuffled_keywords": spread([grade(q["prompt"], q["reference"], _shuffled(q["reference"])) for q in questions]),
    }


def _padded(prompt: str) -> str:
    return f"So, um, that is a really good question: {prompt} Well, I would say it depends on the situation."


def _shuffled(reference: str) -> str:
    words = [w.strip(".,;:()") for w in reference.split() if len(w) > 3]
    random.Random(1).shuffle(words)
    return " ".join(words)


def spread(values: Sequence[float]) -> Row:
    """Return mean and 95th percentile."""
    return {"mean": float(np.mean(values)), "p95": float(np.percentile(values, 95)), "n": len(values)}


# --- the suite of interview answers -------------------------------------------------------------


def judged(suite: Sequence[Row], scorer: MeaningScorer, plain: Grade) -> Row:
    """Return means by kind, the share of pairs in the right order, and how points were recognised."""
    scores: list[dict[str, float]] = []
    cosines: list[dict[str, float]] = []
    found: list[tuple[bool, bool]] = []
    for q in suite:
        given = {a["kind"]: a for a in q["answers"]}
        sheet = (q["question"], q["reference"], q["key_points"])
        results = {k: scorer.score_free(*sheet, a["text"]) for k, a in given.items()}
        scores.append({k: s.value for k, s in results.items()})
        cosines.append({k: plain(q["question"], q["reference"], a["text"]) for k, a in given.items()})
        honest = [k for k in given if k != "wrong"]
        for kind in honest:
            made = given[kind]["covered"]
            found += [(p.coverage is Coverage.COVERED, i in made) for i, p in enumerate(results[kind].points)]
    hits = sum(said and true for said, true in found)
    return {
        "means": {k: float(np.mean([s[k] for s in scores])) for k in scores[0]},
        "cosine_means": {k: float(np.mean([s[k] for s in cosines])) for k in cosines[0]},
        "pairs_in_order": in_order(scores),
        "pairs_in_order_cosine": in_order(cosines),
        "points_precision": hits / max(1, sum(said for said, _ in found)),
        "points_recall": hits / max(1, sum(true for _, true in found)),
        "points": len(found),
    }


def in_order(scores: Sequence[dict[str, float]]) -> float:
    """Return the share of pairs in order: full and short over partial, each of these over vague."""
    pairs = [("full", "partial"), ("full", "vague"), ("short", "vague"), ("partial", "vague")]
    return float(np.mean([s[better] > s[worse] for s in scores for better, worse in pairs]))


def as_text(report: Row) -> str:
    """Return the figures as lines for a person."""
    lines = [f"recipe {report['recipe']}, {report['mohler']['answers']} graded answers"]
    for section in ("mohler", "robustness", "suite"):
        for name, value in report[section].items():
            shown = value if isinstance(value, dict) else {"": value}
            lines += [f"{section:11} {name:24} {inner:18} {_figure(v)}" for inner, v in shown.items()]
    return "\n".join(lines)


def _figure(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{k} {_figure(v)}" for k, v in value.items())
    if isinstance(value, list):
        return " to ".join(map(_figure, value))
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 3 else f"{value:.1f}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
