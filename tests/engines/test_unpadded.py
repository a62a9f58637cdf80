"""The pass without padding: the states that transformers computes, and only for the models it knows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from interviewer.engines import unpadded
from interviewer.engines.embed_sentence import MiniLmEmbedder
from tests.engines import tiny_model

ROWS = ([2, 5, 6, 7, 3], [2, 3], [2, 9, 3, 8, 8, 8, 8, 8, 3])
TYPES = ([0, 0, 0, 1, 1], [0, 1], [0, 0, 0, 1, 1, 1, 1, 1, 1])


@pytest.fixture(scope="module")
def encoder() -> Any:
    return tiny_model.encoder(seed=3)


def by_transformers(encoder: Any, row: list[int], types: list[int]) -> Any:
    ids, kinds = torch.tensor([row]), torch.tensor([types])
    return encoder(input_ids=ids, token_type_ids=kinds, attention_mask=torch.ones_like(ids)).last_hidden_state[0]


def test_the_states_are_those_of_each_text_alone(encoder: Any) -> None:
    with torch.inference_mode():
        wanted = [by_transformers(encoder, row, types) for row, types in zip(ROWS, TYPES, strict=True)]
        found = unpadded.states(encoder, ROWS, TYPES)
    np.testing.assert_allclose(found.numpy(), torch.cat(wanted).numpy(), atol=1e-5)


@pytest.mark.parametrize("at", range(len(ROWS)))
def test_the_states_of_a_text_are_the_same_to_the_last_bit_whatever_is_laid_beside_it(encoder: Any, at: int) -> None:
    start = sum(len(row) for row in ROWS[:at])
    with torch.inference_mode():
        among = unpadded.states(encoder, ROWS * 5, TYPES * 5)[start : start + len(ROWS[at])]
        alone = unpadded.states(encoder, ROWS[at : at + 1], TYPES[at : at + 1])
    np.testing.assert_array_equal(alone.numpy(), among.numpy())


def test_without_types_all_belongs_to_the_first_text(encoder: Any) -> None:
    with torch.inference_mode():
        wanted = by_transformers(encoder, ROWS[0], [0] * len(ROWS[0]))
        found = unpadded.states(encoder, ROWS[:1])
    np.testing.assert_allclose(found.numpy(), wanted.numpy(), atol=1e-5)


def test_a_model_of_another_build_does_not_fit(encoder: Any) -> None:
    plain = {"model_type": "bert", "hidden_act": "gelu", "is_decoder": False}
    assert unpadded.fits(encoder)
    assert unpadded.fits(SimpleNamespace(config=SimpleNamespace(**plain)))
    others = ({"model_type": "roberta"}, {"hidden_act": "relu"}, {"position_embedding_type": "relative_key"})
    for change in (*others, {"is_decoder": True}):
        assert not unpadded.fits(SimpleNamespace(config=SimpleNamespace(**plain | change))), change


def test_a_model_that_does_not_fit_is_asked_itself_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["A cache keeps copies near the reader.", "Yes.", "What is thrown out is up to the policy, not the reader."]
    plain = MiniLmEmbedder().encode(texts)
    monkeypatch.setattr(unpadded, "fits", lambda model: False)
    asked = MiniLmEmbedder().encode(texts)
    for one, other in zip(plain, asked, strict=True):
        np.testing.assert_allclose(one.tokens, other.tokens, atol=1e-5)
        np.testing.assert_allclose(one.sentence, other.sentence, atol=1e-5)
