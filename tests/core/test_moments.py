"""From the words of an answer to seconds of its recording."""

from __future__ import annotations

import pytest

from interviewer.core.models import Coverage, PointResult, Span, Transcript, Word
from interviewer.core.moments import moment_of, place_of

SAID = Transcript("it runs and it runs fast", tuple(Word(w, n, n + 0.5, 0.9) for n, w in enumerate("abcdef")))


def point(evidence: str, first: int = 0) -> PointResult:
    return PointResult("P.", Coverage.COVERED, 0.5, evidence, (first, first + len(evidence.split())))


def test_the_place_that_the_score_names_counts() -> None:
    assert place_of(point("it runs", 3), SAID) == (3, 5)


def test_a_place_counted_from_an_earlier_answer_is_found_by_its_words() -> None:
    assert place_of(point("runs fast", 40), SAID) == (4, 6)


@pytest.mark.parametrize("evidence", ["", "never said", "it runs and it runs fast indeed"])
def test_what_is_not_in_the_text_has_no_place_and_no_moment(evidence: str) -> None:
    assert place_of(point(evidence), SAID) is None
    assert moment_of(point(evidence), SAID) is None


def test_a_moment_reaches_from_the_first_word_to_the_end_of_the_last() -> None:
    assert moment_of(point("runs and", 1), SAID) == Span(1.0, 2.5)


def test_a_moment_reaches_to_the_latest_end_where_words_overlap() -> None:
    odd = Transcript("one two", (Word("one", 2.0, 2.5, 1.0), Word("two", 1.0, 1.5, 1.0)))
    assert moment_of(point("one two"), odd) == Span(2.0, 2.5)


def test_a_word_that_the_recogniser_cut_is_heard_whole() -> None:
    words = (Word("one", 0.0, 0.4, 1.0), Word("-two", 0.4, 0.9, 1.0), Word("three", 1.0, 1.5, 1.0))
    assert moment_of(point("one-two"), Transcript("one-two three", words)) == Span(0.0, 0.9)


@pytest.mark.parametrize("said", [Transcript("one two"), Transcript("one-two three", SAID.words[:3]), None])
def test_a_text_without_times_of_its_words_has_no_moments(said: Transcript | None) -> None:
    assert moment_of(point("one"), said) is None
    assert moment_of(point("one-two"), said) is None
