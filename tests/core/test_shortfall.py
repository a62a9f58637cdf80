"""Why a point fell short, in words that claim no more than is known."""

from __future__ import annotations

import pytest

from interviewer.core.models import Coverage, PointResult
from interviewer.core.shortfall import shortfall, unsaid

POINT = "Plain handlers run in a pool of threads."
HERE = "Plain ones run elsewhere."
SAID = f"I use threads. {HERE}"


def point(
    coverage: Coverage,
    *,
    near: float = 0.4,
    evidence: str = HERE,
    confirmed: bool = False,
    doubted: bool = False,
) -> PointResult:
    return PointResult(POINT, coverage, near, evidence, (3, 7), confirmed, doubted)


def test_a_point_that_was_said_did_not_fall_short() -> None:
    assert shortfall(point(Coverage.COVERED, confirmed=True), SAID) == ""


def test_a_point_that_was_mentioned_lacks_the_word_of_the_judge() -> None:
    assert "did not confirm" in shortfall(point(Coverage.COVERED), SAID)


def test_a_point_that_no_judge_saw_does_not_lack_its_word() -> None:
    assert shortfall(point(Coverage.COVERED), SAID, judged=False) == ""


def test_what_is_taken_for_the_opposite_may_be_mistaken() -> None:
    assert "It can be mistaken" in shortfall(point(Coverage.CONTRADICTED), SAID)


def test_a_point_that_is_doubted_says_so_and_counts_no_words() -> None:
    assert shortfall(point(Coverage.PARTLY, doubted=True), SAID).endswith("so it counts in part.")


@pytest.mark.parametrize(
    ("coverage", "near", "lead"),
    [
        (Coverage.PARTLY, 0.4, "This goes part of the way."),
        (Coverage.MISSED, 0.3, "This touches the point, but does not make it."),
        (Coverage.MISSED, 0.29, "This is about something else."),
    ],
)
def test_how_near_it_came_is_told_first(coverage: Coverage, near: float, lead: str) -> None:
    assert shortfall(point(coverage, near=near), SAID) == f"{lead} Not said: “handlers” and “pool”."


def test_words_that_were_said_in_another_sentence_are_told_as_that() -> None:
    told = shortfall(point(Coverage.PARTLY), f"Handlers have a pool of threads. {HERE}")
    assert told.endswith("Said elsewhere in your answer, but not here: “handlers”, “pool” and “threads”.")


def test_where_every_word_was_said_it_is_not_the_words() -> None:
    made = point(Coverage.MISSED, evidence="Run threads, a pool, plain handlers.")
    assert shortfall(made, made.evidence).endswith("it may be how they are put together.")


def test_where_only_a_part_of_what_was_judged_is_at_hand_nothing_is_told_of_words() -> None:
    assert shortfall(point(Coverage.MISSED, near=0.1), None) == "This is about something else."


def test_where_nothing_came_near_there_is_nothing_to_say_of_it() -> None:
    assert shortfall(point(Coverage.MISSED, evidence=""), SAID) == ""


def test_no_more_than_four_words_are_told() -> None:
    many = PointResult("Alpha, beta, gamma, delta and epsilon.", Coverage.PARTLY, 0.4, "Zeta.")
    assert shortfall(many, "Zeta.").endswith("“Alpha”, “beta”, “gamma” and “delta”.")


def test_terms_come_first_and_their_words_are_not_told_twice() -> None:
    assert unsaid(POINT, "I use plain functions.", ["thread pool"]) == ("thread pool", "handlers", "run")


def test_other_forms_of_a_word_count_as_said() -> None:
    assert unsaid("Annotated parameters", "I annotate a parameter.") == ()


def test_a_term_counts_as_said_once_each_of_its_words_was() -> None:
    assert unsaid("So.", "a pool of threads", ["thread pool"]) == ()
    assert unsaid("So.", "a pool", ["thread pool"]) == ("thread pool",)


def test_words_that_fit_anything_are_not_asked_for() -> None:
    assert unsaid("For example, the best thing lets you use it.", "No.") == ()
