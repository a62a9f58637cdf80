"""How an answer sounded: pace, pauses, fillers and length, from words and speech spans; and what is advised.

Observables only. The bounds are those of the product's table of numbers; where each comes
from stands with its function. The parts are measured in `pace`, `silences` and `asides`.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from interviewer.core.asides import asides
from interviewer.core.editing import heard_words
from interviewer.core.heard import AsideKind, Edges
from interviewer.core.models import Attempt, Delivery, Pause, Span, Transcript, Word
from interviewer.core.pace import SHORTEST_TALK_S, pace_over_time
from interviewer.core.silences import CLOCK_GRAIN_S, joined, longest_run, silences
from interviewer.core.text import bare, has_words

COUNTED_PAUSE_S = 1.0
FLAGGED_PAUSE_S = 2.5


class Band(Enum):
    """Where a measure lies: as advised, beside it, or well outside."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def measure(transcript: Transcript, clip_seconds: float) -> Delivery:
    """Measure a spoken answer of `clip_seconds` seconds.

    Talk runs from the first speech span to the last, so lead-in and tail-off count for
    nothing; silences are the gaps between spans, and those of COUNTED_PAUSE_S and more are pauses. Without
    spans the word times bound the talk and no pause is known, because recognisers stretch words
    over silence. Words are those of the text, which a recogniser may have cut in two. Fillers are sounds
    ("um"); the phrases that fill ("you know") and the hedges ("maybe") are counted together, apart from them.
    """
    heard = heard_words(transcript)
    words = heard or tuple(Word(text, 0.0, 0.0, 1.0) for text in transcript.text.split())
    spoken = tuple(w for w in words if has_words(bare(w.text)))
    spans = joined(transcript.speech, clip_seconds)
    talk = spans or joined([Span(w.start_s, w.end_s) for w in heard], clip_seconds)
    whole = Span(talk[0].start_s, talk[-1].end_s) if talk else Span(0.0, 0.0)
    talk_s = whole.end_s - whole.start_s
    gaps = silences(spans)
    pauses = tuple(p for p in gaps if p.seconds >= COUNTED_PAUSE_S - CLOCK_GRAIN_S)
    found = asides(spoken, timed=bool(heard))
    kinds = [a.kind for a in found]
    return Delivery(
        words=len(spoken),
        talk_s=talk_s,
        first_word_s=whole.start_s,
        pace_wpm=len(spoken) * 60.0 / talk_s if talk_s >= SHORTEST_TALK_S else None,
        fillers=kinds.count(AsideKind.FILLER),
        hedges=kinds.count(AsideKind.PHRASE) + kinds.count(AsideKind.HEDGE),
        ambiguous=kinds.count(AsideKind.AMBIGUOUS),
        pauses=pauses,
        silences=gaps,
        asides=found,
        pace=pace_over_time(spoken, whole) if heard else (),
        longest_run=longest_run(spans, pauses),
        edges=_edges(transcript),
        doubt=replace(transcript, words=heard).doubt,
    )


def _edges(transcript: Transcript) -> Edges:
    if transcript.words and not transcript.speech:
        return Edges.WORDS
    return Edges.SOUND if transcript.by_energy else Edges.VOICE


def with_delivery(attempt: Attempt) -> Attempt:
    """Return an attempt whose delivery says all that its words and spans tell: old ones were measured for less.

    How loud the sound was is not asked again: an old recording keeps the detector's edges.
    """
    if attempt.delivery is None or attempt.delivery.pace or attempt.delivery.asides:
        return attempt
    return replace(attempt, delivery=delivery_of(attempt))


def delivery_of(attempt: Attempt) -> Delivery | None:
    """Return how an attempt sounded: measured where its words have times, else what was measured before."""
    if attempt.clip and attempt.transcript and attempt.transcript.words:
        return measure(attempt.transcript, attempt.clip.seconds)
    return attempt.delivery


def pace_band(pace_wpm: float) -> Band:
    """Judge a pace in words a minute: green 120 to 160, red under 100 and over 180.

    Source: Orai's published ranges and measurements of TED talks.
    """
    if 120.0 <= pace_wpm <= 160.0:
        return Band.GREEN
    return Band.AMBER if 100.0 <= pace_wpm <= 180.0 else Band.RED


def filler_band(fillers_per_min: float) -> Band:
    """Judge fillers a minute of talk: green up to 5, red from 12.

    Source: Laske and DiGennaro Reed 2024 (doi 10.1002/jaba.1093): five a minute cost a
    speaker nothing, twelve did.
    """
    if fillers_per_min <= 5.0:
        return Band.GREEN
    return Band.AMBER if fillers_per_min < 12.0 else Band.RED


def pause_band(seconds: float) -> Band:
    """Judge one pause: amber, that is counted, from 1.0 s, red, that is flagged, from 2.5 s.

    Source: the pause marks of noScribe, a transcription tool for research interviews.
    """
    if seconds < COUNTED_PAUSE_S - CLOCK_GRAIN_S:
        return Band.GREEN
    return Band.AMBER if seconds < FLAGGED_PAUSE_S - CLOCK_GRAIN_S else Band.RED


def is_long(pause: Pause) -> bool:
    """Whether a pause is flagged: by its length as it is shown, in tenths of a second."""
    return pause_band(round(pause.seconds, 1)) is Band.RED


def length_band(talk_s: float) -> Band:
    """Judge the length of an answer in seconds: green 60 to 120, red under 30 and over 180.

    Source: career guides. This is advice, not research; the window says so.
    """
    if 60.0 <= talk_s <= 120.0:
        return Band.GREEN
    return Band.AMBER if 30.0 <= talk_s <= 180.0 else Band.RED
