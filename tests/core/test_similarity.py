from __future__ import annotations

import numpy as np
import pytest

from interviewer.core import similarity
from interviewer.core.similarity import (
    QUESTION_PENALTY,
    QUESTION_WEIGHT,
    Asked,
    Bundle,
    Heard,
    Wanted,
    bundle,
    heard,
    nearness,
    recall_and_precision,
    spans_of,
    token_weights,
    wanted,
    window_means,
)
from interviewer.core.text import stems
from tests.core.fake_encoder import DIM, encode, vector

NOBODY_ASKED = Asked(frozenset(), np.zeros(DIM, dtype=np.float32))


def asked(question: str) -> Asked:
    return Asked(stems(question.split()), encode(question).sentence)


def recall(reference: Wanted, answer: Heard) -> float:
    return recall_and_precision(reference, answer)[0]


def precision(reference: Wanted, answer: Heard) -> float:
    return recall_and_precision(reference, answer)[1]


def bearing(point: Wanted, answer: Heard) -> float:
    return float(nearness(bundle([point]), answer, NOBODY_ASKED, []).bearings[0])


def pages_and_disks(question: Asked = NOBODY_ASKED) -> Bundle:
    return bundle([wanted(encode(text), question) for text in ("caches keep pages", "disks spin")])


def test_function_words_and_marks_weigh_nothing() -> None:
    assert list(token_weights(encode("the cache , and disk ."), NOBODY_ASKED)) == [0, 1, 0, 0, 1, 0]


def test_words_of_the_question_weigh_little() -> None:
    weights = token_weights(encode("caches keep pages"), asked("What is a cache ?"))
    assert list(weights) == [QUESTION_WEIGHT, 1, 1]


def test_every_token_of_a_word_has_its_weight() -> None:
    assert list(token_weights(encode("idempotent is"), NOBODY_ASKED)) == [1, 1, 0]


def test_a_text_of_function_words_is_weighed_evenly() -> None:
    assert list(token_weights(encode("it is what it is"), NOBODY_ASKED)) == [1, 1, 1, 1, 1]


def test_a_word_is_supplied_only_when_the_question_has_all_of_it() -> None:
    question = asked("What does PUT do ?")
    assert list(question.supplied(encode("put put/post — "))) == [True, False, False]


def test_a_copy_recalls_everything() -> None:
    text = encode("caches keep hot pages")
    assert recall(wanted(text, NOBODY_ASKED), heard(text, NOBODY_ASKED)) == pytest.approx(1.0)


def test_half_the_content_recalls_half() -> None:
    reference = wanted(encode("caches keep the hot pages"), NOBODY_ASKED)
    answer = heard(encode("caches keep"), NOBODY_ASKED)
    rest = [max(float(vector(w) @ vector(v)) for v in ("caches", "keep")) for w in ("hot", "pages")]
    assert recall(reference, answer) == pytest.approx((2 + sum(rest)) / 4, abs=1e-5)


def test_saying_more_than_the_reference_costs_nothing() -> None:
    reference = wanted(encode("caches keep pages"), NOBODY_ASKED)
    more = heard(encode("caches keep pages but nobody warms disks"), NOBODY_ASKED)
    assert recall(reference, more) == pytest.approx(1.0)


def test_words_that_the_question_supplied_are_heard_at_a_discount() -> None:
    question = asked("What is a cache ?")
    reference = wanted(encode("cache pages"), question)
    answer = heard(encode("cache pages"), question)
    expected = (QUESTION_WEIGHT * (1 - QUESTION_PENALTY) + 1) / (QUESTION_WEIGHT + 1)
    assert recall(reference, answer) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_long_answer_is_compared_in_blocks_with_the_same_result(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked("What is a cache ?")
    reference = wanted(encode("a cache keeps hot pages"), question)
    answer = heard(encode("hot cache pages spin"), question)
    whole = recall(reference, answer), precision(reference, answer)
    monkeypatch.setattr(similarity, "BLOCK_TOKENS", size)
    assert (recall(reference, answer), precision(reference, answer)) == pytest.approx(whole)


def test_nothing_said_recalls_nothing() -> None:
    assert recall(wanted(encode("caches"), NOBODY_ASKED), heard(encode(""), NOBODY_ASKED)) == 0.0


def test_nothing_wanted_is_not_recalled() -> None:
    assert recall(wanted(encode(""), NOBODY_ASKED), heard(encode("caches"), NOBODY_ASKED)) == 0.0


def test_an_answer_of_the_references_words_alone_is_precise() -> None:
    reference = wanted(encode("caches keep the hot pages near cores"), NOBODY_ASKED)
    assert precision(reference, heard(encode("hot pages near cores"), NOBODY_ASKED)) == pytest.approx(1.0)


def test_words_beside_the_reference_make_an_answer_less_precise() -> None:
    reference = wanted(encode("caches keep the hot pages near cores"), NOBODY_ASKED)
    told = [
        precision(reference, heard(encode(f"hot pages {more}"), NOBODY_ASKED)) for more in ("", "swim", "swim fish")
    ]
    assert told == sorted(told, reverse=True)
    assert told[0] > told[-1]


def test_who_says_it_all_and_much_more_is_not_less_precise_for_the_rest() -> None:
    text = "caches keep hot pages near cores"
    reference = wanted(encode(text), NOBODY_ASKED)
    more = [" ".join(f"word{i}" for i in range(n)) for n in (60, 600)]
    told = [precision(reference, heard(encode(f"{text} {extra}"), NOBODY_ASKED)) for extra in more]
    assert told[1] >= told[0] - 0.01
    assert told[0] > precision(reference, heard(encode(more[1]), NOBODY_ASKED))


def test_function_words_are_neither_precise_nor_not() -> None:
    reference = wanted(encode("caches keep pages"), NOBODY_ASKED)
    plain, padded = (heard(encode(t), NOBODY_ASKED) for t in ("caches swim", "it is the caches that do swim"))
    assert precision(reference, padded) == pytest.approx(precision(reference, plain))


@pytest.mark.parametrize(("reference", "answer"), [("caches", ""), ("", "caches"), ("", "")])
def test_nothing_is_not_precise(reference: str, answer: str) -> None:
    assert precision(wanted(encode(reference), NOBODY_ASKED), heard(encode(answer), NOBODY_ASKED)) == 0.0


def test_windows_cover_the_text_and_its_stretches() -> None:
    tokens = np.eye(24, dtype=np.float32)
    spans = {tuple(int(i) for i in np.flatnonzero(w)) for w in window_means(tokens)}
    whole = tuple(range(24))
    assert whole in spans
    assert spans - {whole} == {tuple(range(s, s + 10)) for s in (0, 3, 6, 9, 12, 14)} | {
        tuple(range(s, s + 18)) for s in (0, 6)
    }


def test_a_window_is_the_mean_of_its_tokens() -> None:
    tokens = np.random.default_rng(1).standard_normal((12, 4)).astype(np.float32)
    assert np.allclose(window_means(tokens)[0], tokens.mean(axis=0), atol=1e-6)


def test_no_tokens_have_no_windows() -> None:
    assert window_means(np.zeros((0, 4), dtype=np.float32)).shape == (0, 4)


def test_a_claim_in_a_long_answer_is_found_by_its_window() -> None:
    point = wanted(encode("caches keep hot pages near cores"), NOBODY_ASKED)
    noise = " ".join(f"word{i}" for i in range(60))
    long = encode(f"{noise} caches keep hot pages near cores {noise}")
    whole = float(long.tokens.mean(axis=0) @ point.bearing / np.linalg.norm(long.tokens.mean(axis=0)))
    assert bearing(point, heard(long, NOBODY_ASKED)) > whole + 0.3


def test_nothing_said_has_no_bearing() -> None:
    assert bearing(wanted(encode("caches"), NOBODY_ASKED), heard(encode(""), NOBODY_ASKED)) == 0.0


def test_what_is_left_of_a_vector_is_free_of_the_question() -> None:
    question = asked("what is a cache")
    (left,) = question.project_out(encode("caches keep hot pages").sentence[None])
    assert float(left @ question.sentence) == pytest.approx(0.0, abs=1e-6)
    assert float(np.linalg.norm(left)) == pytest.approx(1.0, abs=1e-5)


def test_nothing_is_left_of_the_question_itself() -> None:
    question = asked("what is a cache")
    assert not question.project_out(question.sentence[None]).any()


def test_a_stretch_of_an_answer_hears_its_own_words_only() -> None:
    answer = encode("disks spin . caches keep pages")
    found = nearness(pages_and_disks(), heard(answer, NOBODY_ASKED), NOBODY_ASKED, spans_of(answer, [(0, 3), (3, 6)]))
    assert found.grid.shape == (2, 2)
    assert found.grid[0, 1] == pytest.approx(1.0, abs=1e-5)
    assert found.grid[0, 0] < 0.3
    assert found.grid[1, 0] > 0.7 > 0.3 > found.grid[1, 1]


def test_the_whole_answer_is_recalled_from_all_its_stretches() -> None:
    answer = encode("caches spin . disks keep pages")
    told = heard(answer, NOBODY_ASKED)
    found = nearness(pages_and_disks(), told, NOBODY_ASKED, spans_of(answer, [(0, 3), (3, 6)]))
    whole = [recall(wanted(encode(text), NOBODY_ASKED), told) for text in ("caches keep pages", "disks spin")]
    assert found.recalls == pytest.approx(whole)
    assert found.recalls == pytest.approx([1.0, 1.0])


def test_a_stretch_without_tokens_is_near_to_nothing() -> None:
    answer = encode("caches")
    found = nearness(pages_and_disks(), heard(answer, NOBODY_ASKED), NOBODY_ASKED, spans_of(answer, [(5, 9), (0, 1)]))
    assert not found.grid[:, 0].any()
    assert found.grid[0, 1] > 0.3


def test_a_wanted_text_without_tokens_is_never_near() -> None:
    answer = encode("caches keep pages")
    empty = bundle([wanted(encode(text), NOBODY_ASKED) for text in ("", "caches keep pages", "")])
    found = nearness(empty, heard(answer, NOBODY_ASKED), NOBODY_ASKED, [(0, 3)])
    assert found.recalls == pytest.approx([0.0, 1.0, 0.0], abs=1e-5)
    assert found.grid[:, 0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-5)


@pytest.mark.parametrize(("texts", "spans"), [([], [(0, 1)]), (["caches"], []), ([], [])])
def test_nothing_beside_something_is_no_nearness(texts: list[str], spans: list[tuple[int, int]]) -> None:
    answer = heard(encode("caches"), NOBODY_ASKED)
    found = nearness(bundle([wanted(encode(t), NOBODY_ASKED) for t in texts]), answer, NOBODY_ASKED, spans)
    assert found.grid.shape == (len(texts), len(spans))
    assert not found.recalls.any()


def test_nothing_wanted_has_no_bearing() -> None:
    assert nearness(bundle([]), heard(encode("caches"), NOBODY_ASKED), NOBODY_ASKED, [(0, 1)]).bearings.shape == (0,)


def test_nearness_is_half_recall_and_half_bearing() -> None:
    point = wanted(encode("caches keep hot pages"), NOBODY_ASKED)
    answer = heard(encode("caches spin"), NOBODY_ASKED)
    found = nearness(bundle([point]), answer, NOBODY_ASKED, [(0, 2)])
    assert found.grid[0, 0] == pytest.approx((recall(point, answer) + bearing(point, answer)) / 2)
    assert found.whole[0] == pytest.approx(found.grid[0, 0])


def test_a_stretch_hears_the_words_of_the_question_at_a_discount_too() -> None:
    question = asked("What is a cache ?")
    answer = encode("disks spin . cache")
    point = bundle([wanted(encode("cache"), question)])
    found = nearness(point, heard(answer, question), question, spans_of(answer, [(3, 4)]))
    assert found.recalls[0] == pytest.approx(1 - QUESTION_PENALTY, abs=1e-5)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_stretches_are_compared_in_blocks_with_the_same_result(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = encode("caches spin . disks keep pages . idempotent disks")
    spans = spans_of(answer, [(0, 3), (3, 7), (7, 9)])
    whole = nearness(pages_and_disks(), heard(answer, NOBODY_ASKED), NOBODY_ASKED, spans)
    monkeypatch.setattr(similarity, "BLOCK_TOKENS", size)
    again = nearness(pages_and_disks(), heard(answer, NOBODY_ASKED), NOBODY_ASKED, spans)
    np.testing.assert_allclose(again.grid, whole.grid, atol=1e-6)
    np.testing.assert_allclose(again.recalls, whole.recalls, atol=1e-6)
