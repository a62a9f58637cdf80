from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.core.comparison import Change, Comparison, compare, point_changes, points_change, score_change
from interviewer.core.models import Attempt, Coverage, PointResult, Score, Transcript

NOW = datetime(2026, 6, 4, 18, 30, tzinfo=UTC)
COVERED, PARTLY, MISSED, CONTRADICTED = Coverage
RECIPE = {"scorer": "meaning-3", "model": "aa", "judge": "bb", "calibration": {"knots": []}, "thresholds": [0.1]}
WHISPER = Transcript("It blocks.", engine="whisper", model="base.en")


def judged(*states: Coverage, value: float = 60.0, names: str = "abcdefgh") -> Score:
    points = tuple(
        PointResult(name, state, 0.4, "It blocks.", (0, 2)) for name, state in zip(names, states, strict=False)
    )
    return Score(value, "Partial", points, recipe=json.dumps(RECIPE), low=value - 10, high=value + 10)


def answer(days: int, score: Score | None, transcript: Transcript | None = WHISPER, **fields: str) -> Attempt:
    return Attempt(
        f"attempt-{days}", "s", "gil", 0, NOW + timedelta(days=days), transcript=transcript, score=score, **fields
    )


def two(before: Score | None, after: Score | None, old: Transcript = WHISPER, new: Transcript = WHISPER) -> Comparison:
    return compare(answer(0, before, old), answer(1, after, new))


def words(comparison: Comparison) -> str:
    return " ".join(caution.words for caution in comparison.cautions)


# --- points --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (MISSED, COVERED, Change.GAINED),
        (PARTLY, COVERED, Change.GAINED),
        (CONTRADICTED, COVERED, Change.GAINED),
        (COVERED, PARTLY, Change.LOST),
        (COVERED, CONTRADICTED, Change.LOST),
        (MISSED, PARTLY, Change.NEARER),
        (CONTRADICTED, MISSED, Change.NEARER),
        (PARTLY, MISSED, Change.FURTHER),
        (MISSED, CONTRADICTED, Change.FURTHER),
        (COVERED, COVERED, Change.MADE),
        (PARTLY, PARTLY, Change.OPEN),
        (MISSED, MISSED, Change.OPEN),
    ],
)
def test_a_point_is_gained_when_only_the_later_answer_makes_it(
    before: Coverage, after: Coverage, change: Change
) -> None:
    assert [p.change for p in point_changes(judged(before), judged(after))] == [change]


def test_what_was_gained_stands_first_and_what_was_lost_next() -> None:
    changes = point_changes(judged(MISSED, COVERED, COVERED, MISSED), judged(MISSED, COVERED, MISSED, COVERED))
    assert [(p.text, p.change) for p in changes] == [
        ("d", Change.GAINED),
        ("c", Change.LOST),
        ("b", Change.MADE),
        ("a", Change.OPEN),
    ]


def test_points_are_matched_by_what_they_say_not_by_their_place() -> None:
    changes = point_changes(judged(COVERED, MISSED, names="ab"), judged(MISSED, COVERED, names="ba"))
    assert {p.text: p.change for p in changes} == {"a": Change.MADE, "b": Change.OPEN}


def test_a_point_that_stands_twice_in_the_bank_is_matched_in_order() -> None:
    changes = point_changes(judged(COVERED, MISSED, names="aa"), judged(COVERED, COVERED, names="aa"))
    assert [p.change for p in changes] == [Change.GAINED, Change.MADE]


def test_a_point_that_only_one_answer_was_held_against_is_neither_gained_nor_lost() -> None:
    changes = point_changes(judged(COVERED, names="a"), judged(COVERED, names="b"))
    assert [(p.text, p.change) for p in changes] == [("b", Change.UNJUDGED), ("a", Change.UNJUDGED)]


def test_changes_of_points_are_counted_in_words() -> None:
    before, after = judged(MISSED, COVERED, MISSED, PARTLY), judged(COVERED, MISSED, PARTLY, MISSED)
    assert points_change(two(before, after)) == "1 point gained, 1 lost, 1 nearer, 1 further off"


def test_no_change_is_said_to_be_none() -> None:
    assert points_change(two(judged(MISSED), judged(MISSED))) == "0 points gained, 0 lost"


def test_nothing_is_counted_where_nothing_was_judged() -> None:
    assert points_change(two(None, None)) == ""


# --- the score -----------------------------------------------------------------------------


def test_the_earlier_answer_comes_first_however_they_are_given() -> None:
    old, new = answer(0, judged(MISSED, value=40.0)), answer(1, judged(COVERED, value=72.0))
    assert compare(new, old) == compare(old, new)
    assert compare(new, old).difference == 30


def test_scores_whose_ranges_overlap_may_differ_by_chance() -> None:
    assert score_change(two(judged(MISSED, value=60.0), judged(COVERED, value=70.0))) == (
        "10 higher. The ranges overlap, so this may be chance."
    )


def test_scores_whose_ranges_lie_apart_are_said_to() -> None:
    assert score_change(two(judged(MISSED, value=90.0), judged(COVERED, value=40.0))) == (
        "50 lower. The ranges do not overlap."
    )


def test_a_difference_smaller_than_the_steps_is_none() -> None:
    assert score_change(two(judged(MISSED, value=60.0), judged(COVERED, value=61.0))) == (
        "The same score, in steps of five."
    )


def test_scores_without_a_range_are_said_to_be_unsure() -> None:
    old = replace(judged(MISSED, value=60.0), low=None, high=None)
    assert score_change(two(old, judged(MISSED, value=70.0))).endswith("was not measured.")


def test_a_question_without_a_right_answer_has_no_score_to_compare() -> None:
    openly = replace(judged(MISSED), coverage_only=True)
    comparison = two(openly, openly)
    assert (comparison.difference, score_change(comparison), comparison.cautions) == (None, "", ())


def test_an_answer_without_a_score_says_so() -> None:
    comparison = two(None, judged(COVERED))
    assert words(comparison) == "The earlier answer is not scored yet."
    assert (comparison.difference, score_change(comparison)) == (None, "")


# --- what makes two answers unlike -----------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("scorer", "another version of the scoring"),
        ("model", "another sentence model"),
        ("judge", "another judge of contradictions, or none"),
        ("calibration", "another calibration"),
        ("thresholds", "other thresholds"),
        ("weather", "another recipe"),
    ],
)
def test_scores_of_different_recipes_have_no_difference_and_say_why(part: str, named: str) -> None:
    other = replace(judged(COVERED), recipe=json.dumps({**RECIPE, part: "other"}))
    comparison = two(judged(MISSED), other)
    assert comparison.difference is None
    assert words(comparison) == f"The two were scored differently: with {named}."
    assert score_change(comparison) == "No difference is given: these two scores cannot be compared."
    assert comparison.cautions[0].mended_by_scoring


@pytest.mark.parametrize("recipe", ["[]", "not JSON", "[" * 100_000], ids=["a list", "not JSON", "deep"])
def test_a_recipe_that_cannot_be_read_is_another_one(recipe: str) -> None:
    assert two(judged(MISSED), replace(judged(COVERED), recipe=recipe)).difference is None


def test_scores_that_do_not_say_how_they_were_made_are_not_compared() -> None:
    unknown = replace(judged(MISSED), recipe="")
    comparison = two(unknown, unknown)
    assert comparison.difference is None
    assert words(comparison).startswith("It was not kept how")


def test_answers_held_against_different_points_are_not_compared() -> None:
    comparison = two(judged(COVERED, names="a"), judged(COVERED, names="b"))
    assert comparison.difference is None
    assert words(comparison).startswith("The bank was changed in between")


def test_a_question_that_had_a_right_answer_only_once_is_not_compared() -> None:
    comparison = two(judged(COVERED), replace(judged(COVERED), coverage_only=True))
    assert score_change(comparison) == "No difference is given: these two scores cannot be compared."


def test_other_recognisers_bar_the_comparison() -> None:
    comparison = two(judged(MISSED), judged(COVERED), new=replace(WHISPER, model="small.en"))
    assert comparison.difference is None
    assert comparison.heard_apart
    assert "different recognisers" in words(comparison)


@pytest.mark.parametrize(
    ("old", "new", "who"),
    [
        (True, False, "The earlier answer is"),
        (False, True, "The later answer is"),
        (True, True, "Both answers are"),
    ],
)
def test_a_rough_transcript_bars_the_comparison(old: bool, new: bool, who: str) -> None:
    pair = (replace(WHISPER, rough=rough) for rough in (old, new))
    comparison = two(judged(MISSED), judged(COVERED), *pair)
    assert comparison.difference is None
    assert words(comparison).startswith(f"{who} written down roughly")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("typed", "whisper", "The earlier text was typed, the later"),
        ("whisper", "corrected", "The later text was corrected by hand, the earlier"),
    ],
)
def test_a_text_by_hand_beside_a_recognised_one_is_a_reservation(old: str, new: str, said: str) -> None:
    pair = (replace(WHISPER, engine=engine) for engine in (old, new))
    comparison = two(judged(MISSED), judged(COVERED), *pair)
    assert comparison.difference == 0
    assert words(comparison).startswith(said)
    assert not comparison.heard_apart


def test_an_answer_that_is_not_written_down_yet_is_only_unscored() -> None:
    comparison = compare(answer(0, judged(MISSED)), answer(1, None, None))
    assert words(comparison) == "The later answer is not scored yet."


def test_a_follow_up_beside_a_whole_answer_bars_the_comparison() -> None:
    comparison = compare(answer(0, judged(MISSED)), answer(1, judged(COVERED), follow_up="Why?"))
    assert comparison.difference is None
    assert words(comparison).startswith("The later answer answers a follow-up")


def test_two_follow_ups_are_compared_with_a_reservation() -> None:
    pair = (answer(day, judged(COVERED), follow_up="Why?") for day in (0, 1))
    comparison = compare(*pair)
    assert comparison.difference == 0
    assert words(comparison).startswith("Both answer a follow-up")


def test_a_question_worded_differently_is_a_reservation() -> None:
    pair = (answer(day, judged(COVERED), asked=asked) for day, asked in enumerate(("What?", "How?")))
    comparison = compare(*pair)
    assert comparison.difference == 0
    assert words(comparison) == "The question was worded differently the second time."


def test_a_question_whose_wording_was_not_kept_is_no_other_question() -> None:
    pair = (answer(day, judged(COVERED), asked=asked) for day, asked in enumerate(("", "How?")))
    assert compare(*pair).cautions == ()
