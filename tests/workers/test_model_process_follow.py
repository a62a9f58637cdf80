"""Answers that are followed while they are recorded, through a real process: crashes and cancels lose nothing."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import Cancelled
from interviewer.core.models import Transcript
from interviewer.core.settings import Hearing
from interviewer.workers.model_process import ModelProcess
from tests.workers import model_mains

WAIT_MS = 30_000


class Told:
    """What the signals brought."""

    def __init__(self, models: ModelProcess) -> None:
        self.done: dict[int, str] = {}
        self.order: list[int] = []
        self.failed: dict[int, Exception] = {}
        self.heard: list[tuple[int, str]] = []
        models.done.connect(self.on_done)
        models.failed.connect(lambda job, error: self.failed.update({job: error}))
        models.heard.connect(lambda job, text: self.heard.append((job, text)))

    def on_done(self, job_id: int, result: object) -> None:
        assert isinstance(result, Transcript)
        self.done[job_id] = result.text
        self.order.append(job_id)


@pytest.fixture
def models(qtbot: QtBot, tmp_path: Path) -> Iterator[ModelProcess]:
    made = ModelProcess("tiny", tmp_path, main=model_mains.obedient)
    made.start()
    yield made
    made.close()
    assert not multiprocessing.active_children()


@pytest.fixture
def told(models: ModelProcess) -> Told:
    return Told(models)


def test_text_so_far_and_the_whole_come_under_the_number_of_the_job(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ("FastAPI",))
    qtbot.waitUntil(lambda: told.heard == [(job, "clip so far")], timeout=WAIT_MS)
    models.complete(job, 99)
    qtbot.waitUntil(lambda: told.done == {job: "clip of 99 by tiny"}, timeout=WAIT_MS)


def test_a_recording_that_ended_before_the_process_came_to_it_is_written_down(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ())
    models.complete(job, 7)
    qtbot.waitUntil(lambda: told.done == {job: "clip of 7 by tiny"}, timeout=WAIT_MS)


def test_a_process_that_dies_while_it_follows_begins_the_recording_again(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: len(told.heard) == 1, timeout=WAIT_MS)
    (child,) = multiprocessing.active_children()
    child.kill()
    qtbot.waitUntil(lambda: len(told.heard) == 2, timeout=WAIT_MS)
    models.complete(job, 5)
    qtbot.waitUntil(lambda: told.done == {job: "clip of 5 by tiny"}, timeout=WAIT_MS)


def test_a_process_that_dies_at_the_end_knows_the_end_in_its_second_life(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "die-once", ())
    models.complete(job, 5)
    qtbot.waitUntil(lambda: told.done == {job: "die-once of 5 by tiny"}, timeout=WAIT_MS)


def test_who_speaks_comes_before_what_waits(qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path) -> None:
    first = models.follow(tmp_path / "first", ())
    qtbot.waitUntil(lambda: len(told.heard) == 1, timeout=WAIT_MS)
    waiting = models.transcribe(tmp_path / "old", ())
    second = models.follow(tmp_path / "second", ())
    models.complete(second, 2)
    models.complete(first, 1)
    qtbot.waitUntil(lambda: len(told.order) == 3, timeout=WAIT_MS)
    assert told.order == [first, second, waiting]
    assert told.done[second] == "second of 2 by tiny"


def test_cancelling_ends_it_and_the_recording_can_be_written_down_later(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: len(told.heard) == 1, timeout=WAIT_MS)
    models.cancel(job)
    qtbot.waitUntil(lambda: isinstance(told.failed.get(job), Cancelled), timeout=WAIT_MS)
    models.complete(job, 5)
    later = models.transcribe(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: later in told.done, timeout=WAIT_MS)
    assert job not in told.done


def test_another_model_begins_the_recording_again(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: len(told.heard) == 1, timeout=WAIT_MS)
    models.use_model("base")
    models.complete(job, 5)
    qtbot.waitUntil(lambda: told.done == {job: "clip of 5 by base"}, timeout=WAIT_MS)


def test_another_way_to_hear_begins_the_recording_again(
    qtbot: QtBot, models: ModelProcess, told: Told, tmp_path: Path
) -> None:
    job = models.follow(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: len(told.heard) == 1, timeout=WAIT_MS)
    models.use_hearing(Hearing(fillers=True))
    qtbot.waitUntil(lambda: len(told.heard) == 2, timeout=WAIT_MS)
    models.complete(job, 5)
    qtbot.waitUntil(lambda: told.done == {job: "clip of 5 by tiny"}, timeout=WAIT_MS)
