"""The messages that the window and the model process trade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Neighbour, Question, Score, Transcript
from interviewer.core.settings import Hearing

USUAL = Hearing()
LOADING = 0
"""Stands for a job id in messages about loading the recogniser; jobs count from 1."""
LOADING_SCORER = -1
"""The same for the scorer."""
SCORER_READY = "scorer"
"""What `Ready` says once texts can be scored."""

# --- what the window asks for ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Load:
    """Load the recogniser for `model`, then the scorer; the first message, or a change of model."""

    model: str
    data_dir: Path
    sentence_model: str = ""
    """By name or folder; empty for the packaged one."""
    hearing: Hearing = USUAL


@dataclass(frozen=True, slots=True)
class TranscribeJob:
    """Write a sound file down; answered by Done with a Transcript."""

    job_id: int
    path: Path
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowJob:
    """Write an answer down while it is recorded; answered by Heard now and then, at last by Done with a Transcript."""

    job_id: int
    part: Path
    """What the recording is called while it grows, and `path` once it is complete."""
    path: Path
    terms: tuple[str, ...] = ()
    frames: int | None = None
    """How many frames it has; None while it grows, until Complete tells."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The recording of a FollowJob is complete and has so many frames."""

    job_id: int
    frames: int


@dataclass(frozen=True, slots=True)
class ScoreJob:
    """Judge an answer; answered by Done with a Score."""

    job_id: int
    question: Question
    answer: str
    doubt: float = 0.0
    """The share of its words that are probably misrecognised, 0 to 1."""
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class UseSentenceModel:
    """Score with another sentence model from now on; the recogniser stays."""

    name: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process."""


Job = TranscribeJob | FollowJob | ScoreJob
Request = Load | UseSentenceModel | Job | Complete | Quit


# --- what the process answers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """Something was loaded: "whisper base.en", "faster-whisper base.en", "pocketsphinx en-us" or SCORER_READY."""

    what: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is, 0 to 1; None where nobody can tell."""

    job_id: int
    fraction: float | None
    stage: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What of an answer that is still being recorded is written down so far."""

    job_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A job is finished."""

    job_id: int
    result: Transcript | Score


@dataclass(frozen=True, slots=True)
class Failed:
    """A job failed, or loading did (LOADING, LOADING_SCORER); the process goes on."""

    job_id: int
    error: InterviewerError
    detail: str = ""
    """Where something unexpected happened, for the log."""


Reply = Ready | Progress | Heard | Done | Failed
