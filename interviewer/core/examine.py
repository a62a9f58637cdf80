"""What is found when an answer is held beside its paper: numbers, before anybody marks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from interviewer.core import gates
from interviewer.core.encoding import Encoding
from interviewer.core.gates import Gate, Slip
from interviewer.core.paper import Paper
from interviewer.core.ports import FloatArray
from interviewer.core.similarity import heard, nearness, recall_and_precision, spans_of
from interviewer.core.text import Said, Stretch, bare
from interviewer.core.text import parts as parts_of

Judge = Callable[[Sequence[tuple[str, str]]], FloatArray]
"""Judges pairs of key point and stretch: logits of shape (n, 3), same, opposite, neither.

Raises EngineError when the model fails.
"""
SAME, OPPOSITE, NEITHER = range(3)
RECALL_WEIGHT, PRECISION_WEIGHT, DIRECTION_WEIGHT = 0.65, 0.25, 0.1
"""Chosen on graded answers: without precision the correlation with grades is lower by .01."""
JUDGED_NEARNESS = 0.2
"""The nearest stretch of an answer is judged, unless it and the whole answer are farther from the point than this:
then they are about something else. To judge the second nearest too costs as much again and finds no more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One key point and what of the answer comes nearest to it."""

    nearness: float
    """To the whole answer."""
    margin: float
    """How much nearer the nearest stretch is to this point than to any other: negative, it speaks of another.

    0 where the answer is a single stretch, which speaks of all that it speaks of.
    """
    lead: float
    """How much nearer the answer is to this point than to the others on average."""
    stretch: Stretch
    """The nearest."""
    same: float = 0.0
    """The judge's probability that the stretch states the point; 0 without a judge."""
    opposite: float = 0.0
    """That it states it the wrong way round."""


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
    asked: tuple[int, ...]
    """For each pair the number of its point."""

    def judged(self, odds: NDArray[np.float64]) -> Findings:
        """Return the findings with the judge's word; `odds` are its probabilities for the pairs, shape (n, 3)."""
        if self.findings.stand_ins:
            return self.findings
        points = list(self.findings.points)
        for k, row in zip(self.asked, odds, strict=True):
            points[k] = replace(points[k], same=float(row[SAME]), opposite=float(row[OPPOSITE]))
        return replace(self.findings, points=tuple(points), judged=True)


def draft(paper: Paper, told: Said, spoken: Encoding) -> Draft:
    """Hold an answer of at least one word beside its paper; `spoken` is the encoding of `told.spaced`."""
    whole = heard(spoken, paper.asked)
    stretches = told.stretches()
    spans = spans_of(spoken, [s.pieces for s in stretches])
    near = nearness(paper.bundle, whole, paper.asked, spans)
    grid, *others = _grids(paper, near.grid)
    shares = np.array([max(p.weights.sum(), 1e-6) for p in paper.points])
    shares = shares / shares.sum()
    meaning = max(map(_likeness, (recall_and_precision(r, whole) for r in paper.references)))
    meaning += DIRECTION_WEIGHT * float(shares @ near.bearings[: len(grid)])
    fired = (*_honesty(paper, told, spoken), *gates.mistakes(_slips(paper, stretches, grid, *others)))
    points = _evidence(near.whole[: len(grid)], grid, stretches)
    words = sum(bool(parts_of(p)) for p in told.pieces)
    found = Findings(
        meaning, shares, points, tuple(g for g in fired if g.kind), words, judged=False, stand_ins=paper.sheet.stand_ins
    )
    # The judge learned from key points; what stands in for them is not put to it.
    asked = () if paper.sheet.stand_ins else tuple(_worth_judging(paper, told, points, grid))
    return Draft(found, tuple((paper.sheet.points[k], points[k].stretch.text) for k in asked), asked)


def _worth_judging(paper: Paper, told: Said, points: Sequence[Evidence], grid: NDArray[np.float64]) -> Iterator[int]:
    """Yield the points whose nearest stretch the judge should see.

    What is said word for word as an example has it is right by definition, and whoever turns one sentence
    of a recital round is still found out.
    """
    known = [_plain(r.encoding.words) for r in paper.references]
    for k, (point, row) in enumerate(zip(points, grid, strict=True)):
        copied = _plain(told.pieces[slice(*point.stretch.pieces)])
        if max(point.nearness, row.max()) >= JUDGED_NEARNESS and not any(copied in text for text in known):
            yield k


def _plain(words: Sequence[str]) -> str:
    return f" {' '.join(filter(None, map(bare, words)))} "


def _likeness(told: tuple[float, float]) -> float:
    return RECALL_WEIGHT * told[0] + PRECISION_WEIGHT * told[1]


def _evidence(
    near: NDArray[np.float64], grid: NDArray[np.float64], stretches: Sequence[Stretch]
) -> tuple[Evidence, ...]:
    found = []
    for k, best in enumerate(grid.argmax(axis=1)):
        others = np.delete(grid[:, best], k)
        rest = np.delete(near, k)
        margin = float(grid[k, best] - others.max()) if len(others) and len(stretches) > 1 else 0.0
        lead = float(near[k] - rest.mean()) if len(rest) else 0.0
        found.append(Evidence(float(near[k]), margin, lead, stretches[best]))
    return tuple(found)


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
        to_question=float(spoken.sentence @ paper.asked.sentence),
        to_reference=own,
        references=references,
    )
    points = [w for p in paper.points for w in p.encoding.words]
    others = [float(spoken.sentence @ b) for b in paper.bearings]
    return (
        gates.no_answer(told.pieces, references),
        read_back,
        gates.keyword_list(told.pieces, references, points),
        gates.off_subject(own, others, [n.prompt for n in paper.neighbours]),
        gates.recited(told.words, [r.split() for r in paper.sheet.references]),
        gates.repeated(told.repeated),
        gates.too_short(told.pieces, references),
    )


def _grids(paper: Paper, every: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut what was compared at once into points, mistakes, corrections and examples; columns are stretches."""
    groups = (paper.points, paper.mistakes, paper.corrections)
    return np.split(every, np.cumsum([len(group) for group in groups]))


def _slips(
    paper: Paper,
    stretches: Sequence[Stretch],
    points: NDArray[np.float64],
    mistakes: NDArray[np.float64],
    corrections: NDArray[np.float64],
    examples: NDArray[np.float64],
) -> list[Slip]:
    """Return every stretch of the answer beside every known mistake; each grid has a row a text."""
    return [
        Slip(
            stretch.text,
            known.correction,
            float(mistakes[m, i]),
            float(points[:, i].max()),
            float(max(corrections[m, i], examples[:, i].max())),
        )
        for i, stretch in enumerate(stretches)
        for m, known in enumerate(paper.sheet.mistakes)
    ]
