"""What people, recognisers and files may hand in: never an exception, always a score of nothing to a hundred."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.models import Score
from interviewer.core.scoring import MeaningScorer
from tests.core.fake_encoder import FakeEncoder
from tests.core.judging import EXAMPLE, MODEL, NEIGHBOURS, POINTS, QUESTION, FakeJudge, calibration

BAD = {
    "nothing": "",
    "space": " \t\r\n\u2003\x1c\x85",
    "one word": "Copies",
    "one letter": "a",
    "one digit": "7",
    "another script": "キャッシュは データの コピーを 読み手の 近くに 置く。 Кэш хранит копии данных. الذاكرة المخبأة",
    "emoji": "🙂 copies 👩‍👩‍👧 of hot 🔥 data stay near 👍🏽",
    "combining marks": "a\u0301\u0301\u0301 cache\u200b\u200d keeps\ufeff copies",
    "code": "def get(k): return cache[k] if k in cache else load(k)  # x = {'a': [1, 2]}; y != z -> ...",
    "markup": "<script>alert('copies')</script> <b>hot</b> data &amp; **near** [reader](http://example.org) | a | b |",
    "a formula": "=SUM(A1:A9)\t+1-1@x",
    "a query": "'; DROP TABLE attempts; -- copies of hot data",
    "control characters": "copies\x00 of\x07 hot\x1b[31m data\x7f \x9b stay near",
    "half a character": "copies \ud83d of hot\udcff data stay near",
    "halves alone": "\ud800 \udfff\udc00",
    "right to left": "\u202ecopies of hot data\u202c stay near",
    "one endless word": "x" * 20_000,
    "one endless row of marks": "copies" + "." * 5000 + "data",
    "only marks": "?! … — ( ) ## ++",
    "only function words": "it is what it is and that is that",
    "the same word": "cache " * 3000,
    "the same sentence": "Copies of hot data stay near. " * 400,
    "sentences of one word": " ".join(f"w{n}." for n in range(1000)),
    "no punctuation": " ".join(f"word{n % 50}" for n in range(3000)),
    "the question": QUESTION.question,
    "the example": EXAMPLE,
    "the points": ". ".join(POINTS),
}


def scorer(*, judge: bool = True) -> MeaningScorer:
    known = {(a, b): kind for kind, a in enumerate(("Copies", "Changed")) for b in ("cop", "w", "data")}
    return MeaningScorer(FakeEncoder(), calibration(), judge=FakeJudge(known) if judge else None, model_hash=MODEL)


def sound(score: Score) -> bool:
    """Whether everything about a score is as promised."""
    assert score.low is not None
    assert score.high is not None
    assert 0.0 <= score.low <= score.value <= score.high <= 100.0
    assert all(0.0 <= p.similarity <= 1.0 for p in score.points)
    assert all(0.0 <= gate.factor <= 1.0 for gate in score.gates)
    # It must be possible to keep and to show it.
    assert str(astuple(score)[:3]).encode("utf-8")
    return all(p.evidence.encode("utf-8") is not None for p in score.points)


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_any_answer_has_a_score(answer: str) -> None:
    assert sound(scorer().score(QUESTION, answer, neighbours=NEIGHBOURS))
    assert sound(scorer(judge=False).score(QUESTION, answer, doubt=1.0))


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_evidence_is_found_again_among_the_words_of_the_answer(answer: str) -> None:
    words = answer.encode("utf-8", "replace").decode("utf-8").split()
    for point in scorer().score(QUESTION, answer).points:
        first, stop = point.words
        assert 0 <= first <= stop <= len(words)
        assert point.evidence.split() == answer.split()[first:stop] or "\ufffd" in point.evidence


@pytest.mark.parametrize("text", [t[:2000] for t in BAD.values() if any(c.isalnum() for c in t)])
def test_any_text_with_a_word_can_be_a_reference_and_a_question(text: str) -> None:
    assert sound(scorer().score_free(QUESTION.question, text, None, EXAMPLE))
    assert sound(scorer().score_free(text, EXAMPLE, POINTS, EXAMPLE))
    assert sound(scorer().score_free(text, text, [text], text))


@pytest.mark.parametrize("points", [["!"], ["", "…"], [POINTS[0]], [POINTS[0]] * 3, ["the of a"], ["\ud800"], ["🙂"]])
def test_any_key_points_can_be_judged(points: list[str]) -> None:
    result = scorer().score_free(QUESTION.question, EXAMPLE, points, EXAMPLE)
    assert len(result.points) == len(points)
    assert sound(result)


def test_identical_key_points_are_judged_alike() -> None:
    one, two = scorer().score_free(QUESTION.question, EXAMPLE, [POINTS[1]] * 2, EXAMPLE).points
    assert one == two


@pytest.mark.parametrize("reference", ["Yes.", "Copies", "cache", "a cache does"])
def test_a_reference_shorter_than_the_question_can_be_judged(reference: str) -> None:
    for answer in (reference, EXAMPLE, QUESTION.question, "No."):
        assert sound(scorer().score_free(QUESTION.question, reference, None, answer))


def test_the_question_may_be_empty() -> None:
    assert sound(scorer().score_free("", EXAMPLE, None, EXAMPLE))


anything = st.text(st.characters(codec=None, exclude_categories=()), max_size=120)


@settings(deadline=None, max_examples=80)
@given(anything, anything, st.floats(0.0, 1.0))
def test_any_two_texts_can_be_answer_and_neighbour(answer: str, other: str, doubt: float) -> None:
    neighbours = (*NEIGHBOURS, type(NEIGHBOURS[0])(other, other))
    assert sound(scorer().score(QUESTION, answer, doubt=doubt, neighbours=neighbours))
