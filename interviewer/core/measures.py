"""What is judged of how an answer sounded: in words, where that lies, and what is advised.

Numbers are rounded here, once: bands and differences are those of the numbers that people read.
"""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.core.delivery import (
    COUNTED_PAUSE_S,
    FLAGGED_PAUSE_S,
    Band,
    filler_band,
    is_long,
    length_band,
    pace_band,
    pause_band,
)
from interviewer.core.heard import Edges
from interviewer.core.models import Delivery

LITTLE = "too little talk to tell"
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure: its name, what was measured, where that lies, and what is advised by whom."""

    name: str
    words: str
    band: Band | None
    """None where there is too little to tell."""
    advice: str


def shown_pace(delivery: Delivery) -> int | None:
    """Return the pace in whole words a minute; None where there is too little talk."""
    return None if delivery.pace_wpm is None else round(delivery.pace_wpm)


def shown_fillers(delivery: Delivery) -> int | None:
    """Return the fillers in whole ones a minute; None where there is too little talk."""
    return None if delivery.fillers_per_min is None else round(delivery.fillers_per_min)


def shown_longest_pause_s(delivery: Delivery) -> float | None:
    """Return the longest pause in seconds, 0 without any; None where no pause can be known."""
    if delivery.edges is Edges.WORDS:
        return None
    return round(max((p.seconds for p in delivery.pauses), default=0.0), 1)


def shown_talk_s(delivery: Delivery) -> int:
    """Return the length of the talk in whole seconds that have gone by, as a clock shows it."""
    return max(0, int(delivery.talk_s))


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds: 65.7 is "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def pace_words(wpm: float) -> str:
    """Return a pace in words."""
    return f"{wpm:.0f} words a minute"


def filler_words(rate: float) -> str:
    """Return fillers a minute in words."""
    return f"at least {rate:.0f} a minute"


def length_words(talk_s: float) -> str:
    """Return a length of talk in words."""
    return f"{clock(talk_s)} of talk"


def judged_pace(delivery: Delivery) -> Judged:
    """Return how fast it was."""
    pace = shown_pace(delivery)
    advice = "120 to 160 is easy to follow (Orai, TED talks)."
    if pace is None:
        return Judged("Pace", LITTLE, None, advice)
    return Judged("Pace", pace_words(pace), pace_band(pace), advice)


def judged_fillers(delivery: Delivery) -> Judged:
    """Return how often it was filled."""
    rate = shown_fillers(delivery)
    advice = "Up to 5 a minute costs nothing (Laske and DiGennaro Reed, 2024)."
    if rate is None:
        return Judged("Fillers", LITTLE, None, advice)
    return Judged("Fillers", filler_words(rate), filler_band(rate), advice)


def judged_pauses(delivery: Delivery) -> Judged:
    """Return how often and how long it rested."""
    longest_s = shown_longest_pause_s(delivery)
    advice = f"Counted from {COUNTED_PAUSE_S:.1f} s, long from {FLAGGED_PAUSE_S:.1f} s."
    if longest_s is None:
        return Judged("Pauses", NOT_KNOWN, None, advice)
    told = f"{len(delivery.pauses)} counted, {sum(map(is_long, delivery.pauses))} long"
    return Judged("Pauses", told if delivery.pauses else "none counted", pause_band(longest_s), advice)


def judged_length(delivery: Delivery) -> Judged:
    """Return how long it was."""
    talk_s = shown_talk_s(delivery)
    advice = "One to two minutes: career guides' advice, not research."
    return Judged("Length", length_words(talk_s), length_band(talk_s), advice)
