"""Word error rates: how many words of a text were written down wrong.

Texts are made alike first by the whisper package's own normaliser for English: small letters, no
punctuation, numbers in digits, one spelling for British and American. It drops what hesitates
(um, uh, hmm) and what stands in brackets. Both sides go through it, so neither gains by it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Normalise = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Errors:
    """Wrong words and how many there were to write down."""

    wrong: int
    words: int

    @property
    def rate(self) -> float:
        """Wrong words for each word that was said; more than one where much was made up, 0 where nothing was said."""
        return self.wrong / self.words if self.words else 0.0


def normaliser() -> Normalise:
    """Return what makes texts alike. It is built from large tables: make it once."""
    from whisper.normalizers import EnglishTextNormalizer

    with warnings.catch_warnings():
        # It leaves its table of spellings open.
        warnings.simplefilter("ignore", ResourceWarning)
        normalise: Normalise = EnglishTextNormalizer()
    return normalise


def errors(said: str, written: str, normalise: Normalise) -> Errors:
    """Compare a text with what was said."""
    words = normalise(said).split()
    return Errors(distance(words, normalise(written).split()), len(words))


def pooled(found: Iterable[Errors]) -> Errors:
    """Return the errors of several texts as of one: each word counts the same, not each text."""
    rows = list(found)
    return Errors(sum(e.wrong for e in rows), sum(e.words for e in rows))


def distance(said: Sequence[str], written: Sequence[str]) -> int:
    """Return how many words at least were put in, left out or exchanged (Levenshtein)."""
    row = list(range(len(written) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(written, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
