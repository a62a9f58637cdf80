"""Which interviews are too old to be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from interviewer.core.models import Mode, Session
from interviewer.core.retention import LONGEST_PAUSE, older_than, too_old

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def held(name: str, ago: timedelta, *, finished: bool = True) -> Session:
    created = NOW - ago
    return Session(name, created, "Backend", Mode.PRACTICE, ("depends",), finished=created if finished else None)


def test_an_interview_is_too_old_after_its_last_day_and_not_before():
    edge = timedelta(days=30)
    sessions = [held("young", edge), held("old", edge + timedelta(microseconds=1))]
    assert too_old(sessions, days=30, now=NOW) == ("old",)


def test_the_oldest_come_first():
    sessions = [held("old", timedelta(days=40)), held("older", timedelta(days=400)), held("new", timedelta(days=1))]
    assert too_old(sessions, days=30, now=NOW) == ("older", "old")


def test_one_that_was_not_finished_is_never_too_old():
    assert older_than([held("open", timedelta(days=4000), finished=False)], days=1, now=NOW) == ()


def test_the_one_that_is_held_now_is_never_too_old():
    sessions = [held("a", timedelta(days=40)), held("b", timedelta(days=40))]
    assert too_old(sessions, days=30, now=NOW, running="a") == ("b",)


def test_zones_do_not_matter():
    there = NOW.astimezone(timezone(timedelta(hours=13)))
    assert too_old([held("edge", timedelta(days=30))], days=30, now=there) == ()


def test_one_from_the_future_stays():
    assert too_old([held("tomorrow", -timedelta(days=400))], days=30, now=NOW) == ()


def test_the_age_counts_from_the_end_where_that_is_later():
    slow = replace(held("clock-put-right", timedelta(days=20_000)), finished=NOW - timedelta(days=30))
    assert older_than([slow], days=30, now=NOW) == ()
    assert older_than([slow], days=29, now=NOW) == ("clock-put-right",)


def test_the_age_of_one_from_elsewhere_counts_from_when_it_came():
    sent = replace(held("sent", timedelta(days=4000)), came=NOW - timedelta(days=30))
    sessions = [sent, held("new", timedelta())]
    assert too_old(sessions, days=30, now=NOW) == ()
    assert too_old(sessions, days=29, now=NOW) == ("sent",)


def test_one_from_elsewhere_tells_nothing_of_the_clock_but_when_it_came():
    sent = replace(held("sent", -timedelta(days=4000)), came=NOW - timedelta(days=1))
    assert too_old([sent, held("old", timedelta(days=40))], days=30, now=NOW) == ("old",)
    came_later = replace(sent, came=NOW + timedelta(days=1))
    assert too_old([came_later, held("old", timedelta(days=40))], days=30, now=NOW) == ()


def test_the_age_counts_from_the_beginning_where_the_clock_was_put_back_before_the_end():
    fast = replace(held("clock-put-back", timedelta(days=10)), finished=NOW - timedelta(days=400))
    assert older_than([fast], days=30, now=NOW) == ()


def test_nothing_goes_while_the_clock_is_behind_what_is_known():
    sessions = [held("old", timedelta(days=40)), held("later", -timedelta(microseconds=1), finished=False)]
    assert too_old(sessions, days=30, now=NOW) == ()
    assert too_old(sessions, days=30, now=NOW + timedelta(microseconds=1)) == ("old",)


def test_nothing_goes_while_the_clock_may_be_far_ahead():
    sessions = [held("older", timedelta(days=10)), held("old", timedelta())]
    ahead = NOW + LONGEST_PAUSE
    assert too_old(sessions, days=30, now=ahead) == ("older", "old")
    assert too_old(sessions, days=30, now=ahead + timedelta(microseconds=1)) == ()


def test_after_a_long_pause_the_next_interview_vouches_for_the_clock():
    sessions = [held("old", timedelta(days=500)), held("new", timedelta(), finished=False)]
    assert too_old(sessions, days=30, now=NOW) == ("old",)


def test_whoever_asks_for_it_is_given_all_that_are_older_whatever_the_clock_says():
    assert older_than([held("old", timedelta(days=4000))], days=30, now=NOW) == ("old",)


def test_without_any_interview_nothing_is_too_old():
    assert too_old([], days=30, now=NOW) == ()


def test_no_days_at_all_are_refused():
    with pytest.raises(ValueError, match="a day at least"):
        too_old([], days=0, now=NOW)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        too_old([], days=1, now=NOW.replace(tzinfo=None))
