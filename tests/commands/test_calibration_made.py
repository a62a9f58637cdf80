"""How a calibration is made of graded answers: what is read, and what the curve promises."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from interviewer import answers
from interviewer.calibrate import (
    FEWEST_ANSWERS,
    FEWEST_GRADES,
    FEWEST_QUESTIONS,
    GRADE_POINTS,
    Measured,
    fit,
    keep,
    knots_of,
    read_graded,
    spread_of,
)
from interviewer.core.calibration import read
from interviewer.core.errors import InputError, StoreError


def graded(tmp_path: Path, count: int = FEWEST_ANSWERS, **changes: object) -> Path:
    """A file of answers to just enough questions; the first line is changed."""
    rows: list[dict[str, object]] = [
        {
            "prompt": f"Why {n % FEWEST_QUESTIONS}?",
            "reference": "Because.",
            "answer": "So.",
            "grade": (n % FEWEST_GRADES) / FEWEST_GRADES,
        }
        for n in range(count)
    ]
    rows[0].update(changes)
    file = tmp_path / "graded.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def measured() -> Measured:
    """Answers whose raw agreement grows with their grade, with noise that is always the same."""
    chance = np.random.default_rng(1)
    grades = np.tile(np.linspace(0.0, 1.0, 11), 40)
    raw = np.clip(0.1 + 0.5 * grades + chance.normal(0.0, 0.06, len(grades)), 0.0, 1.0)
    return Measured(raw, grades, np.repeat(np.arange(40), 11))


def test_every_graded_answer_is_read(tmp_path: Path) -> None:
    assert len(read_graded(graded(tmp_path))) == FEWEST_ANSWERS


def test_a_file_too_large_to_be_read_at_once_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = graded(tmp_path)
    monkeypatch.setattr(answers, "MAX_FILE_BYTES", file.stat().st_size - 1)
    for reading in (read_graded, answers.read_batch):
        with pytest.raises(InputError, match=r"graded\.jsonl is larger than") as told:
            reading(file)
        assert "several files" in told.value.hint


def test_too_few_answers_are_refused_with_how_many_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too few graded answers") as told:
        read_graded(graded(tmp_path, FEWEST_ANSWERS - 1))
    assert str(FEWEST_ANSWERS) in told.value.hint


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"grade": 1.5}, "grade must be a number from 0 to 1"),
        ({"grade": -1}, "grade must be a number from 0 to 1"),
        ({"grade": float("nan")}, "grade must be a number from 0 to 1"),
        ({"grade": "good"}, "grade must be a number from 0 to 1"),
        ({"reference": "…"}, "reference has no words"),
        ({"prompt": ""}, "prompt has no words"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, changes: dict[str, object], wrong: str) -> None:
    with pytest.raises(InputError, match=f"graded.jsonl, line 1: {wrong}"):
        read_graded(graded(tmp_path, **changes))


def test_the_answer_typical_of_a_grade_gets_the_score_of_that_grade() -> None:
    found = measured()
    made = fit(found, model_hash="abc", source="made up")
    for grade, score in GRADE_POINTS:
        typical = float(np.median(found.raw[found.grades == grade])) if grade in found.grades else None
        if typical is not None:
            assert made.value(typical) == pytest.approx(score, abs=12.0)
    assert made.pearson is not None
    assert made.pearson > 0.8
    assert (made.answers, made.questions) == (440, 40)


def test_four_of_five_graded_answers_lie_in_the_range() -> None:
    found = measured()
    made = fit(found, model_hash="abc", source="made up")
    at, points = np.array(GRADE_POINTS).T
    meant = np.interp(found.grades, at, points)
    inside = [
        low <= m <= high for m, (low, high) in zip(meant, map(made.around, map(made.value, found.raw)), strict=True)
    ]
    assert 0.75 < np.mean(inside) < 0.97


def test_knots_rise_whatever_the_grades() -> None:
    same = knots_of(np.full(50, 0.4), np.linspace(0.0, 1.0, 50))
    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in itertools.pairwise(same))


def test_a_spread_is_never_narrower_than_the_steps_that_are_shown() -> None:
    assert all(below >= 3.0 <= above for _, below, above in spread_of(np.full(40, 50.0), np.full(40, 0.5)))


def test_what_was_made_is_read_back(tmp_path: Path) -> None:
    made = fit(measured(), model_hash="abc", source="made up")
    keep(made, tmp_path / "calibrations" / "abc.json")
    assert read(tmp_path / "calibrations" / "abc.json") == made


def test_a_calibration_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be kept"):
        keep(fit(measured(), model_hash="abc", source="made up"), tmp_path / "file" / "abc.json")
