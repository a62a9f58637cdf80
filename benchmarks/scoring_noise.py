"""What speech does to a text: words misrecognised, fillers put in, punctuation gone. No model, all seeded."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Iterable

from interviewer.core.text import bare

MISHEARD = 0.10
"""Share of words that are misrecognised."""
KINDS = ("substitution", "deletion", "insertion")
WEIGHTS = (6, 2, 2)
"""How often each happens: about what recognisers do to spontaneous speech."""
LENGTH_APART = 2
"""Letters that a word heard instead may be longer or shorter."""
LEAST_ALIKE = 0.5
"""`difflib` ratio below which two words do not count as similarly spelled."""
WORDS_PER_FILLER = 4
SPOKEN_FILLERS = ("um", "uh", "you know,", "like,", "I mean,", "er", "so,", "basically,")

_MARKS = re.compile(r"^(\W*)\w(?:.*\w)?(\W*)$", re.DOTALL)


class Mishearing:
    """Misrecognises words as others of one vocabulary; the same seed gives the same errors."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._vocabulary = sorted({w for text in texts for w in map(bare, text.split()) if w})
        self._alike: dict[str, str] = {}

    def misheard(self, text: str, seed: int, share: float = MISHEARD) -> str:
        """Return `text` with that share of its words wrong, and its white space as single spaces.

        Where the share is no whole number of words chance rounds it, so that over many texts it is met.
        """
        words = text.split()
        chance = random.Random(seed)
        count = int(len(words) * share + chance.random())
        for place in sorted(chance.sample(range(len(words)), min(count, len(words))), reverse=True):
            match chance.choices(KINDS, WEIGHTS)[0]:
                case "substitution":
                    words[place] = self._instead(words[place], chance)
                case "deletion":
                    del words[place]
                case _:
                    words.insert(place, chance.choice(self._vocabulary))
        return " ".join(words)

    def _instead(self, word: str, chance: random.Random) -> str:
        """Return the word of the vocabulary that is spelled most like this one, with its punctuation."""
        plain = bare(word)
        if plain not in self._alike:
            near = [w for w in self._vocabulary if w != plain and abs(len(w) - len(plain)) <= LENGTH_APART]
            self._alike[plain] = next(iter(difflib.get_close_matches(plain, near, n=1, cutoff=LEAST_ALIKE)), "")
        before, after = _marks(word)
        return before + (self._alike[plain] or chance.choice(self._vocabulary)) + after


def _marks(word: str) -> tuple[str, str]:
    """Return the punctuation before and behind a word."""
    found = _MARKS.match(word)
    return (found[1], found[2]) if found else ("", "")


def with_fillers(text: str, seed: int) -> str:
    """Return `text` with about one filler before every WORDS_PER_FILLER words."""
    chance = random.Random(seed)
    said = []
    for word in text.split():
        if chance.random() < 1.0 / WORDS_PER_FILLER:
            said.append(chance.choice(SPOKEN_FILLERS))
        said.append(word)
    return " ".join(said)


def without_punctuation(text: str) -> str:
    """Return `text` in small letters without punctuation, as some recognisers write."""
    return " ".join(filter(None, map(bare, re.sub(r"[,;:.!?…()\"“”–—]", " ", text).split())))
