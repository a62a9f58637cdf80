from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from interviewer.core.models import Bank, Clip, Delivery, KeyPoint, Pause, Question, Score, Transcript


def question(**changes: object) -> Question:
    fields = {
        "id": "what-is-it", "topic": "T", "difficulty": 1, "question": "What?", "background": "B", "guidance": "G",
        "example_answer": "E", "key_points": [{"text": "P"}],
    }  # fmt: skip
    return Question.model_validate(fields | changes)


def test_a_clip_counts_frames_not_the_clock() -> None:
    assert Clip(Path("a.wav"), 48_000, 72_000, gap_ms=900).seconds == 1.5


def test_a_pause_has_a_length() -> None:
    assert Pause(1.5, 4.0).seconds == 2.5


@pytest.mark.parametrize(("text", "heard"), [("yes", True), ("3", True), ("", False), (" . ", False)])
def test_a_transcript_is_heard_when_it_has_a_word(text: str, heard: bool) -> None:
    assert Transcript(text).heard is heard


@pytest.mark.parametrize(
    ("value", "shown"), [(0, 0), (2.4, 0), (2.5, 5), (72.4, 70), (72.5, 75), (97.4, 95), (100, 100)]
)
def test_a_score_is_shown_in_steps_of_five(value: float, shown: int) -> None:
    assert Score(value, "", ()).shown == shown


@pytest.mark.parametrize(("talk_s", "rate"), [(4.9, None), (30.0, 8.0)])
def test_fillers_a_minute_need_five_seconds_of_talk(talk_s: float, rate: float | None) -> None:
    assert Delivery(50, talk_s, 0.0, None, 4, 0, 0, ()).fillers_per_min == rate


def test_a_bank_finds_its_questions_by_id() -> None:
    bank = Bank(schema_version=1, title="T", role="R", questions=(question(),))
    assert bank.question("what-is-it") is bank.questions[0]
    assert bank.question("what-else") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "What Is It"}, {"difficulty": 4}, {"question": " "}, {"question": "a\x00b"}, {"key_points": []},
        {"background": "x" * 4001}, {"surprise": 1}, {"terms": ["t"] * 16},
    ],
    ids=["id", "difficulty", "blank", "control character", "no point", "too long", "unknown field", "too many terms"],
)  # fmt: skip
def test_an_entry_that_is_wrong_in_one_field_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        question(**wrong)


def test_texts_lose_the_space_around_them() -> None:
    assert KeyPoint(text="  A point \n".strip("\n")).text == "A point"
