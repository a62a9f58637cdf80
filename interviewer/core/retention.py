"""Which interviews have been kept as long as the user wants them kept. Pure: times in, ids out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.core.models import Session

LONGEST_PAUSE = timedelta(days=366)
"""For longer than this nobody is taken to have left the program alone: the clock is far ahead instead."""


def too_old(sessions: Iterable[Session], *, days: int, now: datetime, running: str | None = None) -> tuple[str, ...]:
    """Return the ids of `older_than`, for deleting without asking: none while the clock is in doubt.

    The only witness of the clock is the newest moment that any of the `sessions` tells of; one from
    elsewhere tells when it came, for what else it tells is of somebody else's clock. When `now`
    is before it, one of the two is wrong, and nobody knows which. When `now` is more than
    `LONGEST_PAUSE` after it, the clock may well be years ahead, and everything would go at once. What
    is deleted cannot come back, but it can be deleted later: as soon as an interview has begun under
    a right clock. A clock that is ahead by less is not noticed.
    """
    known = [*sessions]
    old = older_than(known, days=days, now=now, running=running)
    newest = max((s.came or _last(s) for s in known), default=now)
    return old if timedelta() <= now - newest <= LONGEST_PAUSE else ()


def older_than(sessions: Iterable[Session], *, days: int, now: datetime, running: str | None = None) -> tuple[str, ...]:
    """Return the ids of interviews of which nothing is less than `days` days before `now`, oldest first.

    What counts is when one began, when it was finished or when it came from elsewhere, whichever is latest:
    the clock may have been put right meanwhile, and what came today is not to go today. Never one that has
    not been finished, for it can still be gone on with, nor the one that is `running`. Times have zones.
    Raises ValueError for less than one day or a `now` without a zone.
    """
    if days < 1:
        raise ValueError(f"needs a day at least, got {days}")
    if now.utcoffset() is None:
        raise ValueError("needs a time with a zone")
    old = [s for s in sessions if s.finished is not None and now - _last(s) > timedelta(days=days)]
    return tuple(s.id for s in sorted(old, key=lambda s: s.created) if s.id != running)


def _last(session: Session) -> datetime:
    return max(session.created, session.finished or session.created, session.came or session.created)
