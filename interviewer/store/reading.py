"""Reads sessions and attempts out of the database; `database.py` writes them."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, TextClause, and_, func, or_, select, text
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased, defer

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError, StoreDamaged, StoreError
from interviewer.core.models import BY_HAND, Attempt, Delivery, Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.search import Recorded, Share
from interviewer.core.trends import Portion
from interviewer.store import index, untrusted
from interviewer.store.connection import WRITES, told
from interviewer.store.rows import to_attempt, to_delivery, to_session
from interviewer.store.schema import driver_of
from interviewer.store.tables import AttemptRow, ScoreRow, SessionRow, TranscriptRow
from interviewer.store.trend_rows import portion, stamp

log = logging.getLogger(__name__)

T = TypeVar("T")

_LISTED = {
    "unfinished": "SELECT attempt_id FROM history WHERE score_id IS NULL",
    "of question": "SELECT attempt_id FROM history WHERE question_id = :question",
    "wave": "SELECT attempt_id FROM history WHERE seconds IS NOT NULL AND transcript_id IS NOT NULL",
}
"""Which attempts may be meant, from the narrow rows of the index: the wide ones of all take a second to read."""
_LOOKED_AT = 10
"""Answers looked at for each that is wanted: some have no word in them."""
_BY_OTHERS = f"WHERE seconds IS NOT NULL AND engine NOT IN {BY_HAND} AND (engine <> :engine OR model <> :model)"


def heals(method: Callable[..., T]) -> Callable[..., T]:
    """Have a method of the store done once more, with a new index of the history, where that index is damaged.

    Every method is one transaction: one that failed has changed nothing.
    """

    @wraps(method)
    def done(store: Reader, *args: Any, **kwargs: Any) -> T:
        try:
            return method(store, *args, **kwargs)
        except StoreError as error:
            if not index.is_its_own(error.__cause__):
                raise
        log.warning("the index of the history is damaged and will be made anew")
        store.make_index_anew()
        return method(store, *args, **kwargs)

    return done


DOUBTED, UNFORGOTTEN = 1, 2
"""What is noted in the file itself, as bits of SQLite's `user_version`: that an entry in it is damaged, and that
words are left in the index which are to be nowhere any more."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A session as far as its recordings are concerned."""

    id: str
    questions: int
    clips: Mapping[str, str | None]
    """For each of its attempts the path of its recording below the data folder; None where it has none."""


class Reader:
    """What is asked of the database `interviewer.db` in the folder `data`. Every method is one transaction."""

    def __init__(self, data: Path, engine: Engine, now: Callable[[], datetime]) -> None:
        self._data = data
        self._path = data / DATABASE_NAME
        self._engine: Engine | None = engine
        self._now = now

    def close(self) -> None:
        """Let go of the database; again is harmless. Whatever comes after it raises StoreError."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    # --- sessions -------------------------------------------------------------------------

    def sessions(self) -> tuple[Session, ...]:
        """Return every session, newest first, with its attempts, oldest first.

        Transcripts have their text, but neither words nor speech. Two queries, however many
        sessions there are; with 100,000 attempts it takes ten seconds. Raises StoreError.
        """
        return self._sessions()

    def session_heads(self) -> tuple[Session, ...]:
        """Return every session, newest first, without its attempts. Raises StoreError."""
        with self._reading() as db:
            rows = db.scalars(select(SessionRow).order_by(SessionRow.created.desc(), SessionRow.id.desc()))
            return tuple(to_session(row, ()) for row in rows)

    def open_sessions(self) -> tuple[Session, ...]:
        """Return the sessions whose end was never noted, and the newest held here, as `sessions` does.

        The newest tells whether another one was begun since. Raises StoreError.
        """
        here = select(SessionRow.id).where(SessionRow.came.is_(None))
        newest = here.order_by(SessionRow.created.desc(), SessionRow.id.desc()).limit(1)
        wanted = or_(SessionRow.finished.is_(None), SessionRow.id.in_(newest))
        return self._sessions(wanted)

    def outlines(self) -> Iterator[Outline]:
        """Yield every session by id with the recordings of its attempts; to be read to its end. Raises StoreError."""
        with self._reading() as db:
            clips: dict[str, dict[str, str | None]] = defaultdict(dict)
            for session_id, attempt_id, clip in db.execute(
                select(AttemptRow.session_id, AttemptRow.id, AttemptRow.clip)
            ):
                clips[session_id][untrusted.text(attempt_id)] = None if clip is None else untrusted.text(clip)
            for session_id, ids in db.execute(select(SessionRow.id, SessionRow.question_ids).order_by(SessionRow.id)):
                yield Outline(untrusted.text(session_id), len(untrusted.listed(ids)), clips.pop(session_id, {}))

    def session(self, session_id: str) -> Session:
        """Return one session, whole, its attempts oldest first. Raises InputError for an unknown id, StoreError."""
        with self._reading() as db:
            row = db.get(SessionRow, session_id)
            if row is None:
                raise InputError(f"There is no session {session_id!r}", hint="Open it from the list of sessions.")
            return to_session(row, self._attempts(db, _joined(AttemptRow.session_id == session_id)))

    # --- attempts -------------------------------------------------------------------------

    def attempt(self, attempt_id: str) -> Attempt:
        """Return one attempt, whole: its newest transcript, and the newest score of that transcript.

        Raises InputError for an unknown id, StoreError.
        """
        with self._reading() as db:
            for attempt in self._attempts(db, _joined(AttemptRow.id == attempt_id)):
                return attempt
        raise _no_answer(attempt_id)

    def attempts_of(self, question_id: str) -> tuple[Attempt, ...]:
        """Return every attempt at a question, whole, oldest first. Raises StoreError."""
        with self._reading() as db:
            return self._attempts(db, _joined(_listed("of question", question=question_id)))

    def versions(self, attempt_id: str) -> tuple[Kept, ...]:
        """Return every text of an attempt, whole, oldest first, each with its newest score.

        Raises InputError for an unknown id, StoreError.
        """
        with self._reading() as db:
            found = self._attempts(db, _every_text(attempt_id))
        if not found:
            raise _no_answer(attempt_id)
        return tuple((a.transcript, a.score) for a in found if a.transcript is not None)

    def wave_attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts whose recording is a WAV and that have a transcript, oldest first, without words."""
        with self._reading() as db:
            wave = _joined(_listed("wave"), AttemptRow.clip.endswith(".wav", autoescape=True))
            return self._attempts(db, wave, words=False)

    def written_by_others(self, engine: str, model: str) -> tuple[Recorded, ...]:
        """Return the recordings whose newest transcript another recogniser made, oldest first.

        Typed and corrected texts are not among them. Raises StoreError.
        """
        rows = text(f"SELECT attempt_id, question_id, seconds, rough FROM history {_BY_OTHERS} ORDER BY created, id")  # noqa: S608
        with self._reading() as db:
            return tuple(
                Recorded(untrusted.text(name), untrusted.text(question), untrusted.number(seconds), bool(rough))
                for name, question, seconds, rough in db.execute(rows, {"engine": engine, "model": model})
            )

    def count_by_others(self, engine: str, model: str) -> Mapping[str, Share]:
        """Return how many recordings `written_by_others` would return of each question. Raises StoreError."""
        figures = "count(*), sum(seconds), sum(rough)"
        rows = text(f"SELECT question_id, {figures} FROM history {_BY_OTHERS} GROUP BY question_id")  # noqa: S608
        with self._reading() as db:
            return {
                untrusted.text(question): Share(answers, untrusted.number(seconds), rough)
                for question, answers, seconds, rough in db.execute(rows, {"engine": engine, "model": model})
            }

    def unfinished_attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts, whole and oldest first, that still lack something.

        Those with a clip but no transcript yet, and those, spoken or typed, whose newest
        transcript has no score yet. Raises StoreError.
        """
        unwritten = and_(AttemptRow.clip.is_not(None), TranscriptRow.id.is_(None))
        unscored = and_(TranscriptRow.id.is_not(None), ScoreRow.id.is_(None))
        with self._reading() as db:
            return self._attempts(db, _joined(_listed("unfinished"), or_(unwritten, unscored)))

    # --- figures --------------------------------------------------------------------------

    def best_scores(self) -> Mapping[str, float]:
        """Return the highest score, 0 to 100, of each question that has one, but for sessions from elsewhere.

        An attempt counts with the newest score of its newest transcript. Raises StoreError.
        """
        return {question: max(value for _, value in scored) for question, scored in self.practised().items()}

    def practised(self) -> Mapping[str, tuple[tuple[datetime, float], ...]]:
        """Return for each question its scored attempts, oldest first: when asked, and score 0 to 100.

        An attempt counts with the newest score of its newest transcript, but not where its session is from
        elsewhere: somebody else may have held it. Raises StoreError.
        """
        rows = text(
            "SELECT question_id, created, value FROM history WHERE value IS NOT NULL"
            " AND session_id NOT IN (SELECT id FROM sessions WHERE came IS NOT NULL) ORDER BY created, id"
        )
        found = defaultdict(list)
        with self._reading() as db:
            for question_id, created, value in db.execute(rows):
                scored = untrusted.moment(created), untrusted.number(value)
                found[untrusted.text(question_id)].append(scored)
        return {question_id: tuple(scored) for question_id, scored in found.items()}

    def last_deliveries(self, count: int, but: str = "") -> tuple[Delivery, ...]:
        """Return how the last `count` answers given here sounded in which words were heard, newest first.

        The answer with the id `but` is left out. Raises StoreError.
        """
        # `history.id` grows with the time of the answer: nothing is sorted.
        rows = text(
            "SELECT scores.delivery FROM history JOIN scores ON scores.id = history.score_id"
            " WHERE history.seconds IS NOT NULL AND scores.delivery IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM sessions WHERE id = history.session_id AND came IS NULL)"
            " AND history.attempt_id <> :but ORDER BY history.id DESC LIMIT :most"
        )
        with self._reading() as db:
            found = map(to_delivery, db.scalars(rows, {"but": but, "most": count * _LOOKED_AT}))
            return tuple(islice((delivery for delivery in found if delivery.words), count))

    def trend_stamp(self) -> tuple[object, ...]:
        """Return what is another as soon as anything that trends are made of is. Raises StoreError."""
        with self._reading() as db:
            return stamp(db)

    def trend_portion(self, after: int, count: int) -> Portion:
        """Return up to `count` attempts, as trends need them, behind the place `after`; 0 begins. Raises StoreError."""
        with self._reading() as db:
            return portion(db, after, count)

    # --- doubt ----------------------------------------------------------------------------

    @property
    def is_doubted(self) -> bool:
        """Whether an entry was found damaged since somebody last read all of them. Raises StoreError."""
        with self._reading() as db:
            return is_noted(db, DOUBTED)

    def count_attempts(self) -> int:
        """Return how many attempts there are. Raises StoreError."""
        with self._reading() as db:
            return db.scalar(select(func.count()).select_from(AttemptRow)) or 0

    def doubt(self, doubted: bool) -> None:
        """Note in the file that an entry in it is damaged, or that none is. Raises StoreError."""
        with self._writing() as db:
            note(db, DOUBTED, doubted)

    def make_index_anew(self) -> None:
        """Make the index of the history anew from what is kept. Raises StoreError."""
        with self._writing() as db:
            index.make_anew(driver_of(db.connection()))

    # --- inside ---------------------------------------------------------------------------

    def _sessions(self, *wanted: ColumnElement[bool]) -> tuple[Session, ...]:
        rows = select(SessionRow).where(*wanted).order_by(SessionRow.created.desc(), SessionRow.id.desc())
        of = AttemptRow.session_id.in_(select(SessionRow.id).where(*wanted))
        with self._reading() as db:
            found = db.scalars(rows).all()
            attempts = defaultdict(list)
            for attempt in self._attempts(db, _joined(*([of] if wanted else [])), words=False):
                attempts[attempt.session_id].append(attempt)
            return tuple(to_session(row, tuple(attempts[row.id])) for row in found)

    def _attempts(
        self, db: Transaction, rows: Select[AttemptRow, TranscriptRow, ScoreRow], *, words: bool = True
    ) -> tuple[Attempt, ...]:
        """Return the attempts of the rows; without their words where these are not even to be read."""
        if not words:
            rows = rows.options(defer(TranscriptRow.words, raiseload=True), defer(TranscriptRow.speech, raiseload=True))
        return tuple(
            to_attempt(row, transcript, score, data=self._data, words=words)
            for row, transcript, score in db.execute(rows)
        )

    @contextmanager
    def _reading(self) -> Iterator[Transaction]:
        with self._told(), Transaction(self._opened()) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        engine = self._opened().execution_options(**{WRITES: True})
        with told(self._path), Transaction(engine) as db, db.begin():
            yield db

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what goes wrong; have the next start read every entry where one is damaged."""
        try:
            with told(self._path):
                yield
        except StoreDamaged as error:
            if isinstance(error.__cause__, ValueError | TypeError | LookupError):
                with suppress(StoreError):
                    self.doubt(True)
            raise

    def _opened(self) -> Engine:
        if self._engine is None:
            raise StoreError("The store is closed already", hint="Start Interviewer again.")
        return self._engine


def is_noted(db: Transaction, what: int) -> bool:
    """Whether `DOUBTED` or `UNFORGOTTEN` is noted in the file."""
    return bool(_noted(db) & what)


def note(db: Transaction, what: int, holds: bool) -> None:
    """Note in the file that one of these holds, or that it does not; the other stays as it is."""
    before = _noted(db)
    after = before | what if holds else before & ~what
    if after != before:
        db.execute(text(f"PRAGMA user_version = {after}"))


def _noted(db: Transaction) -> int:
    return int(db.scalar(text("PRAGMA user_version")) or 0)


def _listed(which: str, **values: str) -> TextClause:
    return text(f"attempts.id IN ({_LISTED[which]})").bindparams(**values)


def _every_text(attempt_id: str) -> Select[AttemptRow, TranscriptRow, ScoreRow]:
    """Select an attempt once with each of its transcripts, oldest first, and the newest score of that."""
    scores = aliased(ScoreRow)
    newest_score = select(func.max(scores.id)).where(scores.transcript_id == TranscriptRow.id).scalar_subquery()
    return (
        select(AttemptRow, TranscriptRow, ScoreRow)
        .select_from(AttemptRow)
        .outerjoin(TranscriptRow, TranscriptRow.attempt_id == AttemptRow.id)
        .outerjoin(ScoreRow, ScoreRow.id == newest_score)
        .where(AttemptRow.id == attempt_id)
        .order_by(TranscriptRow.id)
    )


def _joined(*where: ColumnElement[bool] | TextClause) -> Select[AttemptRow, TranscriptRow, ScoreRow]:
    """Select attempts, oldest first, each with its newest transcript and the newest score of that."""
    texts, scores = aliased(TranscriptRow), aliased(ScoreRow)
    newest_text = select(func.max(texts.id)).where(texts.attempt_id == AttemptRow.id).scalar_subquery()
    newest_score = select(func.max(scores.id)).where(scores.transcript_id == TranscriptRow.id).scalar_subquery()
    return (
        select(AttemptRow, TranscriptRow, ScoreRow)
        .select_from(AttemptRow)
        .outerjoin(TranscriptRow, TranscriptRow.id == newest_text)
        .outerjoin(ScoreRow, ScoreRow.id == newest_score)
        .where(*where)
        .order_by(AttemptRow.created, AttemptRow.id)
    )


def _no_answer(attempt_id: str) -> InputError:
    return InputError(f"There is no answer {attempt_id!r}", hint="Open it from the list of sessions.")
