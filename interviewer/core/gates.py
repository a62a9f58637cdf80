"""Reasons to mark an answer down that nearness alone does not see.

Each gate is a factor and one sentence for the candidate. Bounds are those of the design
note "Scoring", section 5; they were set so that answers of real students pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from interviewer.core.text import is_stop_word, parts, stem
from interviewer.core.words import GENERIC_WORDS

NEIGHBOURS = 4
"""Content words: two words of the reference this close are neighbours."""
MISTAKE_MARGIN = 0.20
"""A sentence is a mistake when it is nearer to it than to every key point by more than this.

Being nearer to the mistake than to its correction and to every sentence of the examples is
asked as well: without that, two of the first 24 example answers were taken for mistakes.
"""
MISTAKE_NEARNESS = 0.38
"""And as near to it as a key point must be to count as covered."""
MISTAKE_FACTOR = 0.4
MOST_MISTAKES = 2
"""Mistakes that lower the score; each further one would only say the same again."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a check makes of an answer: a factor 0 to 1, and a sentence, "" when it did not fire."""

    factor: float = 1.0
    note: str = ""


PASSED = Gate()


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x), without overflow for the arguments that similarities can give."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def point_hit(best_nearness: float) -> Gate:
    """Halve, smoothly, an answer of which no sentence comes near any key point."""
    factor = 0.5 + 0.5 * sigmoid((best_nearness - 0.32) / 0.03)
    return Gate(factor, "" if best_nearness >= 0.32 else "None of the key points was recognised in this answer.")


def read_back(
    pieces: Sequence[str], question_stems: AbstractSet[str], *, tokens: int, to_question: float, to_reference: float
) -> Gate:
    """Mark down the question said again, with or without padding.

    `to_question` and `to_reference` are cosines of whole texts. Short answers may bring no
    word of their own, longer ones two; words that fit any answer do not count as their own.
    """
    own = [p for w in pieces for p in parts(w) if not is_stop_word(p) and p not in GENERIC_WORDS]
    own = [p for p in own if stem(p) not in question_stems]
    allowed = 0 if tokens < 15 else 2
    if len(own) <= allowed and to_question > 0.75 and to_reference - to_question < -0.08:
        return Gate(0.15, "This mostly repeats the question.")
    return PASSED


def keyword_list(pieces: Sequence[str], references: Sequence[Sequence[str]], points: Sequence[str]) -> Gate:
    """Mark down words strung together without grammar, or picked from the examples out of order.

    All arguments are pieces of texts; `points` are those of all key points, one after the
    other. A reference that is a list itself asks for one.
    """
    if _bare_list(pieces, references) or any(_out_of_order(pieces, text) for text in (*references, points)):
        return Gate(0.4, "This sounds like a list of keywords; say how they hang together.")
    return PASSED


def _bare_list(pieces: Sequence[str], references: Sequence[Sequence[str]]) -> bool:
    words = [p for p in pieces if parts(p)]
    prose = all(_function_share(r) > 0.25 for r in references)
    return prose and len(words) >= 10 and _function_share(words) < 0.10


def _function_share(pieces: Sequence[str]) -> float:
    words = [p for p in pieces if parts(p)]
    return sum(map(is_stop_word, words)) / max(1, len(words))


def _out_of_order(pieces: Sequence[str], reference: Sequence[str]) -> bool:
    expected = _content_stems(reference)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(expected):
        places.setdefault(word, []).append(place)
    matched = [w for w in _content_stems(pieces) if w in places]
    if len(set(matched)) <= 0.6 * len(places):
        return False
    pairs = [(a, b) for a, b in pairwise(matched) if a != b]
    in_order = sum(any(0 < j - i <= NEIGHBOURS for i in places[a] for j in places[b]) for a, b in pairs)
    return len(pairs) >= 6 and in_order < 0.36 * len(pairs)


def _content_stems(pieces: Sequence[str]) -> list[str]:
    return [stem(p) for w in pieces if not is_stop_word(w) for p in parts(w)]


@dataclass(frozen=True, slots=True)
class Slip:
    """A sentence of an answer beside a known mistake: how near it comes to what."""

    sentence: str
    correction: str
    to_mistake: float
    to_points: float
    """Nearness to the nearest key point."""
    to_truth: float
    """Nearness to the correction or the nearest sentence of an example answer, whichever is nearer."""

    @property
    def made(self) -> bool:
        """Whether the sentence says the mistake, rather than the truth about the same thing."""
        margin = self.to_mistake - self.to_points
        return self.to_mistake >= MISTAKE_NEARNESS and margin > MISTAKE_MARGIN and self.to_mistake > self.to_truth


def mistakes(slips: Sequence[Slip]) -> tuple[Gate, ...]:
    """Return a gate for each known mistake that was made, the clearest first, MOST_MISTAKES at most.

    `slips` may hold any number of sentences for one mistake; the clearest of them speaks for it.
    """
    clearest: dict[str, Slip] = {}
    for slip in sorted(slips, key=lambda s: s.to_points - s.to_mistake):
        if slip.made:
            clearest.setdefault(slip.correction, slip)
    told = [f"Check this: “{s.sentence}” {s.correction}" for s in clearest.values()]
    return tuple(Gate(MISTAKE_FACTOR, note) for note in told[:MOST_MISTAKES])
