"""Sessions, attempts and the rest to put into a store under test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.core.models import (
    Attempt,
    Clip,
    Coverage,
    Delivery,
    FiredGate,
    Mode,
    Pause,
    PointResult,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)

START = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def session(name: str = "monday", *, at: datetime = START) -> Session:
    return Session(name, at, "Backend engineer", Mode.PRACTICE, ("depends", "async-routes", "validation"))


def typed(name: str = "a1", *, of: str = "monday", question: str = "depends", at: datetime = START) -> Attempt:
    return Attempt(name, of, question, 0, at)


def spoken(data: Path, name: str = "a1", *, of: str = "monday", at: datetime = START) -> Attempt:
    clip = Clip(data / "recordings" / of / f"{name}.wav", 48_000, 96_000, gap_ms=12)
    return Attempt(name, of, "async-routes", 1, at, clip, follow_up="And without a thread pool?")


def transcript(text: str = "It injects a dependency.", *, rough: bool = False) -> Transcript:
    words = (Word("It", 0.32, 0.48, 0.97), Word("injects", 0.48, 1.04, 0.81))
    return Transcript(text, words, (Span(0.3, 2.75), Span(3.5, 4.0)), "whisper", "base.en", rough)


def score(value: float = 62.5, recipe: str = '{"version":"meaning-2","models":["abcdef"]}') -> Score:
    points = (
        PointResult("Names Depends", Coverage.COVERED, 0.81, "It injects a dependency.", (0, 4), confirmed=True),
        PointResult("Says when it runs", Coverage.MISSED, 0.12, ""),
    )
    gates = (FiredGate("points", 0.75, "One point is missing."),)
    step = "Say when it runs."
    return Score(value, "Partial", points, gates, recipe, low=value - 7.5, high=value + 5, next_step=step)


def delivery() -> Delivery:
    return Delivery(42, 31.5, 0.8, 128.0, 3, 2, 1, (Pause(4.25, 6.0), Pause(9.0, 10.5)))
