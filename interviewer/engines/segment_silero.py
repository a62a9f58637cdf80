"""Where in a recording somebody speaks: Silero VAD, whose model comes with its package.

It is the gate before every recogniser (what it calls silent is never written down) and
the source of the pauses that delivery counts.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import FRAME

CONTEXT = 64
"""Samples of the frame before that it hears again."""
STATE = 128
"""Numbers of each of the two states that it keeps between frames."""
THRESHOLD = 0.5
"""Probability from which a frame is speech; Silero's own default."""
MIN_SPEECH_MS = 160
"""Shorter sounds are no words. Silero's default is 250 ms, and a synthetic voice says "no" in 290 ms;
at 100 ms the first noises (dishes being washed) pass for speech."""
MIN_SILENCE_MS = 100
"""Shorter gaps lie inside words; Silero's own default."""
PAD_MS = 30
"""Added on both sides of each stretch; Silero's own default."""
OFFSET_FRAMES = 32
"""Sound cards add an offset, which is the mean of about the last second. On six clips spoken at -45 dBFS an offset
of 0.002 hid up to 0.38 s of the beginning, one of 0.2 up to 0.29 s; without it they begin where clean ones do."""


class SileroDetector:
    """Tells frame by frame how likely it is that somebody speaks; a `cutting.Detector`. Not thread-safe.

    Raises ModelMissing when the package is not there, EngineError when its model cannot be loaded.
    """

    def __init__(self) -> None:
        self._silero = _import()
        self._session = _load(self._silero)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard: another recording begins."""
        self._heard, self._offset = 0, 0.0
        self._context = np.zeros(CONTEXT, dtype=np.float32)
        self._hidden = self._cell = np.zeros((1, 1, STATE), dtype=np.float32)

    def probabilities(self, samples: FloatArray) -> list[float]:
        """Return a probability for each frame; `samples` has shape (k * FRAME,). Raises EngineError.

        Takes about 2 ms for each second of sound, on one thread. Silero's own code for whole recordings does the
        same, but begins anew with each.
        """
        if not len(samples):
            return []
        frames = self._levelled(samples)
        rows = np.concatenate([np.vstack([self._context, frames[:-1, -CONTEXT:]]), frames], axis=1)
        asked = {"input": rows, "h": self._hidden, "c": self._cell}
        try:
            found, self._hidden, self._cell = self._session.run(["speech_probs", "hn", "cn"], asked)
        except Exception as exc:  # onnxruntime has errors of its own, and too many kinds of them
            raise EngineError("The speech detector failed") from exc
        self._context = frames[-1, -CONTEXT:]
        return [float(one) for one in found]

    def _levelled(self, samples: FloatArray) -> FloatArray:
        """Return the frames without the offset, shape (k, FRAME)."""
        frames = np.array(samples, dtype=np.float32).reshape(-1, FRAME)
        for frame in frames:
            self._heard += 1
            self._offset += (float(frame.mean(dtype=np.float64)) - self._offset) / min(self._heard, OFFSET_FRAMES)
            np.subtract(frame, np.float32(self._offset), out=frame)
        return frames

    def spans(self, probabilities: Sequence[float], samples: int) -> list[tuple[int, int]]:
        """Return where speech begins and ends, in samples, of which there are so many; in order and apart."""
        found = self._silero.utils_vad.get_speech_timestamps_from_probs(
            list(probabilities),
            threshold=THRESHOLD,
            sampling_rate=MODEL_RATE_HZ,
            min_speech_duration_ms=MIN_SPEECH_MS,
            min_silence_duration_ms=MIN_SILENCE_MS,
            speech_pad_ms=PAD_MS,
            audio_length_samples=samples,
        )
        return [(s["start"], s["end"]) for s in found]


def _import() -> Any:
    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch else 0
    try:
        import onnxruntime  # noqa: F401 - silero-vad needs it for this model and does not ask for it
        import silero_vad
    except ImportError as exc:
        hint = "pip install silero-vad onnxruntime"
        raise ModelMissing("The speech detector (silero-vad) is not installed", hint=hint) from exc
    if torch:
        # Importing it sets this to one for the whole process.
        torch.set_num_threads(threads)
    return silero_vad


def _load(silero: Any) -> Any:
    """Return the onnxruntime session of the model that takes any number of frames at once."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return silero.load_silero_vad(sequence=True).session
    except Exception as exc:  # a damaged file makes onnxruntime raise errors of its own
        raise EngineError("The speech detector could not be loaded", hint="Install silero-vad again.") from exc
