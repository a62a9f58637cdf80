"""What the user chose, frozen, kept as one JSON file.

A damaged file is set aside and the defaults are used: settings are never a reason not to
start. Saving writes a new file and renames it over the old one.
"""

from __future__ import annotations

import errno
import itertools
import os
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interviewer.core.bank import Order
from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.files import read_small
from interviewer.core.models import Mode

FILE_NAME = "settings.json"
MAX_SETTINGS_BYTES = 256 * 1024


class Appearance(Enum):
    """Light, dark, or what the desktop says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Engine(Enum):
    """What runs Whisper's weights."""

    WHISPER = "whisper"
    FAST = "fast"
    """faster-whisper, where it is installed."""


class Processor(Enum):
    """Where Whisper computes."""

    AUTO = "auto"
    """On the graphics card where there is one that can."""
    CPU = "cpu"


@dataclass(frozen=True, slots=True)
class Hearing:
    """How Whisper writes answers down, whatever its model."""

    engine: Engine = Engine.WHISPER
    fillers: bool = False
    """Whether it is led to keep ums and ers."""
    processor: Processor = Processor.AUTO


class Settings(BaseModel):
    """Every choice with its default. Devices and voices are kept by name, never by index."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    microphone: str | None = None
    """None is the system's default device."""
    loudspeaker: str | None = None
    voice: str | None = None
    rate_wpm: int = Field(default=165, ge=80, le=320)
    whisper_model: str = Field(default="base.en", max_length=4096)
    """A model name, or the path of a checkpoint file."""
    engine: Engine = Engine.WHISPER
    keep_fillers: bool = False
    processor: Processor = Processor.AUTO
    sentence_model: str = Field(default="", max_length=4096)
    """A sentence-transformers model by name or folder; empty for the one that comes along."""
    bank: str | None = None
    """Path of a bank file; None is the one that ships."""
    questions: int = Field(default=5, ge=1, le=200)
    order: Order = Order.LISTED
    mode: Mode = Mode.PRACTICE
    hide_question: bool = False
    appearance: Appearance = Appearance.SYSTEM
    retention_days: int | None = Field(default=None, ge=1, le=3650)
    """Interviews older than this are deleted, recordings and texts; None keeps them for ever."""
    compress_recordings: bool = False
    """Keep recordings as FLAC, bit for bit the same sound, once they are written down."""
    daily_backup: bool = True
    backup_folder: str | None = Field(default=None, max_length=4096)
    """Where backups go; None is `backups` in the data folder."""
    proxy: str = Field(default="", max_length=4096)
    """Address of the proxy for downloads; empty for the system's. Looked at when it is used, so that a typing error
    in it is no reason to forget the other settings. May hold a password, so it is never logged."""

    @property
    def hearing(self) -> Hearing:
        """How answers are written down."""
        return Hearing(self.engine, self.keep_fillers, self.processor)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as they were found, and what was wrong with the file if anything was."""

    settings: Settings
    problem: InterviewerError | None = None


def load(folder: Path, *, set_aside: bool = False) -> Loaded:
    """Read the settings in `folder`; never raises.

    With `set_aside` a file that is damaged is renamed, so that nothing is lost when the next change
    is saved. One that cannot be read at all is left alone: it may be whole.
    """
    path = folder / FILE_NAME
    try:
        # A link is the user's own: some keep their settings in one place for several machines.
        return Loaded(Settings.model_validate_json(read_small(path, MAX_SETTINGS_BYTES, links=True)))
    except FileNotFoundError:
        return Loaded(Settings())
    except OSError as exc:
        if exc.errno == errno.EFBIG:
            return _damaged(path, set_aside=set_aside)
        hint = f"The defaults are used; make {path} readable."
        return Loaded(Settings(), InterviewerError(f"The settings could not be read ({exc.strerror})", hint=hint))
    except (ValueError, ValidationError):
        return _damaged(path, set_aside=set_aside)


def _damaged(path: Path, *, set_aside: bool) -> Loaded:
    kept = _set_aside(path) if set_aside else path
    hint = f"The defaults are used; what was there is kept as {kept.name} in the data folder."
    return Loaded(Settings(), InterviewerError("The settings are damaged", hint=hint))


def _set_aside(path: Path) -> Path:
    """Rename a damaged file to a name that is free, and return where it is now."""
    names = (path.with_name(f"{path.name}.damaged{n or ''}") for n in itertools.count())
    aside = next(name for name in names if not name.exists())
    try:
        return path.rename(aside)
    except OSError:
        return path


def save(folder: Path, settings: Settings) -> None:
    """Write the settings, all or nothing. Raises StoreError when the folder cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=".settings-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(settings.model_dump_json(indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(folder / FILE_NAME)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise StoreError(f"The settings cannot be kept in {folder} ({exc.strerror})") from exc
