"""The commands, run as a user runs them but in this process: output, exit codes, and no traceback ever."""

from __future__ import annotations

import json
import logging
import shutil
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from interviewer.__main__ import main
from interviewer.core.models import Attempt, Clip, Coverage, Mode, PointResult, Score, Session, Transcript, Word
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def _run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["interviewer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        code = ended.value.code
        assert "Traceback" not in shown.out + shown.err
        return Ran(code if isinstance(code, int) else int(bool(code)), shown.out, shown.err)

    yield _run
    root.handlers[:], root.level = handlers, level


def keep_session(data_dir: Path) -> Session:
    """Put one session with one answer into the store."""
    store = SqlStore.open(data_dir)
    try:
        session = Session("s1", NOON, "FastAPI developer", Mode.PRACTICE, ("pydantic",))
        store.begin_session(session)
        path = store.clip_path("s1", "s1-01-0002")
        writer = WavWriter(path, 16_000)
        writer.write(np.full(1600, 500, dtype=np.int16))
        store.add_attempt(Attempt("s1-01-0002", "s1", "pydantic", 0, NOON, clip=writer.finish()))
        words = (Word("=models", 0.0, 0.1, 0.9),)
        store.add_transcript("s1-01-0002", Transcript("=models", words, engine="pocketsphinx", rough=True))
        point = PointResult("Models declare shape", Coverage.PARTLY, 0.35, "=models")
        store.add_score("s1-01-0002", Score(42.0, "Partial", (point,), ("A note.",), "meaning-1/abc"), None)
        return store.session("s1")
    finally:
        store.close()


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
    assert " of 100: " in told.out
    assert told.out.count("missed") + told.out.count("partly") + told.out.count("covered") >= 4


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


# --- sessions --------------------------------------------------------------------------


def test_no_sessions_is_a_sentence(run: Run) -> None:
    told = run("sessions", "list")
    assert (told.code, told.out.startswith("No interviews yet")) == (0, True)


def test_a_session_is_listed_and_shown(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    (listed,) = json.loads(run("sessions", "list", "--json").out)
    assert (listed["id"], listed["attempts"], listed["mean_score"]) == ("s1", 1, 42.0)
    assert "s1" in run("sessions", "list").out
    shown = run("sessions", "show", "s1").out
    assert "40 of 100: Partial" in shown
    assert "rough transcript: built-in recogniser" in shown
    assert json.loads(run("sessions", "show", "s1", "--json").out)["attempts"][0]["score"]["value"] == 42.0


def test_a_session_is_exported_with_its_recordings(run: Run, tmp_path: Path) -> None:
    session = keep_session(tmp_path / "data")
    told = run("sessions", "export", "s1", "--out", tmp_path / "out")
    assert told.code == 0
    document = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    clip = document["attempts"][0]["clip"]["file"]
    kept = session.attempts[0].clip
    assert kept is not None
    assert (tmp_path / "out" / clip).read_bytes() == kept.path.read_bytes()


def test_an_export_never_overwrites(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    told = run("sessions", "export", "s1", "--out", tmp_path / "out")
    assert told.code == 1
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_an_export_without_the_recording_keeps_the_text(run: Run, tmp_path: Path) -> None:
    session = keep_session(tmp_path / "data")
    clip = session.attempts[0].clip
    assert isinstance(clip, Clip)
    clip.path.unlink()
    run("sessions", "export", "s1", "--out", tmp_path / "out")
    (attempt,) = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))["attempts"]
    assert attempt["clip"] is None
    assert attempt["transcript"]["text"] == "=models"


def test_an_export_is_for_its_owner_and_fills_the_folder_that_was_named(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    before = folder.stat().st_ino
    assert run("sessions", "export", "s1", "--out", folder).code == 0
    assert folder.stat().st_ino == before
    assert {oct(p.stat().st_mode & 0o777) for p in folder.iterdir()} == {"0o600"}


def test_a_recording_that_is_gone_is_named(run: Run, tmp_path: Path) -> None:
    session = keep_session(tmp_path / "data")
    clip = session.attempts[0].clip
    assert clip is not None
    clip.path.unlink()
    assert clip.path.name in run("sessions", "export", "s1", "--out", tmp_path / "out").err


def test_a_bank_of_the_settings_that_is_gone_hides_no_session(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    (tmp_path / "data" / "settings.json").write_text('{"bank": "/nope/bank.json"}', encoding="utf-8")
    shown = run("sessions", "show", "s1")
    assert shown.code == 0
    assert "/nope/bank.json" in shown.err


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


@pytest.mark.parametrize(
    ("file", "content", "check"),
    [
        ("settings.json", b"{", "settings"),
        ("settings.json", b'{"bank": "/nope/bank.json"}', "question bank"),
        ("interviewer.db", b"not a database at all, but long enough to be read as one" * 100, "database"),
        ("models/base.en.pt", b"no weights", "Whisper weights"),
    ],
)
def test_doctor_looks_into_what_is_there(run: Run, tmp_path: Path, file: str, content: bytes, check: str) -> None:
    path = tmp_path / "data" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    told = run("doctor", "--json")
    assert told.code == 1
    assert [c["name"] for c in json.loads(told.out) if not c["present"] and not c["optional"]] == [check]


@pytest.mark.parametrize("command", ["show", "export"])
def test_an_unknown_session_is_told(run: Run, tmp_path: Path, command: str) -> None:
    extra = ["--out", tmp_path / "out"] if command == "export" else []
    told = run("sessions", command, "nobody", *extra)
    assert told.code == 1
    assert "nobody" in told.err


def test_a_data_folder_that_cannot_be_used_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = run("--data-dir", tmp_path / "file", "sessions", "list")
    assert told.code == 1
    assert "--data-dir" in told.err


def test_the_window_is_not_opened_on_a_folder_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "--data-dir" in run("--data-dir", tmp_path / "file").err


# --- models and doctor -------------------------------------------------------------------


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


def test_verify_is_content_with_good_files(run: Run) -> None:
    assert run("models", "verify").code == 0


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


def test_an_unexpected_fault_is_a_sentence_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("interviewer.engines.whisper_files.survey", broken)
    told = run("models", "list")
    assert told.code == 1
    assert "ZeroDivisionError: oops" in told.err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_the_way_out_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    told = run()
    assert told.code == 1
    assert "interviewer demo" in told.err
