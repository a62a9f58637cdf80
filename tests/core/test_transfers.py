from __future__ import annotations

import pytest

from interviewer.core.transfers import PACE_WINDOW_S, Pace, Stage, Transfer, left_words, size_words, transfer_words


class Clock:
    def __init__(self) -> None:
        self.at_s = 100.0

    def __call__(self) -> float:
        return self.at_s


def receiving(done: int, total: int | None = None, pace: float | None = None) -> Transfer:
    return Transfer(Stage.RECEIVING, done, total, pace)


def test_the_fraction_is_that_of_the_whole() -> None:
    assert receiving(36, 144).fraction == 0.25


def test_more_than_was_promised_is_no_more_than_everything() -> None:
    assert receiving(145, 144).fraction == 1.0
    assert receiving(145, 144, 10.0).left_s == 0.0


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_length_there_is_no_fraction(total: int | None) -> None:
    assert receiving(36, total).fraction is None


def test_the_time_left_follows_from_the_speed() -> None:
    assert receiving(100, 400, 10.0).left_s == 30.0


@pytest.mark.parametrize("transfer", [receiving(1, None, 10.0), receiving(1, 10), receiving(1, 10, 0.0)])
def test_the_time_left_is_not_guessed(transfer: Transfer) -> None:
    assert transfer.left_s is None


def test_the_speed_is_told_from_the_second_look_on() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.note(1000) is None
    assert pace.note(2000) is None  # at the same moment
    clock.at_s += 2
    assert pace.note(5000) == 2000.0


def test_the_speed_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    pace = Pace(clock)
    for done in range(0, 100_000, 10_000):  # fast at first
        pace.note(done)
        clock.at_s += 1
    for done in range(100_000, 100_010):  # then hardly at all
        slow = pace.note(done)
        clock.at_s += 1
    assert slow == pytest.approx(1.0, abs=0.2)


def test_a_stall_shows_as_a_speed_that_falls() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.at_s += 1
    assert pace.note(1000) == 1000.0
    clock.at_s += 4 * PACE_WINDOW_S
    assert pace.note(1000) == pytest.approx(0.0, abs=50.0)


def test_a_new_beginning_has_a_speed_of_its_own() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(5000)
    clock.at_s += 1
    assert pace.note(0) is None


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 kB"),
        (40_000, "40 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (145_261_783, "145 MB"),
        (999_600_000, "1.0 GB"),
        (3_087_371_615, "3.1 GB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_fits(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("left_s", "words"),
    [
        (0.3, "a few seconds left"),
        (42.0, "about 40 s left"),
        (89.0, "about 90 s left"),
        (90.0, "about 2 min left"),
        (600.0, "about 10 min left"),
        (7300.0, "about 2 h left"),
    ],
)
def test_the_time_left_is_no_more_exact_than_it_can_be(left_s: float, words: str) -> None:
    assert left_words(left_s) == words


@pytest.mark.parametrize(
    ("transfer", "words"),
    [
        (Transfer(Stage.WAITING), "Waiting for the download before it"),
        (Transfer(Stage.CONNECTING, 5_000_000), "Connecting…"),
        (Transfer(Stage.CHECKING, 12_000_000, 145_000_000, 5e8), "Checking… 12 of 145 MB"),
        (receiving(12_000_000, 145_000_000, 3.14e6), "12 of 145 MB · 3.1 MB/s · about 40 s left"),
        (receiving(145_000_000, 3_000_000_000, 31.4e6), "145 MB of 3.0 GB · 31 MB/s · about 2 min left"),
        (receiving(12_000, 145_000_000, 4000.0), "12 kB of 145 MB · 4 kB/s · about 10 h left"),
        (receiving(12_000_000), "12 MB"),
        (Transfer(Stage.COPYING, 12_000_000, 145_000_000), "12 of 145 MB"),
    ],
)
def test_one_line_says_how_far_it_is(transfer: Transfer, words: str) -> None:
    assert transfer_words(transfer) == words
