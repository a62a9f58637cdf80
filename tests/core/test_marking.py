"""What is made of each point and of an answer as a whole. The constants are fitted: tests import them."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from interviewer.core import marking
from interviewer.core.examine import Evidence, Findings
from interviewer.core.marking import (
    CONFIRMED_FROM,
    COVERED_FROM,
    DOUBTED_FROM,
    EXAMPLE_FROM,
    LABELS,
    NOTES_WORDS,
    PARAPHRASE_TO,
    PARTLY_FROM,
    SPEECH_WORDS,
    THRESHOLDS,
    TOLD_FROM,
    TOUCHED_FROM,
    TRUTH_FLOOR,
    TRUTH_FROM,
    TRUTH_TO,
    UNCOVERED_FLOOR,
    VAGUE_FLOOR,
    answer_odds,
    chance_of,
    coverage_factor,
    example_share,
    label_for,
    raw_agreement,
    states_of,
    truth_factor,
    vague,
    wrong_odds,
    wrongness,
)
from interviewer.core.models import Coverage
from tests.core.findings import (
    DENIED,
    HALF_SAID,
    NAMES,
    NEAR,
    NEARNESSES,
    PARAPHRASED,
    SAID,
    UNSAID,
    at,
    findings,
    kinds,
    marked,
    with_chance,
)

# --- labels -------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(LABELS)))
def test_a_label_goes_with_the_number_as_it_is_shown(place: int) -> None:
    bound, label = LABELS[place]
    assert label_for(bound) == label_for(bound - 2.5) == label
    assert label_for(bound - 2.6) == NAMES[place + 1]


def test_labels_get_better_with_the_score() -> None:
    named = list(dict.fromkeys(label_for(value) for value in range(101)))
    assert named == NAMES[::-1]


# --- points ---------------------------------------------------------------------------------


@pytest.mark.parametrize("judged", [True, False])
def test_the_nearer_the_words_the_likelier_the_point(judged: bool) -> None:
    chances = [chance_of(at(n), judged=judged) for n in NEARNESSES]
    assert all(a < b for a, b in pairwise(chances))
    assert 0.0 < chances[0] < 0.05 < 0.9 < chances[-1] < 1.0


def test_a_judge_that_heard_a_point_spoken_of_makes_it_likelier_rightly_or_wrongly() -> None:
    assert chance_of(at(0.4, same=0.9), judged=True) == chance_of(at(0.4, opposite=0.9), judged=True)
    assert chance_of(at(0.4, same=0.9), judged=True) > chance_of(at(0.4), judged=True)
    assert chance_of(at(0.4, same=0.9), judged=False) == chance_of(at(0.4), judged=False)


@pytest.mark.parametrize("judged", [True, False])
@pytest.mark.parametrize(
    ("chance", "state"),
    [
        (COVERED_FROM + 0.01, Coverage.COVERED),
        (COVERED_FROM - 0.01, Coverage.PARTLY),
        (PARTLY_FROM + 0.01, Coverage.PARTLY),
        (PARTLY_FROM - 0.01, Coverage.MISSED),
    ],
)
def test_its_chance_decides_how_far_a_point_was_made(chance: float, state: Coverage, judged: bool) -> None:
    assert states_of(findings(with_chance(chance, judged=judged), judged=judged)) == (state,)


def test_a_point_that_the_judge_is_sure_was_denied_is_contradicted() -> None:
    assert states_of(findings(DENIED)) == (Coverage.CONTRADICTED,)
    assert states_of(findings(DENIED, UNSAID)) == (Coverage.CONTRADICTED, Coverage.MISSED)


@pytest.mark.parametrize(
    "spared",
    [
        findings(at(NEAR, same=0.45, opposite=0.5)),
        findings(at(NEAR, same=0.99, opposite=0.98)),
        findings(at(TOUCHED_FROM - 0.01, opposite=0.99), DENIED),
        findings(DENIED, words=NOTES_WORDS),
        findings(DENIED, judged=False),
    ],
    ids=[
        "the judge is undecided",
        "surer of the point itself",
        "about something else",
        "notes",
        "no judge",
    ],
)
def test_nobody_is_accused_lightly(spared: Findings) -> None:
    assert states_of(spared)[0] is not Coverage.CONTRADICTED


def accused_levels(*company: Evidence) -> set[int]:
    """How sure the judge must be, in percent, before a point is accused in an answer with these others."""
    return {n for n in range(101) if Coverage.CONTRADICTED is states_of(findings(at(NEAR, 0.0, n / 100), *company))[0]}


def test_who_turned_other_points_round_is_accused_sooner() -> None:
    right, alone, wrong = accused_levels(SAID, SAID), accused_levels(), accused_levels(DENIED, DENIED)
    assert right < alone <= wrong
    assert wrong


def test_in_an_answer_that_is_doubted_only_what_the_judge_takes_for_right_counts() -> None:
    doubted = [findings(at(NEAR, 0.2, n / 100)) for n in range(101)]
    doubted = [f for f in doubted if answer_odds(f) >= DOUBTED_FROM and states_of(f)[0] is not Coverage.CONTRADICTED]
    assert doubted
    assert {states_of(f) for f in doubted} == {(Coverage.PARTLY,)}
    company = findings(at(NEAR, 0.3, 0.2), DENIED, DENIED)
    assert answer_odds(company) >= DOUBTED_FROM
    assert states_of(company)[0] is Coverage.COVERED


def test_a_point_that_counts_in_part_says_whether_that_is_the_judges_doubt() -> None:
    by_words = [findings(at(NEAR, 0.2, n / 100)) for n in range(101)]
    told = {p.doubted for f in by_words for p in marked(f).points if p.coverage is Coverage.PARTLY}
    assert told == {True}
    assert [p.doubted for p in marked(findings(HALF_SAID, SAID, UNSAID)).points] == [False] * 3


def test_the_surer_the_judge_the_more_is_accused() -> None:
    levels = accused_levels()
    assert levels == set(range(min(levels), 101))


def test_what_a_turned_point_costs_grows_smoothly_and_it_is_told_late() -> None:
    found = [findings(at(NEAR, 0.0, n / 100)) for n in range(101)]
    told = [wrongness(f)[0] for f in found]
    assert all(a <= b for a, b in pairwise(told))
    assert told[0] == 0.0
    assert told[-1] > 0.9
    for f, wrong in zip(found, told, strict=True):
        assert (states_of(f)[0] is Coverage.CONTRADICTED) == (wrong >= TOLD_FROM)


@pytest.mark.parametrize("points", [1, 50])
def test_the_odds_of_an_answer_are_worked_out_as_often_however_many_points_it_has(
    points: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Findings] = []

    def counted(found: Findings) -> float:
        asked.append(found)
        return answer_odds(found)

    monkeypatch.setattr(marking, "answer_odds", counted)
    marked(findings(*[DENIED] * points))
    assert 0 < len(asked) <= 8


def test_an_answer_that_is_one_of_the_examples_is_judged_too() -> None:
    assert states_of(findings(DENIED, meaning=EXAMPLE_FROM)) == (Coverage.CONTRADICTED,)


def test_a_point_carries_its_evidence_and_where_it_stands() -> None:
    (made,) = marked(findings(SAID)).points
    assert (made.text, made.coverage) == ("Point 0.", Coverage.COVERED)
    assert (made.evidence, made.words) == ("It blocks.", (4, 6))


@pytest.mark.parametrize("nearness", [-0.4, 1.00001])
def test_the_similarity_of_a_point_is_kept_between_nothing_and_one(nearness: float) -> None:
    (made,) = marked(findings(at(nearness))).points
    assert 0.0 <= made.similarity <= 1.0


@pytest.mark.parametrize(
    ("evidence", "confirmed"),
    [
        (at(NEAR, same=CONFIRMED_FROM), True),
        (at(NEAR, same=CONFIRMED_FROM - 0.01), False),
        (with_chance(COVERED_FROM - 0.01, same=1.0, judged=True), False),
        (DENIED, False),
    ],
    ids=["said", "mentioned", "only partly", "denied"],
)
def test_only_a_covered_point_that_the_judge_agrees_with_is_confirmed(evidence: Evidence, confirmed: bool) -> None:
    (made,) = marked(findings(evidence)).points
    assert made.confirmed is confirmed


# --- rightly or wrongly -----------------------------------------------------------------------


def test_the_odds_of_a_point_grow_with_the_judges_suspicion_and_stay_within_bounds() -> None:
    odds = [wrong_odds(at(NEAR, 1.0 - n / 20, n / 20)) for n in range(21)]
    assert all(a < b for a, b in pairwise(odds))
    assert odds[0] == pytest.approx(-odds[-1])
    assert odds[10] == 0.0
    assert math.isfinite(odds[-1])


def test_the_odds_of_an_answer_are_the_mean_of_its_points_by_weight() -> None:
    assert answer_odds(findings(DENIED)) == pytest.approx(wrong_odds(DENIED))
    assert answer_odds(findings(DENIED, SAID)) == pytest.approx(0.0)
    assert (
        answer_odds(findings(DENIED, SAID, shares=(0.8, 0.2)))
        > 0.0
        > answer_odds(findings(DENIED, SAID, shares=(0.2, 0.8)))
    )


def test_a_point_that_was_not_spoken_of_says_nothing_about_the_answer() -> None:
    assert answer_odds(findings(DENIED, UNSAID)) == pytest.approx(answer_odds(findings(DENIED)))
    assert answer_odds(findings(UNSAID, UNSAID)) == 0.0
    assert answer_odds(findings(DENIED, judged=False)) == 0.0


def test_the_more_words_an_answer_has_the_more_the_judge_is_believed() -> None:
    words = (1, NOTES_WORDS, (NOTES_WORDS + SPEECH_WORDS) / 2, SPEECH_WORDS, 10 * SPEECH_WORDS)
    odds = [answer_odds(findings(*[DENIED] * 10, words=10 * n)) for n in words]
    assert odds[0] == odds[1] == 0.0 < odds[2] < odds[3] == odds[4]


def test_what_the_judge_leaves_falls_from_all_to_its_floor() -> None:
    left = [truth_factor(findings(at(NEAR, 1.0 - n / 20, n / 20))) for n in range(21)]
    assert all(a >= b for a, b in pairwise(left))
    assert TRUTH_FLOOR <= left[-1] < TRUTH_FLOOR + 0.01 < 0.99 < left[0] <= 1.0
    assert truth_factor(findings(DENIED, judged=False)) == 1.0


# --- agreement and coverage -------------------------------------------------------------------


@pytest.mark.parametrize(("meaning", "raw"), [(-0.2, 0.0), (0.0, 0.0), (0.4, 0.4), (1.0, 1.0), (1.00001, 1.0)])
def test_agreement_is_nearness_to_the_example_from_nothing_to_one(meaning: float, raw: float) -> None:
    assert raw_agreement(findings(SAID, meaning=meaning)) == raw


def test_the_more_points_the_more_is_left_of_a_score() -> None:
    left = [coverage_factor(findings(*[SAID] * n, *[UNSAID] * (3 - n))) for n in range(4)]
    assert all(a < b for a, b in pairwise(left))
    assert UNCOVERED_FLOOR <= left[0] < left[-1] <= 1.0


def test_a_point_of_more_weight_leaves_more() -> None:
    heavy, light = findings(SAID, UNSAID, shares=(0.7, 0.3)), findings(SAID, UNSAID, shares=(0.3, 0.7))
    assert coverage_factor(heavy) > coverage_factor(light)


def test_a_contradicted_point_covers_nothing() -> None:
    assert coverage_factor(findings(DENIED, DENIED)) < UNCOVERED_FLOOR + 0.1
    assert coverage_factor(findings(DENIED, DENIED, judged=False)) > UNCOVERED_FLOOR


def test_an_answer_that_states_no_point_is_vague() -> None:
    gate = vague(findings(UNSAID, UNSAID))
    assert gate.kind == "vague"
    assert VAGUE_FLOOR <= gate.factor < VAGUE_FLOOR + 0.1
    assert "none of the key points" in gate.note


def test_an_answer_that_states_one_point_is_not_vague() -> None:
    gate = vague(findings(UNSAID, SAID))
    assert (gate.kind, gate.note) == ("", "")
    assert gate.factor > 0.95


def test_vagueness_is_taken_off_smoothly() -> None:
    factors = [vague(findings(at(n))).factor for n in NEARNESSES]
    assert all(a <= b for a, b in pairwise(factors))
    assert max(b - a for a, b in pairwise(factors)) < 0.7


def test_what_is_an_example_itself_is_a_full_answer_whichever_points_it_makes() -> None:
    example = findings(UNSAID, UNSAID, meaning=EXAMPLE_FROM)
    assert example_share(example) == pytest.approx(1.0)
    assert coverage_factor(example) == pytest.approx(1.0)
    assert vague(example).factor == 1.0


def test_the_nearer_an_answer_is_to_an_example_the_less_its_points_decide() -> None:
    told = [PARAPHRASE_TO + n / 10 * (EXAMPLE_FROM - PARAPHRASE_TO) for n in range(11)]
    assert example_share(findings(UNSAID, meaning=PARAPHRASED)) == example_share(findings(UNSAID, meaning=told[0])) == 0
    for decide in (example_share, coverage_factor):
        left = [decide(findings(UNSAID, meaning=meaning)) for meaning in told[1:]]
        assert all(a < b for a, b in pairwise(left))
        assert left[-1] == pytest.approx(1.0)


def test_points_that_only_stand_in_decide_nothing() -> None:
    found = findings(UNSAID, UNSAID, stand_ins=True, judged=False)
    assert coverage_factor(found) == vague(found).factor == 1.0
    assert marked(found).value == round(100.0 * raw_agreement(found), 1)
    assert kinds(marked(found)) == []


# --- what a recipe tells ----------------------------------------------------------------------


def test_the_thresholds_told_are_all_those_that_are_fitted() -> None:
    told = [x for value in THRESHOLDS.values() for x in (value if isinstance(value, tuple) else (value,))]
    fitted = (
        "JUDGED_WEIGHTS", "NEARNESS_WEIGHTS", "COVERED_FROM", "PARTLY_FROM", "CONFIRMED_FROM", "TOUCHED_FROM",
        "WHOLE_WEIGHT", "ACCUSED_FROM", "NOTES_WORDS", "SPEECH_WORDS", "PARAPHRASE_TO", "EXAMPLE_FROM",
        "TRUTH_FROM", "TRUTH_TO", "TRUTH_FLOOR", "DOUBTED_FROM", "RIGHT_BELOW", "UNCOVERED_FLOOR",
        "FULL_COVERAGE", "VAGUE_MIDDLE", "VAGUE_WIDTH", "VAGUE_FLOOR", "CONTRADICTION_POWER",
        "ACCUSED_WIDTH", "COVERAGE_POWER", "SOFTNESS", "TOLD_FROM",
    )  # fmt: skip
    for name in fitted:
        value = getattr(marking, name)
        assert set(value if isinstance(value, tuple) else (value,)) <= set(told), name


def test_the_bounds_are_in_an_order_that_makes_sense() -> None:
    assert 0.0 < PARTLY_FROM < COVERED_FROM < 1.0
    assert 0.0 < NOTES_WORDS < SPEECH_WORDS
    assert 0.0 <= TRUTH_FROM < TRUTH_TO
    assert all(0.0 <= floor < 1.0 for floor in (TRUTH_FLOOR, UNCOVERED_FLOOR, VAGUE_FLOOR))
    assert [bound for bound, _ in LABELS] == sorted({bound for bound, _ in LABELS}, reverse=True)
