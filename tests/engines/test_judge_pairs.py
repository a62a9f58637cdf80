"""The contradiction judge with random weights: what is shipped is what comes back, and nothing else is believed."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.examine import probabilities
from interviewer.engines import judge_files, judge_pairs
from interviewer.engines.judge_pairs import BATCH, CLASSES, LONGEST, PairJudge, PairNet, packed, share_layers, tokens_of
from tests.engines import tiny_model

PAIRS = (
    ("A cache keeps copies of hot data.", "It never keeps copies."),
    ("A policy decides which entry leaves.", "a policy decides"),
    ("Every read is near.", "the cache is near to the reader, and all it says is in the store before it is read " * 3),
    ("A.", ""),
    ("", "What?"),
    ("A cache throws data.", "A cache throws data."),
)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return tiny_model.tokenizer()


@pytest.fixture(scope="module")
def published() -> Any:
    return tiny_model.encoder(seed=1)


def trained(published: Any) -> PairNet:
    """A net that has moved away from the published weights, but for its frozen parts."""
    import torch

    net = PairNet(copy.deepcopy(published)).eval()
    net.freeze_words()
    net.freeze_layers(1)
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(7)
        for parameter in net.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn_like(parameter))
    return net


@pytest.fixture(scope="module")
def net(published: Any) -> PairNet:
    return trained(published)


@pytest.fixture(scope="module")
def base(published: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("published") / "model.safetensors"
    save_file({name: tensor.numpy() for name, tensor in published.state_dict().items()}, file)
    return file


@pytest.fixture
def shipped(net: PairNet, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the judge's own files, in the place of the assets."""
    save_file(packed(net, base), tmp_path / "judge.safetensors")
    digest = hashlib.sha256((tmp_path / "judge.safetensors").read_bytes()).hexdigest()
    (tmp_path / "judge.json").write_text(json.dumps({"sha256": digest}), encoding="utf-8")
    monkeypatch.setattr(judge_files, "WEIGHTS", tmp_path / "judge.safetensors")
    monkeypatch.setattr(judge_files, "ABOUT", tmp_path / "judge.json")
    return tmp_path


@pytest.fixture
def judge(shipped: Path, published: Any, tokenizer: Any) -> PairJudge:
    return PairJudge(published, tokenizer)


def sign(folder: Path) -> None:
    """Describe the weights as they are now."""
    digest = hashlib.sha256((folder / "judge.safetensors").read_bytes()).hexdigest()
    (folder / "judge.json").write_text(json.dumps({"sha256": digest}), encoding="utf-8")


# --- packed and unpacked ----------------------------------------------------------------------


def test_every_weight_comes_back_within_a_step_of_its_rows_range(
    judge: PairJudge, net: PairNet, published: Any
) -> None:
    before = {f"encoder.{name}": tensor.numpy() for name, tensor in published.state_dict().items()}
    wanted, found = net.state_dict(), judge._net.state_dict()
    assert wanted.keys() == found.keys()
    for name, tensor in wanted.items():
        change = np.atleast_2d(tensor.numpy() - before.get(name, 0.0))
        reach = np.abs(change).max(axis=1, keepdims=True)
        error = np.abs(np.atleast_2d(found[name].numpy()) - np.atleast_2d(tensor.numpy()))
        assert (error <= reach / 127 + 1e-7).all(), name


def test_what_was_frozen_is_not_shipped(net: PairNet, base: Path) -> None:
    names = packed(net, base).keys()
    assert not [n for n in names if "word_embeddings" in n or "position_embeddings" in n or ".layer.0." in n]
    assert [n for n in names if ".layer.1." in n]
    assert [n for n in names if n.startswith("head.")]


def test_matrices_are_shipped_in_eight_bits(net: PairNet, base: Path) -> None:
    kept = packed(net, base)
    matrices = {n for n, v in kept.items() if v.ndim == 2 and not n.startswith("head.") and not n.endswith(".scale")}
    assert {kept[n].dtype for n in matrices if len(kept[n]) >= 8} == {np.dtype(np.int8)}
    assert {n for n in kept if n.endswith(".scale")} == {f"{n}.scale" for n in matrices if len(kept[n]) >= 8}


def test_an_untrained_net_ships_its_head_alone(published: Any, base: Path) -> None:
    assert all(name.startswith("head.") for name in packed(PairNet(copy.deepcopy(published)), base))


def test_the_judge_says_what_the_trained_net_says(judge: PairJudge, net: PairNet, tokenizer: Any) -> None:
    import torch

    rows = [tokens_of(tokenizer, *pair) for pair in PAIRS]
    with torch.inference_mode():
        wanted = net(*PairNet.padded(rows, tokenizer.pad_token_id)).numpy()
    np.testing.assert_allclose(probabilities(judge.judge(PAIRS)), probabilities(wanted), atol=0.02)


def test_loading_the_judge_leaves_the_encoder_as_it_was(shipped: Path, tokenizer: Any) -> None:
    encoder = tiny_model.encoder(seed=1)
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    judge = PairJudge(encoder, tokenizer)
    assert all(bool((tensor == before[name]).all()) for name, tensor in encoder.state_dict().items())
    shared = judge._net.encoder.embeddings.word_embeddings.weight
    assert shared is encoder.embeddings.word_embeddings.weight


def test_layers_that_learned_nothing_are_the_encoders_own(published: Any) -> None:
    net = PairNet(copy.deepcopy(published))
    kept = {"encoder.layer.1.output.dense.weight": None, "encoder.layer.1.output.dense.bias": None}
    share_layers(net, published, kept)
    assert net.encoder.encoder.layer[0] is published.encoder.layer[0]
    assert net.encoder.encoder.layer[1] is not published.encoder.layer[1]


def test_its_hash_begins_that_of_its_file(judge: PairJudge, shipped: Path) -> None:
    whole = hashlib.sha256((shipped / "judge.safetensors").read_bytes()).hexdigest()
    assert judge_files.verify() == whole
    assert whole.startswith(judge.model_hash)
    assert len(judge.model_hash) == 12


# --- judging ------------------------------------------------------------------------------------


def test_each_pair_has_a_number_for_each_class(judge: PairJudge) -> None:
    found = judge.judge(PAIRS)
    assert (found.shape, found.dtype) == ((len(PAIRS), CLASSES), np.float32)
    assert np.isfinite(found).all()


def test_no_pairs_have_no_numbers(judge: PairJudge) -> None:
    found = judge.judge([])
    assert (found.shape, found.dtype) == ((0, CLASSES), np.float32)


def test_a_pair_is_judged_the_same_alone_and_among_others(judge: PairJudge) -> None:
    many = (PAIRS * (BATCH // len(PAIRS) + 2))[: BATCH + 5]
    alone = np.concatenate([judge._compute([pair]) for pair in PAIRS])
    among = judge._compute(many)
    np.testing.assert_array_equal(among, [alone[i % len(PAIRS)] for i in range(len(many))])


def test_a_pair_judged_before_is_not_judged_again(judge: PairJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    first = judge.judge(PAIRS)
    monkeypatch.setattr(judge._net, "decide", lambda _: pytest.fail("judged again"))
    np.testing.assert_array_equal(judge.judge(PAIRS[::-1]), first[::-1])


def test_of_pairs_known_and_new_only_the_new_are_judged(judge: PairJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = judge._compute(PAIRS)
    judge.judge(PAIRS[:2])
    asked: list[object] = []
    decide = judge._net.decide
    monkeypatch.setattr(judge._net, "decide", lambda rows: asked.extend(rows) or decide(rows))
    np.testing.assert_array_equal(judge.judge(PAIRS), wanted)
    assert len(asked) == len(PAIRS) - 2


def test_a_pair_given_twice_at_once_is_judged_once(judge: PairJudge) -> None:
    one, other = judge.judge([PAIRS[0], PAIRS[0]])
    np.testing.assert_array_equal(one, other)
    assert len(judge._known) == 1


def test_the_pairs_asked_for_last_are_kept(judge: PairJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_pairs, "KEPT_PAIRS", 2)
    judge.judge(PAIRS[:2])
    judge.judge([PAIRS[0]])
    judge.judge([PAIRS[2]])
    assert list(judge._known) == [PAIRS[0], PAIRS[2]]


def test_the_two_texts_of_a_pair_are_not_the_same_to_it(judge: PairJudge) -> None:
    (point, stretch) = PAIRS[0]
    one, other = judge.judge([(point, stretch), (stretch, point)])
    assert np.abs(one - other).max() > 1e-4


@pytest.mark.parametrize("text", ["", "\x00\x07", "…", "日本語", "🙂", "\ud800 cache", "x" * 5000, "a " * 5000])
def test_any_text_can_be_judged(judge: PairJudge, text: str) -> None:
    assert np.isfinite(judge.judge([(text, "a cache"), ("a cache", text), (text, text)])).all()


def test_a_failure_of_the_model_is_told_with_its_cause(judge: PairJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(judge._net, "decide", fail)
    with pytest.raises(EngineError, match="contradiction judge failed") as caught:
        judge.judge(PAIRS)
    assert str(caught.value.__cause__) == "broken"


# --- word pieces ----------------------------------------------------------------------------------


def test_a_pair_is_framed_and_each_piece_knows_its_text(tokenizer: Any) -> None:
    ids, kinds = tokens_of(tokenizer, "hot data", "cold cache.")
    assert tokenizer.convert_ids_to_tokens(ids) == [
        "[CLS]", "hot", "data", "[SEP]", "c", "##o", "##l", "##d", "cache", ".", "[SEP]"
    ]  # fmt: skip
    assert kinds == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("point", "stretch"), [(5, 400), (400, 5), (400, 400), (0, 400), (LONGEST, 0), (1, 1)])
def test_long_texts_are_cut_at_their_ends_and_both_are_heard(tokenizer: Any, point: int, stretch: int) -> None:
    ids, kinds = tokens_of(tokenizer, "hot " * point, "data " * stretch)
    names = tokenizer.convert_ids_to_tokens(ids)
    assert len(ids) == len(kinds) <= LONGEST
    assert names.count("hot") == min(point, LONGEST // 2)
    assert names.count("data") == min(stretch, LONGEST - 3 - names.count("hot"))


def test_only_what_is_left_after_the_cut_is_judged(judge: PairJudge) -> None:
    one, other = judge.judge([("hot", "data " * 400), ("hot", "data " * 399 + "never")])
    np.testing.assert_array_equal(one, other)


def test_a_batch_is_padded_to_its_longest(tokenizer: Any) -> None:
    rows = [tokens_of(tokenizer, "hot", "data"), tokens_of(tokenizer, "hot data", "cache cache")]
    ids, types, mask = PairNet.padded(rows, tokenizer.pad_token_id)
    assert ids.shape == types.shape == mask.shape == (2, 7)
    assert mask.sum(dim=1).tolist() == [5, 7]
    assert ids[0, 5:].tolist() == [tokenizer.pad_token_id] * 2


# --- files that are not what they should be -------------------------------------------------------


def test_other_weights_than_those_described_are_corrupt(shipped: Path, published: Any, tokenizer: Any) -> None:
    (shipped / "judge.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelCorrupt, match="not the one that was trained"):
        PairJudge(published, tokenizer)


@pytest.mark.parametrize("name", ["judge.safetensors", "judge.json"])
def test_a_missing_file_is_a_missing_judge(shipped: Path, published: Any, tokenizer: Any, name: str) -> None:
    (shipped / name).unlink()
    with pytest.raises(ModelMissing, match="cannot be read") as caught:
        PairJudge(published, tokenizer)
    assert "Install Interviewer again" in caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"sha256": null}', '"\xff"'])
def test_a_damaged_description_is_corrupt(shipped: Path, published: Any, tokenizer: Any, text: str) -> None:
    (shipped / "judge.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelCorrupt):
        PairJudge(published, tokenizer)


def test_weights_of_another_shape_are_corrupt(shipped: Path, published: Any, tokenizer: Any) -> None:
    kept = load_file(shipped / "judge.safetensors")
    save_file({**kept, "head.1.bias": np.zeros(3, dtype=np.float16)}, shipped / "judge.safetensors")
    sign(shipped)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        PairJudge(published, tokenizer)


def test_weights_of_an_unknown_name_are_corrupt(shipped: Path, published: Any, tokenizer: Any) -> None:
    kept = load_file(shipped / "judge.safetensors")
    save_file({**kept, "encoder.layer.99.bias": np.zeros(3, dtype=np.float16)}, shipped / "judge.safetensors")
    sign(shipped)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        PairJudge(published, tokenizer)


def test_a_signed_file_that_holds_no_tensors_is_corrupt(shipped: Path, published: Any, tokenizer: Any) -> None:
    (shipped / "judge.safetensors").write_bytes(b"no tensors")
    sign(shipped)
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        PairJudge(published, tokenizer)
