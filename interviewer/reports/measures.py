"""How an answer sounded, as rows of a report."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.core.delivery import (
    COUNTED_PAUSE_S,
    FLAGGED_PAUSE_S,
    Band,
    filler_band,
    length_band,
    pace_band,
    pause_band,
)
from interviewer.core.models import Delivery

_WORDS = {Band.GREEN: "In range", Band.AMBER: "A little off", Band.RED: "Well outside"}
_TONES = {Band.GREEN: "good", Band.AMBER: "warn", Band.RED: "bad"}
_LITTLE = "too little talk to tell"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: its name, what was measured, where that lies, and what is advised by whom."""

    name: str
    value: str
    band: str
    """Where it lies, in words; "" where there was too little talk to tell."""
    tone: str
    """good, warn, bad, or muted without a band."""
    advice: str


def measures(delivery: Delivery) -> tuple[Measure, ...]:
    """Return the rows of a delivery."""
    pace, rate = delivery.pace_wpm, delivery.fillers_per_min
    longest_s = max((p.seconds for p in delivery.pauses), default=0.0)
    flagged = sum(p.seconds >= FLAGGED_PAUSE_S for p in delivery.pauses)
    fillers = _LITTLE if rate is None else f"at least {rate:.0f} a minute ({delivery.fillers} in all)"
    pauses = f"{len(delivery.pauses)} counted, {flagged} long; the longest {longest_s:.1f} s"
    return (
        _measure(
            "Pace",
            _LITTLE if pace is None else f"{pace:.0f} words a minute",
            None if pace is None else pace_band(pace),
            "120 to 160 is easy to follow (Orai, TED talks).",
        ),
        _measure(
            "Fillers",
            fillers,
            None if rate is None else filler_band(rate),
            "Up to 5 a minute costs nothing (Laske and DiGennaro Reed, 2024).",
        ),
        _measure(
            "Pauses",
            pauses if delivery.pauses else "none counted",
            pause_band(longest_s),
            f"Counted from {COUNTED_PAUSE_S:.1f} s, long from {FLAGGED_PAUSE_S:.1f} s.",
        ),
        _measure(
            "Length",
            f"{clock(delivery.talk_s)} of talk, begun after {delivery.first_word_s:.1f} s",
            length_band(delivery.talk_s),
            "One to two minutes: career guides' advice, not research.",
        ),
    )


def aside(delivery: Delivery) -> str:
    """Return the counts that carry no judgement, such as hedges; "" without any."""
    parts = []
    if delivery.hedges:
        parts.append(f"{delivery.hedges} × “you know”, “basically”, “maybe” and the like")
    if delivery.ambiguous:
        parts.append(f"{delivery.ambiguous} × “like”, “so” or “right”, which may be fillers or not")
    return f"Also: {'; '.join(parts)}." if parts else ""


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds: 65.7 is "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _measure(name: str, value: str, band: Band | None, advice: str) -> Measure:
    if band is None:
        return Measure(name, value, "", "muted", advice)
    return Measure(name, value, _WORDS[band], _TONES[band], advice)
