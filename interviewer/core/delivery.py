"""How an answer sounded: pace, pauses, fillers and length, from words and speech spans.

Observables only. The bounds are those of the product's table of numbers; where each comes
from stands with its function.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from interviewer.core.models import Attempt, Delivery, Pause, Span, Transcript
from interviewer.core.text import bare, has_words, phrase_at
from interviewer.core.words import AMBIGUOUS, FILLER_PHRASES, FILLERS, HEDGES

COUNTED_PAUSE_S = 1.0
FLAGGED_PAUSE_S = 2.5
SHORTEST_TALK_S = 5.0
"""Under this much talk a rate a minute says nothing."""

_CLOCK_GRAIN_S = 1e-6  # 2.3 - 1.3 is a little less than 1.0 in binary


class Band(Enum):
    """Where a measure lies: as advised, beside it, or well outside."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def measure(transcript: Transcript, clip_seconds: float) -> Delivery:
    """Measure a spoken answer of `clip_seconds` seconds.

    Talk runs from the first speech span to the last, so lead-in and tail-off count for
    nothing; pauses are the gaps between spans of COUNTED_PAUSE_S and more. Without spans
    the word times bound the talk and no pause is known, because recognisers stretch words
    over silence. Fillers are sounds ("um"); the phrases that fill ("you know") and the
    hedges ("maybe") are counted together, apart from them.
    """
    words = [w.text for w in transcript.words] or transcript.text.split()
    spoken = [w for w in map(bare, words) if has_words(w)]
    spans = _joined(transcript.speech, clip_seconds)
    talk = spans or _joined([Span(w.start_s, w.end_s) for w in transcript.words], clip_seconds)
    first_s, last_s = (talk[0].start_s, talk[-1].end_s) if talk else (0.0, 0.0)
    talk_s = last_s - first_s
    return Delivery(
        words=len(spoken),
        talk_s=talk_s,
        first_word_s=first_s,
        pace_wpm=len(spoken) * 60.0 / talk_s if talk_s >= SHORTEST_TALK_S else None,
        fillers=sum(w in FILLERS for w in spoken),
        hedges=_phrases(spoken),
        ambiguous=sum(w in AMBIGUOUS for w in spoken),
        pauses=tuple(
            Pause(a.end_s, b.start_s)
            for a, b in pairwise(spans)
            if b.start_s - a.end_s >= COUNTED_PAUSE_S - _CLOCK_GRAIN_S
        ),
    )


def delivery_of(attempt: Attempt) -> Delivery | None:
    """Return how an attempt sounded: measured where its words have times, else what was measured before."""
    if attempt.clip and attempt.transcript and attempt.transcript.words:
        return measure(attempt.transcript, attempt.clip.seconds)
    return attempt.delivery


def _phrases(spoken: Sequence[str]) -> int:
    return sum(phrase_at(spoken, i, (*FILLER_PHRASES, *HEDGES)) > 0 for i in range(len(spoken)))


def _joined(spans: Sequence[Span], clip_seconds: float) -> list[Span]:
    """Return spans in order, inside the clip, those that touch or overlap made one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start_s):
        start_s, end_s = max(0.0, span.start_s), min(clip_seconds, span.end_s)
        if end_s <= start_s:
            continue
        if joined and start_s <= joined[-1].end_s:
            joined[-1] = Span(joined[-1].start_s, max(joined[-1].end_s, end_s))
        else:
            joined.append(Span(start_s, end_s))
    return joined


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
    if seconds < COUNTED_PAUSE_S - _CLOCK_GRAIN_S:
        return Band.GREEN
    return Band.AMBER if seconds < FLAGGED_PAUSE_S - _CLOCK_GRAIN_S else Band.RED


def length_band(talk_s: float) -> Band:
    """Judge the length of an answer in seconds: green 60 to 120, red under 30 and over 180.

    Source: career guides. This is advice, not research; the window says so.
    """
    if 60.0 <= talk_s <= 120.0:
        return Band.GREEN
    return Band.AMBER if 30.0 <= talk_s <= 180.0 else Band.RED
