"""Finds recordings that no attempt tells of: the program ended before it could store them."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Clip, Session
from interviewer.store.compress import is_unsettled, measure, tidy
from interviewer.store.database import SqlStore
from interviewer.store.names import FLAC, PART_FLAC, RECORDINGS_NAME, answer_of
from interviewer.store.reading import Outline
from interviewer.store.recordings import PART_SUFFIX, repair

log = logging.getLogger(__name__)

# As `core.flow` names attempts: the session, the number of the question from 1, the turn.
_TAIL = re.compile(r"-(\d{2,4})-\d{4,}")


def recover(store: SqlStore, data: Path) -> tuple[Attempt, ...]:
    """Complete and keep the recordings in `data` that the store does not know; return their attempts.

    They are then among `unfinished_attempts`. Each is dated by the last change of its file.
    Files without sound, and files whose name is not that of an answer, stay as they are; so
    does, with a warning in the log, a file that cannot be read, repaired or kept. What a killed
    compression left is completed or undone. To be called before the first recording starts: a
    running one looks like a killed one. Raises StoreError when the store itself cannot be read
    or written.
    """
    found = []
    deleted = store.deleted_files()
    for session_id in [o.id for o in store.outlines() if _wants_a_look(o, data, deleted)]:
        session = store.session(session_id)
        folder = data / RECORDINGS_NAME / session.id
        names = _names(folder)
        for attempt in session.attempts:
            if attempt.clip is not None and is_unsettled(attempt.clip, names):
                tidy(store, attempt)
        known = {attempt.id for attempt in session.attempts}
        for path, attempt_id, position in _candidates(session.id, len(session.question_ids), folder, names):
            if attempt_id in known or path in deleted:
                continue
            stray = _read(path, attempt_id, session, position)
            if stray is None:
                continue
            try:
                store.add_attempt(stray)
            except InputError:
                log.warning("the recording %s cannot be kept", path, exc_info=True)
                continue
            known.add(attempt_id)
            found.append(stray)
    return tuple(found)


def _wants_a_look(outline: Outline, data: Path, deleted: Collection[Path]) -> bool:
    """Whether there is a recording of a session that no attempt tells of, or one to be tidied up."""
    folder = data / RECORDINGS_NAME / outline.id
    names = _names(folder)
    if not names:
        return False  # nothing to be found, nothing to be tidied up: the folder is empty, or away
    clips = (Clip(data / clip, 1, 0) for clip in outline.clips.values() if clip is not None)
    if any(is_unsettled(clip, names) for clip in clips):
        return True
    strays = _candidates(outline.id, outline.questions, folder, names)
    return any(attempt_id not in outline.clips and path not in deleted for path, attempt_id, _ in strays)


def _candidates(session_id: str, questions: int, folder: Path, names: Iterable[str]) -> Iterator[tuple[Path, str, int]]:
    """Yield each file that is named like an answer of the session: it, the answer's id, the position.

    Complete ones come before compressed and unfinished ones of the same name.
    """
    recordings = [folder / name for name in names if not name.endswith(PART_FLAC)]
    for path in sorted(recordings, key=lambda p: (p.name.endswith(PART_SUFFIX), p.suffix == FLAC, p.name)):
        attempt_id = answer_of(path.name) or ""
        tail = _TAIL.fullmatch(attempt_id.removeprefix(session_id))
        if tail is not None and 0 < int(tail[1]) <= questions:
            yield path, attempt_id, int(tail[1]) - 1


def _names(folder: Path) -> frozenset[str]:
    """Return the names of what lies in a folder; none where it cannot be looked at."""
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except FileNotFoundError:
        return frozenset()
    except OSError:
        log.warning("the recordings in %s cannot be looked at", folder, exc_info=True)
        return frozenset()


def _read(path: Path, attempt_id: str, session: Session, position: int) -> Attempt | None:
    """Return the attempt that a recording holds; None when it holds none, or cannot be read or repaired."""
    try:
        # First, because a repair changes it.
        created = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        clip = _compressed(path) if path.suffix == FLAC else repair(path)
    except (StoreError, OSError, ValueError, OverflowError):
        # The last two are times of a file that no calendar has.
        log.warning("the recording %s cannot be recovered", path, exc_info=True)
        return None
    if clip is None:
        return None
    return Attempt(attempt_id, session.id, session.question_ids[position], position, created, clip)


def _compressed(path: Path) -> Clip | None:
    rate_hz, frames = measure(path)
    return Clip(path, rate_hz, frames) if frames else None
