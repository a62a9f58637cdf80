"""Pairs of a key point and a stretch of speech, made from the corpus: same, opposite or neither.

What is written by hand is spread out here: stretches of several sentences, pairs turned round,
negations, opposites and changed numbers made by rule, fillers, and the errors of recognisers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.corpus import Point, Topic

SAME, OPPOSITE, NEITHER = range(3)
TWIN_SHARE = 0.5
"""Of the terse answers that state a point: those that are also held against what denies it."""
ALWAYS = frozenset({"notes, right", "notes, wrong"})
"""Ways of making a pair that are rare: every pass holds them all."""
APART_SHARE = 0.5
"""Of the terse answers that leave a point out: those that are met with it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key point, a stretch of an answer, and how they stand to each other."""

    point: str
    stretch: str
    label: int
    made: str = ""
    """How the pair came about, for the tables."""
    given_away: float = 0.5
    """How probably the two contradict each other as far as can be told unread, see `style`."""


FILLERS = ("um,", "uh,", "er,", "like,", "you know,", "I mean,", "so,", "well,", "basically,", "kind of", "sort of")
OPENERS = (
    "So,", "Well,", "I think", "I would say", "As far as I know,", "Basically,", "From my experience,", "And then",
    "I believe", "Also,", "Okay, so", "The thing is,", "In our team", "What I remember is that", "Right, and",
)  # fmt: skip
REMARKS = (
    "That is something I had to learn the hard way.", "I can give an example of that later.", "We did that a lot.",
    "It is an interesting question.", "That came up in my last job.", "I hope that makes sense.", "Let me think.",
    "There is more to it, of course.", "People often ask about this.", "It depends on the case, of course.",
    "that's the main thing", "if I remember that right", "and so on", "at least that's how I see it",
)  # fmt: skip
OPPOSITES = (
    ("more", "less"), ("before", "after"), ("increases", "decreases"), ("increase", "decrease"), ("higher", "lower"),
    ("faster", "slower"), ("first", "last"), ("always", "never"), ("larger", "smaller"), ("bigger", "smaller"),
    ("inside", "outside"), ("above", "below"), ("allows", "prevents"), ("allow", "prevent"), ("raises", "lowers"),
    ("long", "short"), ("with", "without"), ("local", "global"), ("public", "private"), ("client", "server"),
    ("sender", "receiver"), ("reads", "writes"), ("read", "write"), ("input", "output"), ("start", "end"),
    ("everything", "nothing"), ("same", "different"), ("cheap", "expensive"), ("easy", "hard"), ("easier", "harder"),
    ("many", "few"), ("grows", "shrinks"), ("rises", "falls"), ("rise", "fall"), ("old", "new"), ("older", "newer"),
    ("static", "dynamic"), ("mutable", "immutable"), ("synchronous", "asynchronous"), ("left", "right"),
    ("earlier", "later"), ("fixed", "variable"), ("internal", "external"), ("positive", "negative"), ("hot", "cold"),
    ("buyer", "seller"), ("debit", "credit"), ("gains", "loses"), ("accepts", "rejects"), ("strong", "weak"),
    ("stronger", "weaker"), ("starts", "stops"), ("adds", "removes"), ("keeps", "drops"), ("one", "many"),
)  # fmt: skip
_TURNED = {a: b for pair in OPPOSITES for a, b in (pair, pair[::-1])}
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|does|do|must|should|will|has|have)\b(?! not|n't|')", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(is|are|was|were|can|could|does|do|must|should|will|has|have)(?: not|n't) ", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d+\b")
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def negated(text: str, chance: random.Random) -> str | None:
    """Return the text with one verb denied, or a denied one stated; None where no rule fits."""
    if found := _NEGATED.search(text):
        return text[: found.start()] + found[1] + " " + text[found.end() :]
    places = list(_AUXILIARY.finditer(text))
    if not places:
        return None
    found = places[0]
    denial = chance.choice((" not", "n't")) if found[1].lower() not in ("can", "will") else " never"
    return text[: found.end()] + denial + text[found.end() :]


def turned(text: str, chance: random.Random) -> str | None:
    """Return the text with one word exchanged for its opposite; None where there is none."""
    words = text.split()
    places = [i for i, w in enumerate(words) if w.lower().strip(".,;") in _TURNED]
    if not places:
        return None
    at = chance.choice(places)
    plain = words[at].lower().strip(".,;")
    words[at] = words[at].lower().replace(plain, _TURNED[plain])
    return " ".join(words)


def recounted(text: str, chance: random.Random) -> str | None:
    """Return the text with a number changed; None where there is none."""
    if places := list(_NUMBER.finditer(text)):
        found = chance.choice(places)
        number = int(found[0])
        other = chance.choice([n for n in (number * 2, number * 10, number + 3, max(0, number - 2)) if n != number])
        return text[: found.start()] + str(other) + text[found.end() :]
    words = text.split()
    places_w = [i for i, w in enumerate(words) if w.lower().strip(".,") in _NUMBER_WORDS[1:]]
    if not places_w:
        return None
    at = chance.choice(places_w)
    words[at] = chance.choice([n for n in _NUMBER_WORDS if n != words[at].lower().strip(".,")])
    return " ".join(words)


RULES: tuple[tuple[str, Callable[[str, random.Random], str | None]], ...] = (
    ("rule negation", negated),
    ("rule opposite", turned),
    ("rule number", recounted),
)


class Maker:
    """Makes the pairs of one pass over the corpus; another seed gives other stretches and other noise."""

    def __init__(self, topics: Sequence[Topic], seed: int, unread: Callable[[str, str], float] | None = None) -> None:
        self._topics = topics
        self._unread = unread
        self._chance = random.Random(seed)
        self._lines = [line for t in topics for p in t.points for line in (*p.right, *p.wrong, *p.near)]

    def pairs(self, share: float = 1.0) -> list[Pair]:
        """Return that share of the pairs of every point, drawn at random, and ALWAYS all of some kinds; shuffled."""
        every = [pair for t in self._topics for at in range(len(t.points)) for pair in self._of(t, at)]
        drawn = (p for p in every if share >= 1.0 or p[0].made in ALWAYS or self._chance.random() < share)
        made = [self._spoken(pair) for pair in drawn]
        self._chance.shuffle(made)
        return made

    def plain(self) -> list[Pair]:
        """Return the pairs of every point as they were written, in order."""
        return [pair for t in self._topics for at in range(len(t.points)) for pair, _, _ in self._of(t, at)]

    def _of(self, topic: Topic, at: int) -> list[tuple[Pair, Topic, int]]:
        point, others = topic.points[at], [p for i, p in enumerate(topic.points) if i != at]
        found = [*self._agreeing(point), *self._opposed(point), *self._by_rule(point), *self._apart(point, others)]
        found += self._joined(point, others)
        found += self._noted(topic, at)
        if self._chance.random() < 0.3:
            far = self._chance.choice((topic.question, self._chance.choice(self._lines)))
            found.append(Pair(point.text, far, NEITHER, "far"))
        return [(pair, topic, at) for pair in found]

    def _agreeing(self, point: Point) -> list[Pair]:
        found = [Pair(point.text, r, SAME, "right") for r in point.right]
        found += [Pair(twin, w, SAME, "wrong, agreed") for twin, w in zip(point.twins, point.wrong, strict=True)]
        claim = self._chance.choice((point.text, *point.twins))
        return [*found, Pair(claim, claim, SAME, "read out")]

    def _opposed(self, point: Point) -> list[Pair]:
        found = [Pair(point.text, w, OPPOSITE, "wrong") for w in point.wrong]
        rights = self._chance.sample(point.right, len(point.right))
        found += [Pair(t, r, OPPOSITE, "right, of the twin") for t, r in zip(point.twins, rights, strict=False)]
        found.append(Pair(point.text, self._chance.choice(point.twins), OPPOSITE, "twin"))
        found.append(Pair(self._chance.choice(point.twins), point.text, OPPOSITE, "twin"))
        return found

    def _noted(self, topic: Topic, at: int) -> list[Pair]:
        """Return the terse answers to the question beside one of its points, and beside a twin of it."""
        chance = self._chance
        point = topic.points[at]
        found = []
        for note in topic.notes:
            if at in note.right:
                found.append(Pair(point.text, note.text, SAME, "notes, right"))
                if chance.random() < TWIN_SHARE:
                    found.append(Pair(chance.choice(point.twins), note.text, OPPOSITE, "notes, right, of the twin"))
            elif at in note.wrong:
                found.append(Pair(point.text, note.text, OPPOSITE, "notes, wrong"))
            elif chance.random() < APART_SHARE:
                found.append(Pair(point.text, note.text, NEITHER, "notes, another point"))
        return found

    def _joined(self, point: Point, others: Sequence[Point]) -> list[Pair]:
        """Return terse stretches that run two claims together in the words of a marking scheme.

        Without them whatever stays near a point's own words would look like a mistake, since
        people who paraphrase go farther from it than people who get it wrong.
        """
        chance = self._chance
        found = []
        for claim, label in ((point.text, SAME), (point.text, OPPOSITE), (chance.choice(point.twins), OPPOSITE)):
            other = chance.choice(others)
            beside = chance.choice((other.text, chance.choice(other.twins), chance.choice(other.right)))
            agreeing = claim if label == SAME else chance.choice(point.twins) if claim == point.text else point.text
            found.append(Pair(claim, self._run_together(agreeing, beside), label, "joined"))
        twin = chance.choice(point.twins)
        found.append(Pair(twin, self._run_together(twin, chance.choice(others).text), SAME, "joined"))
        return found

    def _run_together(self, first: str, second: str) -> str:
        chance = self._chance
        one, two = (first, second) if chance.random() < 0.5 else (second, first)
        joint = chance.choice((", ", ", and ", "; ", ". ", " and "))
        return one.rstrip(".") + joint + (two if joint == ". " else two[0].lower() + two[1:])

    def _apart(self, point: Point, others: Sequence[Point]) -> list[Pair]:
        """Return what says neither; every line is met here too, so that how it sounds decides nothing."""
        chance = self._chance
        found = [Pair(point.text, n, NEITHER, "near") for n in point.near]
        found.append(Pair(chance.choice(point.twins), chance.choice(point.near), NEITHER, "near"))
        for claim in (point.text, chance.choice(point.twins)):
            other, second = chance.choice(others), chance.choice(others)
            found.append(Pair(claim, chance.choice(other.right), NEITHER, "another point, right"))
            found.append(Pair(claim, chance.choice(second.wrong), NEITHER, "another point, wrong"))
        other = chance.choice(others)
        found.append(Pair(point.text, chance.choice((other.text, *other.twins)), NEITHER, "another point"))
        return found

    def _by_rule(self, point: Point) -> list[Pair]:
        """Return sentences changed by rule, on both sides: a changed one agrees with itself."""
        chance = self._chance
        found: list[Pair] = []
        for name, rule in RULES:
            source = chance.choice((point.text, *point.twins, chance.choice((*point.right, *point.wrong))))
            changed = rule(source, chance)
            if changed:
                first, second = (source, changed) if chance.random() < 0.5 else (changed, source)
                found.append(Pair(first, second, OPPOSITE, name))
                if chance.random() < 0.5:
                    found.append(Pair(changed, changed, SAME, f"{name}, agreed"))
        return found

    def _spoken(self, item: tuple[Pair, Topic, int]) -> Pair:
        pair, topic, at = item
        stretch = pair.stretch
        chance = self._chance
        if chance.random() < 0.25 and pair.made != "far":
            stretch = self._among(stretch, topic, at)
        elif chance.random() < 0.2:
            stretch = f"{stretch.rstrip('.')}. {chance.choice(REMARKS)}"
        if chance.random() < 0.2:
            stretch = f"{chance.choice(OPENERS)} {stretch[0].lower()}{stretch[1:]}"
        tone = 0.5 if pair.label == NEITHER or not self._unread else self._unread(pair.point, pair.stretch)
        return Pair(pair.point, noisy(stretch, chance), pair.label, pair.made, tone)

    def _among(self, stretch: str, topic: Topic, at: int) -> str:
        """Return a stretch with what was said before or after it; that must not touch the point itself."""
        chance = self._chance
        other = chance.choice([p for i, p in enumerate(topic.points) if i != at])
        pool = (*other.right, *other.near, *topic.points[at].near, *other.wrong[:1])
        beside = chance.choice([line for line in pool if line != stretch])
        first, second = (stretch, beside) if chance.random() < 0.5 else (beside, stretch)
        joint = chance.choice((". ", ". ", ", and ", " and then "))
        return first.rstrip(".") + joint + second


SMALL_WORDS = frozenset(
    [
        *(
            "a",
            "an",
            "the",
            "it",
            "its",
            "it's",
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "that",
            "this",
            "then",
            "there",
        ),
        *("of", "to", "do", "does", "have", "has", "had", "so"),
    ]
)
"""What terse speakers leave out, and some who learn English."""


def noisy(text: str, chance: random.Random) -> str:
    """Return the text as it may come out of a recogniser: fillers, lost marks, lost and broken words."""
    words = text.split()
    if chance.random() < 0.15:
        words = [w for w in words if w.lower() not in SMALL_WORDS] or words
    if chance.random() < 0.3:
        for _ in range(chance.randint(1, 1 + len(words) // 8)):
            words.insert(chance.randint(0, len(words)), chance.choice(FILLERS))
    if chance.random() < 0.25:
        share = chance.choice((0.04, 0.08))
        words = [w for w in words if chance.random() > share / 2]
        words = [_misheard(w, chance) if len(w) > 4 and chance.random() < share else w for w in words]
    told = " ".join(words) or text
    if chance.random() < 0.3:
        told = re.sub(r"[.,;:]", "", told).lower()
    return told


def _misheard(word: str, chance: random.Random) -> str:
    at = chance.randint(1, len(word) - 2)
    way = chance.randrange(3)
    if way == 0:
        return word[:at] + word[at + 1 :]
    if way == 1:
        return f"{word[:at]} {word[at:]}"
    return word[:at] + chance.choice("aeioustrnl") + word[at + 1 :]
