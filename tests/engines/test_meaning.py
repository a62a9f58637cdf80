"""The score with the real models and calibration, on the bank that ships: what a candidate would see."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean

import pytest
import torch
from threadpoolctl import threadpool_info

from interviewer.core.bank import load_bank, neighbours
from interviewer.core.marking import LABELS, LOWEST_LABEL
from interviewer.core.models import Bank, Coverage, Question, Score
from interviewer.core.paper import sheet_of
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import SCORER_VERSION, MeaningScorer
from interviewer.engines import catalog, embed_sentence, judge_pairs
from interviewer.engines.embed_sentence import SHA256

pytestmark = pytest.mark.models

Say = Callable[[Question], str]
FALSE_ACCUSATIONS = 0.03
"""Of points that were said rightly, at most that share may be taken for the opposite."""


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MeaningScorer]:
    with pytest.MonkeyPatch.context() as patch:
        # The folder of kept encodings is chosen before any test points it away from the user's own.
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield catalog.scorer()


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(shipped_bank())


@pytest.fixture(scope="module")
def questions(bank: Bank) -> tuple[Question, ...]:
    return bank.questions[::6]


def scores(scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...], say: Say) -> list[Score]:
    return [scorer.score(q, say(q), neighbours=neighbours(bank, q)) for q in questions]


def kinds(score: Score) -> list[str]:
    return [gate.kind for gate in score.gates]


def test_what_ships_fits_together(scorer: MeaningScorer) -> None:
    recipe = json.loads(scorer.recipe)
    assert scorer.trouble == ""
    assert recipe["scorer"] == recipe["calibration"]["scorer"] == SCORER_VERSION
    assert recipe["model"] == recipe["calibration"]["model"] == SHA256[:12]
    assert len(recipe["judge"]) == 12


# --- good answers -----------------------------------------------------------------------------


def test_numpy_leaves_the_cores_to_the_models(scorer: MeaningScorer) -> None:
    assert scorer.trouble == ""
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


def fresh_values(bank: Bank, folder: Path, threads: int, batch: int) -> list[float]:
    """Scores by a scorer that knows no text yet, with so many threads and texts at once."""
    before = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr(embed_sentence, "BATCH", batch)
        patch.setattr(judge_pairs, "BATCH", batch)
        torch.set_num_threads(threads)
        try:
            new = catalog.scorer()
            return [s.value for q in bank.questions[::8] for s in new.score_many([(sheet_of(q), t) for t in told(q)])]
        finally:
            torch.set_num_threads(before)


def told(question: Question) -> tuple[str, ...]:
    """Answers of different lengths, the longest of several encoded stretches."""
    example = question.example_answer
    return (
        example,
        question.alternative_answers[0],
        question.key_points[0].text,
        " ".join([example, *example.split()] * 2),
    )


def test_scores_are_the_same_with_any_number_of_threads_and_texts_at_once(bank: Bank, tmp_path: Path) -> None:
    first, *others = [
        fresh_values(bank, tmp_path / f"{threads}-{batch}", threads, batch)
        for threads, batch in ((1, 1), (2, 32), (3, 5))
    ]
    for other in others:
        assert other == pytest.approx(first, abs=0.01)


def test_every_example_answer_gets_the_best_label_and_loses_nothing(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    for result in scores(scorer, bank, questions, lambda q: q.example_answer):
        assert (result.label, result.next_step) == (LABELS[0][1], "")
        assert {gate.factor for gate in result.gates} <= {1.0}


def test_an_example_without_punctuation_is_as_good(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    def flat(q: Question) -> str:
        return "".join(c for c in q.example_answer.lower() if c.isalnum() or c in " '")

    assert min(s.value for s in scores(scorer, bank, questions, flat)) >= LABELS[0][0]


def test_part_of_the_key_points_scores_between_none_and_all(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    def points(count: int) -> list[Score]:
        return scores(scorer, bank, questions, lambda q: " ".join(f"{p.text}." for p in q.key_points[:count]))

    assert all(0 < a.value < b.value - 10 for a, b in zip(points(1), points(99), strict=True))


def test_a_key_point_that_was_said_is_covered_by_the_sentence_that_said_it(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    results = scores(scorer, bank, questions, lambda q: " ".join(f"{p.text.rstrip('.')}." for p in q.key_points))
    points = [point for result in results for point in result.points]
    assert {p.coverage for p in points} == {Coverage.COVERED}
    assert mean(p.evidence.rstrip(".") in p.text or p.text.rstrip(".") in p.evidence for p in points) > 0.8
    assert mean(p.confirmed for p in points) > 0.5


def test_hardly_a_point_of_an_example_answer_is_taken_for_its_opposite(scorer: MeaningScorer, bank: Bank) -> None:
    states = [
        point.coverage
        for q in bank.questions
        for example in (q.example_answer, *q.alternative_answers)
        for point in scorer.score(q, example).points
    ]
    assert states.count(Coverage.CONTRADICTED) <= FALSE_ACCUSATIONS * len(states)


def test_a_paraphrase_beats_fluent_talk_beside_the_point(scorer: MeaningScorer) -> None:
    reference = (
        "PUT replaces the whole resource at a known URL and is idempotent: sending it twice has the same effect as "
        "once. POST creates a new resource under a collection, and repeating it may create duplicates."
    )
    prompt = "What is the difference between PUT and POST in a REST API?"
    paraphrase = (
        "with put you point at a specific address and overwrite what is there so retrying it changes nothing more "
        "whereas post makes something new each time so a retry can leave you with two orders"
    )
    beside = "They are both HTTP verbs that you use all the time in REST APIs, and you should be consistent with them."
    good = scorer.score_free(prompt, reference, None, paraphrase).value
    assert good > scorer.score_free(prompt, reference, None, beside).value + 10


# --- answers that only look good ----------------------------------------------------------------


@pytest.mark.parametrize(
    "say",
    [
        lambda q: q.question,
        lambda q: q.question.lower().rstrip("?.") + " um",
        lambda q: f"So that's a really good question. {q.question} Well, it depends on the situation.",
        lambda _q: "I don't know, sorry.",
        lambda _q: "It is really important to follow best practices, and it always depends on the use case.",
    ],
    ids=["read back", "read back without marks", "read back with padding", "don't know", "vague"],
)
def test_saying_nothing_of_ones_own_gets_the_lowest_label(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...], say: Say
) -> None:
    results = scores(scorer, bank, questions, say)
    assert {s.label for s in results} == {LOWEST_LABEL}
    assert max(s.value for s in results) <= 10


def test_shuffled_words_of_the_example_score_under_half(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    def shuffled(q: Question) -> str:
        words = q.example_answer.split()
        random.Random(1).shuffle(words)
        return " ".join(words)

    assert max(s.value for s in scores(scorer, bank, questions, shuffled)) < 50


def test_the_example_of_another_question_is_off_the_subject(
    scorer: MeaningScorer, bank: Bank, questions: tuple[Question, ...]
) -> None:
    for q, other in zip(questions, (*questions[1:], questions[0]), strict=True):
        result = scorer.score(q, other.example_answer, neighbours=neighbours(bank, q))
        assert "off the subject" in kinds(result)
        assert result.value < LABELS[-2][0]


# --- mistakes -----------------------------------------------------------------------------------


def cautions(result: Score) -> list[str]:
    return [gate.note for gate in result.gates if gate.kind == "mistake"]


def test_a_known_mistake_is_told_with_its_correction(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for mistake in q.mistakes:
            assert any(mistake.correction in note for note in cautions(scorer.score(q, mistake.text)))


def test_the_correction_of_a_mistake_is_none(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for mistake in q.mistakes:
            assert cautions(scorer.score(q, mistake.correction)) == []


def test_no_example_answer_makes_a_known_mistake(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for example in (q.example_answer, *q.alternative_answers):
            assert cautions(scorer.score(q, example)) == []
