"""Takes the outline of a recording, reading it once and keeping none of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from interviewer.core.envelope import COLUMNS_A_SECOND, Envelope
from interviewer.core.ports import FloatArray
from interviewer.engines.sound_file import mono_blocks, no_sound


def read_envelope(path: Path) -> Envelope:
    """Return the outline of a sound file. Blocks while it reads; raises AudioError as `read_sound` does."""
    lows: list[FloatArray] = []
    highs: list[FloatArray] = []
    frames = 0
    with mono_blocks(path) as (rate_hz, blocks):
        for block in blocks:
            starts = _starts(frames, len(block), rate_hz)
            low, high = np.minimum.reduceat(block, starts), np.maximum.reduceat(block, starts)
            if frames and frames * COLUMNS_A_SECOND % rate_hz >= COLUMNS_A_SECOND:
                # The block begins inside a column.
                lows[-1][-1] = min(lows[-1][-1], low[0])
                highs[-1][-1] = max(highs[-1][-1], high[0])
                low, high = low[1:], high[1:]
            if len(low):
                lows.append(low)
                highs.append(high)
            frames += len(block)
    if not frames:
        raise no_sound(path)
    return Envelope(frames / rate_hz, np.clip(np.concatenate(lows), -1, 1), np.clip(np.concatenate(highs), -1, 1))


def _starts(frame: int, count: int, rate_hz: int) -> list[int]:
    """Return where the columns of `count` samples begin in them, given that `frame` came before."""
    first, last = (at * COLUMNS_A_SECOND // rate_hz for at in (frame, frame + count - 1))
    # A column begins at the first sample that is not before it.
    later = (-(-column * rate_hz // COLUMNS_A_SECOND) - frame for column in range(first + 1, last + 1))
    return [0, *later]
