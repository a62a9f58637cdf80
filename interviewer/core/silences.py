"""The silences between stretches of speech. Only stretches of sound tell of them: word times run over silence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from interviewer.core.energy import SHORTEST_SILENCE_S
from interviewer.core.models import Pause, Span

CLOCK_GRAIN_S = 1e-6  # 2.3 - 1.3 is a little less than 1.0 in binary


def joined(spans: Sequence[Span], clip_seconds: float) -> tuple[Span, ...]:
    """Return spans in order, inside the clip, those that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans, key=_start):
        start_s, end_s = max(0.0, span.start_s), min(clip_seconds, span.end_s)
        if end_s <= start_s:
            continue
        if found and start_s <= found[-1].end_s:
            found[-1] = Span(found[-1].start_s, max(found[-1].end_s, end_s))
        else:
            found.append(Span(start_s, end_s))
    return tuple(found)


def _start(span: Span) -> float:
    return span.start_s


def silences(spans: Sequence[Span], least_s: float = SHORTEST_SILENCE_S) -> tuple[Pause, ...]:
    """Return the gaps of `least_s` and more between spans that are in order and apart."""
    return tuple(
        Pause(a.end_s, b.start_s) for a, b in pairwise(spans) if b.start_s - a.end_s >= least_s - CLOCK_GRAIN_S
    )


def longest_run(spans: Sequence[Span], pauses: Sequence[Pause]) -> Span | None:
    """Return the longest stretch of talk without one of these pauses of it; None where nobody talks."""
    if not spans:
        return None
    begins = [spans[0].start_s, *(p.end_s for p in pauses)]
    ends = [*(p.start_s for p in pauses), spans[-1].end_s]
    runs = [Span(begin, end) for begin, end in zip(begins, ends, strict=True)]
    return max(runs, key=_length)


def _length(span: Span) -> float:
    return span.end_s - span.start_s
