"""What blocks of session files, in and out; for commands and for a lane, never for the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from interviewer.core.editing import Kept
from interviewer.core.models import Question
from interviewer.core.removal import count_words
from interviewer.core.store import Store
from interviewer.reports.forms import Form
from interviewer.workers.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session to be written out: which, as what, where to, and whether with its recordings."""

    session_id: str
    form: Form
    out: Path
    audio: bool = False
    notes: bool = True
    """Whether with what the user wrote beside the answers."""
    over: bool = False
    """Whether a file that is there may be replaced: somebody was asked."""


@dataclass(frozen=True, slots=True)
class SessionWritten:
    """It was written."""

    path: Path
    missing: tuple[str, ...] = ()
    """Recordings that belong in it but are no longer on the disk, or cannot be read: their names."""
    sound: Path | None = None
    """The recordings joined, beside subtitles."""


@dataclass(frozen=True, slots=True)
class SessionKept:
    """A session from elsewhere is here now."""

    session_id: str
    answers: int
    recordings: int
    missing: tuple[str, ...] = ()
    """Recordings that were not sent along: their names."""

    def told(self) -> str:
        """Return what came, such as "3 answers with 2 recordings"."""
        words = count_words(self.answers, "answer")
        return f"{words} with {count_words(self.recordings, 'recording')}" if self.recordings else words


def earlier_of(store: Store, attempt_id: str) -> tuple[Kept, ...]:
    """Return the texts of an answer that others took the place of, with their scores, oldest first."""
    return store.versions(attempt_id)[:-1]


def write_out(wanted: Wanted, *, store: Store, question: Callable[[str], Question | None]) -> SessionWritten:
    """Write a session out. Raises InputError for an unknown id and a place that is taken, StoreError."""
    from interviewer.reports.writing import write

    session = store.session(wanted.session_id)
    if not wanted.notes:
        session = replace(session, attempts=tuple(replace(a, note="") for a in session.attempts))
    earlier = partial(earlier_of, store)
    made = write(session, question, wanted.form, wanted.out, audio=wanted.audio, over=wanted.over, earlier=earlier)
    return SessionWritten(made.path, made.missing, made.sound)


def take_in(path: Path, *, data: Path, store: Store, clock: Clock = utc_now) -> SessionKept:
    """Keep the session of a file (json, zip) in the data folder `data`, all of it or nothing.

    Raises InputError for a file that is no session, for one from the future and one that is here
    already, StoreError.
    """
    from interviewer.reports.incoming import incoming
    from interviewer.store.arriving import recordings_kept, refuse_future

    with incoming(path) as sent:
        refuse_future(sent.session, clock())
        with recordings_kept(data, sent.session, sent.copy, size_bytes=sent.size_bytes) as session:
            store.add_session(session, sent.earlier)
    recordings = sum(a.clip is not None for a in session.attempts)
    return SessionKept(session.id, len(session.attempts), recordings, sent.missing)
