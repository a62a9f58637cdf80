"""MiniLM: the numbers of sentence-transformers for short texts, and whole long ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.engines import embed_sentence
from interviewer.engines.embed_sentence import MiniLmEmbedder, chunks_of, words_at

SHORT = (
    "hello world",
    "Use async routes when work() waits; naïve café — ok?",
    "What is FastAPI?",
    "x" * 300,
    "日本語のテキスト",
    "  two  spaces\tand a tab\n",
    "",
    "\x00\x1f",
    " ".join(f"word{n}" for n in range(80)),
)


# --- cutting ---------------------------------------------------------------------------------


def pieces(*words: int) -> np.ndarray:
    """Word numbers of the pieces of a text whose words have this many pieces each."""
    return np.repeat(np.arange(len(words), dtype=np.int64), words)


def test_a_text_without_pieces_is_one_empty_stretch() -> None:
    assert list(chunks_of(pieces())) == [(0, 0, 0)]


def test_a_short_text_is_one_stretch() -> None:
    assert list(chunks_of(pieces(*[2] * 240))) == [(0, 480, 0)]


def test_a_long_text_is_cut_into_equal_parts_with_forty_words_seen_again() -> None:
    assert list(chunks_of(pieces(*[2] * 300))) == [(0, 340, 0), (260, 600, 340)]
    assert list(chunks_of(pieces(*[1] * 520))) == [(0, 200, 0), (160, 360, 200), (320, 520, 360)]


def test_long_words_are_cut_by_pieces() -> None:
    assert list(chunks_of(pieces(1200))) == [(0, 510, 0), (340, 850, 510), (680, 1190, 850), (1020, 1200, 1190)]


@pytest.mark.parametrize("seed", range(30))
def test_every_piece_is_new_exactly_once_and_no_stretch_is_too_long(seed: int) -> None:
    random = np.random.default_rng(seed)
    text = pieces(*random.integers(1, random.integers(2, 700), size=random.integers(1, 400)))
    kept: list[int] = []
    for start, end, keep in chunks_of(text):
        assert start <= keep < end
        assert end - start <= embed_sentence.CHUNK_TOKENS
        assert text[end - 1] - text[start] < embed_sentence.CHUNK_WORDS
        kept += range(keep, end)
    assert kept == list(range(len(text)))


@pytest.mark.parametrize("text", ["one two", "  one\t two\n\nthree ", "", " ", "a\u2003b\x1cc", "no_space"])
def test_each_character_knows_its_word(text: str) -> None:
    at = words_at(text)
    assert len(at) == len(text)
    for index, word in enumerate(text.split()):
        assert "".join(c for c, n in zip(text, at, strict=True) if n == index and not c.isspace()) == word


# --- with the real model ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


@pytest.mark.models
def test_short_texts_have_the_vectors_of_sentence_transformers(embedder: MiniLmEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    folder = str(embed_sentence.weights_file().parent)
    theirs = SentenceTransformer(folder, device="cpu", local_files_only=True).encode(list(SHORT))
    np.testing.assert_allclose(embedder.embed(SHORT), theirs, atol=1e-5)


@pytest.mark.models
def test_a_text_is_the_same_alone_and_among_others(embedder: MiniLmEmbedder) -> None:
    (alone,) = MiniLmEmbedder().encode([SHORT[1]])
    among = embedder.encode(SHORT)[1]
    np.testing.assert_array_equal(alone.tokens, among.tokens)
    np.testing.assert_array_equal(alone.sentence, among.sentence)


@pytest.mark.models
@pytest.mark.parametrize("text", [*SHORT, "long " * 400])
def test_shapes_units_and_words_are_as_promised(embedder: MiniLmEmbedder, text: str) -> None:
    (encoding,) = embedder.encode([text])
    assert encoding.words == tuple(text.split())
    assert encoding.tokens.dtype == encoding.sentence.dtype == np.float32
    assert encoding.tokens.shape == (len(encoding.word_of_token), 384)
    assert encoding.sentence.shape == (384,)
    np.testing.assert_allclose(np.linalg.norm(encoding.tokens, axis=1), 1.0, atol=1e-5)
    assert np.linalg.norm(encoding.sentence) == pytest.approx(1.0, abs=1e-5)
    assert np.all(np.diff(encoding.word_of_token) >= 0)


@pytest.mark.models
def test_each_piece_belongs_to_the_word_it_came_from(embedder: MiniLmEmbedder) -> None:
    (encoding,) = embedder.encode(["FastAPI's  Depends() isn't magic"])
    # fast ##ap ##i ' s | depends ( ) | isn ' t | magic
    assert encoding.word_of_token.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


@pytest.mark.models
def test_a_long_text_is_encoded_to_its_end(embedder: MiniLmEmbedder) -> None:
    start = "Dependencies are declared in the signature of a handler. " * 60
    one, other = embedder.encode([start + "Tests replace them.", start + "Bananas are yellow."])
    assert len(one.word_of_token) > 600
    assert one.word_of_token[-1] == len(one.words) - 1
    assert np.abs(one.sentence - other.sentence).max() > 1e-3
    np.testing.assert_allclose(one.tokens[:400], other.tokens[:400], atol=1e-5)


@pytest.mark.models
def test_a_text_seen_before_is_not_computed_again(embedder: MiniLmEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = embedder.encode(["a sentence that is kept"])
    monkeypatch.setattr(embedder, "_forward", lambda _: pytest.fail("computed again"))
    (second,) = embedder.encode(["a sentence that is kept"])
    assert second is first


LONG = tuple(f"word{n % 50}" for n in range(520))


@pytest.mark.models
@pytest.mark.parametrize("at", [3, 170, 260, 515])
def test_of_a_long_text_only_the_stretches_with_another_word_are_computed_again(
    embedder: MiniLmEmbedder, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    (other,) = MiniLmEmbedder().encode([" ".join((*LONG[:at], "cache", *LONG[at + 1 :]))])
    embedder.encode([" ".join(LONG)])
    asked: list[object] = []
    forward = embedder._forward
    monkeypatch.setattr(embedder, "_forward", lambda ids: asked.extend(ids) or forward(ids))
    (edited,) = embedder.encode([" ".join((*LONG[:at], "cache", *LONG[at + 1 :]))])
    assert len(asked) == {3: 1, 170: 2, 260: 1, 515: 1}[at]
    np.testing.assert_array_equal(edited.tokens, other.tokens)
    np.testing.assert_array_equal(edited.sentence, other.sentence)


@pytest.mark.models
def test_few_stretches_of_long_texts_are_kept(embedder: MiniLmEmbedder) -> None:
    embedder.encode(["cache " * 241 * n for n in (5, 6)])
    assert len(embedder._chunks) == embed_sentence.KEPT_CHUNKS


@pytest.mark.models
def test_a_text_given_twice_at_once_is_answered_twice(embedder: MiniLmEmbedder) -> None:
    one, two, three = embedder.encode(["same text", "another text", "same text"])
    assert one is three
    assert two is not one


@pytest.mark.models
def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_sentence, "CACHED_TEXTS", 3)
    embedder = MiniLmEmbedder()
    (oldest,) = embedder.encode(["text 0"])
    embedder.encode([f"text {n}" for n in range(1, 4)])
    assert embedder.encode(["text 3"])[0] is embedder.encode(["text 3"])[0]
    assert embedder.encode(["text 0"])[0] is not oldest
    monkeypatch.setattr(embed_sentence, "CACHED_TOKENS", 10)
    embedder.encode(["a text of more than ten pieces is not kept at all, because it is too long"])
    assert embedder._cache._tokens == 0
    assert not embedder._cache._kept


@pytest.mark.models
def test_no_texts_make_no_rows(embedder: MiniLmEmbedder) -> None:
    assert embedder.embed(()).shape == (0, 384)
    assert embedder.encode(()) == []


@pytest.mark.models
def test_like_is_nearer_to_like(embedder: MiniLmEmbedder) -> None:
    query, like, unlike = embedder.embed(
        ["How do I override a dependency in a test?", "replacing dependencies while testing", "the weather in spring"]
    )
    assert query @ like > query @ unlike + 0.3


@pytest.mark.models
def test_a_failure_of_the_model_is_told_with_its_cause(
    embedder: MiniLmEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(embedder, "_forward", fail)
    with pytest.raises(EngineError, match="sentence model failed") as caught:
        embedder.encode(["never seen before"])
    assert str(caught.value.__cause__) == "broken"


@pytest.mark.models
def test_the_hash_names_the_published_weights(embedder: MiniLmEmbedder) -> None:
    assert embedder.model_hash == "53aa51172d14"


# --- weights that are not what they should be --------------------------------------------------


def test_the_weights_of_this_machine_are_the_published_ones() -> None:
    assert embed_sentence.verify() == embed_sentence.SHA256


def test_other_weights_are_corrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "model.safetensors"
    other.write_bytes(b"other weights")
    monkeypatch.setattr(embed_sentence, "weights_file", lambda: other)
    with pytest.raises(ModelCorrupt, match="not the published"):
        MiniLmEmbedder()


def test_weights_that_cannot_be_read_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_sentence, "weights_file", lambda: tmp_path)
    with pytest.raises(ModelMissing, match="cannot be read"):
        embed_sentence.verify()


def test_an_absent_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_sentence, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(ModelMissing, match="not installed"):
        embed_sentence.weights_file()


@pytest.mark.models
def test_loading_needs_no_network_and_prints_nothing() -> None:
    script = """
import socket, sys
def refuse(*_): raise SystemExit("the network was asked for")
socket.socket.connect = socket.getaddrinfo = refuse
from interviewer.engines.embed_sentence import MiniLmEmbedder
assert MiniLmEmbedder().embed(["hello"]).shape == (1, 384)
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
