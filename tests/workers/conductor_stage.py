"""A conductor over devices, models and a store that the test plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.models import Mode
from interviewer.core.steps import Phase
from interviewer.workers.conductor import Conductor, Parts
from interviewer.workers.planning import Planner
from tests.workers.fakes import JUDGED, NOON, SPOKEN, AtOnce, FakeModels, FakePlayer, FakeRecorder, FakeSpeaker, bank
from tests.workers.memory_store import MemoryStore


@dataclass
class Stage:
    conductor: Conductor
    speaker: FakeSpeaker
    recorder: FakeRecorder
    meter: FakeRecorder
    player: FakePlayer
    models: FakeModels
    store: MemoryStore
    bot: QtBot

    def reach(self, phase: Phase) -> None:
        self.bot.waitUntil(lambda: self.conductor.state.phase is phase)

    def begin(self, *, mode: Mode = Mode.PRACTICE, count: int = 2) -> None:
        self.conductor.begin(count, Order.LISTED, mode)
        self.reach(Phase.ASKING)

    def record(self) -> None:
        """From ASKING to a running recording."""
        assert self.speaker.done is not None
        self.speaker.done()
        self.reach(Phase.WAITING)
        self.conductor.post(steps.Go())
        self.reach(Phase.RECORDING)
        assert self.recorder.listener is not None
        self.recorder.listener.recording_started()
        self.bot.waitUntil(lambda: self.conductor.state.live)

    def answer(self) -> None:
        """From ASKING to the feedback."""
        self.record()
        self.conductor.post(steps.Go())
        self.reach(Phase.TRANSCRIBING)
        self.models.done.emit(self.models.job, SPOKEN)
        self.reach(Phase.SCORING)
        self.models.done.emit(self.models.job, JUDGED)
        self.reach(Phase.FEEDBACK)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    store, lane = MemoryStore(tmp_path), AtOnce()
    speaker, recorder, meter, player, models = FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), FakeModels()
    planner = Planner(bank("alpha", "beta", "gamma"), lane, store, lambda: NOON)
    parts = Parts(speaker, recorder, meter, player, models, lane, store, planner, lambda: NOON)
    conductor = Conductor(parts)
    yield Stage(conductor, speaker, recorder, meter, player, models, store, qtbot)
    conductor.close()
