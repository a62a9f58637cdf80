"""How commands have answers judged: by which scorer, beside what, and what they tell about odd input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer import answers
from interviewer.core.bank import load_bank, neighbours
from interviewer.core.errors import InputError, ModelCorrupt, ModelMissing
from interviewer.core.models import Transcript, Word
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MOST_WORDS
from tests.commands.running import Run, Scorer

TEXT = "Pydantic models declare the shape of data with annotations."
ASKED = ("score", "--question", "pydantic", "--text", TEXT)


def choose(tmp_path: Path, **settings: str) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


# --- one answer ----------------------------------------------------------------------------


def test_an_answer_is_judged_beside_the_other_questions_of_its_bank(run: Run, scorer: Scorer) -> None:
    assert run(*ASKED).code == 0
    bank = load_bank(shipped_bank())
    entry = bank.question("pydantic")
    assert entry is not None
    assert scorer.beside == [tuple(n.prompt for n in neighbours(bank, entry))]
    assert len(scorer.beside[0]) == len(bank.questions) - 1


def test_words_that_were_hardly_heard_are_told_to_the_scorer(
    run: Run, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Transcript("some words", (Word("some", 0.0, 0.5, 0.5), Word("words", 0.5, 1.0, 0.9)))
    monkeypatch.setattr(answers, "write_down", lambda *_, **__: heard)
    assert json.loads(run("score", "--question", "pydantic", "--audio", "a.wav", "--json").out)["text"] == "some words"
    assert scorer.doubts == [heard.doubt] == [0.25]


def test_halves_of_characters_are_replaced_and_the_rest_is_judged(run: Run, scorer: Scorer) -> None:
    told = run("score", "--question", "pydantic", "--text", f"\udcff {TEXT} \ud800", "--json")
    assert told.code == 0
    assert json.loads(told.out)["text"] == f"\ufffd {TEXT} \ufffd"
    assert json.loads(told.out)["score"] > 0


@pytest.mark.parametrize("text", ["\x00\x1b\x7f", " \t\n ", "\ud800", "", "🙂🙂🙂"])
def test_what_holds_no_word_scores_nothing(run: Run, scorer: Scorer, text: str) -> None:
    assert json.loads(run("score", "--question", "pydantic", "--text", text, "--json").out)["score"] == 0.0


def test_control_characters_among_words_do_no_harm(run: Run, scorer: Scorer) -> None:
    told = run("score", "--question", "pydantic", "--text", f"\x1b[31m{TEXT}\x00\x07", "--json")
    assert (told.code, json.loads(told.out)["score"] > 0) == (0, True)


def test_an_answer_of_hours_is_refused_with_the_limit(run: Run, scorer: Scorer) -> None:
    told = run("score", "--question", "pydantic", "--text", "word " * (MOST_WORDS + 1))
    assert (told.code, told.out) == (1, "")
    assert str(MOST_WORDS) in told.err


# --- the scorer ----------------------------------------------------------------------------


def test_the_sentence_model_of_the_settings_judges(run: Run, scorer: Scorer, tmp_path: Path) -> None:
    choose(tmp_path, sentence_model="mine")
    assert run(*ASKED).err == ""
    assert scorer.models == ["mine"]


def test_a_sentence_model_that_cannot_be_used_is_told_and_the_built_in_one_judges(
    run: Run, scorer: Scorer, tmp_path: Path
) -> None:
    choose(tmp_path, sentence_model="mine")
    scorer.faults["mine"] = ModelMissing("There is no sentence model “mine” on this machine", hint="Name another.")
    told = run(*ASKED, "--json")
    assert (told.code, json.loads(told.out)["question"]) == (0, "pydantic")
    assert told.err == (
        "interviewer: There is no sentence model “mine” on this machine. Name another. "
        "Until then the built-in sentence model is used.\n"
    )
    assert scorer.models == ["mine", ""]


@pytest.mark.parametrize(
    "fault",
    [ModelMissing("The contradiction judge cannot be read"), ModelCorrupt("x"), InputError("x is not a calibration")],
)
@pytest.mark.parametrize("chosen", ["", "mine"])
def test_a_scorer_that_cannot_be_made_is_one_sentence(
    run: Run, scorer: Scorer, tmp_path: Path, fault: Exception, chosen: str
) -> None:
    choose(tmp_path, sentence_model=chosen)
    scorer.faults = {"": fault, "mine": fault}  # type: ignore[dict-item]
    told = run(*ASKED)
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)
    assert str(fault) in told.err


def test_damaged_settings_are_told_once(run: Run, scorer: Scorer, tmp_path: Path) -> None:
    choose(tmp_path)
    (tmp_path / "data" / "settings.json").write_text("{", encoding="utf-8")
    assert run(*ASKED).err.count("damaged") == 1


@pytest.mark.models
@pytest.mark.parametrize("gone", ["judge.safetensors", "judge.json", "calibration.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\x00 damaged", b"[]"])
def test_what_comes_along_and_is_damaged_is_one_sentence(
    run: Run, shipped: Path, gone: str, content: bytes | None
) -> None:
    if content is None:
        (shipped / gone).unlink()
    else:
        (shipped / gone).write_bytes(content)
    told = run(*ASKED)
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)


# --- a batch -------------------------------------------------------------------------------

LINE = {"prompt": "What is a list?", "reference": "A list is a mutable sequence.", "answer": "A mutable sequence."}


def test_a_batch_is_judged_line_by_line(run: Run, scorer: Scorer, tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (LINE, {**LINE, "answer": "No idea."})), encoding="utf-8")
    first, second = (json.loads(line) for line in run("score", "--batch", file).out.splitlines())
    assert first["score"] > second["score"]
    assert len(scorer.models) == 1


def test_a_batch_is_read_before_anything_is_loaded(run: Run, scorer: Scorer, tmp_path: Path) -> None:
    (tmp_path / "batch.jsonl").write_text("no json", encoding="utf-8")
    assert run("score", "--batch", tmp_path / "batch.jsonl").code == 1
    assert scorer.models == []


@pytest.mark.parametrize("field", ["prompt", "reference", "answer"])
def test_half_a_character_in_a_batch_is_refused_by_line_and_field(run: Run, tmp_path: Path, field: str) -> None:
    (tmp_path / "batch.jsonl").write_text(json.dumps({**LINE, field: "so \ud800"}), encoding="utf-8")
    told = run("score", "--batch", tmp_path / "batch.jsonl")
    assert (told.code, told.out) == (1, "")
    assert f"line 1: {field} contains half a character" in told.err
