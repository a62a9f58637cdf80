from __future__ import annotations

import pytest

from interviewer.core import verdict
from interviewer.core.models import Coverage, PointResult, Score

COVERED, PARTLY, MISSED, CONTRADICTED = Coverage


def point(coverage: Coverage, *, evidence: str = "It blocks.", confirmed: bool = False) -> PointResult:
    return PointResult("A point.", coverage, 0.4, evidence, (0, 2), confirmed)


def score(*coverage: Coverage, low: float | None = 61.0, high: float | None = 77.5, only: bool = False) -> Score:
    points = tuple(point(c) for c in coverage)
    return Score(68.0, "Partial", points, low=low, high=high, coverage_only=only)


@pytest.mark.parametrize(
    ("coverage", "confirmed", "word"),
    [
        (COVERED, True, "Said"),
        (COVERED, False, "Mentioned"),
        (PARTLY, True, "Partly"),
        (MISSED, False, "Missed"),
        (CONTRADICTED, False, "The wrong way round"),
    ],
)
def test_each_state_of_a_point_has_its_word(coverage: Coverage, confirmed: bool, word: str) -> None:
    assert verdict.state_word(point(coverage, confirmed=confirmed)) == word


def test_a_point_confirmed_by_the_judge_says_so() -> None:
    assert verdict.state_meaning(point(COVERED, confirmed=True)).startswith("Confirmed by the judge")
    assert verdict.state_meaning(point(COVERED)).endswith("is not confirmed.")


@pytest.mark.parametrize(
    ("coverage", "evidence", "words"),
    [
        (COVERED, "It blocks.", "You said: “It blocks.”"),
        (PARTLY, "It blocks.", "You said: “It blocks.”"),
        (CONTRADICTED, "It blocks.", "You said: “It blocks.”"),
        (MISSED, "It blocks.", "Nearest you said: “It blocks.”"),
        (MISSED, "", "Nothing you said came near this."),
    ],
)
def test_each_point_carries_its_evidence(coverage: Coverage, evidence: str, words: str) -> None:
    assert verdict.evidence_words(point(coverage, evidence=evidence)) == words


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ((), "0 of 0 points made"),
        ((COVERED, MISSED), "1 of 2 points made"),
        ((COVERED, PARTLY, PARTLY, MISSED), "1 of 4 points made, 2 partly"),
        ((COVERED, CONTRADICTED), "1 of 2 points made, 1 the wrong way round"),
        ((PARTLY, CONTRADICTED, MISSED), "0 of 3 points made, 1 partly, 1 the wrong way round"),
    ],
)
def test_points_made_partly_and_the_wrong_way_round_are_counted_apart(states: tuple[Coverage, ...], words: str) -> None:
    assert verdict.count_words(score(*states).points) == words


def test_a_score_is_told_with_its_range_in_steps_of_five() -> None:
    judged = score()
    assert verdict.range_words(judged) == "70, between 60 and 80 in steps of 5"
    assert verdict.label_words(judged) == "Partial, between 60 and 80"
    assert verdict.score_words(judged) == "Score about 70 of 100, between 60 and 80: Partial"
    assert (verdict.figure(judged), verdict.headline(judged)) == ("70", "Partial")


def test_a_score_that_nobody_measured_a_range_of_is_told_without() -> None:
    old = score(low=None, high=None)
    assert verdict.range_words(old) == ""
    assert verdict.label_words(old) == "Partial"
    assert verdict.score_words(old) == "Score about 70 of 100: Partial"


def test_a_range_of_a_single_step_is_none() -> None:
    assert verdict.label_words(Score(0.0, "Missing", (), low=0.0, high=0.0)) == "Missing"


def test_without_a_right_answer_points_take_the_place_of_the_number() -> None:
    open_question = score(COVERED, COVERED, MISSED, COVERED, MISSED, only=True)
    assert verdict.headline(open_question) == "3 of 5 points mentioned"
    assert verdict.label_words(open_question) == "3 of 5 points mentioned"
    assert verdict.score_words(open_question) == "3 of 5 points mentioned"
    assert (verdict.figure(open_question), verdict.range_words(open_question)) == ("–", "")


def test_an_answer_without_a_score_has_no_figure() -> None:
    assert verdict.figure(None) == "–"


def test_a_score_says_what_it_is_made_of() -> None:
    assert "no single right answer" in verdict.about(score(COVERED, only=True))
    assert "the wrong way round" in verdict.about(score())
    assert "does not check whether they are true" in verdict.about(score(low=None, high=None))
