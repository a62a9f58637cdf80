"""Reading what somebody else may have put there, and writing small files whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from interviewer.core import files
from interviewer.core.files import read_small, write_whole


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


def test_a_file_is_written_whole_in_place_of_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    (tmp_path / "a.part").write_bytes(b"left by a killed writer")
    write_whole(tmp_path / "a", b"after")
    assert (tmp_path / "a").read_bytes() == b"after"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_what_is_written_is_its_owners_alone_and_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "a.part").symlink_to(tmp_path / "other")
    write_whole(tmp_path / "a", b"mine")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").read_bytes() == b"other"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_bytes(b"before")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", b"after")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"before")]


def held(monkeypatch: pytest.MonkeyPatch, refusals: int) -> list[Path]:
    """Have so many renames refused, as Windows does while a virus scanner holds the file; returns the refused ones."""
    refused: list[Path] = []
    replace = Path.replace

    def try_to(part: Path, final: Path) -> Path:
        if len(refused) < refusals:
            refused.append(part)
            raise PermissionError(13, "in use")
        return replace(part, final)

    monkeypatch.setattr(files, "_BETWEEN_TRIES_S", 0.0)
    monkeypatch.setattr(Path, "replace", try_to)
    return refused


def test_a_file_that_a_virus_scanner_holds_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = held(monkeypatch, files._TRIES - 1)
    write_whole(tmp_path / "a", b"after")
    assert len(refused) == files._TRIES - 1
    assert (tmp_path / "a").read_bytes() == b"after"


def test_a_file_that_is_never_let_go_of_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held(monkeypatch, files._TRIES)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "a", b"after")
