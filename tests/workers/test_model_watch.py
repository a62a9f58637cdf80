"""One status out of what the model process tells."""

from __future__ import annotations

import itertools

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.workers.model_watch import ModelWatch
from interviewer.workers.status import ModelsStatus
from tests.workers.fakes import FakeModels


@pytest.fixture
def models(qtbot: QtBot) -> FakeModels:
    return FakeModels()


@pytest.fixture
def told(models: FakeModels) -> list[ModelsStatus]:
    watch = ModelWatch(models, models)
    statuses: list[ModelsStatus] = []
    watch.changed.connect(statuses.append)
    return statuses


def test_whisper_is_named_and_not_rough(models: FakeModels, told: list[ModelsStatus]) -> None:
    models.state_changed.emit("loading")
    models.ready.emit("whisper base.en")
    models.ready.emit("scorer")
    models.state_changed.emit("ready")
    assert told[-1] == ModelsStatus("whisper base.en", rough=False, ready=True)


def test_the_built_in_recogniser_is_rough(models: FakeModels, told: list[ModelsStatus]) -> None:
    models.ready.emit("pocketsphinx en-us")
    assert told[-1] == ModelsStatus("built-in recogniser", rough=True)


def test_a_model_that_cannot_be_loaded_is_a_problem_until_the_next_load(
    models: FakeModels, told: list[ModelsStatus]
) -> None:
    error = ModelCorrupt("The file is damaged")
    models.failed.emit(0, error)
    assert told[-1].problem is error
    models.state_changed.emit("loading")
    assert told[-1].problem is None


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_stand_in_is_named_with_the_problem_whatever_comes_first(
    models: FakeModels, told: list[ModelsStatus], order: tuple[int, ...]
) -> None:
    error = ModelCorrupt("The file is damaged")
    signals = (
        lambda: models.failed.emit(0, error),
        lambda: models.ready.emit("pocketsphinx en-us"),
        lambda: models.ready.emit("scorer"),
        lambda: models.state_changed.emit("ready"),
    )
    models.state_changed.emit("loading")
    for index in order:
        signals[index]()
    assert told[-1] == ModelsStatus("built-in recogniser", rough=True, ready=True, problem=error)


def test_a_job_that_fails_is_no_problem_of_the_models(models: FakeModels, told: list[ModelsStatus]) -> None:
    models.failed.emit(3, EngineError("Whisper stopped"))
    assert told == []


def test_a_scorer_that_cannot_be_loaded_is_no_fault_of_the_recogniser(
    models: FakeModels, told: list[ModelsStatus]
) -> None:
    error = ModelCorrupt("The judge is damaged")
    models.ready.emit("whisper base.en")
    models.failed.emit(-1, error)
    assert told[-1] == ModelsStatus("whisper base.en", scorer_problem=error)


def test_what_is_wrong_with_a_scorer_is_over_with_the_next_one(models: FakeModels, told: list[ModelsStatus]) -> None:
    models.ready.emit("scorer")
    models.failed.emit(-1, ModelMissing("There is no such sentence model"))
    models.ready.emit("scorer")
    assert told[-1].scorer_problem is None


def test_another_recogniser_changes_nothing_about_the_scorer(models: FakeModels, told: list[ModelsStatus]) -> None:
    error = ModelMissing("There is no such sentence model")
    models.failed.emit(-1, error)
    models.state_changed.emit("loading")
    assert told[-1].scorer_problem is error
    models.state_changed.emit("starting")
    assert told[-1].scorer_problem is None


def test_a_process_that_stopped_is_not_ready(models: FakeModels, told: list[ModelsStatus]) -> None:
    models.state_changed.emit("ready")
    models.state_changed.emit("stopped")
    assert told[-1].ready is False
