"""Makes a calibration from graded answers: what the score of a raw agreement is, and how sure that is.

Grades are not regressed on raw agreement: that would pull every score towards the mean, and full
marks would never be reached. It is the other way round: for each grade the typical raw agreement is
found by isotonic regression, and a raw agreement gets the score of the grade that it is typical of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.core.calibration import Calibration
from interviewer.core.errors import InputError, StoreError
from interviewer.core.marking import raw_agreement
from interviewer.core.paper import free_sheet
from interviewer.core.paths import make_private
from interviewer.core.scoring import SCORER_VERSION, MeaningScorer
from interviewer.core.text import has_words
from interviewer.engines import catalog

Floats = NDArray[np.float64]

FEWEST_ANSWERS = 60
FEWEST_QUESTIONS = 8
MAX_FILE_BYTES = 64 * 1024 * 1024
GRADE_POINTS = ((0.0, 2.0), (0.25, 25.0), (0.5, 54.0), (0.75, 78.0), (1.0, 94.0))
"""The score that an answer typical of a grade gets: half marks about 50, full marks about 90, nothing under 10."""
TOP_SHARE = 0.9
"""From the raw agreement that this share of answers with full marks stays under on, the score is 100."""
FOLDS = 10
_HINT = 'Each line is one object with "prompt", "reference", "answer" and "grade" (0 to 1).'


class Graded(BaseModel):
    """One answer that people graded."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    prompt: Annotated[str, Field(min_length=1, max_length=20_000)]
    reference: Annotated[str, Field(min_length=1, max_length=20_000)]
    answer: Annotated[str, Field(max_length=100_000)]
    grade: Annotated[float, Field(ge=0.0, le=1.0)]
    key_points: tuple[str, ...] = ()


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
    """Read a file with one graded answer a line. Raises InputError, naming the line, when it cannot be used."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{path.name} is larger than 64 MB", hint="Take a sample of the answers.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InputError(f"{path.name} is not UTF-8 text", hint="Save it as UTF-8 and try again.") from exc
    except OSError as exc:
        raise InputError(f"{path} cannot be read ({exc.strerror})", hint="Name a file that you may read.") from exc
    rows = tuple(_graded(path.name, n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    questions = len({r.prompt for r in rows})
    if len(rows) < FEWEST_ANSWERS or questions < FEWEST_QUESTIONS or len({r.grade for r in rows}) < 3:
        wanted = f"{FEWEST_ANSWERS} answers to {FEWEST_QUESTIONS} questions, with three grades or more"
        raise InputError(f"{path.name} has too few graded answers ({len(rows)})", hint=f"At least {wanted}.")
    return rows


def _graded(name: str, number: int, line: str) -> Graded:
    try:
        row = Graded.model_validate(json.loads(line))
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise InputError(f"{name}, line {number}: {field}: {first['msg']}", hint=_HINT) from exc
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{name}, line {number}: not a JSON object", hint=_HINT) from exc
    if not has_words(row.reference):
        raise InputError(f"{name}, line {number}: the reference has no words", hint=_HINT)
    return row


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
    return Calibration(
        scorer=SCORER_VERSION,
        model=model_hash,
        knots=knots,
        spread=spread_of(shown, measured.grades),
        answers=len(measured.raw),
        questions=len(set(measured.questions.tolist())),
        source=f"{source}: isotonic regression of raw agreement on grade",
        pearson=round(held_out(measured), 3),
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


def held_out(measured: Measured) -> float:
    """Return the correlation of grades with isotonic predictions, questions held out whole in ten folds."""
    from sklearn.isotonic import IsotonicRegression
    from sklearn.model_selection import GroupKFold

    predicted = np.zeros_like(measured.grades)
    folds: Any = GroupKFold(min(FOLDS, len(set(measured.questions.tolist()))))
    for train, test in folds.split(measured.raw, groups=measured.questions):
        model: Any = IsotonicRegression(out_of_bounds="clip").fit(measured.raw[train], measured.grades[train])
        predicted[test] = model.predict(measured.raw[test])
    return float(np.corrcoef(predicted, measured.grades)[0, 1])


def keep(made: Calibration, file: Path) -> None:
    """Write a calibration. Raises StoreError when it cannot be written."""
    try:
        if not file.parent.exists():
            make_private(file.parent)
        file.write_text(made.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise StoreError(f"The calibration cannot be kept in {file.parent} ({exc.strerror})") from exc
