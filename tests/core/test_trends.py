"""Columns over every attempt: what belongs together, what is told apart, what was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from interviewer.core.bank import load_bank
from interviewer.core.delivery import Band, filler_band, pace_band
from interviewer.core.missed import most_missed
from interviewer.core.models import Coverage
from interviewer.core.paths import shipped_bank
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
from interviewer.core.trends import (
    DAY_S,
    Gathering,
    Kind,
    Measure,
    Scope,
    TrendRow,
    Trends,
    named,
    offered,
    per_day,
    within,
)
from interviewer.core.trends import empty as no_trends

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MADE, MISSED, WRONG = Coverage.COVERED, Coverage.MISSED, Coverage.CONTRADICTED


def row(name: str = "a", *, day: float = 0.0, **fields: object) -> TrendRow:
    at = (START + timedelta(days=day)).timestamp()
    plain = TrendRow(name, "depends", "Backend", "What is Depends?", "Design", at, recipe=1, value=62.0)
    return replace(plain, **fields)


def trends(*rows: TrendRow, zone: tzinfo = UTC) -> Trends:
    gathering = Gathering(zone)
    gathering.add(rows)
    return gathering.done()


def everything(found: Trends) -> np.ndarray:
    return within(found, Scope())


# --- columns -----------------------------------------------------------------------------------


def test_attempts_come_oldest_first_however_they_were_read() -> None:
    gathering = Gathering(UTC)
    gathering.add([row("late", day=2), row("early")])
    gathering.add([row("between", day=1)])
    assert gathering.done().ids == ("early", "between", "late")


def test_every_figure_keeps_to_its_attempt() -> None:
    points = (("one", MADE), ("two", MISSED))
    late = row("late", day=1, points=points, pace_wpm=140.0, fillers_per_min=3.0, low=50.0, high=70.0)
    found = trends(late, row("early", value=None))
    assert found.figures[:, 1].tolist() == [62.0, 50.0, 140.0, 3.0]
    assert np.isnan(found.figures[:, 0]).all()
    assert (found.low[1], found.high[1]) == (50.0, 70.0)
    assert found.judged.tolist() == [[1, 1], [0, 1], [0, 2]]


def test_a_recipe_of_any_number_is_told_from_others() -> None:
    assert trends(row("a", recipe=2**50), row("b", day=1, recipe=7), row("c", day=2, recipe=2**50)).recipe.tolist() == [
        0, 1, 0,
    ]  # fmt: skip


def test_nobody_has_no_trends() -> None:
    found = no_trends()
    assert len(found) == 0
    assert len(everything(found)) == 0
    assert series(found, everything(found), Measure.SCORE) == ()
    assert most_missed(found, everything(found), 5).rows == ()
    assert per_day(found, everything(found)) == {}


def test_what_has_no_right_answer_has_coverage_but_no_score() -> None:
    found = trends(row(coverage_only=True, value=50.0, points=(("one", MADE), ("two", MISSED))))
    assert np.isnan(found.figures[Measure.SCORE, 0])
    assert found.figures[Measure.COVERAGE, 0] == 50.0
    assert found.kind[0] == Kind.OPEN


def test_points_partly_made_are_not_made() -> None:
    found = trends(row(points=(("one", Coverage.PARTLY), ("two", MADE), ("three", WRONG), ("four", MISSED))))
    assert found.figures[Measure.COVERAGE, 0] == 25.0


def test_a_question_is_worded_as_it_was_asked_last() -> None:
    found = trends(
        row("b", day=1, asked="What does Depends do?", topic="Injection"), row("a"), row("c", day=2, asked="", topic="")
    )
    assert [(s.words, s.topic) for s in found.subjects] == [("What does Depends do?", "Injection")]


def test_a_question_whose_topic_was_not_kept_any_more_keeps_the_one_known() -> None:
    found = trends(row("a"), row("b", day=1, asked="What is it?", topic=""))
    assert (found.subjects[0].words, found.subjects[0].topic) == ("What is it?", "Design")


def test_older_attempts_take_their_words_from_the_open_bank() -> None:
    bank = load_bank(shipped_bank())
    entry = bank.questions[0]
    old = trends(row(question_id=entry.id, asked="", topic=""), row("b", question_id="gone-away", asked="", topic=""))
    subjects = named(old, bank.question).subjects
    assert (subjects[0].words, subjects[0].topic) == (entry.question, entry.topic)
    assert subjects[1].words == "gone away"


def test_the_words_that_were_kept_are_not_those_of_the_open_bank() -> None:
    bank = load_bank(shipped_bank())
    kept = trends(row(question_id=bank.questions[0].id))
    assert named(kept, bank.question).subjects == kept.subjects


def test_the_same_id_in_two_banks_is_two_questions() -> None:
    assert len(trends(row("a"), row("b", bank="Frontend")).subjects) == 2


def test_a_day_is_a_day_of_the_user() -> None:
    late = row(day=0.49)  # 23:45 in UTC
    assert trends(late, zone=UTC).day[0] + 1 == trends(late, zone=timezone(timedelta(hours=1))).day[0]


def test_a_change_of_the_clock_is_followed() -> None:
    winter, summer = trends(row("a"), row("b", day=60), zone=ZoneInfo("Europe/Berlin")).local_s
    assert summer - winter == 60 * DAY_S + 3600


def test_a_moment_beyond_the_calendar_is_taken_as_it_is() -> None:
    assert trends(row(created_s=1e15), zone=timezone(timedelta(hours=1))).local_s[0] == 1e15


# --- what is looked at -----------------------------------------------------------------------


def three() -> Trends:
    return trends(
        row("a"),
        row("b", day=1, question_id="async", asked="async def or def?", topic="Concurrency"),
        row("c", day=2, bank="Frontend", question_id="css", asked="What is a box?", topic="Layout"),
    )


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), [0, 1, 2]), (Scope(bank="Backend"), [0, 1]), (Scope(topic="Layout"), [2]),
        (Scope(question=("Backend", "async")), [1]), (Scope(bank="Frontend", topic="Design"), []),
    ],
)  # fmt: skip
def test_a_scope_narrows(scope: Scope, found: list[int]) -> None:
    assert within(three(), scope).tolist() == found


def test_days_narrow_too_both_ends_included() -> None:
    found = three()
    first = int(found.day[0])
    assert within(found, Scope(days=(first, first + 1))).tolist() == [0, 1]


def test_what_is_offered_follows_what_was_chosen_above() -> None:
    banks, topics, questions = offered(three(), Scope(bank="Backend", topic="Design"))
    assert banks == ("Backend", "Frontend")
    assert topics == ("Concurrency", "Design")
    assert [q.words for q in questions] == ["What is Depends?"]


def test_answers_are_counted_by_day() -> None:
    found = trends(row("a"), row("b", day=0.1), row("c", day=3))
    first = int(found.day[0])
    assert per_day(found, everything(found)) == {first: 2, first + 3: 1}


# --- series ----------------------------------------------------------------------------------


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


# --- what was missed ---------------------------------------------------------------------------


def test_what_was_missed_most_often_comes_first() -> None:
    found = trends(
        row("a", points=(("one", MISSED), ("two", MISSED), ("three", MADE))),
        row("b", day=1, points=(("one", MADE), ("two", WRONG), ("three", MADE))),
    )
    lapses = most_missed(found, everything(found), 5)
    told = [(r.text, r.judged, r.missed, r.contradicted, r.made_last) for r in lapses.rows]
    assert told == [("two", 2, 2, 1, False), ("one", 2, 1, 0, True)]


def test_of_equals_the_larger_share_comes_first() -> None:
    found = trends(
        row("a", points=(("one", MISSED),)),
        row("b", day=1, points=(("one", MADE),)),
        row("c", day=2, question_id="q", points=(("two", MISSED),)),
    )
    assert [r.text for r in most_missed(found, everything(found), 5).rows] == ["two", "one"]


def test_no_more_points_than_asked_for() -> None:
    found = trends(row(points=(("one", MISSED), ("two", MISSED))))
    assert len(most_missed(found, everything(found), 1).rows) == 1


def test_answers_to_follow_ups_do_not_count_twice() -> None:
    found = trends(row("a", points=(("one", MISSED),)), row("b", day=1, follow_up=True, points=(("one", MISSED),)))
    assert most_missed(found, everything(found), 5).rows[0].judged == 1


def test_points_judged_by_another_recipe_are_left_out_and_counted() -> None:
    found = trends(
        row("a", recipe=1, points=(("one", MISSED), ("two", MISSED))),
        row("b", day=1, recipe=2, points=(("one", MISSED),)),
    )
    lapses = most_missed(found, everything(found), 5)
    assert [(r.text, r.judged) for r in lapses.rows] == [("one", 1)]
    assert lapses.other_scoring == 1


def test_only_what_was_chosen_counts() -> None:
    found = trends(row("a", points=(("one", MISSED),)), row("b", question_id="q", points=(("two", MISSED),)))
    chosen = within(found, Scope(question=("Backend", "q")))
    assert [r.subject.question_id for r in most_missed(found, chosen, 5).rows] == ["q"]
