"""A data folder with something of everything, and how two folders are compared."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from interviewer.core.models import Attempt
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from tests.store.values import START, score, session, transcript, typed

PAGE = 4096
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def record(store: SqlStore, attempt_id: str, *, of: str = "monday", frames: int = 4000, value: int = 300) -> Attempt:
    """Keep a recording and its attempt."""
    writer = WavWriter(store.clip_path(of, attempt_id), 8000)
    writer.write(np.full(frames, value, np.int16))
    attempt = Attempt(attempt_id, of, "depends", 0, START, writer.finish())
    store.add_attempt(attempt)
    return attempt


def lived_in(data: Path, empty_database: Path) -> Path:
    """Make a data folder with two sessions, a spoken and a typed answer, settings and a calibration."""
    data.mkdir(mode=0o700)
    shutil.copyfile(empty_database, data / "interviewer.db")
    with closing(SqlStore.open(data, now=lambda: START)) as store:
        for name in ("monday", "tuesday"):
            store.begin_session(session(name))
        record(store, "monday-01-0001")
        store.add_transcript("monday-01-0001", transcript())
        store.add_score("monday-01-0001", score(), None)
        store.add_attempt(typed("tuesday-01-0001", of="tuesday"))
        store.add_transcript("tuesday-01-0001", transcript("Typed, and nowhere else."))
    (data / "settings.json").write_text('{"questions": 3}\n', encoding="utf-8")
    (data / "interviewer.id").write_text("0123456789abcdef" * 2 + "\n", encoding="ascii")
    (data / "calibrations").mkdir(mode=0o700)
    (data / "calibrations" / "abcdef012345.json").write_text("{}", encoding="utf-8")
    return data


def left_out(data: Path) -> None:
    """Add what belongs into no backup."""
    for name in (
        "models/base.en.pt",
        "models/base.en.ct2/model.bin",
        "backups/old/x",
        "presence/0123456789abcdef.json",
    ):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for name in ("in-use.lock", "interviewer.log", "window.ini", "diary.txt", "interviewer.db.before-0002"):
        (data / name).write_bytes(b"x")
    (data / "recordings" / "monday" / "monday-02-0002.part.wav").write_bytes(b"x")
    (data / "recordings" / "monday" / "notes.txt").write_bytes(b"x")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a child process that dies at its `step`th change of the disk; return whether it came to that."""
    child = os.fork()
    if child == 0:
        count = 0

        def dying(real: Callable[..., object]) -> Callable[..., object]:
            def change(*args: object, **kwargs: object) -> object:
                nonlocal count
                count += 1
                if count == step:
                    os._exit(9)
                return real(*args, **kwargs)

            return change

        for name in ("rename", "replace", "mkdir", "fsync", "unlink", "rmdir"):
            setattr(os, name, dying(getattr(os, name)))
        for name in ("rename", "replace"):
            setattr(Path, name, dying(getattr(Path, name)))
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def spoil(path: Path, *tables: str) -> None:
    """Overwrite the first page of each table, and so all of a small one."""
    with closing(sqlite3.connect(path)) as db:
        roots = [db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (t,)).fetchone()[0] for t in tables]
    pages = bytearray(path.read_bytes())
    for root in roots:
        pages[(root - 1) * PAGE : root * PAGE] = b"\xa5" * PAGE
    path.write_bytes(pages)
