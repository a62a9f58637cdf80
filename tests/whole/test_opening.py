"""Opening the program: never torch in its window, damaged settings, and a polite end."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from interviewer import calling, opening
from interviewer.core.errors import StoreError
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


def test_a_window_that_is_being_closed_gives_the_folder_to_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([None, "held"])
    monkeypatch.setattr(opening, "hold", lambda _: next(answers))
    monkeypatch.setattr(calling, "bring_to_front", lambda _: False)
    assert opening._hold_or_show(tmp_path) == "held"


def test_a_window_that_neither_answers_nor_lets_go_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "hold", lambda _: None)
    monkeypatch.setattr(calling, "bring_to_front", lambda _: False)
    with pytest.raises(StoreError, match="open already"):
        opening._hold_or_show(tmp_path)
