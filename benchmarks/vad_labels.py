"""Where a recording holds sound that may be speech, told by energy alone: what a detector is measured against.

No speech detector has a part in it, so that none is measured against itself. Each number is taken
from what is known of speech and of noise, none from a result:

- Frames of 32 ms, one each 10 ms, by their power above 100 Hz: what tells words apart lies there, most hum does not.
- The noise floor is the level that a tenth of the frames stay below: even running speech has its
  closures and gaps for so much of the time. A frame is loud from 6 dB above it. Steady noise
  varies from frame to frame by 0.4 dB (white) to 1.7 dB (rumbling): it seldom gets there, and not for long.
- But not less than 35 dB below the clip's loud frames (95th percentile). The levels of speech span
  about 30 dB, fainter sounds are breath and echo; without this the dead silence that editors put
  between sentences would make the slightest rustle speech.
- Gaps of up to 100 ms are closed: stops keep the mouth shut for so long inside a word.
- Stretches that are then shorter than 100 ms are clicks: no word that stands alone is so short, and
  the window makes 30 ms of the shortest click.

Energy cannot tell a voice from a cough, a chair or music: such sounds count as speech here. What is
missing from a piece may therefore be right to be missing; whoever reads a low figure has to look where.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

STEP_S = 0.01
WINDOW = 512
LOWEST_HZ = 100
FLOOR_PERCENTILE = 10
LOUD_PERCENTILE = 95
ABOVE_FLOOR_DB = 6.0
BELOW_LOUD_DB = 35.0
GAP_S = 0.1
CLICK_S = 0.1
SILENCE_DB = -120.0

Frames = NDArray[np.bool_]
"""One truth for each 10 ms."""

_STEP = round(STEP_S * MODEL_RATE_HZ)


def levels_db(samples: FloatArray) -> NDArray[np.float64]:
    """Return the level of each 10 ms in dBFS, heard in a window of 32 ms around its middle."""
    count = len(samples) // _STEP
    before = (WINDOW - _STEP) // 2
    padded = np.pad(np.asarray(samples, dtype=np.float64), (before, WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: count * _STEP : _STEP]
    shape = np.hanning(WINDOW)
    spectra = np.abs(np.fft.rfft(frames * shape, axis=1)) ** 2
    audible = np.fft.rfftfreq(WINDOW, 1 / MODEL_RATE_HZ) >= LOWEST_HZ
    # Twice, for the half of the spectrum that is not computed.
    power = 2 * spectra[:, audible].sum(axis=1) / (WINDOW * np.sum(shape**2))
    return 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10)))


def threshold_db(levels: NDArray[np.float64]) -> float:
    """Return the level from which a frame is loud."""
    floor, loud = np.percentile(levels, [FLOOR_PERCENTILE, LOUD_PERCENTILE])
    return float(max(floor + ABOVE_FLOOR_DB, loud - BELOW_LOUD_DB))


def labelled(samples: FloatArray) -> Frames:
    """Return for each whole 10 ms whether it counts as speech. `samples` is float32, mono, MODEL_RATE_HZ, (n,)."""
    levels = levels_db(samples)
    if not len(levels) or levels.max() <= SILENCE_DB:
        return np.zeros(len(levels), dtype=np.bool_)
    found = levels >= threshold_db(levels)
    for first, end in runs(~found):
        if first > 0 and end < len(found) and end - first <= round(GAP_S / STEP_S):
            found[first:end] = True
    for first, end in runs(found):
        if end - first < round(CLICK_S / STEP_S):
            found[first:end] = False
    return found


def inside(parts: Iterable[Span], count: int) -> Frames:
    """Return for each of `count` times 10 ms whether its middle lies in one of the parts."""
    middles = (np.arange(count) + 0.5) * STEP_S
    found = np.zeros(count, dtype=np.bool_)
    for part in parts:
        found |= (middles >= part.start_s) & (middles < part.end_s)
    return found


def runs(frames: Frames) -> list[tuple[int, int]]:
    """Return where stretches of True begin and end, the end not included."""
    edges = np.flatnonzero(np.diff(frames.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def seconds(frames: Frames) -> float:
    """Return how many seconds are True."""
    return float(frames.sum()) * STEP_S
