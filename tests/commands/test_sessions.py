"""The commands over what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer.core.models import Clip
from tests.commands.running import Run, keep_session


def test_no_sessions_is_a_sentence(run: Run) -> None:
    told = run("sessions", "list")
    assert (told.code, told.out.startswith("No interviews yet")) == (0, True)


def test_a_session_is_listed_and_shown(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    (listed,) = json.loads(run("sessions", "list", "--json").out)
    assert (listed["id"], listed["attempts"], listed["mean_score"]) == ("s1", 1, 42.0)
    assert "s1" in run("sessions", "list").out
    shown = run("sessions", "show", "s1").out
    assert "   Score about 40 of 100, between 30 and 50: Partial\n" in shown
    assert "rough transcript: built-in recogniser" in shown
    told = json.loads(run("sessions", "show", "s1", "--json").out)["attempts"][0]["score"]
    assert (told["value"], told["low"], told["high"]) == (42.0, 31.0, 48.0)
    assert (told["gates"][0]["kind"], told["recipe"]) == ("keywords", {"version": "meaning-2"})


def test_a_session_that_was_taken_in_is_listed_as_from_elsewhere(run: Run, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    assert "from elsewhere" not in run("sessions", "list").out
    run("sessions", "export", "s1", "--format", "zip", "--out", tmp_path / "s1.zip")
    run("sessions", "delete", "s1", "--yes")
    assert run("sessions", "import", tmp_path / "s1.zip").code == 0
    assert run("sessions", "list").out.rstrip().endswith("from elsewhere")
    (listed,) = json.loads(run("sessions", "list", "--json").out)
    assert listed["from_elsewhere"] is True


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
