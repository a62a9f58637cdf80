"""The two sides that `latency.py` compares, and the answers they write down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cores import cores_to_use
from interviewer.engines.hear_whisper import WhisperScribe
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import StreamingTranscriber
from interviewer.workers import model_main

CLIPS = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "clips"
TOKENS_A_SECOND = 3.5
"""150 words a minute at 1.3 tokens a word, and two timestamps for every ten words or so."""
BLOCK_S = model_main.LOOK_S
"""So often the product looks at a growing recording."""
PAUSES_S = (0.25, 1.2)
LONG_PAUSES_S = (1.5, 3.0)
LONG_PAUSE_SHARE = 0.08
"""Between sentences; the long ones are those of somebody who thinks, about two a minute."""
GOOD_LOG_PROBABILITY, GOOD_COMPRESSION = -0.3, 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One answer written down."""

    waited_s: float
    """From the last sample to the text."""
    cpu_s: float
    windows: int
    """How often the model decoded."""


def spoken_answer(seconds: float, seed: int) -> FloatArray:
    """Return an answer made of spoken sentences with pauses, float32 at MODEL_RATE_HZ, of exactly that length.

    It ends where the time is up, in the middle of a word or not: nothing waits for a pause at the end.
    """
    rng = np.random.default_rng(seed)
    sentences = [read_sound(path) for path in sorted(CLIPS.glob("*.wav"))]
    parts: list[FloatArray] = []
    while sum(map(len, parts)) < seconds * MODEL_RATE_HZ:
        pause_s = rng.uniform(*(LONG_PAUSES_S if rng.random() < LONG_PAUSE_SHARE else PAUSES_S))
        parts += [sentences[rng.integers(len(sentences))], _room(rng, pause_s)]
    return np.concatenate(parts)[: round(seconds * MODEL_RATE_HZ)]


def _room(rng: np.random.Generator, seconds: float) -> FloatArray:
    """Return the noise of a quiet room, about -66 dBFS."""
    return rng.normal(0.0, 0.0005, round(seconds * MODEL_RATE_HZ)).astype(np.float32)


class Bench:
    """A loaded model and the two ways to use it."""

    def __init__(self, weights: Path, threads: int, *, random: bool) -> None:
        import torch

        self.threads = threads
        self._scribe = WhisperScribe(weights)
        self._model: Any = self._scribe._model  # noqa: SLF001 - both sides are to use the same one
        self.name = "random weights of base.en's size" if random else self._scribe.model
        self._windows = 0
        self._model.decode = self._counted(self._model.decode, random=random)
        self._scribe.warm_up()
        # Last, for numba's first use sets them to its own number; the model process forbids it by a variable.
        torch.set_num_threads(threads)

    @classmethod
    def open(cls, model: str | None, folder: Path, threads: int | None) -> Bench:
        """Load real weights by name or file, or make random ones in `folder`. Raises ModelMissing."""
        from interviewer.core import paths
        from interviewer.engines import whisper_files

        weights = whisper_files.find(model, paths.data_dir(None)) if model else random_weights(folder)
        return cls(weights, threads or usual_threads(), random=not model)

    @cached_property
    def _ours(self) -> StreamingTranscriber:
        return StreamingTranscriber(self._scribe)

    def warm_up(self) -> None:
        """Use both sides once: the first use compiles and allocates."""
        sound = spoken_answer(3.0, 0)
        self.whole(sound)
        self.streamed(sound)

    def whole(self, sound: FloatArray) -> Run:
        """Write the recording down once it is there."""
        remembering = self._model.encoder
        # Plain whisper asks its encoder each time anew.
        self._model.encoder = remembering.encoder
        began_s, cpu_s, windows = perf_counter(), process_time(), self._windows
        self._model.transcribe(
            sound, verbose=None, fp16=False, language="en", condition_on_previous_text=False, word_timestamps=True
        )
        run = Run(perf_counter() - began_s, process_time() - cpu_s, self._windows - windows)
        self._model.encoder = remembering
        return run

    def streamed(self, sound: FloatArray) -> Run:
        """Write the answer down while it is spoken, on a clock that moves with the sound and with the work."""
        cpu_s, windows = process_time(), self._windows
        self._ours.begin(())
        clock_s, block = 0.0, round(BLOCK_S * MODEL_RATE_HZ)
        for first in range(0, len(sound), block):
            piece = sound[first : first + block]
            # It cannot be taken before it was said, nor before the work before it is done.
            clock_s = max(clock_s, (first + len(piece)) / MODEL_RATE_HZ)
            clock_s += _took(lambda piece=piece: self._ours.feed(piece))  # type: ignore[misc]
        clock_s += _took(self._ours.finish)
        waited_s = clock_s - len(sound) / MODEL_RATE_HZ
        return Run(waited_s, process_time() - cpu_s, self._windows - windows)

    def _counted(self, decode: Callable[..., Any], *, random: bool) -> Callable[..., Any]:
        """Count windows, and with random weights let each take its number of tokens and end well."""

        def counted(mel: Any, options: Any) -> Any:
            self._windows += 1
            return decode(mel, options) if not random else _budgeted(decode, mel, options, self._model)

        return counted


def random_weights(folder: Path) -> Path:
    """Write random weights of base.en's size into a folder and return the file."""
    from tests.fixtures.make_random_whisper import write_random

    weights = folder / "random-base.en.pt"
    write_random("base.en", weights)
    return weights


def usual_threads() -> int:
    """Return on how many threads the product writes answers down on this machine."""
    return cores_to_use()


def _budgeted(decode: Callable[..., Any], mel: Any, options: Any, model: Any) -> Any:
    """Decode as many tokens as the sound in a window would have, and return them as one well-ended segment."""
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(model.is_multilingual)
    # Behind the sound a window is filled up with exact zeros.
    frames = int(mel.abs().sum(dim=0).nonzero().max()) + 1
    tokens = max(1, round(frames / 100 * TOKENS_A_SECOND))
    suppressed = [-1, tokenizer.eot]
    options = replace(options, sample_len=tokens, suppress_tokens=suppressed, without_timestamps=True)
    result = decode(mel, options)
    first, last = tokenizer.timestamp_begin, tokenizer.timestamp_begin + min(frames // 2, 1499)
    return replace(
        result,
        tokens=[first, *result.tokens, last],
        avg_logprob=GOOD_LOG_PROBABILITY,
        compression_ratio=GOOD_COMPRESSION,
        no_speech_prob=0.0,
    )


def _took(work: Callable[[], object]) -> float:
    began_s = perf_counter()
    work()
    return perf_counter() - began_s
