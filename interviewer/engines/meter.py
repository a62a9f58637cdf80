"""A recording that is never kept: behind the level meter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Clip


class KeepsNothing:
    """Takes the blocks of a recorder and forgets them; counts frames and writes no file."""

    def __init__(self, path: Path, sample_rate_hz: int) -> None:
        self._path = path
        self._rate_hz = sample_rate_hz
        self._frames = 0

    @property
    def frames(self) -> int:
        """Frames that came by."""
        return self._frames

    @property
    def left_s(self) -> float | None:
        """None: no disk is written on."""
        return None

    def write(self, samples: NDArray[np.int16]) -> None:
        """Count the samples and drop them."""
        self._frames += len(samples)

    def finish(self) -> Clip:
        """Return a clip of what came by; there is no file behind it."""
        return Clip(self._path, self._rate_hz, self._frames)

    def abandon(self) -> None:
        """Nothing is there to remove."""
