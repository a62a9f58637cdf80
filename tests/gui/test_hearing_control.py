"""How Whisper writes answers down, chosen in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from interviewer.core.settings import Engine, Hearing, Processor, Settings
from interviewer.gui.widgets.hearing_control import HearingControl
from interviewer.workers.settings_keeper import SettingsKeeper
from tests.workers.fakes import AtOnce


@pytest.fixture
def keeper(qtbot: QtBot, tmp_path: Path) -> SettingsKeeper:
    return SettingsKeeper(tmp_path, Settings(), AtOnce())


@pytest.fixture
def control(qtbot: QtBot, keeper: SettingsKeeper) -> HearingControl:
    made = HearingControl(keeper)
    qtbot.addWidget(made)
    return made


def test_every_choice_is_kept_at_once(qtbot: QtBot, control: HearingControl, keeper: SettingsKeeper) -> None:
    for choice, index in ((control.engine, 1), (control.processor, 1)):
        qtbot.mouseClick(choice._group.button(index), Qt.MouseButton.LeftButton)
    control.fillers.click()
    assert keeper.current.hearing == Hearing(Engine.FAST, fillers=True, processor=Processor.CPU)


def test_showing_settings_changes_none(control: HearingControl, keeper: SettingsKeeper) -> None:
    changes: list[object] = []
    keeper.changed.connect(changes.append)
    control.show_settings(Settings(engine=Engine.FAST, processor=Processor.CPU))
    assert changes == []
    assert control.engine.value() is Engine.FAST
    assert control.processor.value() is Processor.CPU


def test_shown_fillers_are_no_choice(control: HearingControl, keeper: SettingsKeeper) -> None:
    keeper.change(keep_fillers=True)
    changes: list[object] = []
    keeper.changed.connect(changes.append)
    control.show_settings(keeper.current)
    assert control.fillers.isChecked()
    assert changes == []
