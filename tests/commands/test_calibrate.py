"""The command that makes a calibration; the work itself is `interviewer.calibrate`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.core.calibration import Calibration
from interviewer.core.errors import InputError
from tests.commands.running import Run
from tests.core.judging import MODEL, calibration


class Work:
    """Stands in for the work, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: dict[str, object] = {}
        self.fault: Exception | None = None
        self.made = calibration(pearson=0.7)

    def __call__(
        self, data: Path, *, model: str, data_dir: Path, out: Path | None, say: Callable[[str], None]
    ) -> Calibration:
        self.asked = {"data": data, "model": model, "data_dir": data_dir, "out": out}
        if self.fault is not None:
            raise self.fault
        say("Measuring.")
        return self.made


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    monkeypatch.setattr("interviewer.calibrate.calibrate", work)
    return work


def test_what_it_was_made_of_is_told(run: Run, work: Work) -> None:
    told = run("calibrate", "--data", "graded.jsonl")
    assert told.code == 0
    assert told.out.splitlines() == [
        "Measuring.",
        "Made of 100 answers to 10 questions; correlation with the grades 0.700, questions held out.",
    ]


def test_without_a_measured_correlation_none_is_told(run: Run, work: Work) -> None:
    work.made = calibration()
    assert run("calibrate", "--data", "graded.jsonl").out.endswith("Made of 100 answers to 10 questions.\n")


def test_programs_get_one_object_and_the_file_that_the_scorer_reads(run: Run, work: Work, tmp_path: Path) -> None:
    told = run("calibrate", "--data", "graded.jsonl", "--json")
    assert json.loads(told.out) == {
        "model": MODEL,
        "answers": 100,
        "questions": 10,
        "pearson": 0.7,
        "file": str(tmp_path / "data" / "calibrations" / f"{MODEL}.json"),
    }
    assert told.err == "Measuring.\n"


def test_another_place_can_be_named(run: Run, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("calibrate", "--data", "graded.jsonl", "--out", "mine.json", "--json")
    assert work.asked["out"] == tmp_path / "mine.json"
    assert json.loads(told.out)["file"] == str(tmp_path / "mine.json")


def test_it_is_made_for_the_sentence_model_of_the_settings(run: Run, work: Work, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text('{"sentence_model": "mine"}', encoding="utf-8")
    run("calibrate", "--data", "graded.jsonl")
    assert work.asked == {
        "data": Path("graded.jsonl"),
        "model": "mine",
        "data_dir": tmp_path / "data",
        "out": None,
    }


def test_answers_that_cannot_be_used_are_told(run: Run, work: Work) -> None:
    work.fault = InputError("graded.jsonl, line 3: grade is missing")
    told = run("calibrate", "--data", "graded.jsonl")
    assert (told.code, told.out) == (1, "")
    assert "line 3: grade is missing" in told.err


def test_the_answers_must_be_named(run: Run) -> None:
    assert run("calibrate").code == 2
