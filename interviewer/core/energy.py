"""Where stretches of speech begin and end, told by how loud the sound is: pure numbers, one level each 10 ms.

A detector of speech knows a voice from a noise, but not to the hundredth of a second where it stops: it waits, it
pads what it found, and it bridges short silences. Loudness knows that, but not what is a voice. So the detector says
where somebody speaks, and loudness moves its edges and opens the silences that it bridged. Where a voice hardly
rises above the room, loudness knows nothing and the detector's word stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Span

STEP_S = 0.01
"""One level for so much sound: finer than any silence that is told of, and a period of most voices."""
SILENCE_DB = -96.0
"""What digital silence is taken for: the last step of 16 bits."""
SHORTEST_SILENCE_S = 0.25
"""Shorter silences lie inside words and between them. The usual limit of research into pauses since
Goldman-Eisler (1968); de Jong and Bosker (2013) found 0.25 to 0.3 s to part pauses from the closures of stops best."""
LONGEST_CLOSURE_S = 0.1
"""The mouth is shut for so long inside a word; an edge is looked for beyond it."""
REACH_S = 0.2
"""A detector's edge is moved outwards by so much at most: what is loud further away is no voice to it."""
LEAST_RISE_DB = 15.0
"""So much must the voice rise above the room: its own levels span some 30 dB, and half of them would drown else."""
ABOVE_ROOM_DB = 6.0
"""Loud is what lies so far above the room; steady noise varies by less than 2 dB from frame to frame."""
BELOW_VOICE_DB = 30.0
"""And what is no further below the voice: fainter sounds are breath and echo. Praat's scripts for counting
pauses (de Jong and Wempe, 2009) take 25 dB below the loudest vowel, which cuts faint consonants off."""

_VOICE_PERCENTILE = 80
_ROOM_PERCENTILE = 20
_ROOM_STEPS = 20  # of silence are enough to know the room by


Levels = NDArray[np.float32]
"""Loudness in dB below full scale, one for each STEP_S."""


def loud_from_db(spans: Sequence[Span], levels_db: Levels) -> float | None:
    """Return the level from which a sound is loud; None where the voice hardly rises above the room.

    `spans` is where somebody speaks. The room is what is heard outside them, or the faintest of what is heard
    inside where nothing is left outside.
    """
    spoken = _inside(spans, len(levels_db))
    if not spoken.any():
        return None
    levels = np.maximum(levels_db, SILENCE_DB)
    voice = float(np.percentile(levels[spoken], _VOICE_PERCENTILE))
    outside = levels[~spoken]
    room = np.percentile(outside, _ROOM_PERCENTILE) if len(outside) >= _ROOM_STEPS else np.percentile(levels, 5)
    if voice - room < LEAST_RISE_DB:
        return None
    return max(float(room) + ABOVE_ROOM_DB, voice - BELOW_VOICE_DB)


def sharpened(spans: Sequence[Span], levels_db: Levels) -> tuple[Span, ...] | None:
    """Return spans of speech, in order and apart, with their edges where the sound begins and ends to be loud.

    Silences of SHORTEST_SILENCE_S and more inside a span cut it in two. None where loudness cannot tell.
    """
    threshold = loud_from_db(spans, levels_db)
    if threshold is None:
        return None
    loud = _closed(levels_db >= threshold)
    steps = [(round(s.start_s / STEP_S), round(s.end_s / STEP_S)) for s in spans]
    found: list[tuple[int, int]] = []
    for place, (first, stop) in enumerate(steps):
        before = steps[place - 1][1] if place else 0
        after = steps[place + 1][0] if place + 1 < len(steps) else len(loud)
        found += _stretches(loud, _outwards(loud, first, stop, before, after))
    return tuple(Span(first * STEP_S, stop * STEP_S) for first, stop in _apart(found))


def _inside(spans: Sequence[Span], count: int) -> NDArray[np.bool_]:
    found = np.zeros(count, dtype=np.bool_)
    for span in spans:
        found[max(0, round(span.start_s / STEP_S)) : max(0, round(span.end_s / STEP_S))] = True
    return found


def _closed(loud: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return `loud` with the gaps closed that lie inside words."""
    closed = loud.copy()
    for (_, end), (begin, _) in pairwise(_runs(loud)):
        if begin - end <= round(LONGEST_CLOSURE_S / STEP_S):
            closed[end:begin] = True
    return closed


def _outwards(loud: NDArray[np.bool_], first: int, stop: int, before: int, after: int) -> tuple[int, int]:
    """Return a span grown while it is loud, by REACH_S at most and not into its neighbours."""
    reach = round(REACH_S / STEP_S)
    least, most = max(before, first - reach), min(after, stop + reach, len(loud))
    first, stop = min(first, len(loud)), min(stop, len(loud))
    while first > least and loud[first - 1]:
        first -= 1
    while stop < most and loud[stop]:
        stop += 1
    return first, stop


def _stretches(loud: NDArray[np.bool_], span: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the loud stretches of a span, joined where too little silence lies between them."""
    found: list[tuple[int, int]] = []
    for begin, end in _runs(loud[span[0] : span[1]]):
        if found and begin - (found[-1][1] - span[0]) < round(SHORTEST_SILENCE_S / STEP_S):
            found[-1] = (found[-1][0], span[0] + end)
        else:
            found.append((span[0] + begin, span[0] + end))
    # A voice fainter than anything that counts as loud is still what the detector took for one.
    return found or [span]


def _apart(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches with those made one that touch."""
    found: list[tuple[int, int]] = []
    for first, stop in stretches:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        elif stop > first:
            found.append((first, stop))
    return found


def _runs(frames: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where stretches of True begin and end, the end not included."""
    edges = np.flatnonzero(np.diff(frames.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]
