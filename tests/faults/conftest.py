from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from interviewer import app
from interviewer.core import settings
from interviewer.core.bank import Order
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Attempt, Mode
from interviewer.core.state import State
from interviewer.core.steps import Event, Go, Phase
from interviewer.workers.model_process import ModelProcess
from tests.faults import journal, stand_in
from tests.faults.candidate import Candidate, answers_of
from tests.faults.journal import Journal
from tests.workers.fakes import bank

LONG_MS = 30_000
SPEED = 8.0


class Interview:
    """The composed application with a candidate who talks until he is stopped; the test presses the keys."""

    def __init__(self, running: app.Running, said: Path, qtbot: QtBot, answers: int) -> None:
        self.running = running
        self.told: list[InterviewerError] = []
        self._said = said
        self._qtbot = qtbot
        self._answers = answers
        running.conductor.told.connect(self.told.append)
        running.conductor.state_changed.connect(self._on_state)

    def _on_state(self, state: State) -> None:
        for error in (state.notice, state.error):
            if error is not None and error not in self.told:
                self.told.append(error)

    @property
    def state(self) -> State:
        return self.running.conductor.state

    def post(self, event: Event) -> None:
        self.running.conductor.post(event)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something; what is told when it never comes says where the interview stands."""

        def check() -> None:
            assert condition(), f"{self.state.phase.value}: {[str(error) for error in self.told]}"

        self._qtbot.waitUntil(check, timeout=LONG_MS)

    def until_in(self, *phases: Phase) -> State:
        self.until(lambda: self.state.phase in phases)
        return self.state

    def record(self, seconds: float = 0.0) -> str:
        """Begin an interview, or go on with it, and record so much; return the attempt's id."""
        if self.state.phase is Phase.DONE:
            self.running.conductor.leave()
        if self.state.phase is Phase.IDLE:
            self.running.conductor.begin(self._answers, Order.LISTED, Mode.PRACTICE)
        if self.state.phase is Phase.FEEDBACK:
            self.post(Go())
        self.until_in(Phase.WAITING)
        before = set(journal.read(self._said))
        self.post(Go())
        self.until(lambda: self.state.live)
        (name,) = set(journal.read(self._said)) - before
        self.until(lambda: len(self.said(name)) >= seconds * 16_000)
        return name

    def said(self, name: str) -> np.ndarray:
        """Return what the microphone has delivered for an attempt."""
        return journal.sound(self._said, name)

    def answer(self, seconds: float = 0.5) -> str:
        """Record an answer and have it written down and scored."""
        name = self.record(seconds)
        self.post(Go())
        self.until_in(Phase.FEEDBACK)
        return name

    def kept(self) -> dict[str, Attempt]:
        """Return what the store has."""
        found: list[object] = []
        there = threading.Event()
        self.running.disk.run(self.running.store.sessions, done=lambda s: (found.extend(s), there.set()))
        self.until(there.is_set)
        return {a.id: a for s in found for a in s.attempts}  # type: ignore[attr-defined]


def clip_sound(attempt: Attempt) -> np.ndarray:
    """Return the samples of an attempt's WAV file."""
    assert attempt.clip is not None
    samples = np.frombuffer(attempt.clip.path.read_bytes()[44:], dtype=np.int16)
    assert len(samples) == attempt.clip.frames
    return samples


MakeInterview = Callable[..., Interview]


@pytest.fixture
def make_interview(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeInterview]:
    """Compose the application over a folder; with `main` in place of the stand-in for the model process."""
    made: list[app.Running] = []

    def make(data: Path, *, answers: int = 3, main: Callable[..., None] = stand_in.main) -> Interview:
        monkeypatch.setattr(app, "ModelProcess", partial(ModelProcess, main=main))
        data.mkdir(mode=0o700, exist_ok=True)
        settings.save(data, settings.Settings(daily_backup=False))
        said = tmp_path / "said"
        candidate = Candidate(answers_of(said / "answers", 5, 600.0, 601.0), Journal(said), speed=SPEED)
        running = app.compose(data, candidate.devices, bank=bank("alpha", "beta", "gamma"))
        made.append(running)
        qtbot.addWidget(running.window)
        running.window.show()
        running.start()
        return Interview(running, said, qtbot, answers)

    yield make
    for running in made:
        running.close()
