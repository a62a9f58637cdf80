"""Silero VAD: speech is found, silence and noise are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import segment_silero
from interviewer.engines.segment_silero import speech_spans
from interviewer.engines.sound_file import read_sound

CLIPS = Path(__file__).resolve().parents[1] / "fixtures" / "clips"

pytestmark = pytest.mark.models


def quiet(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


def noise(seconds: float, level: float) -> FloatArray:
    drawn = np.random.default_rng(7).normal(0.0, level, round(seconds * MODEL_RATE_HZ))
    return drawn.astype(np.float32)


@pytest.fixture(scope="module")
def spoken() -> FloatArray:
    return read_sound(CLIPS / "depends.wav")


def test_nothing_is_no_speech() -> None:
    assert speech_spans(quiet(0)) == ()


def test_digital_silence_is_no_speech() -> None:
    assert speech_spans(quiet(5)) == ()


@pytest.mark.parametrize("level", [0.001, 0.01, 0.1])
def test_noise_is_no_speech(level: float) -> None:
    assert speech_spans(noise(5, level)) == ()


def test_a_click_is_no_speech() -> None:
    samples = quiet(2)
    samples[16_000:16_040] = 0.9
    assert speech_spans(samples) == ()


def test_a_sentence_is_found_where_it_is(spoken: FloatArray) -> None:
    spans = speech_spans(np.concatenate([quiet(2), spoken, quiet(2)]))
    assert 1.9 < spans[0].start_s < 2.5
    assert 2.0 + len(spoken) / MODEL_RATE_HZ - 0.6 < spans[-1].end_s < 2.2 + len(spoken) / MODEL_RATE_HZ


def test_a_sentence_is_found_at_a_tenth_of_the_volume(spoken: FloatArray) -> None:
    assert speech_spans(spoken * np.float32(0.1))


def test_a_pause_between_two_sentences_lies_between_two_spans(spoken: FloatArray) -> None:
    spans = speech_spans(np.concatenate([spoken, quiet(1.5), spoken]))
    gaps = [later.start_s - earlier.end_s for earlier, later in pairwise(spans)]
    assert max(gaps) >= 1.4


def test_one_short_word_is_kept(spoken: FloatArray) -> None:
    # "what", cut out of the sentence: a fifth of a second between silence.
    start, end = int(1.17 * MODEL_RATE_HZ), int(1.38 * MODEL_RATE_HZ)
    assert speech_spans(np.concatenate([quiet(1), spoken[start:end], quiet(1)]))


def test_spans_are_in_order_and_apart_and_inside_the_recording(spoken: FloatArray) -> None:
    samples = np.concatenate([spoken, quiet(0.7), spoken, quiet(0.3), spoken])
    spans = speech_spans(samples)
    edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
    assert edges == sorted(set(edges))
    assert edges[0] >= 0.0
    assert edges[-1] <= len(samples) / MODEL_RATE_HZ


def test_the_same_sound_has_the_same_spans_whatever_came_before(spoken: FloatArray) -> None:
    first = speech_spans(spoken)
    speech_spans(noise(1, 0.05))
    assert speech_spans(spoken) == first


def test_the_sound_is_left_as_it_was(spoken: FloatArray) -> None:
    before = spoken.copy()
    speech_spans(spoken)
    assert np.array_equal(spoken, before)


def test_the_threads_of_torch_are_left_as_they_were(spoken: FloatArray) -> None:
    import torch

    speech_spans(spoken)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    speech_spans(spoken)
    after = torch.get_num_threads()
    torch.set_num_threads(before)
    assert after == 2


# --- failures ----------------------------------------------------------------------------------


@pytest.fixture
def not_loaded() -> Iterator[None]:
    """Have the model loaded anew, in this test and after it."""
    segment_silero._load.cache_clear()
    yield
    segment_silero._load.cache_clear()


@pytest.mark.usefixtures("not_loaded")
def test_an_absent_package_is_missing(monkeypatch: pytest.MonkeyPatch, spoken: FloatArray) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad", None)
    with pytest.raises(ModelMissing, match="not installed"):
        speech_spans(spoken)


@pytest.mark.usefixtures("not_loaded")
def test_a_model_that_cannot_be_loaded_is_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, spoken: FloatArray
) -> None:
    import silero_vad

    def fail() -> None:
        raise RuntimeError("broken file")

    with monkeypatch.context() as broken:
        broken.setattr(silero_vad, "load_silero_vad", fail)
        with pytest.raises(EngineError, match="could not be loaded"):
            speech_spans(spoken)
    assert speech_spans(spoken)


def test_a_failure_of_the_model_is_told_with_its_cause(monkeypatch: pytest.MonkeyPatch, spoken: FloatArray) -> None:
    import silero_vad

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(silero_vad, "get_speech_timestamps", fail)
    with pytest.raises(EngineError, match="detector failed") as caught:
        speech_spans(spoken)
    assert str(caught.value.__cause__) == "broken"
