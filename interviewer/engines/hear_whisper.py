"""Writes speech down with Whisper, from weights that lie on this machine.

Weights are data of unknown origin: they are read without running anything in them, and
everything about them is checked before it is believed. Nothing is downloaded, and no
sound is read from files here, so ffmpeg is not needed.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.models import Span, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import whisper_files
from interviewer.engines.segment_silero import speech_spans

log = logging.getLogger(__name__)

MAX_TERMS = 15
MAX_PROMPT_TOKENS = 120
"""Of 223 that the model has room for. Long prompts cost time and can change other words."""
HEARD_MARGIN_S = 0.3
"""Whisper's segment times are that uncertain: text so near to speech is not invented."""

# Every published model lies within these; what lies outside is no Whisper, whatever it says.
_ALLOWED: Mapping[str, tuple[int, ...] | range] = {
    "n_mels": (80, 128),
    "n_audio_ctx": (1500,),
    "n_audio_state": range(16, 1281),
    "n_audio_head": range(1, 33),
    "n_audio_layer": range(1, 49),
    "n_vocab": (51864, 51865, 51866),
    "n_text_ctx": (448,),
    "n_text_state": range(16, 1281),
    "n_text_head": range(1, 33),
    "n_text_layer": range(1, 49),
}


class WhisperTranscriber:
    """A `ports.Transcriber`. Not thread-safe.

    Loading blocks for seconds and takes about four bytes a parameter. Raises ModelMissing when
    the file or the whisper package is not there, ModelCorrupt when the file is not a Whisper
    checkpoint or has another hash than `sha256`.
    """

    def __init__(
        self,
        weights: Path,
        *,
        sha256: str | None = None,
        language: str = "en",
        segment: Callable[[FloatArray], tuple[Span, ...]] = speech_spans,
    ) -> None:
        self._segment = segment
        self._blocks: list[FloatArray] = []
        self._terms: tuple[str, ...] = ()
        began_s = monotonic()
        self._model, self.name = load_model(weights, sha256)
        # Models for English alone know no other language.
        self._language = language if self._model.is_multilingual else "en"
        log.info("loaded %s in %.1f s", self.name, monotonic() - began_s)

    def warm_up(self) -> None:
        """Compile what word times need; takes about two seconds, once a process."""
        import torch
        from whisper import timing

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            timing.dtw(torch.zeros(2, 3))

    def begin(self, terms: Sequence[str]) -> None:
        """Start an answer; `terms` beyond the fifteenth are left out."""
        self._blocks.clear()
        self._terms = tuple(filter(None, (term.strip() for term in terms)))[:MAX_TERMS]

    def feed(self, samples: FloatArray) -> None:
        """Take a copy of more of the answer."""
        self._blocks.append(np.array(samples, dtype=np.float32))

    def finish(self) -> Transcript:
        """Write down what was fed. Raises EngineError when the model fails."""
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, dtype=np.float32)
        self._blocks.clear()
        speech = self._segment(samples)
        if not speech:
            # Asked about silence, Whisper answers "Thank you."
            return Transcript("", engine="whisper", model=self.name)
        began_s = monotonic()
        heard = [s for s in self._run(samples) if was_heard(s["start"], s["end"], speech)]
        seconds = len(samples) / MODEL_RATE_HZ
        log.info("wrote %.1f s of sound down in %.1f s", seconds, monotonic() - began_s)
        text = " ".join(filter(None, (str(s["text"]).strip() for s in heard)))
        words = tuple(word for s in heard for word in _words(s, seconds))
        return Transcript(text, words, speech, engine="whisper", model=self.name)

    def _run(self, samples: FloatArray) -> list[dict[str, Any]]:
        """Return Whisper's segments."""
        import torch

        prompt = self._prompt()
        # Its last resort is to draw words by chance; the same sound is to give the same text.
        torch.manual_seed(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = self._model.transcribe(
                    samples,
                    verbose=None,
                    fp16=self._model.device.type == "cuda",
                    language=self._language,
                    # A wrong word would pull the next window with it.
                    condition_on_previous_text=False,
                    word_timestamps=True,
                    initial_prompt=prompt,
                    carry_initial_prompt=prompt is not None,
                )
        except Exception as exc:
            # torch and numba raise whatever they like; the answer must survive all of it.
            if _out_of_memory(exc):
                raise _too_large(self.name) from exc
            raise EngineError("Whisper failed to write this answer down") from exc
        return list(result["segments"])

    def _prompt(self) -> str | None:
        """Return the terms as a text that leads the model towards them, or None without any."""
        from whisper.tokenizer import get_tokenizer

        with warnings.catch_warnings():
            # It leaves its vocabulary file open.
            warnings.simplefilter("ignore", ResourceWarning)
            encode = get_tokenizer(self._model.is_multilingual).encode
        kept: list[str] = []
        for term in self._terms:
            if len(encode(" " + ", ".join([*kept, term]) + ".")) > MAX_PROMPT_TOKENS:
                break
            kept.append(term)
        return ", ".join(kept) + "." if kept else None


def load_model(path: Path, sha256: str | None = None) -> tuple[Any, str]:
    """Return a whisper.model.Whisper, on the GPU where torch has one, and the name to call it by.

    The name is the published one where the hash is known, else the file's. Raises
    ModelMissing and ModelCorrupt, EngineError when there is too little memory.
    """
    found = whisper_files.verify(path, sha256)
    try:
        import torch
        import whisper
        from whisper.model import ModelDimensions, Whisper
    except ImportError as exc:
        raise ModelMissing("Whisper is not installed", hint="pip install openai-whisper") from exc
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # weights_only: an unpickler that builds tensors and plain values and nothing else.
            checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        dims, state = _checked(checkpoint, [f.name for f in fields(ModelDimensions)], path.stat().st_size)
        model = Whisper(ModelDimensions(**dims))
        model.load_state_dict(state)
        model = model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    except ModelCorrupt:
        raise
    except Exception as exc:
        # What a hostile or broken file makes the unpickler raise is open-ended.
        if _out_of_memory(exc):
            raise _too_large(path.name) from exc
        raise ModelCorrupt(f"{path.name} does not hold a Whisper model") from exc
    name = whisper_files.name_of_hash(found)
    if name is not None:
        # Which attention heads follow the sound was published apart from the weights.
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[name])  # noqa: SLF001
    return model, name or path.stem


def _checked(checkpoint: object, names: Sequence[str], file_bytes: int) -> tuple[dict[str, int], dict[str, Any]]:
    """Return the dimensions and tensors of a checkpoint that is what it should be; else raise ModelCorrupt."""
    import torch

    if not isinstance(checkpoint, dict) or not {"dims", "model_state_dict"} <= checkpoint.keys():
        raise ModelCorrupt("The file holds something else than Whisper's weights")
    dims, state = checkpoint["dims"], checkpoint["model_state_dict"]
    if not isinstance(dims, dict) or set(dims) != set(names):
        raise ModelCorrupt("The file does not say how large its Whisper model is")
    wrong = [n for n in names if type(dims[n]) is not int or dims[n] not in _ALLOWED[n]]
    uneven = [n for n in ("audio", "text") if not wrong and dims[f"n_{n}_state"] % (2 * dims[f"n_{n}_head"])]
    if wrong or uneven:
        raise ModelCorrupt("The file claims a size that no Whisper model has")
    if not isinstance(state, dict) or not all(isinstance(t, torch.Tensor) for t in state.values()):
        raise ModelCorrupt("The file has no tensors where Whisper's weights should be")
    # A tensor can be made to repeat one number for ever; a real one takes its place in the file.
    if sum(t.numel() * t.element_size() for t in state.values()) > file_bytes:
        raise ModelCorrupt("The file claims more weights than it holds")
    if not all(t.is_floating_point() and bool(torch.isfinite(t).all()) for t in state.values()):
        raise ModelCorrupt("The weights are damaged: some are not numbers")
    return dims, state


def was_heard(start_s: float, end_s: float, speech: Sequence[Span]) -> bool:
    """Whether anybody spoke at or near this time: Whisper fills silence with phrases of its own."""
    return any(start_s - HEARD_MARGIN_S < s.end_s and s.start_s < end_s + HEARD_MARGIN_S for s in speech)


def _words(segment: Mapping[str, Any], seconds: float) -> list[Word]:
    words = []
    for word in segment["words"]:
        text = str(word["word"]).strip()
        if text:
            start_s = min(max(float(word["start"]), 0.0), seconds)
            # Alignment ends a word before it starts where it found no room for it.
            end_s = min(max(float(word["end"]), start_s), seconds)
            words.append(Word(text, start_s, end_s, min(max(float(word["probability"]), 0.0), 1.0)))
    return words


def _out_of_memory(exc: Exception) -> bool:
    """Whether memory ran out; torch says so with a RuntimeError of many wordings."""
    text = str(exc).lower()
    return isinstance(exc, MemoryError) or ("memory" in text and "alloc" in text)


def _too_large(name: str) -> EngineError:
    return EngineError(f"There is not enough memory for {name}", hint="Choose a smaller model in Settings.")
