"""What lies in the folder of the recordings, and what its absence says about the rows of an older backup."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from interviewer.core.errors import InputError
from interviewer.core.files import read_small
from interviewer.store.backup import Backup
from interviewer.store.manifest import MANIFEST_NAME, MAX_MANIFEST_BYTES, decoded
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID, answer_of
from interviewer.store.salvage import Row


class Leftovers:
    """The recordings in the data folder, held against the list of a backup where there is one."""

    def __init__(self, data: Path, newest: Backup | None) -> None:
        self._folder = data / RECORDINGS_NAME
        found = {
            name: _names_in(self._folder / name) for name in _names_in(self._folder) or () if SAFE_ID.fullmatch(name)
        }
        self._unread = frozenset(name for name, files in found.items() if files is None)
        self._files = {name: files or frozenset() for name, files in found.items()}
        self._listed = _listed(newest)
        self._listed_sessions = {name.split("/")[1] for name in self._listed if name.count("/") == 2}
        self._whole: dict[str, frozenset[str]] = {}
        self._gone: set[str] = set()
        self.left_out = 0
        """How many sessions and answers of the backup were deleted after it was made."""

    def knows(self, table: str, ids: Iterable[str]) -> None:
        """Hear which sessions, or attempts, there are: the table was read whole, and what it lacks was deleted."""
        self._whole[table] = frozenset(ids)

    def still_wanted(self, table: str, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows of a backup without those of sessions and answers that were deleted after it.

        What a table that was read whole lacks is deleted. Besides, whoever deletes a session removes its
        folder, and with an answer goes its recording: where the backup has the file and the data folder
        has not, the row stays in the backup. Where nothing is left of the recordings, or their folder
        cannot be read, that says nothing. To be asked for attempts before their texts.
        """
        for row in rows:
            if self._is_deleted(table, row):
                self.left_out += table in ("sessions", "attempts")
            else:
                yield row

    def _is_deleted(self, table: str, row: Row) -> bool:
        match table:
            case "sessions":
                return self._is_gone(row["id"])
            case "attempts":
                deleted = self._is_gone(row["session_id"]) or not self._is_held(row)
                if deleted:
                    self._gone.add(row["id"])
                return deleted
            case "transcripts" | "scores":
                return row["attempt_id"] in self._gone or self._lacks("attempts", row["attempt_id"])
            case _:
                return True  # what a backup still had to remove is removed long since

    def _is_gone(self, session_id: str) -> bool:
        if self._lacks("sessions", session_id):
            return True
        return bool(self._files) and session_id in self._listed_sessions and session_id not in self._files

    def _is_held(self, row: Row) -> bool:
        """Whether an answer has its recording, as far as can be seen, or never had one."""
        session_id, clip = row["session_id"], row["clip"]
        if not self._files or session_id in self._unread or clip not in self._listed:
            return True
        return any(answer_of(file) == row["id"] for file in self._files.get(session_id, ()))

    def _lacks(self, table: str, name: str) -> bool:
        return table in self._whole and name not in self._whole[table]

    def sessions_on_disk(self, db: sqlite3.Connection) -> set[str]:
        """Return the sessions that have a folder, without those that are being deleted."""
        return {name for name in self._files if f"{RECORDINGS_NAME}/{name}" not in _doomed(db)}

    def answers_on_disk(self, db: sqlite3.Connection) -> set[str]:
        """Return the answers that have a recording in the folder of their session, without those being deleted."""
        doomed = _doomed(db)
        return {
            answer
            for session in self.sessions_on_disk(db)
            for file in self._files[session]
            if (answer := answer_of(file)) and answer.startswith(f"{session}-")
            if f"{RECORDINGS_NAME}/{session}/{file}" not in doomed
        }

    def begun(self, session_id: str, now: datetime) -> datetime:
        """Return when the first recording of a session was last written; `now` where none can be looked at."""
        times = []
        for file in self._files.get(session_id, ()):
            try:
                times.append(datetime.fromtimestamp((self._folder / session_id / file).lstat().st_mtime, UTC))
            except (OSError, ValueError, OverflowError):
                continue
        return min(times, default=now)


def _names_in(folder: Path) -> frozenset[str] | None:
    """Return what is in a folder, nothing where there is none; None when it cannot be read."""
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError:
        return None


def _listed(newest: Backup | None) -> frozenset[str]:
    if newest is None:
        return frozenset()
    try:
        manifest = decoded(read_small(newest.path / MANIFEST_NAME, MAX_MANIFEST_BYTES))
    except (OSError, InputError):
        return frozenset()
    return frozenset(kept.name for kept in manifest.files)


def _doomed(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(path for (path,) in db.execute("SELECT path FROM found_deleted_files"))
