"""What the tests of the Speaker share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from interviewer.core.errors import InterviewerError
from interviewer.core.ports import Failed
from interviewer.engines.speak_pyttsx3 import Pyttsx3Speaker
from tests.engines.listening import Events

QUESTION = "What is the difference between a list and a tuple?"


@dataclass
class Player:
    """Plays at once, and notes it."""

    played: Events = field(default_factory=Events)
    error: InterviewerError | None = None
    finish: bool = True
    stops: int = 0

    def play(self, path: Path, *, done: Callable[[], None], failed: Failed, **_more: object) -> None:
        self.played.note("played", path)
        if self.error is not None:
            failed(self.error)
        elif self.finish:
            done()

    def stop(self) -> None:
        self.stops += 1


def say(speaker: Pyttsx3Speaker, text: str, events: Events) -> None:
    speaker.say(text, done=events.noter("done"), failed=events.noter("failed"))
