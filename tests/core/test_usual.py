"""The middle of one's own last answers."""

from __future__ import annotations

import pytest

from interviewer.core.models import Delivery, Pause, Span
from interviewer.core.usual import LAST, LEAST, Quartiles, usual


def answer(pace: float | None, *, words: int = 100, run: Span | None = None, pauses: int = 0) -> Delivery:
    silent = tuple(Pause(10.0 * k, 10.0 * k + 2.0) for k in range(1, pauses + 1))
    return Delivery(words, 60.0 if pace else 3.0, 0.5, pace, 2, 0, 0, silent, longest_run=run)


def test_the_middle_is_the_median_and_the_quartiles_stand_around_it() -> None:
    found = usual([answer(pace) for pace in (140, 100, 120, 110, 130)])
    assert found is not None
    assert found.pace_wpm == Quartiles(110.0, 120.0, 130.0)


def test_only_the_last_ten_count() -> None:
    found = usual([*[answer(120.0)] * LAST, *[answer(300.0)] * 90])
    assert found is not None
    assert (found.answers, found.pace_wpm) == (LAST, Quartiles(120.0, 120.0, 120.0))


def test_too_few_answers_have_no_middle() -> None:
    assert usual([answer(120.0)] * (LEAST - 1)) is None


def test_answers_in_which_nothing_was_heard_do_not_count() -> None:
    assert usual([*[answer(120.0)] * (LEAST - 1), *[answer(None, words=0)] * 5]) is None


def test_a_measure_that_most_answers_lack_has_no_middle() -> None:
    found = usual([answer(None), answer(None), answer(120.0)])
    assert found is not None
    assert (found.pace_wpm, found.longest_run_s) == (None, None)


def test_pauses_are_told_a_minute_and_runs_in_seconds() -> None:
    found = usual([answer(120.0, run=Span(5.0, 25.0), pauses=3)] * 3)
    assert found is not None
    assert found.pauses_per_min == Quartiles(3.0, 3.0, 3.0)
    assert found.longest_run_s == Quartiles(*[pytest.approx(20.0)] * 3)
