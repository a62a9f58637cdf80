"""When in a recording something was said: from the words of a text to the seconds of its clip."""

from __future__ import annotations

from interviewer.core.editing import timed
from interviewer.core.models import PointResult, Span, Transcript


def moment_of(point: PointResult, transcript: Transcript | None) -> Span | None:
    """Return when the evidence for a point was said, in seconds of the clip.

    From the start of its first word to the end of its last, as the recogniser timed them. None
    where there is no evidence, where the words have no times, and where the evidence is not in
    this text.
    """
    place = place_of(point, transcript)
    if transcript is None or place is None or not (words := timed(transcript)):
        return None
    said = words[slice(*place)]
    return Span(said[0].start_s, max(word.end_s for word in said))


def place_of(point: PointResult, transcript: Transcript | None) -> tuple[int, int] | None:
    """Return where the evidence for a point stands among the words of a text: first, and one past the last.

    Where the score says, else where the same words come first: a follow-up is judged together with
    the answer before it, so its places are counted from there. None where the text does not have them.
    """
    wanted = point.evidence.split()
    if transcript is None or not wanted:
        return None
    said = transcript.text.split()
    last = len(said) - len(wanted)
    found = (i for i in (point.words[0], *range(last + 1)) if said[i : i + len(wanted)] == wanted)
    first = next(found, None)
    return None if first is None else (first, first + len(wanted))
