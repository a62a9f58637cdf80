"""Why a point counts for less than "said": what the score and the words themselves can tell, and no more.

A sentence of two halves. The first says how near the answer came, as the score has it; the second which words
of the point were not said. That a word is absent is a fact; that it had to be there is not: another may mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interviewer.core.linking import content
from interviewer.core.marking import TOUCHED_FROM
from interviewer.core.models import Coverage, PointResult
from interviewer.core.text import bare, is_stop_word, parts, stem
from interviewer.core.words import GENERIC_WORDS

MOST_WORDS_TOLD = 4
"""A longer list is the point itself again."""

_OPPOSITE = "The judge takes this for the opposite of the point. It can be mistaken: compare it with the example."
_DOUBTED = "Near enough in its words, but the judge doubts that it is the right way round, so it counts in part."
_UNCONFIRMED = "Near enough to count; the judge did not confirm that it says it rightly."
_PARTLY = "This goes part of the way."
_NEAR = "This touches the point, but does not make it."
_FAR = "This is about something else."
_ALL_SAID = "All of its words are there; it may be how they are put together."


def shortfall(point: PointResult, said: str | None, terms: Sequence[str] = (), *, judged: bool = True) -> str:
    """Return why a point fell short; "" for one that was said, and where nothing came near it at all.

    `said` is everything that was judged, None where only a part of it is at hand: then nothing is told of words.
    `terms` are the point's in its bank. `judged` is whether a judge saw the answer: without one every point
    that counts is "mentioned", and that alone is no shortfall.
    """
    if not point.evidence:
        return ""
    if point.coverage is Coverage.COVERED:
        return _UNCONFIRMED if judged and not point.confirmed else ""
    if point.coverage is Coverage.CONTRADICTED:
        return _OPPOSITE
    lead = _NEAR if point.similarity >= TOUCHED_FROM else _FAR
    if point.coverage is Coverage.PARTLY:
        lead = _DOUBTED if point.doubted else _PARTLY
    words = "" if said is None or point.doubted else _words(point, said, terms)
    return f"{lead} {words}".strip()


def _words(point: PointResult, said: str, terms: Sequence[str]) -> str:
    if missing := unsaid(point.text, said, terms):
        return f"Not said: {_quoted(missing)}."
    if elsewhere := unsaid(point.text, point.evidence, terms):
        return f"Said elsewhere in your answer, but not here: {_quoted(elsewhere)}."
    return _ALL_SAID


def _quoted(words: Sequence[str]) -> str:
    *others, last = (f"“{word}”" for word in words[:MOST_WORDS_TOLD])
    return f"{', '.join(others)} and {last}" if others else last


def unsaid(point: str, said: str, terms: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the terms and content words of a point that a text lacks in every form, as the point writes them.

    Terms come first: whoever wrote the bank holds them to be what matters. Of a term with several words each has to
    be said, in whatever order.
    """
    heard = content(said.split())
    found: list[str] = []
    told: set[str] = set()
    for words in _candidates(point, terms):
        own = content(words.split())
        if not own <= heard | told:
            found.append(words)
            told |= own
    return tuple(found)


def _candidates(point: str, terms: Sequence[str]) -> Iterator[str]:
    yield from terms
    for word in point.split():
        plain = bare(word)
        if plain and not is_stop_word(plain) and not all({p, stem(p)} & GENERIC_WORDS for p in parts(plain)):
            yield word.strip("\"'“”‘’()[],.;:!?…")
