"""How much room a recording has, in bytes and in minutes, and what is said of it."""

from __future__ import annotations

from interviewer.core.errors import StoreError

FLOOR_BYTES = 50_000_000
"""What a recording never takes of a disk. An answer of three minutes adds 23 kB to the database (measured), so
this keeps, for a thousand answers, the copy of the database that is made before a migration (23 MB), the journal of
one transaction beside it, and the text and the score of what was just recorded."""
TOLD_UNDER_MIN = 30
"""From so few minutes on the window counts them: a whole interview may be longer."""

_BYTES_A_FRAME = 2
_AGAIN_AFTER_S = 60.0


def seconds_left(free_bytes: int, sample_rate_hz: int) -> float:
    """Return how much PCM16 mono sound fits into what is free above the floor; never negative."""
    return max(0, free_bytes - FLOOR_BYTES) / (_BYTES_A_FRAME * sample_rate_hz)


def minutes_left(left_s: float | None) -> int | None:
    """Return the whole minutes to be shown; None where there is plenty, or where nobody knows."""
    if left_s is None or left_s >= 60 * TOLD_UNDER_MIN:
        return None
    return int(left_s // 60)


def is_news(told: int | None, now: int | None, since_s: float) -> bool:
    """Return whether `now` is to be told, `since_s` seconds after `told` was.

    Fewer minutes are told at once; more of them a minute later at the earliest, so that
    a disk that others write on and delete from does not make the figure flicker.
    """
    if now == told:
        return False
    falls = now is not None and (told is None or now < told)
    return falls or since_s >= _AGAIN_AFTER_S


def space_words(minutes: int) -> str:
    """Return what the window shows, such as "12 minutes of space left"."""
    if minutes < 1:
        return "Less than a minute of space left"
    return f"{minutes} minute{'' if minutes == 1 else 's'} of space left"


def no_space(free_bytes: int) -> StoreError:
    """Return why nothing can be recorded with so little room."""
    fact = f"There is too little space to record an answer: {_megabytes(free_bytes)} are free on this disk"
    return StoreError(fact, hint=f"{_ROOM} Or type the answer instead.")


def space_ran_out(free_bytes: int) -> StoreError:
    """Return why a recording ended at the floor."""
    fact = f"The recording stopped: only {_megabytes(free_bytes)} are free on this disk"
    return StoreError(fact, hint=f"What was said so far is kept. {_ROOM}")


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.0f} MB"


_ROOM = f"Free some space: {_megabytes(FLOOR_BYTES)} are left alone, so that texts and scores can still be kept."
