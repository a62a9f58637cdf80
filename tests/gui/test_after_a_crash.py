"""What the Start screen shows of recordings that a killed program left, and how they are finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from interviewer import app
from interviewer.app import Devices, Running, compose
from interviewer.core.models import Mode, Session, Transcript
from interviewer.store.database import SqlStore
from interviewer.store.recordings import PART_SUFFIX, WavWriter
from tests.workers.fakes import JUDGED, NOON, SPOKEN, FakeModels, FakePlayer, FakeRecorder, FakeSpeaker, bank

NAMES = ("s1-01-0001", "s1-02-0002", "s1-03-0003")


class Models(FakeModels):
    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def start(self) -> None:
        pass

    def use_bank(self, _opened: object) -> None:
        pass

    def close(self) -> None:
        pass


def leave_recordings(data: Path) -> None:
    """Leave three answers of 50 s each as a killed program does: nothing of them is in the store."""
    store = SqlStore.open(data)
    store.begin_session(Session("s1", NOON, "Test bank", Mode.PRACTICE, ("alpha", "beta", "gamma")))
    for name in NAMES:
        writer = WavWriter(store.clip_path("s1", name), 16_000)
        writer.write(np.full(50 * 16_000, 500, dtype=np.int16))
        path = writer.finish().path
        path.rename(path.with_name(name + PART_SUFFIX))
    store.close()


@pytest.fixture
def running(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    leave_recordings(tmp_path)
    monkeypatch.setattr(app, "ModelProcess", Models)
    devices = Devices(FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), close=lambda: None)
    running = compose(tmp_path, lambda _: devices, bank=bank("alpha", "beta", "gamma"))
    qtbot.addWidget(running.window)
    with qtbot.waitSignal(running.library.unfinished_found):
        running.start()
    yield running
    running.close()


def notice(running: Running, key: str):
    return running.window.shelf.start.readiness.notice(key)


def finish_one(running: Running, qtbot) -> None:
    """Have the models work on the answer in hand."""
    models = running.models
    done = len(models.scored)
    qtbot.waitUntil(lambda: len(models.transcribed) == done + 1)
    models.done.emit(models.job, SPOKEN)
    qtbot.waitUntil(lambda: len(models.scored) == done + 1)
    with qtbot.waitSignal(running.library.rewriting):
        models.done.emit(models.job, JUDGED)


def test_what_was_left_is_told_with_its_length(running: Running):
    word = notice(running, "unfinished").word
    assert word.fact == "3 answers are not written down or scored yet"
    assert (word.hint, word.action) == ("About 2 minutes of sound.", "Finish them")


def test_finishing_them_tells_how_far_it_is(running: Running, qtbot):
    qtbot.mouseClick(notice(running, "unfinished").action, Qt.MouseButton.LeftButton)
    finish_one(running, qtbot)
    assert notice(running, "work").fact.text().startswith("Working on answer 2 of 3, ")
    assert notice(running, "unfinished") is None


def test_they_are_finished_in_the_order_they_were_given(running: Running, qtbot):
    qtbot.mouseClick(notice(running, "unfinished").action, Qt.MouseButton.LeftButton)
    for _ in NAMES:
        finish_one(running, qtbot)
    assert notice(running, "work") is None
    assert tuple(path.stem for path, _ in running.models.transcribed) == NAMES
    assert notice(running, "unfinished") is None


def test_what_is_cancelled_is_offered_again(running: Running, qtbot):
    qtbot.mouseClick(notice(running, "unfinished").action, Qt.MouseButton.LeftButton)
    finish_one(running, qtbot)
    qtbot.mouseClick(notice(running, "work").action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: notice(running, "unfinished") is not None)
    assert notice(running, "unfinished").fact.text() == "2 answers are not written down or scored yet"


def test_silence_is_finished_too(running: Running, qtbot):
    qtbot.mouseClick(notice(running, "unfinished").action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(running.models.transcribed))
    running.models.done.emit(running.models.job, Transcript("", engine="whisper", model="tiny"))
    qtbot.waitUntil(lambda: running.models.scored == [("alpha", "")])
