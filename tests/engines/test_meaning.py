"""The score with the real embedding model, on the bank that ships: what a candidate would see."""

from __future__ import annotations

import random
from collections.abc import Callable
from statistics import mean

import pytest

from interviewer.core.bank import load_bank
from interviewer.core.models import Coverage, Question, Score
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MeaningScorer

pytestmark = pytest.mark.models

Say = Callable[[Question], str]


@pytest.fixture(scope="module")
def scorer() -> MeaningScorer:
    from interviewer.engines.embed_sentence import MiniLmEmbedder

    embedder = MiniLmEmbedder()
    return MeaningScorer(embedder.encode, model_hash=embedder.model_hash)


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return load_bank(shipped_bank()).questions[::6]


def scores(scorer: MeaningScorer, questions: tuple[Question, ...], say: Say) -> list[Score]:
    return [scorer.score(q, say(q)) for q in questions]


def test_the_recipe_names_the_published_weights(scorer: MeaningScorer) -> None:
    assert scorer.recipe == "meaning-1/53aa51172d14"


def test_every_example_answer_is_strong_and_unquestioned(
    scorer: MeaningScorer, questions: tuple[Question, ...]
) -> None:
    for result in scores(scorer, questions, lambda q: q.example_answer):
        assert result.label == "Strong"
        assert result.notes == ()


def test_an_example_without_punctuation_is_as_good(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    def flat(q: Question) -> str:
        return "".join(c for c in q.example_answer.lower() if c.isalnum() or c in " '")

    assert min(s.value for s in scores(scorer, questions, flat)) > 85


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
def test_saying_nothing_of_ones_own_scores_ten_at_most(
    scorer: MeaningScorer, questions: tuple[Question, ...], say: Say
) -> None:
    assert max(s.value for s in scores(scorer, questions, say)) <= 10


def test_shuffled_words_of_the_example_score_under_half(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    def shuffled(q: Question) -> str:
        words = q.example_answer.split()
        random.Random(1).shuffle(words)
        return " ".join(words)

    assert max(s.value for s in scores(scorer, questions, shuffled)) < 50


def test_part_of_the_key_points_scores_between_none_and_all(
    scorer: MeaningScorer, questions: tuple[Question, ...]
) -> None:
    def points(q: Question, count: int) -> str:
        return " ".join(f"{p.text}." for p in q.key_points[:count])

    one = scores(scorer, questions, lambda q: points(q, 1))
    every = scores(scorer, questions, lambda q: points(q, 99))
    assert all(a.value + 10 < b.value for a, b in zip(one, every, strict=True))


def test_a_key_point_that_was_said_is_covered_by_the_sentence_that_said_it(
    scorer: MeaningScorer, questions: tuple[Question, ...]
) -> None:
    for q in questions:
        said = " ".join(f"{p.text.rstrip('.')}." for p in q.key_points)
        results = scorer.score(q, said).points
        assert {p.coverage for p in results} == {Coverage.COVERED}
        assert mean(p.evidence.rstrip(".") in p.text or p.text.rstrip(".") in p.evidence for p in results) > 0.8


def cautions(result: Score) -> list[str]:
    return [note for note in result.notes if note.startswith("Check this")]


def test_a_known_mistake_is_flagged_with_its_correction(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for mistake in q.mistakes:
            assert any(mistake.correction in note for note in cautions(scorer.score(q, mistake.text)))


def test_the_correction_of_a_mistake_is_not_flagged(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for mistake in q.mistakes:
            assert cautions(scorer.score(q, mistake.correction)) == []


def test_no_example_answer_is_flagged(scorer: MeaningScorer, questions: tuple[Question, ...]) -> None:
    for q in questions:
        for example in (q.example_answer, *q.alternative_answers):
            assert cautions(scorer.score(q, example)) == []


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
    assert good > scorer.score_free(prompt, reference, None, beside).value + 25
