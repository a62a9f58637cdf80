"""A model process over one of the stand-ins, and everything that its signals brought."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.models import KeyPoint, Question, Transcript
from interviewer.workers.model_process import Main, ModelProcess
from tests.workers import model_mains

WAIT_MS = 20_000
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
ENTRY = Question(
    id="depends",
    topic="FastAPI",
    difficulty=1,
    question="What does Depends do?",
    background="Background.",
    guidance="Guidance.",
    example_answer="Depends declares what a handler needs.",
    key_points=(KeyPoint(text="Depends declares what a handler needs"),),
)

Start = Callable[..., ModelProcess]


class Heard:
    """Everything that the signals brought."""

    def __init__(self, models: ModelProcess) -> None:
        self.done: list[tuple[int, object]] = []
        self.failed: list[tuple[int, object]] = []
        self.stages: list[str] = []
        self.states: list[str] = []
        self.ready: list[str] = []
        models.done.connect(lambda job, result: self.done.append((job, result)))
        models.failed.connect(lambda job, error: self.failed.append((job, error)))
        models.progressed.connect(lambda job, fraction, stage: self.stages.append(stage))
        models.state_changed.connect(self.states.append)
        models.ready.connect(self.ready.append)

    @property
    def texts(self) -> list[str]:
        return [result.text for _, result in self.done if isinstance(result, Transcript)]

    def jobs_over(self) -> list[int]:
        return [job for job, _ in self.done + self.failed if job]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """Start a model process over one of the stand-ins; it is closed after the test."""
    running: list[ModelProcess] = []

    def make(main: Main = model_mains.obedient, model: str = "tiny") -> ModelProcess:
        models = ModelProcess(model, tmp_path, main=main)
        running.append(models)
        models.told_so_far = Heard(models)  # type: ignore[attr-defined]
        models.start()
        return models

    yield make
    for models in running:
        models.close()
    assert not multiprocessing.active_children()


def heard(models: ModelProcess) -> Heard:
    return models.told_so_far  # type: ignore[attr-defined,no-any-return]


def until_over(qtbot: QtBot, models: ModelProcess, *jobs: int, timeout: int = WAIT_MS) -> Heard:
    """Wait until each job has ended, one way or the other."""
    qtbot.waitUntil(lambda: set(jobs) <= set(heard(models).jobs_over()), timeout=timeout)
    return heard(models)


def pid() -> int:
    """The model process that runs now."""
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    return child.pid
