"""What the child asks faster-whisper for, and what it makes of the answers; a fake stands for the package."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import faster_child

LOAD = {"do": "load", "folder": "/made", "threads": 3}
WRITE = {"do": "write", "language": "en", "prompt": "FastAPI."}
SOUND = np.zeros(MODEL_RATE_HZ, dtype=np.float32).tobytes()


class FakeModel:
    """Stands for faster_whisper.WhisperModel; notes what it is made with and asked."""

    made: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[list[dict[str, Any]]] = []
    alive: ClassVar[weakref.WeakSet[Any]] = weakref.WeakSet()
    temperature = 0.0
    probability = 0.5
    broken_device = ""

    def __init__(self, folder: str, **options: Any) -> None:
        self.options = options
        self.made.append({"folder": folder, **options})
        self.alive.add(self)

    def generate_with_fallback(self, *_: object) -> tuple[None, float, float, float]:
        return None, -0.5, self.temperature, 1.0

    def transcribe(self, samples: FloatArray, **options: Any) -> tuple[Iterator[Any], None]:
        if self.options["device"] == self.broken_device:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")
        self.asked.append(options)
        self.generate_with_fallback("sound", "prompt")
        word = SimpleNamespace(word=" Yes.", start=np.float64(0.5), end=np.float64(1), probability=self.probability)
        return iter([SimpleNamespace(start=0.5, end=1.0, words=[word])]), None


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeModel]:
    """Put the fake where faster-whisper would be, on a machine with no graphics card."""
    translate = ModuleType("ctranslate2")
    translate.get_cuda_device_count = lambda: 0  # type: ignore[attr-defined]
    translate.set_random_seed = lambda _: None  # type: ignore[attr-defined]
    faster = ModuleType("faster_whisper")
    faster.WhisperModel = FakeModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ctranslate2", translate)
    monkeypatch.setitem(sys.modules, "faster_whisper", faster)
    monkeypatch.setattr(FakeModel, "made", [])
    monkeypatch.setattr(FakeModel, "asked", [])
    monkeypatch.setattr(FakeModel, "alive", weakref.WeakSet())
    return FakeModel


def test_the_gates_are_those_of_plain_whisper(fake: type[FakeModel]) -> None:
    engine = faster_child.Engine()
    engine.do(LOAD, b"")
    engine.do(WRITE, SOUND)
    asked = fake.asked[-1]
    assert (asked["condition_on_previous_text"], asked["word_timestamps"], asked["vad_filter"]) == (False, True, False)
    # Left at their defaults, which are whisper's own: every fallback and gate is on.
    assert not asked.keys() & {
        "temperature",
        "no_speech_threshold",
        "log_prob_threshold",
        "compression_ratio_threshold",
    }
    # Every window is led; what is called the initial prompt would lead the first alone.
    assert asked["hotwords"] == "FastAPI."


def test_without_a_graphics_card_it_works_on_the_processor_with_whole_numbers(fake: type[FakeModel]) -> None:
    assert faster_child.Engine().do(LOAD, b"") == {"device": "cpu"}
    wanted = {"device": "cpu", "compute_type": "int8", "cpu_threads": 3, "local_files_only": True}
    assert fake.made == [{"folder": "/made", **wanted}]


def test_a_graphics_card_is_used_where_it_works(fake: type[FakeModel], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    assert faster_child.Engine().do(LOAD, b"") == {"device": "cuda"}
    assert fake.made[-1]["compute_type"] == "float16"


def test_a_graphics_card_that_does_not_work_is_passed_over(
    fake: type[FakeModel], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr(fake, "broken_device", "cuda")
    engine = faster_child.Engine()
    assert engine.do(LOAD, b"") == {"device": "cpu"}
    assert len(engine.do(WRITE, SOUND)["segments"]) == 1
    assert "libcublas" in capfd.readouterr().err


def test_after_words_were_drawn_by_chance_the_model_is_opened_anew(
    fake: type[FakeModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = faster_child.Engine()
    engine.do(LOAD, b"")
    engine.do(WRITE, SOUND)
    engine.do(WRITE, SOUND)
    assert len(fake.made) == 1
    monkeypatch.setattr(fake, "temperature", 0.4)
    engine.do(WRITE, SOUND)
    monkeypatch.setattr(fake, "temperature", 0.0)
    engine.do(WRITE, SOUND)
    engine.do(WRITE, SOUND)
    assert fake.made == [fake.made[0]] * 2
    assert len(fake.alive) == 1  # two large ones may not fit side by side


def test_a_number_that_is_none_never_leaves_it(fake: type[FakeModel], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake, "probability", float("nan"))
    engine = faster_child.Engine()
    engine.do(LOAD, b"")
    told = engine.do(WRITE, SOUND)["segments"]
    assert told == [{"start": 0.5, "end": 1.0, "words": [[" Yes.", 0.5, 1.0, 0.0]]}]
