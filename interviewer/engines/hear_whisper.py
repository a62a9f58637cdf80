"""Writes speech down with Whisper, from weights that lie on this machine.

Weights are data of unknown origin: they are read without running anything in them, and
everything about them is checked before it is believed. Nothing is downloaded, and no
sound is read from files here, so ffmpeg is not needed.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from time import monotonic
from typing import Any

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.models import Span
from interviewer.core.ports import FloatArray
from interviewer.engines import whisper_files
from interviewer.engines.cutting import Rule
from interviewer.engines.streaming import Spoken

log = logging.getLogger(__name__)

RULE = Rule(longest_s=28.5, pauses=((0.0, 2.5), (12.0, 1.2), (22.0, 0.3)), pad_s=0.4)
"""Every piece costs a window of 30 s, however short it is, so short ones are only cut where the candidate
falls silent for longer, and may be about to stop. On 26 clips at three volumes 0.2 s of padding left the beginning of
one word and some breath out, 0.4 s nothing (`benchmarks/vad.py`); a window is filled up to 30 s anyway."""
FILLER_PROMPT = "Um, uh, hmm, er, ah."
"""Short on purpose: longer ones cut answers off and seeded phrases of their own (wassgha/rescript#59)."""
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


class WhisperScribe:
    """A `streaming.Scribe`. Not thread-safe.

    Loading blocks for seconds and takes about four bytes a parameter. With `fillers` the model is led
    to write down the ums that it leaves out otherwise. Raises ModelMissing when
    the file or the whisper package is not there, ModelCorrupt when the file is not a Whisper
    checkpoint or has another hash than `sha256`.
    """

    engine = "whisper"
    rough = False
    rule = RULE

    def __init__(
        self, weights: Path, *, sha256: str | None = None, language: str = "en", fillers: bool = False, device: str = ""
    ) -> None:
        self._prompt: str | None = None
        self._fillers = fillers
        began_s = monotonic()
        self._model, self.model = load_model(weights, sha256, device)
        self._model.encoder = _remembering(self._model.encoder)
        # Models for English alone know no other language.
        self._language = language if self._model.is_multilingual else "en"
        log.info("loaded %s in %.1f s", self.model, monotonic() - began_s)

    def warm_up(self) -> None:
        """Compile what word times need; takes about two seconds, once a process."""
        import torch
        from whisper import timing

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            timing.dtw(torch.zeros(2, 3))

    def prime(self, terms: Sequence[str]) -> None:
        """Lead the model towards these terms, in every piece of the answer that follows."""
        self._prompt = leading(terms, multilingual=self._model.is_multilingual, fillers=self._fillers)

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> Iterator[Spoken]:
        """Write a piece down. Raises EngineError when the model fails."""
        for segment in self._run(samples):
            if was_heard(segment["start"], segment["end"], speech):
                for word in segment["words"]:
                    times = float(word["start"]), float(word["end"])
                    yield Spoken(str(word["word"]), *times, float(word["probability"]))

    def _run(self, samples: FloatArray) -> list[dict[str, Any]]:
        """Return Whisper's segments."""
        import torch

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
                    initial_prompt=self._prompt,
                    carry_initial_prompt=self._prompt is not None,
                )
        except Exception as exc:
            # torch and numba raise whatever they like; the answer must survive all of it.
            if _out_of_memory(exc):
                raise too_large(self.model) from exc
            raise EngineError("Whisper failed to write this answer down") from exc
        return list(result["segments"])


def leading(terms: Sequence[str], *, multilingual: bool, fillers: bool) -> str | None:
    """Return a text that leads a model towards the terms, and to fillers if wanted; None without either."""
    from whisper.tokenizer import get_tokenizer

    with warnings.catch_warnings():
        # It leaves its vocabulary file open.
        warnings.simplefilter("ignore", ResourceWarning)
        encode = get_tokenizer(multilingual).encode
    before = [FILLER_PROMPT] if fillers else []
    kept: list[str] = []
    for term in terms:
        if len(encode(" " + " ".join([*before, ", ".join([*kept, term]) + "."]))) > MAX_PROMPT_TOKENS:
            break
        kept.append(term)
    return " ".join([*before, *([", ".join(kept) + "."] if kept else [])]) or None


def load_model(path: Path, sha256: str | None = None, device: str = "") -> tuple[Any, str]:
    """Return a whisper.model.Whisper and the name to call it by.

    It is on `device` ("cpu", "cuda"), by default on the GPU where torch has one.

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
        model = model.to(device or ("cuda" if torch.cuda.is_available() else "cpu")).eval()
    except ModelCorrupt:
        raise
    except Exception as exc:
        # What a hostile or broken file makes the unpickler raise is open-ended.
        if _out_of_memory(exc):
            raise too_large(path.name) from exc
        raise ModelCorrupt(f"{path.name} does not hold a Whisper model") from exc
    name = whisper_files.name_of_hash(found)
    if name is not None:
        # Which attention heads follow the sound was published apart from the weights.
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[name])  # noqa: SLF001
    return model, name or path.stem


def _remembering(encoder: Any) -> Any:
    """Return an encoder that keeps its last result: whisper asks for each window's twice, and again at each fallback.

    The second time is for the times of words, and the dearer one.
    """
    import torch

    class Remembering(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.last: tuple[Any, Any] | None = None

        def forward(self, mel: Any) -> Any:
            if self.last is None or self.last[0].shape != mel.shape or not torch.equal(self.last[0], mel):
                self.last = (mel, self.encoder(mel))
            return self.last[1]

    return Remembering()


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


def _out_of_memory(exc: Exception) -> bool:
    """Whether memory ran out; torch says so with a RuntimeError of many wordings."""
    text = str(exc).lower()
    return isinstance(exc, MemoryError) or ("memory" in text and "alloc" in text)


def too_large(name: str) -> EngineError:
    """Return what to say where a model does not fit into memory."""
    return EngineError(f"There is not enough memory for {name}", hint="Choose a smaller model in Settings.")
