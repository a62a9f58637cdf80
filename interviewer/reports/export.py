"""Writes a session out as a folder: session.json and its recordings; or every session, with an index."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Session
from interviewer.reports.document import FindEarlier, FindQuestion, none_earlier, session_document

DOCUMENT_NAME = "session.json"
CLIP_PATTERNS = ("answer-*.wav", "answer-*.flac")
INDEX_NAME = "index.json"
INDEX_VERSION = 1

_SUFFIXES = (".wav", ".flac")
_FOLDER_NAME = re.compile(r"[A-Za-z0-9_-]{1,120}")
_PART = "part-of-an-export"


@dataclass(frozen=True, slots=True)
class Export:
    """What was written."""

    document: Path
    missing: tuple[str, ...]
    """Recordings that the session has but the disk no longer: their names."""


@dataclass(frozen=True, slots=True)
class ExportOfAll:
    """What was written of every session."""

    index: Path
    sessions: int
    missing: tuple[str, ...]
    """Recordings that sessions have but the disk no longer: their names."""


def export_session(
    session: Session, question: FindQuestion, folder: Path, *, earlier: FindEarlier = none_earlier
) -> Export:
    """Write `session` into `folder`, which must be new or empty.

    Raises InputError when something is there already, StoreError when it cannot be written;
    what was written until then is taken away again.
    """
    _check_new(folder)
    try:
        return write_session(session, question, folder, earlier=earlier)
    except StoreError:
        for path in _written(folder):
            path.unlink(missing_ok=True)
        raise


def export_everything(
    sessions: Iterable[Session],
    question: FindQuestion,
    folder: Path,
    *,
    earlier: FindEarlier = none_earlier,
    advanced: Callable[[int], None] = lambda _count: None,
) -> ExportOfAll:
    """Write each session into a folder of its own in `folder`, which must be new or empty, and an index of them.

    `sessions` are whole ones, and may be read one by one while this goes on. A session's folder is there with
    everything or not at all, and the index comes last: where it is, the rest is too. `advanced` is called with how
    many are written, and may raise to break off. Raises InputError when something is in the folder already,
    StoreError when it cannot be written; the sessions written until then stay.
    """
    _check_new(folder)
    entries: list[dict[str, object]] = []
    missing: list[str] = []
    part = folder / _PART
    for number, session in enumerate(sessions, 1):
        # The id is from the database, which may be anybody's: it names a folder only if it is a plain name.
        name = session.id if _FOLDER_NAME.fullmatch(session.id) else f"session-{number:04d}"
        try:
            written = write_session(session, question, part, earlier=earlier)
            _move(part, folder / name)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        missing += written.missing
        entries.append(_entry(session, name, written))
        advanced(number)
    return ExportOfAll(_write_index(folder, entries), len(entries), tuple(missing))


def _check_new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is already there", hint="Name a folder that is new or empty.")


def _move(part: Path, place: Path) -> None:
    try:
        part.rename(place)
    except OSError as exc:
        raise _failed(place, exc) from exc


def _entry(session: Session, name: str, written: Export) -> dict[str, object]:
    return {
        "session": session.id,
        "created": session.created.isoformat(),
        "finished": session.finished.isoformat() if session.finished else None,
        "bank": session.bank_title,
        "mode": session.mode.value,
        "answers": len(session.attempts),
        "document": f"{name}/{DOCUMENT_NAME}",
        "missing_recordings": list(written.missing),
    }


def _write_index(folder: Path, entries: list[dict[str, object]]) -> Path:
    path = folder / INDEX_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # without sessions nobody has made it
        _write(path, json.dumps({"version": INDEX_VERSION, "sessions": entries}, indent=2, ensure_ascii=False))
    except OSError as exc:
        path.unlink(missing_ok=True)
        raise _failed(path, exc) from exc
    return path


def write_session(
    session: Session, question: FindQuestion, folder: Path, *, earlier: FindEarlier = none_earlier
) -> Export:
    """Write session.json and copies of the recordings into `folder`, over an earlier export.

    Everything is readable by its owner only; session.json comes last, so that where it is,
    the rest is too. Raises StoreError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in _written(folder):
            path.unlink()
        copied = [_copy(a, folder / f"answer-{number:02d}") for number, a in enumerate(session.attempts, 1)]
        written = replace(session, attempts=tuple(copied))
        document = session_document(written, question, beside=folder, earlier=earlier)
        path = folder / DOCUMENT_NAME
        _write(path, document.model_dump_json(indent=2))
    except OSError as exc:
        raise _failed(folder, exc) from exc
    lost = (a.clip.path.name for a, b in zip(session.attempts, copied, strict=True) if a.clip and not b.clip)
    return Export(path, tuple(lost))


def _written(folder: Path) -> Iterator[Path]:
    for pattern in (*CLIP_PATTERNS, DOCUMENT_NAME):
        yield from folder.glob(pattern)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")


def _copy(attempt: Attempt, target: Path) -> Attempt:
    """Copy the recording beside the document, as `target` with the suffix that it has."""
    clip = attempt.clip
    # Links and other kinds of files are nothing that was recorded, whatever a row says.
    if clip is None or clip.path.suffix not in _SUFFIXES or clip.path.is_symlink() or not clip.path.is_file():
        # The row is kept: a recording that was deleted by hand takes nothing else with it.
        return replace(attempt, clip=None)
    target = target.with_suffix(clip.path.suffix)
    shutil.copyfile(clip.path, target)
    target.chmod(0o600)  # as the recording itself
    return replace(attempt, clip=replace(clip, path=target))


def _failed(place: Path, cause: OSError) -> StoreError:
    hint = "Name another folder with --out, or make room for it."
    return StoreError(f"The session cannot be written to {place} ({cause.strerror or cause})", hint=hint)
