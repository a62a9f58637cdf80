"""What is found when an answer is held beside its paper: numbers, before anybody marks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from interviewer.core import gates
from interviewer.core.encoding import Encoding
from interviewer.core.gates import Gate, Slip
from interviewer.core.paper import Paper
from interviewer.core.ports import FloatArray
from interviewer.core.similarity import Heard, bearing, heard, heard_part, nearness, precision, recall
from interviewer.core.text import Said, Stretch
from interviewer.core.text import parts as parts_of

Judge = Callable[[Sequence[tuple[str, str]]], FloatArray]
"""Judges pairs of key point and stretch: logits of shape (n, 3), same, opposite, neither.

Raises EngineError when the model fails.
"""
SAME, OPPOSITE, NEITHER = range(3)
RECALL_WEIGHT, PRECISION_WEIGHT, DIRECTION_WEIGHT = 0.65, 0.25, 0.1
"""Chosen on graded answers: without precision the correlation with grades is lower by .01."""
JUDGED_NEARNESS = 0.2
"""A stretch farther from a point than this is about something else: the judge need not look."""
JUDGED_STRETCHES = 2
"""Of the answer, for each point: those nearest to it. More cost time and find hardly more."""
SURE = 0.5
"""Probability above which the stretch that the judge found is shown, below it the nearest one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One key point and what of the answer comes nearest to it."""

    nearness: float
    """To the whole answer."""
    margin: float
    """How much nearer the nearest stretch is to this point than to any other: negative, it speaks of another."""
    lead: float
    """How much nearer the answer is to this point than to the others on average."""
    stretch: Stretch
    """The nearest, or the one that the judge is surest about."""
    same: float = 0.0
    """The judge's probability that a stretch states the point; 0 without a judge."""
    opposite: float = 0.0
    """That a stretch states it the wrong way round."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything about an answer that its score is made of."""

    meaning: float
    """Recall and precision of the nearest example's tokens, and the mean direction of the points."""
    shares: NDArray[np.float64]
    """How much each point weighs; they sum to one."""
    points: tuple[Evidence, ...]
    gates: tuple[Gate, ...]
    """All that fired, without the judge's."""
    words: int
    """Of the answer, without fillers and what was said before."""
    judged: bool
    """Whether there was a judge."""
    stand_ins: bool = False
    """Whether the points are only the example's sentences: they are shown, and decide nothing."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Findings that wait for the judge."""

    findings: Findings
    pairs: tuple[tuple[str, str], ...]
    """What to ask the judge: key point and stretch."""
    asked: tuple[tuple[int, Stretch], ...]
    """For each pair the number of its point, and its stretch."""

    def judged(self, odds: NDArray[np.float64]) -> Findings:
        """Return the findings with the judge's word; `odds` are its probabilities for the pairs, shape (n, 3)."""
        if self.findings.stand_ins:
            return self.findings
        points = list(self.findings.points)
        # What was asked about one point stands together.
        for k, told in groupby(zip(self.asked, odds, strict=True), key=lambda one: one[0][0]):
            points[k] = _with_verdict(points[k], [(stretch, row) for (_, stretch), row in told])
        return replace(self.findings, points=tuple(points), judged=True)


def draft(paper: Paper, told: Said, spoken: Encoding) -> Draft:
    """Hold an answer of at least one word beside its paper; `spoken` is the encoding of `told.spaced`."""
    whole = heard(spoken, paper.asked)
    stretches = told.stretches()
    parts = [heard_part(whole, spoken, paper.asked, *s.pieces) for s in stretches]
    grid = np.array([[nearness(p, part) for part in parts] for p in paper.points])
    near = np.array([nearness(p, whole) for p in paper.points])
    shares = np.array([max(p.weights.sum(), 1e-6) for p in paper.points])
    shares = shares / shares.sum()
    directions = np.array([bearing(p, whole) for p in paper.points])
    likeness = max(RECALL_WEIGHT * recall(r, whole) + PRECISION_WEIGHT * precision(r, whole) for r in paper.references)
    meaning = likeness + DIRECTION_WEIGHT * float(shares @ directions)
    fired = (*_honesty(paper, told, spoken), *gates.mistakes(_slips(paper, stretches, parts, grid)))
    points = _evidence(near, grid, stretches)
    words = sum(bool(parts_of(p)) for p in told.pieces)
    found = Findings(
        meaning, shares, points, tuple(g for g in fired if g.kind), words, judged=False, stand_ins=paper.sheet.stand_ins
    )
    # The judge learned from key points; what stands in for them is not put to it.
    asked = () if paper.sheet.stand_ins else tuple(_worth_judging(grid, stretches))
    return Draft(found, tuple((paper.sheet.points[k], s.text) for k, s in asked), asked)


def _worth_judging(grid: NDArray[np.float64], stretches: Sequence[Stretch]) -> Iterator[tuple[int, Stretch]]:
    """Yield for each point the stretches nearest to it, unless nothing of it was touched."""
    nearest = np.argsort(-grid, axis=1, kind="stable")[:, :JUDGED_STRETCHES]
    for k, row in enumerate(nearest):
        for i in row:
            if grid[k, i] >= JUDGED_NEARNESS:
                yield k, stretches[i]


def _evidence(
    near: NDArray[np.float64], grid: NDArray[np.float64], stretches: Sequence[Stretch]
) -> tuple[Evidence, ...]:
    found = []
    for k, best in enumerate(grid.argmax(axis=1)):
        others = np.delete(grid[:, best], k)
        rest = np.delete(near, k)
        margin = float(grid[k, best] - others.max()) if len(others) else 0.0
        lead = float(near[k] - rest.mean()) if len(rest) else 0.0
        found.append(Evidence(float(near[k]), margin, lead, stretches[best]))
    return tuple(found)


def _with_verdict(point: Evidence, told: Sequence[tuple[Stretch, NDArray[np.float64]]]) -> Evidence:
    """Return a point with the judge's word on the stretches nearest to it."""
    surest = max(told, key=lambda one: float(one[1][:NEITHER].max()))
    same, opposite = (max(float(odds[c]) for _, odds in told) for c in (SAME, OPPOSITE))
    stretch = surest[0] if max(same, opposite) > SURE else point.stretch
    return replace(point, stretch=stretch, same=same, opposite=opposite)


def probabilities(logits: FloatArray) -> NDArray[np.float64]:
    """Return the softmax over the last axis."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _honesty(paper: Paper, told: Said, spoken: Encoding) -> tuple[Gate, ...]:
    """Return the gates against answers that only look near; every example answer is looked at."""
    references = [r.encoding.words for r in paper.references]
    own = max(float(spoken.sentence @ r.encoding.sentence) for r in paper.references)
    read_back = gates.read_back(
        told.pieces,
        paper.asked.stems,
        tokens=len(spoken.tokens),
        to_question=float(spoken.sentence @ paper.asked.sentence),
        to_reference=own,
        references=references,
    )
    points = [w for p in paper.points for w in p.encoding.words]
    others = [float(spoken.sentence @ b) for b in paper.bearings]
    return (
        read_back,
        gates.keyword_list(told.pieces, references, points),
        gates.off_subject(own, others, [n.prompt for n in paper.neighbours]),
        gates.recited(told.words, [r.split() for r in paper.sheet.references]),
        gates.repeated(told.repeated),
        gates.too_short(told.pieces, references),
    )


def _slips(paper: Paper, stretches: Sequence[Stretch], parts: Sequence[Heard], grid: NDArray[np.float64]) -> list[Slip]:
    """Return every stretch of the answer beside every known mistake."""
    found = []
    for i, (stretch, part) in enumerate(zip(stretches, parts, strict=True)) if paper.mistakes else ():
        to_examples = max(nearness(e, part) for e in paper.examples)
        for known, text, correction in zip(paper.sheet.mistakes, paper.mistakes, paper.corrections, strict=True):
            to_truth = max(to_examples, nearness(correction, part))
            found.append(Slip(stretch.text, known.correction, nearness(text, part), float(grid[:, i].max()), to_truth))
    return found
