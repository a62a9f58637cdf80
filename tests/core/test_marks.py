"""From findings to a score: its value, its range, what is told with it and what would raise it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from interviewer.core.examine import Evidence
from interviewer.core.gates import MISTAKE, Gate
from interviewer.core.marking import (
    DOUBTED_BELOW,
    LABELS,
    LOWEST_LABEL,
    QUOTED_POINTS,
    coverage_factor,
    next_step,
    nothing,
    raw_agreement,
    states_of,
    truth_factor,
    vague,
)
from interviewer.core.models import Coverage, PointResult
from tests.core.findings import DENIED, HALF_SAID, NAMES, NEAR, SAID, UNSAID, at, findings, marked


def point(text: str, coverage: Coverage) -> PointResult:
    return PointResult(text, coverage, 0.5, "It blocks.")


# --- the score --------------------------------------------------------------------------------


def test_the_score_is_what_the_calibration_makes_of_the_agreement_by_what_is_left() -> None:
    found = findings(SAID, HALF_SAID, UNSAID)
    left = coverage_factor(found) * vague(found).factor * truth_factor(found)
    assert left < 1.0
    assert marked(found).value == round(100.0 * raw_agreement(found) * left, 1)
    knots = ((0.0, 0.0), (raw_agreement(found), 50.0), (1.0, 100.0))
    assert marked(found, knots=knots).value == round(50.0 * left, 1)


def test_a_nearer_answer_scores_more() -> None:
    values = [marked(findings(SAID, SAID, meaning=n / 10)).value for n in range(11)]
    assert all(a < b for a, b in pairwise(values))


def test_every_gate_that_fired_lowers_the_score_and_is_told() -> None:
    gates = (Gate(0.5, "One.", "first"), Gate(0.4, "Two.", "second"))
    score = marked(findings(SAID, gates=gates))
    assert score.value == pytest.approx(0.2 * marked(findings(SAID)).value, abs=0.06)
    assert [(g.kind, g.factor, g.note) for g in score.gates] == [("first", 0.5, "One."), ("second", 0.4, "Two.")]


def test_an_answer_that_says_things_rightly_is_told_nothing() -> None:
    assert marked(findings(SAID, SAID)).gates == ()


def test_contradicted_points_cost_more_than_points_that_were_not_said() -> None:
    denied = marked(findings(DENIED, DENIED, SAID))
    assert [p.coverage for p in denied.points] == [Coverage.CONTRADICTED, Coverage.CONTRADICTED, Coverage.COVERED]
    assert denied.value < marked(findings(UNSAID, UNSAID, SAID)).value


def test_contradictions_are_told_with_how_many_there_are() -> None:
    (one,) = marked(findings(DENIED, UNSAID, HALF_SAID)).gates[-1:]
    (two,) = marked(findings(DENIED, DENIED, UNSAID)).gates[-1:]
    assert one.kind == two.kind == "contradicted"
    assert one.note.startswith("One point seems")
    assert two.note.startswith("2 points seem")
    assert 0.0 < two.factor <= one.factor < 1.0


def test_a_contradicted_point_costs_by_its_weight() -> None:
    heavy = marked(findings(DENIED, SAID, shares=(0.9, 0.1)))
    light = marked(findings(DENIED, SAID, shares=(0.6, 0.4)))
    assert heavy.value < light.value


def test_an_answer_that_contradicts_everything_is_marked_all_the_same() -> None:
    score = marked(findings(DENIED, DENIED))
    assert 0.0 <= score.value < 10.0
    assert all(0.0 < gate.factor <= 1.0 for gate in score.gates)


def test_an_answer_that_is_doubtful_as_a_whole_is_told_so_though_no_point_is_accused() -> None:
    found = [findings(at(NEAR, 0.3, n / 100)) for n in range(101)]
    doubtful = [f for f in found if Coverage.CONTRADICTED not in states_of(f) and truth_factor(f) < DOUBTED_BELOW]
    assert doubtful
    for score in map(marked, doubtful):
        (gate,) = score.gates
        assert gate.kind == "doubtful"
        assert gate.factor < DOUBTED_BELOW
        assert "may be said the wrong way round" in gate.note


def test_who_corrects_a_known_mistake_is_not_taken_for_making_it() -> None:
    gates = (Gate(0.4, "Check this.", MISTAKE), Gate(0.5, "A list.", "keyword list"))
    believed, plain = marked(findings(SAID, gates=gates)), marked(findings(SAID, gates=gates, judged=False))
    assert [(g.kind, g.factor) for g in believed.gates] == [(MISTAKE, 1.0), ("keyword list", 0.5)]
    assert [(g.kind, g.factor) for g in plain.gates] == [(MISTAKE, 0.4), ("keyword list", 0.5)]
    for found in (findings(SAID, gates=gates, words=1), findings(DENIED, gates=gates)):
        assert (MISTAKE, 0.4) in [(g.kind, g.factor) for g in marked(found).gates]


# --- the range --------------------------------------------------------------------------------


def test_the_range_is_the_spread_around_the_score() -> None:
    score = marked(findings(SAID), spread=((0.0, 6.0, 4.0),))
    assert (score.low, score.high) == pytest.approx((score.value - 6.0, score.value + 4.0), abs=0.2)


def test_what_lowers_a_score_lowers_its_range_with_it() -> None:
    plain, gated = marked(findings(SAID)), marked(findings(SAID, gates=(Gate(0.5, "A list.", "keyword list"),)))
    assert plain.low is not None
    assert plain.high is not None
    assert (gated.low, gated.high) == pytest.approx((plain.low / 2, plain.high / 2), abs=0.1)


def test_doubtful_words_widen_the_range_and_leave_the_score() -> None:
    sure, unsure = marked(findings(HALF_SAID)), marked(findings(HALF_SAID), doubt=0.1)
    assert unsure.value == sure.value
    assert sure.low is not None
    assert unsure.low is not None
    assert sure.high is not None
    assert unsure.high is not None
    assert unsure.low < sure.low <= sure.value <= sure.high < unsure.high


@pytest.mark.parametrize("doubt", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("point", [SAID, HALF_SAID, UNSAID, DENIED])
def test_no_range_leaves_nothing_to_a_hundred(point: Evidence, doubt: float) -> None:
    score = marked(findings(point, meaning=1.0), doubt=doubt, spread=((0.0, 30.0, 30.0),))
    assert score.low is not None
    assert score.high is not None
    assert 0.0 <= score.low <= score.value <= score.high <= 100.0


# --- what would raise it ------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(1, len(NAMES)))
def test_each_label_but_the_best_is_told_the_way_to_the_next(place: int) -> None:
    value = LABELS[place][0] if place < len(LABELS) else 0.0
    step = next_step(value, [point("Say why.", Coverage.MISSED)], np.array([1.0]))
    assert step == f"For “{NAMES[place - 1]}”: add “Say why”"


def test_the_best_label_needs_nothing() -> None:
    assert next_step(100.0, [point("Say why.", Coverage.MISSED)], np.array([1.0])) == ""


def test_the_weightiest_open_points_are_named_first_and_not_all() -> None:
    count = QUOTED_POINTS + 1
    points = [point(f"Point {n}.", Coverage.PARTLY if n % 2 else Coverage.MISSED) for n in range(count)]
    step = next_step(0.0, points, np.arange(count) / count)
    assert [n for n in range(count) if f"“Point {n}”" in step] == list(range(1, count))
    assert step.index(f"Point {count - 1}") < step.index(f"Point {count - 2}")


def test_what_was_said_the_wrong_way_round_is_put_right_first() -> None:
    points = [
        point("Open.", Coverage.MISSED),
        point("Light.", Coverage.CONTRADICTED),
        point("Heavy.", Coverage.CONTRADICTED),
    ]
    step = next_step(0.0, points, np.array([0.6, 0.1, 0.3]))
    assert step.endswith("put right “Heavy”")


def test_where_every_point_was_made_more_of_each_is_asked_for() -> None:
    step = next_step(0.0, [point("Made.", Coverage.COVERED)], np.array([1.0]))
    assert "say each point more fully" in step
    assert "Made" not in step


def test_a_score_says_what_would_raise_it() -> None:
    assert "put right “Point 1”" in marked(findings(UNSAID, DENIED)).next_step
    assert "add “Point 1”" in marked(findings(SAID, UNSAID, meaning=0.5)).next_step
    assert marked(findings(SAID), knots=((0.0, 100.0), (1.0, 100.0))).next_step == ""


# --- no single right answer, and no answer -------------------------------------------------------


def test_without_a_right_answer_the_value_is_the_share_of_points_mentioned() -> None:
    score = marked(findings(SAID, UNSAID, SAID, HALF_SAID, shares=(0.7, 0.1, 0.1, 0.1)), coverage_only=True)
    assert score.coverage_only
    assert score.value == 50.0
    assert (score.label, score.next_step, score.low, score.high) == ("", "", None, None)


def test_without_a_right_answer_gates_are_told_and_cost_nothing() -> None:
    score = marked(findings(SAID, gates=(Gate(0.3, "A list.", "keyword list"),)), coverage_only=True)
    assert score.value == 100.0
    assert score.notes == ("A list.",)


def test_a_point_said_the_wrong_way_round_is_not_counted_as_mentioned_either() -> None:
    assert marked(findings(SAID, DENIED, shares=(0.1, 0.9)), coverage_only=True).value == 50.0


def test_nothing_said_is_the_lowest_and_certain() -> None:
    score = nothing(["A point.", "Another."], "Nothing was said.", recipe="{}")
    assert (score.value, score.low, score.high, score.label) == (0.0, 0.0, 0.0, LOWEST_LABEL)
    assert score.next_step == f"For “{NAMES[-2]}”: add “A point” and “Another”"
    assert score.notes == ("Nothing was said.",)
    assert {(p.coverage, p.similarity, p.evidence, p.confirmed) for p in score.points} == {
        (Coverage.MISSED, 0.0, "", False)
    }


def test_nothing_said_where_there_is_no_right_answer_mentions_nothing() -> None:
    score = nothing(["A point."], "Nothing was said.", recipe="{}", coverage_only=True)
    assert score.coverage_only
    assert (score.value, score.label, score.low, score.high, score.next_step) == (0.0, "", None, None, "")
