from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from interviewer.core.calibration import MAX_BYTES, UNCALIBRATED, Calibration, read
from interviewer.core.errors import InputError
from tests.core.judging import calibration

BENT = ((0.2, 0.0), (0.4, 50.0), (0.8, 100.0))


def written(tmp_path: Path, **changes: Any) -> Path:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(json.loads(calibration().model_dump_json()) | changes), encoding="utf-8")
    return file


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path)
    assert "interviewer calibrate" in caught.value.hint
    return caught.value


# --- the curve ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "score"), [(0.2, 0.0), (0.3, 25.0), (0.4, 50.0), (0.6, 75.0), (0.8, 100.0)])
def test_between_knots_the_score_rises_in_a_straight_line(raw: float, score: float) -> None:
    assert calibration(knots=BENT).value(raw) == pytest.approx(score)


@pytest.mark.parametrize(("raw", "score"), [(-1.0, 0.0), (0.1, 0.0), (0.9, 100.0), (7.0, 100.0)])
def test_beyond_the_outer_knots_the_score_stays(raw: float, score: float) -> None:
    assert calibration(knots=BENT).value(raw) == score


def test_a_flat_stretch_is_allowed() -> None:
    assert calibration(knots=((0.0, 10.0), (0.5, 10.0), (1.0, 90.0))).value(0.3) == 10.0


# --- the range ----------------------------------------------------------------------------------

UNEVEN = ((0.0, 0.0, 20.0), (50.0, 10.0, 5.0), (100.0, 30.0, 0.0))


@pytest.mark.parametrize(("score", "around"), [(50.0, (40.0, 55.0)), (75.0, (55.0, 77.5)), (100.0, (70.0, 100.0))])
def test_the_range_lies_around_the_score_as_wide_as_it_is_there(score: float, around: tuple[float, float]) -> None:
    assert calibration(spread=UNEVEN).around(score) == pytest.approx(around)


@pytest.mark.parametrize("score", range(0, 101, 10))
def test_a_range_holds_its_score_and_never_leaves_nothing_to_a_hundred(score: float) -> None:
    low, high = calibration(spread=((50.0, 40.0, 40.0),)).around(score)
    assert 0.0 <= low <= score <= high <= 100.0


@pytest.mark.parametrize("raw", [0.0, 0.3, 1.0])
def test_without_a_calibration_agreement_is_the_score_and_nothing_is_sure(raw: float) -> None:
    assert UNCALIBRATED.value(raw) == pytest.approx(100.0 * raw)
    assert UNCALIBRATED.around(100.0 * raw) == (0.0, 100.0)


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"knots": ((0.0, 10.0), (1.0, 5.0))},
        {"knots": ((0.5, 0.0), (0.2, 100.0))},
        {"knots": ((0.5, 0.0), (0.5, 100.0))},
        {"knots": ((0.0, -1.0), (1.0, 100.0))},
        {"knots": ((0.0, 0.0), (1.0, 100.1))},
        {"knots": ((0.0, 0.0), (float("nan"), 100.0))},
        {"knots": ((0.0, 0.0), (1.0, float("inf")))},
        {"knots": ((0.0, 0.0),)},
        {"knots": tuple((n / 500, n / 5) for n in range(500))},
        {"spread": ()},
        {"spread": ((50.0, 5.0, 5.0), (20.0, 5.0, 5.0))},
        {"spread": ((50.0, 5.0, 5.0), (50.0, 9.0, 9.0))},
        {"spread": ((50.0, -5.0, 5.0),)},
        {"spread": ((50.0, 5.0, -0.1),)},
        {"spread": ((50.0, 5.0, float("nan")),)},
        {"model": ""},
        {"answers": 0},
        {"questions": 0},
        {"surprise": 1},
    ],
    ids=[
        "a falling score", "falling agreement", "the same agreement twice", "under nothing", "over a hundred",
        "no number", "no end", "one knot", "too many knots", "no spread", "a spread out of order",
        "the same score twice", "negative below", "negative above", "a spread of no number", "no model", "no answer",
        "no question", "an unknown field",
    ],
)  # fmt: skip
def test_a_calibration_that_cannot_be_one_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        calibration(**wrong)


def test_a_calibration_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        calibration().knots = BENT  # type: ignore[misc]


# --- the file -------------------------------------------------------------------------------------


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    made = calibration(knots=BENT, pearson=0.7)
    file = tmp_path / "mine.json"
    file.write_text(made.model_dump_json(indent=1), encoding="utf-8")
    assert read(file) == made


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"knots": ' + b"[" * 5000, b"\x00" * 100],
    ids=["empty", "cut off", "a list", "nothing", "not text", "deep", "zeros"],
)
def test_a_damaged_file_is_no_calibration(tmp_path: Path, damaged: bytes) -> None:
    file = tmp_path / "mine.json"
    file.write_bytes(damaged)
    assert str(refusal(file)) == "mine.json is not a calibration"


def test_a_file_with_falling_knots_is_no_calibration(tmp_path: Path) -> None:
    assert "not a calibration" in str(refusal(written(tmp_path, knots=[[0.0, 90.0], [1.0, 10.0]])))


def test_a_file_without_knots_is_no_calibration(tmp_path: Path) -> None:
    assert "not a calibration" in str(refusal(written(tmp_path, knots=None)))


def test_a_large_file_is_not_even_read(tmp_path: Path) -> None:
    file = written(tmp_path)
    Calibration.model_validate_json(file.read_bytes())
    file.write_bytes(file.read_bytes() + b" " * MAX_BYTES)
    assert "too large" in str(refusal(file))


def test_a_missing_file_is_told_with_its_place(tmp_path: Path) -> None:
    assert str(tmp_path / "none.json") in str(refusal(tmp_path / "none.json"))


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in str(refusal(tmp_path))
