"""What must be there after a kill, compared with what the journal says was said and promised."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Attempt
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.ports import MODEL_RATE_HZ
from interviewer.store.database import RECORDINGS_NAME, SqlStore
from tests.faults import journal, old_database
from tests.faults.targets import there_is

PROMISED_S = 1.0
"""Sound that was delivered longer ago than this is never lost."""


@dataclass(slots=True)
class Found:
    """What a restart found wrong, and how near it was."""

    lost_seconds: float = 0.0
    lost_attempts: int = 0
    doubled: int = 0
    problems: list[str] = field(default_factory=list)
    unwritten_s: float = 0.0
    """The most sound, in seconds, that was delivered in time to be lost and was."""
    attempts: int = 0
    seconds: float = 0.0


@contextmanager
def restarted(data: Path) -> Iterator[tuple[SqlStore, list[str]]]:
    """Open the store as the next start of the program does; yields it and what a user would be told."""
    told: list[str] = []
    if there_is("interviewer.store.opening"):
        from interviewer.store.opening import open_store

        store = open_store(data, told=lambda error: told.append(str(error)))
    else:
        from interviewer.store.recovery import recover

        store = SqlStore.open(data)
        recover(store, data)
    try:
        yield store, told
    finally:
        store.close()


def check(data: Path, said: Path, old_answers: int) -> Found:
    """Start again over `data` and compare. Raises whatever the start raises: that is a failure of its own."""
    found = Found()
    told = journal.read(said)
    with restarted(data) as (store, complaints):
        attempts = [attempt for session in store.sessions() for attempt in session.attempts]
    found.problems += [f"told: {complaint}" for complaint in complaints]
    mine = [a for a in attempts if a.session_id != "old"]
    counted = Counter(a.id for a in mine)
    found.doubled += sum(n - 1 for n in counted.values()) + _doubled_clips(data, mine)
    for name in counted.keys() - told.keys():
        found.doubled += 1
        found.problems.append(f"{name} was never said")
    by_id = {a.id: a for a in mine}
    for name, facts in told.items():
        _check_attempt(found, name, facts, by_id.get(name), journal.sound(said, name))
    _check_rows(found, data / DATABASE_NAME, told, old_answers)
    found.attempts = len(mine)
    return found


def _check_attempt(
    found: Found,
    name: str,
    facts: journal.Told,
    attempt: Attempt | None,
    said: NDArray[np.int16],
) -> None:
    heard = _kept_sound(attempt)
    if len(heard) > len(said) or not np.array_equal(heard, said[: len(heard)]):
        same = int(np.argmin(heard[: len(said)] == said[: len(heard)])) if len(said) else 0
        found.problems.append(f"{name}: what is kept is not what was said from {same / MODEL_RATE_HZ:.2f} s on")
        heard = heard[:same]
    owed = facts.frames_kept
    for at, frames, speed in facts.blocks:
        if not facts.kept and at <= min(facts.killed_at - PROMISED_S / speed, facts.stopped_at):
            owed = max(owed, frames)
    if owed > len(heard):
        found.lost_seconds += (owed - len(heard)) / MODEL_RATE_HZ
        found.problems.append(f"{name}: {(owed - len(heard)) / MODEL_RATE_HZ:.2f} s are missing")
    elif not facts.kept and facts.blocks:
        found.unwritten_s = max(found.unwritten_s, (len(said) - len(heard)) / MODEL_RATE_HZ)
    if attempt is None and (facts.kept or owed):
        found.lost_attempts += 1
        found.problems.append(f"{name} is missing")
    found.seconds += len(heard) / MODEL_RATE_HZ


def _kept_sound(attempt: Attempt | None) -> NDArray[np.int16]:
    import soundfile

    if attempt is None or attempt.clip is None:
        return np.zeros(0, dtype=np.int16)
    samples, _ = soundfile.read(attempt.clip.path, dtype="int16")
    assert len(samples) == attempt.clip.frames, f"{attempt.id}: {len(samples)} frames, not {attempt.clip.frames}"
    return np.asarray(samples, dtype=np.int16)


def _doubled_clips(data: Path, attempts: list[Attempt]) -> int:
    """Count clips that two attempts share, and recordings beside the one that an attempt has."""
    clips = Counter(a.clip.path for a in attempts if a.clip)
    beside = 0
    for path in (data / RECORDINGS_NAME).glob("*/*"):
        stem = path.name.split(".")[0]
        named = [clip for clip in clips if clip.stem == stem]
        beside += path.suffix in (".wav", ".flac") and bool(named) and path not in clips
    return beside + sum(n - 1 for n in clips.values())


def _check_rows(found: Found, path: Path, told: dict[str, journal.Told], old_answers: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        for sql, wanted in (("PRAGMA integrity_check", [("ok",)]), ("PRAGMA foreign_key_check", [])):
            if db.execute(sql).fetchall() != wanted:
                found.problems.append(f"{sql} failed")
        for name, facts in told.items():
            _check_kept(found, db, "transcript", name, facts.texts, facts.begun)
            _check_kept(found, db, "score", name, facts.scores, facts.begun)
    if old_answers and (lost := old_database.missing(path, old_answers)):
        found.lost_attempts += lost
        found.problems.append(f"{lost} answers of the old database are missing")


def _check_kept(
    found: Found, db: sqlite3.Connection, kind: str, name: str, kept: list[Any], begun: dict[str, int]
) -> None:
    column = "text" if kind == "transcript" else "value"
    rows = db.execute(f"SELECT {column} FROM {kind}s WHERE attempt_id = ? ORDER BY id", (name,)).fetchall()
    there = [row[0] for row in rows]
    if there[: len(kept)] != kept:
        found.lost_attempts += 1
        found.problems.append(f"{name}: a {kind} that was kept is missing")
    if len(there) > begun.get(kind, 0):
        found.doubled += 1
        found.problems.append(f"{name}: there are more {kind}s than were made")
