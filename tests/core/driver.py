"""Drives the interview machine the way a conductor does, and writes down what it asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from interviewer.core.errors import DeviceError, EngineError, StoreError
from interviewer.core.flow import advance
from interviewer.core.models import (
    Clip,
    Coverage,
    Delivery,
    KeyPoint,
    Mode,
    PointResult,
    Question,
    Score,
    Transcript,
    Word,
)
from interviewer.core.state import State
from interviewer.core.steps import (
    Begin,
    Effect,
    Event,
    Go,
    Phase,
    Recorded,
    RecordingStarted,
    Saved,
    Scored,
    Spoke,
    Transcribed,
)

E = TypeVar("E")

DEVICE = DeviceError("The microphone went away")
MODEL = EngineError("The model failed")
DISK = StoreError("The disk is full")
DELIVERY = Delivery(120, 60.0, 0.5, 120.0, 2, 1, 3, ())


def question(number: int, *, follow_up: str | None = "Why is that?") -> Question:
    return Question(
        id=f"q-{number}",
        topic="Topic",
        difficulty=1,
        question=f"Question number {number}?",
        background="Background.",
        guidance="Guidance.",
        example_answer="An example answer.",
        key_points=(KeyPoint(text="First point"), KeyPoint(text="Second point", follow_up=follow_up)),
    )


def clip(name: str = "one") -> Clip:
    return Clip(Path(f"{name}.wav"), 16_000, 16_000)


def transcript(text: str = "What was said") -> Transcript:
    return Transcript(text, (Word("What", 0.0, 0.5, 0.9),), engine="whisper", rough=True)


def score(*coverage: Coverage) -> Score:
    states = coverage or (Coverage.COVERED, Coverage.MISSED)
    return Score(60.0, "Solid", tuple(PointResult("A point", c, 0.4, "What was said") for c in states))


class Driver:
    """A state, and every effect that led to it."""

    def __init__(self, mode: Mode = Mode.PRACTICE, questions: int = 2, *, begun: bool = True) -> None:
        self.state = State()
        self.effects: list[Effect] = []
        asked = tuple(question(n + 1) for n in range(questions))
        self.begin = Begin("s", datetime(2026, 1, 2, tzinfo=UTC), "A bank", mode, asked)
        if begun:
            self.post(self.begin)

    @property
    def turn(self) -> int:
        return self.state.turn

    @property
    def phase(self) -> Phase:
        return self.state.phase

    def post(self, event: Event) -> tuple[Effect, ...]:
        """Post one event; return what it led to."""
        self.state, effects = advance(self.state, event)
        self.effects += effects
        return effects

    def asked_for(self, kind: type[E]) -> list[E]:
        """Every effect of one kind so far."""
        return [e for e in self.effects if isinstance(e, kind)]

    def spoken(self) -> Driver:
        """From a question being asked to thinking time."""
        self.post(Spoke(self.turn))
        return self

    def recording(self) -> Driver:
        """From a question being asked to a live recording."""
        self.spoken().post(Go())
        self.post(RecordingStarted(self.turn))
        return self

    def saving(self, name: str = "one") -> Driver:
        """From a question being asked to its clip being stored."""
        self.recording().post(Go())
        self.post(Recorded(self.turn, clip(name)))
        return self

    def transcribing(self, name: str = "one") -> Driver:
        self.saving(name).post(Saved(self.turn))
        return self

    def scoring(self) -> Driver:
        self.transcribing().post(Transcribed(self.turn, transcript()))
        return self

    def feedback(self) -> Driver:
        self.scoring().post(Scored(self.turn, score(), DELIVERY))
        return self

    def worked_off(self) -> Driver:
        """Write down and judge the answer that is waiting for it."""
        self.post(Transcribed(self.turn, transcript()))
        self.post(Scored(self.turn, score(), DELIVERY))
        return self
