"""Keeps a session that came from elsewhere: its recordings first, each read through, then its rows, all or none."""

from __future__ import annotations

import contextlib
import os
import wave
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session as Transaction

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError, StoreError
from interviewer.core.files import put_in_place
from interviewer.core.models import Attempt, Clip, Delivery, Score, Session, Transcript
from interviewer.core.paths import make_private
from interviewer.core.space import FLOOR_BYTES
from interviewer.core.transfers import size_words
from interviewer.store.compress import measure
from interviewer.store.disk import free_bytes, open_private
from interviewer.store.names import FLAC, PART_FLAC, RECORDINGS_NAME, SAFE_ID, WAV
from interviewer.store.rows import attempt_row, recipe_row, score_row, session_row, transcript_row
from interviewer.store.tables import AttemptRow, SessionRow

Copy = Callable[[Clip, BinaryIO], None]
"""Writes the recording that a clip names into an open file."""

_HINT = "Delete it in History first if the one that comes is the better one."


@contextlib.contextmanager
def recordings_kept(data: Path, session: Session, copy: Copy, *, size_bytes: int) -> Iterator[Session]:
    """Put the recordings of `session` in their places and give it out with the clips that lie there.

    Each is read through: what is no recording as we write them, or another length than its clip says, is
    refused. When the block fails, or anything before, they are removed again. Touches no
    database. `size_bytes` is what they take. Raises InputError, StoreError when the disk fails.
    """
    names = (session.id, *(a.id for a in session.attempts))
    if not all(map(SAFE_ID.fullmatch, names)):
        raise InputError("The session has an id that cannot name a file", hint="Use letters, digits, - and _.")
    folder = make_private(data / RECORDINGS_NAME) / session.id
    if not _is_free(folder):
        raise _already_here(session, f" If it is not in History, move the folder {folder} away.")
    _check_room(folder.parent, size_bytes)
    put: list[Path] = []
    try:
        make_private(folder)
        for attempt in session.attempts:
            if attempt.clip:
                put += _paths(folder, attempt, attempt.clip)
                _copy(attempt.clip, put[-2], copy)
        # All at once and last: until here a killed import leaves nothing that would be in the way of the next.
        yield replace(session, attempts=tuple(_in_place(a, folder) for a in session.attempts))
    except BaseException as exc:
        for path in put:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            folder.rmdir()
        if isinstance(exc, OSError):
            hint = "Free some space on this disk, then try again."
            raise StoreError(f"The session cannot be kept ({exc.strerror})", hint=hint) from exc
        raise


def refuse_future(session: Session, now: datetime) -> None:
    """Refuse a session with a moment more than a day after `now`. Raises InputError.

    It would stand before all others in every list, and never be old enough to be deleted.
    """
    moments = (session.created, session.finished or session.created, *(a.created for a in session.attempts))
    # A day: two computers may differ, and so may what their users take for their zone.
    if (latest := max(moments)) - now > timedelta(days=1):
        day = f"{latest.day} {latest:%B} {latest.year}"
        fact = f"The session is from a day that has not come yet, {day}; nothing was changed"
        raise InputError(fact, hint="See that the clock of this computer is right; if it is, the file is not.")


def add_rows(
    db: Transaction,
    session: Session,
    clips: Sequence[str | None],
    earlier: Mapping[str, Sequence[Kept]],
    now: datetime,
) -> None:
    """Add every row of a session; `clips` are the paths of its recordings as they are stored, None where there is none.

    `earlier` are texts of answers that others took the place of, oldest first, by the answer's id.
    Raises InputError when it, or one of its answers, is here already.
    """
    if db.get(SessionRow, session.id) or any(db.get(AttemptRow, a.id) for a in session.attempts):
        raise _already_here(session)
    db.add(session_row(session))
    db.flush()
    for attempt, clip in zip(session.attempts, clips, strict=True):
        db.add(attempt_row(attempt, clip))
        for text, score in earlier.get(attempt.id, ()):
            _add_text(db, attempt.id, text, score, None, now)
        if attempt.transcript is not None:
            _add_text(db, attempt.id, attempt.transcript, attempt.score, attempt.delivery, now)


def _add_text(
    db: Transaction, attempt_id: str, text: Transcript, score: Score | None, delivery: Delivery | None, now: datetime
) -> None:
    row = transcript_row(attempt_id, text, now)
    db.add(row)
    db.flush()  # the text gets its number, by which its score knows it
    if score is not None:
        db.add(score_row(attempt_id, row.id, score, recipe_row(db, score.recipe), delivery, now))


def _already_here(session: Session, more: str = "") -> InputError:
    return InputError(f"The session {session.id} is here already; nothing was changed", hint=f"{_HINT}{more}")


def _is_free(folder: Path) -> bool:
    """Whether a session may be put into `folder`: it is not there, or a killed import left it."""
    if not os.path.lexists(folder):
        return True
    if folder.is_symlink() or not folder.is_dir():
        return False
    left = [*folder.iterdir()]
    if not all(path.name.endswith(PART_FLAC) for path in left):
        return False
    for path in left:
        path.unlink()
    return True


def _paths(folder: Path, attempt: Attempt, clip: Clip) -> tuple[Path, Path]:
    """Return where a recording is copied to, and where it belongs.

    The first is a name that recovery takes for no answer: a program killed here leaves half a recording.
    """
    return folder / f"{attempt.id}{PART_FLAC}", folder / f"{attempt.id}{clip.path.suffix}"


def _copy(clip: Clip, part: Path, copy: Copy) -> None:
    with os.fdopen(open_private(part), "wb") as file:
        copy(clip, file)
        file.flush()
        os.fsync(file.fileno())
    suffix = clip.path.suffix
    if suffix not in (WAV, FLAC) or _facts(part, suffix) != (clip.sample_rate_hz, clip.frames):
        fact = f"The recording {clip.path.name} is not what the session says of it"
        raise InputError(fact, hint="Ask for the file once more: it was changed or damaged on its way.")


def _in_place(attempt: Attempt, folder: Path) -> Attempt:
    if attempt.clip is None:
        return attempt
    part, final = _paths(folder, attempt, attempt.clip)
    put_in_place(part, final)
    return replace(attempt, clip=replace(attempt.clip, path=final))


def _facts(path: Path, suffix: str) -> tuple[int, int]:
    """Return rate and frames of a mono recording of 16 bits, read to its end; 0 and 0 for anything else."""
    if suffix == FLAC:
        return measure(path)
    try:
        with contextlib.closing(wave.open(str(path), "rb")) as sound:
            frames = sound.getnframes()
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2) or not frames:
                return 0, 0
            # A header may claim anything: what is there counts.
            sound.setpos(frames - 1)
            return (sound.getframerate(), frames) if len(sound.readframes(1)) == 2 else (0, 0)
    except (wave.Error, EOFError):
        return 0, 0


def _check_room(folder: Path, size_bytes: int) -> None:
    free = free_bytes(folder)
    if free is not None and free < size_bytes + FLOOR_BYTES:
        fact = f"There is no room for the recordings: they need {size_words(size_bytes)}"
        raise StoreError(f"{fact}, {size_words(free)} are free", hint="Free some space on this disk, then try again.")
