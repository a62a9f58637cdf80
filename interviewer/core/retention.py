"""Which interviews have been kept as long as the user wants them kept. Pure: times in, ids out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.core.models import Session


def too_old(sessions: Iterable[Session], *, days: int, now: datetime, running: str | None = None) -> tuple[str, ...]:
    """Return the ids of interviews that began more than `days` days before `now`, oldest first.

    Never one that has not been finished, for it can still be gone on with, nor the one that is
    `running`. Times have zones. Raises ValueError for less than one day or a `now` without a zone.
    """
    if days < 1:
        raise ValueError(f"needs a day at least, got {days}")
    if now.utcoffset() is None:
        raise ValueError("needs a time with a zone")
    old = [s for s in sessions if s.finished is not None and now - s.created > timedelta(days=days)]
    return tuple(s.id for s in sorted(old, key=lambda s: s.created) if s.id != running)
