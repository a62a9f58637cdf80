"""A transcript is the same however its sound came in: no word is lost, doubled or moved where pieces meet."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.energy import Levels, sharpened
from interviewer.core.errors import EngineError
from interviewer.core.models import Span, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import hear_pocketsphinx, hear_whisper
from interviewer.engines.cutting import Rule
from interviewer.engines.hear_whisper import WhisperScribe
from interviewer.engines.levels import LevelMeter
from interviewer.engines.segment_silero import SileroDetector
from interviewer.engines.sound_file import read_sound
from interviewer.engines.streaming import MAX_TERMS, Spoken, StreamingTranscriber, joined
from tests.engines.blips import (
    BREATHLESS,
    EVEN,
    MOODS,
    RUSHED,
    BlipScribe,
    LoudDetector,
    Talk,
    blocks,
    loud,
    quiet,
    talk,
    whole_spans,
)
from tests.engines.detecting import speech_spans

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))
WHISPER = hear_whisper.RULE

seeds = st.integers(0, 2**32 - 1)
moods = st.lists(st.sampled_from((*MOODS, RUSHED)), min_size=1, max_size=3)
rules = st.sampled_from((hear_whisper.RULE, hear_pocketsphinx.RULE))


def write_down(transcriber: StreamingTranscriber, *fed: FloatArray, terms: Sequence[str] = ()) -> Transcript:
    transcriber.begin(terms)
    for block in fed:
        transcriber.feed(block)
    return transcriber.finish()


def of_blips(spoken: Talk, rule: Rule = WHISPER, blur_s: float = 0.0) -> StreamingTranscriber:
    """Return a transcriber of made-up words, whose times are wrong by so much, now early, now late."""
    scribe = BlipScribe(spoken.lengths, rule, lambda piece: blur_s * (-1) ** piece)
    return StreamingTranscriber(scribe, LoudDetector())


class Saying:
    """A `streaming.Scribe` that says the same of every piece."""

    engine, model, rough, rule = "saying", "one", True, WHISPER

    def __init__(self, *words: Spoken) -> None:
        self.words = words
        self.heard: list[tuple[Span, ...]] = []
        self.terms: list[tuple[str, ...]] = []
        self.warm = False

    def prime(self, terms: Sequence[str]) -> None:
        self.terms.append(tuple(terms))

    def warm_up(self) -> None:
        self.warm = True

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> Iterator[Spoken]:
        self.heard.append(tuple(speech))
        yield from self.words


def saying(*words: Spoken) -> StreamingTranscriber:
    return StreamingTranscriber(Saying(*words), LoudDetector())


# --- no word lost or doubled -------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules, order=seeds)
def test_every_word_is_written_down_once_and_whole(seed: int, mood: list, rule: Rule, order: int) -> None:
    spoken = talk(seed, 75.0, *mood)
    transcript = write_down(of_blips(spoken, rule), *blocks(spoken.samples, order))
    assert transcript.text.split() == [word.text for word in transcript.words] == spoken.said


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules)
def test_words_and_speech_lie_where_they_were_said(seed: int, mood: list, rule: Rule) -> None:
    spoken = talk(seed, 75.0, *mood)
    transcript = write_down(of_blips(spoken, rule), spoken.samples)
    whole = BlipScribe(spoken.lengths, rule).write(spoken.samples, ())
    assert [w.start_s for w in transcript.words] == pytest.approx([w.start_s for w in whole])
    assert [w.end_s for w in transcript.words] == pytest.approx([w.end_s for w in whole])
    assert transcript.speech == whole_spans(LoudDetector(), spoken.samples)


@pytest.mark.parametrize("mood", [BREATHLESS, RUSHED], ids=["words apart", "words together"])
def test_ten_minutes_without_a_pause_lose_and_double_no_word(mood: tuple) -> None:
    spoken = talk(1, 600.0, mood)
    transcriber = of_blips(spoken)
    transcript = write_down(transcriber, spoken.samples)
    assert transcript.text.split() == spoken.said
    assert len(transcript.speech) == 1
    assert all(samples <= 30 * MODEL_RATE_HZ for samples, _ in transcriber.scribe.asked)


@pytest.mark.parametrize("seed", range(3))
def test_word_times_that_are_a_little_wrong_lose_and_double_no_word(seed: int) -> None:
    spoken = talk(seed, 150.0, BREATHLESS)
    assert write_down(of_blips(spoken, blur_s=0.05), spoken.samples).text.split() == spoken.said


def test_forty_five_minutes_take_no_more_memory_than_their_words() -> None:
    minute = talk(5, 60.0, EVEN)
    transcriber = of_blips(minute)
    transcriber.begin(())
    tracemalloc.start()
    try:
        for _ in range(45):
            for block in np.array_split(minute.samples, 20):
                transcriber.feed(block)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert transcriber.finish().text.split() == minute.said * 45
    assert peak < 32 << 20  # the samples alone are 173 MB


# --- text --------------------------------------------------------------------------------------


def test_text_grows_with_each_piece() -> None:
    transcriber = saying(Spoken("So.", 0.2, 0.5, 1.0))
    transcriber.begin(())
    seen = [transcriber.text]
    for block in (loud(1), quiet(3.0), loud(1), quiet(3.0)):
        transcriber.feed(block)
        seen.append(transcriber.text)
    assert seen == ["", "", "So.", "So.", "So. So."]


def test_pieces_are_a_blank_apart_and_words_of_one_piece_as_they_were_written() -> None:
    transcriber = saying(*(Spoken(text, 0.3, 0.4, 1.0) for text in ("Self", "-made", " code", " ", "")))
    transcript = write_down(transcriber, loud(1), quiet(3.0), loud(1))
    assert transcript.text == "Self-made code Self-made code"
    assert [word.text for word in transcript.words] == ["Self", "-made", "code"] * 2


def test_the_transcript_says_who_made_it() -> None:
    transcript = write_down(saying(), loud(1))
    assert (transcript.engine, transcript.model, transcript.rough) == ("saying", "one", True)


def test_words_out_of_place_are_brought_into_the_piece() -> None:
    words = (Spoken(" a", -3.0, 0.1, 1.0), Spoken(" b", 0.4, 0.3, -0.5), Spoken(" c", 0.9, 99.0, 1.5))
    transcript = write_down(saying(*words), quiet(1), loud(1))
    start_s = transcript.words[0].start_s
    assert transcript.words == (
        Word("a", start_s, start_s + 0.1, 1.0),
        Word("b", start_s + 0.4, start_s + 0.4, 0.0),
        Word("c", start_s + 0.9, 2.0, 1.0),
    )


def test_the_scribe_is_told_where_in_its_piece_somebody_speaks() -> None:
    transcriber = saying()
    transcript = write_down(transcriber, quiet(10), loud(1), quiet(1))
    ((span,),) = transcriber.scribe.heard
    pad_s = transcriber.scribe.rule.pad_s
    assert pad_s - 0.001 <= span.start_s < pad_s + 0.1
    assert transcript.speech[0].start_s == pytest.approx(10.0, abs=0.06)


def test_spans_that_touch_are_one() -> None:
    assert joined((Span(0, 1), Span(1, 2), Span(2.1, 3), Span(2.5, 2.8))) == (Span(0, 2), Span(2.1, 3))


# --- terms and beginnings ----------------------------------------------------------------------


def test_terms_are_stripped_and_those_beyond_the_fifteenth_left_out() -> None:
    transcriber = saying()
    transcriber.begin(["", " t0 ", "  ", *(f"t{n}" for n in range(1, 40))])
    assert transcriber.scribe.terms == [tuple(f"t{n}" for n in range(MAX_TERMS))]


def test_warming_up_warms_the_scribe() -> None:
    transcriber = saying()
    transcriber.warm_up()
    assert transcriber.scribe.warm


def test_an_answer_leaves_nothing_for_the_next() -> None:
    spoken = talk(2, 20.0, EVEN)
    transcriber = of_blips(spoken)
    first = write_down(transcriber, spoken.samples)
    transcriber.begin(())
    transcriber.feed(loud(1))
    assert write_down(transcriber, spoken.samples) == first


def test_nothing_fed_is_an_empty_transcript() -> None:
    assert write_down(saying(Spoken("never", 0, 1, 1))) == Transcript("", engine="saying", model="one", rough=True)


# --- failures ----------------------------------------------------------------------------------


def test_after_a_failure_of_the_scribe_the_next_answer_begins_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = talk(2, 100.0, EVEN)
    transcriber = of_blips(spoken)
    write = transcriber.scribe.write

    def fail_at_the_second(samples: FloatArray, speech: Sequence[Span]) -> list[Spoken]:
        if len(transcriber.scribe.asked) == 1:
            transcriber.scribe.asked.append((0, ()))
            raise EngineError("broken")
        return write(samples, speech)

    monkeypatch.setattr(transcriber.scribe, "write", fail_at_the_second)
    with pytest.raises(EngineError, match="broken"):
        write_down(transcriber, spoken.samples)
    assert transcriber.text
    assert write_down(transcriber, spoken.samples).text.split() == spoken.said


def test_after_a_failure_on_the_last_piece_the_next_answer_begins_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = talk(2, 10.0, EVEN)
    transcriber = of_blips(spoken)
    with monkeypatch.context() as broken:
        broken.setattr(transcriber.scribe, "write", lambda *_: (_ for _ in ()).throw(EngineError("broken")))
        with pytest.raises(EngineError):
            write_down(transcriber, spoken.samples)
    transcript = write_down(transcriber, spoken.samples)
    assert transcript.text.split() == spoken.said
    assert transcript.speech == whole_spans(LoudDetector(), spoken.samples)


# --- with the real models ----------------------------------------------------------------------


class Remembering(WhisperScribe):
    """Asks Whisper once for the same sound, and counts what it was asked."""

    def __init__(self, weights: Path) -> None:
        super().__init__(weights)
        self.asked = 0
        self._known: dict[str, list[dict[str, Any]]] = {}

    def _run(self, samples: FloatArray) -> list[dict[str, Any]]:
        self.asked += 1
        key = hashlib.sha256(samples.tobytes()).hexdigest()
        if key not in self._known:
            self._known[key] = super()._run(samples)
        return self._known[key]


@pytest.fixture(scope="module")
def real() -> StreamingTranscriber:
    return StreamingTranscriber(Remembering(FIXTURES / "whisper-fixture.pt"), SileroDetector())


def interview(seed: int, count: int) -> tuple[FloatArray, str]:
    """Return so many of the six sentences in some order and loudness with long pauses, and their text."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(sorted(TEXTS))[:count].tolist()
    parts: list[FloatArray] = []
    for name in names:
        pause = quiet(rng.uniform(2.9, 4.5))
        hiss = rng.normal(0.0, rng.choice([0.0, 0.001, 0.0005]), len(pause)).astype(np.float32)
        sound = read_sound(FIXTURES / "clips" / name) * np.float32(rng.uniform(0.4, 1.2))
        parts += [pause + hiss, sound]
    return np.concatenate(parts[1:]), " ".join(TEXTS[name] for name in names)


@pytest.mark.models
@pytest.mark.parametrize(("seed", "count"), [(1, 6), (2, 3)])
def test_sentences_cut_anywhere_are_written_down_as_if_fed_at_once(
    real: StreamingTranscriber, seed: int, count: int
) -> None:
    samples, text = interview(seed, count)
    whole = write_down(real, samples)
    assert whole.text == text
    assert (whole.speech, whole.by_energy) == (sharpened(speech_spans(samples), levels(samples)), True)
    for order in range(3):
        assert write_down(real, *blocks(samples, order)) == whole


def levels(samples: FloatArray) -> Levels:
    meter = LevelMeter()
    meter.add(samples)
    return meter.finish()


def noises() -> dict[str, FloatArray]:
    """Return sounds in which nobody speaks, of five seconds."""
    rng = np.random.default_rng(11)
    count = 5 * MODEL_RATE_HZ
    t = np.arange(count) / MODEL_RATE_HZ
    hiss = rng.normal(0.0, 1.0, count)
    keys, cough, chords = hiss * 0.001, hiss * 0.001, np.zeros(count)
    for at in rng.integers(0, count - 200, 40):
        keys[at : at + 160] += rng.normal(0.0, 0.3, 160) * np.exp(-np.arange(160) / 30)
    body = np.convolve(rng.normal(0.0, 1.0, 5600), np.ones(8) / 8, mode="same") * np.exp(-np.arange(5600) / 1400)
    cough[16000:21600] += body * 0.6
    cough[25600:31200] += body * 0.4
    for second, root in enumerate((261.6, 220.0, 174.6, 196.0, 261.6)):
        # Plucked ones: the onset of held ones passes for speech for a quarter of a second now and then.
        sound = (t >= second) * (t < second + 1) * np.exp((second - t).clip(max=0.0) / 0.3)
        for step in (1.0, 1.26, 1.5):
            chords += sound * sum(np.sin(2 * np.pi * root * step * h * t) / h for h in (1, 2, 3)) * 0.1
    found = {
        "silence": t * 0,
        "hiss at -50 dB": hiss * 10**-2.5,
        "hiss at -20 dB": hiss * 0.1,
        "hum": 0.1 * np.sin(2 * np.pi * 50 * t) + 0.03 * np.sin(2 * np.pi * 150 * t),
        "keyboard": keys,
        "cough": cough,
        "plucked chords": chords,
    }
    return {name: sound.astype(np.float32) for name, sound in found.items()}


@pytest.mark.models
@pytest.mark.parametrize("name", noises())
def test_whisper_is_not_asked_about_noise(real: StreamingTranscriber, name: str) -> None:
    before = real.scribe.asked
    assert write_down(real, *np.array_split(noises()[name], 7)) == Transcript(
        "", engine="whisper", model="whisper-fixture"
    )
    assert real.scribe.asked == before


@pytest.mark.models
@pytest.mark.parametrize("change", ["quiet", "clipped", "offset", "broken"])
def test_a_sentence_is_written_down_from_a_bad_microphone(real: StreamingTranscriber, change: str) -> None:
    sound = read_sound(FIXTURES / "clips" / "depends.wav")
    rms = float(np.sqrt(np.mean(sound**2)))
    spoiled = {
        "quiet": sound * (10 ** (-45 / 20) / rms),
        "clipped": np.clip(sound * 20, -1, 1),
        "offset": sound + 0.2,
        "broken": sound.copy(),
    }[change].astype(np.float32)
    if change == "broken":
        spoiled[[1000, 20_000, -1]] = np.nan, np.inf, -np.inf
    assert write_down(real, quiet(1), spoiled, quiet(1)).text == TEXTS["depends.wav"]


@pytest.mark.models
def test_an_answer_of_one_short_word_is_kept(real: StreamingTranscriber) -> None:
    # "what", cut out of the sentence: a fifth of a second, and nothing else.
    word = read_sound(FIXTURES / "clips" / "depends.wav")[sample(1.17) : sample(1.38)]
    before = real.scribe.asked
    assert write_down(real, word).speech
    assert real.scribe.asked == before + 1


def sample(seconds: float) -> int:
    return round(seconds * MODEL_RATE_HZ)
