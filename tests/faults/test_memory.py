"""What an interview leaves in the heap is given back; `benchmarks/soak.py` shows that it suffices."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from interviewer.core.steps import End, Phase
from interviewer.engines import heap
from tests.faults.conftest import MakeInterview


def test_free_memory_is_given_back_at_the_end_of_an_interview_off_the_gui_thread(
    make_interview: MakeInterview, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr(heap, "trim", lambda: given.append(threading.current_thread().name))
    interview = make_interview(tmp_path / "data")
    interview.record(0.1)
    assert given == []
    interview.post(End())
    interview.until_in(Phase.DONE)
    interview.until(lambda: bool(given))
    assert threading.current_thread().name not in given
