"""Finds what was said beside the point: fillers, phrases that fill, hedges and words said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from interviewer.core.heard import Aside, AsideKind
from interviewer.core.models import Word
from interviewer.core.text import bare, has_words, phrase_at
from interviewer.core.words import AMBIGUOUS, DOUBLED_IN_GOOD_ENGLISH, FILLER_PHRASES, FILLERS, HEDGES, LINKS

LONGEST_REPEAT = 3
"""Words: what is repeated beyond that is a sentence begun anew, or said on purpose."""

_MARKS = " ,.;:!?…–—-\"“”'"
_STOPPED = re.compile(r"[.!?…][\"'”’)\]]*$")


_BEGINS = frozenset(phrase[0] for phrase in (*FILLER_PHRASES, *HEDGES))
"""Few words begin a phrase: the others need no look."""


def asides(words: Sequence[Word], *, timed: bool = True) -> tuple[Aside, ...]:
    """Return every aside in the order in which it begins; without times where the words have none.

    A word is at most one of filler, phrase, hedge and ambiguous; whether it was said twice is told apart from that.
    """
    pairs = [(word, told) for word, told in ((w, bare(w.text)) for w in words) if has_words(told)]
    spoken, plain = [word for word, _ in pairs], [told for _, told in pairs]
    found = [(first, count, kind) for first, count, kind in _marked(plain)]
    found += [(first, stop - first, AsideKind.REPEAT) for first, stop in _repeats(spoken, plain)]
    return tuple(_aside(kind, spoken[first : first + count], timed) for first, count, kind in sorted(found, key=_place))


def _place(found: tuple[int, int, AsideKind]) -> tuple[int, int]:
    return found[0], found[1]


def _aside(kind: AsideKind, words: Sequence[Word], timed: bool) -> Aside:
    text = " ".join(w.text.strip() for w in words).strip(_MARKS)
    return Aside(kind, text, words[0].start_s, words[-1].end_s) if timed else Aside(kind, text)


def _marked(plain: Sequence[str]) -> Iterator[tuple[int, int, AsideKind]]:
    """Yield first word, number of words and kind of each."""
    for i, word in enumerate(plain):
        if word in FILLERS:
            yield i, 1, AsideKind.FILLER
        elif word in AMBIGUOUS:
            yield i, 1, AsideKind.AMBIGUOUS
        elif word not in _BEGINS:
            continue
        elif count := phrase_at(plain, i, FILLER_PHRASES):
            yield i, count, AsideKind.PHRASE
        elif count := phrase_at(plain, i, HEDGES):
            yield i, count, AsideKind.HEDGE


def _repeats(spoken: Sequence[Word], plain: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield first and one past the last word of each repetition, however often it was said; fillers do not break it."""
    places = [i for i, word in enumerate(plain) if word not in FILLERS]
    said = [plain[i] for i in places]
    i = 0
    while i < len(said):
        length = next((n for n in range(LONGEST_REPEAT, 0, -1) if _said_twice(spoken, places, said, i, n)), 0)
        if not length:
            i += 1
            continue
        stop = i + 2 * length
        while said[stop : stop + length] == said[i : i + length]:
            stop += length
        yield places[i], places[stop - 1] + 1
        i = stop


def _said_twice(spoken: Sequence[Word], places: Sequence[int], said: Sequence[str], i: int, length: int) -> bool:
    if i + length >= len(said) or said[i] != said[i + length]:
        return False
    first, again = said[i : i + length], said[i + length : i + 2 * length]
    if len(again) < length or first != again or len(set(first)) < length:
        return False
    if any(_STOPPED.search(spoken[place].text) for place in places[i : i + length]):
        return False  # "It works. Works with anything." begins a sentence
    # Digits and letters are spelled out, one by one.
    once = length == 1 and (first[0] in DOUBLED_IN_GOOD_ENGLISH or (len(first[0]) == 1 and first[0] not in "ai"))
    before = said[i - 1] if i else ""
    linked = length > 1 and (
        first[1] in LINKS or (first[0] in LINKS and before == first[1])
    )  # "over and over and over"
    return not (once or first[0].isdigit() or linked)
