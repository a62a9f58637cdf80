"""A session beside its recordings, in a small file: enough to know it again without the database."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from interviewer.core.files import read_small, write_whole
from interviewer.core.models import Mode, Session
from interviewer.core.paths import make_private
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID, SIDECAR_NAME

MAX_BYTES = 256 * 1024

_Id = Annotated[str, StringConstraints(pattern=f"^{SAFE_ID.pattern}$")]
# A title or an id is shown and searched for, never a path: only its length matters here.
_Line = Annotated[str, StringConstraints(max_length=400)]


class _Sidecar(BaseModel):
    """The file, field by field. A later version may say more: what is not known is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    id: _Id
    created: AwareDatetime
    bank_title: _Line
    mode: Mode
    question_ids: tuple[_Line, ...] = Field(max_length=2000)
    came: AwareDatetime | None = None


def sidecar_path(data: Path, session_id: str) -> Path:
    """Return where the file of a session lies: `recordings/<session>/session.json`."""
    return data / RECORDINGS_NAME / session_id / SIDECAR_NAME


def write(data: Path, session: Session) -> None:
    """Keep a session beside its recordings, all or nothing, for its owner only; its folder is made.

    Raises StoreError when the folder cannot be made, OSError when the file cannot be written, and
    ValueError for a session that could not be read again.
    """
    kept = _Sidecar(
        id=session.id,
        created=session.created.astimezone(UTC),
        bank_title=session.bank_title,
        mode=session.mode,
        question_ids=session.question_ids,
        came=session.came and session.came.astimezone(UTC),
    )
    make_private(data / RECORDINGS_NAME)
    path = make_private(data / RECORDINGS_NAME / session.id) / SIDECAR_NAME
    write_whole(path, kept.model_dump_json(indent=2).encode() + b"\n")


def read(data: Path, session_id: str) -> Session | None:
    """Return the session that lies beside the recordings of `session_id`, without attempts.

    None where there is no such file, or one that cannot be read, is too large, damaged or of
    another session. Never raises.
    """
    try:
        found = _Sidecar.model_validate_json(read_small(sidecar_path(data, session_id), MAX_BYTES))
        created = found.created.astimezone(UTC)
        came = found.came and found.came.astimezone(UTC)
    except (OSError, ValidationError, OverflowError):
        # The last is a time whose zone leads out of the calendar.
        return None
    if found.id != session_id:
        return None
    return Session(found.id, created, found.bank_title, found.mode, found.question_ids, came=came)
