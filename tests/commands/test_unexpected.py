"""What is told of an error that nobody expected, and to whom."""

from __future__ import annotations

import io
import os
import sys

import pytest

from interviewer import __main__ as entry
from interviewer.core.errors import InputError


class Terminal(io.StringIO):
    """Standard error that somebody watches."""

    def isatty(self) -> bool:
        return True


def told(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, fault: Exception) -> str:
    def fail(_arguments: list[str]) -> None:
        raise fault

    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(entry, "_run", fail)
    monkeypatch.setattr(entry.os, "umask", lambda _mask: 0)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 1
    return stream.getvalue()


def test_a_terminal_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "(ValueError: my answer)" in told(monkeypatch, Terminal(), ValueError("my answer"))


def test_what_may_be_kept_holds_its_kind_and_place_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(monkeypatch, io.StringIO(), ValueError("my answer"))
    assert "(ValueError at interviewer/__main__.py:" in text
    assert "my answer" not in text


@pytest.mark.parametrize("fault", [ValueError("\x1b[2J"), InputError("\x1b[2J")])
def test_no_error_commands_the_terminal(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    assert "\x1b" not in told(monkeypatch, Terminal(), fault)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such mask")
def test_every_command_writes_for_its_user_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    seen = []
    try:
        monkeypatch.setattr(entry, "_run", lambda _arguments: seen.append(os.umask(0o022)))
        entry.main()
    finally:
        os.umask(before)
    assert seen == [0o077]
