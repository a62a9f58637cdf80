"""How much room a recording has, and what is said of it."""

from __future__ import annotations

import pytest

from interviewer.core import space
from interviewer.core.space import FLOOR_BYTES


def test_room_is_counted_above_the_floor() -> None:
    assert space.seconds_left(FLOOR_BYTES + 2 * 48_000 * 60, 48_000) == 60.0


@pytest.mark.parametrize("free", [0, FLOOR_BYTES - 1, FLOOR_BYTES])
def test_at_the_floor_and_below_there_is_no_room(free: int) -> None:
    assert space.seconds_left(free, 48_000) == 0.0


@pytest.mark.parametrize(("left_s", "minutes"), [(1800.0, None), (1799.9, 29), (60.0, 1), (59.9, 0), (0.0, 0)])
def test_minutes_are_shown_when_under_thirty(left_s: float, minutes: int | None) -> None:
    assert space.minutes_left(left_s) == minutes


def test_of_a_disk_that_cannot_be_read_no_minutes_are_shown() -> None:
    assert space.minutes_left(None) is None


@pytest.mark.parametrize(("told", "now"), [(None, 29), (12, 11)])
def test_fewer_minutes_are_told_at_once(told: int | None, now: int) -> None:
    assert space.is_news(told, now, 0.0)


@pytest.mark.parametrize(("told", "now"), [(11, 12), (29, None)])
def test_more_minutes_are_told_a_minute_later(told: int, now: int | None) -> None:
    assert [space.is_news(told, now, since_s) for since_s in (59.9, 60.0)] == [False, True]


@pytest.mark.parametrize("minutes", [None, 7])
def test_the_same_minutes_are_never_told_again(minutes: int | None) -> None:
    assert not space.is_news(minutes, minutes, 3600.0)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(12, "12 minutes of space left"), (1, "1 minute of space left"), (0, "Less than a minute of space left")],
)
def test_minutes_are_said_in_plain_words(minutes: int, words: str) -> None:
    assert space.space_words(minutes) == words


def test_a_refusal_says_how_much_is_free_and_what_to_do() -> None:
    told = space.no_space(12_400_000)
    assert "12 MB are free" in str(told)
    assert "Free some space" in told.hint
    assert "type the answer" in told.hint


def test_the_end_at_the_floor_says_that_what_was_said_is_kept() -> None:
    told = space.space_ran_out(FLOOR_BYTES)
    assert "50 MB are free" in str(told)
    assert told.hint.startswith("What was said so far is kept. Free some space")
