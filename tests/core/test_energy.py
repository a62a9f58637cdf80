"""Loudness moves the edges of speech and opens the silences that a detector bridged. No sound in here: only levels."""

from __future__ import annotations

import numpy as np
import pytest

from interviewer.core.energy import SILENCE_DB, STEP_S, Levels, loud_from_db, sharpened
from interviewer.core.models import Span

VOICE, ROOM = -20.0, -60.0


def levels(seconds: float, *loud: tuple[float, float], room: float = ROOM, voice: float = VOICE) -> Levels:
    """Return the levels of a room in which a voice is heard from here to there, each in seconds."""
    found = np.full(round(seconds / STEP_S), room, dtype=np.float32)
    for first, end in loud:
        found[round(first / STEP_S) : round(end / STEP_S)] = voice
    return found


def spans(*found: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(*one) for one in found)


def sharp(heard: Levels, *detected: tuple[float, float]) -> list[tuple[float, float]]:
    found = sharpened(spans(*detected), heard)
    assert found is not None
    return [(round(s.start_s, 6), round(s.end_s, 6)) for s in found]


def test_edges_move_inwards_to_where_it_is_loud() -> None:
    assert sharp(levels(5, (1.0, 3.0)), (0.9, 3.1)) == [(1.0, 3.0)]


def test_edges_move_outwards_while_it_is_loud() -> None:
    assert sharp(levels(5, (1.0, 3.0)), (1.1, 2.9)) == [(1.0, 3.0)]


def test_the_release_of_a_last_stop_belongs_to_its_word() -> None:
    assert sharp(levels(5, (1.0, 3.0), (3.08, 3.14)), (0.95, 3.02)) == [(1.0, 3.14)]


def test_what_is_loud_far_from_a_voice_is_no_voice() -> None:
    assert sharp(levels(9, (1.0, 6.0)), (3.0, 4.0)) == [(2.8, 4.2)]


def test_a_noise_between_two_stretches_stays_in_the_pause() -> None:
    assert sharp(levels(9, (1.0, 2.0), (3.0, 3.3), (5.0, 6.0)), (1.0, 2.0), (5.0, 6.0)) == [(1.0, 2.0), (5.0, 6.0)]


def test_a_silence_that_the_detector_bridged_is_opened() -> None:
    assert sharp(levels(5, (1.0, 2.0), (2.3, 4.0)), (1.0, 4.0)) == [(1.0, 2.0), (2.3, 4.0)]


def test_a_silence_inside_a_word_is_left_closed() -> None:
    assert sharp(levels(5, (1.0, 2.0), (2.2, 4.0)), (1.0, 4.0)) == [(1.0, 4.0)]


def test_stretches_that_grow_together_are_one() -> None:
    assert sharp(levels(5, (1.0, 4.0)), (1.0, 2.4), (2.5, 4.0)) == [(1.0, 4.0)]


def test_a_stretch_too_faint_to_be_loud_stays_as_the_detector_had_it() -> None:
    assert sharp(levels(9, (1.0, 4.0)), (1.0, 4.0), (6.0, 7.0)) == [(1.0, 4.0), (6.0, 7.0)]


def test_a_span_beyond_the_sound_ends_with_it() -> None:
    assert sharp(levels(3, (1.0, 3.0)), (1.0, 3.5)) == [(1.0, 3.0)]


def test_a_span_that_lies_beyond_the_sound_is_none() -> None:
    assert sharp(levels(3, (1.0, 2.0)), (1.0, 2.0), (3.5, 3.8)) == [(1.0, 2.0)]


def test_a_voice_that_hardly_rises_above_the_room_is_not_sharpened() -> None:
    assert sharpened(spans((1.0, 3.0)), levels(5, (1.0, 3.0), room=-30.0)) is None


@pytest.mark.parametrize("heard", [levels(5), np.zeros(0, dtype=np.float32)])
def test_where_nobody_speaks_there_is_nothing_to_sharpen(heard: Levels) -> None:
    assert sharpened((), heard) is None


def test_loud_is_six_decibels_above_the_room() -> None:
    assert loud_from_db(spans((1.0, 3.0)), levels(5, (1.0, 3.0), room=-40.0)) == pytest.approx(-34.0)


def test_loud_is_no_more_than_thirty_decibels_below_the_voice() -> None:
    dead = levels(5, (1.0, 3.0), room=float("-inf"))
    assert loud_from_db(spans((1.0, 3.0)), dead) == pytest.approx(VOICE - 30.0)


def test_a_recording_without_silence_around_it_is_known_by_its_faintest_moments() -> None:
    heard = levels(3, (0.0, 1.0), (1.5, 3.0), room=SILENCE_DB)
    assert sharp(heard, (0.0, 3.0)) == [(0.0, 1.0), (1.5, 3.0)]
