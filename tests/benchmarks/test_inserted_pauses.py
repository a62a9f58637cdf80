"""How the benchmark of delivery puts silences in, and holds what was measured against them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.inserted_pauses import AROUND_S, LENGTHS_S, UNSURE_S, Put, held_against, put_in, trimmed
from interviewer.core.models import Pause, Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

PUT = Put(np.zeros(0, dtype=np.float32), (Pause(2.0, 4.0), Pause(6.0, 6.5)))


def sound(seconds: float) -> FloatArray:
    return np.random.default_rng(7).normal(0.0, 0.1, round(seconds * MODEL_RATE_HZ)).astype(np.float32)


def test_silences_lie_where_they_are_said_to() -> None:
    put = put_in([sound(2.0)], 5, None, seed=1)
    for pause in put.pauses:
        first, end = (round(at * MODEL_RATE_HZ) for at in (pause.start_s, pause.end_s))
        assert not put.samples[first:end].any()
        assert put.samples[first - 1]
        assert put.samples[end]


def test_silences_have_the_lengths_that_are_wanted_and_none_that_is_a_matter_of_luck() -> None:
    lengths = [p.seconds for seed in range(20) for p in put_in([sound(0.5)], 12, None, seed).pauses]
    assert LENGTHS_S[0] - 0.001 <= min(lengths) < max(lengths) <= LENGTHS_S[1] + 0.001
    assert all(abs(length - 1.0) > UNSURE_S - 0.001 for length in lengths)


def test_a_room_is_heard_in_the_silences() -> None:
    put = put_in([sound(1.0)], 1, -60.0, seed=1)
    assert np.std(put.samples[: round(AROUND_S * MODEL_RATE_HZ)]) == pytest.approx(0.001, rel=0.05)


def test_a_sentence_is_trimmed_to_its_sound() -> None:
    silence = np.zeros(MODEL_RATE_HZ, dtype=np.float32)
    assert len(trimmed(np.concatenate([silence, sound(2.0), silence]))) / MODEL_RATE_HZ == pytest.approx(2.0, abs=0.05)


def test_where_nothing_is_heard_nothing_is_left() -> None:
    assert not len(trimmed(np.zeros(MODEL_RATE_HZ, dtype=np.float32)))


def test_what_was_measured_is_held_against_what_was_put_in() -> None:
    found = held_against(PUT, (Span(0.0, 2.1), Span(3.9, 6.0), Span(6.5, 9.0)))
    assert (found.missed, found.long_put, found.long_found) == (0, 1, 1)
    assert found.edges_off_s == pytest.approx((0.1, -0.1, 0.0, 0.0))
    assert found.total_error == pytest.approx(0.2 / 2.5)


def test_a_silence_of_the_sentences_own_does_not_count() -> None:
    found = held_against(PUT, (Span(0.0, 2.0), Span(4.0, 4.5), Span(5.8, 6.0), Span(6.5, 9.0)))
    assert (found.found_s, found.missed) == (2.5, 0)


def test_a_silence_that_was_not_measured_is_missed() -> None:
    assert held_against(PUT, (Span(0.0, 2.0), Span(4.0, 9.0))).missed == 1
