"""Writes speech down with OpenAI's Whisper, behind Silero VAD.

The weights are loaded by us, never by `whisper.load_model`: that one downloads without
a time limit, and unpickles before it looks.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelCorrupt
from interviewer.core.models import Span, Transcript, Word
from interviewer.core.ports import FloatArray
from interviewer.engines import whisper_files
from interviewer.engines.segment_silero import speech_spans

MAX_TERMS = 15
"""More terms, and the prompt begins to change other words."""
HEARD_MARGIN_S = 0.3
"""Whisper's segment times are that uncertain: text so near to speech is not invented."""
MAX_DIMENSION = 1 << 17
"""No published model has a larger one; a file that asks for more is no model."""


class WhisperTranscriber:
    """A `ports.Transcriber` over one checkpoint file. Not thread-safe.

    `sha256` is the published hash of the file where there is one. Raises ModelMissing and
    ModelCorrupt when the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        sha256: str | None = None,
        language: str = "en",
        segment: Callable[[FloatArray], tuple[Span, ...]] = speech_spans,
    ) -> None:
        digest = whisper_files.verify(path, sha256)
        self._model = _load(path)
        self._name = whisper_files.name_of_hash(digest) or path.stem
        self._language = language
        self._segment = segment
        self._blocks: list[FloatArray] = []
        self._prompt = ""

    def begin(self, terms: Sequence[str]) -> None:
        """Start an answer; the terms prime every window, the example answer never does."""
        self._blocks.clear()
        chosen = [t.strip() for t in terms if t.strip()][:MAX_TERMS]
        self._prompt = f"{', '.join(chosen)}." if chosen else ""

    def feed(self, samples: FloatArray) -> None:
        """Take more of the answer."""
        self._blocks.append(np.array(samples, dtype=np.float32))

    def finish(self) -> Transcript:
        """Write the answer down; empty when no speech was heard. Raises EngineError."""
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, dtype=np.float32)
        self._blocks.clear()
        speech = self._segment(samples)
        if not speech:
            return Transcript("", engine="whisper", model=self._name)
        segments = [s for s in self._transcribe(samples) if _was_heard(s, speech)]
        return Transcript(
            text=" ".join(filter(None, (s["text"].strip() for s in segments))),
            words=tuple(w for s in segments for w in _words(s)),
            speech=speech,
            engine="whisper",
            model=self._name,
        )

    def _transcribe(self, samples: FloatArray) -> list[dict[str, Any]]:
        import whisper

        try:
            # tqdm inside whisper writes to a stream that a windowed program does not have.
            with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                told = whisper.transcribe(
                    self._model,
                    samples,
                    language=self._language,
                    fp16=self._model.device.type == "cuda",
                    # A window must not repeat what an earlier one invented.
                    condition_on_previous_text=False,
                    initial_prompt=self._prompt or None,
                    carry_initial_prompt=bool(self._prompt),
                    word_timestamps=True,
                    verbose=None,
                )
        except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
            raise EngineError("Whisper stopped") from exc
        return list(told["segments"])


def _was_heard(segment: dict[str, Any], speech: tuple[Span, ...]) -> bool:
    """Whether VAD heard anything near a segment: Whisper fills silence with phrases of its own."""
    start, end = segment["start"] - HEARD_MARGIN_S, segment["end"] + HEARD_MARGIN_S
    return any(span.start_s < end and span.end_s > start for span in speech)


def _words(segment: dict[str, Any]) -> Iterator[Word]:
    for word in segment.get("words", ()):
        text = word["word"].strip()
        if text:
            # Alignment ends a word before it starts where it found no room for it.
            start = float(word["start"])
            yield Word(text, start, max(start, float(word["end"])), min(1.0, max(0.0, float(word["probability"]))))


def _load(path: Path) -> Any:
    """Return whisper's own model with the weights of a checkpoint, on the CPU or the GPU."""
    try:
        import torch
        from whisper.model import ModelDimensions, Whisper
    except ImportError as exc:
        raise EngineError("Whisper is not installed", hint="pip install openai-whisper") from exc
    try:
        # weights_only: a checkpoint from somewhere must never run code.
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        dims = checkpoint["dims"]
        wanted = {f.name for f in fields(ModelDimensions)}
        if set(dims) != wanted or not all(type(v) is int and 0 < v <= MAX_DIMENSION for v in dims.values()):
            raise ValueError("not the dimensions of a Whisper model")
        model = Whisper(ModelDimensions(**dims))
        model.load_state_dict(checkpoint["model_state_dict"])
    except (pickle.UnpicklingError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, EOFError) as exc:
        hint = "Choose another file in Settings, or bring this one again."
        raise ModelCorrupt(f"{path.name} is not a Whisper checkpoint that can be used", hint=hint) from exc
    except OSError as exc:
        raise ModelCorrupt(f"{path.name} cannot be read ({exc.strerror})") from exc
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
