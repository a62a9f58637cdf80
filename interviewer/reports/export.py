"""Writes a session out as a folder: session.json and its recordings."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Session
from interviewer.reports.document import FindQuestion, session_document

DOCUMENT_NAME = "session.json"


def export_session(session: Session, question: FindQuestion, folder: Path) -> Path:
    """Write `session` into the new folder `folder` and return the path of its session.json.

    The folder appears whole or not at all. Raises InputError when something is there already,
    StoreError when it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is already there", hint="Name a folder that is new or empty.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as made:
            write_session(session, question, Path(made) / "session")
            if folder.exists():
                folder.rmdir()
            (Path(made) / "session").replace(folder)
    except OSError as exc:
        raise StoreError(f"The session cannot be written to {folder} ({exc.strerror or exc})") from exc
    return folder / DOCUMENT_NAME


def write_session(session: Session, question: FindQuestion, folder: Path) -> Path:
    """Write session.json and copies of the recordings into `folder`, over what has the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    named = (folder / f"answer-{number:02d}.wav" for number in itertools.count(1))
    copied = replace(session, attempts=tuple(_copy(a, to) for a, to in zip(session.attempts, named, strict=False)))
    path = folder / DOCUMENT_NAME
    document = session_document(copied, question, beside=folder)
    path.write_text(document.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def _copy(attempt: Attempt, target: Path) -> Attempt:
    """Copy the recording beside the document."""
    if attempt.clip is None or not attempt.clip.path.is_file():
        # The row is kept: a recording that was deleted by hand takes nothing else with it.
        return replace(attempt, clip=None)
    shutil.copyfile(attempt.clip.path, target)
    return replace(attempt, clip=replace(attempt.clip, path=target))
