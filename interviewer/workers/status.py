"""What the workers tell the window about models and devices, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.core.errors import InterviewerError
from interviewer.core.ports import Device, Voice


@dataclass(frozen=True, slots=True)
class ModelsStatus:
    """Which recogniser writes answers down, how far it is, and whether answers can be judged.

    `recogniser` is "" while nothing is known yet, else a name for people such as
    "whisper base.en" or "built-in recogniser". `rough` says that its text is to be read
    with care; `ready` that the model process has loaded everything; `problem` is why a
    wanted model is not in use, or None; `scorer_problem` is why answers cannot be judged, or not
    with the wanted sentence model, or None.
    """

    recogniser: str = ""
    rough: bool = False
    ready: bool = False
    problem: InterviewerError | None = None
    scorer_problem: InterviewerError | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Answers that wait to be written down, judged, or written down again."""

    answers: int = 0
    sound_s: float = 0.0
    """Sound that is to be written down; an answer that is only to be judged has none."""
    rough: int = 0
    """How many of them have a rough transcript."""


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The sound devices and voices of this machine; each may be empty."""

    microphones: tuple[Device, ...] = ()
    loudspeakers: tuple[Device, ...] = ()
    voices: tuple[Voice, ...] = ()
