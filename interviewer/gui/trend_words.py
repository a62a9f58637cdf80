"""What trends say in words: in the window, and to whoever hears it. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.core.models import in_steps
from interviewer.core.trend_series import ADVISED, MEDIAN_OF, Series, median_of, moment, shown
from interviewer.core.trends import Ints, Kind, Measure, Trends

NAMES = {
    Measure.SCORE: "Score",
    Measure.COVERAGE: "Coverage",
    Measure.PACE: "Pace",
    Measure.FILLERS: "Fillers",
}
HINTS = {
    Measure.SCORE: "About, of 100, in steps of five. The range of the chosen answer is drawn with it.",
    Measure.COVERAGE: "Points made, of a hundred; points made partly do not count.",
    Measure.PACE: "Words a minute, as measured when the answer was scored.",
    Measure.FILLERS: "Fillers a minute of talk, at least so many: recognisers leave fillers out.",
}
_UNITS = {
    Measure.SCORE: "{:.0f} of 100",
    Measure.COVERAGE: "{:.0f} % of the points",
    Measure.PACE: "{:.0f} words a minute",
    Measure.FILLERS: "{:.1f} fillers a minute",
}
_NONE = {
    Measure.SCORE: "No answer here has a score. Questions without a single right answer have coverage alone.",
    Measure.COVERAGE: "No answer here has been judged yet.",
    Measure.PACE: "No answer here has a pace: it is measured where five seconds and more were spoken.",
    Measure.FILLERS: "No answer here has fillers counted: they are where five seconds and more were spoken.",
}
_KINDS = {
    Kind.ANSWER: "dot: an answer",
    Kind.OPEN: "diamond: an answer where none is the only right one",
    Kind.FOLLOW_UP: "triangle: an answer to a follow-up, judged with the one before",
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One attempt in words: its figure, when it was, what was asked, and what sets it apart."""

    figure: str
    when: str
    asked: str
    apart: str = ""

    @property
    def whole(self) -> str:
        """All of it as one text."""
        asked = self.asked if self.asked.endswith((".", "?", "!")) else f"{self.asked}."
        return f"{self.figure}, {self.when}. {asked} {self.apart}".rstrip()


def dot(trends: Trends, place: int, measure: Measure) -> Dot:
    """Return what the attempt at `place` says of `measure`."""
    value = trends.figures[measure, place]
    figure = _UNITS[measure].format(shown(np.array([value]), measure)[0])
    low, high = trends.low[place], trends.high[place]
    if measure is Measure.SCORE and low < high:
        figure += f", between {int(low // 5) * 5} and {-int(-high // 5) * 5}"
    apart = {Kind.OPEN: "No single right answer", Kind.FOLLOW_UP: "Follow-up"}.get(Kind(trends.kind[place]), "")
    return Dot(figure, when(trends.local_s[place]), trends.subjects[trends.subject[place]].words, apart)


def when(local_s: float) -> str:
    """Return a moment of the user's own clock, such as "4 June 2026, 18:30"."""
    at = moment(local_s)
    return f"{at.day} {at:%B %Y, %H:%M}"


def day_words(day: int) -> str:
    """Return a day, counted from 1970, such as "Thursday, 4 June 2026"."""
    at = moment(day * 86_400.0)
    return f"{at:%A}, {at.day} {at:%B %Y}"


def answers(count: int) -> str:
    """Return "1 answer" or "7 answers"."""
    return f"{count:,} answer{'' if count == 1 else 's'}"


def summary(trends: Trends, chosen: Ints, found: Sequence[Series], measure: Measure) -> str:
    """Return what is shown in a sentence or two: how many answers of when, and how the last ten went."""
    if not found:
        return _NONE[measure] if len(chosen) else "No answer of this kind in these days."
    count = sum(len(one.places) for one in found)
    first, last = (
        moment(trends.local_s[i]) for i in (min(s.places[0] for s in found), max(s.places[-1] for s in found))
    )
    days = f"{first.day} {first:%B %Y}"
    if first.date() != last.date():
        days += f" to {last.day} {last:%B %Y}"
    words = f"{answers(count)}, {days}."
    left_out = len(chosen) - count
    if left_out:
        words += f" {answers(left_out)} without this figure."
    if count == 1:
        return f"{words} A second one will show which way it goes."
    comparable = [s for s in found if s.newest and s.kind is Kind.ANSWER]
    if comparable and len(comparable[0].figures) >= MEDIAN_OF:
        middle = float(np.median(comparable[0].figures[-MEDIAN_OF:]))
        middle = in_steps(middle) if measure is Measure.SCORE else middle
        words += f" Median of the last ten: {_UNITS[measure].format(middle)}."
    return words


def legend(found: Sequence[Series], measure: Measure) -> str:
    """Return what the shapes mean, only those that are there."""
    parts = [_KINDS[kind] for kind in Kind if any(one.kind is kind for one in found)]
    if any(not one.newest for one in found):
        by = "scored" if measure in (Measure.SCORE, Measure.COVERAGE) else "heard"
        parts.append(f"hollow: {by} in another way than the newest, not to be compared with the filled ones")
    lines = {median_of(len(one.places)) if len(one.line) < len(one.places) else 1 for one in found if len(one.line)}
    if lines == {1}:
        parts.append("line: from answer to answer")
    elif lines:
        many = " to ".join(str(count) for count in sorted({min(lines), max(lines)}))
        parts.append(f"line: the median of the {many} answers up to there")
    if measure in ADVISED:
        low, high = ADVISED[measure]
        parts.append(f"shaded: {low:.0f} to {high:.0f}, as advised")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}." if found else ""
