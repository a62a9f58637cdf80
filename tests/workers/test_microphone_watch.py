"""Microphones are looked for between questions, and another is offered when the chosen one fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from interviewer.core import steps
from interviewer.core.ports import Device
from interviewer.core.settings import Settings
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.workers.microphone_watch import MicrophoneWatch
from interviewer.workers.settings_keeper import SettingsKeeper
from interviewer.workers.status import DeviceList
from tests.workers.fakes import AtOnce

USB = Device("USB microphone", 48_000, is_default=True)
HEADSET = Device("Headset", 16_000, is_default=False)
BOTH = DeviceList((USB, HEADSET))


class Interview(QObject):
    """A conductor as far as it is followed."""

    state_changed = Signal(object)
    microphone_failed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.posted: list[object] = []

    def post(self, event: object) -> None:
        self.posted.append(event)

    def become(self, **fields: object) -> None:
        self.state = State(**fields)  # type: ignore[arg-type]
        self.state_changed.emit(self.state)


class Looking(QObject):
    """A library that counts how often it was asked to look."""

    devices_loaded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def look_for_microphones(self) -> None:
        self.looks += 1


class Scene:
    def __init__(self, folder: Path, microphone: str | None) -> None:
        self.conductor, self.library = Interview(), Looking()
        self.keeper = SettingsKeeper(folder, Settings(microphone=microphone), AtOnce())
        self.watch = MicrophoneWatch(self.conductor, self.library, self.keeper)  # type: ignore[arg-type]
        self.offers: list[str] = []
        self.watch.offered.connect(self.offers.append)

    def fail(self, *, refused: bool, there: DeviceList) -> None:
        self.conductor.microphone_failed.emit(refused)
        self.library.devices_loaded.emit(there)


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Scene:
    return Scene(tmp_path, "Headset")


def test_microphones_are_looked_for_once_the_question_was_read(scene: Scene) -> None:
    scene.conductor.become(phase=Phase.ASKING)
    before = scene.library.looks
    scene.conductor.become(phase=Phase.WAITING)
    scene.conductor.become(phase=Phase.WAITING, paused=True)
    assert (before, scene.library.looks) == (0, 1)


def test_microphones_are_looked_for_when_one_failed(scene: Scene) -> None:
    scene.conductor.microphone_failed.emit(False)
    assert scene.library.looks == 1


def test_another_is_offered_when_the_chosen_one_is_gone(scene: Scene) -> None:
    scene.fail(refused=False, there=DeviceList((USB,)))
    assert scene.offers == ["USB microphone"]


def test_none_is_offered_while_nothing_is_wrong(scene: Scene) -> None:
    scene.library.devices_loaded.emit(DeviceList((USB,)))
    assert scene.offers == []


def test_none_is_offered_for_one_that_is_still_there(scene: Scene) -> None:
    scene.fail(refused=False, there=BOTH)
    assert scene.offers == []


def test_the_system_s_own_that_refuses_is_replaced_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    scene = Scene(tmp_path, None)
    scene.fail(refused=True, there=BOTH)
    assert scene.offers == ["Headset"]


def test_an_offer_ends_when_the_microphone_is_connected_again(scene: Scene) -> None:
    scene.fail(refused=False, there=DeviceList((USB,)))
    scene.library.devices_loaded.emit(BOTH)
    assert scene.offers == ["USB microphone", ""]


def test_an_offer_ends_when_the_microphone_is_heard(scene: Scene) -> None:
    scene.fail(refused=True, there=BOTH)
    scene.conductor.become(phase=Phase.RECORDING, live=True)
    scene.library.devices_loaded.emit(BOTH)
    assert scene.offers == ["USB microphone", ""]


def test_an_offer_outlives_the_next_question(scene: Scene) -> None:
    scene.fail(refused=True, there=BOTH)
    scene.conductor.become(phase=Phase.ASKING)
    scene.conductor.become(phase=Phase.WAITING)
    assert scene.offers == ["USB microphone"]


def test_an_offer_ends_with_the_interview(scene: Scene) -> None:
    scene.fail(refused=True, there=BOTH)
    scene.conductor.become(phase=Phase.DONE)
    assert scene.offers == ["USB microphone", ""]


def test_an_offer_ends_when_another_one_is_chosen(scene: Scene) -> None:
    scene.fail(refused=True, there=BOTH)
    scene.keeper.change(rate_wpm=140)
    scene.keeper.change(microphone="Webcam")
    assert scene.offers == ["USB microphone", ""]


def test_what_is_taken_is_kept_in_the_settings(scene: Scene) -> None:
    scene.fail(refused=False, there=DeviceList((USB,)))
    scene.conductor.become(phase=Phase.FEEDBACK)
    scene.watch.use("USB microphone")
    assert scene.keeper.current.microphone == "USB microphone"
    assert scene.conductor.posted == []


def test_an_answer_that_could_not_begin_is_begun_again(scene: Scene) -> None:
    scene.fail(refused=True, there=BOTH)
    scene.conductor.become(phase=Phase.FAULT, fault_in=Phase.RECORDING)
    scene.watch.use("USB microphone")
    assert scene.conductor.posted == [steps.Retry()]


def test_another_fault_is_left_alone(scene: Scene) -> None:
    scene.conductor.become(phase=Phase.FAULT, fault_in=Phase.SAVING)
    scene.watch.use("USB microphone")
    assert scene.conductor.posted == []
