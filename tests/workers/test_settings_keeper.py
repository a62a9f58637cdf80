"""Settings change at once, are kept, and are never a reason to stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from pytestqt.qtbot import QtBot

from interviewer.core import settings
from interviewer.core.settings import Settings
from interviewer.workers.settings_keeper import SettingsKeeper


def test_a_change_is_told_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path, Settings())
    with qtbot.waitSignal(keeper.changed) as changed:
        keeper.change(rate_wpm=200)
    assert changed.args[0].rate_wpm == 200
    assert settings.load(tmp_path).settings == keeper.current
    assert keeper.data_dir == tmp_path


def test_the_same_again_is_no_change(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path, Settings())
    with qtbot.assertNotEmitted(keeper.changed):
        keeper.change(rate_wpm=keeper.current.rate_wpm)


def test_a_folder_that_cannot_be_written_is_told_and_the_change_counts(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path / "gone", Settings())
    with qtbot.waitSignals([keeper.told, keeper.changed]):
        keeper.change(rate_wpm=200)
    assert keeper.current.rate_wpm == 200


def test_a_value_out_of_range_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path, Settings())
    with pytest.raises(ValidationError):
        keeper.change(rate_wpm=1)
    assert keeper.current == Settings()


def test_every_choice_can_be_put_back_and_that_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    keeper = SettingsKeeper(tmp_path, Settings())
    keeper.change(rate_wpm=200, retention_days=30)
    with qtbot.waitSignal(keeper.changed):
        keeper.reset()
    assert settings.load(tmp_path).settings == keeper.current == Settings()
