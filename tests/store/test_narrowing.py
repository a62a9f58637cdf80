"""What is ours is narrowed to its owner, and nothing else is touched."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from interviewer.store import narrowing
from interviewer.store.narrowing import narrow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as an old version under a wide umask left it."""
    folder = tmp_path / "data"
    (folder / "recordings" / "s1").mkdir(parents=True)
    for name in ("interviewer.db", "settings.json", "interviewer.log.1", "recordings/s1/a.wav"):
        (folder / name).write_bytes(b"x")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def test_folders_become_0700_and_files_0600(data: Path) -> None:
    assert narrow(data) == 7
    assert {mode(p) for p in (data, *data.rglob("*")) if p.is_dir()} == {0o700}
    assert {mode(p) for p in data.rglob("*") if p.is_file()} == {0o600}


def test_what_is_narrow_already_is_not_changed(data: Path) -> None:
    narrow(data)
    assert narrow(data) == 0


def test_beside_files_of_others_only_what_is_ours_by_name_is_narrowed(data: Path) -> None:
    letter = data / "letter.odt"
    letter.write_bytes(b"x")
    letter.chmod(0o644)
    narrow(data)
    assert (mode(data), mode(letter), mode(data / "interviewer.db")) == (0o755, 0o644, 0o600)


@pytest.mark.parametrize("name", ["models/site/index.html", "backups/run.sh", "recordings/s1/notes.txt"])
def test_in_our_folders_too_files_of_others_are_left_alone(data: Path, name: str) -> None:
    foreign = data / name
    foreign.parent.mkdir(parents=True, exist_ok=True)
    foreign.write_bytes(b"x")
    around = [folder for folder in foreign.parents if folder.is_relative_to(data)]
    for path in (foreign, *around):
        path.chmod(0o755)
    narrow(data)
    assert {mode(path) for path in (foreign, *around)} == {0o755}
    assert mode(data / "recordings/s1/a.wav") == 0o600


def test_the_folder_around_the_backups_is_narrowed(data: Path) -> None:
    (data / "backups" / "2026-01-02T030405Z").mkdir(parents=True)
    (data / "backups").chmod(0o755)
    narrow(data)
    assert (mode(data / "backups"), mode(data)) == (0o700, 0o700)


def test_a_data_folder_may_be_reached_through_a_link(data: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(data)
    assert narrow(tmp_path / "link") == 7


def test_a_link_is_not_followed(data: Path, tmp_path: Path) -> None:
    for name in ("outside", "folder/inside"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
        (tmp_path / name).chmod(0o644)
    (data / "window.ini").symlink_to(tmp_path / "outside")
    (data / "models").symlink_to(tmp_path / "folder")
    narrow(data)
    assert mode(tmp_path / "outside") == 0o644
    assert mode(tmp_path / "folder/inside") == 0o644


def test_a_pipe_is_not_waited_for(data: Path) -> None:
    os.mkfifo(data / "recordings" / "s1" / "pipe.wav")
    assert narrow(data) == 7


def test_what_belongs_to_somebody_else_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing.os, "geteuid", lambda: os.getuid() + 1)
    assert narrow(data) == 0


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert narrow(tmp_path / "none") == 0


def test_windows_needs_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing.sys, "platform", "win32")
    assert narrow(data) == 0
