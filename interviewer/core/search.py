"""What may be asked of the history, and what is answered. Pure: words in, words out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from interviewer.core.models import Mode, Score

PAGE_ROWS = 30
"""Rows of a list that are read at once: more than a window shows."""
MOST_TERMS = 24
"""Of one question to the index: SQLite takes no expression that is nested more than 256 deep."""
LEAST_PREFIX = 2
"""Letters from which on the last word may be the beginning of one: nearly every answer has a word with "t"."""
_AROUND = 60
"""Characters shown before the first word that was found."""
_WORD = re.compile(r"[^\W_]+")
_ENDS, _GOES_ON = r"(?![^\W_])", r"[^\W_]*"
"""What follows a whole word, and the beginning of one."""
_EXCERPT = 180
"""Characters of an answer in a list: two lines of a wide window."""


class Sort(Enum):
    """The order of a list of answers."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"
    """The highest score first; answers without one come last."""
    WORST = "worst"
    """The lowest score first; answers without one come last."""
    QUESTION = "question"
    """Answers to one question together, the newest of each first."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which answers are wanted, and in which order. Every empty field lets all of them pass."""

    text: str = ""
    """Words to be found in the text, the question or the note, all of them; "in quotes" side by side."""
    session_id: str = ""
    bank: str = ""
    """The title of the bank."""
    topic: str = ""
    engine: str = ""
    """Who wrote the newest text: "whisper", "typed", …"""
    low: int | None = None
    """The least score, 0 to 100, as it is shown: in steps of five."""
    high: int | None = None
    """The highest score, as it is shown."""
    since: datetime | None = None
    """Answers from this moment on; has a zone."""
    until: datetime | None = None
    """Answers before this moment; has a zone."""
    starred: bool = False
    """Those with a star alone."""
    sort: Sort = Sort.NEWEST

    @property
    def narrows(self) -> bool:
        """Whether anything but the session and the order is asked for."""
        bounds = (self.low, self.high, self.since, self.until)
        words = self.text.strip() or self.bank or self.topic or self.engine
        return bool(words) or self.starred or any(bound is not None for bound in bounds)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text, and where in it stands what was looked for."""

    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """First character, and one past the last, of each word that was found; in order."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer as a list shows it."""

    number: int
    """Its number in the index."""
    attempt_id: str
    session_id: str
    question_id: str
    created: datetime
    bank_title: str
    topic: str = ""
    asked: str = ""
    follow_up: str = ""
    seconds: float | None = None
    """The length of the recording; None where there is none."""
    typed: bool = False
    """Whether its text was typed."""
    written: bool = False
    """Whether it has a text."""
    rough: bool = False
    score: Score | None = None
    """Without its points."""
    note: str = ""
    starred: bool = False
    excerpt: Excerpt = field(default_factory=Excerpt)
    """Of the text; of the note where only that has what was looked for."""
    elsewhere: bool = False
    """Whether its interview came from elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answers that fit a query, in its order, by their numbers in the index."""

    query: Query
    ids: Sequence[int] = ()
    rows: tuple[Listed, ...] = ()
    """The first PAGE_ROWS of them, so that they are seen without being asked for."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording, by its answer, and how it was written down."""

    id: str
    question_id: str
    seconds: float
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many recordings there are of something, how long they are together, and how many have a rough text."""

    answers: int
    seconds: float
    rough: int


@dataclass(frozen=True, slots=True)
class SessionLine:
    """An interview as a list shows it."""

    number: int
    """Its place in the file; another one may have it once something was deleted."""
    id: str
    created: datetime
    bank_title: str
    mode: Mode
    finished: bool = False
    """Whether its end was noted."""
    answers: int = 0
    elsewhere: bool = False
    """Whether it came from elsewhere."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Every interview, newest first, by its number."""

    numbers: Sequence[int] = ()
    rows: tuple[SessionLine, ...] = ()
    """The first PAGE_ROWS of them."""
    place: int | None = None
    """Where the one stands that was asked for; None where it is not there."""
    answers: int = 0
    """How many answers they have together."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in the history."""

    banks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()


def whole_days(first: date, last: date) -> tuple[datetime, datetime]:
    """Return from which moment on and before which one something is of these days, the last included.

    In the user's own zone, by its time of each of the days: summer time may begin or end in between.
    """
    begin, end = (datetime.combine(day, time.min) for day in (first, last + timedelta(days=1)))
    return begin.astimezone(), end.astimezone()


def expression(text: str) -> str:
    """Return what a user typed as an expression of SQLite's FTS5; "" when there is no word in it.

    Never one that FTS5 refuses: every word and every quoted phrase is a string to it, so that no
    sign in it means anything. The last word may go on: somebody may still be typing it. Words that
    end the text with a space or a closing quote are whole.
    """
    terms = [*_terms(text)][:MOST_TERMS]
    parts = [f'"{words}"' for words, _ in terms]
    if terms and terms[-1][1]:
        parts[-1] += " *"
    return " ".join(parts)


def excerpt(text: str, sought: str) -> Excerpt:
    """Return the piece of `text` around the first word of `sought` that stands in it, every such word marked.

    The beginning of the text where none does. Letters are compared as the index does: neither case
    nor accents count.
    """
    line = " ".join(text.split())
    needle = _needle(sought)
    if needle is None:
        return Excerpt(f"{line[:_EXCERPT]} …" if len(line) > _EXCERPT else line)
    folded, places = _folded(line)
    found = [match.span() for match in needle.finditer(folded)]
    first = places[found[0][0]] if found else 0
    start = _word_start(line, first - _AROUND) if first > _AROUND else 0
    stop = start + _EXCERPT
    lead, tail = "… " if start else "", " …" if stop < len(line) else ""
    off = len(lead) - start
    marks = [(places[a] + off, places[b - 1] + 1 + off) for a, b in found if places[b - 1] < min(stop, len(line))]
    return Excerpt(f"{lead}{line[start:stop]}{tail}", tuple(_apart(marks)))


def _terms(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what has to be found, and of each whether it may be the beginning of a word."""
    parts = "".join(c if _is_text(c) else " " for c in text).split('"')
    for place, part in enumerate(parts):
        words = part.split()
        # Every second part stands in quotes; a quote that is still open is one too.
        wanted = words if place % 2 == 0 else [" ".join(words)]
        open_end = place == len(parts) - 1 and not part[-1:].isspace()
        for nth, word in enumerate(wanted, 1):
            if any(map(_is_letter, word)):
                yield word, open_end and nth == len(wanted) and len(word) >= LEAST_PREFIX


def _is_text(char: str) -> bool:
    # FTS5 ends an expression at a zero, and half a character cannot be handed to SQLite.
    return char >= " " and unicodedata.category(char) != "Cs"


def _is_letter(char: str) -> bool:
    # What FTS5's own tokenizer takes for a part of a word; it finds nothing for a phrase without any.
    return unicodedata.category(char)[0] in "LN"


def _needle(sought: str) -> re.Pattern[str] | None:
    """Return what matches every folded word that is looked for; None where there is none."""
    parts = []
    for words, prefix in _terms(sought):
        single = _WORD.findall(_folded(words)[0])
        parts += [re.escape(word) + _ENDS for word in single[:-1]]
        parts += [re.escape(word) + (_GOES_ON if prefix else _ENDS) for word in single[-1:]]
    return re.compile(f"(?<![^\\W_])(?:{'|'.join(parts)})") if parts else None


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without case and accents, and for each of its characters where it stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for plain in char.lower() if char.isascii() else unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(plain):
                chars.append(plain)
                places.append(place)
    return "".join(chars), places


def _word_start(line: str, at: int) -> int:
    """Return where the first whole word from `at` on begins; `at` where there is none near."""
    space = line.find(" ", at, at + _AROUND // 2)
    return at if space < 0 else space + 1


def _apart(marks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield marks that do not overlap: one character may have become several."""
    end = 0
    for first, stop in marks:
        if first >= end:
            yield first, stop
            end = stop
