from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from interviewer.core.examine import (
    JUDGED_NEARNESS,
    NEITHER,
    OPPOSITE,
    SAME,
    Findings,
    Judge,
    draft,
    probabilities,
)
from interviewer.core.models import Neighbour
from interviewer.core.paper import Sheet, encode_paper, free_sheet, sheet_of
from interviewer.core.text import said
from tests.core.fake_encoder import FakeEncoder, encode
from tests.core.judging import EXAMPLE, NEIGHBOURS, POINTS, QUESTION, FakeJudge

NEAR = "Copies of hot data stay near the reader."
CHANGED = "Changed records must be thrown away."
EVICTED = "An eviction policy decides which entry leaves."
SHEET = sheet_of(QUESTION)


def found(
    answer: str, judge: Judge | None = None, *, sheet: Sheet = SHEET, neighbours: Sequence[Neighbour] = ()
) -> Findings:
    told = said(answer)
    made = draft(encode_paper(sheet, FakeEncoder(), neighbours), told, encode(told.spaced))
    return made.findings if judge is None else made.judged(probabilities(judge(made.pairs)))


def fired(answer: str, *, sheet: Sheet = SHEET, neighbours: Sequence[Neighbour] = ()) -> list[str]:
    return [gate.kind for gate in found(answer, sheet=sheet, neighbours=neighbours).gates]


# --- points -----------------------------------------------------------------------------------


def test_each_point_has_the_stretch_that_comes_nearest_to_it() -> None:
    points = found(f"{EVICTED} It rains. {NEAR}").points
    assert points[0].stretch.text == NEAR
    assert points[2].stretch.text == EVICTED


def test_a_stretch_tells_where_it_stands_among_the_words_of_the_answer() -> None:
    answer = f"Well, um. {EVICTED} {NEAR}"
    stretch = found(answer).points[0].stretch
    assert " ".join(answer.split()[slice(*stretch.words)]) == NEAR


def test_a_point_that_was_said_leads_the_others() -> None:
    first, second, third = found(NEAR).points
    assert first.nearness > max(second.nearness, third.nearness)
    assert first.lead > 0 > max(second.lead, third.lead)


def test_a_stretch_that_speaks_of_another_point_has_a_negative_margin() -> None:
    first, second, third = found(f"{NEAR} {EVICTED}").points
    assert first.margin > 0.3
    assert third.margin > 0.3
    assert second.margin < 0


def test_the_only_stretch_of_an_answer_speaks_of_all_that_it_speaks_of() -> None:
    assert {p.margin for p in found(NEAR).points} == {0.0}


def test_the_only_point_has_nobody_to_lead() -> None:
    (only,) = found(NEAR, sheet=free_sheet(QUESTION.question, EXAMPLE, POINTS[:1])).points
    assert (only.margin, only.lead) == (0.0, 0.0)
    assert only.nearness > 0.5


def test_identical_points_are_equally_near() -> None:
    one, two = found(NEAR, sheet=free_sheet(QUESTION.question, EXAMPLE, [POINTS[0]] * 2)).points
    assert (one.nearness, one.margin, one.lead) == pytest.approx((two.nearness, two.margin, two.lead), abs=1e-5)
    assert one.stretch == two.stretch
    assert (one.margin, one.lead) == pytest.approx((0.0, 0.0), abs=1e-5)


def test_the_words_of_an_answer_are_counted_without_marks_fillers_and_repetition() -> None:
    assert found("Um, it caches – data! It caches – data. You know, PUT/POST too.").words == 6


def test_sentences_that_stand_in_for_points_are_shown_and_not_judged() -> None:
    judge = FakeJudge({("", ""): OPPOSITE})
    result = found(EXAMPLE, judge, sheet=free_sheet(QUESTION.question, EXAMPLE, None))
    assert result.stand_ins
    assert not result.judged
    assert judge.asked == [[]]
    assert {(p.same, p.opposite) for p in result.points} == {(0.0, 0.0)}
    assert not found(EXAMPLE, judge).stand_ins


def test_points_weigh_what_their_words_do_and_together_one() -> None:
    shares = found(NEAR, sheet=free_sheet("Why?", EXAMPLE, ["pages", "hot pages near readers", ""])).shares
    assert shares.sum() == pytest.approx(1.0)
    assert shares[1] > shares[0] > shares[2] >= 0.0


def test_meaning_is_nearness_to_the_example_of_several_to_the_nearest() -> None:
    other = "Memory answers repeated lookups quickly; LRU evicts."
    both = sheet_of(QUESTION.model_copy(update={"alternative_answers": (other,)}))
    assert found(NEAR).meaning < found(f"{NEAR} {CHANGED}").meaning < found(EXAMPLE).meaning
    assert found(other, sheet=both).meaning > found(other).meaning + 0.3
    assert found(EXAMPLE, sheet=both).meaning == pytest.approx(found(EXAMPLE).meaning)


# --- the judge --------------------------------------------------------------------------------


def test_without_a_judge_nothing_is_confirmed_or_denied() -> None:
    result = found(EXAMPLE)
    assert not result.judged
    assert {(p.same, p.opposite) for p in result.points} == {(0.0, 0.0)}


def test_the_judge_is_shown_the_nearest_stretch_of_each_point_as_it_was_said() -> None:
    judge = FakeJudge()
    result = found(f"It rains in Spain. {EVICTED} Um, copies of, uh, hot data stay near. Data is hot.", judge)
    (pairs,) = judge.asked
    assert result.judged
    assert pairs[0] == (POINTS[0], "Um, copies of, uh, hot data stay near.")
    assert all([point for point, _ in pairs].count(p) <= 1 for p in POINTS)


def test_an_answer_of_one_stretch_is_judged_once_for_each_point_that_it_touches() -> None:
    judge = FakeJudge()
    near = found(f"{NEAR[:-1]}, {EVICTED}", judge).points
    touched = [text for text, point in zip(POINTS, near, strict=True) if point.nearness >= JUDGED_NEARNESS]
    assert [point for point, _ in judge.asked[0]] == touched
    assert {POINTS[0], POINTS[2]} <= set(touched)


def test_what_touches_no_point_is_not_shown_to_the_judge() -> None:
    judge = FakeJudge({("", ""): OPPOSITE})
    result = found("Greece had blue water and grilled fish.", judge)
    assert judge.asked == [[]]
    assert result.judged
    assert {(p.same, p.opposite) for p in result.points} == {(0.0, 0.0)}


@pytest.mark.parametrize("kind", [SAME, OPPOSITE])
def test_the_judges_word_stands_beside_the_point_that_it_was_asked_about(kind: int) -> None:
    first, *rest = found(NEAR, FakeJudge({("Copies", "Copies"): kind})).points
    assert first.stretch.text == NEAR
    assert (first.same > 0.99, first.opposite > 0.99) == (kind == SAME, kind == OPPOSITE)
    assert all(max(p.same, p.opposite) < 0.5 for p in rest)


def test_what_is_said_as_an_example_has_it_is_right_and_needs_no_judge() -> None:
    judge = FakeJudge({("", ""): OPPOSITE})
    first, *_ = SHEET.references
    recital = " um, ".join(first.split(" ", 1))
    assert {(p.same, p.opposite) for p in found(recital, judge).points} == {(0.0, 0.0)}
    assert judge.asked == [[]]


def test_a_sentence_of_a_recital_that_was_turned_round_is_judged() -> None:
    judge = FakeJudge({("", "not"): OPPOSITE})
    head, _, tail = SHEET.references[0].partition(" ")
    found(f"{head} not {tail}", judge)
    assert {stretch.split()[1] for _, stretch in judge.asked[0]} == {"not"}


def test_the_judge_changes_nothing_that_nearness_found() -> None:
    plain, judged = found(EXAMPLE), found(EXAMPLE, FakeJudge({("Copies", "copies"): SAME}))
    assert judged.meaning == plain.meaning
    assert [(p.nearness, p.margin, p.lead) for p in judged.points] == [
        (p.nearness, p.margin, p.lead) for p in plain.points
    ]


@pytest.mark.parametrize("logits", [[[0.0, 0.0, 0.0]], [[1000.0, -1000.0, 0.0]], [[-3.0, 2.0, 90.0], [1.0, 2.0, 3.0]]])
def test_probabilities_sum_to_one_however_large_the_logits(logits: list[list[float]]) -> None:
    odds = probabilities(np.array(logits, dtype=np.float32))
    np.testing.assert_allclose(odds.sum(axis=1), 1.0)
    assert (odds.argmax(axis=1) == np.argmax(logits, axis=1)).all()
    assert {SAME, OPPOSITE, NEITHER} == set(range(odds.shape[1]))


# --- gates --------------------------------------------------------------------------------------


def test_an_answer_in_words_of_its_own_fires_nothing() -> None:
    assert fired(f"{NEAR} And {CHANGED.lower()} In the end it is {EVICTED.lower()}", neighbours=NEIGHBOURS) == []


def test_the_question_said_again_is_read_back() -> None:
    assert fired(QUESTION.question) == ["read back"]


def test_terms_after_a_sentence_are_a_list() -> None:
    terms = "copies hot data reader disk eviction policy limit invalidation locality hits misses latency"
    assert fired(f"So I would say that it is about {terms}.") == ["keyword list"]


def test_the_example_itself_is_recited() -> None:
    assert fired(EXAMPLE, neighbours=NEIGHBOURS) == ["recited"]


def test_a_sentence_said_again_is_repeated() -> None:
    assert fired(f"{NEAR} {CHANGED} {NEAR}") == ["repeated"]


def test_a_single_word_is_too_short() -> None:
    assert "too short" in fired("Copies.")


@pytest.mark.parametrize("place", range(len(NEIGHBOURS)))
def test_the_answer_to_another_question_is_off_the_subject_and_that_one_is_named(place: int) -> None:
    (gate,) = found(NEIGHBOURS[place].reference, neighbours=NEIGHBOURS).gates
    assert gate.kind == "off the subject"
    assert NEIGHBOURS[place].prompt in gate.note


def test_a_story_about_something_else_is_off_the_subject() -> None:
    story = "On both sides of the sea colleagues agree that fear of the weekly forecasts settles whose turn comes."
    (gate,) = found(story, neighbours=NEIGHBOURS).gates
    assert gate.kind == "off the subject"
    assert "little to do with" in gate.note


def test_a_mistake_that_the_bank_lists_is_told_with_its_correction() -> None:
    (gate,) = found(f"{NEAR} Caching makes writes durable on disk.").gates
    assert gate.kind == "mistake"
    assert gate.note == "Check this: “Caching makes writes durable on disk.” A cache may lose what it holds."


def test_the_correction_of_a_mistake_is_none() -> None:
    assert fired(f"{NEAR} A cache may lose what it holds.") == []
