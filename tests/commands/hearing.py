"""A recogniser without a model, and sounds for it: it writes down how long a sound was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from interviewer.core.errors import EngineError
from interviewer.core.models import Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

HEARD = {1: "one", 2: "two", 3: "three", 4: "four"}
"""What a sound of so many seconds says."""


def keep_sound(path: Path, seconds: float = 1.0) -> Path:
    """Write a sound file of this length; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = "FLAC" if path.suffix == ".flac" else "WAV"
    soundfile.write(path, np.full(round(seconds * MODEL_RATE_HZ), 0.1), MODEL_RATE_HZ, format=kind)
    return path


@dataclass
class Hearing:
    """Stands in for `catalog.transcriber`. Remembers how often it was loaded and what it was led towards."""

    engine: str = "whisper"
    model: str = "base.en"
    loaded: int = 0
    asked_for: list[str] = field(default_factory=list)
    terms: list[tuple[str, ...]] = field(default_factory=list)
    refused_s: int = 0
    """Length of a sound that the model fails on."""
    stopped_s: int = 0
    """Length of a sound during which the user presses Ctrl+C."""

    def transcriber(self, model: str, data_dir: Path, **_: object) -> Callable[[], _Transcriber]:
        self.asked_for.append(model)
        return self._made

    def _made(self) -> _Transcriber:
        self.loaded += 1
        return _Transcriber(self)


class _Transcriber:
    def __init__(self, memory: Hearing) -> None:
        self._memory = memory
        self._fed = 0

    @property
    def text(self) -> str:
        return ""

    def begin(self, terms: Sequence[str]) -> None:
        self._fed = 0
        self._terms = tuple(terms)

    def feed(self, samples: FloatArray) -> None:
        self._fed += len(samples)

    def finish(self) -> Transcript:
        memory, seconds = self._memory, round(self._fed / MODEL_RATE_HZ)
        rough = memory.engine != "whisper"
        if not seconds:
            return Transcript("", engine=memory.engine, model=memory.model, rough=rough)
        memory.terms.append(self._terms)
        if seconds == memory.refused_s:
            raise EngineError("Whisper failed to write this answer down")
        if seconds == memory.stopped_s:
            raise KeyboardInterrupt
        return Transcript(HEARD[seconds], engine=memory.engine, model=memory.model, rough=rough)
