"""Renames and modes, with an operating system that does not help."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from interviewer.core import files
from interviewer.core.files import put_in_place
from interviewer.store.disk import make_file_private, open_private


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Refuse as many renames as the number in the list says, as Windows does for a file in use."""
    left = [0]
    rename = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(files, "_BETWEEN_TRIES_S", 0)
    monkeypatch.setattr(Path, "replace", refuse)
    return left


def test_a_rename_replaces_what_was_there(tmp_path: Path):
    (tmp_path / "new").write_text("new")
    (tmp_path / "old").write_text("old")
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("old", "new")]


def test_a_rename_is_tried_again_while_a_file_is_in_use(tmp_path: Path, held: list[int]):
    (tmp_path / "new").write_text("new")
    held[0] = 4
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"


def test_a_rename_gives_up_when_the_file_stays_in_use(tmp_path: Path, held: list[int]):
    (tmp_path / "new").write_text("new")
    held[0] = 5
    with pytest.raises(PermissionError):
        put_in_place(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "new").read_text() == "new"


def test_a_folder_that_cannot_be_synced_does_not_undo_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_handle: int) -> None:
        raise OSError(22, "not for folders")

    (tmp_path / "new").write_text("new")
    monkeypatch.setattr(os, "fsync", refuse)
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"


def test_the_folder_is_synced_after_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append((os.fstat(handle).st_ino, names(tmp_path))))
    (tmp_path / "new").touch()
    put_in_place(tmp_path / "new", tmp_path / "old")
    assert synced == [(tmp_path.stat().st_ino, ["old"])]


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_new_file_is_private_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        make_file_private(tmp_path / "a")
        os.close(open_private(tmp_path / "b"))
    finally:
        os.umask(before)
    assert [stat.S_IMODE(p.stat().st_mode) for p in sorted(tmp_path.iterdir())] == [0o600, 0o600]


def test_making_a_file_private_keeps_what_is_in_it(tmp_path: Path):
    (tmp_path / "a").write_text("kept")
    make_file_private(tmp_path / "a")
    assert (tmp_path / "a").read_text() == "kept"
