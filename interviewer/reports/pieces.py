"""The words of an answer with what is marked in them: fillers, pauses, and what proved a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.core.delivery import is_long
from interviewer.core.editing import heard_words
from interviewer.core.models import Coverage, Pause, PointResult, Transcript, Word
from interviewer.core.text import bare
from interviewer.core.words import FILLERS

_TONES = {Coverage.COVERED: "good", Coverage.PARTLY: "warn", Coverage.CONTRADICTED: "bad"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a pause between two. Seconds of the clip, None when unknown."""

    text: str
    kind: str = ""
    """"filler", "pause", "long" for a long pause, "" for any other word."""
    tone: str = ""
    """good, warn or bad: of the point that this word is evidence for; "" for any other."""
    start_s: float | None = None
    end_s: float | None = None


def pieces(
    transcript: Transcript, pauses: Sequence[Pause] = (), points: Sequence[PointResult] = ()
) -> tuple[Piece, ...]:
    """Return the words of an answer in order, with its pauses between them.

    Pauses are placed by time, so only where words have times. Evidence is placed by counting
    words, so only where those with times are those of the text.
    """
    heard = heard_words(transcript)
    words = heard or tuple(Word(text, 0.0, 0.0, 1.0) for text in transcript.text.split())
    tones = _tones(len(words), points if len(words) == len(transcript.text.split()) else ())
    rest = sorted(pauses, key=_start) if heard else []
    found: list[Piece] = []
    for word, tone in zip(words, tones, strict=True):
        # Half way through: word times are guesses, pauses are measured.
        while rest and (rest[0].start_s + rest[0].end_s) / 2 <= word.start_s:
            found.append(_pause(rest.pop(0)))
        kind = "filler" if bare(word.text) in FILLERS else ""
        start_s, end_s = (word.start_s, word.end_s) if heard else (None, None)
        found.append(Piece(word.text.strip(), kind, tone, start_s, end_s))
    return tuple(found)


def _start(pause: Pause) -> float:
    return pause.start_s


def _pause(pause: Pause) -> Piece:
    kind = "long" if is_long(pause) else "pause"
    return Piece(f"[{pause.seconds:.1f} s]", kind, "", pause.start_s, pause.end_s)


def _tones(count: int, points: Sequence[PointResult]) -> list[str]:
    """Return a tone for each word; what was said the wrong way round comes before the rest."""
    found = [""] * count
    for point in sorted(points, key=_is_contradicted):
        first, stop = point.words
        if point.coverage in _TONES and 0 <= first < stop <= count:
            found[first:stop] = [_TONES[point.coverage]] * (stop - first)
    return found


def _is_contradicted(point: PointResult) -> bool:
    return point.coverage is Coverage.CONTRADICTED
