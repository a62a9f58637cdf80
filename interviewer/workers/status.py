"""What the workers tell the window about models and devices, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Attempt, Session
from interviewer.core.ports import Device, Voice

if TYPE_CHECKING:
    from interviewer.core.removal import Removed
    from interviewer.store.backup import Backup


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


class Wish(Enum):
    """What the user can ask of the housekeeper."""

    BACK_UP = "back up"
    EXPORT = "export"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Working:
    """A wish under way, and how far it is: 0 to 1, or None where nobody can tell."""

    wish: Wish
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class BackupList:
    """The backups in the folder that they go to, newest first; `problem` is why they cannot be listed, or None."""

    folder: Path
    backups: tuple[Backup, ...] = ()
    problem: InterviewerError | None = None


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a deletion would take: of one answer, of one session, or, without a subject, of everything."""

    subject: Attempt | Session | None
    sessions: tuple[str, ...]
    attempts: tuple[str, ...]
    recordings: int
    size_bytes: int
    """Of the recordings that are on the disk; of everything also the database and the backups."""
    backups: int
    """How many backups may hold copies."""
    folder: Path
    """Where these lie."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion took, and what became of the backups where they were to lose their copies as well."""

    removed: Removed
    everything: bool = False
    backups: int = 0
    """How many older ones were removed after a fresh one had been made."""
    problem: InterviewerError | None = None
    """Why copies are left in the backups, or None."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything was written out."""

    folder: Path
    missing: tuple[str, ...] = ()
    """Recordings that are kept but no longer on the disk: their names."""
