"""From what was found in an answer to its score: points, value, range, label and what would raise it.

The constants were fitted on the eight shared interview questions and on every second entry of our own suite, by
`training/fit_marks.py` and `training/search_marks.py`; no figure that the README tells of the own suite is of
answers they were fitted on (see `benchmarks/scoring.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interviewer.core.calibration import POINTS_OF_DOUBT, Calibration
from interviewer.core.examine import Evidence, Findings
from interviewer.core.gates import MISTAKE, Gate, sigmoid
from interviewer.core.models import Coverage, FiredGate, PointResult, Score, in_steps

JUDGED_WEIGHTS = (-5.1, 9.53, 4.06, -4.61, 3.3)
"""Constant, nearness, margin and lead of a point, and the judge's probability that it was spoken of, rightly or
wrongly: the log odds that people would say that this point was meant."""
NEARNESS_WEIGHTS = (-4.89, 13.36, 4.52, -5.1)
"""The same without a judge."""
COVERED_FROM = 0.5
PARTLY_FROM = 0.25
"""Probability that a person would tick the point."""
CONFIRMED_FROM = 0.7
"""Of the judge, that a stretch states the point: only then it is "said", else "mentioned"."""
TOUCHED_FROM = 0.3
"""Nearness from which on a point was spoken of, rightly or wrongly."""
WHOLE_WEIGHT, ACCUSED_FROM, ACCUSED_WIDTH = 1.04, 3.25, 0.5
"""Log odds of a point, and WHOLE_WEIGHT times those of its answer, from which on it rather counts as said the wrong way
round: who has turned one point round has mostly turned others. The width makes what it costs grow smoothly: one
misheard word must not move a score by ten."""
TOLD_FROM = 0.8
"""Wrongness from which on a point is told as said the wrong way round: fewer than 3 % of truly covered points reach
it, of speech as of written prose. What costs a little may be doubted sooner than what is said to somebody's face."""
NOTES_WORDS, SPEECH_WORDS = 4.2, 5.3
"""For each point spoken of: an answer of at most the first is notes, of at least the second speech."""
PARAPHRASE_TO, EXAMPLE_FROM = 0.7, 0.8
"""Few paraphrases have more meaning than the first; with the second an answer is an example itself."""
TRUTH_FROM, TRUTH_TO, TRUTH_FLOOR = 0.0, 1.6, 0.38
"""The mean log odds of an answer from which on, and up to which, its score falls; and what is left then."""
RIGHT_BELOW = -0.41
"""Mean log odds of an answer below which it says things rightly, whatever known mistake it comes near."""
DOUBTED_FROM = 0.54
"""Mean log odds of an answer from which on a point counts only where the judge takes it for right."""
SOFTNESS = 0.4
"""Log odds of a point count for so much in a score: what decides whether a point is ticked is too steep for it."""
UNCOVERED_FLOOR, FULL_COVERAGE, COVERAGE_POWER = 0.065, 0.68, 0.83
"""What is left of a score where no point was covered, the mean probability that counts as all of them, and how what
lies between is bent: below one, the first points are worth more than the last."""
VAGUE_MIDDLE, VAGUE_WIDTH, VAGUE_FLOOR = 0.45, 0.058, 0.1
"""The best point's probability at which half of what can be taken off for vagueness is, how soft, what is left."""
CONTRADICTION_POWER = 1.4
"""The score falls by the share of points that are left standing, to this power."""

LABELS = ((85.0, "Complete"), (65.0, "Solid"), (40.0, "Partial"), (15.0, "Thin"))
LOWEST_LABEL = "Missing"
QUOTED_POINTS = 2
LEAST_ODDS = 0.01
"""Keeps log odds within five of zero: beyond that the judge is not as sure as it says."""
DOUBTED_BELOW = 0.75
"""A factor of the judge's that is worth a sentence."""
_COMPARE = "compare it with the example answer."

THRESHOLDS = {
    "judged": JUDGED_WEIGHTS,
    "nearness": NEARNESS_WEIGHTS,
    "covered": COVERED_FROM,
    "partly": PARTLY_FROM,
    "confirmed": CONFIRMED_FROM,
    "touched": TOUCHED_FROM,
    "accused": (WHOLE_WEIGHT, ACCUSED_FROM, ACCUSED_WIDTH, TOLD_FROM),
    "speech": (NOTES_WORDS, SPEECH_WORDS),
    "example": (PARAPHRASE_TO, EXAMPLE_FROM),
    "truth": (TRUTH_FROM, TRUTH_TO, TRUTH_FLOOR),
    "right": RIGHT_BELOW,
    "doubted": DOUBTED_FROM,
    "coverage": (SOFTNESS, UNCOVERED_FLOOR, FULL_COVERAGE, COVERAGE_POWER),
    "vague": (VAGUE_MIDDLE, VAGUE_WIDTH, VAGUE_FLOOR),
    "contradiction_power": CONTRADICTION_POWER,
    "least_odds": LEAST_ODDS,
}
"""All of the above, as a recipe tells it."""


def label_for(value: float) -> str:
    """Return the word for a score of 0 to 100; it goes with the number as it is shown."""
    return next((label for bound, label in LABELS if in_steps(value) >= bound), LOWEST_LABEL)


def chance_of(point: Evidence, *, judged: bool) -> float:
    """Return the probability that a person would tick a point, were it said rightly."""
    return sigmoid(chance_odds(point, judged=judged))


def chance_odds(point: Evidence, *, judged: bool) -> float:
    """Return the log odds of `chance_of`."""
    told = (1.0, point.nearness, point.margin, point.lead, point.same + point.opposite)
    weights = JUDGED_WEIGHTS if judged else NEARNESS_WEIGHTS
    return sum(w * x for w, x in zip(weights, told, strict=False))


def wrong_odds(point: Evidence) -> float:
    """Return the judge's log odds that a point was said the wrong way round rather than rightly."""
    return math.log((point.opposite + LEAST_ODDS) / (point.same + LEAST_ODDS))


def answer_odds(findings: Findings) -> float:
    """Return the mean of `wrong_odds` over the points that were spoken of, weighed by what they are worth.

    One point may be misjudged; a whole answer of misjudged points is rare. Notes, with few words a
    point, are not judged: the judge learned from speech and takes them for mistakes. 0 without a judge.
    """
    spoken = [p.nearness >= TOUCHED_FROM for p in findings.points]
    if not findings.judged or not any(spoken):
        return 0.0
    odds = np.array([wrong_odds(p) for p in findings.points])
    return float(np.average(odds[spoken], weights=findings.shares[spoken])) * _fluency(findings)


def _fluency(findings: Findings) -> float:
    """Return how far an answer is speech rather than notes, 0 to 1."""
    spoken = sum(p.nearness >= TOUCHED_FROM for p in findings.points)
    return min(1.0, max(0.0, (findings.words / max(1, spoken) - NOTES_WORDS) / (SPEECH_WORDS - NOTES_WORDS)))


def accusations(findings: Findings) -> tuple[float, ...]:
    """Return for each point the log odds that it was said the wrong way round, with what the whole answer adds."""
    speech, whole = _fluency(findings), answer_odds(findings)
    return tuple(speech * wrong_odds(p) + WHOLE_WEIGHT * whole for p in findings.points)


def wrongness(findings: Findings) -> tuple[float, ...]:
    """Return how far each point counts as said the wrong way round, 0 to 1; from TOLD_FROM on it is told."""
    if not findings.judged:
        return (0.0,) * len(findings.points)
    return tuple(map(_wrongness, findings.points, accusations(findings)))


def _wrongness(point: Evidence, odds: float) -> float:
    if point.opposite <= point.same or point.nearness < TOUCHED_FROM:
        return 0.0
    return sigmoid((odds - ACCUSED_FROM) / ACCUSED_WIDTH)


def states_of(findings: Findings) -> tuple[Coverage, ...]:
    """Return how far each point was made. One said the wrong way round is never covered."""
    if not findings.judged:
        return tuple(_mentioned(p, judged=False) for p in findings.points)
    doubted = answer_odds(findings) >= DOUBTED_FROM
    return tuple(_state_of(p, w, doubted=doubted) for p, w in zip(findings.points, wrongness(findings), strict=True))


def _state_of(point: Evidence, wrong: float, *, doubted: bool) -> Coverage:
    """Return the state of a judged point; `doubted` is its answer as a whole."""
    if wrong >= TOLD_FROM:
        return Coverage.CONTRADICTED
    state = _mentioned(point, judged=True)
    # In an answer that is doubted as a whole, a point counts only where the judge takes it for right.
    uncertain = doubted and point.opposite >= point.same
    return Coverage.PARTLY if uncertain and state is Coverage.COVERED else state


def _mentioned(point: Evidence, *, judged: bool) -> Coverage:
    chance = chance_of(point, judged=judged)
    if chance >= COVERED_FROM:
        return Coverage.COVERED
    return Coverage.PARTLY if chance >= PARTLY_FROM else Coverage.MISSED


def raw_agreement(findings: Findings) -> float:
    """Return what a calibration maps to a score, 0 to 1: nearness to the example."""
    return min(1.0, max(0.0, findings.meaning))


def coverage_factor(findings: Findings) -> float:
    """Return what the key points leave of a score, UNCOVERED_FLOOR to 1; points that only stand in leave it all."""
    if findings.stand_ins:
        return 1.0
    soft = (sigmoid(SOFTNESS * chance_odds(p, judged=findings.judged)) for p in findings.points)
    made = [chance * (1.0 - wrong) for chance, wrong in zip(soft, wrongness(findings), strict=True)]
    covered = min(1.0, float(findings.shares @ np.array(made)) / FULL_COVERAGE)
    covered = max(covered, example_share(findings))
    return UNCOVERED_FLOOR + (1.0 - UNCOVERED_FLOOR) * math.pow(covered, COVERAGE_POWER)


def example_share(findings: Findings) -> float:
    """Return how far an answer is one of the examples, 0 to 1: those are full answers, whichever points they make."""
    return min(1.0, max(0.0, (findings.meaning - PARAPHRASE_TO) / (EXAMPLE_FROM - PARAPHRASE_TO)))


def vague(findings: Findings) -> Gate:
    """Mark down, smoothly, an answer that states none of the key points."""
    if findings.stand_ins or example_share(findings) > 0.0:
        return Gate()
    best = max(chance_of(p, judged=findings.judged) for p in findings.points)
    factor = VAGUE_FLOOR + (1.0 - VAGUE_FLOOR) * sigmoid((best - VAGUE_MIDDLE) / VAGUE_WIDTH)
    if best >= COVERED_FROM:
        return Gate(factor)
    return Gate(factor, "This stays vague: none of the key points was recognised in it.", "vague")


def truth_factor(findings: Findings) -> float:
    """Return what the judge leaves of a score: 1 for an answer that says things rightly, TRUTH_FLOOR at least."""
    if not findings.judged:
        return 1.0
    doubt = (answer_odds(findings) - TRUTH_FROM) / (TRUTH_TO - TRUTH_FROM)
    return 1.0 - (1.0 - TRUTH_FLOOR) * min(1.0, max(0.0, doubt))


def mark(
    texts: Sequence[str],
    findings: Findings,
    calibration: Calibration,
    *,
    recipe: str,
    doubt: float = 0.0,
    coverage_only: bool = False,
) -> Score:
    """Return the score of an answer; `texts` are the key points, `doubt` is its transcript's."""
    held = zip(texts, findings.points, states_of(findings), strict=True)
    points = tuple(_result(*one, judged=findings.judged) for one in held)
    if coverage_only:
        share = 100.0 * sum(p.coverage is Coverage.COVERED for p in points) / len(points)
        told = tuple(_fired(g) for g in findings.gates)
        return Score(round(share, 1), "", points, told, recipe, coverage_only=True)
    every = (*_believed(findings), vague(findings), *_truth(findings, points))
    # What takes everything off is reason enough: nobody who passes need be told that it was short and vague too.
    every = tuple(g for g in every if g.factor == 0.0) or every
    factor = coverage_factor(findings) * math.prod(g.factor for g in every)
    near = calibration.value(raw_agreement(findings))
    value = round(near * factor, 1)
    low, high = _range(calibration, near, factor, POINTS_OF_DOUBT * doubt)
    return Score(
        value,
        label_for(value),
        points,
        tuple(_fired(g) for g in every if g.kind),
        recipe,
        low=round(low, 1),
        high=round(high, 1),
        next_step=next_step(value, points, findings.shares),
    )


def _range(calibration: Calibration, near: float, factor: float, doubt: float) -> tuple[float, float]:
    """Return the range of a score: that of the nearness alone, lowered by what lowered the score, and doubt."""
    low, high = (bound * factor for bound in calibration.around(near))
    return max(0.0, low - doubt), min(100.0, high + doubt)


def nothing(texts: Sequence[str], note: str, *, recipe: str, coverage_only: bool = False) -> Score:
    """Return the score of an answer without a word to judge."""
    points = tuple(PointResult(text, Coverage.MISSED, 0.0, "") for text in texts)
    fired = (FiredGate("nothing said", 0.0, note),)
    if coverage_only:
        return Score(0.0, "", points, fired, recipe, coverage_only=True)
    step = next_step(0.0, points, np.ones(len(points)))
    return Score(0.0, LOWEST_LABEL, points, fired, recipe, low=0.0, high=0.0, next_step=step)


def next_step(value: float, points: Sequence[PointResult], shares: NDArray[np.float64]) -> str:
    """Return one sentence: what the next better label would need; "" for the best label."""
    label = label_for(value)
    better = {low: high for high, low in pairwise([*(name for _, name in LABELS), LOWEST_LABEL])}
    if label not in better:
        return ""
    order = sorted(range(len(points)), key=lambda i: -shares[i])
    wrong = [points[i].text for i in order if points[i].coverage is Coverage.CONTRADICTED]
    open_points = [points[i].text for i in order if points[i].coverage in (Coverage.MISSED, Coverage.PARTLY)]
    if wrong:
        return f"For “{better[label]}”: put right “{_ended(wrong[0])}”"
    if open_points:
        quoted = " and ".join(f"“{_ended(p)}”" for p in open_points[:QUOTED_POINTS])
        return f"For “{better[label]}”: add {quoted}"
    return f"For “{better[label]}”: say each point more fully, with its reason or an example."


def _ended(text: str) -> str:
    return text.strip().rstrip(".")


def _result(text: str, point: Evidence, state: Coverage, *, judged: bool) -> PointResult:
    return PointResult(
        text,
        state,
        min(1.0, max(0.0, point.nearness)),
        point.stretch.text,
        point.stretch.words,
        confirmed=state is Coverage.COVERED and point.same >= CONFIRMED_FROM,
        doubted=state is Coverage.PARTLY and _mentioned(point, judged=judged) is Coverage.COVERED,
    )


def _believed(findings: Findings) -> tuple[Gate, ...]:
    """Return the gates; known mistakes are told but cost nothing where the judge takes the answer for right.

    Who corrects a mistake comes as near to it as who makes it.
    """
    right = findings.judged and answer_odds(findings) < RIGHT_BELOW
    return tuple(replace(g, factor=1.0) if right and g.kind == MISTAKE else g for g in findings.gates)


def _truth(findings: Findings, points: Sequence[PointResult]) -> tuple[Gate, ...]:
    """Return a gate for what seems to be said the wrong way round: by single points, or by the answer as a whole."""
    lost = float(findings.shares @ np.array(wrongness(findings)))
    factor = min(max(0.1, 1.0 - lost) ** CONTRADICTION_POWER, truth_factor(findings))
    wrong = sum(p.coverage is Coverage.CONTRADICTED for p in points)
    if wrong:
        what = "One point seems" if wrong == 1 else f"{wrong} points seem"
        return (Gate(factor, f"{what} to be said the wrong way round; {_COMPARE}", "contradicted"),)
    if factor < DOUBTED_BELOW:
        return (Gate(factor, f"Some of this may be said the wrong way round; {_COMPARE}", "doubtful"),)
    return (Gate(factor, "", ""),)


def _fired(gate: Gate) -> FiredGate:
    return FiredGate(gate.kind, round(gate.factor, 3), gate.note)
