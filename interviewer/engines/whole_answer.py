"""An answer that is there as a whole, written down by what writes answers down while they are spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interviewer.core.models import Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray, Transcriber

FED_SAMPLES = 10 * MODEL_RATE_HZ
"""Fed at a time, so that progress can be told."""


def hear(
    transcriber: Transcriber,
    samples: FloatArray,
    terms: Sequence[str] = (),
    *,
    progress: Callable[[float], None] | None = None,
) -> Transcript:
    """Write down sound that is there as a whole, as `Transcriber.feed` takes it; `progress` is told 0 to 1.

    Raises EngineError.
    """
    transcriber.begin(terms)
    for first in range(0, len(samples), FED_SAMPLES):
        transcriber.feed(samples[first : first + FED_SAMPLES])
        if progress is not None:
            progress(min(1.0, (first + FED_SAMPLES) / len(samples)))
    return transcriber.finish()
