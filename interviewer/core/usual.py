"""How somebody usually sounds: the middle of their own last answers, beside the bands that hold for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from interviewer.core.models import Delivery

LAST = 10
"""Answers that are looked back on."""
LEAST = 3
"""Fewer have no middle worth the name."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Half of the answers lie between `low` and `high`, as many below `middle` as above."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Usual:
    """The user's own bands; None for a measure that fewer than LEAST of the answers have."""

    answers: int
    """How many were looked at."""
    pace_wpm: Quartiles | None = None
    fillers_per_min: Quartiles | None = None
    pauses_per_min: Quartiles | None = None
    talk_s: Quartiles | None = None
    first_word_s: Quartiles | None = None
    longest_run_s: Quartiles | None = None


def usual(deliveries: Sequence[Delivery]) -> Usual | None:
    """Return the bands of spoken answers, newest first, of which the first LAST count; None for fewer than LEAST.

    Answers in which no word was heard do not count.
    """
    last = [d for d in deliveries if d.words][:LAST]
    if len(last) < LEAST:
        return None
    return Usual(
        len(last),
        _quartiles(d.pace_wpm for d in last),
        _quartiles(d.fillers_per_min for d in last),
        _quartiles(d.pauses_per_min for d in last),
        _quartiles(d.talk_s for d in last),
        _quartiles(d.first_word_s for d in last),
        _quartiles(None if d.longest_run is None else d.longest_run.end_s - d.longest_run.start_s for d in last),
    )


def _quartiles(values: Iterable[float | None]) -> Quartiles | None:
    known = [value for value in values if value is not None]
    return Quartiles(*quantiles(known, method="inclusive")) if len(known) >= LEAST else None
