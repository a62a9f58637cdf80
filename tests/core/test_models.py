from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from interviewer.core.models import (
    Attempt,
    Bank,
    Clip,
    Delivery,
    FiredGate,
    KeyPoint,
    Mode,
    Pause,
    Question,
    Score,
    Session,
    Transcript,
    Word,
)


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
    ("engine", "by_hand"), [("typed", True), ("corrected", True), ("whisper", False), ("pocketsphinx", False)]
)
def test_a_person_types_a_text_or_puts_it_right(engine: str, by_hand: bool) -> None:
    assert Transcript("yes", engine=engine).by_hand is by_hand


@pytest.mark.parametrize(
    ("value", "shown"), [(0, 0), (2.4, 0), (2.5, 5), (72.4, 70), (72.5, 75), (97.4, 95), (100, 100)]
)
def test_a_score_is_shown_in_steps_of_five(value: float, shown: int) -> None:
    assert Score(value, "", ()).shown == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(61.0, 77.5, (60, 80)), (60.0, 80.0, (60, 80)), (0.0, 0.1, (0, 5)), (99.9, 100.0, (95, 100)), (None, None, None)],
)
def test_a_range_is_shown_in_steps_of_five_outwards(
    low: float | None, high: float | None, shown: tuple[int, int] | None
) -> None:
    assert Score(70.0, "", (), low=low, high=high).shown_range == shown


def test_a_range_without_an_end_is_none() -> None:
    assert Score(70.0, "", (), low=61.0).shown_range is None


def test_the_notes_of_a_score_are_those_of_its_gates() -> None:
    gates = (FiredGate("recited", 1.0, "One."), FiredGate("mistake", 0.4, "Two."))
    assert Score(70.0, "", (), gates).notes == ("One.", "Two.")


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


# --- doubt -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probabilities", "doubt"), [((), 0.0), ((1.0, 0.6), 0.0), ((0.9, 0.5), 0.25), ((0.0, 0.0), 1.0)]
)
def test_the_doubt_of_a_transcript_is_what_its_unsure_words_lack(
    probabilities: tuple[float, ...], doubt: float
) -> None:
    words = tuple(Word("w", 0.0, 1.0, p) for p in probabilities)
    assert Transcript("some words", words).doubt == doubt


# --- follow-ups --------------------------------------------------------------------------------


def attempt(minute: int, *, position: int = 0, text: str = "", follow_up: str = "") -> Attempt:
    created = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(minutes=minute)
    transcript = Transcript(text) if text else None
    return Attempt(f"a{minute}", "s", "q", position, created, transcript=transcript, follow_up=follow_up)


def said_before(*attempts: Attempt) -> str:
    session = Session("s", attempts[0].created, "A bank", Mode.PRACTICE, ("q",), attempts=attempts)
    return session.said_before(attempts[-1])


def test_an_answer_to_a_follow_up_goes_on_from_the_newest_answer_to_its_question() -> None:
    first, again, aside = attempt(0, text="one"), attempt(1, text="two"), attempt(2, text="why not", follow_up="Why?")
    elsewhere, unheard = attempt(3, position=1, text="other"), attempt(4)
    assert said_before(first, again, aside, elsewhere, unheard, attempt(5, follow_up="And?")) == "two"


def test_an_answer_to_the_question_itself_goes_on_from_nothing() -> None:
    assert said_before(attempt(0, text="one"), attempt(1, text="two")) == ""


def test_a_follow_up_to_nothing_that_was_heard_goes_on_from_nothing() -> None:
    assert said_before(attempt(0), attempt(1, text="why not", follow_up="Why?")) == ""
