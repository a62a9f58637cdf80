"""Whisper's weights: nothing is believed of a file that is not checked."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.engines import whisper_files
from interviewer.engines.hear_whisper import WhisperScribe, load_model

CHECKPOINT = Path(__file__).resolve().parents[1] / "fixtures" / "whisper-fixture.pt"

pytestmark = pytest.mark.models


@pytest.fixture
def forged(tmp_path: Path) -> Callable[..., Path]:
    """Write the fixture's checkpoint with something in it changed."""
    import torch

    def forge(change: Callable[[dict[str, Any]], object]) -> Path:
        checkpoint = torch.load(CHECKPOINT, weights_only=True)
        checkpoint = change(checkpoint) or checkpoint
        torch.save(checkpoint, tmp_path / "forged.pt")
        return tmp_path / "forged.pt"

    return forge


def test_an_unchanged_copy_is_loaded_under_its_own_name(forged: Callable[..., Path]) -> None:
    model, name = load_model(forged(lambda c: None))
    assert name == "forged"
    assert not model.training


@pytest.mark.parametrize(
    ("name", "value"),
    [("n_vocab", 10**9), ("n_text_layer", 10**6), ("n_text_layer", 0), ("n_mels", 81), ("n_audio_state", 65),
     ("n_audio_head", 3), ("n_audio_ctx", 1500.0), ("n_text_ctx", True), ("n_audio_layer", "2")],
)  # fmt: skip
def test_impossible_sizes_are_refused(forged: Callable[..., Path], name: str, value: object) -> None:
    path = forged(lambda c: c["dims"].__setitem__(name, value))
    with pytest.raises(ModelCorrupt, match="claims a size"):
        load_model(path)


def test_sizes_other_than_those_of_the_weights_are_refused(forged: Callable[..., Path]) -> None:
    path = forged(lambda c: c["dims"].__setitem__("n_text_layer", 3))
    with pytest.raises(ModelCorrupt, match="does not hold a Whisper model"):
        load_model(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: [1, 2, 3],
        lambda c: {"dims": c["dims"]},
        lambda c: {"dims": 5, "model_state_dict": c["model_state_dict"]},
        lambda c: c["dims"].pop("n_mels") and None,
        lambda c: c["dims"].__setitem__("extra", 1),
        lambda c: {"dims": c["dims"], "model_state_dict": []},
        lambda c: c["model_state_dict"].__setitem__("encoder.conv1.bias", "text"),
        lambda c: c["model_state_dict"].pop("encoder.conv1.bias") is None,
    ],
    ids=["a list", "no weights", "no sizes", "a size less", "a size more", "no tensors", "a text", "a tensor less"],
)
def test_another_structure_is_refused(forged: Callable[..., Path], change: Callable[[Any], object]) -> None:
    with pytest.raises(ModelCorrupt):
        load_model(forged(change))


def test_weights_that_are_not_numbers_are_refused(forged: Callable[..., Path]) -> None:
    path = forged(lambda c: c["model_state_dict"]["encoder.conv1.bias"].fill_(float("nan")) is None)
    with pytest.raises(ModelCorrupt, match="some are not numbers"):
        load_model(path)


def test_a_small_file_cannot_claim_large_weights(forged: Callable[..., Path]) -> None:
    import torch

    def swell(checkpoint: dict[str, Any]) -> None:
        checkpoint["model_state_dict"]["decoder.token_embedding.weight"] = torch.zeros(1).expand(51864, 1280)

    with pytest.raises(ModelCorrupt, match="more weights than it holds"):
        load_model(forged(swell))


class Hostile:
    """Unpickling this would run a command."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, (f"touch {self.witness}",))


def test_nothing_in_a_hostile_file_is_run(forged: Callable[..., Path], tmp_path: Path) -> None:
    path = forged(lambda c: {"dims": c["dims"], "model_state_dict": Hostile(tmp_path / "witness")})
    with pytest.raises(ModelCorrupt):
        load_model(path)
    assert not (tmp_path / "witness").exists()


def test_a_zip_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8")
    with pytest.raises(ModelCorrupt):
        load_model(path)


def test_another_hash_than_expected_is_refused() -> None:
    with pytest.raises(ModelCorrupt, match="not the file that was published"):
        WhisperScribe(CHECKPOINT, sha256="0" * 64)


def test_an_absent_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        WhisperScribe(tmp_path / "absent.pt")


def test_published_weights_go_by_their_published_name_wherever_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    import whisper

    digest = whisper_files.verify(CHECKPOINT, None)
    published = whisper_files.Published(5, "English", digest)
    monkeypatch.setitem(whisper_files.KNOWN, "tiny.en", published)
    # The fixture has two layers of four heads; its heads are named in whisper's own way.
    import base64
    import gzip

    heads = base64.b85encode(gzip.compress(np.array([[0, 0, 0, 0], [0, 1, 0, 0]], dtype=bool).tobytes()))
    monkeypatch.setitem(whisper._ALIGNMENT_HEADS, "tiny.en", heads)
    model, name = load_model(CHECKPOINT)
    assert name == "tiny.en"
    assert model.alignment_heads.to_dense().tolist() == [[False] * 4, [False, True, False, False]]
