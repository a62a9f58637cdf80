"""How good the score is, and how fast: `python benchmarks/scoring.py --data DIR [--quick] [--json]`.

DIR holds `mohler.jsonl` (student answers with the grades of two people) and `interview_suite.json`
(spoken-style answers of known kinds); neither ships with the program. Plain cosine of answer and
example is measured in the same run, on the same answers. Everything is done by the scorer that
candidates meet, `catalog.scorer()`; `--json` tells more than the table does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scoring_mohler as mohler
from benchmarks import scoring_suite as suite
from benchmarks.scoring_figures import Row, rounded
from benchmarks.scoring_mohler import Graded
from benchmarks.scoring_suite import Entry
from benchmarks.scoring_table import as_table
from interviewer.core import calibration
from interviewer.core.encoding import Encode
from interviewer.core.errors import InterviewerError
from interviewer.core.scoring import MeaningScorer

SAMPLE = 300
QUICK_SAMPLE = 60
QUICK_ROWS = 6
"""Every so manieth graded answer is used with --quick."""
QUICK_ENTRIES = 3
LISTED = ("means", "full_over_wrong", "wrong_mean", "full_minus_partial", "pairs_in_order")


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that is judged."""

    rows: Sequence[Graded]
    plain: Sequence[Entry]
    """The suite without a common mistake listed."""
    listed: Sequence[Entry]
    """The suite with them."""
    own: dict[str, list[Entry]]
    sample: int


def main() -> int:
    """Measure and print; exit code 1 when the answers or a model are not there."""
    parser = argparse.ArgumentParser(description="Measure the score against grades given by people.")
    parser.add_argument("--data", type=Path, required=True, help="folder with mohler.jsonl and interview_suite.json")
    parser.add_argument("--quick", action="store_true", help="a part of the answers, and no times")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    try:
        answers = read(chosen.data, quick=chosen.quick)
    except (OSError, ValueError, KeyError) as exc:
        print(f"The answers to judge cannot be read: {exc}", file=sys.stderr)
        return 1
    try:
        report = run(answers, quick=chosen.quick)
    except InterviewerError as exc:
        print(exc.told(), file=sys.stderr)
        return 1
    report = rounded({"quick": chosen.quick, **report})
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0


def read(data: Path, *, quick: bool) -> Answers:
    """Read every set of answers. Raises OSError, and ValueError or KeyError for a file that is something else."""
    rows = mohler.read_rows(data / "mohler.jsonl")
    file = data / "interview_suite.json"
    own = suite.halves(suite.read_own())
    if quick:
        own = {half: entries[::QUICK_ENTRIES] for half, entries in own.items()}
    return Answers(
        rows[:: QUICK_ROWS if quick else 1],
        suite.read_suite(file),
        suite.read_suite(file, suite.read_mistakes()),
        own,
        QUICK_SAMPLE if quick else SAMPLE,
    )


def run(answers: Answers, *, quick: bool) -> Row:
    """Load the real scorer and measure everything; times only if not quick."""
    from benchmarks.scoring_speed import own_cache, speed
    from interviewer.engines import catalog
    from interviewer.engines.embed_sentence import MiniLmEmbedder

    with own_cache():
        scorer = catalog.scorer()
        embedder = MiniLmEmbedder()
        made = calibration.read(catalog.calibration_file(embedder.model_hash, None))
        report = measure(answers, scorer, embedder.encode)
        report["calibration"] = made.model_dump(include={"source", "answers", "questions", "pearson"})
        if not quick:
            _say("speed")
            report["speed"] = speed(answers.rows, [e for half in answers.own.values() for e in half], scorer)
    return report


def measure(answers: Answers, scorer: MeaningScorer, encode: Encode) -> Row:
    """Return every figure but those of time; `encode` makes the plain cosine's vectors."""
    return {
        "recipe": scorer.recipe,
        **of_mohler(answers.rows, answers.sample, scorer, encode),
        **of_suites(answers, scorer, encode),
        "asr": {
            "mohler": _both("asr, Mohler", lambda m: mohler.misheard(answers.rows, answers.sample, m), scorer, encode),
            "suite": suite.misheard(answers.listed, scorer),
        },
        "repeat_gain": _both(
            "repetition", lambda m: mohler.repeat_gain(answers.rows, answers.sample, m), scorer, encode
        ),
    }


def of_mohler(rows: Sequence[Graded], sample: int, scorer: MeaningScorer, encode: Encode) -> Row:
    """Return the agreement with graders and the scores of answers that deserve nothing."""
    questions = len({r.question for r in rows})
    agreement = _both("Mohler", lambda m: mohler.graded(rows, m), scorer, encode)
    _say("answers that deserve nothing")
    undeserved = mohler.robustness(rows, sample, mohler.by_scorer(scorer), mohler.by_cosine(encode))
    return {"mohler": {"answers": len(rows), "questions": questions, **agreement}, **undeserved}


def of_suites(answers: Answers, scorer: MeaningScorer, encode: Encode) -> Row:
    """Return the order of answers of known kinds and how their key points were recognised."""
    _say("suite")
    plain = suite.marked(answers.plain, scorer)
    listed = suite.ranking(suite.marked(answers.listed, scorer), suite.suite_pairs)
    _say("own answers")
    halves = {name: suite.marked(entries, scorer) for name, entries in answers.own.items()}
    return {
        "suite": {
            **suite.ranking(plain, suite.suite_pairs),
            **{f"{name}_listed": listed[name] for name in LISTED},
            "cosine": suite.ranking(suite.by_cosine(answers.plain, encode), suite.suite_pairs),
        },
        "own": {
            name: {
                **suite.ranking(results, suite.own_pairs),
                "contradictions": suite.contradictions(results),
                "cosine": suite.ranking(suite.by_cosine(answers.own[name], encode), suite.own_pairs),
            }
            for name, results in halves.items()
        },
        "key_points": {
            "suite": suite.key_points(plain),
            "own_held_out": suite.key_points(halves["held_out"]),
            "both": suite.key_points([*plain, *halves["held_out"]]),
        },
    }


def _both(name: str, figures: Callable[[mohler.Marker], Row], scorer: MeaningScorer, encode: Encode) -> Row:
    """Return figures of the real score, and under `cosine` the same of plain cosine."""
    _say(name)
    return {**figures(mohler.by_scorer(scorer)), "cosine": figures(mohler.by_cosine(encode))}


def _say(name: str) -> None:
    if sys.stderr.isatty():
        print(f"measuring: {name}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
