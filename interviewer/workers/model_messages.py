"""What goes through the pipe between the window and the model process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Question, Score, Transcript


@dataclass(frozen=True, slots=True)
class TranscribeJob:
    """Write a clip down."""

    job_id: int
    path: Path
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreJob:
    """Judge an answer."""

    job_id: int
    question: Question
    answer: str


Job = TranscribeJob | ScoreJob


@dataclass(frozen=True, slots=True)
class Stage:
    """What the model process does now, in plain words."""

    words: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The recogniser is loaded; `problem` says why it is not the wanted one."""

    recogniser: str
    rough: bool
    problem: InterviewerError | None = None


@dataclass(frozen=True, slots=True)
class AllLoaded:
    """Everything is loaded; `problem` says what could not be."""

    problem: InterviewerError | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A job's result."""

    job_id: int
    result: Transcript | Score


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job that cannot be done; trying again in the same way would not help."""

    job_id: int
    error: InterviewerError


Reply = Stage | Ready | AllLoaded | Finished | JobFailed
