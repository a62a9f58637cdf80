"""A transcript put right word by word, and the way back: pure values.

Words are counted as `str.split` counts them, as those of `PointResult.words` are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate

from interviewer.core.errors import InputError
from interviewer.core.models import Score, Transcript, Word

_WORD = re.compile(r"\S+")


def replace_words(transcript: Transcript, first: int, stop: int, text: str) -> Transcript:
    """Return a transcript whose words from `first` to `stop`, excluded, are those of `text`.

    Without words in between `text` is put before word `first`; without words in `text` those in between go.
    Words that are in both keep their times and how sure the recogniser was; new ones are certain and share
    the time of what they take the place of. The rest of the text stays as it is, blanks included. What changes
    nothing returns the transcript itself. Raises ValueError for words that there are not, InputError
    when nothing would be left.
    """
    places = [(m.start(), m.end()) for m in _WORD.finditer(transcript.text)]
    if not 0 <= first <= stop <= len(places):
        raise ValueError(f"words {first} to {stop} of {len(places)}")
    new = text.strip()
    whole = _spliced(transcript.text, places, first, stop, new) if new or stop > first else transcript.text
    if whole == transcript.text:
        return transcript
    if not whole.strip():
        raise InputError("Nothing would be left of this answer", hint="Leave at least one word.")
    times = timed(transcript)
    words = (*times[:first], *_retimed(times, first, stop, new.split()), *times[stop:]) if times else ()
    return replace(transcript, text=whole, words=words, engine="corrected", rough=False)


def rewritten(transcript: Transcript, text: str) -> Transcript:
    """Return a transcript with a whole other text; its words keep their times as in `replace_words`.

    Raises InputError for a text without words.
    """
    return replace_words(transcript, 0, len(transcript.text.split()), text)


def timed(transcript: Transcript) -> tuple[Word, ...]:
    """Return one word with its times for each word of the text; none where times are not known.

    Recognisers may cut a word in two or take two as one: what they call words is laid along the text by its letters.
    """
    texts = transcript.text.split()
    if len(texts) == len(transcript.words):
        return transcript.words
    cut = ["".join(word.text.split()) for word in transcript.words]
    if "".join(cut) != "".join(texts):
        return ()
    owners = [word for word, letters in zip(transcript.words, cut, strict=True) for _ in letters]
    ends = list(accumulate(map(len, texts)))
    return tuple(_joined(text, owners[end - len(text) : end]) for text, end in zip(texts, ends, strict=True))


def heard_words(transcript: Transcript) -> tuple[Word, ...]:
    """Return the words of a text with their times; none where they have no times.

    Where what the recogniser calls words cannot be laid along the text they are as it has them.
    """
    return timed(transcript) or transcript.words


def _joined(text: str, parts: Sequence[Word]) -> Word:
    return Word(text, parts[0].start_s, parts[-1].end_s, min(part.probability for part in parts))


def _spliced(text: str, places: Sequence[tuple[int, int]], first: int, stop: int, new: str) -> str:
    """Return a text with `new` in the place of words, one blank at least on either side."""
    begin = places[first][0] if first < len(places) else len(text)
    head, tail = text[:begin], text[places[stop - 1][1] if stop > first else begin :]
    if not new:
        return f"{head.rstrip()}{tail}" if head.strip() else tail.lstrip()
    head += " " if head and not head[-1].isspace() else ""
    return f"{head}{new}{' ' if tail and not tail[0].isspace() else ''}{tail}"


def _retimed(times: Sequence[Word], first: int, stop: int, texts: Sequence[str]) -> Iterator[Word]:
    """Yield a word for each of `texts`, which take the place of the words from `first` to `stop`."""
    old = [word.text for word in times[first:stop]]
    for _, a, b, c, d in SequenceMatcher(None, old, texts, autojunk=len(texts) > 1000).get_opcodes():
        if old[a:b] == list(texts[c:d]):
            yield from times[first + a : first + b]
        elif b - a == d - c:
            yield from (Word(t, w.start_s, w.end_s, 1.0) for t, w in zip(texts[c:d], times[first + a :], strict=False))
        else:
            yield from _shared(texts[c:d], *_span(times, first + a, first + b))


def _span(times: Sequence[Word], first: int, stop: int) -> tuple[float, float]:
    """Return when the words from `first` to `stop` were said; without any, the time between their neighbours."""
    if stop > first:
        return times[first].start_s, max(times[first].start_s, times[stop - 1].end_s)
    after_s = times[first].start_s if first < len(times) else times[-1].end_s
    before_s = times[first - 1].end_s if first else after_s
    return min(before_s, after_s), after_s


def _shared(texts: Sequence[str], start_s: float, end_s: float) -> Iterator[Word]:
    """Yield words that share a stretch of time by their letters."""
    ends = list(accumulate(map(len, texts)))
    edges = [start_s, *(start_s + (end_s - start_s) * end / ends[-1] for end in ends[:-1]), end_s]
    for text, begin_s, until_s in zip(texts, edges, edges[1:], strict=False):
        yield Word(text, begin_s, until_s, 1.0)


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it was at one time, and its score once it has one."""

    number: int
    """No other version of a history has it or ever had it."""
    transcript: Transcript
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The versions of one answer's text, oldest first, and which of them is shown."""

    versions: tuple[Version, ...]
    at: int = 0
    made: int = 1
    """How many versions there ever were; numbers the next."""

    @classmethod
    def of(cls, transcript: Transcript, score: Score | None = None) -> History:
        """Return the history of a text that was never edited."""
        return cls((Version(0, transcript, score),))

    @property
    def now(self) -> Version:
        """The version that is shown."""
        return self.versions[self.at]

    @property
    def original(self) -> Version:
        """The text before every edit: what was heard, or typed at first."""
        return self.versions[0]

    @property
    def can_undo(self) -> bool:
        """Whether there is an older version."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a version that was undone."""
        return self.at + 1 < len(self.versions)

    def edited(self, transcript: Transcript, score: Score | None = None) -> History:
        """Return the history with a new version shown; what was undone is no longer in it."""
        new = Version(self.made, transcript, score)
        return History((*self.versions[: self.at + 1], new), self.at + 1, self.made + 1)

    def undone(self) -> History:
        """Return the history with the version before shown; itself where there is none."""
        return replace(self, at=self.at - 1) if self.can_undo else self

    def redone(self) -> History:
        """Return the history with the version after shown; itself where there is none."""
        return replace(self, at=self.at + 1) if self.can_redo else self

    def judged(self, number: int, score: Score) -> History:
        """Return the history with the score of a version; itself when that version is no longer in it."""
        known = (replace(v, score=score) if v.number == number else v for v in self.versions)
        return replace(self, versions=tuple(known))


Kept = tuple[Transcript, Score | None]
"""A text as it was kept, and its score."""


def replayed(kept: Sequence[Kept]) -> History:
    """Return the history that left these texts behind, oldest first, at least one.

    Undo and redo leave one more text behind each, so a text that is the version before is an undo, and one that is
    the version after a redo. A recogniser's newer text takes the place of everything before it.
    """
    (first, score), *rest = kept
    history = History.of(first, score)
    for transcript, score in rest:
        history = _followed(history, transcript, score)
    return history


def _followed(history: History, transcript: Transcript, score: Score | None) -> History:
    for moved in (history, history.undone(), history.redone()):
        if moved.now.transcript == transcript:
            return moved if score is None else moved.judged(moved.now.number, score)
    return history.edited(transcript, score) if transcript.by_hand else History.of(transcript, score)
