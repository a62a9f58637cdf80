"""Another sentence model than the packaged one: from a folder, by name, and what is told where it cannot be used."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.engines import embed_sentence
from interviewer.engines.embed_sentence import MiniLmEmbedder, folder_of, hash_of
from tests.engines import tiny_model

TEXT = "A cache keeps copies of hot data near the reader."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write_folder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def embedder(folder: Path) -> MiniLmEmbedder:
    return MiniLmEmbedder(str(folder))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A folder of its own, for a test to break."""
    return tiny_model.write_folder(tmp_path / "mine")


# --- where it is ------------------------------------------------------------------------------


def test_a_folder_is_the_model_itself(folder: Path) -> None:
    assert folder_of(str(folder)) == folder


def test_a_folder_below_the_home_folder_may_be_named_with_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert folder_of("~/tiny") == tmp_path / "tiny"


@pytest.mark.parametrize(
    "name",
    [
        "no-such-model",
        "nobody/no-such-model",
        "a/b/c/d",
        "not a name!",
        "../elsewhere",
        "~no-such-person/model",
        "x" * 5000,
        "half\x00a name",
    ],
)
def test_a_name_that_is_not_on_this_machine_is_missing(name: str) -> None:
    with pytest.raises(ModelMissing, match="no sentence model") as caught:
        folder_of(name)
    assert "leave the setting empty" in caught.value.hint


def test_a_name_in_the_cache_of_the_hub_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    commit = "0" * 40
    kept = tmp_path / "models--sentence-transformers--tiny"
    (kept / "snapshots" / commit).mkdir(parents=True)
    (kept / "snapshots" / commit / "config.json").write_text("{}")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text(commit)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert folder_of("tiny") == folder_of("sentence-transformers/tiny") == kept / "snapshots" / commit


# --- what it is ---------------------------------------------------------------------------------


def test_its_hash_is_that_of_its_weights(folder: Path, embedder: MiniLmEmbedder) -> None:
    whole = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert hash_of(folder) == whole
    assert embedder.model_hash == whole[:12]


def test_other_weights_are_another_model(embedder: MiniLmEmbedder, tmp_path: Path) -> None:
    other = MiniLmEmbedder(str(tiny_model.write_folder(tmp_path / "other", seed=2)))
    assert other.model_hash != embedder.model_hash
    assert np.abs(other.embed([TEXT]) - embedder.embed([TEXT])).max() > 1e-3


def test_it_encodes_as_the_packaged_model_does_in_its_own_size(embedder: MiniLmEmbedder) -> None:
    (encoding,) = embedder.encode([TEXT])
    assert encoding.words == tuple(TEXT.split())
    assert encoding.tokens.shape == (len(encoding.word_of_token), tiny_model.SIZE)
    assert encoding.word_of_token[-1] == len(encoding.words) - 1
    np.testing.assert_allclose(np.linalg.norm(encoding.tokens, axis=1), 1.0, atol=1e-5)
    assert embedder.embed([]).shape == (0, tiny_model.SIZE)


def test_short_texts_have_the_vectors_of_sentence_transformers(folder: Path, embedder: MiniLmEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [TEXT, "what", "Hot data stays near.", ""]
    theirs = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(texts)
    np.testing.assert_allclose(embedder.embed(texts), theirs / np.linalg.norm(theirs, axis=1)[:, None], atol=1e-5)


def test_a_text_longer_than_its_positions_is_encoded_to_its_end(embedder: MiniLmEmbedder) -> None:
    (encoding,) = embedder.encode(["hot data " * 400])
    assert len(encoding.word_of_token) == 800 > tiny_model.POSITIONS


@pytest.mark.parametrize("text", ["half a character \ud800 hot", "\udcff", "🙂 data", "\x00\x07"])
def test_any_text_can_be_encoded_and_keeps_its_words(embedder: MiniLmEmbedder, text: str) -> None:
    (encoding,) = embedder.encode([text])
    assert encoding.words == tuple(text.split())
    assert np.isfinite(encoding.sentence).all()


def test_the_encoder_and_its_tokenizer_can_be_shared(embedder: MiniLmEmbedder) -> None:
    assert embedder.transformer.config.hidden_size == tiny_model.SIZE
    assert embedder.tokenizer("hot data", add_special_tokens=False)["input_ids"]


# --- what cannot be used ----------------------------------------------------------------------------


def test_a_folder_without_safetensors_is_missing_them(damaged: Path) -> None:
    (damaged / "model.safetensors").rename(damaged / "pytorch_model.bin")
    with pytest.raises(ModelMissing, match=r"no model\.safetensors") as caught:
        MiniLmEmbedder(str(damaged))
    assert "can run programs" in caught.value.hint


def test_an_empty_folder_is_missing_its_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"no model\.safetensors"):
        MiniLmEmbedder(str(tmp_path))


@pytest.mark.parametrize("size", [0, 7, 2000])
def test_truncated_weights_are_corrupt(damaged: Path, size: int) -> None:
    whole = (damaged / "model.safetensors").read_bytes()
    (damaged / "model.safetensors").write_bytes(whole[:size])
    with pytest.raises(ModelCorrupt, match="cannot be loaded"):
        MiniLmEmbedder(str(damaged))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"model_type": "no such"}', "[{}]", "7"])
@pytest.mark.parametrize("name", ["config.json", "modules.json"])
def test_a_damaged_description_is_corrupt(damaged: Path, name: str, text: str) -> None:
    (damaged / name).write_text(text, encoding="utf-8")
    with pytest.raises(ModelCorrupt, match="cannot be loaded") as caught:
        MiniLmEmbedder(str(damaged))
    assert "leave the setting empty" in caught.value.hint


def test_a_folder_cannot_bring_a_program_of_its_own(damaged: Path, tmp_path: Path) -> None:
    (damaged / "program.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nclass Module: pass\n")
    modules = json.loads((damaged / "modules.json").read_text(encoding="utf-8"))
    modules[0]["type"] = "program.Module"
    (damaged / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    with pytest.raises(ModelCorrupt):
        MiniLmEmbedder(str(damaged))
    assert not (tmp_path / "ran").exists()


def test_the_packaged_model_is_not_looked_for_by_name(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(embed_sentence, "weights_file", lambda: pytest.fail("asked for the packaged model"))
    assert MiniLmEmbedder(str(folder)).model_hash == hash_of(folder)[:12]
