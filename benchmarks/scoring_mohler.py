"""Graded answers of Mohler and others (2011): agreement with the graders, and what should get or change nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scoring_figures import (
    Floats,
    Row,
    drift,
    pearson,
    pearson_95,
    rmse,
    spearman,
    spread,
)
from benchmarks.scoring_noise import Mishearing, with_fillers, without_punctuation
from interviewer.calibrate import held_out
from interviewer.core.encoding import Encode
from interviewer.core.models import Neighbour
from interviewer.core.scoring import MeaningScorer
from interviewer.core.text import sentences

VAGUE = (
    "Well, it is really important and it depends on the situation, so you should always follow best practices.",
    "That is a great question. There are many ways to do it and each one has its advantages and disadvantages.",
    "I have worked with that a lot in my last project, and I think every good engineer should know it very well.",
)
SEED = 1
TIMES = 5
HIGHEST_GRADE = 5.0


@dataclass(frozen=True, slots=True)
class Graded:
    """One student's answer and the mean of what two people gave for it, 0 to 1."""

    question: str
    """Id of the question."""
    prompt: str
    reference: str
    answer: str
    grade: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, an answer and other questions of the course, where they are to be known."""

    row: Graded
    answer: str
    neighbours: tuple[Neighbour, ...] = ()


Marker = Callable[[Asked], float]
"""Gives a score, 0 to 100."""


def read_rows(file: Path) -> list[Graded]:
    """Read `mohler.jsonl`. Raises OSError, and ValueError or KeyError for a file that is something else."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.append(
            Graded(row["question_id"], row["prompt"], row["reference"], row["answer"], round(float(row["grade"]), 3))
        )
    return found


def by_scorer(scorer: MeaningScorer) -> Marker:
    """Return the real scorer as a marker."""

    def mark(asked: Asked) -> float:
        row = asked.row
        return scorer.score_free(row.prompt, row.reference, None, asked.answer, neighbours=asked.neighbours).value

    return mark


def by_cosine(encode: Encode) -> Marker:
    """Return what the score is compared with: 100 times the plain cosine of the two whole texts."""

    def mark(asked: Asked) -> float:
        return cosine(encode, asked.row.reference, asked.answer)

    return mark


def cosine(encode: Encode, reference: str, answer: str) -> float:
    """Return 100 times the cosine of two texts; 0 for an answer without words."""
    if not answer.split():
        return 0.0
    a, b = encode([reference, answer])
    return 100.0 * float(a.sentence @ b.sentence)


# --- agreement -------------------------------------------------------------------------------


def graded(rows: Sequence[Graded], mark: Marker) -> Row:
    """Return the agreement of scores with grades, raw and calibrated on the other questions."""
    scores = np.array([mark(Asked(r, r.answer)) for r in rows])
    return agreement(scores, np.array([r.grade for r in rows]), [r.question for r in rows])


def agreement(scores: Floats, grades: Floats, questions: Sequence[str]) -> Row:
    """Return the figures of agreement; grades are 0 to 1, the error is told in grades of 0 to 5."""
    groups = np.array(questions)
    predicted = held_out(scores, grades, groups)
    half = (grades >= 0.45) & (grades <= 0.55)
    return {
        "pearson": pearson(scores, grades),
        "pearson_95": pearson_95(scores, grades, groups),
        "spearman": spearman(scores, grades),
        "pearson_cv": pearson(predicted, grades),
        "pearson_cv_95": pearson_95(predicted, grades, groups),
        "rmse_cv": HIGHEST_GRADE * rmse(predicted, grades),
        "full_marks_mean": float(scores[grades == 1.0].mean()),
        "half_marks_mean": float(scores[half].mean()),
    }


# --- answers that deserve nothing --------------------------------------------------------------


def undeserving(rows: Sequence[Graded], sample: int) -> dict[str, list[Asked]]:
    """Return answers that should get next to nothing, by what they are."""
    questions = list({r.question: r for r in rows}.values())
    return {
        "read_back": [Asked(q, text) for q in questions for text in (q.prompt, padded(q.prompt))],
        "vague": [Asked(q, text) for q in questions for text in VAGUE],
        "dont_know": [Asked(q, "I don't know") for q in questions],
        "fine": [Asked(q, "fine") for q in questions],
        "empty": [Asked(q, "") for q in questions],
        "other_question": strangers(rows, sample),
    }


def padded(prompt: str) -> str:
    """Return a question said back with words around it."""
    return f"So, um, that is a really good question: {prompt} Well, I would say it depends on the situation."


def strangers(rows: Sequence[Graded], count: int) -> list[Asked]:
    """Return full answers, each given to another question of the course than it was written for."""
    chance = random.Random(SEED)
    questions = list({r.question: r for r in rows}.values())
    full = [r for r in rows if r.grade == 1.0]
    found: list[Asked] = []
    while len(found) < count:
        asked, given = chance.choice(questions), chance.choice(full)
        # Two questions were asked in two exams: an answer to one is an answer to the other.
        if _same(asked.prompt, given.prompt):
            continue
        others = tuple(Neighbour(q.prompt, q.reference) for q in questions if not _same(q.prompt, asked.prompt))
        found.append(Asked(asked, given.answer, others))
    return found


def _same(prompt: str, other: str) -> bool:
    return prompt.casefold().split() == other.casefold().split()


def robustness(rows: Sequence[Graded], sample: int, mark: Marker, plain: Marker) -> Row:
    """Return mean and 95th percentile for each kind of undeserving answer, the cosine's beside them."""
    return {
        kind: {**spread([mark(a) for a in asked]), "cosine": spread([plain(a) for a in asked])}
        for kind, asked in undeserving(rows, sample).items()
    }


# --- what should not move a score ------------------------------------------------------------


def some(rows: Sequence[Graded], count: int) -> list[Graded]:
    """Return a random sample of the answers that have words, the same each time."""
    said = [r for r in rows if r.answer.split()]
    return random.Random(SEED).sample(said, min(count, len(said)))


def misheard(rows: Sequence[Graded], sample: int, mark: Marker) -> Row:
    """Return how far scores drift with 10 % of words misrecognised, with fillers, without punctuation."""
    chosen = some(rows, sample)
    mishearing = Mishearing([text for r in rows for text in (r.answer, r.reference)])
    before = [mark(Asked(r, r.answer)) for r in chosen]
    changed = {
        "misheard": [mishearing.misheard(r.answer, i) for i, r in enumerate(chosen)],
        "fillers": [with_fillers(r.answer, i) for i, r in enumerate(chosen)],
        "no_punctuation": [without_punctuation(r.answer) for r in chosen],
    }
    return {
        name: drift(before, [mark(Asked(r, text)) for r, text in zip(chosen, texts, strict=True)])
        for name, texts in changed.items()
    }


def repeat_gain(rows: Sequence[Graded], sample: int, mark: Marker) -> Row:
    """Return what is gained by saying the whole answer, or its first sentence, TIMES times."""
    chosen = some(rows, sample)
    return {
        "answer": spread([_gain(r, r.answer, mark) for r in chosen]),
        "sentence": spread([_gain(r, first_sentence(r.answer), mark) for r in chosen]),
    }


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, with a full stop where it has no end of its own."""
    words = text.split()
    first = sentences(words)[0]
    said = " ".join(words[first.start : first.stop])
    return said if said[-1] in ".!?" else f"{said}."


def _gain(row: Graded, text: str, mark: Marker) -> float:
    return mark(Asked(row, " ".join([text] * TIMES))) - mark(Asked(row, text))
