"""How many cores the models take."""

from __future__ import annotations

import pytest

from interviewer.engines.cores import cores_to_use


@pytest.mark.parametrize(("usable", "worked_on"), [(1, 1), (2, 1), (4, 3), (8, 7), (9, 8), (32, 8)])
def test_one_core_is_left_to_the_window_and_no_more_are_taken_than_help(
    usable: int, worked_on: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(usable)), raising=False)
    assert cores_to_use() == worked_on
