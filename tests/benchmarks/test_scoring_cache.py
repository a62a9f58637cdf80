"""The scoring benchmark leaves the user's own cache alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.scoring_speed import CACHE_VARIABLE, own_cache


def test_encodings_go_to_a_folder_that_is_gone_afterwards() -> None:
    with own_cache():
        folder = Path(os.environ[CACHE_VARIABLE])
        assert list(folder.iterdir()) == []
    assert not folder.exists()


def test_the_users_folder_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, "/before")
    with own_cache():
        pass
    assert os.environ[CACHE_VARIABLE] == "/before"


def test_no_folder_is_left_where_none_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE)
    with own_cache():
        pass
    assert CACHE_VARIABLE not in os.environ
