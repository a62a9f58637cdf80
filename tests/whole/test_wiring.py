"""What the composed application tells its model process; nothing heavy is loaded for that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer import app
from interviewer.app import Devices, Running, compose
from interviewer.core import settings
from interviewer.core.bank import Order, load_bank
from interviewer.core.errors import StoreError
from interviewer.core.models import Bank, Mode
from interviewer.core.paths import shipped_bank
from interviewer.core.removal import Removed
from interviewer.core.settings import Engine, Hearing, Settings
from interviewer.core.steps import Phase
from interviewer.gui.widgets.failures import told_key
from interviewer.workers.status import Deleted
from tests.workers.fakes import FakeModels, FakePlayer, FakeRecorder, FakeSpeaker, bank


class Told(FakeModels):
    """Remembers what it was told to work with."""

    def __init__(self, model: str, data_dir: Path, *, sentence_model: str, hearing: Hearing) -> None:
        super().__init__()
        self.hearings = [hearing]
        self.models = [model]
        self.sentence_models = [sentence_model]
        self.banks: list[Bank] = []

    def use_model(self, model: str) -> None:
        self.models.append(model)

    def use_hearing(self, hearing: Hearing) -> None:
        self.hearings.append(hearing)

    def use_sentence_model(self, name: str) -> None:
        self.sentence_models.append(name)

    def use_bank(self, opened: Bank) -> None:
        self.banks.append(opened)

    def close(self) -> None:
        pass


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(app, "ModelProcess", Told)
    settings.save(tmp_path, Settings(whisper_model="small", sentence_model="mine"))
    devices = Devices(FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), close=lambda: None)
    running = compose(tmp_path, lambda _: devices, bank=bank("alpha", "beta"))
    qtbot.addWidget(running.window)
    yield running
    running.close()


def told(running: Running) -> Told:
    assert isinstance(running.models, Told)
    return running.models


def test_the_models_of_the_settings_are_used_from_the_start(running: Running) -> None:
    assert (told(running).models, told(running).sentence_models) == (["small"], ["mine"])


def test_another_sentence_model_is_used_at_once_and_the_recogniser_stays(running: Running) -> None:
    running.keeper.change(sentence_model="another")
    assert (told(running).models, told(running).sentence_models) == (["small"], ["mine", "another"])


def test_another_setting_loads_no_scorer(running: Running) -> None:
    running.keeper.change(rate_wpm=140)
    running.keeper.change(whisper_model="tiny")
    assert (told(running).models, told(running).sentence_models) == (["small", "tiny"], ["mine"])


def test_another_way_to_hear_is_used_at_once(running: Running) -> None:
    running.keeper.change(engine=Engine.FAST)
    assert told(running).hearings == [Hearing(), Hearing(Engine.FAST)]


def test_weights_that_came_for_the_chosen_model_are_loaded(running: Running) -> None:
    running.downloads.recogniser_wanted.emit()
    assert told(running).models == ["small", "small"]


def test_models_are_looked_for_again_when_something_came_of_them(running: Running, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.library.whisper_models_loaded):
        running.downloads.ended.emit()


def test_nothing_that_talks_to_the_network_is_loaded_with_the_application() -> None:
    code = "import sys, interviewer.app; print(sorted({'httpx', 'torch', 'whisper'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "[]\n"


def test_the_bank_that_is_open_is_known_to_the_scorer(running: Running, qtbot: QtBot, tmp_path: Path) -> None:
    assert [one.questions[0].id for one in told(running).banks] == ["alpha"]
    (tmp_path / "bank.json").write_text(bank("delta").model_dump_json(), encoding="utf-8")
    with qtbot.waitSignal(running.library.bank_changed):
        running.library.open_bank(tmp_path / "bank.json")
    assert [one.questions[0].id for one in told(running).banks] == ["alpha", "delta"]


def test_what_was_deleted_is_forgotten_everywhere(running: Running, qtbot: QtBot) -> None:
    with qtbot.waitSignals([running.library.gone, running.library.changed]):
        running.housekeeper.deleted.emit(Deleted(Removed(attempts=("one",))))


def test_what_became_too_old_is_forgotten_too(running: Running, qtbot: QtBot) -> None:
    with qtbot.waitSignals([running.library.gone, running.library.changed]):
        running.housekeeper.retired.emit(Removed(attempts=("one",)))


def test_the_housekeeper_rests_while_an_interview_is_held(running: Running, qtbot: QtBot) -> None:
    running.conductor.begin(1, Order.LISTED, Mode.PRACTICE)
    qtbot.waitUntil(lambda: running.conductor.state.phase is Phase.ASKING)
    running.housekeeper.tidy()
    assert running.housekeeper._chore is None


def test_what_fails_while_nobody_looks_is_told_in_the_window(running: Running, qtbot: QtBot) -> None:
    running.housekeeper.told.emit(StoreError("The disk is full"))
    assert running.window.board.notice(told_key(StoreError("The disk is full"))) is not None


def test_with_every_choice_put_back_the_bank_that_ships_is_open_again(
    running: Running, qtbot: QtBot, tmp_path: Path
) -> None:
    running.keeper.change(bank=str(tmp_path / "mine.json"))
    with qtbot.waitSignal(running.library.bank_changed) as opened:
        running.keeper.reset()
    assert opened.args[0].title == load_bank(shipped_bank()).title


def test_chores_end_before_the_store_is_closed(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    for part in ("housekeeper", "disk"):
        closed = getattr(running, part).close

        def close(deadline_s: float, part: str = part, closed: Callable[[float], bool] = closed) -> bool:
            order.append(part)
            return closed(deadline_s)

        monkeypatch.setattr(getattr(running, part), "close", close)
    running.close()
    assert order == ["housekeeper", "disk"]
