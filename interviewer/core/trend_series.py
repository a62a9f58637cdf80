"""Trends as they are drawn: dots that compare with each other, the line through them, the marks of the axes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from interviewer.core.trends import DAY_S, Floats, Ints, Kind, Measure, Trends

MEDIAN_OF = 10
"""Answers in a running median: as many as the usual figures of a person are made of."""
MOST_CONNECTED = 40
"""Answers to one question that a line may go through one by one; with more it shows nothing but noise."""
MOST_ON_LINE = 500
"""More places on a line are not told apart on any screen."""

ADVISED = {Measure.PACE: (120.0, 160.0), Measure.FILLERS: (0.0, 5.0)}
"""The green stretches of `core.delivery`, from the sources named there."""
_STEP = {Measure.SCORE: 5.0, Measure.COVERAGE: 1.0, Measure.PACE: 1.0, Measure.FILLERS: 0.1}
_LEAST_SPAN = {Measure.PACE: (60.0, 200.0), Measure.FILLERS: (0.0, 10.0)}
_MOST = {Measure.SCORE: 100.0, Measure.COVERAGE: 100.0, Measure.PACE: 400.0, Measure.FILLERS: 60.0}
"""Where the plot ends: whoever is beyond was mismeasured, and must not flatten all others."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Attempts whose figures may be held against each other, oldest first."""

    kind: Kind
    newest: bool
    """Whether these were scored, or heard, as the newest attempt shown was."""
    places: Ints
    """Of the attempts in the trends."""
    figures: Floats
    """As they are shown: scores in steps of five."""
    line_s: Floats
    line: Floats
    """The line through them, empty where there is none: when, and how much."""


def series(trends: Trends, chosen: Ints, measure: Measure) -> tuple[Series, ...]:
    """Return the chosen attempts that have this figure, those drawn last the newest of their sort.

    Scores and coverage are comparable under one recipe, pace and fillers as heard by one recogniser.
    """
    known = chosen[~np.isnan(trends.figures[measure, chosen])]
    if not len(known):
        return ()
    judged = measure in (Measure.SCORE, Measure.COVERAGE)
    methods = trends.recipe if judged else trends.hearing
    # How fast somebody speaks has nothing to do with what an answer is held against.
    kinds = trends.kind if judged else np.zeros_like(trends.kind)
    newest = methods[known[-1]]
    single = len(known) <= MOST_CONNECTED and len(set(trends.subject[known])) == 1
    found = [
        _series(trends, places, measure, kind=kind, newest=bool(method == newest), single=single)
        for method in np.flatnonzero(np.bincount(methods[known] + 1)) - 1
        for kind in Kind
        if len(places := known[(methods[known] == method) & (kinds[known] == kind)])
    ]
    return tuple(sorted(found, key=_by_newness))


def _by_newness(one: Series) -> tuple[bool, int]:
    return one.newest, int(one.places[-1])


def _series(trends: Trends, places: Ints, measure: Measure, *, kind: Kind, newest: bool, single: bool) -> Series:
    figures = shown(trends.figures[measure, places], measure)
    window = 1 if single else median_of(len(places))
    if kind is Kind.FOLLOW_UP or len(places) <= window:
        line_s = line = np.empty(0)
    else:
        windows = np.lib.stride_tricks.sliding_window_view(figures, window)
        every = np.unique(np.linspace(0, len(windows) - 1, min(len(windows), MOST_ON_LINE)).astype(int))
        line, line_s = np.median(windows[every], axis=1), trends.local_s[places[window - 1 :]][every]
    return Series(kind, newest, places, figures, line_s, line)


def median_of(count: int) -> int:
    """Return how many answers each median of a line through `count` answers is made of."""
    return max(MEDIAN_OF, count // 50)


def shown(figures: Floats, measure: Measure) -> Floats:
    """Return figures in the steps in which they are shown, inside the plot."""
    step = _STEP[measure]
    return np.clip(np.floor(figures / step + 0.5) * step, 0.0, _MOST[measure])


def span(figures: Floats, measure: Measure) -> tuple[float, float]:
    """Return the lowest and highest figure that a plot of these has room for."""
    low, high = _LEAST_SPAN.get(measure, (0.0, 100.0))
    return min(low, float(np.min(figures, initial=low))), max(high, float(np.max(figures, initial=high)))


def thinned(x: Floats, y: Floats, cell: tuple[float, float]) -> Ints:
    """Return the places of the dots to draw: of those in one `cell` (width, height) the last, which hides the rest.

    Takes room for every cell between the outermost dots, so cells are to be no smaller than a few pixels.
    """
    if not len(x):
        return np.empty(0, dtype=np.int32)
    columns, rows = (((side - side.min()) // size).astype(np.intp) for side, size in zip((x, y), cell, strict=True))
    last = np.full((columns.max() + 1, rows.max() + 1), -1, dtype=np.int32)
    last[columns, rows] = np.arange(len(x), dtype=np.int32)  # where a cell is named again, the later value stays
    return np.sort(last[last >= 0])


# --- the axis of time -------------------------------------------------------------------------

_MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120)
_DAYS_APART = (1, 2, 7, 14)
_MINUTES_APART = (5, 10, 30, 60, 180, 360)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def time_span(local_s: Floats) -> tuple[float, float]:
    """Return first and last second of an axis for these moments: with room on both sides, half an hour at least."""
    first_s, last_s = float(np.min(local_s)), float(np.max(local_s))
    room_s = max((last_s - first_s) * 0.03, 1800.0)
    return first_s - room_s, last_s + room_s


def time_marks(first_s: float, last_s: float, most: int) -> tuple[tuple[float, str], ...]:
    """Return at most `most` marks of the axis, as (local second, words): full minutes, hours, days, months or years."""
    for minutes in _MINUTES_APART:
        if (last_s - first_s) / 60 / minutes <= most - 1:
            return _even(first_s, last_s, minutes * 60, "{0.day} {0:%b}, {0:%H:%M}")
    for days in _DAYS_APART:
        if (last_s - first_s) / DAY_S / days <= most - 1:
            return _even(first_s, last_s, days * DAY_S, "{0.day} {0:%b %Y}")
    return _months(first_s, last_s, most)


def _even(first_s: float, last_s: float, step_s: int, words: str) -> tuple[tuple[float, str], ...]:
    start = int(-(-first_s // step_s))
    return tuple((s, words.format(moment(s))) for s in range(start * step_s, int(last_s) + 1, step_s))


def _months(first_s: float, last_s: float, most: int) -> tuple[tuple[float, str], ...]:
    first, last = moment(first_s), moment(last_s)
    begin, end = first.year * 12 + first.month, last.year * 12 + last.month - 1
    apart = next((step for step in _MONTHS_APART if (end - begin) // step < most), (end - begin) // most + 1)
    found = (datetime(m // 12, m % 12 + 1, 1, tzinfo=UTC) for m in range(-(-begin // apart) * apart, end + 1, apart))
    return tuple(((when - _EPOCH).total_seconds(), f"{when:%b %Y}" if apart < 12 else f"{when:%Y}") for when in found)


def moment(local_s: float) -> datetime:
    """Return a moment of the user's own clock; the zone it bears is not its own. The calendar ends in 9999."""
    try:
        return _EPOCH + timedelta(seconds=local_s)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if local_s > 0 else datetime.min.replace(tzinfo=UTC)
