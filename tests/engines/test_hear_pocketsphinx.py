"""The built-in recogniser: rough text with times, and nothing where nothing was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import ModelMissing
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.hear_pocketsphinx import PocketSphinxTranscriber, stretches
from interviewer.engines.sound_file import read_sound

CLIPS = Path(__file__).resolve().parents[1] / "fixtures" / "clips"


def quiet(seconds: float) -> FloatArray:
    return np.zeros(round(seconds * MODEL_RATE_HZ), dtype=np.float32)


# --- stretches -------------------------------------------------------------------------------


def spans(*edges: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in edges)


def test_no_speech_is_no_stretch() -> None:
    assert stretches((), 10.0) == ()


def test_spans_with_a_short_gap_are_one_stretch() -> None:
    assert stretches(spans((1, 2), (2.5, 3)), 10.0) == spans((0.8, 3.2))


def test_spans_with_a_long_gap_are_two_stretches() -> None:
    assert stretches(spans((1, 2), (2.75, 4)), 10.0) == spans((0.8, 2.2), (2.55, 4.2))


def test_padding_stays_inside_the_recording() -> None:
    assert stretches(spans((0.0, 4.9)), 5.0) == spans((0.0, 5.0))


def test_joining_ends_before_a_stretch_grows_too_long_and_padding_shares_the_gap() -> None:
    assert stretches(spans((1, 20), (20.25, 40)), 50.0) == spans((0.8, 20.125), (20.125, 40.2))


def test_stretches_never_overlap() -> None:
    many = tuple(Span(n * 1.1, n * 1.1 + 0.9) for n in range(200))
    found = stretches(many, 230.0)
    assert len(found) > 5
    assert all(a.end_s <= b.start_s for a, b in pairwise(found))
    assert all(s.end_s - s.start_s <= 31.0 for s in found)


# --- with the real decoder -------------------------------------------------------------------


@pytest.fixture(scope="module")
def transcriber() -> PocketSphinxTranscriber:
    return PocketSphinxTranscriber()


def write_down(transcriber: PocketSphinxTranscriber, blocks: Sequence[FloatArray]) -> Transcript:
    transcriber.begin(("FastAPI",))
    for block in blocks:
        transcriber.feed(block)
    return transcriber.finish()


@pytest.fixture(scope="module")
def heard(transcriber: PocketSphinxTranscriber) -> Transcript:
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
def test_each_stretch_is_a_sentence(heard: Transcript) -> None:
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
def test_silence_is_written_down_as_nothing(transcriber: PocketSphinxTranscriber) -> None:
    assert write_down(transcriber, [quiet(3)]) == Transcript("", engine="pocketsphinx", model="en-us", rough=True)


@pytest.mark.models
def test_nothing_fed_is_written_down_as_nothing(transcriber: PocketSphinxTranscriber) -> None:
    assert not write_down(transcriber, []).heard


@pytest.mark.models
def test_a_stretch_without_a_word_in_it_leaves_no_text() -> None:
    deaf = PocketSphinxTranscriber(segment=lambda _: spans((0.5, 0.6)))
    hiss = np.random.default_rng(1).normal(0.0, 0.001, 2 * MODEL_RATE_HZ).astype(np.float32)
    transcript = write_down(deaf, [hiss])
    assert transcript.text == ""
    assert transcript.speech == spans((0.5, 0.6))


@pytest.mark.models
def test_blocks_of_any_size_give_the_same_text(transcriber: PocketSphinxTranscriber) -> None:
    samples = read_sound(CLIPS / "background-tasks.wav")
    whole = write_down(transcriber, [samples])
    assert write_down(transcriber, np.array_split(samples, 37)) == whole


@pytest.mark.models
def test_the_same_sound_gives_the_same_text_whatever_came_before(transcriber: PocketSphinxTranscriber) -> None:
    samples = read_sound(CLIPS / "validation.wav")
    first = write_down(transcriber, [samples])
    write_down(transcriber, [read_sound(CLIPS / "fillers.wav") * np.float32(0.3)])
    assert write_down(transcriber, [samples]) == first


@pytest.mark.models
def test_a_block_may_be_used_again_by_the_one_who_fed_it(transcriber: PocketSphinxTranscriber) -> None:
    samples = read_sound(CLIPS / "background-tasks.wav")
    whole = write_down(transcriber, [samples])
    transcriber.begin(())
    for part in np.array_split(samples, 5):
        block = part.copy()
        transcriber.feed(block)
        block.fill(0)
    assert transcriber.finish() == whole


@pytest.mark.models
def test_beginning_again_forgets_what_was_fed(transcriber: PocketSphinxTranscriber) -> None:
    transcriber.begin(())
    transcriber.feed(read_sound(CLIPS / "validation.wav"))
    assert not write_down(transcriber, [quiet(1)]).heard


@pytest.mark.models
def test_progress_rises_to_the_end() -> None:
    told: list[float] = []
    transcriber = PocketSphinxTranscriber(progress=told.append)
    sound = read_sound(CLIPS / "background-tasks.wav")
    write_down(transcriber, [sound, quiet(1), sound, quiet(1), sound])
    assert told == sorted(told)
    assert len(told) == 3
    assert told[-1] == pytest.approx(1.0)


@pytest.mark.models
def test_warming_up_uses_the_speech_detector_and_changes_nothing() -> None:
    asked: list[int] = []
    transcriber = PocketSphinxTranscriber(segment=lambda samples: asked.append(len(samples)) or ())
    transcriber.begin(())
    transcriber.warm_up()
    assert len(asked) == 1
    assert transcriber.finish().text == ""


@pytest.mark.models
def test_a_missing_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pocketsphinx

    monkeypatch.setattr(pocketsphinx, "get_model_path", lambda *_: str(tmp_path))
    with pytest.raises(ModelMissing, match="cannot be loaded"):
        PocketSphinxTranscriber()
