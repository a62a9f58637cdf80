"""What counts as speech for the benchmark of the detector, on sounds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.vad_labels import inside as inside_of
from benchmarks.vad_labels import labelled, levels_db, runs, seconds
from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

SLACK_S = 0.035
"""A window of 32 ms hears a sound that much before and after it."""


def level(dbfs: float) -> float:
    return float(10 ** (dbfs / 20))


def noise(length_s: float, dbfs: float) -> FloatArray:
    chance = np.random.default_rng(7)
    return (chance.normal(size=round(length_s * MODEL_RATE_HZ)) * level(dbfs)).astype(np.float32)


def put(samples: FloatArray, start_s: float, end_s: float, dbfs: float, pitch_hz: float = 220.0) -> FloatArray:
    """Return the samples with a tone in them."""
    first, last = round(start_s * MODEL_RATE_HZ), round(end_s * MODEL_RATE_HZ)
    tone = np.sin(2 * np.pi * pitch_hz * np.arange(last - first) / MODEL_RATE_HZ) * level(dbfs) * np.sqrt(2)
    changed = samples.copy()
    changed[first:last] += tone.astype(np.float32)
    return changed


def found(samples: FloatArray) -> list[tuple[float, float]]:
    return [(first / 100, end / 100) for first, end in runs(labelled(samples))]


def test_a_level_is_that_of_the_sound_in_dbfs() -> None:
    assert np.median(levels_db(put(noise(1.0, -90), 0.0, 1.0, -20))) == pytest.approx(-20, abs=0.3)


def test_what_stands_out_of_the_noise_is_speech_where_it_is() -> None:
    samples = put(put(noise(4.0, -60), 1.0, 1.5, -20), 2.5, 3.2, -30)
    (first, second) = found(samples)
    assert first == (pytest.approx(1.0, abs=SLACK_S), pytest.approx(1.5, abs=SLACK_S))
    assert second == (pytest.approx(2.5, abs=SLACK_S), pytest.approx(3.2, abs=SLACK_S))


def test_the_volume_changes_nothing() -> None:
    samples = put(noise(3.0, -60), 1.0, 2.0, -20)
    assert labelled(samples).tolist() == labelled(samples * np.float32(0.1)).tolist()


@pytest.mark.parametrize("dbfs", [-50, -20])
def test_steady_noise_is_no_speech(dbfs: float) -> None:
    assert found(noise(5.0, dbfs)) == []


def test_silence_is_no_speech() -> None:
    assert found(np.zeros(MODEL_RATE_HZ, dtype=np.float32)) == []
    assert found(np.zeros(0, dtype=np.float32)) == []


def test_hum_is_no_speech() -> None:
    hum = put(noise(4.0, -70), 2.0, 3.0, -40, pitch_hz=50)
    assert found(put(hum, 0.5, 1.0, -20)) == [
        (pytest.approx(0.5, abs=SLACK_S), pytest.approx(1.0, abs=SLACK_S)),
    ]


def test_a_click_is_no_speech() -> None:
    assert len(found(put(put(noise(4.0, -60), 1.0, 1.5, -20), 3.0, 3.03, -10))) == 1


def test_the_closure_before_a_consonant_belongs_to_the_word() -> None:
    assert len(found(put(put(noise(4.0, -60), 1.0, 1.3, -20), 1.4, 1.7, -20))) == 1


def test_a_pause_is_no_speech() -> None:
    assert len(found(put(put(noise(4.0, -60), 1.0, 1.3, -20), 1.6, 2.0, -20))) == 2


def test_a_rustle_in_dead_silence_is_no_speech() -> None:
    dead = np.zeros(4 * MODEL_RATE_HZ, dtype=np.float32)
    assert len(found(put(put(dead, 1.0, 2.0, -20), 3.0, 3.5, -65))) == 1


def test_a_part_holds_what_has_its_middle_in_it() -> None:
    frames = inside_of([Span(0.1, 0.2), Span(0.304, 0.314)], 40)
    assert runs(frames) == [(10, 20), (30, 31)]
    assert seconds(frames) == pytest.approx(0.11)


def test_runs_reach_both_ends() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
