"""Where in a recording somebody speaks: Silero VAD, whose model comes with its package.

It is the gate before every recogniser (what it calls silent is never written down) and
the source of the pauses that delivery counts.
"""

from __future__ import annotations

import threading
import warnings
from functools import cache
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

THRESHOLD = 0.5
"""Probability from which a frame of 32 ms is speech; Silero's own default."""
MIN_SPEECH_MS = 160
"""Shorter sounds are no words. Silero's default is 250 ms, and a synthetic voice says "no" in 290 ms;
at 100 ms the first noises (dishes being washed) pass for speech."""
MIN_SILENCE_MS = 100
"""Shorter gaps lie inside words; Silero's own default."""
PAD_MS = 30
"""Added on both sides of each stretch; Silero's own default."""

# The model keeps a state between frames, so two threads must not use it at once.
_lock = threading.Lock()


def speech_spans(samples: FloatArray) -> tuple[Span, ...]:
    """Return the stretches of speech, in order and apart; () for silence and for noise.

    `samples` is float32, mono, MODEL_RATE_HZ, shape (n,). Takes about 10 ms for each second
    of sound, on one thread. Raises ModelMissing when the package is not there, EngineError
    when it fails.
    """
    if not samples.size or not np.any(samples):
        return ()
    torch, silero, model = _load()
    with _lock:
        threads = torch.get_num_threads()
        # The model is so small that sharing its work out costs more than it saves.
        torch.set_num_threads(1)
        try:
            found = silero.get_speech_timestamps(
                torch.from_numpy(np.array(samples, dtype=np.float32)),
                model,
                threshold=THRESHOLD,
                sampling_rate=MODEL_RATE_HZ,
                min_speech_duration_ms=MIN_SPEECH_MS,
                min_silence_duration_ms=MIN_SILENCE_MS,
                speech_pad_ms=PAD_MS,
            )
        except (RuntimeError, ValueError) as exc:
            raise EngineError("The speech detector failed") from exc
        finally:
            torch.set_num_threads(threads)
    return tuple(Span(s["start"] / MODEL_RATE_HZ, s["end"] / MODEL_RATE_HZ) for s in found)


@cache
def _load() -> tuple[Any, Any, Any]:
    """Return torch, the package and its model. A failed load is tried again by the next call."""
    try:
        import torch

        threads = torch.get_num_threads()
        import silero_vad
    except ImportError as exc:
        raise ModelMissing("The speech detector (silero-vad) is not installed", hint="pip install silero-vad") from exc
    # Importing it sets this to one for the whole process.
    torch.set_num_threads(threads)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            model = silero_vad.load_silero_vad()
    except (OSError, RuntimeError, ValueError) as exc:
        raise EngineError("The speech detector could not be loaded", hint="Install silero-vad again.") from exc
    return torch, silero_vad, model
