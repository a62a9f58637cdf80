"""Which chores are due: when to back up, which backups are too old, which recordings may be compressed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from interviewer.core.models import Attempt

BACKUP_EVERY = timedelta(days=1)


def is_backup_due(made: Iterable[datetime], changed: datetime | None, now: datetime) -> bool:
    """Whether the daily backup is to be made.

    `made` is when the backups there are were made, `changed` when something kept changed last; None
    where nothing is kept. One from the future was made while the clock was wrong: it must neither
    keep off backups until that day nor ask for one every hour.
    """
    if changed is None:
        return False
    newest = max((time for time in made if time <= now), default=None)
    if newest is None:
        return True
    return changed > newest and now - newest >= BACKUP_EVERY


def is_outlived(created: datetime, days: int, now: datetime) -> bool:
    """Whether something made at `created` is older than `days` days."""
    return now - created > timedelta(days=days)


def may_hold_copies(backups: Iterable[datetime], since: datetime) -> bool:
    """Whether a backup of one of these moments can hold what was kept from `since` on."""
    return any(created >= since for created in backups)


def compressible(attempts: Iterable[Attempt], *, held: str = "") -> tuple[Attempt, ...]:
    """Return the answers whose WAV is no longer needed as such: those written down, `held` session left out."""
    return tuple(a for a in attempts if a.session_id != held and _is_finished_wav(a))


def _is_finished_wav(attempt: Attempt) -> bool:
    return attempt.clip is not None and attempt.clip.path.suffix == ".wav" and attempt.transcript is not None
