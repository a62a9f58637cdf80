"""The score with an encoder that knows no meaning, only words: what the formula does with it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.encoding import Encoding
from interviewer.core.errors import EngineError, InputError
from interviewer.core.models import Coverage, KeyPoint, Mistake, Question, Score
from interviewer.core.scoring import SCORER_VERSION, MeaningScorer, coverage_for, free_sheet, label_for
from interviewer.core.similarity import Asked, bearing, heard, nearness, recall, wanted
from interviewer.core.text import spaced, stems
from tests.core.fake_encoder import FakeEncoder, encode

EXAMPLE = (
    "A cache keeps copies of hot data near the reader, so most reads never touch the slow disk. "
    "When a record changes, its copy must be thrown away. "
    "A limit and an eviction policy decide which entry leaves first."
)
POINTS = (
    "Copies of hot data stay near the reader",
    "Changed records must be thrown away",
    "An eviction policy decides which entry leaves",
)
QUESTION = Question(
    id="cache",
    topic="Storage",
    difficulty=1,
    question="What does a cache do for the reads of a service?",
    background="Background.",
    guidance="Guidance.",
    example_answer=EXAMPLE,
    key_points=tuple(KeyPoint(text=p) for p in POINTS),
    mistakes=(
        Mistake(text="Caching makes writes durable on disk", correction="A cache may lose what it holds."),
        Mistake(text="Bigger memory always removes misses", correction="Cold misses remain."),
    ),
)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def scorer(encoder: FakeEncoder) -> MeaningScorer:
    return MeaningScorer(encoder, model_hash="53aa51172d14")


# --- nothing said ---------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["", "  \n", "…", "?!"])
def test_nothing_said_scores_nothing(scorer: MeaningScorer, nothing: str) -> None:
    result = scorer.score(QUESTION, nothing)
    assert (result.value, result.label, result.notes) == (0.0, "Little heard", ("Nothing was said.",))


def test_nothing_said_covers_no_point_and_proves_none(scorer: MeaningScorer) -> None:
    points = scorer.score(QUESTION, "").points
    assert [p.text for p in points] == list(POINTS)
    assert {(p.coverage, p.similarity, p.evidence) for p in points} == {(Coverage.MISSED, 0.0, "")}


def test_nothing_said_wakes_no_model(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    scorer.score(QUESTION, "Um, uh, you know.")
    assert encoder.asked == []


def test_fillers_alone_score_nothing_and_are_named(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, "Um, uh, you know.").notes == ("Nothing but fillers was heard.",)


# --- what raises a score, what does not --------------------------------------------------------


def test_the_example_itself_is_strong(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, EXAMPLE)
    assert result.value > 90
    assert result.label == "Strong"
    assert result.notes == ()
    assert {p.coverage for p in result.points} == {Coverage.COVERED}


def test_saying_more_points_scores_more(scorer: MeaningScorer) -> None:
    sentences = [s + "." for s in EXAMPLE.rstrip(".").split(". ")]
    values = [scorer.score(QUESTION, " ".join(sentences[:n])).value for n in (1, 2, 3)]
    assert values == sorted(set(values))


def test_an_answer_about_something_else_is_little_heard(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, "My holiday in Greece had blue water, grilled fish and long warm evenings.")
    assert result.label == "Little heard"
    assert any("key points" in n for n in result.notes)


def test_the_question_read_back_scores_next_to_nothing(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, QUESTION.question)
    assert result.value <= 10
    assert "This mostly repeats the question." in result.notes


def test_a_keyword_list_scores_less_than_the_same_words_in_sentences(scorer: MeaningScorer) -> None:
    words = EXAMPLE.split()
    random.Random(2).shuffle(words)
    result = scorer.score(QUESTION, " ".join(words))
    assert result.value < 0.5 * scorer.score(QUESTION, EXAMPLE).value
    assert any("keywords" in n for n in result.notes)


def test_repeating_an_answer_gains_nothing(scorer: MeaningScorer) -> None:
    once = "Copies of hot data stay near the reader."
    assert scorer.score(QUESTION, " ".join([once] * 5)).value == scorer.score(QUESTION, once).value


def test_fillers_cost_nothing(scorer: MeaningScorer) -> None:
    plain = "Copies of hot data stay near the reader."
    filled = "Um, copies of, uh, hot data, you know, stay near the reader."
    assert scorer.score(QUESTION, filled).value == pytest.approx(scorer.score(QUESTION, plain).value, abs=3)


def test_the_best_of_several_examples_counts(scorer: MeaningScorer) -> None:
    other = "Memory answers repeated lookups quickly; invalidation drops stale rows; LRU evicts."
    both = QUESTION.model_copy(update={"alternative_answers": (other,)})
    assert scorer.score(both, other).value > scorer.score(QUESTION, other).value + 20
    assert scorer.score(both, EXAMPLE).value == scorer.score(QUESTION, EXAMPLE).value


def test_a_known_mistake_lowers_the_score_and_is_corrected(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, f"{EXAMPLE} Caching makes writes durable on disk.")
    assert result.value == pytest.approx(0.4 * scorer.score(QUESTION, EXAMPLE).value, abs=2)
    assert result.notes == ("Check this: “Caching makes writes durable on disk.” A cache may lose what it holds.",)


def test_a_correction_is_no_mistake(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, f"{EXAMPLE} A cache may lose what it holds.").notes == ()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_any_text_scores_between_nothing_and_a_hundred(text: str) -> None:
    result = MeaningScorer(FakeEncoder(), model_hash="x").score(QUESTION, text)
    assert 0.0 <= result.value <= 100.0
    assert all(0.0 <= p.similarity <= 1.0 for p in result.points)


def test_a_score_is_the_formula_of_the_design_note(scorer: MeaningScorer) -> None:
    answer = "The copies of hot data stay near it. And the limits matter. What is changed will go away."
    question = encode(spaced(QUESTION.question))
    asked = Asked(stems(question.words), question.sentence)
    spoken = heard(encode(spaced(answer)), asked)
    points = [wanted(encode(spaced(p)), asked) for p in POINTS]
    weights = np.array([p.weights.sum() for p in points])
    near = np.array([nearness(p, spoken) for p in points])
    meaning = 0.85 * recall(wanted(encode(spaced(EXAMPLE)), asked), spoken)
    meaning += 0.15 * float(weights @ [bearing(p, spoken) for p in points]) / weights.sum()
    assert 0.40 < meaning < 0.45
    base = 60 + (72 - 60) * (meaning - 0.40) / 0.05
    covered = float(weights @ (1 / (1 + np.exp(-(near - 0.33) / 0.05)))) / weights.sum()
    hit = 0.5 + 0.5 / (1 + np.exp(-(near.max() - 0.32) / 0.03))
    assert scorer.score(QUESTION, answer).value == pytest.approx(base * (0.6 + 0.4 * covered) * hit, abs=0.06)


# --- points and evidence --------------------------------------------------------------------------


def test_each_point_is_proved_by_the_sentence_that_came_nearest(scorer: MeaningScorer) -> None:
    said = "Well, um, copies of hot data stay near. An eviction policy, you know, decides which entry leaves."
    first, _, third = scorer.score(QUESTION, said).points
    assert (first.coverage, first.evidence) == (Coverage.COVERED, "Well, um, copies of hot data stay near.")
    assert third.evidence == "An eviction policy, you know, decides which entry leaves."


def test_a_missed_point_shows_the_nearest_thing_said(scorer: MeaningScorer) -> None:
    missed = scorer.score(QUESTION, "It rains in Spain. An eviction plan exists.").points[2]
    assert missed.coverage is not Coverage.COVERED
    assert missed.evidence == "An eviction plan exists."


def test_speech_without_marks_is_proved_by_a_clause(scorer: MeaningScorer) -> None:
    said = (
        "well first of all copies of hot data stay near the reader and that helps the users a lot because "
        "disks spin slowly and then an eviction policy decides which entry leaves when memory fills up"
    )
    evidence = scorer.score(QUESTION, said).points[2].evidence
    assert "eviction policy" in evidence
    assert evidence in said
    assert len(evidence.split()) <= 26


@pytest.mark.parametrize(
    ("similarity", "state"),
    [(0.38, Coverage.COVERED), (0.379, Coverage.PARTLY), (0.31, Coverage.PARTLY), (0.309, Coverage.MISSED)],
)
def test_nearness_decides_coverage(similarity: float, state: Coverage) -> None:
    assert coverage_for(similarity) is state


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (100, "Strong"), (75, "Strong"), (72.4, "Good, with gaps"), (55, "Good, with gaps"), (52.4, "Partial"),
        (30, "Partial"), (27.4, "Little heard"), (0, "Little heard"),
    ],
)  # fmt: skip
def test_a_score_has_a_label(value: float, label: str) -> None:
    assert label_for(value) == label


def test_a_score_is_rounded_and_says_who_made_it(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, "Copies of hot data stay near the reader.")
    assert result.value == round(result.value, 1)
    assert result.recipe == f"{SCORER_VERSION}/53aa51172d14"


def test_the_same_answer_scores_the_same(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, EXAMPLE) == scorer.score(QUESTION, EXAMPLE)


def test_everything_is_encoded_in_one_batch(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    scorer.score(QUESTION, EXAMPLE)
    assert len(encoder.asked) == 1


# --- without a bank -------------------------------------------------------------------------------


def free(scorer: MeaningScorer, answer: str, points: Sequence[str] | None = None) -> Score:
    return scorer.score_free(QUESTION.question, EXAMPLE, points, answer)


def test_without_key_points_the_sentences_of_the_reference_stand_in(scorer: MeaningScorer) -> None:
    points = free(scorer, "A limit and an eviction policy decide which entry leaves first.").points
    assert len(points) == 3
    assert [p.coverage for p in points][-1] is Coverage.COVERED


def test_given_key_points_are_used(scorer: MeaningScorer) -> None:
    assert [p.text for p in free(scorer, EXAMPLE, POINTS[:2]).points] == list(POINTS[:2])


def test_an_empty_list_of_key_points_is_none(scorer: MeaningScorer) -> None:
    assert free(scorer, EXAMPLE, []) == free(scorer, EXAMPLE, None)


def test_a_long_sentence_of_a_reference_is_cut_into_clauses() -> None:
    reference = " ".join(["word"] * 20 + ["and"] + ["word"] * 20)
    assert len(free_sheet("Why?", reference, None).points) == 2


@pytest.mark.parametrize("reference", ["", "  ", "…"])
def test_a_reference_without_words_is_refused(scorer: MeaningScorer, reference: str) -> None:
    with pytest.raises(InputError, match="example answer"):
        scorer.score_free("Why?", reference, None, "Because.")


def test_a_key_point_of_marks_alone_does_not_break_the_score(scorer: MeaningScorer) -> None:
    assert free(scorer, EXAMPLE, ["!", *POINTS]).value > 80


def test_a_failing_model_is_told() -> None:
    def broken(_texts: Sequence[str]) -> list[Encoding]:
        raise EngineError("The embedding model failed")

    with pytest.raises(EngineError):
        MeaningScorer(broken, model_hash="x").score(QUESTION, EXAMPLE)
