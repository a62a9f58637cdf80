"""How the sound of an answer changed from one attempt to the next: observables, each with its band.

Nothing is called better or worse: pace and length have a middle, and a filler less is no aim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from interviewer.core.delivery import Band, filler_band, length_band, pace_band, pause_band
from interviewer.core.heard import Edges
from interviewer.core.measures import (
    LITTLE,
    NOT_KNOWN,
    filler_words,
    length_words,
    pace_words,
    shown_fillers,
    shown_longest_pause_s,
    shown_pace,
    shown_talk_s,
)
from interviewer.core.models import Delivery

TELLING_PACE_WPM = 5.0
TELLING_FILLERS_PER_MIN = 1.0
TELLING_TALK_S = 5.0
TELLING_PAUSE_S = 0.5
"""Smaller changes than these are called the same. Chosen by us, not measured: a word misheard or a
recording cut a moment later moves a measure by about as much."""

UNTOLD = "–"
_OTHER_EARS = "Not compared: different recognisers count differently."
_OTHER_EDGES = "Not compared: silence was measured in different ways."


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


class _Stuff(Enum):
    """What a measure is made of, and with it what it depends on."""

    WORDS = "words"
    """On who recognised them."""
    SILENCE = "silence"
    """On what told where speech begins and ends; of word times alone no silence is known."""
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    stuff: _Stuff
    value: Callable[[Delivery], float | None]
    """Rounded as it is shown."""
    words: Callable[[float], str]
    telling: float
    """Smallest change that is called one."""
    more: str
    fewer: str
    """What a change is called; {} is its size."""
    band: Callable[[float], Band] | None = None


def _paused_s(delivery: Delivery) -> float:
    return round(sum(p.seconds for p in delivery.pauses), 1)


def _longest_run_s(delivery: Delivery) -> float | None:
    run = delivery.longest_run
    return round(run.end_s - run.start_s) if run else None


_MEASURES = (
    _Measure(
        "Pace",
        _Stuff.WORDS,
        shown_pace,
        pace_words,
        TELLING_PACE_WPM,
        "{:.0f} words a minute faster",
        "{:.0f} words a minute slower",
        pace_band,
    ),
    _Measure(
        "Fillers",
        _Stuff.WORDS,
        shown_fillers,
        filler_words,
        TELLING_FILLERS_PER_MIN,
        "{:.0f} a minute more",
        "{:.0f} a minute fewer",
        filler_band,
    ),
    _Measure(
        "Pauses",
        _Stuff.SILENCE,
        lambda d: float(len(d.pauses)),
        "{:.0f} counted".format,
        1.0,
        "{:.0f} more",
        "{:.0f} fewer",
    ),
    _Measure(
        "In pauses",
        _Stuff.SILENCE,
        _paused_s,
        "{:.1f} s in all".format,
        TELLING_PAUSE_S,
        "{:.1f} s more",
        "{:.1f} s less",
    ),
    _Measure(
        "Longest pause",
        _Stuff.SILENCE,
        shown_longest_pause_s,
        "{:.1f} s".format,
        TELLING_PAUSE_S,
        "{:.1f} s longer",
        "{:.1f} s shorter",
        pause_band,
    ),
    _Measure(
        "Longest run",
        _Stuff.SILENCE,
        _longest_run_s,
        "{:.0f} s without a pause".format,
        TELLING_TALK_S,
        "{:.0f} s longer",
        "{:.0f} s shorter",
    ),
    _Measure(
        "First word",
        _Stuff.SILENCE,
        lambda d: round(d.first_word_s, 1),
        "after {:.1f} s".format,
        TELLING_PAUSE_S,
        "{:.1f} s later",
        "{:.1f} s sooner",
    ),
    _Measure(
        "Length",
        _Stuff.TALK,
        shown_talk_s,
        length_words,
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
    for both and not compared, nor is what is made of silences that were measured in two ways.
    Returns nothing where neither was measured.
    """
    if earlier is None and later is None:
        return ()
    edges_apart = bool(earlier and later and earlier.edges is not later.edges)
    apart = {_Stuff.WORDS: _OTHER_EARS if heard_apart else "", _Stuff.SILENCE: _OTHER_EDGES if edges_apart else ""}
    return tuple(_changed(measure, earlier, later, apart.get(measure.stuff, "")) for measure in _MEASURES)


def _changed(measure: _Measure, earlier: Delivery | None, later: Delivery | None, apart: str) -> DeliveryChange:
    old, new = _value(measure, earlier), _value(measure, later)
    if old is None or new is None:
        words = ""
    elif apart:
        words = apart
    elif (apart_by := round(abs(new - old), 1)) < measure.telling:
        words = "About the same"
    else:
        words = (measure.more if new > old else measure.fewer).format(apart_by)
    return DeliveryChange(measure.name, _reading(measure, earlier, old), _reading(measure, later, new), words)


def _value(measure: _Measure, delivery: Delivery | None) -> float | None:
    if delivery is None or (measure.stuff is _Stuff.SILENCE and delivery.edges is Edges.WORDS):
        return None
    return measure.value(delivery)


def _reading(measure: _Measure, delivery: Delivery | None, value: float | None) -> Reading:
    if delivery is None:
        return Reading(UNTOLD)
    if value is None:
        return Reading(NOT_KNOWN if measure.stuff is _Stuff.SILENCE else LITTLE)
    return Reading(measure.words(value), measure.band(value) if measure.band else None)
