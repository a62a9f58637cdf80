"""What a plot shows: its dots and lines, told apart where they must be, and the marks of its axis of time."""

from __future__ import annotations

import numpy as np
import pytest

from interviewer.core.delivery import Band, filler_band, pace_band
from interviewer.core.trend_series import (
    ADVISED,
    MOST_ON_LINE,
    median_of,
    moment,
    series,
    shown,
    span,
    thinned,
    time_marks,
    time_span,
)
from interviewer.core.trends import DAY_S, Kind, Measure, Trends
from tests.core.trend_rows import MADE, START, everything, row, trends


def kinds(found: Trends, measure: Measure) -> list[tuple[Kind, bool, list[int]]]:
    return [(s.kind, s.newest, s.places.tolist()) for s in series(found, everything(found), measure)]


def test_differently_scored_answers_are_told_apart_the_newest_last() -> None:
    found = trends(row("a", recipe=7), row("b", day=1, recipe=3), row("c", day=2, recipe=3))
    assert kinds(found, Measure.SCORE) == [(Kind.ANSWER, False, [0]), (Kind.ANSWER, True, [1, 2])]


def test_the_recipe_of_a_score_does_not_part_paces() -> None:
    found = trends(row("a", recipe=7, pace_wpm=120.0), row("b", day=1, pace_wpm=130.0))
    assert kinds(found, Measure.PACE) == [(Kind.ANSWER, True, [0, 1])]


def test_paces_heard_by_another_recogniser_are_told_apart() -> None:
    found = trends(
        row("a", pace_wpm=120.0, hearing="pocketsphinx en-us"), row("b", day=1, pace_wpm=130.0, hearing="whisper base")
    )
    assert [newest for _, newest, _ in kinds(found, Measure.PACE)] == [False, True]


def test_answers_without_the_figure_are_left_out() -> None:
    assert kinds(trends(row("a", pace_wpm=None), row("b", pace_wpm=130.0)), Measure.PACE)[0][2] == [1]


def test_open_questions_and_follow_ups_are_told_apart_from_answers() -> None:
    points = (("one", MADE),)
    found = trends(
        row("a", points=points),
        row("b", day=1, points=points, coverage_only=True),
        row("c", day=2, points=points, follow_up=True),
    )
    assert [kind for kind, _, _ in kinds(found, Measure.COVERAGE)] == [Kind.ANSWER, Kind.OPEN, Kind.FOLLOW_UP]
    assert [kind for kind, _, _ in kinds(found, Measure.SCORE)] == [Kind.ANSWER, Kind.FOLLOW_UP]


def test_a_pace_is_a_pace_whatever_was_asked() -> None:
    found = trends(
        row("a", pace_wpm=120.0), row("b", day=1, pace_wpm=130.0, coverage_only=True),
        row("c", day=2, pace_wpm=140.0, follow_up=True),
    )  # fmt: skip
    assert kinds(found, Measure.PACE) == [(Kind.ANSWER, True, [0, 1, 2])]


def test_one_question_has_a_line_through_its_dots() -> None:
    found = trends(row("a", value=40.0), row("b", day=1, value=60.0))
    only = series(found, everything(found), Measure.SCORE)[0]
    assert only.line.tolist() == [40.0, 60.0]


def test_many_answers_to_one_question_have_a_line_of_medians() -> None:
    found = trends(*(row(str(i), day=i, value=100.0 * (i % 2)) for i in range(41)))
    assert set(series(found, everything(found), Measure.SCORE)[0].line) == {50.0}


def test_many_questions_have_a_line_of_medians() -> None:
    rows = [row(str(i), day=i, question_id=f"q{i % 2}", value=5.0 * i) for i in range(12)]
    found = trends(*rows)
    only = series(found, everything(found), Measure.SCORE)[0]
    assert only.line.tolist() == [22.5, 27.5, 32.5]
    assert only.line_s.tolist() == found.local_s[9:].tolist()


def test_a_few_answers_to_many_questions_have_no_line() -> None:
    found = trends(row("a"), row("b", question_id="other"))
    assert len(series(found, everything(found), Measure.SCORE)[0].line) == 0


def test_follow_ups_have_no_line() -> None:
    found = trends(row("a", follow_up=True), row("b", day=1, follow_up=True))
    assert len(series(found, everything(found), Measure.SCORE)[0].line) == 0


def test_a_line_through_many_answers_has_no_more_places_than_can_be_seen() -> None:
    rows = [row(str(i), day=i / 10, question_id=f"q{i % 2}") for i in range(3000)]
    found = trends(*rows)
    only = series(found, everything(found), Measure.SCORE)[0]
    assert len(only.line) == MOST_ON_LINE
    assert median_of(3000) == 60


def test_scores_are_shown_in_steps_of_five() -> None:
    assert shown(np.array([2.4, 2.5, 63.0, 101.0]), Measure.SCORE).tolist() == [0.0, 5.0, 65.0, 100.0]


def test_a_pace_nobody_can_speak_does_not_flatten_the_others() -> None:
    assert shown(np.array([1e9]), Measure.PACE).tolist() == [400.0]


def test_a_plot_has_room_for_every_figure() -> None:
    assert span(np.array([40.0, 230.0]), Measure.PACE) == (40.0, 230.0)
    assert span(np.array([130.0]), Measure.PACE) == (60.0, 200.0)
    assert span(np.array([]), Measure.SCORE) == (0.0, 100.0)


def test_the_advised_stretches_are_the_green_ones() -> None:
    for measure, band in ((Measure.PACE, pace_band), (Measure.FILLERS, filler_band)):
        low, high = ADVISED[measure]
        assert {band(low), band((low + high) / 2), band(high)} == {Band.GREEN}
        assert band(high + 0.1) is not Band.GREEN


def test_of_dots_on_top_of_each_other_the_newest_is_drawn() -> None:
    x, y = np.array([0.0, 0.4, 5.0, 5.1]), np.array([0.0, 0.2, 0.0, 9.0])
    assert thinned(x, y, (1.0, 1.0)).tolist() == [1, 2, 3]


def test_where_there_are_no_dots_none_is_drawn() -> None:
    assert len(thinned(np.empty(0), np.empty(0), (1.0, 1.0))) == 0


# --- the axis of time ------------------------------------------------------------------------

ZERO = START.timestamp()


def words(days: float, most: int = 6) -> list[str]:
    return [text for _, text in time_marks(ZERO, ZERO + days * DAY_S, most)]


def test_an_evening_is_marked_by_hours() -> None:
    assert words(0.125) == ["1 Mar, 12:00", "1 Mar, 13:00", "1 Mar, 14:00", "1 Mar, 15:00"]


def test_one_answer_has_marks_around_it() -> None:
    assert [text for _, text in time_marks(*time_span(np.array([ZERO])), 6)] == [
        "1 Mar, 11:30", "1 Mar, 12:00", "1 Mar, 12:30",
    ]  # fmt: skip


def test_a_week_is_marked_by_days() -> None:
    assert words(8) == ["2 Mar 2026", "4 Mar 2026", "6 Mar 2026", "8 Mar 2026"]


def test_a_year_is_marked_by_months() -> None:
    assert words(365) == ["May 2026", "Jul 2026", "Sep 2026", "Nov 2026", "Jan 2027", "Mar 2027"]


def test_ten_years_are_marked_by_years() -> None:
    assert words(3650) == ["2028", "2030", "2032", "2034", "2036"]


@pytest.mark.parametrize("days", [0.05, 1, 3, 30, 100, 1000, 40_000, 900_000, 1e12])
def test_there_are_never_more_marks_than_there_is_room_for(days: float) -> None:
    assert len(words(days, 5)) <= 5


def test_a_mark_stands_where_its_words_say() -> None:
    seconds, text = time_marks(ZERO, ZERO + 365 * DAY_S, 6)[0]
    assert f"{moment(seconds):%b %Y %H:%M}" == f"{text} 00:00"


def test_one_answer_stands_in_the_middle_of_its_axis() -> None:
    assert time_span(np.array([7200.0])) == (5400.0, 9000.0)


def test_moments_beyond_the_calendar_are_its_ends() -> None:
    assert (moment(1e15).year, moment(-1e15).year) == (9999, 1)
