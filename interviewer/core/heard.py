"""What is heard in an answer beside what it says: nouns of `Delivery`, as frozen values of plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Edges(Enum):
    """What tells where speech begins and ends."""

    WORDS = "words"
    """The recogniser's word times, which stretch over silence: no pause is known."""
    VOICE = "voice"
    """The speech detector."""
    SOUND = "sound"
    """The speech detector, its edges moved to where the sound begins and ends to be loud."""


class AsideKind(Enum):
    """Why words are told apart from the rest."""

    FILLER = "filler"
    """A sound such as "um"."""
    PHRASE = "phrase"
    """Words that fill, such as "you know"."""
    HEDGE = "hedge"
    """Words that soften a claim, such as "maybe"."""
    AMBIGUOUS = "ambiguous"
    """"like", "so", "right": may fill, may not."""
    REPEAT = "repeat"
    """Words said twice on end, such as "the the"."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A filler, a hedge or a repetition: what was said, and when.

    Seconds from the start of the clip, as the recogniser times words; None in a text whose words have no times.
    """

    kind: AsideKind
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class PacePoint:
    """How fast somebody spoke around one moment, in words a minute, give or take `off_wpm`."""

    at_s: float
    """The middle of the stretch that was counted, seconds from the start of the clip."""
    wpm: float
    off_wpm: float
