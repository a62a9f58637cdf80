"""The score of an answer: how near it comes to the example answer and to the key points.

It measures closeness, not truth: what is said the wrong way round is found where the bank
lists the mistake or the contradiction judge is sure of it, and nowhere else. The formula began
as that of the design note "Scoring", section 5; what was changed was measured by `benchmarks/scoring.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from interviewer.core.calibration import Calibration
from interviewer.core.encoding import Encode
from interviewer.core.errors import InputError
from interviewer.core.examine import Findings, Judge, draft, probabilities
from interviewer.core.marking import THRESHOLDS, mark, nothing
from interviewer.core.models import FiredGate, Neighbour, Question, Score
from interviewer.core.paper import Papers, Sheet, free_sheet, sheet_of
from interviewer.core.text import Said, has_words, said

SCORER_VERSION = "meaning-3"
MOST_WORDS = 50_000
"""About six hours of speech; more is no answer."""


class MeaningScorer:
    """Judges answers by meaning; a `ports.Scorer`.

    `encode` encodes answers, `encode_texts` what answers are held against (the same, if not given;
    it may keep what it made). Without a judge no point is confirmed and none contradicted.
    """

    def __init__(
        self,
        encode: Encode,
        calibration: Calibration,
        *,
        encode_texts: Encode | None = None,
        judge: Judge | None = None,
        model_hash: str,
        judge_hash: str = "",
    ) -> None:
        self._encode = encode
        self._papers = Papers(encode_texts or encode)
        self._judge = judge
        self._calibration = calibration
        self.model_hash = model_hash
        self._trouble = mismatch(calibration, model_hash)
        self.recipe = json.dumps(
            {
                "scorer": SCORER_VERSION,
                "model": model_hash,
                "judge": judge_hash,
                "calibration": calibration.model_dump(include={"model", "scorer", "knots", "spread"}),
                "thresholds": THRESHOLDS,
            },
            separators=(",", ":"),
        )
        """Everything that decides a score, as JSON."""

    @property
    def trouble(self) -> str:
        """What is wrong with the calibration, in one sentence; "" when it fits."""
        return self._trouble

    def score(
        self, question: Question, answer: str, *, doubt: float = 0.0, neighbours: Sequence[Neighbour] = ()
    ) -> Score:
        """Judge an answer to an entry of a bank; the best of several example answers counts.

        `doubt` is the transcript's, `neighbours` are other entries
        of the bank. Raises InputError for more than MOST_WORDS words, EngineError when a model failed.
        """
        return self._mark(sheet_of(question), answer, doubt, neighbours)

    def score_free(
        self,
        prompt: str,
        reference: str,
        key_points: Sequence[str] | None,
        answer: str,
        *,
        neighbours: Sequence[Neighbour] = (),
    ) -> Score:
        """Judge an answer without a bank; without key points the reference's sentences stand in.

        Raises InputError for a reference without words or an answer of more than MOST_WORDS,
        EngineError when a model failed.
        """
        return self._mark(free_sheet(prompt, reference, key_points), answer, 0.0, neighbours)

    def score_many(self, sheets: Sequence[tuple[Sheet, str]]) -> list[Score]:
        """Judge answers in one go: the same scores as one by one, in less time. Raises as `score_free` does."""
        found = self.find_many(sheets)
        return [self._marked(sheet, answer, findings) for (sheet, answer), findings in zip(sheets, found, strict=True)]

    def find(self, sheet: Sheet, answer: str, neighbours: Sequence[Neighbour] = ()) -> Findings | None:
        """Return what a score is made of; None for an answer without a word to judge. Raises as `score` does."""
        return self.find_many([(sheet, answer)], neighbours)[0]

    def find_many(
        self, sheets: Sequence[tuple[Sheet, str]], neighbours: Sequence[Neighbour] = ()
    ) -> list[Findings | None]:
        """Return what the scores of many answers are made of. Raises as `score` does."""
        told = [_told(answer) for _, answer in sheets]
        spoken = iter(self._encode([t.spaced for t in told if t.pieces]) if any(t.pieces for t in told) else ())
        drafts = [
            draft(self._papers.of(sheet, neighbours), t, next(spoken)) if t.pieces else None
            for (sheet, _), t in zip(sheets, told, strict=True)
        ]
        if self._judge is None:
            return [d.findings if d else None for d in drafts]
        pairs = [pair for d in drafts if d for pair in d.pairs]
        odds = iter(probabilities(self._judge(pairs)) if pairs else ())
        return [d.judged(np.array([*islice(odds, len(d.pairs))])) if d else None for d in drafts]

    def _mark(self, sheet: Sheet, answer: str, doubt: float, neighbours: Sequence[Neighbour]) -> Score:
        return self._marked(sheet, answer, self.find(sheet, answer, neighbours), doubt)

    def _marked(self, sheet: Sheet, answer: str, findings: Findings | None, doubt: float = 0.0) -> Score:
        if findings is None:
            note = "Nothing but fillers was heard." if has_words(answer) else "Nothing was said."
            return nothing(sheet.points, note, recipe=self.recipe, coverage_only=sheet.coverage_only)
        score = mark(
            sheet.points,
            findings,
            self._calibration,
            recipe=self.recipe,
            doubt=doubt,
            coverage_only=sheet.coverage_only,
        )
        if not self._trouble or sheet.coverage_only:
            return score
        return replace(score, gates=(*score.gates, FiredGate("not calibrated", 1.0, self._trouble)))


def _told(answer: str) -> Said:
    told = said(answer)
    if len(told.words) > MOST_WORDS:
        raise InputError(f"This answer has {len(told.words)} words", hint=f"Give one of at most {MOST_WORDS} words.")
    return told


def mismatch(calibration: Calibration, model_hash: str) -> str:
    """Return in one sentence why a calibration does not fit a model and this formula; "" when it does."""
    if calibration.model == model_hash and calibration.scorer == SCORER_VERSION:
        return ""
    other = "another version" if calibration.model == model_hash else "another sentence model"
    return f"The calibration is that of {other}, so scores are rough; make one with: interviewer calibrate"
