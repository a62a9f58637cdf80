"""What is printed commands no terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer.printing import echo, printable

HOSTILE = "\x1b]0;owned\x07 \x9b2J \u202edesrever\u2066 \r\x7f\x00"


def test_control_characters_are_written_out() -> None:
    assert printable("a\x1b[31mb\x9bc\rd") == "a\\u001b[31mb\\u009bc\\u000dd"


def test_other_letters_lines_and_tabs_stay() -> None:
    assert printable("Größe\t日本\nzwei 👍") == "Größe\t日本\nzwei 👍"


def test_json_stays_the_same_json() -> None:
    line = json.dumps({"text": HOSTILE}, ensure_ascii=False)
    assert json.loads(printable(line)) == {"text": HOSTILE}


@pytest.mark.parametrize("err", [False, True])
def test_whatever_is_printed_passes_here(capsys: pytest.CaptureFixture[str], err: bool) -> None:
    echo(HOSTILE, err=err)
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert (told.err if err else told.out).endswith("\\u0000\n")


def test_no_command_prints_past_it() -> None:
    package = Path(__file__).parents[2] / "interviewer"
    past = [p.name for p in package.glob("*.py") if "typer.echo(" in p.read_text(encoding="utf-8")]
    assert past == ["printing.py"]
