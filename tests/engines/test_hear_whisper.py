"""Whisper: exact text from the fixture's weights, and nothing believed of a file that is not checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import whisper_files
from interviewer.engines.hear_whisper import MAX_PROMPT_TOKENS, WhisperTranscriber, load_model, was_heard
from interviewer.engines.sound_file import read_sound

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "whisper-fixture.pt"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.models


def quiet(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


def clip(name: str) -> FloatArray:
    return read_sound(FIXTURES / "clips" / name)


@pytest.fixture(scope="module")
def transcriber() -> WhisperTranscriber:
    return WhisperTranscriber(CHECKPOINT)


def write_down(transcriber: WhisperTranscriber, *blocks: FloatArray, terms: tuple[str, ...] = ()) -> Transcript:
    transcriber.begin(terms)
    for block in blocks:
        transcriber.feed(block)
    return transcriber.finish()


# --- text and words --------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_clip_is_written_down_exactly(transcriber: WhisperTranscriber, name: str) -> None:
    assert write_down(transcriber, clip(name)).text == TEXTS[name]


def test_the_transcript_says_who_made_it(transcriber: WhisperTranscriber) -> None:
    transcript = write_down(transcriber, clip("depends.wav"))
    assert (transcript.engine, transcript.model, transcript.rough) == ("whisper", "whisper-fixture", False)


def test_terms_lead_the_model_and_stay_out_of_the_text(transcriber: WhisperTranscriber) -> None:
    transcript = write_down(transcriber, clip("validation.wav"), terms=("FastAPI", " Pydantic ", "", "Depends"))
    assert transcript.text == TEXTS["validation.wav"]


def test_words_make_up_the_text_on_the_recordings_clock(transcriber: WhisperTranscriber) -> None:
    before = 1.0
    samples = np.concatenate([quiet(before), clip("depends.wav"), quiet(1)])
    transcript = write_down(transcriber, samples)
    assert " ".join(word.text for word in transcript.words) == transcript.text
    edges = [edge for word in transcript.words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    assert edges[-1] <= len(samples) / MODEL_RATE_HZ
    last = transcript.words[-1]
    assert abs(last.end_s - transcript.speech[-1].end_s) < 0.5
    assert all(0.0 <= word.probability <= 1.0 for word in transcript.words)


def test_the_spans_of_speech_come_with_the_text(transcriber: WhisperTranscriber) -> None:
    transcript = write_down(transcriber, quiet(2), clip("depends.wav"))
    assert transcript.speech[0].start_s > 1.9


def test_fillers_are_kept(transcriber: WhisperTranscriber) -> None:
    assert write_down(transcriber, clip("fillers.wav")).text.startswith("Um,")


def test_the_same_sound_gives_the_same_words(transcriber: WhisperTranscriber) -> None:
    first = write_down(transcriber, clip("async-routes.wav"))
    assert write_down(transcriber, *np.array_split(clip("async-routes.wav"), 11)) == first


def test_a_block_may_be_used_again_by_the_one_who_fed_it(transcriber: WhisperTranscriber) -> None:
    block = clip("depends.wav")
    transcriber.begin(())
    transcriber.feed(block)
    block.fill(0)
    assert transcriber.finish().text == TEXTS["depends.wav"]


def test_beginning_again_forgets_what_was_fed(transcriber: WhisperTranscriber) -> None:
    transcriber.begin(())
    transcriber.feed(clip("fillers.wav"))
    assert write_down(transcriber, clip("depends.wav")).text == TEXTS["depends.wav"]


# --- silence -----------------------------------------------------------------------------------


def test_silence_is_written_down_as_nothing(transcriber: WhisperTranscriber) -> None:
    assert write_down(transcriber, quiet(3)) == Transcript("", engine="whisper", model="whisper-fixture")


def test_nothing_fed_is_written_down_as_nothing(transcriber: WhisperTranscriber) -> None:
    assert not write_down(transcriber).heard


def test_the_model_is_not_even_asked_where_nobody_spoke(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = WhisperTranscriber(CHECKPOINT, segment=lambda _: ())
    monkeypatch.setattr(deaf, "_run", lambda _: pytest.fail("asked"))
    assert write_down(deaf, clip("depends.wav")).text == ""


def test_what_lies_wholly_where_nobody_spoke_is_left_out() -> None:
    elsewhere = WhisperTranscriber(CHECKPOINT, segment=lambda _: (Span(20.0, 21.0),))
    transcript = write_down(elsewhere, clip("depends.wav"), quiet(20))
    assert (transcript.text, transcript.words) == ("", ())


@pytest.mark.parametrize(
    ("start_s", "end_s", "heard"),
    [(0.0, 0.6, False), (0.0, 0.8, True), (1.5, 1.6, True), (2.2, 9, True), (2.4, 9, False)],
)
def test_text_counts_as_heard_when_somebody_spoke_near_it(start_s: float, end_s: float, heard: bool) -> None:
    assert was_heard(start_s, end_s, (Span(1.0, 2.0),)) is heard


# --- the prompt --------------------------------------------------------------------------------


def test_no_terms_make_no_prompt(transcriber: WhisperTranscriber) -> None:
    transcriber.begin(())
    assert transcriber._prompt() is None


def test_at_most_fifteen_terms_are_in_the_prompt(transcriber: WhisperTranscriber) -> None:
    transcriber.begin([f"t{n}" for n in range(20)])
    assert transcriber._prompt() == ", ".join(f"t{n}" for n in range(15)) + "."


def test_long_terms_never_fill_the_models_memory(transcriber: WhisperTranscriber) -> None:
    from whisper.tokenizer import get_tokenizer

    terms = ["dependency injection " * 19] * 15
    transcriber.begin(terms)
    prompt = transcriber._prompt()
    assert prompt is not None
    assert len(get_tokenizer(False).encode(" " + prompt)) <= MAX_PROMPT_TOKENS
    assert write_down(transcriber, clip("depends.wav"), terms=tuple(terms)).text


# --- failures ----------------------------------------------------------------------------------


def test_a_failure_of_the_model_is_told_with_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = WhisperTranscriber(CHECKPOINT)
    monkeypatch.setattr(broken._model, "transcribe", lambda *_, **__: {}["segments"])
    with pytest.raises(EngineError, match="failed to write") as caught:
        write_down(broken, clip("depends.wav"))
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize(
    "fault",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
    ],
)
def test_too_little_memory_is_told_as_that(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = WhisperTranscriber(CHECKPOINT)

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(broken._model, "transcribe", fail)
    with pytest.raises(EngineError, match="not enough memory"):
        write_down(broken, clip("depends.wav"))


def test_it_works_without_standard_streams_and_with_warnings_as_errors(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
sys.stdout = sys.stderr = None
from interviewer.engines.hear_whisper import WhisperTranscriber
from interviewer.engines.sound_file import read_sound
t = WhisperTranscriber(Path({str(CHECKPOINT)!r}))
t.warm_up()
t.begin(("Depends",))
t.feed(read_sound(Path({str(FIXTURES / "clips" / "depends.wav")!r})))
Path({str(tmp_path / "answer")!r}).write_text(t.finish().text)
"""
    environment = os.environ | {"PYTHONPATH": str(FIXTURES.parents[1])}
    command = [sys.executable, "-W", "error", "-c", script]
    run = subprocess.run(command, capture_output=True, timeout=300, env=environment)
    assert (tmp_path / "answer").read_text() == TEXTS["depends.wav"]
    assert run.stdout == run.stderr == b""


# --- files that are not what they claim -----------------------------------------------------------


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
        WhisperTranscriber(CHECKPOINT, sha256="0" * 64)


def test_an_absent_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        WhisperTranscriber(tmp_path / "absent.pt")


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
