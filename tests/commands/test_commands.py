"""The commands, run as a user runs them but in this process: output, exit codes, and no traceback ever."""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path

import pytest

from tests.commands.running import FIXTURES, Run

# --- wrong use -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["score"],
        ["score", "--question", "pydantic"],
        ["score", "--question", "pydantic", "--text", "a", "--audio", "b.wav"],
        ["score", "--batch", "a.jsonl", "--text", "b"],
        ["demo"],
        ["demo", "--out", "x", "--questions", "0"],
        ["demo", "--out", "x", "--questions", "7"],
        ["transcribe"],
        ["sessions", "show"],
    ],
)
def test_wrong_use_exits_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_help_tells_every_command(run: Run) -> None:
    told = run("--help")
    assert told.code == 0
    assert all(name in told.out for name in ("demo", "score", "transcribe", "sessions", "models", "doctor"))


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.strip().count(".") == 2


# --- score -----------------------------------------------------------------------------


@pytest.mark.models
def test_a_good_answer_beats_an_empty_one(run: Run) -> None:
    text = "Pydantic models declare the shape of data with annotations, and errors say where and why."
    good = json.loads(run("score", "--question", "pydantic", "--text", text, "--json").out)
    empty = json.loads(run("score", "--question", "pydantic", "--text", "", "--json").out)
    assert good["score"] > 20 > empty["score"] == 0
    assert {"question", "text", "score", "label", "coverage", "notes", "recipe"} <= good.keys()


@pytest.mark.models
def test_a_score_for_people_names_every_key_point(run: Run) -> None:
    told = run("score", "--question", "pydantic", "--text", "Models declare the shape of data.")
    assert told.out.startswith("Score about ")
    words = ("said  ", "mentioned  ", "partly  ", "missed  ", "the wrong way round  ")
    states = [line for line in told.out.splitlines() if line.strip().startswith(words)]
    assert len(states) >= 4


@pytest.mark.models
def test_a_batch_gives_one_line_for_each_line(run: Run, tmp_path: Path) -> None:
    line = {"prompt": "What is a list?", "reference": "A list is a mutable sequence.", "answer": "A mutable sequence."}
    lines = [line, {**line, "key_points": ["A list can be changed"], "answer": "No idea."}]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    first, second = (json.loads(text) for text in run("score", "--batch", file).out.splitlines())
    assert first["score"] > second["score"]
    assert [p["key_point"] for p in second["coverage"]] == ["A list can be changed"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "line 1: not a JSON object"),
        (b'{"prompt": "a", "reference": "b"}', "line 1: answer"),
        (b'{"prompt": "a", "reference": "b", "answer": "c"}\n[1]', "line 2"),
        (b'{"prompt": "", "reference": "b", "answer": "c"}', "line 1: prompt"),
        (b"[" * 100_000, "line 1: not a JSON object"),
        (b'"' + b"x" * 300_000 + b'"', "line 1: longer than"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"prompt": "a", "reference": "...", "answer": "c"}', "line 1: reference has no words"),
        (b'{"prompt": "a", "reference": "b", "answer": "c", "key_points": "d"}', "must be a list of texts"),
    ],
)
def test_a_bad_batch_names_its_line_and_scores_nothing(run: Run, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(content)
    told = run("score", "--batch", file)
    assert (told.code, told.out) == (1, "")
    assert said in told.err


def test_a_batch_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert "cannot be read" in run("score", "--batch", tmp_path / "gone.jsonl").err


def test_an_unknown_question_is_told_with_the_known_ones(run: Run) -> None:
    told = run("score", "--question", "cobol", "--text", "x")
    assert told.code == 1
    assert 'no question "cobol"' in told.err
    assert "what-is-fastapi" in told.err


def test_a_bank_that_cannot_be_used_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bank.json").write_text("{}", encoding="utf-8")
    told = run("score", "--question", "pydantic", "--text", "x", "--bank", tmp_path / "bank.json")
    assert told.code == 1
    assert "bank.json" in told.err


# --- transcribe ------------------------------------------------------------------------


@pytest.mark.models
def test_a_sound_file_is_written_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_WHISPER_MODEL", str(FIXTURES / "whisper-fixture.pt"))
    written = json.loads(run("transcribe", FIXTURES / "clips" / "depends.wav", "--json").out)
    assert written["text"] == "Depends declares what a handler needs."
    assert written["rough"] is False
    assert len(written["words"]) == 6


@pytest.mark.models
def test_a_rough_transcript_says_so(run: Run) -> None:
    told = run("transcribe", FIXTURES / "clips" / "depends.wav")
    assert told.code == 0
    assert "rough transcript: built-in recogniser" in told.err


@pytest.mark.models
def test_an_answer_can_be_scored_from_a_sound_file(run: Run) -> None:
    clip = FIXTURES / "clips" / "depends.wav"
    told = json.loads(run("score", "--question", "dependency-injection", "--audio", clip, "--json").out)
    assert told["text"]


@pytest.mark.models
def test_silence_is_no_speech(run: Run, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\0" * 64_000)
    assert run("transcribe", tmp_path / "silence.wav").out.strip() == "(no speech heard)"


@pytest.mark.parametrize("content", [b"", b"RIFF", b"this is no sound at all" * 50])
def test_a_file_that_is_no_sound_is_told(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.wav").write_bytes(content)
    told = run("transcribe", tmp_path / "x.wav")
    assert told.code == 1
    assert told.err.startswith("interviewer: ")
    assert told.err.count("\n") == 1


def test_a_sound_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("transcribe", tmp_path / "gone.wav").code == 1


@pytest.mark.models
def test_weights_that_are_none_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(b"PK\x03\x04 but nothing else")
    told = run("transcribe", FIXTURES / "clips" / "depends.wav", "--model", tmp_path / "weights.pt")
    assert told.code == 1
    assert "weights.pt" in told.err


# --- faults ---------------------------------------------------------------------------


def test_a_command_tells_damaged_settings_and_leaves_them(run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "data" / "settings.json"
    settings.parent.mkdir()
    settings.write_text("not json", encoding="utf-8")
    assert "damaged" in run("score", "--question", "cobol", "--text", "x").err
    assert settings.read_text(encoding="utf-8") == "not json"


def test_the_demo_leaves_a_folder_of_something_else_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "session.json").write_text("mine", encoding="utf-8")
    told = run("demo", "--out", tmp_path / "out")
    assert told.code == 1
    assert (tmp_path / "out" / "session.json").read_text(encoding="utf-8") == "mine"


def test_an_unexpected_fault_is_a_sentence_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("interviewer.engines.whisper_files.survey", broken)
    told = run("models", "list")
    assert told.code == 1
    assert "(ZeroDivisionError at " in told.err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_the_way_out_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    told = run()
    assert told.code == 1
    assert "interviewer demo" in told.err
