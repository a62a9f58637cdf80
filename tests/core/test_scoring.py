"""The score with an encoder that knows no meaning, only words: what a candidate is told."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import pytest

from interviewer.core import scoring
from interviewer.core.encoding import Encoding
from interviewer.core.errors import EngineError, InputError
from interviewer.core.examine import OPPOSITE, SAME
from interviewer.core.gates import MISTAKE_FACTOR
from interviewer.core.marking import LABELS, LOWEST_LABEL, THRESHOLDS
from interviewer.core.models import Coverage, Question, QuestionKind, Score
from interviewer.core.paper import sheet_of
from interviewer.core.ports import FloatArray
from interviewer.core.scoring import MOST_WORDS, SCORER_VERSION, MeaningScorer
from interviewer.core.text import spaced
from tests.core.fake_encoder import FakeEncoder
from tests.core.judging import EXAMPLE, MODEL, NEIGHBOURS, POINTS, QUESTION, FakeJudge, calibration

NEAR = "Copies of the hot data stay near to the reader, so that most of its reads are quick."
DENIED = "Copies of the hot data never stay near to the reader, so that most of its reads are slow."
EVICTED = "And an eviction policy decides, each time that it is full, which entry leaves it first."
JUDGE = FakeJudge(
    {
        ("Copies", "never"): OPPOSITE,
        ("Copies", "Copies of the hot data stay"): SAME,
        ("eviction", "an eviction policy"): SAME,
    }
)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def scorer(encoder: FakeEncoder) -> MeaningScorer:
    return MeaningScorer(encoder, calibration(), judge=JUDGE, model_hash=MODEL, judge_hash="0a1b2c3d4e5f")


@pytest.fixture
def behavioural() -> Question:
    return QUESTION.model_copy(update={"kind": QuestionKind.BEHAVIOURAL})


def kinds(score: Score) -> list[str]:
    return [gate.kind for gate in score.gates]


# --- nothing said ---------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["", "  \n", "…", "?!", "\x00\x07", "🙂 🙂", "\ud800"])
def test_nothing_said_scores_nothing(scorer: MeaningScorer, nothing: str) -> None:
    result = scorer.score(QUESTION, nothing)
    assert (result.value, result.low, result.high, result.label) == (0.0, 0.0, 0.0, LOWEST_LABEL)
    assert result.notes == ("Nothing was said.",)
    assert result.next_step


def test_nothing_said_covers_no_point_and_proves_none(scorer: MeaningScorer) -> None:
    points = scorer.score(QUESTION, "").points
    assert [p.text for p in points] == list(POINTS)
    assert {(p.coverage, p.similarity, p.evidence) for p in points} == {(Coverage.MISSED, 0.0, "")}


def test_fillers_alone_score_nothing_wake_no_model_and_are_named(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    assert scorer.score(QUESTION, "Um, uh, you know.").notes == ("Nothing but fillers was heard.",)
    assert encoder.asked == []


def test_nothing_said_where_there_is_no_right_answer_has_no_label(scorer: MeaningScorer, behavioural: Question) -> None:
    result = scorer.score(behavioural, "")
    assert result.coverage_only
    assert (result.value, result.label) == (0.0, "")


# --- what raises a score, what does not --------------------------------------------------------


def test_the_example_itself_gets_the_best_label_and_loses_nothing(encoder: FakeEncoder) -> None:
    generous = MeaningScorer(encoder, calibration(knots=((0.0, 0.0), (0.5, 100.0))), model_hash=MODEL)
    result = generous.score(QUESTION, EXAMPLE, neighbours=NEIGHBOURS)
    assert (result.label, result.next_step) == (LABELS[0][1], "")
    assert {p.coverage for p in result.points} == {Coverage.COVERED}
    assert {gate.factor for gate in result.gates} == {1.0}


def test_saying_more_points_scores_more(scorer: MeaningScorer) -> None:
    sentences = [s + "." for s in EXAMPLE.rstrip(".").split(". ")]
    values = [scorer.score(QUESTION, " ".join(sentences[:n])).value for n in (1, 2, 3)]
    assert values == sorted(set(values))


@pytest.mark.parametrize(
    "answer",
    [
        QUESTION.question,
        f"That is a good question. {QUESTION.question}",
        "My holiday by the sea was warm and long, and we agree that people estimate the weekly weather.",
        NEIGHBOURS[0].reference,
        "I do not know, sorry.",
        "Copies.",
    ],
    ids=["read back", "read back with padding", "a stranger", "another question's answer", "don't know", "one word"],
)
def test_saying_nothing_of_use_gets_the_lowest_label(scorer: MeaningScorer, answer: str) -> None:
    assert scorer.score(QUESTION, answer, neighbours=NEIGHBOURS).label == LOWEST_LABEL


def test_words_out_of_order_score_less_than_half_of_the_same_words_in_order(scorer: MeaningScorer) -> None:
    words = EXAMPLE.split()
    random.Random(2).shuffle(words)
    result = scorer.score(QUESTION, " ".join(words))
    assert result.value < 0.5 * scorer.score(QUESTION, EXAMPLE).value
    assert "keyword list" in kinds(result)


def test_repeating_an_answer_gains_nothing_and_is_told(scorer: MeaningScorer) -> None:
    once, often = scorer.score(QUESTION, NEAR), scorer.score(QUESTION, " ".join([NEAR] * 5))
    assert often.value == once.value
    assert set(kinds(often)) - set(kinds(once)) == {"repeated"}


def test_fillers_cost_nothing(encoder: FakeEncoder) -> None:
    scorer = MeaningScorer(encoder, calibration(), model_hash=MODEL)
    filled = NEAR.replace("of the", "of uh the um").replace("near", "you know near")
    assert filled != NEAR
    assert scorer.score(QUESTION, filled).value == scorer.score(QUESTION, NEAR).value


def test_the_best_of_several_examples_counts(scorer: MeaningScorer) -> None:
    other = "Memory answers repeated lookups quickly; invalidation drops stale rows; LRU evicts."
    both = QUESTION.model_copy(update={"alternative_answers": (other,)})
    assert scorer.score(both, other).value > scorer.score(QUESTION, other).value
    assert scorer.score(both, EXAMPLE).value == scorer.score(QUESTION, EXAMPLE).value


def test_a_known_mistake_lowers_the_score(scorer: MeaningScorer) -> None:
    right, wrong = scorer.score(QUESTION, EXAMPLE), scorer.score(QUESTION, f"{EXAMPLE} Caching makes writes durable.")
    assert "mistake" in kinds(wrong)
    assert wrong.value == pytest.approx(MISTAKE_FACTOR * right.value, abs=3)


def test_an_answer_is_held_against_its_neighbours_only_where_they_are_given(scorer: MeaningScorer) -> None:
    other = NEIGHBOURS[0].reference
    assert "off the subject" not in kinds(scorer.score(QUESTION, other))
    assert "off the subject" in kinds(scorer.score(QUESTION, other, neighbours=NEIGHBOURS))
    assert "off the subject" in kinds(scorer.score_free("Why?", EXAMPLE, None, other, neighbours=NEIGHBOURS))


# --- points -----------------------------------------------------------------------------------


def test_each_point_is_proved_by_what_was_said(scorer: MeaningScorer) -> None:
    first, _, third = scorer.score(QUESTION, f"{EVICTED} Well, um, copies of hot data stay near.").points
    assert (first.coverage, first.evidence) == (Coverage.COVERED, "Well, um, copies of hot data stay near.")
    assert (third.evidence, third.words) == (EVICTED, (0, len(EVICTED.split())))


def test_speech_without_marks_is_proved_by_a_clause(scorer: MeaningScorer) -> None:
    said = (
        "well first of all copies of hot data stay near the reader and that helps the users a lot because "
        "disks spin slowly and then an eviction policy decides which entry leaves when memory fills up"
    )
    evidence = scorer.score(QUESTION, said).points[2].evidence
    assert "eviction policy" in evidence
    assert evidence in said
    assert len(evidence) < len(said)


def test_a_point_that_the_judge_agrees_with_is_confirmed(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    plain = MeaningScorer(encoder, calibration(), model_hash=MODEL)
    assert [p.confirmed for p in scorer.score(QUESTION, f"{NEAR} {EVICTED}").points] == [True, False, True]
    assert not any(p.confirmed for p in plain.score(QUESTION, f"{NEAR} {EVICTED}").points)


def test_a_point_said_the_wrong_way_round_is_told_and_to_be_put_right(scorer: MeaningScorer) -> None:
    result = scorer.score(QUESTION, DENIED)
    first = result.points[0]
    assert (first.coverage, first.evidence, first.confirmed) == (Coverage.CONTRADICTED, DENIED, False)
    assert kinds(result)[-1] == "contradicted"
    assert f"put right “{POINTS[0]}”" in result.next_step


def test_a_point_said_the_wrong_way_round_lowers_the_score(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, DENIED).value < 0.7 * scorer.score(QUESTION, NEAR).value


def test_where_there_is_no_right_answer_only_points_are_counted(scorer: MeaningScorer, behavioural: Question) -> None:
    result = scorer.score(behavioural, f"{NEAR} {EVICTED}")
    assert result.coverage_only
    assert result.value == pytest.approx(200 / 3, abs=0.1)
    assert (result.label, result.low, result.high, result.next_step) == ("", None, None, "")


@pytest.mark.parametrize("answer", ["I don't know", "Um, no idea, sorry."])
def test_who_passes_gets_nothing_and_is_told_that_and_nothing_else(scorer: MeaningScorer, answer: str) -> None:
    result = scorer.score(QUESTION, answer)
    assert (result.value, result.label) == (0.0, "Missing")
    assert [gate.kind for gate in result.gates] == ["no answer"]


# --- the range --------------------------------------------------------------------------------


def test_doubtful_words_widen_the_range_of_a_score_and_not_the_score(scorer: MeaningScorer) -> None:
    sure, unsure = scorer.score(QUESTION, NEAR), scorer.score(QUESTION, NEAR, doubt=0.2)
    assert unsure.value == sure.value
    assert sure.low is not None
    assert unsure.low is not None
    assert sure.high is not None
    assert unsure.high is not None
    assert 0.0 <= unsure.low < sure.low <= sure.value <= sure.high < unsure.high <= 100.0


# --- what made it -----------------------------------------------------------------------------


def test_the_recipe_holds_everything_that_decides_a_score(scorer: MeaningScorer) -> None:
    recipe = json.loads(scorer.score(QUESTION, NEAR).recipe)
    assert (recipe["scorer"], recipe["model"], recipe["judge"]) == (SCORER_VERSION, MODEL, "0a1b2c3d4e5f")
    assert recipe["calibration"] == {
        "model": MODEL,
        "scorer": SCORER_VERSION,
        "knots": [[0.0, 0.0], [1.0, 100.0]],
        "spread": [[0.0, 0.0, 8.0], [50.0, 10.0, 10.0], [100.0, 8.0, 0.0]],
    }
    assert recipe["thresholds"] == json.loads(json.dumps(THRESHOLDS))


def test_a_score_of_nothing_has_the_same_recipe(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, "").recipe == scorer.score(QUESTION, NEAR).recipe == scorer.recipe


def test_another_calibration_is_another_recipe(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    other = MeaningScorer(encoder, calibration(knots=((0.0, 0.0), (0.9, 100.0))), judge=JUDGE, model_hash=MODEL)
    assert other.recipe != scorer.recipe


def test_a_calibration_that_fits_is_no_trouble(scorer: MeaningScorer) -> None:
    assert scorer.trouble == ""
    assert scorer.model_hash == MODEL


@pytest.mark.parametrize(
    ("changes", "whose"), [({"model": "other"}, "another sentence model"), ({"scorer": "old"}, "another version")]
)
def test_the_calibration_of_something_else_is_told_and_costs_nothing(
    scorer: MeaningScorer, encoder: FakeEncoder, changes: dict[str, str], whose: str
) -> None:
    other = MeaningScorer(encoder, calibration(**changes), judge=JUDGE, model_hash=MODEL)
    result = other.score(QUESTION, NEAR)
    assert whose in other.trouble
    assert "interviewer calibrate" in other.trouble
    assert result.notes[-1] == other.trouble
    assert kinds(result)[-1] == "not calibrated"
    assert result.value == scorer.score(QUESTION, NEAR).value


def test_where_no_score_is_shown_no_calibration_is_missed(encoder: FakeEncoder, behavioural: Question) -> None:
    other = MeaningScorer(encoder, calibration(model="other"), model_hash=MODEL)
    assert kinds(other.score(behavioural, f"{NEAR} {EVICTED}")) == []


def test_the_same_answer_scores_the_same(scorer: MeaningScorer) -> None:
    assert scorer.score(QUESTION, EXAMPLE) == scorer.score(QUESTION, EXAMPLE)


# --- the models ---------------------------------------------------------------------------------


def test_answers_are_encoded_apart_from_what_they_are_held_against(encoder: FakeEncoder) -> None:
    texts = FakeEncoder()
    scorer = MeaningScorer(encoder, calibration(), encode_texts=texts, model_hash=MODEL)
    scorer.score(QUESTION, NEAR, neighbours=NEIGHBOURS)
    assert encoder.asked == [[spaced(NEAR)]]
    assert len(texts.asked) == 2


def test_a_failing_encoder_is_told() -> None:
    def broken(_texts: Sequence[str]) -> list[Encoding]:
        raise EngineError("The sentence model failed")

    with pytest.raises(EngineError):
        MeaningScorer(broken, calibration(), model_hash=MODEL).score(QUESTION, EXAMPLE)


def test_a_failing_judge_is_told(encoder: FakeEncoder) -> None:
    def broken(_pairs: Sequence[tuple[str, str]]) -> FloatArray:
        raise EngineError("The contradiction judge failed")

    with pytest.raises(EngineError):
        MeaningScorer(encoder, calibration(), judge=broken, model_hash=MODEL).score(QUESTION, NEAR)


def test_the_judge_sleeps_where_no_point_was_touched(encoder: FakeEncoder) -> None:
    judge = FakeJudge()
    MeaningScorer(encoder, calibration(), judge=judge, model_hash=MODEL).score(QUESTION, "Greece had grilled fish.")
    assert judge.asked == []


# --- many at once -------------------------------------------------------------------------------

MANY = tuple((sheet_of(QUESTION), text) for text in (EXAMPLE, "", f"{DENIED} {EVICTED}", "Um.", "Grilled fish.", NEAR))


def test_many_answers_score_the_same_as_one_by_one(scorer: MeaningScorer) -> None:
    plain = [scorer.score(QUESTION, answer) for _, answer in MANY]
    assert scorer.score_many(MANY) == plain
    assert scorer.score_many(MANY[1::2]) == plain[1::2]


def test_many_answers_score_the_same_without_a_judge_too(encoder: FakeEncoder) -> None:
    scorer = MeaningScorer(encoder, calibration(), model_hash=MODEL)
    assert scorer.score_many(MANY) == [scorer.score(QUESTION, answer) for _, answer in MANY]


def test_many_answers_are_encoded_and_judged_in_one_batch_each(encoder: FakeEncoder) -> None:
    judge = FakeJudge()
    scorer = MeaningScorer(encoder, calibration(), encode_texts=FakeEncoder(), judge=judge, model_hash=MODEL)
    scorer.score_many(MANY)
    assert (len(encoder.asked), len(judge.asked)) == (1, 1)


def test_no_answers_have_no_scores_and_wake_no_model(scorer: MeaningScorer, encoder: FakeEncoder) -> None:
    assert scorer.score_many([]) == []
    assert encoder.asked == []


def test_one_answer_too_long_among_many_is_told(scorer: MeaningScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST_WORDS", 10)
    with pytest.raises(InputError):
        scorer.score_many(MANY)


# --- without a bank -----------------------------------------------------------------------------


def test_without_key_points_the_sentences_of_the_reference_are_the_points(scorer: MeaningScorer) -> None:
    points = scorer.score_free(QUESTION.question, EXAMPLE, None, EVICTED).points
    assert [p.text for p in points] == [s.rstrip(".") + "." for s in EXAMPLE.split(". ")]
    assert points[-1].similarity > max(p.similarity for p in points[:-1])


def test_points_that_only_stand_in_are_not_put_to_the_judge(encoder: FakeEncoder) -> None:
    judge = FakeJudge({("", ""): OPPOSITE})
    scorer = MeaningScorer(encoder, calibration(), judge=judge, model_hash=MODEL)
    result = scorer.score_free(QUESTION.question, EXAMPLE, None, NEAR)
    assert judge.asked == []
    assert Coverage.CONTRADICTED not in {p.coverage for p in result.points}
    assert not any(p.confirmed for p in result.points)


def test_an_entry_without_its_bank_scores_the_same(scorer: MeaningScorer) -> None:
    plain = QUESTION.model_copy(update={"mistakes": ()})
    assert scorer.score_free(QUESTION.question, EXAMPLE, POINTS, NEAR) == scorer.score(plain, NEAR)


@pytest.mark.parametrize("reference", ["", "  ", "…"])
def test_a_reference_without_words_is_refused(scorer: MeaningScorer, reference: str) -> None:
    with pytest.raises(InputError, match="example answer"):
        scorer.score_free("Why?", reference, None, "Because.")


# --- answers that are too long --------------------------------------------------------------------


@pytest.mark.parametrize("word", ["cache ", "cache. ", "um ", "… "])
def test_an_answer_of_a_day_is_refused_before_any_model_wakes(
    scorer: MeaningScorer, encoder: FakeEncoder, word: str
) -> None:
    with pytest.raises(InputError, match=str(MOST_WORDS + 1)) as caught:
        scorer.score(QUESTION, word * (MOST_WORDS + 1))
    assert str(MOST_WORDS) in caught.value.hint
    assert encoder.asked == []


def test_an_answer_of_just_as_many_words_is_judged(scorer: MeaningScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST_WORDS", len(NEAR.split()))
    assert scorer.score(QUESTION, NEAR).value > 0
    with pytest.raises(InputError):
        scorer.score_free("Why?", EXAMPLE, None, f"{NEAR} Yes.")
