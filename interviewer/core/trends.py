"""What changed across attempts: every figure of every attempt as columns.

Columns, not objects: a hundred thousand attempts take some twenty megabytes and are sifted in
milliseconds. An attempt counts with the newest score of its newest transcript. What was scored
by another recipe, has no single right answer or answers a follow-up is told apart from the rest
(`series`), because their figures do not say the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Coverage, Question

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATES = tuple(Coverage)
"""What the numbers in `Trends.judged` stand for."""


class Measure(IntEnum):
    """What is followed over time; each is a row of `Trends.figures`."""

    SCORE = 0
    """0 to 100."""
    COVERAGE = 1
    """Points made, of a hundred; those partly made do not count."""
    PACE = 2
    """Words a minute."""
    FILLERS = 3
    """A minute of talk, at least."""


class Kind(IntEnum):
    """What an attempt answers, as far as its figures cannot be held against each other."""

    ANSWER = 0
    OPEN = 1
    """There is no single right answer: it has coverage, but no score."""
    FOLLOW_UP = 2
    """It was judged together with the answer before it, and after a hint."""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One attempt as it is kept, only what is followed."""

    attempt_id: str
    question_id: str
    bank: str
    asked: str
    """The question as it was asked; "" where that was not kept."""
    topic: str
    """"" where it was not kept."""
    created_s: float
    """Seconds since 1970, UTC."""
    follow_up: bool = False
    hearing: str = ""
    """Who wrote the newest transcript; "" where there is none."""
    recipe: int = -1
    """Number of what made the score; -1 where there is none."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    coverage_only: bool = False
    points: tuple[tuple[str, Coverage], ...] = ()
    pace_wpm: float | None = None
    fillers_per_min: float | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """Some attempts, and the place to read on from; None behind the last."""

    rows: tuple[TrendRow, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """One question of one bank, as it was asked last."""

    bank: str
    question_id: str
    topic: str = ""
    asked: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other: questions of two banks may share an id."""
        return self.bank, self.question_id

    @property
    def words(self) -> str:
        """The question; its id in words where nobody knows it any more."""
        return self.asked or self.question_id.replace("-", " ")


@dataclass(frozen=True, slots=True, eq=False)
class Trends:
    """Every attempt, oldest first: place `i` of each column is of attempt `i`. Not to be written to."""

    subjects: tuple[Subject, ...]
    point_texts: tuple[tuple[int, str], ...]
    """Key points: the place of their subject, and their text."""
    ids: tuple[str, ...]
    subject: Ints
    local_s: Floats
    """Seconds on the user's own clock since 1970 began on it: days and hours follow without a zone."""
    kind: Ints
    figures: Floats
    """Shape (4, n), a row for each `Measure`; NaN where it was not measured."""
    low: Floats
    high: Floats
    """Bounds of the score; NaN where nobody measured them."""
    recipe: Ints
    hearing: Ints
    """Numbers from 0 that are equal for attempts that were scored, or heard, by the same; -1 for none."""
    judged: Ints
    """Shape (3, k), one column a point judged: place of the attempt, of the point, and of its state in Coverage."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def day(self) -> Ints:
        """The day of each, counted from 1970-01-01 on the user's own calendar."""
        return np.floor_divide(self.local_s, DAY_S).astype(np.int32)


class Gathering:
    """Makes columns of rows that come in portions, in any order."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        """Take days and hours from `zone`, from the user's own where None."""
        self._zone = zone
        self._offsets_s: dict[int, float] = {}
        self._subjects: dict[tuple[str, str], int] = {}
        self._newest: list[tuple[float, Subject]] = []
        self._points: dict[tuple[int, str], int] = {}
        self._hearings: dict[str, int] = {"": -1}
        self._recipes: dict[int, int] = {-1: -1}
        self._ids: list[str] = []
        self._numbers = array("d")  # created, local, four figures, low, high
        self._wholes = array("i")  # subject, kind, recipe, hearing
        self._judged = array("i")

    def add(self, rows: Iterable[TrendRow]) -> None:
        """Take more attempts; none twice."""
        for row in rows:
            subject = self._subject(row)
            for text, state in row.points:
                point = self._points.setdefault((subject, text), len(self._points))
                self._judged.extend((len(self._ids), point, STATES.index(state)))
            kind = Kind.FOLLOW_UP if row.follow_up else Kind.OPEN if row.coverage_only else Kind.ANSWER
            hearing = self._hearings.setdefault(row.hearing, len(self._hearings) - 1)
            recipe = self._recipes.setdefault(row.recipe, len(self._recipes) - 1)
            self._wholes.extend((subject, kind, recipe, hearing))
            score = None if row.coverage_only else row.value
            known = (score, coverage_of(row.points), row.pace_wpm, row.fillers_per_min, row.low, row.high)
            self._numbers.extend((row.created_s, self._local_s(row.created_s)))
            self._numbers.extend(np.nan if figure is None else figure for figure in known)
            self._ids.append(row.attempt_id)

    def done(self) -> Trends:
        """Return what was gathered, oldest first."""
        numbers = np.array(self._numbers).reshape(-1, 8).T
        wholes = np.array(self._wholes, dtype=np.int32).reshape(-1, 4).T
        judged = np.array(self._judged, dtype=np.int32).reshape(-1, 3).T
        order = np.argsort(numbers[0], kind="stable")
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        numbers, wholes = numbers[:, order], wholes[:, order]
        judged = np.stack([place[judged[0]], judged[1], judged[2]])
        subject, kind, recipe, hearing = wholes
        return Trends(
            subjects=tuple(newest for _, newest in self._newest),
            point_texts=tuple(self._points),
            ids=tuple(self._ids[i] for i in order),
            subject=subject,
            local_s=numbers[1],
            kind=kind,
            figures=numbers[2:6],
            low=numbers[6],
            high=numbers[7],
            recipe=recipe,
            hearing=hearing,
            judged=judged,
        )

    def _subject(self, row: TrendRow) -> int:
        """Return the place of the row's question, which is worded as it was asked last."""
        place = self._subjects.setdefault((row.bank, row.question_id), len(self._subjects))
        if place == len(self._newest):
            self._newest.append((-np.inf, Subject(row.bank, row.question_id)))
        when_s, known = self._newest[place]
        if row.asked and row.created_s >= when_s:
            if (row.asked, row.topic) != (known.asked, known.topic):
                known = replace(known, asked=row.asked, topic=row.topic or known.topic)
            self._newest[place] = (row.created_s, known)
        return place

    def _local_s(self, created_s: float) -> float:
        """Return a moment on the user's own clock. Clocks are changed at full quarters of an hour at most."""
        quarter = int(created_s // 900)
        if quarter not in self._offsets_s:
            self._offsets_s[quarter] = _offset_s(quarter * 900, self._zone)
        return created_s + self._offsets_s[quarter]


def _offset_s(created_s: float, zone: tzinfo | None) -> float:
    try:
        offset = (_EPOCH + timedelta(seconds=created_s)).astimezone(zone).utcoffset()
    except (OverflowError, OSError, ValueError):
        return 0.0  # beyond what the calendar, or this system's clock, can tell
    return offset.total_seconds() if offset else 0.0


def coverage_of(points: Iterable[tuple[str, Coverage]]) -> float | None:
    """Return the share of points that were made, 0 to 100; None without a point."""
    made = [state is Coverage.COVERED for _, state in points]
    return 100.0 * sum(made) / len(made) if made else None


def named(trends: Trends, find: Callable[[str], Question | None]) -> Trends:
    """Return the same with question and topic of older attempts, which did not keep them, looked up by `find`."""

    def known(subject: Subject) -> Subject:
        entry = None if subject.asked and subject.topic else find(subject.question_id)
        if entry is None:
            return subject
        return replace(subject, topic=subject.topic or entry.topic, asked=subject.asked or entry.question)

    return replace(trends, subjects=tuple(map(known, trends.subjects)))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which attempts are looked at; None leaves a thing open."""

    bank: str | None = None
    topic: str | None = None
    question: tuple[str, str] | None = None
    """`Subject.key`."""
    days: tuple[int, int] | None = None
    """First and last day, counted as `Trends.day` does."""


def within(trends: Trends, scope: Scope) -> Ints:
    """Return the places of the attempts in `scope`, oldest first."""
    wanted = np.array([_belongs(subject, scope) for subject in trends.subjects], dtype=bool)
    inside = wanted[trends.subject]
    if scope.days is not None:
        day = trends.day
        inside = inside & (day >= scope.days[0]) & (day <= scope.days[1])
    return np.flatnonzero(inside).astype(np.int32)


def _belongs(subject: Subject, scope: Scope) -> bool:
    return (
        scope.bank in (None, subject.bank)
        and scope.topic in (None, subject.topic)
        and scope.question in (None, subject.key)
    )


def offered(trends: Trends, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Subject, ...]]:
    """Return the banks, the topics of the scope's bank, and the questions of its bank and topic, each by its words."""
    banks = sorted({s.bank for s in trends.subjects}, key=str.casefold)
    here = [s for s in trends.subjects if _belongs(s, Scope(bank=scope.bank))]
    topics = sorted({s.topic for s in here if s.topic}, key=str.casefold)
    questions = (s for s in here if _belongs(s, Scope(topic=scope.topic)))
    return tuple(banks), tuple(topics), tuple(sorted(questions, key=_by_words))


def _by_words(subject: Subject) -> tuple[str, tuple[str, str]]:
    return subject.words.casefold(), subject.key


def per_day(trends: Trends, chosen: Ints) -> dict[int, int]:
    """Return how many of the chosen attempts there were on each day that had any."""
    days, counts = np.unique(trends.day[chosen], return_counts=True)
    return dict(zip(days.tolist(), counts.tolist(), strict=True))


def empty() -> Trends:
    """Return the trends of nobody."""
    return Gathering().done()
