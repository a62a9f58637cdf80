"""How loud a recording is, each 10 ms of it, while it comes in: what `core.energy` reads."""

from __future__ import annotations

import numpy as np

from interviewer.core.energy import SILENCE_DB, STEP_S, Levels
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import clean

STEP = round(STEP_S * MODEL_RATE_HZ)
"""Samples to a level."""


class LevelMeter:
    """Takes a recording in blocks of any size; the same sound gives the same levels. Not thread-safe.

    Keeps four bytes for each 10 ms: 1.4 MB an hour.
    """

    def __init__(self) -> None:
        self._rest = np.zeros(0, dtype=np.float32)
        self._levels: list[Levels] = []

    def add(self, samples: FloatArray) -> None:
        """Take more of the recording: mono, MODEL_RATE_HZ, shape (n,)."""
        sound = np.concatenate([self._rest, clean(samples)])
        count = len(sound) // STEP
        self._rest = sound[count * STEP :].copy()
        if count:
            self._levels.append(_levels(sound[: count * STEP].reshape(count, STEP)))

    def finish(self) -> Levels:
        """Return every level in dB below full scale, shape (n,); what fills no whole step is left out."""
        return np.concatenate(self._levels) if self._levels else np.zeros(0, dtype=np.float32)


def _levels(frames: FloatArray) -> Levels:
    # Around the mean of each: a sound card's offset, and most of a hum, is no loudness.
    spread = frames.astype(np.float64).std(axis=1)
    levels: Levels = (20 * np.log10(np.maximum(spread, 10 ** (SILENCE_DB / 20)))).astype(np.float32)
    return levels
