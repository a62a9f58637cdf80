"""Holds interviews by itself in a composed application: presses the keys that a person would press."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from interviewer.app import Running
from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.models import Mode
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.workers.door import Door
from tests.faults.candidate import Candidate


class Driver(QObject):
    """Goes from interview to interview until it is stopped.

    With a `chance` some answers are typed, taken again, corrected or followed up; without, each
    question is answered once. `changed` is told of every state, `ended` of every interview.
    """

    def __init__(
        self,
        running: Running,
        candidate: Candidate,
        *,
        chance: random.Random | None = None,
        changed: Callable[[State], None] = lambda _state: None,
        ended: Callable[[], None] = lambda: None,
        modes: tuple[Mode, ...] = (Mode.PRACTICE, Mode.INTERVIEW),
    ) -> None:
        super().__init__()
        self.held = 0
        self.faults: list[str] = []
        self.stopping = False
        self._running = running
        self._chance = chance
        self._changed = changed
        self._ended = ended
        self._modes = modes
        self._door = Door(self)
        candidate.finished = partial(self._door.call, self._on_answer_over)
        running.conductor.state_changed.connect(self._on_state_changed)

    def begin(self) -> None:
        """Start the next interview."""
        mode = self._modes[self.held % len(self._modes)]
        self._running.conductor.begin(len(self._running.library.bank.questions), Order.LISTED, mode)

    def close(self) -> None:
        """Press nothing any more."""
        self._door.close()
        self._running.conductor.state_changed.disconnect(self._on_state_changed)

    def _on_answer_over(self) -> None:
        self._running.conductor.post(steps.Go())

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self._changed(state)
        if state.phase is Phase.FAULT and state.error is not None:
            self.faults.append(str(state.error))
        QTimer.singleShot(0, partial(self._act, state))

    def _act(self, state: State) -> None:
        conductor = self._running.conductor
        if state is not conductor.state:
            return
        match state.phase:
            case Phase.WAITING:
                conductor.post(steps.Typed("Typed by hand.") if self._likely(0.15) else steps.Go())
            case Phase.FEEDBACK:
                conductor.post(self._after_feedback(state))
            case Phase.FAULT:
                conductor.post(steps.Skip())
            case Phase.DONE:
                self.held += 1
                self._ended()
                if not self.stopping:
                    conductor.leave()
                    self.begin()

    def _after_feedback(self, state: State) -> steps.Event:
        if self._likely(0.15):
            return steps.Retake()
        if state.open_follow_up and self._likely(0.2):
            return steps.FollowUp()
        if self._likely(0.1):
            return steps.Corrected(f"Put right by hand {self._chance.random() if self._chance else ''}")
        return steps.Go()

    def _likely(self, share: float) -> bool:
        return self._chance is not None and self._chance.random() < share
