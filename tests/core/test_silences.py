"""Silences between stretches of speech, and the longest stretch without one."""

from __future__ import annotations

from interviewer.core.models import Pause, Span
from interviewer.core.silences import joined, longest_run, silences

TALK = (Span(1.0, 4.0), Span(4.3, 9.0), Span(11.0, 12.0))


def test_short_silences_are_told_too() -> None:
    assert silences(TALK) == (Pause(4.0, 4.3), Pause(9.0, 11.0))


def test_what_is_too_short_to_be_a_silence_is_none() -> None:
    assert silences((Span(1.0, 4.0), Span(4.2, 9.0))) == ()


def test_the_longest_run_lies_between_two_pauses() -> None:
    assert longest_run(TALK, silences(TALK, 1.0)) == Span(1.0, 9.0)


def test_without_pauses_the_whole_talk_is_one_run() -> None:
    assert longest_run(TALK, ()) == Span(1.0, 12.0)


def test_nobody_talking_is_no_run() -> None:
    assert longest_run((), ()) is None


def test_spans_are_put_in_order_inside_the_clip() -> None:
    spans = (Span(3.0, 4.0), Span(-1.0, 1.0), Span(0.5, 2.0), Span(9.0, 11.0), Span(12.0, 13.0))
    assert joined(spans, 10.0) == (Span(0.0, 2.0), Span(3.0, 4.0), Span(9.0, 10.0))
