"""Two never work on one file at once, and nobody's lock outlives him."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from interviewer.core import file_lock
from interviewer.core.file_lock import held


def test_a_lock_that_is_held_is_not_given_again_until_it_is_let_go(tmp_path: Path):
    lock = tmp_path / "x.lock"
    with held(lock) as first:
        with held(lock) as second:
            assert (first, second) == (True, False)
        assert lock.exists()
    with held(lock) as third:
        assert third


def test_a_lock_leaves_no_file(tmp_path: Path):
    with held(tmp_path / "x.lock"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_locks_is_no_reason_to_do_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def unsupported(_: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(file_lock, "_lock", unsupported)
    with held(tmp_path / "x.lock") as alone:
        assert alone


def test_a_lock_whose_file_its_holder_just_removed_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lock, real, calls = tmp_path / "x.lock", file_lock._lock, []

    def late(handle: int) -> Any:
        calls.append(handle)
        if len(calls) == 1:
            lock.unlink()
        return real(handle)

    monkeypatch.setattr(file_lock, "_lock", late)
    with held(lock) as alone:
        assert (alone, len(calls), lock.exists()) == (True, 2, True)
