"""What holds for the bank that ships: its format, its lengths and its honesty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from interviewer.core.bank import load_bank
from interviewer.core.models import Bank, Coverage, Question
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog

QUESTIONS = Path(__file__).resolve().parent.parent / "questions.json"

IDS = (
    "what-is-fastapi",
    "key-advantages",
    "defining-routes",
    "dependency-injection",
    "pydantic",
    "async-operations",
    "authentication",
    "dependency-overrides-and-tests",
    "securing-an-application",
    "middleware",
    "openapi",
    "errors-and-exceptions",
    "request-and-response-models",
    "websockets",
    "databases-and-orms",
    "testing",
    "validation-and-serialisation",
    "performance",
    "input-errors",
    "background-tasks",
    "api-versioning",
    "automatic-docs",
    "pydantic-in-both-directions",
    "why-fastapi-for-apis",
)
EVERY = pytest.mark.parametrize("question_id", IDS)


@cache
def bank() -> Bank:
    return load_bank(QUESTIONS)


def entry(question_id: str) -> Question:
    found = bank().question(question_id)
    assert found is not None
    return found


def words(text: str) -> int:
    return len(text.split())


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text.strip())


def spoken(question: Question) -> Iterator[str]:
    """Everything that a speech engine may have to say."""
    yield question.question
    yield question.example_answer
    yield from question.alternative_answers
    for point in question.key_points:
        yield point.text
        yield point.follow_up or ""
    for mistake in question.mistakes:
        yield mistake.correction


# The bank


def test_the_bank_holds_the_24_topics_in_their_order() -> None:
    assert tuple(q.id for q in bank().questions) == IDS


def test_the_bank_says_for_whom_it_is() -> None:
    assert bank().schema_version == 1
    assert bank().language == "en"
    assert bank().title
    assert bank().role
    assert len(bank().responsibilities) >= 4


def test_the_file_is_written_the_way_the_project_writes_json() -> None:
    data = QUESTIONS.read_bytes()
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert data.startswith(b'{\n  "schema_version": 1,\n')


def test_all_three_difficulties_occur() -> None:
    counts = Counter(q.difficulty for q in bank().questions)
    assert min(counts[1], counts[2], counts[3]) >= 4


def test_every_topic_group_has_two_questions_or_more() -> None:
    counts = Counter(q.topic for q in bank().questions)
    assert min(counts.values()) >= 2


# Each entry


@EVERY
def test_every_field_is_filled(question_id: str) -> None:
    question = entry(question_id)
    assert all(value for value in question.model_dump().values())
    assert all(point.terms and point.follow_up for point in question.key_points)


@EVERY
def test_the_question_is_one_or_two_spoken_sentences(question_id: str) -> None:
    text = entry(question_id).question
    assert 1 <= len(sentences(text)) <= 2
    assert 6 <= words(text) <= 40


@EVERY
@pytest.mark.parametrize(("field", "low", "high"), [("background", 60, 120), ("guidance", 30, 60)])
def test_what_is_read_has_its_length(question_id: str, field: str, low: int, high: int) -> None:
    assert low <= words(getattr(entry(question_id), field)) <= high


@EVERY
def test_the_example_answer_takes_about_a_minute_aloud(question_id: str) -> None:
    assert 90 <= words(entry(question_id).example_answer) <= 160


@EVERY
def test_the_alternative_answers_are_one_or_two_and_shorter(question_id: str) -> None:
    answers = entry(question_id).alternative_answers
    assert 1 <= len(answers) <= 2
    assert all(40 <= words(a) <= 90 for a in answers)


@EVERY
def test_the_key_points_are_four_to_six_single_claims(question_id: str) -> None:
    points = entry(question_id).key_points
    assert 4 <= len(points) <= 6
    for point in points:
        assert 8 <= words(point.text) <= 20, point.text
        assert len(sentences(point.text)) == 1, point.text
        assert point.text.endswith("."), point.text
        assert 1 <= len(point.terms) <= 4, point.text


@EVERY
def test_each_follow_up_is_one_question(question_id: str) -> None:
    for point in entry(question_id).key_points:
        assert point.follow_up is not None
        assert point.follow_up.endswith("?")
        assert len(sentences(point.follow_up)) == 1


@EVERY
def test_the_mistakes_are_two_to_four_single_sentences(question_id: str) -> None:
    mistakes = entry(question_id).mistakes
    assert 2 <= len(mistakes) <= 4
    assert all(len(sentences(m.text)) == 1 and m.text.endswith(".") for m in mistakes)


@EVERY
def test_the_terms_are_at_most_fifteen_and_differ(question_id: str) -> None:
    terms = entry(question_id).terms
    assert 1 <= len(terms) <= 15
    assert len({t.casefold() for t in terms}) == len(terms)


@EVERY
def test_what_is_spoken_holds_no_markup_code_or_address(question_id: str) -> None:
    for text in spoken(entry(question_id)):
        plain = text.replace("I/O", "IO")  # Speech engines say it letter by letter.
        assert not re.search(r"[`_*#<>{}\[\]()|\\/@=~^]|://|www\.", plain), text


# Across entries


def test_no_example_sentence_appears_twice() -> None:
    assert repeated(s for q in bank().questions for s in sentences(q.example_answer)) == []


def test_no_text_of_one_kind_is_used_twice() -> None:
    questions = bank().questions
    points = [p for q in questions for p in q.key_points]
    mistakes = [m for q in questions for m in q.mistakes]
    for texts in (
        [q.question for q in questions],
        [s for q in questions for s in sentences(q.background)],
        [s for q in questions for s in sentences(q.guidance)],
        [s for q in questions for a in q.alternative_answers for s in sentences(a)],
        [p.text for p in points],
        [p.follow_up or "" for p in points],
        [m.text for m in mistakes],
        [m.correction for m in mistakes],
    ):
        assert repeated(texts) == []


def repeated(texts: Iterator[str] | Sequence[str]) -> list[str]:
    counts = Counter(t.casefold() for t in texts)
    return [text for text, count in counts.items() if count > 1]


# Key points against example answers, judged by the scorer that judges the candidates.


@cache
def scorer() -> MeaningScorer:
    return catalog.scorer()


@pytest.mark.models
@EVERY
def test_the_example_answer_really_makes_every_key_point(question_id: str) -> None:
    judged = scorer().score(entry(question_id), entry(question_id).example_answer)
    assert {p.text: p.similarity for p in judged.points if p.coverage is not Coverage.COVERED} == {}


@pytest.mark.models
@EVERY
def test_every_alternative_answer_is_a_good_one(question_id: str) -> None:
    question = entry(question_id)
    scores = [scorer().score(question, a) for a in question.alternative_answers]
    assert [s.value for s in scores if s.label not in ("Complete", "Solid")] == []


@pytest.mark.models
@EVERY
def test_every_listed_mistake_is_told_with_its_correction(question_id: str) -> None:
    question = entry(question_id)
    for mistake in question.mistakes:
        assert any(mistake.correction in note for note in scorer().score(question, mistake.text).notes)
