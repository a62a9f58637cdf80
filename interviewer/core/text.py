"""Words, stems and sentences of English text, punctuated or not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from interviewer.core.words import ABBREVIATIONS, CLAUSE_STARTS, FILLER_PHRASES, FILLERS, STOP_WORDS

LONGEST_SENTENCE = 26
"""Words; longer sentences hold several claims, and speech without punctuation is one endless sentence."""
SHORTEST_CLAUSE = 6
"""Words; cutting shorter ones off loses what they refer to."""
KNOWN_WORDS = 20_000
"""Kept with what was made of them: an answer is mostly words that were met before."""

# Each of these finds its match or fails in one pass, whatever a "word" of a hundred thousand marks looks like.
_BARE = re.compile(r"[\w+#](?:.*[\w+#])?", re.DOTALL)
_PARTS = re.compile(r"[^\W_]+[+#]*(?:'[a-z]+)?")
_PIECES = re.compile(r"[^\W_]+(?:['’][^\W_]+)*[+#]*|\S")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:–—][\"'”’)\]]*$")
_HALVES = re.compile("[\ud800-\udfff]")

# Longest first. Replacing rather than only cutting keeps "queries" and "query" together.
_SUFFIXES = (
    ("ations", "ate"), ("ation", "ate"), ("ators", "ate"), ("ator", "ate"), ("ating", "ate"), ("ated", "ate"),
    ("ates", "ate"), ("iness", "y"), ("ments", ""), ("ment", ""), ("ness", ""), ("ities", ""), ("ity", ""),
    ("sses", "ss"), ("ings", ""), ("ing", ""), ("ies", "y"), ("ied", "y"), ("ers", ""), ("ous", ""), ("ed", ""),
    ("er", ""), ("es", ""), ("ly", ""), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip


def unbroken(text: str) -> str:
    """Return a text of the same length without halves of characters (lone surrogates): no tokenizer takes them."""
    return _HALVES.sub("\ufffd", text)


def bare(word: str) -> str:
    """Return a word in lower case without the punctuation around it; "" when nothing is left."""
    found = _BARE.search(word.lower().replace("’", "'"))
    return found[0] if found else ""


@lru_cache(KNOWN_WORDS)
def parts(word: str) -> tuple[str, ...]:
    """Return the words inside a word: "PUT/POST" is "put" and "post"; empty for punctuation alone."""
    return tuple(_PARTS.findall(word.lower().replace("’", "'")))


def has_words(text: str) -> bool:
    """Return whether there is any letter or digit in `text`."""
    return any(c.isalnum() for c in text)


@lru_cache(KNOWN_WORDS)
def stem(part: str) -> str:
    """Return what forms of one word share: a cut-down stemmer after the manner of Porter (1980).

    Only ever used to compare words with each other; what it returns need not be a word.
    """
    part = part.removesuffix("'s").replace("'", "")
    for suffix, instead in _SUFFIXES:
        if part.endswith(suffix) and len(part) - len(suffix) >= 3:
            part = part[: -len(suffix)] + instead
            break
    if len(part) > 3 and part[-1] == part[-2] and part[-1] not in "ls":
        part = part[:-1]
    return part[:-1] if len(part) > 3 and part[-1] == "e" else part


def stems(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of all parts of all words."""
    return frozenset(stem(p) for w in words for p in parts(w))


@lru_cache(KNOWN_WORDS)
def is_stop_word(word: str) -> bool:
    """Return whether a word is a function word or no word at all."""
    plain = bare(word)
    return plain in STOP_WORDS or all(p in STOP_WORDS for p in parts(plain))


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or clause as a range of words, `stop` excluded."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


def sentences(words: Sequence[str]) -> tuple[Segment, ...]:
    """Cut words into sentences at their punctuation; together they cover every word once."""
    found: list[Segment] = []
    start = 0
    for i, word in enumerate(words):
        if _SENTENCE_END.search(word) and word.lower() not in ABBREVIATIONS:
            found.append(Segment(start, i + 1))
            start = i + 1
    if start < len(words):
        found.append(Segment(start, len(words)))
    return tuple(found)


def clauses(words: Sequence[str]) -> tuple[Segment, ...]:
    """Cut words into sentences, and sentences of more than LONGEST_SENTENCE words into clauses.

    Where a long sentence has no comma and no conjunction it is cut in the middle, so that
    speech written down without punctuation still falls into pieces of one claim or two.
    """
    return tuple(piece for s in sentences(words) for piece in _cut(words, s))


def _cut(words: Sequence[str], whole: Segment) -> tuple[Segment, ...]:
    if len(whole) <= LONGEST_SENTENCE:
        return (whole,)
    middle = (whole.start + whole.stop) // 2
    places = range(whole.start + SHORTEST_CLAUSE, whole.stop - SHORTEST_CLAUSE + 1)
    fit = [i for i in places if _CLAUSE_END.search(words[i - 1]) or bare(words[i]) in CLAUSE_STARTS]
    at = min(fit, key=lambda i: abs(i - middle), default=middle)
    return _cut(words, Segment(whole.start, at)) + _cut(words, Segment(at, whole.stop))


def phrase_at(plain: Sequence[str], i: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """Return the length of the phrase that begins at word `i` of bare words, 0 when none does."""
    return next((len(p) for p in phrases if tuple(plain[i : i + len(p)]) == p), 0)


def spaced(text: str) -> str:
    """Return `text` with a space around every punctuation mark.

    WordPiece models cut there anyway, so the vectors are the same; but now each mark is a
    word of its own and can be weighed as one.
    """
    return " ".join(_PIECES.findall(unbroken(text)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence or clause of an answer: as it was said, and where."""

    text: str
    words: tuple[int, int]
    """First of the answer's words, and one past the last."""
    pieces: tuple[int, int]
    """The same in pieces."""

    def joined(self, later: Stretch) -> Stretch:
        """Return this stretch and the one after it as one."""
        return Stretch(f"{self.text} {later.text}", (self.words[0], later.words[1]), (self.pieces[0], later.pieces[1]))


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what of it is worth comparing."""

    words: tuple[str, ...]
    """Every word as it was said, split at whitespace."""
    pieces: tuple[str, ...]
    """The words and marks that are left once fillers and repeated sentences are gone."""
    word_of_piece: tuple[int, ...]
    repeated: int = 0
    """Sentences that were left out because they had been said before."""

    @property
    def spaced(self) -> str:
        """The pieces as one text; split at whitespace it gives them back."""
        return " ".join(self.pieces)

    def stretches(self) -> tuple[Stretch, ...]:
        """Return each sentence or clause; what holds nothing but fillers and repetition is left out."""
        found = []
        for segment in clauses(self.words):
            first = bisect_left(self.word_of_piece, segment.start)
            stop = bisect_left(self.word_of_piece, segment.stop)
            if has_words("".join(self.pieces[first:stop])):
                text = " ".join(self.words[segment.start : segment.stop])
                found.append(Stretch(text, (segment.start, segment.stop), (first, stop)))
        return tuple(found)


def said(text: str) -> Said:
    """Take an answer apart; no piece is left when nothing but fillers was said."""
    words = tuple(unbroken(text).split())
    kept, repeated = _without_repeats(words, _without_fillers(words))
    pieces = [(piece, i) for i in kept for piece in _PIECES.findall(words[i])]
    return Said(words, tuple(p for p, _ in pieces), tuple(i for _, i in pieces), repeated)


def _without_fillers(words: Sequence[str]) -> tuple[int, ...]:
    plain = [bare(w) for w in words]
    kept: list[int] = []
    i = 0
    while i < len(plain):
        filled = phrase_at(plain, i, FILLER_PHRASES)
        if not filled and has_words(plain[i]) and plain[i] not in FILLERS:
            kept.append(i)
        i += filled or 1
    return tuple(kept)


def _without_repeats(words: Sequence[str], kept: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Leave out the words of sentences that were said before, word for word; say how many those were."""
    wanted = set(kept)
    seen: set[tuple[str, ...]] = set()
    left: list[int] = []
    repeated = 0
    for sentence in sentences(words):
        inside = [i for i in range(sentence.start, sentence.stop) if i in wanted]
        told = tuple(bare(words[i]) for i in inside)
        if told not in seen:
            left.extend(inside)
        elif inside:
            repeated += 1
        seen.add(told)
    return tuple(left), repeated
