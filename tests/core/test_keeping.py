"""Backups are thinned over time, and never to nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from interviewer.core.keeping import DAYS, MONTHS, WEEKS, to_remove

NOW = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)

times = st.integers(-1000 * 24 * 60, 180 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
several = st.lists(times, max_size=60)


def kept(made: list[datetime], now: datetime = NOW) -> list[datetime]:
    return sorted(set(made) - to_remove(made, now), reverse=True)


def test_a_year_of_daily_backups_leaves_seven_days_four_weeks_and_six_months():
    left = kept([NOW - timedelta(days=n) for n in range(365)])
    days = [(NOW - t).days for t in left]
    # Sunday 29 November: weeks end on days 0, 7, 14, 21; months on 29 Nov, 31 Oct, 30 Sep, 31 Aug, 31 Jul, 30 Jun.
    assert days == [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 29, 60, 90, 121, 152]


def test_of_one_day_only_the_newest_stays():
    assert kept([NOW, NOW - timedelta(hours=1), NOW - timedelta(hours=2)]) == [NOW]


def test_days_without_a_backup_take_none_away():
    made = [NOW - timedelta(days=40 * n) for n in range(7)]
    assert kept(made) == made


def test_days_are_those_of_utc():
    east = timezone(timedelta(hours=10))
    late = datetime(2026, 11, 29, 9, 0, tzinfo=east)  # still the 28th in UTC
    assert kept([late, NOW]) == [NOW, late]


def test_a_backup_from_the_future_takes_no_place_and_stays():
    future = NOW + timedelta(days=400)
    assert kept([future, NOW, NOW - timedelta(hours=1)]) == [future, NOW]


def test_where_there_is_none_none_goes():
    assert to_remove([], NOW) == frozenset()


@given(several)
def test_only_what_is_there_goes_and_never_the_newest(made: list[datetime]):
    gone = to_remove(made, NOW)
    assert gone <= set(made)
    past = [t for t in made if t <= NOW]
    assert not past or max(past) not in gone


@given(several)
def test_no_more_stay_than_are_promised(made: list[datetime]):
    assert len([t for t in kept(made) if t <= NOW]) <= DAYS + WEEKS + MONTHS


@given(several)
def test_thinning_again_removes_nothing(made: list[datetime]):
    assert to_remove(kept(made), NOW) == frozenset()


@given(several)
def test_every_one_of_the_last_days_keeps_its_newest(made: list[datetime]):
    past = sorted((t for t in made if t <= NOW), reverse=True)
    days = list(dict.fromkeys(t.date() for t in past))[:DAYS]
    assert {max(t for t in past if t.date() == day) for day in days} <= set(kept(made))
