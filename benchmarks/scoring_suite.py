"""Interview answers of known kinds: two sets of ours with key points, each answer with the points that it really makes.

`suite` are the eight questions of `interview_suite.json`; `own` are `tests/suite/*.json`, answers to
the bank that ships. Entries at even positions of that bank are the half that constants were
tuned on, those at odd positions are held out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scoring_figures import Row, drift, share
from benchmarks.scoring_mohler import cosine
from benchmarks.scoring_noise import Mishearing, with_fillers, without_punctuation
from interviewer.core.bank import load_bank, neighbours
from interviewer.core.encoding import Encode
from interviewer.core.models import Bank, Coverage, Neighbour, Question, Score
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MeaningScorer

HERE = Path(__file__).resolve().parent
MISTAKES = HERE / "suite_mistakes.json"
OWN = HERE.parent / "tests" / "suite"

HONEST = ("full", "partial", "short", "rambling", "non_native", "fillers")
"""Answers of somebody who knows something. The example word for word is none: it would flatter every figure."""
FULLER = ("full", "short", "non_native", "fillers", "rambling")
"""Kinds that go above `partial` where they make more points."""
EMPTY = ("vague", "off_subject", "parroted", "keywords")
"""Kinds that every honest answer goes above."""
WRONG = ("wrong", "wrong_swap", "wrong_negation")
POINTED = (*HONEST, "vague")
"""Kinds whose key points are counted as those of honest answers."""
DRAWS = 3
"""Times that each answer is misrecognised, each time otherwise."""


@dataclass(frozen=True, slots=True)
class Told:
    """One answer and the key points, by place, that it makes or says the wrong way round."""

    text: str
    covered: frozenset[int]
    contradicted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of a bank with its neighbours, and answers by kind."""

    question: Question
    neighbours: tuple[Neighbour, ...]
    answers: dict[str, Told]


@dataclass(frozen=True, slots=True)
class Marked:
    """An entry and what each of its answers got, by kind."""

    entry: Entry
    values: dict[str, float]
    points: dict[str, tuple[Coverage, ...]]
    """States of the key points; empty where nobody looked at them."""


Pairs = Callable[[Entry], list[tuple[str, str]]]
"""Kinds of an entry's answers of which the first should get more than the second."""


# --- reading -----------------------------------------------------------------------------------


def read_suite(file: Path, mistakes: dict[str, Any] | None = None) -> list[Entry]:
    """Read `interview_suite.json` as entries of one bank, with common mistakes by id where they are given.

    Raises OSError, and ValueError or KeyError for a file that is something else.
    """
    found = json.loads(file.read_text(encoding="utf-8"))
    questions = [_question(q, (mistakes or {}).get(q["id"], [])) for q in found]
    bank = Bank(schema_version=1, title="Suite", role="Interview questions", questions=tuple(questions))
    return [_entry(bank, q, raw["answers"]) for q, raw in zip(questions, found, strict=True)]


def _question(raw: Row, mistakes: Sequence[Row]) -> Question:
    return Question.model_validate(
        {
            "id": raw["id"].replace("_", "-"),
            "topic": "Interview",
            "difficulty": 2,
            "question": raw["question"],
            "background": raw["reference"],
            "guidance": raw["reference"],
            "example_answer": raw["reference"],
            "key_points": [{"text": text} for text in raw["key_points"]],
            "mistakes": mistakes,
        }
    )


def read_mistakes() -> dict[str, Any]:
    """Read the common mistakes that were written for the suite, by id of the question."""
    mistakes: dict[str, Any] = json.loads(MISTAKES.read_text(encoding="utf-8"))
    return mistakes


def read_own() -> list[Entry]:
    """Read our own answers to the bank that ships, in the bank's order. Raises as `read_suite` does."""
    bank = load_bank(shipped_bank())
    told = (json.loads((OWN / f"{q.id}.json").read_text(encoding="utf-8")) for q in bank.questions)
    return [_entry(bank, q, own["answers"]) for q, own in zip(bank.questions, told, strict=True)]


def halves(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Return the entries of a whole bank at even places, which constants were tuned on, and the rest, held out."""
    return {"tuned": list(entries[::2]), "held_out": list(entries[1::2])}


def _entry(bank: Bank, question: Question, answers: Iterable[Row]) -> Entry:
    told = {a["kind"]: Told(a["text"], frozenset(a["covered"]), frozenset(a.get("contradicted", ()))) for a in answers}
    return Entry(question, neighbours(bank, question), told)


# --- marking -----------------------------------------------------------------------------------


def score(scorer: MeaningScorer, entry: Entry, text: str) -> Score:
    """Score a text as an answer to an entry, its neighbours known."""
    return scorer.score(entry.question, text, neighbours=entry.neighbours)


def marked(entries: Sequence[Entry], scorer: MeaningScorer) -> list[Marked]:
    """Score every answer of every entry."""
    found = []
    for entry in entries:
        scores = {kind: score(scorer, entry, told.text) for kind, told in entry.answers.items()}
        values = {kind: s.value for kind, s in scores.items()}
        found.append(Marked(entry, values, {kind: tuple(p.coverage for p in s.points) for kind, s in scores.items()}))
    return found


def by_cosine(entries: Sequence[Entry], encode: Encode) -> list[Marked]:
    """Give every answer its plain cosine with the example answer."""
    return [
        Marked(e, {kind: cosine(encode, e.question.example_answer, t.text) for kind, t in e.answers.items()}, {})
        for e in entries
    ]


# --- figures -------------------------------------------------------------------------------------


def ranking(results: Sequence[Marked], pairs: Pairs) -> Row:
    """Return means by kind, the share of pairs in order, and how often a full answer goes above wrong ones."""
    kinds = list(results[0].entry.answers)
    means = {kind: float(np.mean([r.values[kind] for r in results])) for kind in kinds}
    wrong = [kind for kind in kinds if kind in WRONG]
    above = {kind: sum(r.values["full"] > r.values[kind] for r in results) for kind in wrong}
    ordered = [r.values[better] > r.values[worse] for r in results for better, worse in pairs(r.entry)]
    return {
        "entries": len(results),
        "means": means,
        "full_over_wrong": above[wrong[0]] if len(wrong) == 1 else above,
        "wrong_mean": float(np.mean([means[kind] for kind in wrong])),
        "full_minus_partial": means["full"] - means["partial"],
        "pairs": len(ordered),
        "pairs_in_order": share(sum(ordered), len(ordered)),
    }


def suite_pairs(_entry: Entry) -> list[tuple[str, str]]:
    """Full and short over partial, each of the three over vague."""
    return [("full", "partial"), ("short", "partial"), *((kind, "vague") for kind in ("full", "short", "partial"))]


def own_pairs(entry: Entry) -> list[tuple[str, str]]:
    """Whatever makes more points than `partial` over it, and everything honest over everything empty."""
    made = {kind: len(told.covered) for kind, told in entry.answers.items()}
    fuller = [(kind, "partial") for kind in FULLER if made[kind] > made["partial"]]
    return fuller + [(kind, empty) for kind in HONEST for empty in EMPTY]


def contradictions(results: Sequence[Marked]) -> Row:
    """Return how many points said the wrong way round are found, and how many rightly made ones are accused."""
    found = [c for kind in WRONG for c in states(results, kind, lambda t: t.contradicted)]
    made = [c for kind in POINTED for c in states(results, kind, lambda t: t.covered)]
    return {
        "contradicted": len(found),
        "recall": share(found.count(Coverage.CONTRADICTED), len(found)),
        "covered": len(made),
        "false_accusations": share(made.count(Coverage.CONTRADICTED), len(made)),
    }


def states(results: Sequence[Marked], kind: str, places: Callable[[Told], Collection[int]]) -> list[Coverage]:
    """Return the states found for certain points of all answers of a kind."""
    return [r.points[kind][i] for r in results if kind in r.points for i in sorted(places(r.entry.answers[kind]))]


def key_points(results: Sequence[Marked]) -> Row:
    """Return how well key points are recognised: in honest answers, and with wrong answers among them."""
    honest = [pair for kind in POINTED for pair in _judged(results, kind)]
    wrong = [pair for kind in WRONG for pair in _judged(results, kind)]
    hits = sum(said and made for said, made in honest)
    every = [*honest, *wrong]
    return {
        "points": len(honest),
        "precision": share(hits, sum(said for said, _ in honest)),
        "recall": share(hits, sum(made for _, made in honest)),
        "points_with_wrong": len(every),
        "precision_with_wrong": share(sum(said and made for said, made in every), sum(said for said, _ in every)),
        "false_accusations": contradictions(results)["false_accusations"],
    }


def _judged(results: Sequence[Marked], kind: str) -> list[tuple[bool, bool]]:
    """Return for each point of each answer of a kind whether it was taken for covered, and whether it is."""
    return [
        (state is Coverage.COVERED, place in r.entry.answers[kind].covered)
        for r in results
        for place, state in enumerate(r.points.get(kind, ()))
    ]


def misheard(entries: Sequence[Entry], scorer: MeaningScorer) -> Row:
    """Return how far the scores of honest answers drift through misrecognition, fillers and missing punctuation."""
    texts = [t.text for e in entries for t in e.answers.values()]
    mishearing = Mishearing([*texts, *(e.question.example_answer for e in entries)])
    said = [(e, e.answers[kind].text) for e in entries for kind in POINTED if kind in e.answers]
    before = [score(scorer, e, text).value for e, text in said]
    again = [(at, draw) for at in range(len(said)) for draw in range(DRAWS)]

    def after(texts: Iterable[tuple[int, str]]) -> Row:
        pairs = [(before[at], score(scorer, said[at][0], text).value) for at, text in texts]
        return drift([b for b, _ in pairs], [a for _, a in pairs])

    return {
        "misheard": after((at, mishearing.misheard(said[at][1], at * DRAWS + draw)) for at, draw in again),
        "fillers": after((at, with_fillers(text, at)) for at, (_, text) in enumerate(said)),
        "no_punctuation": after((at, without_punctuation(text)) for at, (_, text) in enumerate(said)),
    }
