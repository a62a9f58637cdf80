"""Silero VAD: speech is found, silence and noise are not."""

from __future__ import annotations

import sys
import warnings
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import FRAME
from interviewer.engines.segment_silero import MIN_SPEECH_MS, SileroDetector
from interviewer.engines.sound_file import read_sound
from tests.engines.detecting import padded, speech_spans

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
    detector = SileroDetector()
    first = speech_spans(spoken, detector)
    speech_spans(noise(1, 0.05), detector)
    assert speech_spans(spoken, detector) == first


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


# --- frame by frame ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def detector() -> SileroDetector:
    return SileroDetector()


@pytest.mark.parametrize("clip", sorted(CLIPS.glob("*.wav")), ids=lambda path: path.stem)
def test_its_spans_are_those_of_silero_itself(detector: SileroDetector, clip: Path) -> None:
    import silero_vad
    import torch

    samples = read_sound(clip)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = silero_vad.load_silero_vad()
    own = silero_vad.get_speech_timestamps(
        torch.from_numpy(samples.copy()), model, min_speech_duration_ms=MIN_SPEECH_MS
    )
    torch.set_num_threads(threads)
    detector.reset()
    spans = detector.spans(detector.probabilities(padded(samples)), len(samples))
    assert spans == [(span["start"], span["end"]) for span in own]


def test_pieces_have_the_probabilities_of_the_whole(detector: SileroDetector, spoken: FloatArray) -> None:
    samples = padded(np.concatenate([spoken, quiet(1), spoken + np.float32(0.1)]))
    detector.reset()
    whole = detector.probabilities(samples)
    detector.reset()
    cuts = np.cumsum(np.random.default_rng(3).integers(1, 9, len(whole))) * FRAME
    found = [p for part in np.split(samples, cuts[cuts < len(samples)]) for p in detector.probabilities(part)]
    np.testing.assert_allclose(found, whole, atol=1e-5)


def test_a_second_detector_hears_nothing_of_the_first(detector: SileroDetector, spoken: FloatArray) -> None:
    detector.reset()
    other = SileroDetector()
    one, two = [], []
    for frame in padded(spoken).reshape(-1, FRAME):
        one += detector.probabilities(frame)
        two += other.probabilities(frame)
    assert one == two


# --- bad microphones -----------------------------------------------------------------------------


def faint(samples: FloatArray) -> FloatArray:
    """Return samples at -45 dBFS."""
    return (samples * 10 ** (-45 / 20) / np.sqrt(np.mean(samples**2))).astype(np.float32)


@pytest.mark.parametrize("clip", sorted(CLIPS.glob("*.wav")), ids=lambda path: path.stem)
def test_quiet_speech_is_found_where_loud_speech_is(clip: Path) -> None:
    samples = read_sound(clip)
    loud, found = speech_spans(samples), speech_spans(faint(samples))
    assert found[0].start_s == pytest.approx(loud[0].start_s, abs=0.15)
    assert found[-1].end_s == pytest.approx(loud[-1].end_s, abs=0.15)


@pytest.mark.parametrize("offset", [0.002, -0.02, 0.2])
@pytest.mark.parametrize("clip", sorted(CLIPS.glob("*.wav")), ids=lambda path: path.stem)
def test_an_offset_hides_nothing_of_quiet_speech(clip: Path, offset: float) -> None:
    samples = faint(read_sound(clip))
    assert speech_spans(samples + np.float32(offset)) == speech_spans(samples)


def test_an_offset_alone_is_no_speech() -> None:
    assert speech_spans(quiet(3) + np.float32(0.2)) == ()


def test_clipped_speech_is_found(spoken: FloatArray) -> None:
    plain, clipped = speech_spans(spoken), speech_spans(np.clip(spoken * np.float32(20), -1, 1))
    assert clipped[0].start_s == pytest.approx(plain[0].start_s, abs=0.15)
    assert clipped[-1].end_s == plain[-1].end_s


# --- failures ----------------------------------------------------------------------------------


def test_an_absent_package_is_missing(monkeypatch: pytest.MonkeyPatch, spoken: FloatArray) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad", None)
    with pytest.raises(ModelMissing, match="not installed"):
        speech_spans(spoken)


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
    detector = SileroDetector()

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(detector, "_session", SimpleNamespace(run=fail))
    with pytest.raises(EngineError, match="detector failed") as caught:
        detector.probabilities(padded(spoken))
    assert str(caught.value.__cause__) == "broken"
