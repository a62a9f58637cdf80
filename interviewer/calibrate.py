"""Makes a calibration from graded answers: what the score of a raw agreement is, and how sure that is.

Grades are not regressed on raw agreement: that would pull every score towards the mean, and full
marks would never be reached. It is the other way round: for each grade the typical raw agreement is
found by isotonic regression, and a raw agreement gets the score of the grade that it is typical of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from interviewer.answers import BatchLine, read_lines
from interviewer.core.calibration import Calibration
from interviewer.core.errors import InputError, StoreError
from interviewer.core.marking import raw_agreement
from interviewer.core.paper import free_sheet
from interviewer.core.paths import make_private
from interviewer.core.scoring import SCORER_VERSION, MeaningScorer
from interviewer.engines import catalog

Floats = NDArray[np.float64]

FEWEST_ANSWERS = 60
FEWEST_QUESTIONS = 8
FEWEST_GRADES = 3
GRADE_POINTS = ((0.0, 2.0), (0.25, 25.0), (0.5, 54.0), (0.75, 78.0), (1.0, 94.0))
"""The score that an answer typical of a grade gets: half marks about 50, full marks about 90, nothing under 10."""
TOP_SHARE = 0.9
"""From the raw agreement that this share of answers with full marks stays under on, the score is 100."""
FOLDS = 10
_HINT = 'Each line is one object with "prompt", "reference", "answer" and "grade" (0 to 1).'


class Graded(BatchLine):
    """One answer that people graded."""

    grade: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Measured:
    """Raw agreements beside grades, row by row; `questions` are numbers of questions."""

    raw: Floats
    grades: Floats
    questions: NDArray[np.int64]


def calibrate(data: Path, *, model: str, data_dir: Path, out: Path | None, say: Callable[[str], None]) -> Calibration:
    """Make the calibration of a sentence model from a file of graded answers, and keep it.

    It is written to `out`, by default to where the scorer looks for it. Raises InputError for a file
    that cannot be used, StoreError when the result cannot be kept, and what loading models raises.
    """
    rows = read_graded(data)
    scorer = catalog.scorer(model, data_dir, calibrated=False)
    say(f"{len(rows)} graded answers; measuring them takes about {max(1, len(rows) // 1200)} minutes.")
    made = fit(measure(scorer, rows), model_hash=scorer.model_hash, source=data.name)
    file = out or catalog.own_calibration(scorer.model_hash, data_dir)
    keep(made, file)
    say(f"Kept in {file}.")
    return made


def read_graded(path: Path) -> tuple[Graded, ...]:
    """Read a file with one graded answer a line.

    Raises InputError, naming the line, when it cannot be used, and when there are too few answers.
    """
    rows = read_lines(path, Graded, hint=_HINT)
    questions = len({r.prompt for r in rows})
    if len(rows) < FEWEST_ANSWERS or questions < FEWEST_QUESTIONS or len({r.grade for r in rows}) < FEWEST_GRADES:
        wanted = f"{FEWEST_ANSWERS} answers to {FEWEST_QUESTIONS} questions, with {FEWEST_GRADES} grades or more"
        raise InputError(f"{path.name} has too few graded answers ({len(rows)})", hint=f"At least {wanted}.")
    return rows


def measure(scorer: MeaningScorer, rows: Sequence[Graded]) -> Measured:
    """Return the raw agreement of every answer. Raises EngineError when a model failed."""
    numbers = {prompt: i for i, prompt in enumerate(dict.fromkeys(r.prompt for r in rows))}
    sheets = [(free_sheet(r.prompt, r.reference, r.key_points or None), r.answer) for r in rows]
    raw = [raw_agreement(found) if found else 0.0 for found in scorer.find_many(sheets)]
    grades = np.array([r.grade for r in rows])
    return Measured(np.array(raw), grades, np.array([numbers[r.prompt] for r in rows]))


def fit(measured: Measured, *, model_hash: str, source: str) -> Calibration:
    """Return the calibration of what was measured."""
    knots = knots_of(measured.raw, measured.grades)
    xs, ys = np.array(knots).T
    shown = np.interp(measured.raw, xs, ys)
    questions = len(set(measured.questions.tolist()))
    predicted = held_out(measured.raw, measured.grades, measured.questions, min(FOLDS, questions))
    return Calibration(
        scorer=SCORER_VERSION,
        model=model_hash,
        knots=knots,
        spread=spread_of(shown, measured.grades),
        answers=len(measured.raw),
        questions=questions,
        source=f"{source}: isotonic regression of raw agreement on grade",
        pearson=round(float(np.corrcoef(predicted, measured.grades)[0, 1]), 3),
    )


def knots_of(raw: Floats, grades: Floats) -> tuple[tuple[float, float], ...]:
    """Return knots from raw agreement to score: each grade's typical raw agreement, found by isotonic regression."""
    from sklearn.isotonic import IsotonicRegression

    regression: Any = IsotonicRegression(out_of_bounds="clip").fit(grades, raw)
    places = regression.predict(np.array([grade for grade, _ in GRADE_POINTS]))
    top = float(np.quantile(raw[grades >= grades.max()], TOP_SHARE))
    pairs = [(0.0, 0.0), *zip(places.tolist(), (score for _, score in GRADE_POINTS), strict=True), (top, 100.0)]
    knots: list[tuple[float, float]] = []
    for x, y in pairs:
        # Two grades with the same typical agreement share a knot: the higher score stands.
        if knots and x <= knots[-1][0] + 1e-3:
            knots[-1] = (knots[-1][0], max(y, knots[-1][1])) if len(knots) > 1 else knots[-1]
        else:
            knots.append((round(x, 4), y))
    return tuple(knots)


def spread_of(shown: Floats, grades: Floats) -> tuple[tuple[float, float, float], ...]:
    """Return for scores from 0 to 100 how far below and above them four of five graded answers lie.

    People's grades are put on the scale of the score first, by GRADE_POINTS.
    """
    at, points = np.array(GRADE_POINTS).T
    meant = np.interp(grades, at, points)
    found = []
    for centre in range(0, 101, 20):
        near = np.argsort(np.abs(shown - centre), kind="stable")[: max(30, len(shown) // 8)]
        low, high = np.quantile(meant[near] - shown[near], [0.1, 0.9])
        found.append((float(centre), round(max(3.0, -low), 1), round(max(3.0, high), 1)))
    return tuple(found)


def held_out(x: Floats, y: Floats, groups: NDArray[Any], folds: int = FOLDS) -> Floats:
    """Predict each `y` from its `x` by isotonic regression over the other folds; a group is never split.

    Returns the predictions, shape of `y`. Raises ValueError for fewer groups than folds.
    """
    from sklearn.isotonic import IsotonicRegression
    from sklearn.model_selection import GroupKFold

    predicted = np.zeros(len(y))
    folding: Any = GroupKFold(folds)
    for train, test in folding.split(x, groups=groups):
        model: Any = IsotonicRegression(out_of_bounds="clip").fit(x[train], y[train])
        predicted[test] = model.predict(x[test])
    return predicted


def keep(made: Calibration, file: Path) -> None:
    """Write a calibration. Raises StoreError when it cannot be written."""
    try:
        if not file.parent.exists():
            make_private(file.parent)
        file.write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise StoreError(f"The calibration cannot be kept in {file.parent} ({exc.strerror})") from exc
