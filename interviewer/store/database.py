"""Keeps sessions in SQLite: `SqlStore`, the Store of the product."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Clip, Delivery, Score, Session, Transcript
from interviewer.core.paths import DATABASE_NAME, make_private
from interviewer.core.removal import Removed
from interviewer.store import arriving, deleting, index, naming, reading, sidecar
from interviewer.store.connection import connect, damaged, told
from interviewer.store.history import HistoryReader
from interviewer.store.loss import is_lost
from interviewer.store.names import RECORDINGS_NAME, SAFE_ID
from interviewer.store.reading import UNFORGOTTEN, heals, is_noted
from interviewer.store.rows import attempt_row, aware, recipe_row, score_row, session_row, transcript_row
from interviewer.store.schema import driver_of, upgrade
from interviewer.store.tables import AttemptRow, SessionRow, TranscriptRow

log = logging.getLogger(__name__)

BUSY_S = 5.0
"""How long to wait for another process that writes: it needs milliseconds, or it hangs."""


def _now() -> datetime:
    return datetime.now(UTC)


class SqlStore(HistoryReader):
    """The Store over one SQLite file, `interviewer.db`, and the folder `recordings` beside it.

    Sessions, attempts, transcripts and scores are added to, and deleted when the user wants
    it; what changes is when a session finished, which file a recording is, note and star. Every method is
    one transaction: on return it is on the disk, after a StoreError nothing of it is. To be
    used by one thread at a time; `clip_path` alone may be called from any.
    """

    @classmethod
    def open(cls, data: Path, *, busy_s: float = BUSY_S, now: Callable[[], datetime] = _now) -> Self:
        """Open the store in the folder `data`, created 0700 when missing, with its tables up to date.

        `busy_s` is how long to wait for another process that writes. Raises StoreError when
        the folder or the database cannot be used: not writable, damaged, locked, made by a
        newer version.
        """
        data = Path(os.path.normpath(data.absolute()))
        path = make_private(data) / DATABASE_NAME
        if is_lost(path, data / RECORDINGS_NAME):
            raise damaged(path)
        engine = connect(path, busy_s=busy_s)
        try:
            with told(path):
                upgrade(engine, path)
        except BaseException:
            engine.dispose()
            raise
        store = cls(data, engine, now)
        # A deletion that was interrupted is completed before anybody looks for recordings.
        store._remove_deleted()
        store._forget_if_due()
        return store

    def close(self) -> None:
        """Let go of the database; again is harmless. Whatever comes after it raises StoreError."""
        if self._engine is not None:
            self._forget_if_due()
        super().close()

    # --- adding ---------------------------------------------------------------------------

    def begin_session(self, session: Session) -> None:
        """Keep a new session; its attempts are not looked at, `add_attempt` keeps them.

        Beside its recordings it is kept a second time, for the day on which the database is
        damaged. Harmless when the id is there already: what was kept first stays. Raises
        StoreError, InputError for an id that is no plain name or a time without a zone.
        """
        _check_ids(session.id)
        row = session_row(session)
        with self._writing() as db:
            new = db.get(SessionRow, row.id) is None
            if new:
                db.add(row)
        if new:
            self._write_sidecar(session)

    def finish_session(self, session_id: str, when: datetime) -> None:
        """Note when a session ended; the latest call counts. Raises StoreError, also for an unknown id."""
        aware(when)
        with self._writing() as db:
            self._known_session(db, session_id).finished = when

    @heals
    def add_attempt(self, attempt: Attempt) -> None:
        """Keep a new attempt with its clip; `add_transcript` and `add_score` keep the rest of it.

        Harmless when the id is there already: what was kept first stays. Raises StoreError,
        also when its session is unknown; InputError for an id that is no plain name, a time
        without a zone, or a clip outside the data folder.
        """
        _check_ids(attempt.session_id, attempt.id)
        row = attempt_row(attempt, None if attempt.clip is None else self._stored_path(attempt.clip))
        with self._writing() as db:
            self._known_session(db, row.session_id)
            if db.get(AttemptRow, row.id) is None:
                db.add(row)
                index.add(_driver(db), row.id)

    @heals
    def add_transcript(self, attempt_id: str, transcript: Transcript) -> None:
        """Keep one more transcript of an attempt; the newest counts. Raises StoreError, also for an unknown id."""
        row = transcript_row(attempt_id, transcript, self._now())
        with self._writing() as db:
            if db.get(AttemptRow, attempt_id) is None:
                raise _unknown("answer", attempt_id)
            with index.in_step(_driver(db), attempt_id):
                db.add(row)
                db.flush()

    @heals
    def add_score(self, attempt_id: str, score: Score, delivery: Delivery | None) -> None:
        """Keep one more score, of the newest transcript; the newest counts.

        Raises StoreError, also when the attempt is unknown or has no transcript yet.
        """
        newest = select(func.max(TranscriptRow.id)).where(TranscriptRow.attempt_id == attempt_id)
        with self._writing() as db:
            transcript_id = db.scalar(newest)
            if transcript_id is None:
                raise _unknown("text of answer", attempt_id)
            recipe = recipe_row(db, score.recipe)
            db.add(score_row(attempt_id, transcript_id, score, recipe, delivery, self._now()))
            index.follow_score(_driver(db), attempt_id)

    @heals
    def add_session(self, session: Session, earlier: Mapping[str, Sequence[Kept]] | None = None) -> None:
        """Keep a session from elsewhere, whole, whose recordings lie in their places already; it came now.

        `earlier` are texts of its answers that others took the place of, with their scores, oldest first, by id.

        Raises InputError when it, or one of its answers, is here already: nothing is overwritten. StoreError.
        """
        _check_ids(session.id, *(a.id for a in session.attempts))
        paths = [None if a.clip is None else self._stored_path(a.clip) for a in session.attempts]
        now = self._now()
        session = replace(session, came=now)
        with self._writing() as db:
            arriving.add_rows(db, session, paths, earlier or {}, now)
            for attempt in session.attempts:
                index.add(_driver(db), attempt.id)
        self._write_sidecar(session)

    def replace_clip(self, attempt_id: str, clip: Clip) -> None:
        """Note that the recording of an attempt is another file now, of the same sound.

        Raises StoreError, also for an unknown id; InputError for a clip outside the data folder.
        """
        path = self._stored_path(clip)
        with self._writing() as db:
            row = db.get(AttemptRow, attempt_id)
            if row is None:
                raise _unknown("answer", attempt_id)
            row.clip, row.sample_rate_hz, row.frames, row.gap_ms = path, clip.sample_rate_hz, clip.frames, clip.gap_ms

    @heals
    def set_note(self, attempt_id: str, note: str) -> None:
        """Keep what the user writes beside an attempt, in place of what stood there.

        Of that the row keeps nothing; its words stay in the index until `forget_notes`, which is not
        for every pause of somebody who types. Raises StoreError, also for an unknown id.
        """
        with self._writing() as db:
            row = db.get(AttemptRow, attempt_id)
            if row is None:
                raise _unknown("answer", attempt_id)
            before = row.note
            with index.in_step(_driver(db), attempt_id):
                row.note = note
                db.flush()
            if not note.startswith(before):
                # Who writes on has taken nothing away.
                reading.note(db, UNFORGOTTEN, True)

    @heals
    def forget_notes(self) -> None:
        """See that no word is left in the file of notes that others took the place of.

        Does nothing where there are none. Otherwise 100,000 answers take two seconds. A store that is
        closed, and one that is opened after it was not, does it by itself. Raises StoreError.
        """
        with self._reading() as db:
            if not is_noted(db, UNFORGOTTEN):
                return
        with self._writing() as db:
            index.forget(_driver(db))
            reading.note(db, UNFORGOTTEN, False)

    @heals
    def set_star(self, attempt_id: str, starred: bool) -> None:
        """Mark an attempt, or take its mark away. Raises StoreError, also for an unknown id."""
        with self._writing() as db:
            row = db.get(AttemptRow, attempt_id)
            if row is None:
                raise _unknown("answer", attempt_id)
            row.starred = starred
            index.follow_star(_driver(db), attempt_id)

    @heals
    def name_questions(self, bank: str, known: Mapping[str, tuple[str, str]], most: int) -> int:
        """Fill in question and topic of older answers, which did not keep them; return of how many.

        Of the newest that lack both, `most` at most, in interviews of the bank with this title. `known`
        has both by the question's id. Raises StoreError.
        """
        with self._writing() as db:
            return naming.name_questions(_driver(db), bank, known, most)

    def clip_path(self, session_id: str, attempt_id: str) -> Path:
        """Return where the WAV of an attempt belongs: `recordings/<session>/<attempt>.wav`.

        Its folder exists on return, for its owner only. Touches no database, so it may be
        called from any thread. Raises StoreError when the folder cannot be made, InputError
        for an id that is no plain name.
        """
        _check_ids(session_id, attempt_id)
        make_private(self._data / RECORDINGS_NAME)
        return make_private(self._data / RECORDINGS_NAME / session_id) / f"{attempt_id}.wav"

    # --- deleting -------------------------------------------------------------------------

    @heals
    def delete_attempts(self, ids: Sequence[str]) -> Removed:
        """Delete answers for good, with their texts, scores and recordings, and return what is gone.

        All or nothing, whenever the program ends; a file that is in use by another program is
        in `left`, and goes when the store is opened again. Nothing outside the recordings is touched.
        Raises InputError when one is unknown, StoreError; after both nothing has changed.
        """
        return self._delete(lambda db: deleting.take_attempts(db, self._data, ids))

    @heals
    def delete_sessions(self, ids: Sequence[str]) -> Removed:
        """Delete interviews for good, as `delete_attempts` does, with their answers and their folders."""
        return self._delete(lambda db: deleting.take_sessions(db, self._data, ids))

    def deleted_files(self) -> frozenset[Path]:
        """Return the files of deleted answers that could not be removed yet: no recordings any more."""
        with self._reading() as db:
            return frozenset(self._data / name for name in deleting.noted(db))

    # --- inside ---------------------------------------------------------------------------

    def _write_sidecar(self, session: Session) -> None:
        try:
            sidecar.write(self._data, session)
        except (StoreError, OSError, ValueError) as exc:
            # The session is kept; an interview is not ended for a second copy of its title.
            log.warning("a session could not be kept beside its recordings (%s)", type(exc).__name__)

    def _delete(self, take: Callable[[Transaction], Removed]) -> Removed:
        with self._writing() as db:
            rows = take(db)
        removed = rows + self._remove_deleted()
        try:
            deleting.shrink(self._opened())
        except sqlite3.Error:
            # What was deleted is gone all the same; only its room is not given back.
            log.warning("the database could not be made smaller", exc_info=True)
        return removed

    def _forget_if_due(self) -> None:
        try:
            self.forget_notes()
        except StoreError:
            log.warning("the words of earlier notes stay in the index until the next start", exc_info=True)

    def _remove_deleted(self) -> Removed:
        """Remove the files of what was deleted. Never raises: the deletion itself is done, the rest can wait."""
        files: list[tuple[str, int]] = []
        left: list[str] = []
        try:
            with self._reading() as db:
                names = deleting.noted(db)
            if names:
                with self._writing() as db:
                    left = deleting.remove_noted(db, self._data, names, lambda *file: files.append(file))
        except StoreError:
            log.warning("what was deleted could not be cleared away", exc_info=True)
        return Removed(
            files=tuple(name for name, _ in files), size_bytes=sum(size for _, size in files), left=tuple(left)
        )

    def _stored_path(self, clip: Clip) -> str:
        # By name, not resolved: `recordings` may be a link to a larger disk.
        path = Path(os.path.normpath(clip.path.absolute()))
        if not path.is_relative_to(self._data):
            raise InputError(f"The recording {clip.path} lies outside the data folder {self._data}")
        return path.relative_to(self._data).as_posix()

    def _known_session(self, db: Transaction, session_id: str) -> SessionRow:
        row = db.get(SessionRow, session_id)
        if row is None:
            raise _unknown("session", session_id)
        return row


def _driver(db: Transaction) -> sqlite3.Connection:
    """Return SQLite's own connection, with everything written that the transaction was given so far."""
    db.flush()
    return driver_of(db.connection())


def _check_ids(*ids: str) -> None:
    for name in ids:
        if not SAFE_ID.fullmatch(name):
            raise InputError(f"{name[:40]!r} cannot name a session or an answer", hint="Use letters, digits, - and _.")


def _unknown(what: str, name: str) -> StoreError:
    return StoreError(f"There is no {what} {name!r} in the store", hint="End this session and begin a new one.")
