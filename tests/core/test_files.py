"""Reading what somebody else may have put there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from interviewer.core.files import read_small


def test_a_small_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_small(tmp_path / "a", 5) == b"12345"


def test_a_larger_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123456")
    with pytest.raises(OSError, match="too large"):
        read_small(tmp_path / "a", 5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_and_a_link_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for name in ("pipe", "link"):
        with pytest.raises(OSError):
            read_small(tmp_path / name, 5)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_link_may_be_followed_where_it_is_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert read_small(tmp_path / "link", 5, links=True) == b"1"
