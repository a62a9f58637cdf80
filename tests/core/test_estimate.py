"""How long it will still take, and how that is said."""

from __future__ import annotations

import pytest

from interviewer.core.estimate import Estimate, in_words


def test_nothing_is_said_before_anything_was_done() -> None:
    assert Estimate().left_s(60.0) is None


def test_what_is_left_takes_as_long_a_second_as_what_was_done() -> None:
    assert Estimate().after(30.0, 6.0).after(10.0, 4.0).left_s(20.0) == 5.0


def test_a_piece_without_sound_tells_nothing() -> None:
    assert Estimate().after(0.0, 9.0) == Estimate()


def test_without_sound_left_there_is_nothing_to_tell() -> None:
    assert Estimate(30.0, 6.0).left_s(0.0) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "under a minute"),
        (59.9, "under a minute"),
        (60.0, "about 1 minute"),
        (89.0, "about 1 minute"),
        (170.0, "about 3 minutes"),
        (3569.0, "about 59 minutes"),
        (3571.0, "about 1 hour"),
        (4800.0, "about 1 hour 20 minutes"),
        (7150.0, "about 2 hours"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
