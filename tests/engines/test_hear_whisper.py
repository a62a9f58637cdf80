"""Whisper: exact text from the fixture's weights, led by terms, without what nobody said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import EngineError
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.hear_whisper import FILLER_PROMPT, MAX_PROMPT_TOKENS, WhisperScribe, was_heard
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import MAX_TERMS, StreamingTranscriber
from tests.engines.blips import LoudDetector, loud, quiet

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "whisper-fixture.pt"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.models


def clip(name: str) -> FloatArray:
    return read_sound(FIXTURES / "clips" / name)


@pytest.fixture(scope="module")
def transcriber() -> StreamingTranscriber:
    return StreamingTranscriber(WhisperScribe(CHECKPOINT))


@pytest.fixture(scope="module")
def scribe(transcriber: StreamingTranscriber) -> WhisperScribe:
    return transcriber.scribe


def write_down(transcriber: StreamingTranscriber, *blocks: FloatArray, terms: tuple[str, ...] = ()) -> Transcript:
    transcriber.begin(terms)
    for block in blocks:
        transcriber.feed(block)
    return transcriber.finish()


# --- text and words --------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_clip_is_written_down_exactly_and_signed(transcriber: StreamingTranscriber, name: str) -> None:
    transcript = write_down(transcriber, clip(name))
    assert transcript.text == TEXTS[name]
    assert (transcript.engine, transcript.model, transcript.rough) == ("whisper", "whisper-fixture", False)


def test_terms_lead_the_model_and_stay_out_of_the_text(transcriber: StreamingTranscriber) -> None:
    transcript = write_down(transcriber, clip("validation.wav"), terms=("FastAPI", " Pydantic ", "", "Depends"))
    assert transcript.text == TEXTS["validation.wav"]


def test_words_make_up_the_text_on_the_recordings_clock(transcriber: StreamingTranscriber) -> None:
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


def test_the_spans_of_speech_come_with_the_text(transcriber: StreamingTranscriber) -> None:
    transcript = write_down(transcriber, quiet(2), clip("depends.wav"))
    assert transcript.speech[0].start_s > 1.9


def test_the_same_sound_gives_the_same_words(transcriber: StreamingTranscriber) -> None:
    first = write_down(transcriber, clip("async-routes.wav"))
    assert write_down(transcriber, *np.array_split(clip("async-routes.wav"), 11)) == first


# --- silence -----------------------------------------------------------------------------------


def test_silence_is_written_down_as_nothing(transcriber: StreamingTranscriber) -> None:
    assert write_down(transcriber, quiet(3)) == Transcript("", engine="whisper", model="whisper-fixture")


def test_nothing_fed_is_written_down_as_nothing(transcriber: StreamingTranscriber) -> None:
    assert not write_down(transcriber).heard


def phantom(start_s: float, end_s: float) -> dict[str, Any]:
    """Return a segment as Whisper makes it, of one invented word."""
    word = {"word": " Bye.", "start": start_s, "end": end_s, "probability": 0.9}
    return {"start": start_s, "end": end_s, "words": [word]}


@pytest.mark.parametrize(
    ("segment", "text"),
    [(phantom(0.2, 0.9), "Bye."), (phantom(1.4, 1.9), "Bye."), (phantom(1.8, 2.0), ""), (phantom(2.5, 9.0), "")],
    ids=["in speech", "just behind it", "in silence", "beyond the piece"],
)
def test_what_is_written_where_nobody_spoke_is_left_out(
    scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch, segment: dict[str, Any], text: str
) -> None:
    # The piece begins 0.2 s before the speech, which ends at 1.3 s of it.
    monkeypatch.setattr(scribe, "_run", lambda _: [segment])
    transcriber = StreamingTranscriber(scribe, LoudDetector())
    assert write_down(transcriber, quiet(1.024), loud(1.024), quiet(1)).text == text


def test_an_invented_phrase_beside_real_text_is_left_out(
    scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe, "_run", lambda _: [phantom(0.3, 0.9), phantom(3.0, 4.0)])
    assert [w.text for w in scribe.write(quiet(5), (Span(0.2, 1.2),))] == [" Bye."]


@pytest.mark.parametrize(
    ("start_s", "end_s", "heard"),
    [(0.0, 0.6, False), (0.0, 0.8, True), (1.5, 1.6, True), (2.2, 9, True), (2.4, 9, False)],
)
def test_text_counts_as_heard_when_somebody_spoke_near_it(start_s: float, end_s: float, heard: bool) -> None:
    assert was_heard(start_s, end_s, (Span(1.0, 2.0),)) is heard


# --- the prompt --------------------------------------------------------------------------------


class Spy:
    """Stands between a scribe and its model, and notes what each call is asked for."""

    def __init__(self, scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, Any]] = []
        monkeypatch.setattr(scribe._model, "transcribe", self.transcribe)

    def transcribe(self, samples: FloatArray, **options: Any) -> dict[str, Any]:
        self.asked.append(options)
        return {"segments": [phantom(0.2, 0.9)]}

    def prompts(self) -> list[tuple[object, object]]:
        return [(options["initial_prompt"], options["carry_initial_prompt"]) for options in self.asked]


@pytest.fixture(scope="module")
def with_fillers() -> WhisperScribe:
    return WhisperScribe(CHECKPOINT, fillers=True)


def three_pieces() -> FloatArray:
    return np.concatenate([loud(1), quiet(3.0)] * 3)


def test_every_piece_is_written_down_with_the_terms(scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(scribe, monkeypatch)
    write_down(StreamingTranscriber(scribe, LoudDetector()), three_pieces(), terms=("FastAPI", "Depends"))
    assert spy.prompts() == [("FastAPI, Depends.", True)] * 3


def test_every_piece_is_written_down_with_the_fillers_if_they_are_wanted(
    with_fillers: WhisperScribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = Spy(with_fillers, monkeypatch)
    write_down(StreamingTranscriber(with_fillers, LoudDetector()), three_pieces(), terms=("Depends",))
    assert spy.prompts() == [(f"{FILLER_PROMPT} Depends.", True)] * 3


def test_fillers_need_no_terms(with_fillers: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(with_fillers, monkeypatch)
    write_down(StreamingTranscriber(with_fillers, LoudDetector()), loud(1))
    assert spy.prompts() == [(FILLER_PROMPT, True)]


def test_without_terms_and_fillers_there_is_no_prompt(scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(scribe, monkeypatch)
    transcriber = StreamingTranscriber(scribe, LoudDetector())
    write_down(transcriber, loud(1), terms=("Depends",))
    write_down(transcriber, three_pieces())
    assert spy.prompts() == [("Depends.", True), *[(None, False)] * 3]


def test_no_piece_is_led_by_the_text_of_another(scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = Spy(scribe, monkeypatch)
    transcript = write_down(StreamingTranscriber(scribe, LoudDetector()), three_pieces())
    assert transcript.text == "Bye. Bye. Bye."
    assert [options["condition_on_previous_text"] for options in spy.asked] == [False] * 3


def test_at_most_fifteen_terms_are_in_the_prompt(scribe: WhisperScribe) -> None:
    StreamingTranscriber(scribe, LoudDetector()).begin([f"t{n}" for n in range(20)])
    assert scribe._prompt == ", ".join(f"t{n}" for n in range(MAX_TERMS)) + "."


def test_long_terms_never_fill_the_models_memory(transcriber: StreamingTranscriber) -> None:
    from whisper.tokenizer import get_tokenizer

    terms = ["dependency injection " * 19] * 15
    assert write_down(transcriber, clip("depends.wav"), terms=tuple(terms)).text
    prompt = transcriber.scribe._prompt
    assert prompt is not None
    assert len(get_tokenizer(False).encode(" " + prompt)) <= MAX_PROMPT_TOKENS


# --- failures ----------------------------------------------------------------------------------


def test_a_failure_of_the_model_is_told_with_its_cause(scribe: WhisperScribe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe._model, "transcribe", lambda *_, **__: {}["segments"])
    with pytest.raises(EngineError, match="failed to write") as caught:
        write_down(StreamingTranscriber(scribe, LoudDetector()), loud(1))
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize(
    "fault",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
    ],
)
def test_too_little_memory_is_told_as_that(
    scribe: WhisperScribe, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(scribe._model, "transcribe", fail)
    with pytest.raises(EngineError, match="not enough memory"):
        write_down(StreamingTranscriber(scribe, LoudDetector()), loud(1))


def test_it_works_without_standard_streams_and_with_warnings_as_errors(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
sys.stdout = sys.stderr = None
from interviewer.engines.hear_whisper import WhisperScribe
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import StreamingTranscriber
t = StreamingTranscriber(WhisperScribe(Path({str(CHECKPOINT)!r})))
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


def test_the_encoder_is_asked_once_for_each_window() -> None:
    scribe = WhisperScribe(CHECKPOINT)
    asked: list[object] = []
    scribe._model.encoder.encoder.register_forward_hook(lambda *_: asked.append(1))
    transcriber = StreamingTranscriber(scribe)
    assert write_down(transcriber, clip("depends.wav")).text == TEXTS["depends.wav"]
    assert len(asked) == 1
    assert write_down(transcriber, clip("fillers.wav")).text == TEXTS["fillers.wav"]
    assert len(asked) == 2
