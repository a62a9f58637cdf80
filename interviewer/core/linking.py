"""Which sentence of an example answer makes which key point: by the content words that they share.

No model is asked. On the 134 points of the bank that ships, the sentence with the nearest words is the one that the
sentence model takes for the nearest in 131; where they differ, either will do.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.core.models import Question
from interviewer.core.text import Segment, is_stop_word, parts, sentences, stem

FEWEST_SHARED = 2
"""Content words; a point that has fewer must be there whole."""
LEAST_SHARE = 0.3
"""Of a point's content words. All points of the bank that ships reach .4 in their own example, six of 134 reach .3 in
the example of another question."""
SHORT_SENTENCE = 4
"""Added to the length of a sentence: of two words, one is soon shared."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example answer cut into sentences, and where its points are made."""

    words: tuple[str, ...]
    """Split at whitespace."""
    sentences: tuple[Segment, ...]
    """Together they cover every word once."""
    places: tuple[int | None, ...]
    """For each point the number of its sentence; None where no single sentence makes it."""

    def text(self, sentence: int) -> str:
        """Return a sentence as it is written."""
        found = self.sentences[sentence]
        return " ".join(self.words[found.start : found.stop])

    def points(self, sentence: int) -> tuple[int, ...]:
        """Return the numbers of the points that a sentence makes, from 0."""
        return tuple(k for k, place in enumerate(self.places) if place == sentence)


NO_EXAMPLE = Example((), (), ())


def example_of(question: Question | None, points: Sequence[str] | None = None) -> Example:
    """Return the example answer of a bank's entry with the places of its points.

    `points` are the texts that were judged, where those are not the entry's own: a bank may
    have been edited since. Without an entry there is no example.
    """
    if question is None:
        return NO_EXAMPLE
    terms = {k.text: " ".join(k.terms) for k in question.key_points}
    texts = [*terms] if points is None else points
    return linked(question.example_answer, [f"{text} {terms.get(text, '')}" for text in texts])


def linked(example: str, points: Sequence[str]) -> Example:
    """Cut an example into sentences and find that of each point."""
    words = tuple(example.split())
    found = sentences(words)
    bags = [content(words[s.start : s.stop]) for s in found]
    known = Counter(word for bag in bags for word in bag)
    # A word of every sentence tells none of them apart.
    worth = {word: math.log(1.0 + len(bags) / count) for word, count in known.items()}
    return Example(words, found, tuple(_place(content(p.split()), bags, worth) for p in points))


def content(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of the words that are no function words."""
    return frozenset(stem(p) for w in words for p in parts(w) if not is_stop_word(p))


def _place(point: frozenset[str], bags: Sequence[frozenset[str]], worth: dict[str, float]) -> int | None:
    fewest = max(min(FEWEST_SHARED, len(point)), LEAST_SHARE * len(point))
    near = [i for i, bag in enumerate(bags) if point and len(point & bag) >= fewest]
    return max(near, key=lambda i: _nearness(point, bags[i], worth), default=None)


def _nearness(point: frozenset[str], bag: frozenset[str], worth: dict[str, float]) -> float:
    # In order: sums of the same numbers in another order may differ in the last digit.
    return math.fsum(worth[word] for word in point & bag) / math.sqrt(SHORT_SENTENCE + len(bag))
