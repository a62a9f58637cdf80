"""What the commands tell about models and about this machine."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from interviewer.engines.embed_sentence import SHA256
from tests.commands.running import FIXTURES, Run
from tests.core.judging import calibration


def test_models_are_listed_with_what_is_here(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "models"
    folder.mkdir(parents=True)
    shutil.copy(FIXTURES / "whisper-fixture.pt", folder / "own.pt")
    listed = {m["name"]: m for m in json.loads(run("models", "list", "--json").out)}
    assert listed["base.en"]["present"] is False
    assert listed[str(folder / "own.pt")]["present"] is True
    assert "not on this machine" in run("models", "list").out


def test_verify_tells_a_model_that_is_not_what_its_name_says(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "models"
    folder.mkdir(parents=True)
    shutil.copy(FIXTURES / "whisper-fixture.pt", folder / "base.en.pt")
    told = run("models", "verify")
    assert told.code == 1
    assert "NO  base.en" in told.out
    assert "ok  sentence embeddings" in told.out


def test_verify_is_content_with_good_files(run: Run, shipped: Path) -> None:
    told = run("models", "verify")
    assert told.code == 0
    assert "ok  contradiction judge" in told.out


def test_verify_tells_a_judge_that_is_not_the_one_described(run: Run, shipped: Path) -> None:
    (shipped / "judge.safetensors").write_bytes(b"others")
    told = run("models", "verify")
    assert told.code == 1
    assert "NO  contradiction judge" in told.out


def test_doctor_tells_of_every_part(run: Run) -> None:
    told = run("doctor", "--json")
    names = [c["name"] for c in json.loads(told.out)]
    assert {"Python", "data folder", "disk space", "microphone", "loudspeaker", "voice", "question bank"} <= set(names)
    assert run("doctor").code == told.code


def test_doctor_tells_what_to_do_about_a_folder_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = run("--data-dir", tmp_path / "file", "doctor")
    assert told.code == 1
    assert "NO  data folder" in told.out


@pytest.mark.parametrize(
    ("file", "content", "check"),
    [
        ("settings.json", b"{", "settings"),
        ("settings.json", b'{"bank": "/nope/bank.json"}', "question bank"),
        ("interviewer.db", b"not a database at all, but long enough to be read as one" * 100, "database"),
        ("models/base.en.pt", b"no weights", "Whisper weights"),
    ],
)
@pytest.mark.usefixtures("shipped")
def test_doctor_looks_into_what_is_there(run: Run, tmp_path: Path, file: str, content: bytes, check: str) -> None:
    path = tmp_path / "data" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    told = run("doctor", "--json")
    assert told.code == 1
    assert [c["name"] for c in json.loads(told.out) if not c["present"] and not c["optional"]] == [check]


# --- scoring ---------------------------------------------------------------------------------


def looked(run: Run) -> dict[str, dict[str, object]]:
    return {check["name"]: check for check in json.loads(run("doctor", "--json").out)}


@pytest.mark.usefixtures("shipped")
def test_a_judge_and_a_calibration_that_fit_are_told(run: Run) -> None:
    found = looked(run)
    assert found["contradiction judge"]["present"]
    assert "contradiction judge weights" not in found
    assert found["calibration"]["present"]
    assert found["calibration"]["detail"] == "100 graded answers to 10 questions"


@pytest.mark.parametrize("file", ["judge.safetensors", "judge.json"])
def test_a_judge_that_is_not_there_is_named_by_its_file(run: Run, shipped: Path, file: str) -> None:
    (shipped / file).unlink()
    judge = looked(run)["contradiction judge"]
    assert (judge["present"], judge["optional"], judge["detail"]) == (False, False, f"{file} missing")


@pytest.mark.parametrize("file", ["judge.safetensors", "judge.json"])
def test_a_damaged_judge_is_told_with_what_to_do(run: Run, shipped: Path, file: str) -> None:
    (shipped / file).write_bytes(b"damaged")
    weights = looked(run)["contradiction judge weights"]
    assert not weights["present"]
    assert "Install Interviewer again" in str(weights["hint"])


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_without_a_calibration_nothing_can_be_scored(run: Run, shipped: Path, content: bytes | None) -> None:
    if content is None:
        (shipped / "calibration.json").unlink()
    else:
        (shipped / "calibration.json").write_bytes(content)
    found = looked(run)["calibration"]
    assert (found["present"], found["optional"]) == (False, False)
    assert "interviewer calibrate" in str(found["hint"])


@pytest.mark.parametrize("other", [{"model": "another"}, {"scorer": "meaning-0"}])
def test_a_calibration_of_something_else_makes_scores_rough(run: Run, shipped: Path, other: dict[str, str]) -> None:
    fields = {"model": SHA256[:12]} | other
    (shipped / "calibration.json").write_text(calibration(**fields).model_dump_json(), encoding="utf-8")
    found = looked(run)["calibration"]
    assert (found["present"], found["optional"]) == (False, True)
    assert "interviewer calibrate" in f"{found['detail']} {found['hint']}"


def put_sentence_model(tmp_path: Path) -> str:
    """Choose a sentence model of one's own in the settings; return its hash."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "data" / "calibrations").mkdir(parents=True)
    (tmp_path / "data" / "settings.json").write_text(json.dumps({"sentence_model": str(folder)}), encoding="utf-8")
    return hashlib.sha256(b"weights").hexdigest()[:12]


@pytest.mark.usefixtures("shipped")
def test_a_sentence_model_of_ones_own_needs_its_own_calibration(run: Run, tmp_path: Path) -> None:
    model_hash = put_sentence_model(tmp_path)
    before = looked(run)
    assert before["chosen sentence model"]["detail"] == str(tmp_path / "mine")
    assert not before["calibration"]["present"]
    own = tmp_path / "data" / "calibrations" / f"{model_hash}.json"
    own.write_text(calibration(model=model_hash).model_dump_json(), encoding="utf-8")
    assert looked(run)["calibration"]["present"]


@pytest.mark.usefixtures("shipped")
def test_a_sentence_model_that_is_gone_is_told_and_the_built_in_one_has_a_calibration(run: Run, tmp_path: Path) -> None:
    put_sentence_model(tmp_path)
    shutil.rmtree(tmp_path / "mine")
    found = looked(run)
    chosen = found["chosen sentence model"]
    assert (chosen["present"], chosen["optional"]) == (False, True)
    assert "built-in" in str(chosen["hint"])
    assert found["calibration"]["present"]
