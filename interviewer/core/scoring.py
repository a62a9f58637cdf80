"""The score of an answer: how near it comes to the example answer and to the key points.

It measures closeness, not truth: a fluent answer that is wrong in the right words scores
high unless its question lists that mistake. The formula and every constant are those of
the design note "Scoring", section 5, fitted on five sets of graded student answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from interviewer.core import gates
from interviewer.core.encoding import Encode, Encoding
from interviewer.core.errors import InputError
from interviewer.core.gates import Gate, Slip, sigmoid
from interviewer.core.models import Coverage, Mistake, PointResult, Question, Score, in_steps
from interviewer.core.similarity import Asked, Heard, Wanted, bearing, heard, heard_part, nearness, recall, wanted
from interviewer.core.text import Said, clauses, has_words, said, spaced, stems

SCORER_VERSION = "meaning-1"

COVERED_FROM = 0.38
PARTLY_FROM = 0.31
"""Nearness of a key point: below it, 94 % of points were truly missed in our measurements."""

LABELS = ((75.0, "Strong"), (55.0, "Good, with gaps"), (30.0, "Partial"))
LOWEST_LABEL = "Little heard"

# Isotonic curve of human grades over M, lifted in the upper half to make up for the coverage term.
_MEANING = (0.0, 0.10, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.65, 0.80, 0.90, 0.97)
_POINTS = (0.0, 4.0, 12.0, 19.0, 32.0, 45.0, 60.0, 72.0, 80.0, 85.0, 90.0, 95.0, 98.0, 100.0)


def label_for(value: float) -> str:
    """Return the words for a score of 0 to 100; they go with the number as it is shown."""
    return next((label for bound, label in LABELS if in_steps(value) >= bound), LOWEST_LABEL)


def coverage_for(similarity: float) -> Coverage:
    """Return how far a key point of this nearness was mentioned."""
    if similarity >= COVERED_FROM:
        return Coverage.COVERED
    return Coverage.PARTLY if similarity >= PARTLY_FROM else Coverage.MISSED


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one answer is judged against."""

    prompt: str
    references: tuple[str, ...]
    points: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()


def sheet_of(question: Question) -> Sheet:
    """Return what answers to an entry of a bank are judged against."""
    references = (question.example_answer, *question.alternative_answers)
    return Sheet(question.question, references, tuple(k.text for k in question.key_points), question.mistakes)


def free_sheet(prompt: str, reference: str, key_points: Sequence[str] | None) -> Sheet:
    """Return a sheet made of one reference: without key points its sentences are the points.

    Raises InputError when the reference has no words.
    """
    if not has_words(reference):
        raise InputError("There is no example answer to compare with", hint="Give a reference of at least one word.")
    return Sheet(prompt, (reference,), tuple(key_points) if key_points else _units(reference))


class MeaningScorer:
    """Judges answers by meaning; a `ports.Scorer`."""

    def __init__(self, encode: Encode, *, model_hash: str) -> None:
        self._encode = encode
        self.recipe = f"{SCORER_VERSION}/{model_hash}"

    def score(self, question: Question, answer: str) -> Score:
        """Judge an answer to an entry of a bank; the best of several example answers counts.

        Raises EngineError when the model failed.
        """
        return self._judge(sheet_of(question), answer)

    def score_free(self, prompt: str, reference: str, key_points: Sequence[str] | None, answer: str) -> Score:
        """Judge an answer without a bank; without key points the reference's sentences stand in.

        Raises InputError for a reference without words, EngineError when the model failed.
        """
        return self._judge(free_sheet(prompt, reference, key_points), answer)

    def _judge(self, sheet: Sheet, answer: str) -> Score:
        told = said(answer)
        if not told.pieces:
            points = tuple(PointResult(p, Coverage.MISSED, 0.0, "") for p in sheet.points)
            note = "Nothing but fillers was heard." if has_words(answer) else "Nothing was said."
            return Score(0.0, label_for(0.0), points, (note,), self.recipe)
        paper, spoken = encode_paper(sheet, told, self._encode)
        return judge(paper, told, spoken, recipe=self.recipe)


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet, encoded; the lists are in its order."""

    sheet: Sheet
    asked: Asked
    references: Sequence[Wanted]
    points: Sequence[Wanted]
    mistakes: Sequence[Wanted]
    corrections: Sequence[Wanted]
    examples: Sequence[Wanted]
    """Every sentence of every reference; empty where no mistake is known."""


def encode_paper(sheet: Sheet, told: Said, encode: Encode) -> tuple[Paper, Encoding]:
    """Encode a sheet and an answer in one batch. Raises EngineError when the model failed."""
    sentences = [text for r in sheet.references for text in _units(r)] if sheet.mistakes else []
    groups = (
        sheet.references,
        sheet.points,
        [m.text for m in sheet.mistakes],
        [m.correction for m in sheet.mistakes],
        sentences,
    )
    texts = [sheet.prompt, *(text for group in groups for text in group)]
    prompt, *rest, spoken = encode([*map(spaced, texts), told.spaced])
    asked = Asked(stems(prompt.words), prompt.sentence)
    queue = iter(rest)
    references, points, mistakes, corrections, examples = (
        [wanted(e, asked) for e in islice(queue, len(group))] for group in groups
    )
    return Paper(sheet, asked, references, points, mistakes, corrections, examples), spoken


def _units(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, long ones cut into clauses."""
    words = text.split()
    return tuple(" ".join(words[s.start : s.stop]) for s in clauses(words))


def judge(paper: Paper, told: Said, spoken: Encoding, *, recipe: str) -> Score:
    """Judge an encoded answer of at least one word; `spoken` is the encoding of `told.spaced`."""
    whole = heard(spoken, paper.asked)
    stretches = [(text, heard_part(whole, spoken, paper.asked, a, b)) for text, a, b in told.segments()]
    near = [nearness(p, whole) for p in paper.points]
    fired = (*_honesty(paper, told, spoken), gates.point_hit(max(near)), *gates.mistakes(_slips(paper, stretches)))
    value = round(_closeness(paper, whole, near) * math.prod(g.factor for g in fired), 1)
    points = tuple(
        PointResult(text, coverage_for(n), min(1.0, max(0.0, n)), _nearest(point, stretches))
        for text, point, n in zip(paper.sheet.points, paper.points, near, strict=True)
    )
    return Score(value, label_for(value), points, tuple(g.note for g in fired if g.note), recipe)


def _closeness(paper: Paper, whole: Heard, near: Sequence[float]) -> float:
    """Return 0 to 100 before any gate: what was meant, tempered by the points that were covered.

    Of several example answers the one that comes nearest counts.
    """
    shares = np.array([max(p.weights.sum(), 1e-6) for p in paper.points])
    shares = shares / shares.sum()
    directions = np.array([bearing(p, whole) for p in paper.points])
    recalled = max(recall(r, whole) for r in paper.references)
    meaning = 0.85 * recalled + 0.15 * float(shares @ directions)
    covered = float(shares @ np.array([sigmoid((n - 0.33) / 0.05) for n in near]))
    return float(np.interp(meaning, _MEANING, _POINTS)) * (0.6 + 0.4 * covered)


def _honesty(paper: Paper, told: Said, spoken: Encoding) -> tuple[Gate, ...]:
    """Return the gates against answers that only look near; every example answer is looked at."""
    read_back = gates.read_back(
        told.pieces,
        paper.asked.stems,
        tokens=len(spoken.tokens),
        to_question=float(spoken.sentence @ paper.asked.sentence),
        to_reference=max(float(spoken.sentence @ r.encoding.sentence) for r in paper.references),
    )
    points = [w for p in paper.points for w in p.encoding.words]
    return read_back, gates.keyword_list(told.pieces, [r.encoding.words for r in paper.references], points)


def _nearest(point: Wanted, stretches: Sequence[tuple[str, Heard]]) -> str:
    """Return the stretch of the answer that comes nearest to a text."""
    return max(stretches, key=lambda found: nearness(point, found[1]))[0]


def _slips(paper: Paper, stretches: Sequence[tuple[str, Heard]]) -> list[Slip]:
    """Return every stretch of the answer beside every known mistake."""
    found = []
    for sentence, part in stretches if paper.mistakes else ():
        to_points = max(nearness(p, part) for p in paper.points)
        to_examples = max(nearness(e, part) for e in paper.examples)
        for known, text, correction in zip(paper.sheet.mistakes, paper.mistakes, paper.corrections, strict=True):
            to_truth = max(to_examples, nearness(correction, part))
            found.append(Slip(sentence, known.correction, nearness(text, part), to_points, to_truth))
    return found
