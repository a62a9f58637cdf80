"""Which missing sound is told, and when it ends a recording."""

from __future__ import annotations

import pytest

from interviewer.core import gaps


@pytest.mark.parametrize(
    ("gap_ms", "told_ms"), [(0, 0), (199, 0), (200, 200), (449, 400), (451, 500), (12_340, 12_300)]
)
def test_missing_sound_is_told_from_a_syllable_on_in_tenths_of_a_second(gap_ms: int, told_ms: int) -> None:
    assert gaps.told_gap_ms(gap_ms, 60.0) == told_ms


@pytest.mark.parametrize(("seconds", "told_ms"), [(1000.0, 300), (1499.0, 300), (1501.0, 0), (3600.0, 0)])
def test_in_a_long_recording_the_drift_of_the_clocks_is_not_told(seconds: float, told_ms: int) -> None:
    assert gaps.told_gap_ms(300, seconds) == told_ms


def test_a_gap_is_said_in_plain_words_while_recording() -> None:
    assert gaps.missing_now(400) == "0.4 s of sound did not arrive from the microphone"


def test_a_gap_is_said_beside_a_kept_recording() -> None:
    assert gaps.missing_in_clip(430, 60.0) == "0.4 s are missing in this recording"


def test_a_small_gap_is_not_said_beside_a_kept_recording() -> None:
    assert gaps.missing_in_clip(120, 60.0) == ""


def test_a_microphone_that_goes_quiet_is_said_to_have_stopped() -> None:
    told = gaps.stopped(2.1, resumed=False)
    assert str(told) == "The microphone stopped delivering sound"
    assert "choose another in Settings" in told.hint


@pytest.mark.parametrize(("quiet_s", "resumed"), [(34.2, False), (34.2, True), (4.0, False), (2.1, True)])
def test_a_stretch_in_which_nobody_was_awake_may_have_been_sleep(quiet_s: float, resumed: bool) -> None:
    told = gaps.stopped(quiet_s, resumed=resumed)
    assert str(told).startswith("The computer slept, or the microphone stopped, for")
    assert "is kept" in told.hint


@pytest.mark.parametrize(
    ("quiet_s", "words"),
    [(2.4, "2 s"), (119.4, "119 s"), (120.0, "2 min"), (7169.0, "119 min"), (12_000.0, "3 h 20 min")],
)
def test_a_sleep_is_said_in_seconds_minutes_or_hours(quiet_s: float, words: str) -> None:
    assert str(gaps.stopped(quiet_s, resumed=True)).endswith(f"for {words}")
