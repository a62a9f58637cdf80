"""Writes a session out as a folder: session.json and its recordings."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Session
from interviewer.reports.document import FindQuestion, session_document

DOCUMENT_NAME = "session.json"
CLIP_PATTERN = "answer-*.wav"


@dataclass(frozen=True, slots=True)
class Export:
    """What was written."""

    document: Path
    missing: tuple[str, ...]
    """Recordings that the session has but the disk no longer: their names."""


def export_session(session: Session, question: FindQuestion, folder: Path) -> Export:
    """Write `session` into `folder`, which must be new or empty.

    Raises InputError when something is there already, StoreError when it cannot be written;
    what was written until then is taken away again.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is already there", hint="Name a folder that is new or empty.")
    try:
        return write_session(session, question, folder)
    except StoreError:
        for path in _written(folder):
            path.unlink(missing_ok=True)
        raise


def write_session(session: Session, question: FindQuestion, folder: Path) -> Export:
    """Write session.json and copies of the recordings into `folder`, over an earlier export.

    Everything is readable by its owner only; session.json comes last, so that where it is,
    the rest is too. Raises StoreError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in _written(folder):
            path.unlink()
        named = (folder / CLIP_PATTERN.replace("*", f"{number:02d}") for number in itertools.count(1))
        copied = [_copy(a, to) for a, to in zip(session.attempts, named, strict=False)]
        document = session_document(replace(session, attempts=tuple(copied)), question, beside=folder)
        path = folder / DOCUMENT_NAME
        path.touch(mode=0o600)
        path.write_text(document.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as exc:
        hint = "Name another folder with --out, or make room for it."
        raise StoreError(f"The session cannot be written to {folder} ({exc.strerror or exc})", hint=hint) from exc
    lost = (a.clip.path.name for a, b in zip(session.attempts, copied, strict=True) if a.clip and not b.clip)
    return Export(path, tuple(lost))


def _written(folder: Path) -> Iterator[Path]:
    yield from (*folder.glob(CLIP_PATTERN), *folder.glob(DOCUMENT_NAME))


def _copy(attempt: Attempt, target: Path) -> Attempt:
    """Copy the recording beside the document."""
    if attempt.clip is None or not attempt.clip.path.is_file():
        # The row is kept: a recording that was deleted by hand takes nothing else with it.
        return replace(attempt, clip=None)
    shutil.copyfile(attempt.clip.path, target)
    target.chmod(0o600)  # as the recording itself
    return replace(attempt, clip=replace(attempt.clip, path=target))
