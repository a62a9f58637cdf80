"""The committed checkpoint goes through the real whisper package and writes its clips exactly."""

from __future__ import annotations

import itertools
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr
import torch

whisper = pytest.importorskip("whisper", reason="openai-whisper is not installed")
get_tokenizer = pytest.importorskip("whisper.tokenizer").get_tokenizer

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "whisper-fixture.pt"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))
RATE = 16_000
TERMS = "FastAPI, Pydantic, Depends, dependency injection, Starlette, uvicorn, ASGI, middleware, response_model."

Samples = npt.NDArray[np.float32]

pytestmark = pytest.mark.models
each_clip = pytest.mark.parametrize("name", sorted(TEXTS))


@pytest.fixture(scope="module")
def model() -> Iterator[Any]:
    """The fixture model, loaded once as the program loads it: by path."""
    with warnings.catch_warnings():
        # whisper/tokenizer.py leaves its vocabulary file for the garbage collector to close. The encoding is cached,
        # so this is the only time it happens.
        warnings.simplefilter("ignore", ResourceWarning)
        get_tokenizer(multilingual=False)
    threads = torch.get_num_threads()
    # The model is far too small to gain from threads, and on a busy machine they wait for one another.
    torch.set_num_threads(1)
    yield whisper.load_model(str(CHECKPOINT), device="cpu")
    torch.set_num_threads(threads)


def clip(name: str) -> Samples:
    """Samples of a committed clip."""
    samples, rate = soundfile.read(FIXTURES / "clips" / name, dtype="float32")
    assert rate == RATE
    return np.asarray(samples, np.float32)


def transcribe(model: Any, samples: Samples, **options: Any) -> dict[str, Any]:
    """Transcribe with the options the program uses."""
    settings: dict[str, Any] = {
        "fp16": False,
        "language": "en",
        "condition_on_previous_text": False,
        "word_timestamps": True,
    }
    result: dict[str, Any] = model.transcribe(samples, **settings, **options)
    return result


def text(result: dict[str, Any]) -> str:
    """The transcript without surrounding blanks."""
    return str(result["text"]).strip()


def quiet(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * RATE), np.float32)


def test_the_checkpoint_is_small_enough_to_commit() -> None:
    assert CHECKPOINT.stat().st_size <= 8_000_000


def test_the_checkpoint_holds_only_numbers_and_tensors() -> None:
    checkpoint = torch.load(CHECKPOINT, map_location="cpu", weights_only=True)
    assert set(checkpoint) == {"dims", "model_state_dict"}
    assert all(type(value) is int for value in checkpoint["dims"].values())
    assert all(isinstance(value, torch.Tensor) for value in checkpoint["model_state_dict"].values())


def test_the_clips_together_stay_under_one_megabyte() -> None:
    assert sum(path.stat().st_size for path in (FIXTURES / "clips").iterdir()) < 1_000_000


@each_clip
def test_a_clip_is_transcribed_exactly(model: Any, name: str) -> None:
    assert text(transcribe(model, clip(name))) == TEXTS[name]


@each_clip
def test_a_clip_at_half_volume_is_transcribed_exactly(model: Any, name: str) -> None:
    assert text(transcribe(model, clip(name) * np.float32(0.5))) == TEXTS[name]


@each_clip
def test_a_clip_after_a_pause_is_transcribed_exactly(model: Any, name: str) -> None:
    assert text(transcribe(model, np.concatenate([quiet(0.7), clip(name)]))) == TEXTS[name]


@each_clip
def test_a_clip_between_two_pauses_is_transcribed_exactly(model: Any, name: str) -> None:
    assert text(transcribe(model, np.concatenate([quiet(1.0), clip(name), quiet(1.0)]))) == TEXTS[name]


@each_clip
def test_a_clip_with_prompted_terms_is_transcribed_exactly(model: Any, name: str) -> None:
    assert text(transcribe(model, clip(name), initial_prompt=TERMS)) == TEXTS[name]


@each_clip
def test_a_clip_resampled_to_48_khz_and_back_is_transcribed_exactly(model: Any, name: str) -> None:
    there_and_back = soxr.resample(soxr.resample(clip(name), RATE, 48_000), 48_000, RATE)
    assert text(transcribe(model, np.asarray(there_and_back, np.float32))) == TEXTS[name]


@each_clip
def test_the_words_of_a_clip_follow_one_another_in_time(model: Any, name: str) -> None:
    samples = clip(name)
    words = [word for segment in transcribe(model, samples)["segments"] for word in segment["words"]]
    assert "".join(word["word"] for word in words).strip() == TEXTS[name]
    starts = [word["start"] for word in words]
    assert all(earlier < later for earlier, later in itertools.pairwise(starts))
    assert all(word["start"] <= word["end"] <= len(samples) / RATE + 0.02 for word in words)


def test_silence_gives_no_text(model: Any) -> None:
    result = transcribe(model, quiet(3.0))
    assert text(result) == ""
    assert result["segments"] == []


def test_faint_noise_gives_no_text_even_with_prompted_terms(model: Any) -> None:
    noise = np.random.default_rng(5).normal(0, 0.001, 4 * RATE).astype(np.float32)
    assert transcribe(model, noise, initial_prompt=TERMS)["segments"] == []
