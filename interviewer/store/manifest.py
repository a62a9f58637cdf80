"""What is in a backup: which files belong into one, and the list of them that lies in each.

    interviewer.db                            a consistent copy
    interviewer.id                            which data folder this is
    settings.json, settings.json.damaged*     what was chosen
    calibrations/<model>.json                 what scores mean, made by the user
    recordings/<session>/session.json         beside the recordings
    recordings/<session>/<answer>.wav|.flac   complete recordings
    rebuilt-<stamp>.txt                       what came back after a damage
    manifest.json                             format, program, time; size and SHA-256 of every file

Models, other backups, logs, locks and what is still being recorded stay out. The same list of names
says what may be restored: a name that is not of this form is not even looked at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from interviewer.core.errors import InputError
from interviewer.core.paths import CALIBRATIONS_NAME, DATABASE_NAME
from interviewer.store.names import FLAC, RECORDINGS_NAME, SAFE_ID, SIDECAR_NAME, WAV

MANIFEST_NAME = "manifest.json"
ID_NAME = "interviewer.id"
ID_PATTERN = r"[0-9a-f]{32}"
FORMAT = 1
MAX_MANIFEST_BYTES = 48 << 20
MAX_FILES = 150_000
"""Twenty years of ten answers a day."""
MAX_TOTAL_BYTES = 4 << 40

_STAMP = "%Y-%m-%dT%H%M%SZ"
STAMP_PATTERN = r"\d{4}-\d{2}-\d{2}T\d{6}Z(?:-\d{1,3})?"

_ID = SAFE_ID.pattern
_KEPT = re.compile(
    "|".join(
        (
            re.escape(DATABASE_NAME),
            re.escape(ID_NAME),
            r"settings\.json(?:\.damaged\d{0,3})?",
            rf"{CALIBRATIONS_NAME}/[0-9A-Za-z_-]{{1,64}}\.json",
            rf"{RECORDINGS_NAME}/{_ID}/{_ID}(?:{re.escape(WAV)}|{re.escape(FLAC)})",
            rf"{RECORDINGS_NAME}/{_ID}/{re.escape(SIDECAR_NAME)}",
            rf"rebuilt-{STAMP_PATTERN}\.txt",
        )
    )
)
# Windows takes these for devices, whatever their suffix.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def is_kept(name: str) -> bool:
    """Whether a file of this name, relative to the data folder and with forward slashes, belongs into a backup."""
    return _KEPT.fullmatch(name) is not None and not any(map(_DEVICES.fullmatch, name.split("/")))


def stamp_of(when: datetime) -> str:
    """Return a moment as it names a folder or a file, in UTC; `when` has a zone."""
    return when.astimezone(UTC).strftime(_STAMP)


class Kept(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(max_length=300)]
    size: int = Field(ge=0, le=MAX_TOTAL_BYTES)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if not is_kept(self.name):
            raise ValueError("not the name of a file that is backed up")
        return self


class Manifest(BaseModel):
    """The list of a backup."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    program: Literal["interviewer"] = "interviewer"
    format: int = Field(default=FORMAT, ge=1)
    version: Annotated[str, StringConstraints(max_length=60)] = ""
    """Of the program that made it."""
    created: AwareDatetime
    owner: Annotated[str, StringConstraints(pattern=rf"^(?:{ID_PATTERN})?$")] = ""
    """The id of the data folder; "" in backups of before there were ids."""
    files: tuple[Kept, ...] = Field(max_length=MAX_FILES)
    missing: tuple[Annotated[str, StringConstraints(max_length=300)], ...] = Field(default=(), max_length=MAX_FILES)
    """Recordings that the database tells of and that were not there, or were empty, when it was made."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        # Folded: two names that differ in case only are one file on Windows and macOS.
        names = [kept.name.casefold() for kept in self.files]
        if len(set(names)) != len(names):
            raise ValueError("a name is there twice")
        if self.size_bytes > MAX_TOTAL_BYTES:
            raise ValueError("too much")
        try:
            self.created.astimezone(UTC)
        except OverflowError:
            raise ValueError("a zone that leads out of the calendar") from None
        return self

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(kept.size for kept in self.files)

    def encoded(self) -> bytes:
        """Return it as it is written."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def decoded(data: bytes) -> Manifest:
    """Return the manifest that `data` holds. Raises InputError with what is wrong with it."""
    hint = "Choose another backup."
    if len(data) > MAX_MANIFEST_BYTES:
        raise InputError("The list of this backup is too large", hint=hint)
    try:
        found = Manifest.model_validate_json(data)
    except ValidationError as exc:
        raise InputError(f"The list of this backup is damaged ({_where(exc)})", hint=hint) from None
    if found.format > FORMAT:
        raise InputError(
            "This backup was made by a newer version of Interviewer",
            hint="Install the newest version, then restore it.",
        )
    return found


def _where(error: ValidationError) -> str:
    # By field, without its value: it may be anything, of any length.
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return " ".join(map(str, chain(first["loc"][:3], (first["type"],))))
