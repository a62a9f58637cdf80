"""How the window has answers judged: beside which questions, with how much doubt, by which sentence model."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.workers.model_process import ModelProcess
from tests.workers import model_mains
from tests.workers.fakes import bank

WAIT_MS = 20_000
BANK = bank("alpha", "beta", "gamma")
ALPHA = BANK.questions[0]
BESIDE = "What is beta?,What is gamma?"


class Asking:
    """Has answers judged and waits for what is told about how that was asked for."""

    def __init__(self, models: ModelProcess, bot: QtBot) -> None:
        self.models = models
        self.bot = bot
        self.told: dict[int, str] = {}
        models.done.connect(lambda job, score: self.told.update({job: score.label}))

    def ask(self, **how: float) -> str:
        job = self.models.score(ALPHA, "an answer", **how)
        self.bot.waitUntil(lambda: job in self.told, timeout=WAIT_MS)
        return self.told[job]


@pytest.fixture
def asking(qtbot: QtBot, tmp_path: Path) -> Iterator[Asking]:
    models = ModelProcess("tiny", tmp_path, sentence_model="first", main=model_mains.tells_how)
    asking = Asking(models, qtbot)
    models.start()
    yield asking
    models.close()


def test_an_answer_is_judged_beside_the_other_questions_of_the_open_bank(asking: Asking) -> None:
    asking.models.use_bank(BANK)
    assert asking.ask(doubt=0.25) == f"first|0.25|{BESIDE}"


def test_before_a_bank_is_open_an_answer_is_judged_alone(asking: Asking) -> None:
    assert asking.ask() == "first|0.0|"


def test_a_question_of_a_bank_that_was_closed_is_judged_alone(asking: Asking) -> None:
    asking.models.use_bank(bank("delta", "epsilon"))
    assert asking.ask() == "first|0.0|"


def test_a_question_of_another_bank_with_the_same_id_is_no_neighbour(asking: Asking) -> None:
    changed = ALPHA.model_copy(update={"question": "What was alpha?"})
    asking.models.use_bank(BANK.model_copy(update={"questions": (changed, *BANK.questions[1:])}))
    assert asking.ask() == "first|0.0|"


def test_another_sentence_model_is_used_from_then_on(asking: Asking) -> None:
    assert asking.ask() == "first|0.0|"
    asking.models.use_sentence_model("second")
    assert asking.ask() == "second|0.0|"


def test_a_process_that_is_started_again_has_the_sentence_model_chosen_last(asking: Asking) -> None:
    asking.models.use_sentence_model("second")
    assert asking.ask() == "second|0.0|"
    (child,) = active_children()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    assert asking.ask() == "second|0.0|"
