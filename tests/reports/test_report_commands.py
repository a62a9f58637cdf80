"""Sessions are written out and taken in from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.running import Run
from tests.reports.sessions import keep


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("form", ["html", "pdf", "zip"])
def test_a_session_is_written_in_the_form_that_was_named(run: Run, tmp_path: Path, form: str) -> None:
    keep(tmp_path / "data")
    out = tmp_path / f"s.{form}"
    told = run("sessions", "export", "s1", "--format", form, "--out", out)
    assert (told.code, told.out, told.err) == (0, f"Written: {out}\n", "")
    assert out.stat().st_size > 1000


def test_one_computer_gives_and_another_takes(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    for form in ("zip", "json"):
        file = tmp_path / f"s.{form}"
        run("sessions", "export", "s1", "--format", form, "--out", file)
        told = run("--data-dir", tmp_path / form, "sessions", "import", file, "--json")
        assert json.loads(told.out)["answers"] == 3
        shown = [
            json.loads(run(*where, "sessions", "show", "s1", "--json").out)
            for where in ((), ("--data-dir", tmp_path / form))
        ]
        for one in shown:
            for answer in one["attempts"]:
                answer["clip"] = bool(answer["clip"]) and form == "zip"
        assert shown[0] == shown[1]


def test_what_did_not_come_along_is_named(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    run("sessions", "export", "s1", "--format", "json", "--out", tmp_path / "s.json")
    told = run("--data-dir", tmp_path / "other", "sessions", "import", tmp_path / "s.json")
    assert (told.code, told.out) == (0, "Kept: s1, 3 answers.\n")
    assert "s1-01-0002.wav did not come along" in told.err


def test_a_session_that_is_here_is_refused_with_a_sentence(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    run("sessions", "export", "s1", "--format", "zip", "--out", tmp_path / "s.zip")
    told = run("sessions", "import", tmp_path / "s.zip")
    assert (told.code, "is here already; nothing was changed" in told.err) == (1, True)


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_a_form_without_a_place_for_recordings_says_so(run: Run, tmp_path: Path, form: str) -> None:
    keep(tmp_path / "data")
    assert run("sessions", "export", "s1", "--format", form, "--audio", "--out", tmp_path / "x").code == 2


def test_a_table_of_every_session(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    told = run("sessions", "export", "--all", "--format", "csv", "--out", tmp_path / "all.csv")
    assert told.out == f"Written: {tmp_path / 'all.csv'}\n"
    assert (tmp_path / "all.csv").read_text(encoding="utf-8-sig").startswith("session,bank,")
    assert run("sessions", "export", "--all", "--format", "csv", "--out", tmp_path / "all.csv").code == 1


def test_every_session_as_one_page_is_wrong_use(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    assert run("sessions", "export", "--all", "--format", "html", "--out", tmp_path / "x").code == 2


def test_notes_stay_at_home_where_they_are_not_wanted(run: Run, tmp_path: Path) -> None:
    keep(tmp_path / "data")
    run("sessions", "export", "s1", "--format", "json", "--without-notes", "--out", tmp_path / "s.json")
    document = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert [answer["note"] for answer in document["attempts"]] == ["", "", ""]
