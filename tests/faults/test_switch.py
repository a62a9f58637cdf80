"""The switches for developers: they do what they say, and say it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SWITCH = Path(__file__).with_name("switch.py")


def switched(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SWITCH), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_every_switch_is_explained_in_the_readme() -> None:
    readme = SWITCH.with_name("README.md").read_text(encoding="utf-8")
    helped = switched("--help").stdout
    names = {word.strip("[]") for word in helped.split() if word.strip("[]").startswith("--")} - {"--help", "--"}
    known = {name for name in names if name.rstrip(",") == name and name not in ("--data-dir", "--out")}
    assert [name for name in sorted(known) if name not in readme] == []


def test_what_is_not_the_program_is_not_run() -> None:
    done = switched("--kill-after", "1", "--", "ls")
    assert done.returncode == 2
    assert "interviewer" in done.stderr


@pytest.mark.models
def test_a_killed_program_is_told_of() -> None:
    done = switched("--kill-after", "0.05", "--", "interviewer", "doctor")
    assert done.returncode != 0
    assert "The program is dead" in done.stderr


@pytest.mark.models
def test_a_full_disk_ends_a_command_with_a_sentence(tmp_path: Path) -> None:
    done = switched("--full-after", "0", "--", "interviewer", "--data-dir", str(tmp_path / "data"), "sessions", "list")
    assert done.returncode == 1
    assert "interviewer: " in done.stderr
    assert "Traceback" not in done.stderr
