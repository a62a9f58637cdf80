"""How an answer sounded, as rows of a report."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.core import measures as core
from interviewer.core.delivery import Band
from interviewer.core.measures import Judged
from interviewer.core.models import Delivery

_WORDS = {Band.GREEN: "In range", Band.AMBER: "A little off", Band.RED: "Well outside"}
_TONES = {Band.GREEN: "good", Band.AMBER: "warn", Band.RED: "bad"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: its name, what was measured, where that lies, and what is advised by whom."""

    name: str
    value: str
    band: str
    """Where it lies, in words; "" where there was too little to tell."""
    tone: str
    """good, warn, bad, or muted without a band."""
    advice: str


def measures(delivery: Delivery) -> tuple[Measure, ...]:
    """Return the rows of a delivery."""
    pace, fillers, pauses, length = (
        core.judged_pace(delivery),
        core.judged_fillers(delivery),
        core.judged_pauses(delivery),
        core.judged_length(delivery),
    )
    longest_s = core.shown_longest_pause_s(delivery)
    return (
        _measure(pace),
        _measure(fillers, f" ({delivery.fillers} in all)" if fillers.band else ""),
        _measure(pauses, f"; the longest {longest_s:.1f} s" if longest_s else ""),
        _measure(length, f", begun after {delivery.first_word_s:.1f} s"),
    )


def aside(delivery: Delivery) -> str:
    """Return the counts that carry no judgement, such as hedges; "" without any."""
    parts = []
    if delivery.hedges:
        parts.append(f"{delivery.hedges} × “you know”, “basically”, “maybe” and the like")
    if delivery.ambiguous:
        parts.append(f"{delivery.ambiguous} × “like”, “so” or “right”, which may be fillers or not")
    return f"Also: {'; '.join(parts)}." if parts else ""


def _measure(judged: Judged, more: str = "") -> Measure:
    value = f"{judged.words}{more}"
    if judged.band is None:
        return Measure(judged.name, value, "", "muted", judged.advice)
    return Measure(judged.name, value, _WORDS[judged.band], _TONES[judged.band], judged.advice)
