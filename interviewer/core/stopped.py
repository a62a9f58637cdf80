"""Interviews that ended before their questions did: which one can go on, and where."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interviewer.core.models import Attempt, Question, Session
from interviewer.core.steps import Begin, Take

OFFERED = timedelta(days=7)
"""Who practises once a week finds last week's interview; later a new one is more use than the rest of an old one."""

# As `core.state` names attempts: the session, the number of the question from 1, the turn.
_TURN = re.compile(r"-\d{2,4}-(\d{4,9})(?:\.[a-z.]*)?$")


@dataclass(frozen=True, slots=True)
class Stopped:
    """An interview that can go on."""

    session: Session
    position: int
    """Of the question that comes next, from 0; the number of questions when each was asked."""
    when: datetime
    """The last moment that something of it was kept."""
    cut_off: int | None = None
    """Position of the answer that was being recorded when the program died; None when none was."""
    latest: bool = True
    """Whether no other interview was begun since."""

    @property
    def asks(self) -> bool:
        """Whether a question is left; else there is only an answer that was cut off, to be given again."""
        return self.position < len(self.session.question_ids)


def is_unanswered(attempt: Attempt) -> bool:
    """Whether nothing of the answer was kept: it was typed, and its text did not reach the disk."""
    return attempt.clip is None and attempt.transcript is None


def stopped(session: Session, recovered: Collection[str] = ()) -> Stopped | None:
    """Return where a session goes on; None when it was finished, or nothing is left to answer.

    An interview only moves forward: what comes next is the question after the last one that has
    an answer. Retakes and follow-ups belong to the question that they go back to, and questions
    that were passed over stay passed over. `recovered` are the attempts that were found half
    written at this start: the last answer is cut off when it is one of them.
    """
    if session.finished is not None:
        return None
    given = [a for a in session.attempts if not is_unanswered(a)]
    last = max(given, key=lambda a: (a.position, a.created), default=None)
    position = last.position + 1 if last else 0
    cut_off = last.position if last and last.id in recovered else None
    if position >= len(session.question_ids) and cut_off is None:
        return None
    when = max([session.created, *(a.created for a in given)])
    return Stopped(session, position, when, cut_off)


def to_offer(sessions: Sequence[Session], now: datetime, recovered: Collection[str] = ()) -> Stopped | None:
    """Return the newest session that can go on and is not too old to be offered; None when there is none.

    Never one from elsewhere: somebody else may have held it.
    """
    by_age = sorted((s for s in sessions if s.came is None), key=lambda s: s.created, reverse=True)
    for place, session in enumerate(by_age):
        found = stopped(session, recovered)
        if found is not None and now - found.when <= OFFERED:
            return replace(found, latest=place == 0)
    return None


def to_finish(
    sessions: Iterable[Session], now: datetime, recovered: Collection[str] = ()
) -> tuple[tuple[str, datetime], ...]:
    """Return the sessions whose end was never noted though they do not go on, and when it was.

    Every answer of theirs is there, or they are too old to be offered: an end that stays open
    would keep them from being deleted when the days are over that the user wants things kept.
    """
    ends = []
    for session in sessions:
        found = stopped(session, recovered)
        if session.finished is None and (found is None or now - found.when > OFFERED):
            ends.append((session.id, max([session.created, *(a.created for a in session.attempts)])))
    return tuple(ends)


def missing(session: Session, bank_ids: Collection[str]) -> tuple[str, ...]:
    """Return the questions of a session that a bank with these entries lacks."""
    return tuple(question_id for question_id in session.question_ids if question_id not in bank_ids)


def last_turn(names: Iterable[str]) -> int:
    """Return the highest turn in the names of attempts, or of their files; 0 where none has one."""
    return max((int(found[1]) for found in map(_TURN.search, names) if found), default=0)


def begin_again(
    session: Session, questions: tuple[Question, ...], position: int, *, names: Iterable[str], held: Collection[str]
) -> Begin:
    """Return the event that goes on with `session` at `position`; `questions` are all of its questions.

    Its attempts that lack their text or their score are worked off at the end with the new ones,
    except those in `held`: somebody else works on them. `names` are the files of the session: no
    new attempt is named like one of them, or like an attempt.
    """
    pending = tuple(
        Take(
            a.id,
            a.position,
            clip=a.clip,
            transcript=a.transcript,
            follow_up=a.follow_up,
            prior=session.said_before(a),
            text_kept=a.transcript is not None,
        )
        for a in session.attempts
        if a.score is None and not is_unanswered(a) and a.id not in held
    )
    used = last_turn([*names, *(a.id for a in session.attempts)])
    return Begin(session.id, session.created, session.bank_title, session.mode, questions, position, used, pending)


def moment_words(when: datetime, now: datetime) -> str:
    """Return a moment as people say it: "today at 14:05", "yesterday at ...", "on Thursday at ...", "on 4 June at ...".

    Both moments are in the zone of who reads it.
    """
    days = (now.date() - when.date()).days
    if days == 0:
        day = "today"
    elif days == 1:
        day = "yesterday"
    elif 1 < days < 7:  # a week ago has the same name as today
        day = f"on {when:%A}"
    else:
        day = f"on {when.day} {when:%B}"
    return f"{day} at {when:%H:%M}"
