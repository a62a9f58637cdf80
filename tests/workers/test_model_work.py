"""What the interview asks of the models: answers are followed, and asked for later."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError
from interviewer.core.models import Clip, Transcript
from interviewer.core.steps import Take
from interviewer.workers.model_work import ModelWork
from tests.workers.fakes import SPOKEN, FakeModels, bank

QUESTION = bank("alpha").questions[0]
PATH = Path("one.wav")
TAKE = Take("one", 0, Clip(PATH, 16_000, 320))
TURN = 5


class Heard:
    def __init__(self, work: ModelWork) -> None:
        self.written: list[tuple[int, Transcript]] = []
        self.failed: list[tuple[int, object]] = []
        self.text: list[str] = []
        work.written.connect(lambda turn, text: self.written.append((turn, text)))
        work.failed.connect(lambda turn, error: self.failed.append((turn, error)))
        work.heard.connect(self.text.append)


@pytest.fixture
def models(qtbot: QtBot) -> FakeModels:
    return FakeModels()


@pytest.fixture
def work(models: FakeModels) -> ModelWork:
    return ModelWork(models)  # type: ignore[arg-type]


@pytest.fixture
def heard(work: ModelWork) -> Heard:
    return Heard(work)


def test_a_text_that_was_ready_before_it_was_asked_for_comes_at_once(
    qtbot: QtBot, models: FakeModels, work: ModelWork, heard: Heard
) -> None:
    work.follow(PATH, QUESTION)
    models.done.emit(1, SPOKEN)
    work.transcribe(TURN, TAKE, QUESTION)
    assert heard.written == []  # never from inside the question
    qtbot.waitUntil(lambda: heard.written == [(TURN, SPOKEN)])
    assert models.transcribed == []


def test_a_text_that_is_nearly_ready_comes_when_it_is(models: FakeModels, work: ModelWork, heard: Heard) -> None:
    work.follow(PATH, QUESTION)
    work.transcribe(TURN, TAKE, QUESTION)
    models.done.emit(1, SPOKEN)
    assert heard.written == [(TURN, SPOKEN)]
    assert models.transcribed == []


def test_the_end_of_a_recording_is_passed_on_with_its_length(models: FakeModels, work: ModelWork) -> None:
    work.follow(PATH, QUESTION)
    work.complete(Clip(Path("another.wav"), 16_000, 1))
    assert models.completed == {}
    work.complete(Clip(PATH, 16_000, 320))
    assert models.completed == {1: 320}


def test_what_could_not_be_followed_is_written_down_from_its_recording(
    models: FakeModels, work: ModelWork, heard: Heard
) -> None:
    work.follow(PATH, QUESTION)
    models.failed.emit(1, EngineError("The model stopped"))
    assert heard.failed == []
    work.transcribe(TURN, TAKE, QUESTION)
    assert models.transcribed == [(PATH, QUESTION.terms)]


def test_a_failure_after_the_text_was_asked_for_is_told(models: FakeModels, work: ModelWork, heard: Heard) -> None:
    work.follow(PATH, QUESTION)
    work.transcribe(TURN, TAKE, QUESTION)
    error = EngineError("The model stopped")
    models.failed.emit(1, error)
    assert heard.failed == [(TURN, error)]


def test_a_text_is_given_once_and_made_anew_when_asked_for_again(
    qtbot: QtBot, models: FakeModels, work: ModelWork, heard: Heard
) -> None:
    work.follow(PATH, QUESTION)
    models.done.emit(1, SPOKEN)
    work.transcribe(TURN, TAKE, QUESTION)
    qtbot.waitUntil(lambda: len(heard.written) == 1)
    work.transcribe(TURN + 1, TAKE, QUESTION)
    assert models.transcribed == [(PATH, QUESTION.terms)]


def test_dropping_cancels_what_was_not_asked_for(models: FakeModels, work: ModelWork) -> None:
    work.follow(PATH, QUESTION)
    work.follow(Path("two.wav"), QUESTION)
    work.transcribe(TURN, TAKE, QUESTION)
    work.drop()
    assert models.cancelled == [2]


def test_only_the_answer_of_which_nothing_was_kept_is_abandoned(
    qtbot: QtBot, models: FakeModels, work: ModelWork, heard: Heard
) -> None:
    work.follow(PATH, QUESTION)
    models.done.emit(1, SPOKEN)
    work.follow(Path("two.wav"), QUESTION)
    work.follow(Path("three.wav"), QUESTION)
    work.abandon()
    work.abandon()
    assert models.cancelled == [3]
    work.transcribe(TURN, TAKE, QUESTION)
    qtbot.waitUntil(lambda: heard.written == [(TURN, SPOKEN)])


def test_cancelling_ends_what_is_waited_for_and_lets_the_next_answer_be_followed(
    models: FakeModels, work: ModelWork
) -> None:
    work.follow(PATH, QUESTION)
    work.transcribe(TURN, TAKE, QUESTION)
    work.follow(Path("two.wav"), QUESTION)
    work.cancel()
    assert models.cancelled == [1]


def test_only_the_newest_answer_is_shown_live_and_its_tail_too(
    models: FakeModels, work: ModelWork, heard: Heard
) -> None:
    work.follow(PATH, QUESTION)
    models.heard.emit(1, "first words")
    work.complete(Clip(PATH, 16_000, 320))
    models.heard.emit(1, "first words and more")
    work.follow(Path("two.wav"), QUESTION)
    models.heard.emit(1, "first words and the rest")
    models.heard.emit(2, "second answer")
    assert heard.text == ["first words", "first words and more", "second answer"]
