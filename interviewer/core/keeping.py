"""Which backups are kept and which may go: many of the last days, few of the last months."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime

DAYS, WEEKS, MONTHS = 7, 4, 6
"""Of so many days, weeks and months that have a backup, the newest one of each is kept."""


def to_remove(times: Iterable[datetime], now: datetime) -> frozenset[datetime]:
    """Return the times, each with its zone, of the backups that may be removed.

    Days, weeks (from Monday) and months are those of UTC, and only those with a backup count: a
    month without any takes no backup away. The newest always stays. So do those from after `now`,
    made while the clock was wrong: they neither go nor take the place of a true one.
    """
    past = sorted((t for t in set(times) if t <= now), reverse=True)
    kept = {
        *_newest_of_each(past, lambda t: t.date(), DAYS),
        *_newest_of_each(past, lambda t: t.isocalendar()[:2], WEEKS),
        *_newest_of_each(past, lambda t: (t.year, t.month), MONTHS),
    }
    return frozenset(past) - kept


def _newest_of_each(newest_first: list[datetime], span: Callable[[datetime], Hashable], count: int) -> list[datetime]:
    found: dict[Hashable, datetime] = {}
    for time in newest_first:
        found.setdefault(span(time.astimezone(UTC)), time)
    return list(found.values())[:count]
