"""The recorded answers of `interviewer demo`, and whether they are what they claim to be."""

import importlib.util
import json
import re
import shutil
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile

from interviewer.core.bank import load_bank
from interviewer.core.models import Question, Score
from interviewer.core.paths import asset, shipped_bank
from interviewer.core.scoring import MeaningScorer

FOLDER = asset("demo")
ANSWERS: list[dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
KINDS = ["strong", "partial", "off-topic"]
MAX_BYTES = 3_000_000

each_answer = pytest.mark.parametrize("answer", ANSWERS, ids=[a["question_id"] for a in ANSWERS])
each_round = pytest.mark.parametrize("answers", [ANSWERS[:3], ANSWERS[3:]], ids=["first three", "second three"])


def _question(answer: dict[str, Any]) -> Question | None:
    return load_bank(shipped_bank()).question(answer["question_id"])


def _written(answer: dict[str, Any]) -> list[str]:
    """Everything that the bank says itself about the question of an answer."""
    question = _question(answer)
    assert question is not None
    points = [k.text for k in question.key_points]
    return [question.example_answer, *question.alternative_answers, question.background, *points]


def _sentences(text: str) -> set[str]:
    parts = re.split(r"[.?!…;:]+\s*", text.lower())
    return {" ".join(re.findall(r"[a-z']+", p)) for p in parts} - {""}


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_render", FOLDER / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_two_rounds_of_strong_partial_and_off_topic_answers():
    assert [a["kind"] for a in ANSWERS] == KINDS * 2


def test_the_list_and_the_folder_name_the_same_recordings():
    assert sorted(a["file"] for a in ANSWERS) == sorted(p.name for p in FOLDER.glob("*.flac"))


def test_no_question_is_answered_twice():
    assert len({a["question_id"] for a in ANSWERS}) == len(ANSWERS)


@each_answer
def test_an_answer_belongs_to_a_question_of_the_bank(answer):
    assert _question(answer) is not None


@each_answer
def test_a_recording_is_flac_at_16_khz_mono_16_bits(answer):
    info = soundfile.info(FOLDER / answer["file"])
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("FLAC", "PCM_16", 16_000, 1)


@each_answer
def test_the_listed_seconds_are_true(answer):
    info = soundfile.info(FOLDER / answer["file"])
    assert info.frames / info.samplerate == pytest.approx(answer["seconds"], abs=0.05)


@each_answer
def test_an_answer_is_as_long_as_its_kind_asks_for(answer):
    shortest, longest = (30, 40) if answer["kind"] == "strong" else (12, 20)
    assert shortest <= answer["seconds"] <= longest


@each_answer
def test_a_recording_is_loud_enough_and_not_clipped(answer):
    samples, _ = soundfile.read(FOLDER / answer["file"], dtype="float32")
    assert 0.3 < np.abs(samples).max() < 0.9


@each_answer
def test_no_recording_begins_with_digital_silence_as_a_dead_microphone_would(answer):
    samples, _ = soundfile.read(FOLDER / answer["file"], dtype="float32", frames=1600)
    assert np.any(samples)


def test_the_recordings_stay_under_three_megabytes():
    assert sum(p.stat().st_size for p in FOLDER.glob("*.flac")) < MAX_BYTES


@each_answer
def test_no_answer_reads_a_sentence_of_the_bank_aloud(answer):
    assert not _sentences(answer["text"]) & set().union(*map(_sentences, _written(answer)))


@each_answer
def test_no_answer_shares_eight_words_in_a_row_with_the_bank(answer):
    assert not _runs(answer["text"], 8) & set().union(*(_runs(t, 8) for t in _written(answer)))


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
@each_answer
def test_the_recording_says_what_the_list_says(answer):
    recorded, _ = soundfile.read(FOLDER / answer["file"], dtype="float64")
    again = _script().rendered(answer["text"], answer["voice"]) / 32768.0
    # Another build of flite may round differently, so alike is enough.
    assert len(again) == pytest.approx(len(recorded), abs=160)
    both = min(len(again), len(recorded))
    assert np.corrcoef(recorded[:both], again[:both])[0, 1] > 0.9


def test_an_ellipsis_is_a_longer_pause_than_the_end_of_a_sentence():
    script = _script()
    assert script.phrases("Um… It is. Yes.") == [
        ("Um", script.LONG_PAUSE_S),
        ("It is.", script.SENTENCE_PAUSE_S),
        ("Yes.", script.SENTENCE_PAUSE_S),
    ]


@cache
def _scorer() -> MeaningScorer:
    from interviewer.engines import catalog

    return catalog.scorer()


def _score(answer: dict[str, Any]) -> Score:
    question = _question(answer)
    assert question is not None
    return _scorer().score(question, answer["text"])


@pytest.mark.models
@each_round
def test_the_scorer_tells_strong_from_partial_from_off_topic(answers):
    strong, partial, off_topic = (_score(a).value for a in answers)
    assert strong >= 75
    assert 30 <= partial < 55
    assert off_topic <= 10
