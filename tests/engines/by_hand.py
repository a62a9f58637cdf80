"""An input that a test moves by hand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from interviewer.engines.block import Block
from interviewer.engines.recording import Deliver, Lost

RATE_HZ = 8000
LOUD = np.full(400, 0.5, dtype=np.float32)
"""A twentieth of a second."""


@dataclass
class ByHand:
    """An input whose blocks come when a test says so."""

    error: Exception | None = None
    deliver: Deliver = lambda _block: None
    lost: Lost = lambda _error: None
    opened: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    now_s: float = 0.0

    def open(self, deliver: Deliver, lost: Lost) -> int:
        if self.error is not None:
            raise self.error
        self.deliver, self.lost = deliver, lost
        self.opened.set()
        return RATE_HZ

    def end(self) -> None:
        self.ended.set()

    def close(self) -> None:
        self.closed.set()

    def give(self, samples: np.ndarray, *, late_s: float = 0.0) -> None:
        """Deliver a block that is complete `late_s` later than it would be after the one before."""
        self.now_s += len(samples) / RATE_HZ + late_s
        self.deliver(Block(samples, self.now_s))
