"""What a score says, in words: the same ones in the window and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.core.models import Coverage, PointResult, Score

WRONG_WAY_ROUND = "The wrong way round"

_STATES = {
    Coverage.COVERED: ("Mentioned", "Your words come near this point; whether they say it rightly is not confirmed."),
    Coverage.PARTLY: ("Partly", "Something you said comes some way towards this point."),
    Coverage.MISSED: ("Missed", "Nothing you said comes near enough to this point."),
    Coverage.CONTRADICTED: (
        WRONG_WAY_ROUND,
        "The judge takes what you said for the opposite of this point. It can be mistaken.",
    ),
}
_CONFIRMED = ("Said", "Confirmed by the judge: it takes this point as said rightly.")

_NO_RIGHT_ANSWER = "There is no single right answer to this question: all that is shown is which points you mentioned."
_CLOSENESS_ONLY = "Measures which points were mentioned, in steps of five; it does not check whether they are true."
_JUDGED = (
    "Measures which points were mentioned, and looks for those said the wrong way round; it can be mistaken in both."
)


def state_word(point: PointResult) -> str:
    """Return the word for how far a point was made, such as "Said" or "Missed"."""
    return _state(point)[0]


def state_meaning(point: PointResult) -> str:
    """Return the sentence that says what `state_word` means."""
    return _state(point)[1]


def evidence_words(point: PointResult) -> str:
    """Return the line under a point: the sentence that proves it, or the nearest one said."""
    if not point.evidence:
        return "Nothing you said came near this."
    lead = "Nearest you said" if point.coverage is Coverage.MISSED else "You said"
    return f"{lead}: “{point.evidence}”"


def count_words(points: Sequence[PointResult], verb: str = "made") -> str:
    """Return how many points were made, such as "2 of 5 points made, 1 partly, 1 the wrong way round"."""
    count = {state: sum(p.coverage is state for p in points) for state in Coverage}
    words = [f"{count[Coverage.COVERED]} of {len(points)} points {verb}"]
    if partly := count[Coverage.PARTLY]:
        words.append(f"{partly} partly")
    if wrong := count[Coverage.CONTRADICTED]:
        words.append(f"{wrong} {WRONG_WAY_ROUND.lower()}")
    return ", ".join(words)


def headline(score: Score) -> str:
    """Return a score's label; where there is no right answer, how many points were mentioned."""
    return count_words(score.points, "mentioned") if score.coverage_only else score.label


def figure(score: Score | None) -> str:
    """Return the number that stands for a score; a dash where there is none to show."""
    return "–" if score is None or score.coverage_only else str(score.shown)


def range_words(score: Score) -> str:
    """Return a number with its range, "70, between 60 and 80 in steps of 5"; "" where none was measured."""
    between = _between(score)
    return f"{score.shown}, {between} in steps of 5" if between else ""


def label_words(score: Score) -> str:
    """Return the headline with its range, such as "Partial, between 60 and 80"."""
    return ", ".join(filter(None, (headline(score), _between(score))))


def score_words(score: Score) -> str:
    """Return the whole of it as one phrase, such as "Score about 70 of 100, between 60 and 80: Partial"."""
    if score.coverage_only:
        return headline(score)
    numbers = ", ".join(filter(None, (f"{score.shown} of 100", _between(score))))
    return f"Score about {numbers}: {score.label}"


def about(score: Score) -> str:
    """Return the sentence that says what the score is made of, and what not to take it for."""
    if score.coverage_only:
        return _NO_RIGHT_ANSWER
    # Scores of before there were ranges were made without the judge.
    return _CLOSENESS_ONLY if score.shown_range is None else _JUDGED


def _state(point: PointResult) -> tuple[str, str]:
    return _CONFIRMED if point.confirmed and point.coverage is Coverage.COVERED else _STATES[point.coverage]


def _between(score: Score) -> str:
    if score.coverage_only or score.shown_range is None:
        return ""
    low, high = score.shown_range
    return f"between {low} and {high}" if low < high else ""
