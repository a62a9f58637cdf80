"""The built-in recogniser: rough text with times, and nothing where nothing was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import FRAME
from interviewer.engines.hear_pocketsphinx import PocketSphinxScribe
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import StreamingTranscriber
from tests.engines.blips import LoudDetector, quiet

CLIPS = Path(__file__).resolve().parents[1] / "fixtures" / "clips"


@pytest.fixture(scope="module")
def transcriber() -> StreamingTranscriber:
    return StreamingTranscriber(PocketSphinxScribe())


def write_down(transcriber: StreamingTranscriber, blocks: Sequence[FloatArray]) -> Transcript:
    transcriber.begin(("FastAPI",))
    for block in blocks:
        transcriber.feed(block)
    return transcriber.finish()


@pytest.fixture(scope="module")
def heard(transcriber: StreamingTranscriber) -> Transcript:
    """Two sentences, a second apart."""
    sounds = [read_sound(CLIPS / name) for name in ("background-tasks.wav", "validation.wav")]
    return write_down(transcriber, [sounds[0], quiet(1.0), sounds[1]])


@pytest.mark.models
def test_most_words_are_heard(heard: Transcript) -> None:
    said = "background tasks run after the response is sent checks the request body before my code runs"
    words = set(re.findall(r"[a-z]+", heard.text.lower()))
    assert len(words & set(said.split())) >= 8


@pytest.mark.models
def test_the_text_is_marked_as_rough(heard: Transcript) -> None:
    assert (heard.engine, heard.model, heard.rough) == ("pocketsphinx", "en-us", True)


@pytest.mark.models
def test_each_piece_is_a_sentence(heard: Transcript) -> None:
    assert re.fullmatch(r"[A-Z][^.]*\. [A-Z][^.]*\.", heard.text)


@pytest.mark.models
def test_the_words_are_the_text(heard: Transcript) -> None:
    assert " ".join(word.text for word in heard.words) == heard.text


@pytest.mark.models
def test_words_carry_no_marks_of_the_decoder(heard: Transcript) -> None:
    assert not re.search(r"[<>\[\]()+\d]", heard.text)


@pytest.mark.models
def test_words_follow_one_another_on_the_recordings_clock(heard: Transcript) -> None:
    edges = [edge for word in heard.words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)
    near = [(s.start_s - 0.2, s.end_s + 0.2) for s in heard.speech]
    assert all(near[0][0] <= word.start_s and word.end_s <= near[-1][1] for word in heard.words)
    second = next(word for word in heard.words if word.start_s > heard.speech[0].end_s)
    assert second.text[0].isupper()
    assert second.start_s >= read_sound(CLIPS / "background-tasks.wav").size / MODEL_RATE_HZ + 0.9


@pytest.mark.models
def test_probabilities_are_probabilities(heard: Transcript) -> None:
    assert all(0.0 <= word.probability <= 1.0 for word in heard.words)
    assert len({word.probability for word in heard.words}) > 3


@pytest.mark.models
def test_silence_is_written_down_as_nothing(transcriber: StreamingTranscriber) -> None:
    assert write_down(transcriber, [quiet(3)]) == Transcript("", engine="pocketsphinx", model="en-us", rough=True)


@pytest.mark.models
def test_nothing_fed_is_written_down_as_nothing(transcriber: StreamingTranscriber) -> None:
    assert not write_down(transcriber, []).heard


@pytest.mark.models
def test_a_piece_without_a_word_in_it_leaves_no_text() -> None:
    class Hearing(LoudDetector):
        def probabilities(self, samples: FloatArray) -> list[float]:
            return [1.0] * (len(samples) // FRAME)

    hiss = np.random.default_rng(1).normal(0.0, 0.001, MODEL_RATE_HZ).astype(np.float32)
    transcript = write_down(StreamingTranscriber(PocketSphinxScribe(), Hearing()), [hiss])
    assert transcript.text == ""
    assert transcript.speech == (Span(0.0, 1.0),)


@pytest.mark.models
def test_blocks_of_any_size_give_the_same_text(transcriber: StreamingTranscriber) -> None:
    samples = read_sound(CLIPS / "background-tasks.wav")
    whole = write_down(transcriber, [samples])
    assert write_down(transcriber, np.array_split(samples, 37)) == whole


@pytest.mark.models
def test_the_same_sound_gives_the_same_text_whatever_came_before(transcriber: StreamingTranscriber) -> None:
    samples = read_sound(CLIPS / "validation.wav")
    first = write_down(transcriber, [samples])
    write_down(transcriber, [read_sound(CLIPS / "fillers.wav") * np.float32(0.3)])
    assert write_down(transcriber, [samples]) == first


@pytest.mark.models
def test_a_block_may_be_used_again_by_the_one_who_fed_it(transcriber: StreamingTranscriber) -> None:
    samples = read_sound(CLIPS / "background-tasks.wav")
    whole = write_down(transcriber, [samples])
    transcriber.begin(())
    for part in np.array_split(samples, 5):
        block = part.copy()
        transcriber.feed(block)
        block.fill(0)
    assert transcriber.finish() == whole


@pytest.mark.models
def test_beginning_again_forgets_what_was_fed(transcriber: StreamingTranscriber) -> None:
    transcriber.begin(())
    transcriber.feed(read_sound(CLIPS / "validation.wav"))
    assert not write_down(transcriber, [quiet(1)]).heard


@pytest.mark.models
def test_a_failure_of_the_decoder_is_told_with_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def start_utt(self) -> None: ...

        def end_utt(self) -> None: ...

        def process_raw(self, *_: object, **__: object) -> None:
            raise RuntimeError("broken")

    scribe = PocketSphinxScribe()
    monkeypatch.setattr(scribe, "_decoder", Broken())
    with pytest.raises(EngineError, match="recogniser failed") as caught:
        scribe.write(quiet(1), ())
    assert str(caught.value.__cause__) == "broken"


@pytest.mark.models
def test_it_hears_as_before_after_an_answer_that_was_given_up(transcriber: StreamingTranscriber) -> None:
    samples = read_sound(CLIPS / "validation.wav")
    first = write_down(transcriber, [samples])
    transcriber.begin(())
    for block in (read_sound(CLIPS / "fillers.wav"), quiet(1), samples):
        transcriber.feed(block)
    assert transcriber.text
    assert write_down(transcriber, [samples]) == first


@pytest.mark.models
def test_a_missing_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pocketsphinx

    monkeypatch.setattr(pocketsphinx, "get_model_path", lambda *_: str(tmp_path))
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        PocketSphinxScribe()
