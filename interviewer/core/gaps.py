"""Sound that a microphone did not deliver: which of it is told, in which words, and when it ends a recording."""

from __future__ import annotations

from interviewer.core.errors import DeviceError

STALLED_S = 2.0
"""A device that delivered and then nothing for so long is not coming back by itself."""
TOLD_MS = 200
"""A syllable takes about so long: of less, no word is missing. On a busy computer up to 112 ms go astray in
six seconds (measured), which nobody hears; they are kept with the clip and not shown."""
DRIFT_PPM = 200
"""Two clocks never agree: a sound card's crystal and the computer's are up to 100 millionths off each, which no more
is missing sound than a slow watch is a lost hour. Counts from a quarter of an hour on."""

_TRY_ANOTHER = "Check that the microphone is connected and switched on, or choose another in Settings."


def told_gap_ms(gap_ms: int, seconds: float) -> int:
    """Return how much of a gap in `seconds` of sound is told, in steps of 100 ms; 0 for what is not worth it."""
    threshold_ms = max(TOLD_MS, seconds * DRIFT_PPM / 1000)
    return round(gap_ms, -2) if gap_ms >= threshold_ms else 0


def missing_now(told_ms: int) -> str:
    """Return what is said of a gap while the recording goes on."""
    return f"{told_ms / 1000:.1f} s of sound did not arrive from the microphone"


def missing_in_clip(gap_ms: int, seconds: float) -> str:
    """Return what is said of a gap beside a recording of `seconds`; "" when it is not told."""
    told_ms = told_gap_ms(gap_ms, seconds)
    return f"{told_ms / 1000:.1f} s are missing in this recording" if told_ms else ""


def stopped(quiet_s: float, *, resumed: bool) -> DeviceError:
    """Return why a recording ended after `quiet_s` seconds without sound.

    `resumed` says that sound comes again. Then, and after far more than STALLED_S, nobody
    was awake to see it stop: a sleeping computer looks the same as a microphone that
    stopped, and what comes now must not be glued to what was said before.
    """
    if not resumed and quiet_s < 2 * STALLED_S:
        return DeviceError("The microphone stopped delivering sound", hint=_TRY_ANOTHER)
    fact = f"The computer slept, or the microphone stopped, for {_length(quiet_s)}"
    return DeviceError(fact, hint="What was said before is kept; go on with a new answer.")


def _length(seconds: float) -> str:
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
