"""An answer cut into passages to show: plain words, fillers, pauses, evidence. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from interviewer.core.delivery import is_long
from interviewer.core.editing import heard_words
from interviewer.core.models import Coverage, Pause, PointResult, Transcript, Word
from interviewer.core.text import bare, phrase_at
from interviewer.core.words import FILLER_PHRASES, FILLERS, HEDGES
from interviewer.gui.writing import is_right_to_left


class Kind(Enum):
    """How a passage is marked."""

    PLAIN = "plain"
    FILLER = "filler"
    """A sound such as "um"."""
    HEDGE = "hedge"
    """Words that fill or soften, such as "you know" and "maybe"."""
    PAUSE = "pause"
    LONG_PAUSE = "long pause"


PAUSES = (Kind.PAUSE, Kind.LONG_PAUSE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A word, or a pause between words. Times are seconds from the start of the clip, None when unknown."""

    text: str
    kind: Kind = Kind.PLAIN
    start_s: float | None = None
    end_s: float | None = None
    coverage: Coverage | None = None
    """The state of the point that this word is evidence for; None for any other word."""


def passages(
    transcript: Transcript, pauses: Sequence[Pause] = (), points: Sequence[PointResult] = ()
) -> tuple[Passage, ...]:
    """Return the words of an answer in order, with its pauses between them.

    Pauses are placed by time, so only where words have times; typed and corrected texts have none.
    Evidence is placed by counting the words of the text, so only where times are known for those.
    """
    words = heard_words(transcript)
    has_times = bool(words)
    words = words or tuple(Word(text, 0.0, 0.0, 1.0) for text in transcript.text.split())
    kinds = _kinds([w.text for w in words])
    rests = _evidence(len(words), points if len(words) == len(transcript.text.split()) else ())
    rest = list(pauses) if has_times else []
    aside = is_right_to_left(transcript.text)
    found: list[Passage] = []
    for place, word in enumerate(words):
        # Half way through, because word times are guesses and pauses are measured.
        while rest and (rest[0].start_s + rest[0].end_s) / 2 <= word.start_s:
            found.append(_pause(rest.pop(0), isolated=aside))
        start_s, end_s = (word.start_s, word.end_s) if has_times else (None, None)
        found.append(Passage(word.text.strip(), kinds[place], start_s, end_s, rests[place]))
    return tuple(found)


def _pause(pause: Pause, *, isolated: bool) -> Passage:
    kind = Kind.LONG_PAUSE if is_long(pause) else Kind.PAUSE
    words = f"[{pause.seconds:.1f} s]"
    # Among words from right to left the brackets and the unit would change places.
    text = f"\N{LEFT-TO-RIGHT ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}" if isolated else words
    return Passage(text, kind, pause.start_s, pause.end_s)


def _evidence(count: int, points: Sequence[PointResult]) -> list[Coverage | None]:
    """Return for each word what it is evidence for; what was said the wrong way round comes before the rest."""
    found: list[Coverage | None] = [None] * count
    for point in sorted(points, key=lambda p: p.coverage is Coverage.CONTRADICTED):
        first, stop = point.words
        if point.coverage is not Coverage.MISSED and first < stop <= count:
            found[first:stop] = [point.coverage] * (stop - first)
    return found


def _kinds(words: Sequence[str]) -> list[Kind]:
    spoken = [bare(word) for word in words]
    kinds = [Kind.FILLER if word in FILLERS else Kind.PLAIN for word in spoken]
    for place in range(len(spoken)):
        length = phrase_at(spoken, place, (*FILLER_PHRASES, *HEDGES))
        kinds[place : place + length] = [Kind.HEDGE] * length
    return kinds
