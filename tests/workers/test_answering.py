"""What a conductor passes on of a recording that runs, and what it never starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.models import Clip, Mode
from interviewer.core.space import FLOOR_BYTES
from interviewer.core.steps import Phase
from interviewer.store import disk
from interviewer.workers.conductor import Conductor, Parts
from interviewer.workers.planning import Planner
from tests.workers.fakes import NOON, AtOnce, FakeModels, FakePlayer, FakeRecorder, FakeSpeaker, bank
from tests.workers.memory_store import MemoryStore


@pytest.fixture
def recorder() -> FakeRecorder:
    return FakeRecorder()


@pytest.fixture
def conductor(qtbot: QtBot, tmp_path: Path, recorder: FakeRecorder) -> Iterator[Conductor]:
    """Thinking about its first question."""
    store, lane = MemoryStore(tmp_path), AtOnce()
    planner = Planner(bank("alpha", "beta"), lane, store, lambda: NOON)
    parts = Parts(
        FakeSpeaker(), recorder, FakeRecorder(), FakePlayer(), FakeModels(), lane, store, planner, lambda: NOON
    )
    made = Conductor(parts)
    made.begin(2, Order.LISTED, Mode.PRACTICE)
    made.post(steps.Go())
    qtbot.waitUntil(lambda: made.state.phase is Phase.WAITING)
    yield made
    made.close()


def record(conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot) -> None:
    conductor.post(steps.Go())
    qtbot.waitUntil(lambda: recorder.listener is not None)
    recorder.listener.recording_started()
    qtbot.waitUntil(lambda: conductor.state.live)


def noted(signal: object) -> list[object]:
    seen: list[object] = []
    signal.connect(seen.append)  # type: ignore[attr-defined]
    return seen


def test_missing_sound_reaches_the_window(conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot) -> None:
    record(conductor, recorder, qtbot)
    with qtbot.waitSignal(conductor.sound_missing) as told:
        recorder.listener.sound_missing(400)
    assert told.args == [400]


def test_the_minutes_left_reach_the_window(conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot) -> None:
    record(conductor, recorder, qtbot)
    with qtbot.waitSignal(conductor.space_changed) as told:
        recorder.listener.space_changed(12)
    assert told.args == [12]


def test_what_an_earlier_recording_still_says_is_not_shown_beside_the_next(
    conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot
) -> None:
    record(conductor, recorder, qtbot)
    late = recorder.listener
    late.recording_failed(DeviceError("The microphone was disconnected"), None)
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.FAULT)
    recorder.listener = None
    conductor.post(steps.Retry())
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.WAITING)
    record(conductor, recorder, qtbot)
    missing, left = noted(conductor.sound_missing), noted(conductor.space_changed)
    late.sound_missing(900)
    late.space_changed(1)
    with qtbot.waitSignal(conductor.level_changed):
        recorder.listener.level_changed(0.5)
    assert (missing, left) == ([], [])


def test_on_a_full_disk_the_microphone_is_not_even_opened(
    conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: FLOOR_BYTES)
    conductor.post(steps.Go())
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.FAULT)
    assert isinstance(conductor.state.error, StoreError)
    assert "50 MB are free" in str(conductor.state.error)
    assert recorder.listener is None


def test_on_a_full_disk_an_answer_can_still_be_typed(
    conductor: Conductor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: FLOOR_BYTES)
    conductor.post(steps.Go())
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.FAULT)
    conductor.post(steps.Typed("alpha is a thing"))
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.SCORING)


@pytest.mark.parametrize("kept", [True, False])
def test_a_failed_microphone_is_told_with_whether_it_refused(
    conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot, kept: bool
) -> None:
    record(conductor, recorder, qtbot)
    with qtbot.waitSignal(conductor.microphone_failed) as told:
        recorder.listener.recording_failed(DeviceError("Gone"), Clip(recorder.path, 16_000, 9) if kept else None)
    assert told.args == [not kept]


def test_a_full_disk_says_nothing_against_the_microphone(
    conductor: Conductor, recorder: FakeRecorder, qtbot: QtBot
) -> None:
    record(conductor, recorder, qtbot)
    failed = noted(conductor.microphone_failed)
    recorder.listener.recording_failed(StoreError("The disk is full"), Clip(recorder.path, 16_000, 9))
    qtbot.waitUntil(lambda: conductor.state.phase is Phase.TRANSCRIBING)
    assert failed == []
