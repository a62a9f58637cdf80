"""Opening the program: never torch in its window, damaged settings, and a polite end."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from interviewer.core.paths import make_private
from tests.whole.real_window import opened


@pytest.mark.models
def test_damaged_settings_are_set_aside_and_no_reason_not_to_start(tmp_path: Path) -> None:
    data = make_private(tmp_path / "data")
    (data / "settings.json").write_text("not json", encoding="utf-8")
    with opened(tmp_path) as window:
        assert (data / "settings.json.damaged").read_text(encoding="utf-8") == "not json"
        assert window.end() == (0, "")


@pytest.mark.models
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_program_as_closing_the_window_does(tmp_path: Path, number: signal.Signals) -> None:
    with opened(tmp_path) as window:
        window.process.send_signal(number)
        _, complaints = window.process.communicate(timeout=60)
        assert (window.process.returncode, complaints) == (0, "")
