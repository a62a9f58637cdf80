"""Delivery measured on recordings of known truth: silences put in, words counted, fillers known; the real detector."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.inserted_pauses import AROUND_S, Put, held_against, put_in, trimmed
from interviewer.core.delivery import COUNTED_PAUSE_S, measure
from interviewer.core.heard import AsideKind, Edges
from interviewer.core.models import Delivery, Span, Transcript, Word
from interviewer.core.pace import EDGE_OFF_S
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.hear_whisper import RULE, WhisperScribe
from interviewer.engines.segment_silero import SileroDetector
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import Spoken, StreamingTranscriber
from interviewer.engines.whole_answer import hear

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))
WORDS = (6, 11, 10, 8, 10, 9)
"""Of each of them, counted by hand."""
WORDS_OFF_S = 0.2
"""The times of the words that are known are wrong by up to so much, as a recogniser's are."""


class Deaf:
    """A `streaming.Scribe` that writes nothing: only where somebody speaks is asked for."""

    engine, model, rough, rule = "whisper", "none", False, RULE

    def prime(self, terms: Sequence[str]) -> None: ...
    def warm_up(self) -> None: ...
    def write(self, samples: FloatArray, speech: Sequence[Span]) -> list[Spoken]:
        return []


@pytest.fixture(scope="module")
def ears() -> StreamingTranscriber:
    return StreamingTranscriber(Deaf(), SileroDetector())


@pytest.fixture(scope="module")
def sentences() -> list[FloatArray]:
    return [trimmed(read_sound(FIXTURES / "clips" / name)) for name in TEXTS]


@pytest.fixture(scope="module", params=[(None, 1), (-60.0, 2), (-50.0, 3)], ids=["dead", "quiet room", "fan"])
def put(request: pytest.FixtureRequest, sentences: list[FloatArray]) -> Put:
    room_dbfs, seed = request.param
    return put_in(sentences, 12, room_dbfs, seed)


@pytest.fixture(scope="module")
def heard(ears: StreamingTranscriber, put: Put) -> Transcript:
    return hear(ears, put.samples)


# --- silences -----------------------------------------------------------------------------------


def test_loudness_lays_the_edges(heard: Transcript) -> None:
    assert heard.by_energy


def test_silences_together_are_right_within_five_percent(put: Put, heard: Transcript) -> None:
    found = held_against(put, heard.speech)
    assert (found.missed, found.total_error) == (0, pytest.approx(0.0, abs=0.05))


def test_pauses_of_a_second_and_more_are_counted_exactly(put: Put, heard: Transcript) -> None:
    found = measure(heard, len(put.samples) / MODEL_RATE_HZ)
    assert len(found.pauses) == sum(p.seconds >= COUNTED_PAUSE_S for p in put.pauses)


def test_the_pauses_that_are_shown_are_together_those_that_were_put_in(put: Put, heard: Transcript) -> None:
    shown_s = sum(p.seconds for p in measure(heard, len(put.samples) / MODEL_RATE_HZ).pauses)
    put_s = sum(p.seconds for p in put.pauses if p.seconds >= COUNTED_PAUSE_S)
    assert shown_s == pytest.approx(put_s, rel=0.05)


def test_nine_of_ten_edges_lie_within_what_the_panel_says(put: Put, heard: Transcript) -> None:
    off_s = np.abs(held_against(put, heard.speech).edges_off_s)
    assert np.percentile(off_s, 90) <= EDGE_OFF_S[Edges.SOUND]
    assert off_s.max() <= 2 * EDGE_OFF_S[Edges.SOUND]


def test_the_first_word_and_the_talk_are_found(put: Put, heard: Transcript) -> None:
    found = measure(heard, len(put.samples) / MODEL_RATE_HZ)
    assert found.first_word_s == pytest.approx(AROUND_S, abs=0.05)
    assert found.talk_s == pytest.approx(len(put.samples) / MODEL_RATE_HZ - 2 * AROUND_S, abs=0.1)


def test_the_longest_run_lies_between_two_of_the_pauses(put: Put, heard: Transcript) -> None:
    run = measure(heard, len(put.samples) / MODEL_RATE_HZ).longest_run
    assert run is not None
    long = [p for p in put.pauses if p.seconds >= COUNTED_PAUSE_S]
    ends = (
        [AROUND_S, *(p.end_s for p in long)],
        [*(p.start_s for p in long), len(put.samples) / MODEL_RATE_HZ - AROUND_S],
    )
    longest = max(stop - start for start, stop in zip(*ends, strict=True))
    assert run.end_s - run.start_s == pytest.approx(longest, abs=0.1)


@pytest.mark.parametrize("seconds", [0.3, 0.5, 0.95, 1.05, 2.4, 2.6, 5.0])
def test_a_single_silence_has_its_length(
    ears: StreamingTranscriber, sentences: list[FloatArray], seconds: float
) -> None:
    room = np.random.default_rng(4).normal(0.0, 0.001, round(seconds * MODEL_RATE_HZ)).astype(np.float32)
    samples = np.concatenate([sentences[0], room, sentences[1]])
    (found,) = measure(hear(ears, samples), len(samples) / MODEL_RATE_HZ).silences
    assert found.seconds == pytest.approx(seconds, abs=0.04)


# --- words ----------------------------------------------------------------------------------------


def known_words(put: Put, wpm: float, rng: np.random.Generator) -> tuple[Word, ...]:
    """Return words said at this pace all over the talk, pauses and all, with times that are a little wrong."""
    step = 60.0 / wpm
    end_s = len(put.samples) / MODEL_RATE_HZ - AROUND_S
    count = int((end_s - AROUND_S) / step)
    offs = rng.uniform(-WORDS_OFF_S, WORDS_OFF_S, count)
    times = np.sort(AROUND_S + np.arange(count) * step + offs)
    return tuple(Word("word", float(at), float(at) + step * 0.8, 0.9) for at in times)


def spoken(put: Put, heard: Transcript, wpm: float) -> Delivery:
    words = known_words(put, wpm, np.random.default_rng(5))
    return measure(replace(heard, words=words), len(put.samples) / MODEL_RATE_HZ)


def test_pace_is_right_within_three_percent(put: Put, heard: Transcript) -> None:
    texts = [*TEXTS.values()]
    said = replace(heard, text=" ".join(texts[which] for which in put.drawn))
    found = measure(said, len(put.samples) / MODEL_RATE_HZ)
    assert found.words == sum(WORDS[which] for which in put.drawn)
    assert found.pace_wpm == pytest.approx(put.pace_wpm(WORDS), rel=0.03)


def test_pace_over_time_lies_within_what_it_says_to_be_off(put: Put, heard: Transcript) -> None:
    found = spoken(put, heard, 140.0)
    inside = [abs(p.wpm - 140.0) <= 2 * p.off_wpm for p in found.pace]
    assert sum(inside) >= 0.95 * len(inside)


# --- the whole way, by a recogniser ---------------------------------------------------------------


@pytest.fixture(scope="module")
def answered() -> tuple[FloatArray, Transcript, str]:
    """Two sentences, one of them full of fillers, written down by the fixture's Whisper."""
    names = ("fillers.wav", "depends.wav")
    sounds = [trimmed(read_sound(FIXTURES / "clips" / name)) for name in names]
    silence = np.zeros(round(3.4 * MODEL_RATE_HZ), dtype=np.float32)
    samples = np.concatenate([sounds[0], silence, sounds[1]])
    whisper = StreamingTranscriber(WhisperScribe(FIXTURES / "whisper-fixture.pt"), SileroDetector())
    return samples, hear(whisper, samples), " ".join(TEXTS[name] for name in names)


@pytest.mark.models
def test_words_and_fillers_of_a_recording_are_counted_as_they_were_said(
    answered: tuple[FloatArray, Transcript, str],
) -> None:
    samples, transcript, _ = answered
    found = measure(transcript, len(samples) / MODEL_RATE_HZ)
    # "Um" and "uh"; nothing is hedged.
    assert (found.words, found.fillers, found.hedges, found.ambiguous) == (16, 2, 0, 0)


@pytest.mark.models
def test_its_one_pause_and_its_pace_are_those_of_the_recording(answered: tuple[FloatArray, Transcript, str]) -> None:
    samples, transcript, said = answered
    found = measure(transcript, len(samples) / MODEL_RATE_HZ)
    (pause,) = found.pauses
    assert pause.seconds == pytest.approx(3.4, abs=0.04)
    assert found.pace_wpm == pytest.approx(len(said.split()) * 60 * MODEL_RATE_HZ / len(samples), rel=0.03)


@pytest.mark.models
def test_each_filler_lies_where_it_is_heard(answered: tuple[FloatArray, Transcript, str]) -> None:
    samples, transcript, _ = answered
    found = measure(transcript, len(samples) / MODEL_RATE_HZ)
    fillers = [a for a in found.asides if a.kind is AsideKind.FILLER]
    assert fillers
    assert all(a.end_s is not None and a.end_s < found.pauses[0].start_s + 0.3 for a in fillers)
