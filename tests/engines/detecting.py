"""The real speech detector over a whole recording."""

from __future__ import annotations

import numpy as np

from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import FRAME
from interviewer.engines.segment_silero import SileroDetector


def padded(samples: FloatArray) -> FloatArray:
    """Return samples with silence behind them up to whole frames."""
    return np.pad(samples, (0, -len(samples) % FRAME))


def speech_spans(samples: FloatArray, detector: SileroDetector | None = None) -> tuple[Span, ...]:
    """Return the stretches of speech, in order and apart."""
    detector = detector or SileroDetector()
    detector.reset()
    found = detector.spans(detector.probabilities(padded(samples)), len(samples))
    return tuple(Span(start / MODEL_RATE_HZ, end / MODEL_RATE_HZ) for start, end in found)
