"""Pace in the course of an answer, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.heard import Edges, PacePoint
from interviewer.core.models import Delivery, Span, Word
from interviewer.core.pace import MOST_POINTS, pace_off_wpm, pace_over_time, silence_off_s

SPOKEN = Delivery(120, 60.0, 0.5, 120.0, 0, 0, 0, ())


def steady(wpm: float, seconds: float, *, probability: float = 1.0, start_s: float = 0.0) -> list[Word]:
    step = 60.0 / wpm
    return [
        Word("word", start_s + k * step, start_s + (k + 0.9) * step, probability) for k in range(round(seconds / step))
    ]


def rates(points: Sequence[PacePoint]) -> list[float]:
    return [p.wpm for p in points]


@settings(max_examples=25, deadline=None)
@given(st.integers(60, 240), st.integers(10, 300))
def test_a_steady_pace_is_found_everywhere_within_three_percent(wpm: int, seconds: int) -> None:
    found = rates(pace_over_time(steady(wpm, seconds), Span(0.0, float(seconds))))
    assert found[1:-1] == pytest.approx([wpm] * len(found[1:-1]), rel=0.03)


def test_a_change_of_pace_shows() -> None:
    words = [*steady(100, 30), *steady(180, 30, start_s=30.0)]
    found = rates(pace_over_time(words, Span(0.0, 60.0)))
    assert found[0] == pytest.approx(100, rel=0.03)
    assert found[-1] == pytest.approx(180, rel=0.03)


def test_points_stand_in_the_middle_of_what_they_count() -> None:
    assert [p.at_s for p in pace_over_time(steady(120, 12), Span(0.0, 12.0))] == [5.0, 6.0, 7.0]


def test_a_short_answer_is_one_point() -> None:
    assert len(pace_over_time(steady(120, 6), Span(0.0, 6.0))) == 1


def test_a_long_answer_has_no_more_points_than_a_plot_shows() -> None:
    assert len(pace_over_time(steady(120, 1800), Span(0.0, 1800.0))) == MOST_POINTS


@pytest.mark.parametrize(("words", "talk"), [(steady(120, 4), Span(0.0, 4.0)), ([], Span(0.0, 60.0))])
def test_too_little_talk_has_no_pace(words: list[Word], talk: Span) -> None:
    assert pace_over_time(words, talk) == ()


def test_a_pause_counts_in_the_pace_around_it() -> None:
    words = [w for w in steady(120, 60) if not 20.0 <= w.start_s < 30.0]
    assert min(rates(pace_over_time(words, Span(0.0, 60.0)))) == pytest.approx(0.0, abs=2.0)


def test_words_across_the_ends_of_a_window_make_it_uncertain() -> None:
    (point, *_) = pace_over_time(steady(150, 30), Span(0.0, 30.0))
    assert point.off_wpm == pytest.approx(150 / 60 * 0.2 * 2**0.5 * 6, abs=0.1)


def test_doubted_words_make_it_more_uncertain() -> None:
    (sure, *_) = pace_over_time(steady(150, 30), Span(0.0, 30.0))
    (unsure, *_) = pace_over_time(steady(150, 30, probability=0.5), Span(0.0, 30.0))
    assert unsure.off_wpm > 5 * sure.off_wpm


def test_the_whole_pace_is_off_by_doubt_and_by_edges() -> None:
    assert pace_off_wpm(replace(SPOKEN, doubt=0.1)) == pytest.approx(7.8, abs=0.1)
    assert pace_off_wpm(replace(SPOKEN, edges=Edges.SOUND)) < pace_off_wpm(replace(SPOKEN, edges=Edges.VOICE)) < 1.0


def test_without_a_pace_there_is_nothing_to_be_off() -> None:
    assert pace_off_wpm(replace(SPOKEN, pace_wpm=None)) is None


def test_each_silence_has_two_edges_to_be_off_by() -> None:
    assert silence_off_s(replace(SPOKEN, edges=Edges.SOUND), 3) == pytest.approx(0.30)
