"""Finds recordings that no attempt tells of: the program ended before it could store them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Session
from interviewer.core.ports import Store
from interviewer.store.database import RECORDINGS_NAME
from interviewer.store.recordings import PART_SUFFIX, repair

# As `core.flow` names attempts: the session, the number of the question from 1, the turn.
_TAIL = re.compile(r"-(\d{2,4})-\d{4,}")


def recover(store: Store, data: Path) -> tuple[Attempt, ...]:
    """Complete and keep the recordings in `data` that the store does not know; return their attempts.

    They are then among `unfinished_attempts`. Each is dated by the last change of its file.
    Files without sound, and files whose name is not that of an answer, stay as they are. To
    be called before the first recording starts: a running one looks like a killed one.
    Raises StoreError when the store or a file cannot be read or written.
    """
    found = []
    for session in store.sessions():
        for path, attempt_id, position in _strays(session, data / RECORDINGS_NAME / session.id):
            created = _changed(path)
            clip = repair(path)
            if clip is None:
                continue
            attempt = Attempt(attempt_id, session.id, session.question_ids[position], position, created, clip)
            store.add_attempt(attempt)
            found.append(attempt)
    return tuple(found)


def _strays(session: Session, folder: Path) -> Iterator[tuple[Path, str, int]]:
    """Yield each recording of the session without an attempt: its file, its id, its position."""
    known = {attempt.id for attempt in session.attempts}
    # A complete recording comes before an unfinished one of the same name.
    for path in sorted(folder.glob("*.wav"), key=lambda p: (p.name.endswith(PART_SUFFIX), p.name)):
        attempt_id = path.name.removesuffix(PART_SUFFIX).removesuffix(".wav")
        tail = _TAIL.fullmatch(attempt_id.removeprefix(session.id))
        if tail is None or attempt_id in known:
            continue
        position = int(tail[1]) - 1
        if 0 <= position < len(session.question_ids):
            known.add(attempt_id)
            yield path, attempt_id, position


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as exc:
        raise StoreError(f"The recording {path.name} cannot be read ({exc.strerror})") from exc
