"""Devices, models and lanes that do what a test tells them, at once and on one thread; values to try them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Bank, Clip, KeyPoint, Question, Score, Span, Transcript, Word
from interviewer.core.ports import RecorderListener


def question(name: str) -> Question:
    """Return a small valid entry."""
    return Question(
        id=name,
        topic="Tests",
        difficulty=1,
        question=f"What is {name}?",
        background="Background.",
        guidance="Guidance.",
        example_answer=f"{name} is a thing.",
        key_points=(KeyPoint(text=f"{name} is a thing", follow_up=f"And why is {name} a thing?"),),
        terms=(name,),
    )


def bank(*names: str) -> Bank:
    """Return a bank of small entries."""
    return Bank(schema_version=1, title="Test bank", role="Tester", questions=tuple(question(n) for n in names))


class FakeSpeaker:
    """Remembers what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.prepared: list[str] = []
        self.done: Callable[[], None] | None = None
        self.failed: Callable[[InterviewerError], None] | None = None

    def voices(self) -> tuple[()]:
        return ()

    def say(self, text: str, *, done: Callable[[], None], failed: Callable[[InterviewerError], None]) -> None:
        self.said.append(text)
        self.done, self.failed = done, failed

    def prepare(self, text: str) -> None:
        self.prepared.append(text)

    def hush(self) -> None:
        self.done = self.failed = None

    def close(self) -> None:
        self.hush()


class FakeRecorder:
    """Remembers its listener; the test plays the microphone."""

    def __init__(self) -> None:
        self.listener: RecorderListener | None = None
        self.path = Path()
        self.paused = False
        self.frames = 16_000

    def devices(self) -> tuple[()]:
        return ()

    def start(self, path: Path, *, listener: RecorderListener) -> None:
        self.path, self.listener = path, listener

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def stop(self, *, done: Callable[[Clip], None]) -> None:
        if self.listener is not None:
            self.listener = None
            done(Clip(self.path, 16_000, self.frames))

    def close(self) -> None:
        self.listener = None


class FakePlayer:
    """Remembers what it plays."""

    def __init__(self) -> None:
        self.playing: Path | None = None
        self.done: Callable[[], None] | None = None
        self.failed: Callable[[InterviewerError], None] | None = None
        self.position: Callable[[float], None] | None = None
        self.moves: list[str] = []

    def devices(self) -> tuple[()]:
        return ()

    def prepare(self, path: Path | None) -> None:
        self.moves.append(f"prepare {path and path.name}")

    def play(  # type: ignore[no-untyped-def]
        self, path: Path, *, start_s=0.0, end_s=None, speed=1.0, loop=None, done, failed, position=None
    ) -> None:
        self.course = (start_s, end_s, speed, loop)
        self.playing, self.done, self.failed, self.position = path, done, failed, position

    def pause(self) -> None:
        self.moves.append("pause")

    def resume(self) -> None:
        self.moves.append("resume")

    def seek(self, to_s: float) -> None:
        self.moves.append(f"seek {to_s}")

    def set_speed(self, speed: float) -> None:
        self.moves.append(f"speed {speed}")

    def set_loop(self, loop: Span | None) -> None:
        self.moves.append(f"loop {loop}")

    def stop(self) -> None:
        self.playing = None

    def close(self) -> None:
        self.stop()


class FakeModels(QObject):
    """Takes jobs; the test answers them."""

    ready = Signal(str)
    state_changed = Signal(str)
    done = Signal(int, object)
    failed = Signal(int, object)
    progressed = Signal(int, object, str)
    heard = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.followed: dict[int, tuple[Path, tuple[str, ...]]] = {}
        self.completed: dict[int, int] = {}
        self.transcribed: list[tuple[Path, tuple[str, ...]]] = []
        self.scored: list[tuple[str, str]] = []
        self.doubts: list[float] = []
        self.cancelled: list[int] = []
        self.job = 0

    def follow(self, path: Path, terms: tuple[str, ...]) -> int:
        self.job += 1
        self.followed[self.job] = (path, tuple(terms))
        return self.job

    def complete(self, job_id: int, frames: int) -> None:
        self.completed[job_id] = frames

    def transcribe(self, path: Path, terms: tuple[str, ...]) -> int:
        self.transcribed.append((path, tuple(terms)))
        self.job += 1
        return self.job

    def score(self, entry: Question, answer: str, *, doubt: float = 0.0) -> int:
        self.scored.append((entry.id, answer))
        self.doubts.append(doubt)
        self.job += 1
        return self.job

    def cancel(self, job_id: int) -> None:
        self.cancelled.append(job_id)


class AtOnce:
    """A lane without a thread; callbacks come before `run` returns."""

    def run(self, function, *args, done=None, failed=None) -> None:  # type: ignore[no-untyped-def]
        try:
            result = function(*args)
        except InterviewerError as error:
            if failed is None:
                raise
            failed(error)
        else:
            if done is not None:
                done(result)


class Later(AtOnce):
    """A lane that does its work when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.work: list[tuple[Any, ...]] = []

    def run(self, function, *args, done=None, failed=None) -> None:  # type: ignore[no-untyped-def]
        self.work.append((function, args, done, failed))

    def go(self) -> None:
        work, self.work = self.work, []
        for function, args, done, failed in work:
            super().run(function, *args, done=done, failed=failed)


SPOKEN = Transcript("a thing", (Word("a", 0.2, 0.4, 0.9), Word("thing", 0.5, 0.9, 0.8)), engine="whisper", model="tiny")
DOUBTED = replace(SPOKEN, words=(Word("a", 0.2, 0.4, 0.5), Word("thing", 0.5, 0.9, 0.9)))
ROUGH = replace(SPOKEN, engine="pocketsphinx", rough=True)
JUDGED = Score(62.5, "Solid", ())
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
