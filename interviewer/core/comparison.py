"""Two answers to one question held against each other: what was gained, what was lost, and what may be compared.

A score says how near an answer came, as heard by one recogniser and judged by one recipe. Two
scores of different making are two measures, so no difference is given for them, and why is said.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

from interviewer.core.models import Attempt, Coverage, PointResult, Score, Transcript


class Change(Enum):
    """What became of a key point from the earlier answer to the later, in the order people want to know it."""

    GAINED = "Gained"
    """Made in the later answer only."""
    LOST = "Lost"
    """Made in the earlier answer only."""
    NEARER = "Nearer"
    """Made in neither, but the later came nearer."""
    FURTHER = "Further off"
    MADE = "In both"
    OPEN = "In neither"
    UNJUDGED = "Judged once"
    """Only one of the answers was held against it."""


_ORDER = tuple(Change)
_FURTHER_COUNTS = (
    (Change.NEARER, "nearer"),
    (Change.FURTHER, "further off"),
    (Change.UNJUDGED, "judged only once"),
)
_RANK = {Coverage.CONTRADICTED: 0, Coverage.MISSED: 1, Coverage.PARTLY: 2, Coverage.COVERED: 3}


@dataclass(frozen=True, slots=True)
class PointChange:
    """One key point in both answers; None where an answer was not held against it."""

    text: str
    change: Change
    earlier: PointResult | None
    later: PointResult | None


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that makes two answers unlike, as a sentence for the user."""

    words: str
    bars: bool
    """Whether it bars the scores from being compared: then no difference is given."""
    mended_by_scoring: bool = False
    """Whether the two become alike once both are scored again, as their texts stand."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers to one question, the earlier first."""

    earlier: Attempt
    later: Attempt
    points: tuple[PointChange, ...]
    """Gained first, then lost, and so on as in `Change`; within each in the bank's order."""
    cautions: tuple[Caution, ...]
    difference: int | None
    """Later score minus earlier as both are shown, in steps of five; None where they may not be compared."""

    @property
    def heard_apart(self) -> bool:
        """Whether two recognisers wrote them down: then what is counted in words is not alike."""
        return _heard_apart(self.earlier.transcript, self.later.transcript) is not None

    def count(self, change: Change) -> int:
        """Return how many points changed in this way."""
        return sum(point.change is change for point in self.points)


def compare(one: Attempt, other: Attempt) -> Comparison:
    """Hold two answers to one question against each other, whichever comes first."""
    earlier, later = sorted((one, other), key=lambda a: (a.created, a.id))
    cautions = tuple(_cautions(earlier, later))
    changes = point_changes(earlier.score, later.score)
    return Comparison(earlier, later, changes, cautions, _difference(earlier.score, later.score, cautions))


def _difference(earlier: Score | None, later: Score | None, cautions: Sequence[Caution]) -> int | None:
    if earlier is None or later is None or earlier.coverage_only or any(c.bars for c in cautions):
        return None
    return later.shown - earlier.shown


def score_change(comparison: Comparison) -> str:
    """Return in one sentence what became of the score; "" where neither answer has one to show."""
    one, other = comparison.earlier.score, comparison.later.score
    if one is None or other is None or (one.coverage_only and other.coverage_only):
        return ""
    if comparison.difference is None:
        return "No difference is given: these two scores cannot be compared."
    if comparison.difference == 0:
        return "The same score, in steps of five."
    size = f"{abs(comparison.difference)} {'higher' if comparison.difference > 0 else 'lower'}."
    if one.shown_range is None or other.shown_range is None:
        return f"{size} How sure these scores are was not measured."
    if _overlap(one.shown_range, other.shown_range):
        return f"{size} The ranges overlap, so this may be chance."
    return f"{size} The ranges do not overlap."


def points_change(comparison: Comparison) -> str:
    """Return how many points changed, such as "2 points gained, 1 lost, 1 nearer"; "" where none was judged."""
    if not comparison.points:
        return ""
    gained = comparison.count(Change.GAINED)
    parts = [f"{gained} {'point' if gained == 1 else 'points'} gained", f"{comparison.count(Change.LOST)} lost"]
    parts += [f"{count} {words}" for change, words in _FURTHER_COUNTS if (count := comparison.count(change))]
    return ", ".join(parts)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def point_changes(earlier: Score | None, later: Score | None) -> tuple[PointChange, ...]:
    """Return what became of each point; points are the same where they read the same."""
    before: dict[str, list[PointResult]] = defaultdict(list)
    after: dict[str, list[PointResult]] = defaultdict(list)
    for points, found in ((later, after), (earlier, before)):
        for point in points.points if points else ():
            found[point.text].append(point)
    changes = [
        PointChange(text, _change(old, new), old, new)
        for text in {**after, **before}
        for old, new in zip_longest(before[text], after[text])
    ]
    return tuple(sorted(changes, key=lambda c: _ORDER.index(c.change)))


def _change(old: PointResult | None, new: PointResult | None) -> Change:
    if old is None or new is None:
        return Change.UNJUDGED
    made_before, made = (p.coverage is Coverage.COVERED for p in (old, new))
    if made_before or made:
        return Change.MADE if made_before and made else Change.GAINED if made else Change.LOST
    step = _RANK[new.coverage] - _RANK[old.coverage]
    return Change.NEARER if step > 0 else Change.FURTHER if step < 0 else Change.OPEN


# --- what makes them unlike ---------------------------------------------------------------


def _cautions(earlier: Attempt, later: Attempt) -> Sequence[Caution]:
    pair = (earlier, later)
    found: list[Caution | None] = [
        _unscored(pair),
        _judged_apart(earlier.score, later.score),
        _other_points(earlier.score, later.score),
        _reworded(pair),
        _follow_ups(pair),
        _rough(pair),
        _heard_apart(earlier.transcript, later.transcript),
        _by_hand(earlier.transcript, later.transcript),
    ]
    return [caution for caution in found if caution]


def _unscored(pair: Sequence[Attempt]) -> Caution | None:
    who = _which([a.score is None for a in pair])
    return Caution(f"{who[0]} {who[1]} not scored yet.", bars=True) if who else None


_PARTS = {
    "scorer": "another version of the scoring",
    "model": "another sentence model",
    "judge": "another judge of contradictions, or none",
    "calibration": "another calibration",
    "thresholds": "other thresholds",
}
"""The parts of a recipe, as `scoring` names them, in words."""


def _judged_apart(earlier: Score | None, later: Score | None) -> Caution | None:
    if earlier is None or later is None:
        return None
    if not (earlier.recipe and later.recipe):
        words = "It was not kept how one of these was scored."
        return Caution(words, bars=True, mended_by_scoring=True)
    if earlier.recipe == later.recipe:
        return None
    old, new = _recipe(earlier.recipe), _recipe(later.recipe)
    parts = [words for key, words in _PARTS.items() if old.get(key) != new.get(key)] or ["another recipe"]
    words = f"The two were scored differently: with {', and '.join(parts)}."
    return Caution(words, bars=True, mended_by_scoring=True)


def _recipe(text: str) -> dict[str, object]:
    """Return a recipe's parts; none where it is not written as `scoring` writes it: it may have come from anybody."""
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return made if isinstance(made, dict) else {}


def _other_points(earlier: Score | None, later: Score | None) -> Caution | None:
    if earlier is None or later is None:
        return None
    if earlier.coverage_only is later.coverage_only and {p.text for p in earlier.points} == {
        p.text for p in later.points
    }:
        return None
    words = "The bank was changed in between: the two were held against different points."
    return Caution(words, bars=True, mended_by_scoring=True)


def _reworded(pair: Sequence[Attempt]) -> Caution | None:
    asked = {a.asked for a in pair if a.asked and not a.follow_up}
    return Caution("The question was worded differently the second time.", bars=False) if len(asked) > 1 else None


def _follow_ups(pair: Sequence[Attempt]) -> Caution | None:
    who = _which([bool(a.follow_up) for a in pair])
    if who is None:
        return None
    if all(a.follow_up for a in pair):
        return Caution("Both answer a follow-up: each score counts the answer before it as well.", bars=False)
    return Caution(f"{who[0]} answers a follow-up: its score counts the answer before it as well.", bars=True)


def _rough(pair: Sequence[Attempt]) -> Caution | None:
    who = _which([a.transcript is not None and a.transcript.rough for a in pair])
    if who is None:
        return None
    words = f"{who[0]} {who[1]} written down roughly by the built-in recogniser: what was said may be missing."
    return Caution(words, bars=True)


def _heard_apart(earlier: Transcript | None, later: Transcript | None) -> Caution | None:
    one, other = _hearing(earlier), _hearing(later)
    if not one or not other or one == other:
        return None
    words = "The two were written down by different recognisers, and each mishears in its own way."
    return Caution(words, bars=True)


def _by_hand(earlier: Transcript | None, later: Transcript | None) -> Caution | None:
    if earlier is None or later is None or earlier.by_hand is later.by_hand:
        return None
    name, hand = ("earlier", earlier) if earlier.by_hand else ("later", later)
    did = "typed" if hand.engine == "typed" else "corrected by hand"
    other = "later" if name == "earlier" else "earlier"
    words = f"The {name} text was {did}, the {other} was written down by a recogniser, which mishears words."
    return Caution(f"{words} Part of what changed may come from that.", bars=False)


def _hearing(transcript: Transcript | None) -> tuple[str, str] | None:
    """Return which recogniser wrote a text down; None where none did."""
    return None if transcript is None or transcript.by_hand else (transcript.engine, transcript.model)


def _which(those: Sequence[bool]) -> tuple[str, str] | None:
    """Return who of earlier and later is meant, with "is" or "are"; None where nobody is."""
    match tuple(those):
        case (True, True):
            return "Both answers", "are"
        case (True, False):
            return "The earlier answer", "is"
        case (False, True):
            return "The later answer", "is"
    return None
