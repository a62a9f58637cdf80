"""Settings change at once, are kept, and are never a reason to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from pytestqt.qtbot import QtBot

from interviewer.core import settings
from interviewer.core.settings import Settings
from interviewer.workers.lanes import Lane
from interviewer.workers.settings_keeper import SettingsKeeper


@pytest.fixture
def disk(qtbot: QtBot) -> Iterator[Lane]:
    lane = Lane("disk")
    yield lane
    assert lane.close(5.0)


@pytest.fixture
def keeper(tmp_path: Path, disk: Lane) -> SettingsKeeper:
    return SettingsKeeper(tmp_path, Settings(), disk)


def kept(disk: Lane, folder: Path) -> Settings:
    assert disk.close(5.0)
    return settings.load(folder).settings


def test_a_change_is_told_and_kept(qtbot: QtBot, tmp_path: Path, disk: Lane, keeper: SettingsKeeper) -> None:
    with qtbot.waitSignal(keeper.changed) as changed:
        keeper.change(rate_wpm=200)
    assert changed.args[0].rate_wpm == 200
    assert kept(disk, tmp_path) == keeper.current
    assert keeper.data_dir == tmp_path


def test_of_changes_in_a_row_the_last_is_kept(tmp_path: Path, disk: Lane, keeper: SettingsKeeper) -> None:
    for rate_wpm in range(100, 120):
        keeper.change(rate_wpm=rate_wpm)
    assert kept(disk, tmp_path).rate_wpm == 119


def test_a_disk_that_hangs_holds_nobody_up(qtbot: QtBot, tmp_path: Path, disk: Lane, keeper: SettingsKeeper) -> None:
    goes_on = threading.Event()
    disk.run(goes_on.wait)
    with qtbot.waitSignal(keeper.changed):
        keeper.change(rate_wpm=200)
    assert keeper.current.rate_wpm == 200
    goes_on.set()
    assert kept(disk, tmp_path).rate_wpm == 200


def test_the_same_again_is_no_change(qtbot: QtBot, keeper: SettingsKeeper) -> None:
    with qtbot.assertNotEmitted(keeper.changed):
        keeper.change(rate_wpm=keeper.current.rate_wpm)


def test_a_folder_that_cannot_be_written_is_told_and_the_change_counts(
    qtbot: QtBot, tmp_path: Path, disk: Lane
) -> None:
    keeper = SettingsKeeper(tmp_path / "gone", Settings(), disk)
    with qtbot.waitSignals([keeper.told, keeper.changed]):
        keeper.change(rate_wpm=200)
    assert keeper.current.rate_wpm == 200


def test_a_value_out_of_range_changes_nothing(keeper: SettingsKeeper) -> None:
    with pytest.raises(ValidationError):
        keeper.change(rate_wpm=1)
    assert keeper.current == Settings()


def test_every_choice_can_be_put_back_and_that_is_kept(
    qtbot: QtBot, tmp_path: Path, disk: Lane, keeper: SettingsKeeper
) -> None:
    keeper.change(rate_wpm=200, retention_days=30)
    with qtbot.waitSignal(keeper.changed):
        keeper.reset()
    assert kept(disk, tmp_path) == keeper.current == Settings()
