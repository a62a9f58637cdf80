"""How the sound of an answer changed from one attempt to the next: observables, each with its band.

Nothing is called better or worse: pace and length have a middle, and a filler less is no aim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interviewer.core.delivery import Band, filler_band, length_band, pace_band, pause_band
from interviewer.core.models import Delivery

TELLING_PACE_WPM = 5.0
TELLING_FILLERS_PER_MIN = 1.0
TELLING_TALK_S = 5.0
TELLING_PAUSE_S = 0.5
"""Smaller changes than these are called the same. Chosen by us, not measured: a word misheard or a
recording cut a moment later moves a measure by about as much."""

UNTOLD = "–"
_OTHER_EARS = "Not compared: different recognisers count differently."


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure of one answer: in words, and where it lies; no band where there was too little talk to tell."""

    words: str
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """One measure of both answers, and what changed, in words."""

    name: str
    earlier: Reading
    later: Reading
    words: str


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    value: Callable[[Delivery], float | None]
    words: Callable[[float], str]
    telling: float
    """Smallest change that is called one."""
    more: str
    fewer: str
    """What a change is called; {} is its size."""
    band: Callable[[float], Band] | None = None
    counts_words: bool = False
    """Whether it is made of recognised words, so that it depends on who recognised them."""


def _longest_pause_s(delivery: Delivery) -> float:
    return max((p.seconds for p in delivery.pauses), default=0.0)


def _paused_s(delivery: Delivery) -> float:
    return sum(p.seconds for p in delivery.pauses)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


_MEASURES = (
    _Measure(
        "Pace",
        lambda d: d.pace_wpm,
        "{:.0f} words a minute".format,
        TELLING_PACE_WPM,
        "{:.0f} words a minute faster",
        "{:.0f} words a minute slower",
        pace_band,
        counts_words=True,
    ),
    _Measure(
        "Fillers",
        lambda d: d.fillers_per_min,
        "at least {:.0f} a minute".format,
        TELLING_FILLERS_PER_MIN,
        "{:.0f} a minute more",
        "{:.0f} a minute fewer",
        filler_band,
        counts_words=True,
    ),
    _Measure(
        "Pauses",
        lambda d: float(len(d.pauses)),
        "{:.0f} counted".format,
        1.0,
        "{:.0f} more",
        "{:.0f} fewer",
    ),
    _Measure(
        "In pauses",
        _paused_s,
        "{:.1f} s in all".format,
        TELLING_PAUSE_S,
        "{:.1f} s more",
        "{:.1f} s less",
    ),
    _Measure(
        "Longest pause",
        _longest_pause_s,
        "{:.1f} s".format,
        TELLING_PAUSE_S,
        "{:.1f} s longer",
        "{:.1f} s shorter",
        pause_band,
    ),
    _Measure(
        "First word",
        lambda d: d.first_word_s,
        "after {:.1f} s".format,
        TELLING_PAUSE_S,
        "{:.1f} s later",
        "{:.1f} s sooner",
    ),
    _Measure(
        "Length",
        lambda d: d.talk_s,
        lambda seconds: f"{_clock(seconds)} of talk",
        TELLING_TALK_S,
        "{:.0f} s longer",
        "{:.0f} s shorter",
        length_band,
    ),
)


def delivery_changes(
    earlier: Delivery | None, later: Delivery | None, *, heard_apart: bool = False
) -> tuple[DeliveryChange, ...]:
    """Return every measure of both; what changed is "" where one of them was not measured.

    `heard_apart` says that two recognisers wrote them down: what is made of words is then shown
    for both and not compared. Returns nothing where neither was measured.
    """
    if earlier is None and later is None:
        return ()
    return tuple(_changed(measure, earlier, later, heard_apart) for measure in _MEASURES)


def _changed(measure: _Measure, earlier: Delivery | None, later: Delivery | None, apart: bool) -> DeliveryChange:
    old, new = (measure.value(d) if d else None for d in (earlier, later))
    if old is None or new is None:
        words = ""
    elif apart and measure.counts_words:
        words = _OTHER_EARS
    elif abs(new - old) < measure.telling:
        words = "About the same"
    else:
        words = (measure.more if new > old else measure.fewer).format(abs(new - old))
    return DeliveryChange(measure.name, _reading(measure, earlier, old), _reading(measure, later, new), words)


def _reading(measure: _Measure, delivery: Delivery | None, value: float | None) -> Reading:
    if value is None:
        return Reading(UNTOLD if delivery is None else "too little talk to tell")
    return Reading(measure.words(value), measure.band(value) if measure.band else None)
