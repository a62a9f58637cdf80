"""The process that is killed: the composed application, holding one interview after the other."""

from __future__ import annotations

import faulthandler
import logging
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from interviewer.core.state import State
from interviewer.core.steps import Phase

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
QUESTIONS = ("alpha", "beta", "gamma")


@dataclass(frozen=True, slots=True)
class Orders:
    """What one child is to do."""

    data: Path
    said: Path
    """Where the journal goes, outside of the data folder."""
    seed: int
    speed: float
    """How many times as fast as real time the candidate talks."""
    real_models: bool
    told: int
    """The end of a pipe: a line for each stage that begins."""


def run(orders: Orders) -> None:
    """Hold interviews until killed. Never returns; a mistake in here ends the process with code 3."""
    os.setpgid(0, 0)
    _stay_out_of_children()
    logging.getLogger("interviewer").addHandler(logging.FileHandler(orders.said / "log.txt"))
    logging.getLogger("interviewer").setLevel(logging.INFO)
    # Open for as long as the process: a crash below Python is told here.
    crash = (orders.said / "crash.txt").open("w")
    faulthandler.enable(crash)
    try:
        _hold(orders)
    except BaseException:
        logging.getLogger("interviewer").exception("the child of the kill test failed")
    os._exit(3)


def _stay_out_of_children() -> None:
    # What multiprocessing spawns would otherwise import the harness as its main module.
    main = sys.modules["__main__"]
    main.__spec__ = None
    main.__dict__.pop("__file__", None)


def _hold(orders: Orders) -> None:
    from interviewer import app
    from interviewer.core import settings
    from interviewer.opening import application
    from interviewer.store import database
    from interviewer.workers.model_process import ModelProcess
    from tests.faults import stand_in
    from tests.faults.candidate import Candidate, answers_of, watched_store
    from tests.faults.driver import Driver
    from tests.faults.journal import Journal
    from tests.workers.fakes import bank

    def tell(stage: str) -> None:
        os.write(orders.told, f"{stage}\n".encode())

    qt = application(["interviewer"])
    journal = Journal(orders.said)
    chance = random.Random(orders.seed)
    watched_store(database.SqlStore, journal)
    _watch_upgrade(database, tell)
    if orders.real_models:
        os.environ["INTERVIEWER_WHISPER_MODEL"] = str(FIXTURES / "whisper-fixture.pt")
        answers = _clips(chance)
    else:
        app.ModelProcess = partial(ModelProcess, main=stand_in.main)  # type: ignore[misc, assignment]
        answers = answers_of(orders.said / "answers", orders.seed, 1.2, 4.5)
    settings.save(
        orders.data, settings.Settings(daily_backup=orders.seed % 2 == 0, compress_recordings=orders.seed % 3 == 0)
    )
    candidate = Candidate(answers, journal, speed=orders.speed)
    running = app.compose(orders.data, candidate.devices, bank=bank(*QUESTIONS))

    def on_changed(state: State) -> None:
        tell(_stage(state))

    driver = Driver(running, candidate, chance=chance, changed=on_changed)
    running.window.show()
    running.start()
    driver.begin()
    qt.exec()


def _watch_upgrade(database: ModuleType, tell: Callable[[str], None]) -> None:
    """Have the parent told when a migration begins and when it is over."""
    upgrade = database.upgrade

    def watched(*args: object, **others: object) -> None:
        tell("migrating")
        upgrade(*args, **others)
        tell("migrated")

    database.upgrade = watched  # type: ignore[attr-defined]


def _stage(state: State) -> str:
    """Return what an interview is at, as the parent counts it."""
    if state.phase is Phase.RECORDING:
        return "saving" if state.stopping else "recording" if state.live else "opening"
    return state.phase.value


def _clips(chance: random.Random):  # type: ignore[no-untyped-def]
    clips = sorted((FIXTURES / "clips").glob("*.wav"))
    while True:
        yield chance.choice(clips)
