"""The outline of a recording: how far its wave reaches, hundredth by hundredth of a second."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.core.ports import FloatArray

COLUMNS_A_SECOND = 100
"""A column is a third of the shortest sounds of speech, and a minute has more of them than a screen has pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Lowest and highest sample of each column: float32, shape (n,), -1 to 1; `seconds` is the whole length."""

    seconds: float
    low: FloatArray
    high: FloatArray
