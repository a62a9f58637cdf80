"""Columns over every attempt: what belongs together, what is told apart, what is looked at."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from interviewer.core.bank import load_bank
from interviewer.core.missed import most_missed
from interviewer.core.models import Coverage
from interviewer.core.paths import shipped_bank
from interviewer.core.trend_series import series
from interviewer.core.trends import DAY_S, Gathering, Kind, Measure, Scope, Trends, named, offered, per_day, within
from interviewer.core.trends import empty as no_trends
from tests.core.trend_rows import MADE, MISSED, WRONG, everything, row, trends


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
