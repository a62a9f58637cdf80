"""Reasons to mark an answer down that nearness alone does not see.

Each gate is a name, a factor and one sentence for the candidate. Bounds are those of the
design note "Scoring", section 5, where nothing else is said; they were set so that answers
of real students pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from interviewer.core.text import bare, is_stop_word, parts, stem
from interviewer.core.words import GENERIC_WORDS, NO_ANSWER_WORDS, NUMBER_WORDS

NEIGHBOURS = 4
"""Content words: two words of the reference this close are neighbours."""
MATCHED_PAIRS = 8
MATCHED_SHARE = 0.8
"""Of a text's content words: who paraphrases seldom has that many."""
MISTAKE_MARGIN = 0.20
"""A sentence is a mistake when it is nearer to it than to every key point by more than this.

Being nearer to the mistake than to its correction and to every sentence of the examples is
asked as well: without that, two of the first 24 example answers were taken for mistakes.
"""
MISTAKE_NEARNESS = 0.38
"""And as near to it as a key point must be to count as covered."""
MISTAKE = "mistake"
MISTAKE_FACTOR = 0.4
MOST_MISTAKES = 2
"""Mistakes that lower the score; each further one would only say the same again."""


RUN_WORDS = 5
"""Content words in a row that no sentence of prose has often."""
LONGEST_RUN = 8
RUN_SHARE = 0.75
"""Of an answer's content words: lists of terms have .85 to 1 in such runs, terse answers .67 at most."""
CODE_MARKS = frozenset("{}();=<>[]*&")
"""A reader of code pauses there."""
FEWEST_CODE_MARKS = 4
"""Of a text that is code rather than speech."""
READ_BACK_FACTOR = 0.05
WORDS_PER_OWN_WORD = 20
MOST_OWN_WORDS = 2
"""Content words, one in so many, that may be added to a question while it is still only said back."""
LONGEST_REFUSAL = 14
"""Words in which people say that they have no answer; longer ones say something else beside it."""
COPIED_WORDS = 7
"""Words in a row that are also in an example; shorter ones occur by themselves."""
COPIED_SHARE = 0.6
SHORTEST_RECITAL = 30
"""Words; of a shorter answer nobody can say where it is from."""
FEWEST_WORDS = 6
SHORT_SHARE = 0.15
"""An answer of fewer words than that share of the example's is too short to judge."""
STRANGER_GAP = 0.20
"""How much nearer an answer comes to another entry's example before it belongs there."""
STRANGER_NEARNESS = 0.5
"""And how near to it it must come at all."""
STRANGER_FACTOR = 0.2
FEWEST_OTHERS = 3
"""Entries: fewer are no bank to compare with."""
STRANGER_SPREAD = 0.6
"""Standard deviations above the mean of all entries that an answer's own entry must reach."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a check makes of an answer: a factor 0 to 1, and a sentence, "" when it did not fire."""

    factor: float = 1.0
    note: str = ""
    kind: str = ""


PASSED = Gate()


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x), without overflow for the arguments that similarities can give."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def no_answer(pieces: Sequence[str], references: Sequence[Sequence[str]]) -> Gate:
    """Tell that somebody passes: "I don't know", "no idea", "not answered", "fine".

    Arguments are pieces of texts. A word that an example has is never taken for a refusal: "it is passed" may be the
    answer.
    """
    said = [p for w in pieces for p in parts(w)]
    wanted = {stem(p) for r in references for w in r for p in parts(w)}
    refusing = {p for p in said if p in NO_ANSWER_WORDS and stem(p) not in wanted}
    content = {p for p in said if not is_stop_word(p) and p not in GENERIC_WORDS}
    if len(said) > LONGEST_REFUSAL or not refusing or content - refusing:
        return PASSED
    return Gate(0.0, "This gives no answer; say whatever you do know about it.", "no answer")


def read_back(
    pieces: Sequence[str],
    question_stems: AbstractSet[str],
    *,
    to_question: float,
    to_reference: float,
    references: Sequence[Sequence[str]] = (),
) -> Gate:
    """Mark down the question said again, with or without padding.

    `to_question` and `to_reference` are cosines of whole texts, `references` the pieces of the examples.
    Short answers may bring no word of their own, longer ones one or two; words that fit any answer do not count
    as their own. One word that only the examples have is an answer: "It is the push operation."
    """
    told = [p for w in pieces for p in parts(w) if p not in GENERIC_WORDS]
    own = [p for p in told if p in NUMBER_WORDS or not is_stop_word(p)]
    own = [p for p in own if stem(p) not in question_stems]
    wanted = {stem(p) for r in references for w in r if not is_stop_word(w) for p in parts(w)} - question_stems
    allowed = min(MOST_OWN_WORDS, len(pieces) // WORDS_PER_OWN_WORD)
    if len(own) > allowed or wanted & {stem(p) for p in own}:
        return PASSED
    if to_question > 0.75 and to_reference - to_question < -0.08:
        return Gate(READ_BACK_FACTOR, "This mostly repeats the question.", "read back")
    return PASSED


def keyword_list(pieces: Sequence[str], references: Sequence[Sequence[str]], points: Sequence[str]) -> Gate:
    """Mark down words strung together without grammar, or picked from the examples out of order.

    All arguments are pieces of texts; `points` are those of all key points, one after the
    other. A reference that is a list itself asks for one.
    """
    scrambled = any(_out_of_order(pieces, text) for text in (*references, points))
    if scrambled or _bare_list(pieces, references) or _term_run(pieces, references):
        return Gate(0.3, "This sounds like a list of keywords; say how they hang together.", "keyword list")
    return PASSED


def _bare_list(pieces: Sequence[str], references: Sequence[Sequence[str]]) -> bool:
    words = [p for p in pieces if parts(p)]
    prose = all(_function_share(r) > 0.25 for r in references)
    code = sum(mark in CODE_MARKS for p in pieces for mark in p) >= FEWEST_CODE_MARKS
    return prose and not code and len(words) >= 10 and _function_share(words) < 0.10


def _term_run(pieces: Sequence[str], references: Sequence[Sequence[str]]) -> bool:
    """Return whether most of what was said is terms in a row, whatever was said before them."""
    runs = _runs(pieces)
    most = max(runs, default=0)
    share = sum(r for r in runs if r >= RUN_WORDS) / max(1, sum(runs))
    return share >= RUN_SHARE and most >= LONGEST_RUN and most > max(max(_runs(r), default=0) for r in references)


def _runs(pieces: Sequence[str]) -> list[int]:
    """Return the lengths of the runs of content words; numbers and single letters, as in code, are neither."""
    runs = [0]
    for word in pieces:
        told = [p for p in parts(word) if len(p) > 1 and not p.isdigit()]
        if told and is_stop_word(word):
            runs.append(0)
        elif told:
            runs[-1] += 1
        elif word in CODE_MARKS:
            runs.append(0)
    return [r for r in runs if r]


def _function_share(pieces: Sequence[str]) -> float:
    words = [p for p in pieces if parts(p)]
    return sum(map(is_stop_word, words)) / max(1, len(words))


def _out_of_order(pieces: Sequence[str], reference: Sequence[str]) -> bool:
    expected = _content_stems(reference)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(expected):
        places.setdefault(word, []).append(place)
    matched = [w for w in _content_stems(pieces) if w in places]
    if len(set(matched)) <= MATCHED_SHARE * len(places):
        return False
    pairs = [(a, b) for a, b in pairwise(matched) if a != b]
    in_order = sum(any(0 < j - i <= NEIGHBOURS for i in places[a] for j in places[b]) for a, b in pairs)
    return len(pairs) >= MATCHED_PAIRS and in_order < 0.36 * len(pairs)


def _content_stems(pieces: Sequence[str]) -> list[str]:
    return [stem(p) for w in pieces if not is_stop_word(w) for p in parts(w)]


def recited(words: Sequence[str], references: Sequence[Sequence[str]]) -> Gate:
    """Tell, without a penalty, that an answer is an example word for word. Arguments are words as said."""
    plain = [bare(w) for w in words]
    if len(plain) < SHORTEST_RECITAL:
        return PASSED
    known = {tuple(r[i : i + COPIED_WORDS]) for r in (list(map(bare, r)) for r in references) for i in range(len(r))}
    copied: set[int] = set()
    for i in range(len(plain) - COPIED_WORDS + 1):
        if tuple(plain[i : i + COPIED_WORDS]) in known:
            copied.update(range(i, i + COPIED_WORDS))
    if len(copied) < COPIED_SHARE * len(plain):
        return PASSED
    return Gate(1.0, "This is the example answer nearly word for word; try it in words of your own.", "recited")


def repeated(sentences: int) -> Gate:
    """Tell, without a penalty, that sentences were said again: they were counted once."""
    return (
        Gate(1.0, "You said the same sentence more than once; it was counted once.", "repeated")
        if sentences
        else PASSED
    )


def too_short(pieces: Sequence[str], references: Sequence[Sequence[str]]) -> Gate:
    """Tell, without a further penalty, that there is too little to judge, measured by the shortest example."""
    said = sum(bool(parts(p)) for p in pieces)
    wanted = min(sum(bool(parts(p)) for p in r) for r in references)
    if said >= FEWEST_WORDS or said >= SHORT_SHARE * wanted:
        return PASSED
    return Gate(1.0, "This is too short to judge; say a few sentences.", "too short")


def off_subject(own: float, others: Sequence[float], titles: Sequence[str]) -> Gate:
    """Mark down an answer that fits the bank's other questions better than this one.

    `own` and `others` are cosines of the answer with the example answers, `titles` the other questions.
    What is far from every entry, and no nearer to its own than to the others, is off the subject too.
    """
    if len(others) < FEWEST_OTHERS:
        return PASSED
    nearest = max(range(len(others)), key=lambda i: others[i])
    every = [own, *others]
    mean = sum(every) / len(every)
    spread = math.sqrt(sum((x - mean) ** 2 for x in every) / len(every))
    if others[nearest] - own > STRANGER_GAP and others[nearest] > STRANGER_NEARNESS:
        return Gate(
            STRANGER_FACTOR, f"This sounds like an answer to another question: “{titles[nearest]}”", "off the subject"
        )
    if own < mean + STRANGER_SPREAD * spread and own < others[nearest]:
        return Gate(STRANGER_FACTOR, "This has little to do with the question.", "off the subject")
    return PASSED


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
    return tuple(Gate(MISTAKE_FACTOR, note, MISTAKE) for note in told[:MOST_MISTAKES])
