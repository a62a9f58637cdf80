"""The note of this machine in the data folder, and what is told of others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core import presence
from interviewer.core.presence import Presence
from interviewer.workers.sharing import Sharing, machine_key

NOW = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)
MINE, OTHER = "0" * 16, "a" * 16


def put_note(data: Path, *, seen: datetime = NOW, machine: str = OTHER, host: str = "office-pc") -> Path:
    path = data / "presence" / f"{machine}.json"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(presence.to_bytes(Presence(host, machine, 7, seen, seen)))
    return path


@pytest.fixture
def share(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., tuple[Sharing, list[str]]]]:
    """Make the sharing of a window in the folder; it looks every 10 ms. Collects what it tells."""
    made: list[Sharing] = []

    def make(data: Path = tmp_path / "data", **wishes: str) -> tuple[Sharing, list[str]]:
        data.mkdir(exist_ok=True)
        sharing = Sharing(data, machine=MINE, now=lambda: NOW, renew_s=0.01, **wishes)
        told: list[str] = []
        sharing.told.connect(lambda error: told.append(str(error)))
        made.append(sharing)
        sharing.start()
        return sharing, told

    yield make
    for sharing in made:
        sharing.close()


def note_of_mine(tmp_path: Path) -> Path:
    return tmp_path / "data" / "presence" / f"{MINE}.json"


def test_a_note_is_there_while_the_window_is_open_and_gone_afterwards(qtbot: QtBot, tmp_path: Path, share) -> None:
    sharing, _ = share()
    qtbot.waitUntil(note_of_mine(tmp_path).exists)
    note = presence.parse(note_of_mine(tmp_path).read_bytes())
    assert note is not None
    assert (note.machine, note.pid, note.seen) == (MINE, os.getpid(), NOW)
    if sys.platform != "win32":
        assert note_of_mine(tmp_path).stat().st_mode & 0o777 == 0o600
    sharing.close()
    assert not note_of_mine(tmp_path).exists()


def test_another_machine_is_told_of_once(qtbot: QtBot, tmp_path: Path, share) -> None:
    put_note(tmp_path / "data")
    sharing, told = share()
    qtbot.waitUntil(lambda: told != [])
    looks = []
    sharing._others = lambda real=sharing._others: looks.append(0) or real()
    qtbot.waitUntil(lambda: len(looks) > 3)
    assert told == ["This folder was in use on office-pc moments ago"]


def test_a_machine_that_comes_while_the_window_is_open_is_told_of(qtbot: QtBot, tmp_path: Path, share) -> None:
    _, told = share()
    qtbot.waitUntil(note_of_mine(tmp_path).exists)
    put_note(tmp_path / "data")
    qtbot.waitUntil(lambda: len(told) == 1)


def test_one_that_left_and_came_again_is_told_of_again(qtbot: QtBot, tmp_path: Path, share) -> None:
    path = put_note(tmp_path / "data")
    sharing, told = share()
    qtbot.waitUntil(lambda: len(told) == 1)
    path.unlink()
    qtbot.waitUntil(lambda: not sharing._in_use)
    put_note(tmp_path / "data")
    qtbot.waitUntil(lambda: len(told) == 2)


def test_a_machine_whose_clock_is_behind_is_told_of_when_its_note_changes(qtbot: QtBot, tmp_path: Path, share) -> None:
    old = NOW - timedelta(days=3)
    put_note(tmp_path / "data", seen=old)
    sharing, told = share()
    qtbot.waitUntil(lambda: OTHER in sharing._before)
    assert told == []
    put_note(tmp_path / "data", seen=old + timedelta(minutes=1))
    qtbot.waitUntil(lambda: len(told) == 1)


def test_a_note_under_the_name_of_another_is_not_believed(qtbot: QtBot, tmp_path: Path, share) -> None:
    put_note(tmp_path / "data").rename(tmp_path / "data" / "presence" / f"{'b' * 16}.json")
    sharing, told = share()
    qtbot.waitUntil(note_of_mine(tmp_path).exists)
    assert (told, sharing._before) == ([], {})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_links_and_pipes_among_the_notes_are_passed_over(qtbot: QtBot, tmp_path: Path, share) -> None:
    outside = put_note(tmp_path / "outside")
    folder = tmp_path / "data" / "presence"
    folder.mkdir(parents=True)
    (folder / outside.name).symlink_to(outside)
    os.mkfifo(folder / f"{'c' * 16}.json")
    _, told = share()
    qtbot.waitUntil(note_of_mine(tmp_path).exists)
    assert told == []


def test_a_lock_that_was_left_is_told_of_unless_its_machine_was_told_of_anyway(
    qtbot: QtBot, tmp_path: Path, share
) -> None:
    _, told = share(left_by="old-laptop")
    qtbot.waitUntil(lambda: told == ["This folder was in use on old-laptop, and was not closed there"])
    put_note(tmp_path / "second")
    _, told_there = share(tmp_path / "second", left_by="office-pc")
    qtbot.waitUntil(lambda: len(told_there) == 1)
    assert told_there == ["This folder was in use on office-pc moments ago"]


def test_second_databases_of_sync_programs_are_told_of(qtbot: QtBot, tmp_path: Path, share) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "interviewer (conflicted copy).db").touch()
    _, told = share()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "interviewer (conflicted copy).db" in told[0]


def test_a_synced_place_is_told_of_once_and_not_at_each_start(qtbot: QtBot, tmp_path: Path, share) -> None:
    data = tmp_path / "Nextcloud"
    sharing, told = share(data)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "Nextcloud" in told[0]
    sharing.close()
    _, told_again = share(data)
    qtbot.waitUntil((data / "presence" / f"{MINE}.json").exists)
    assert told_again == []


def test_a_folder_that_cannot_be_written_costs_the_note_and_nothing_else(
    qtbot: QtBot, tmp_path: Path, share, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "presence").write_bytes(b"")
    share()
    qtbot.waitUntil(lambda: "the note of this machine cannot be written" in caplog.text)


def test_a_machine_without_an_id_is_called_after_its_name() -> None:
    assert machine_key("", "a") != machine_key("", "b")
    assert machine_key("id", "a") == machine_key("id", "b")
