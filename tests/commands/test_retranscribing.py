"""Writing kept answers down again after the recogniser was changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.models import Attempt, Clip, Mode, Score, Session, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ
from interviewer.engines import catalog
from interviewer.store.database import SqlStore
from tests.commands.hearing import Hearing, keep_sound
from tests.commands.running import FIXTURES, NOON, Run, Scorer

OLD = Score(42.0, "Partial", (), recipe="meaning-1/53aa51172d14")
ROUGH = Transcript("=models", (Word("=models", 0.0, 0.1, 0.9),), engine="pocketsphinx", model="en-us", rough=True)
TINY = replace(ROUGH, engine="whisper", model="tiny.en", rough=False)
OURS = replace(TINY, model="base.en")
CORRECTED = replace(TINY, text="a model", words=(), engine="corrected")
NOTHING = {"done": 0, "kept": 0, "by_hand": 0, "better": 0, "left": 0, "missing": 0, "failed": 0}


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> Hearing:
    hearing = Hearing()
    monkeypatch.setattr(catalog, "transcriber", hearing.transcriber)
    return hearing


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore.open(tmp_path / "data")
    yield store
    store.close()


def keep(
    store: SqlStore,
    name: str,
    transcript: Transcript | None = ROUGH,
    score: Score | None = OLD,
    *,
    seconds: int = 1,
    of: str = "s1",
    **fields: object,
) -> None:
    """Put a recorded answer into the store, in a session that is made where it is missing."""
    store.begin_session(Session(of, NOON, "FastAPI developer", Mode.PRACTICE, ("pydantic",)))
    path = keep_sound(store.clip_path(of, name), seconds)
    clip = Clip(path, MODEL_RATE_HZ, seconds * MODEL_RATE_HZ)
    attempt = replace(Attempt(name, of, "pydantic", 0, NOON, clip=clip), **fields)  # type: ignore[arg-type]
    store.add_attempt(attempt)
    if transcript:
        store.add_transcript(name, transcript)
    if transcript and score:
        store.add_score(name, score, None)


def outcomes(run: Run, *arguments: str) -> dict[str, int]:
    told: dict[str, int] = json.loads(run("sessions", "retranscribe", *arguments, "--json").out)
    return told


def text_of(store: SqlStore, name: str) -> str:
    transcript = store.attempt(name).transcript
    assert transcript is not None
    return transcript.text


def kept_texts(store: SqlStore) -> int:
    with store._reading() as db:
        from sqlalchemy import text

        return int(db.scalar(text("SELECT count(*) FROM transcripts")) or 0)


# --- what is written down again --------------------------------------------------------------


@pytest.mark.parametrize("old", [ROUGH, TINY, None], ids=["rough", "another model", "none yet"])
def test_an_answer_that_this_recogniser_did_not_write_is_written_and_scored(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore, old: Transcript | None
) -> None:
    keep(store, "a1", old)
    assert outcomes(run, "s1") == {**NOTHING, "done": 1}
    now = store.attempt("a1")
    assert now.transcript == Transcript("one", engine="whisper", model="base.en")
    assert now.score is not None
    assert now.score.recipe == scorer.recipe()


def test_old_texts_and_scores_stay_in_the_store(run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "a1")
    outcomes(run, "s1")
    assert kept_texts(store) == 2


def test_a_second_time_there_is_nothing_to_do(run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "a1")
    keep(store, "a2")
    assert outcomes(run, "--all")["done"] == 2
    assert outcomes(run, "--all") == {**NOTHING, "kept": 2}
    assert (len(scorer.models), kept_texts(store)) == (1, 4)


def test_the_model_of_the_command_line_is_used(run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "a1")
    outcomes(run, "--all", "--model", "small.en")
    assert hearing.asked_for == ["small.en"]


def test_the_recogniser_is_led_towards_the_terms_of_the_question(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    outcomes(run, "s1")
    assert "Pydantic" in hearing.terms[0]


@pytest.mark.parametrize("text", [CORRECTED, Transcript("a model")], ids=["corrected", "typed"])
def test_a_text_by_hand_stays_until_it_is_asked_for(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore, text: Transcript
) -> None:
    keep(store, "a1", text)
    assert outcomes(run, "s1") == {**NOTHING, "by_hand": 1}
    assert text_of(store, "a1") == "a model"
    assert outcomes(run, "s1", "--corrected-too") == {**NOTHING, "done": 1}
    assert text_of(store, "a1") == "one"


def test_a_typed_answer_without_a_recording_is_none_of_this(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1", Transcript("a model"), clip=None)
    assert outcomes(run, "s1", "--corrected-too") == NOTHING
    assert hearing.loaded == 0


def test_the_built_in_recogniser_never_takes_the_place_of_a_better_text(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    hearing.engine, hearing.model = "pocketsphinx", "en-us"
    for name, transcript in (("a1", TINY), ("a2", CORRECTED), ("a3", ROUGH), ("a4", None)):
        keep(store, name, transcript)
    assert outcomes(run, "s1", "--corrected-too") == {**NOTHING, "better": 2, "kept": 1, "done": 1}
    assert text_of(store, "a4") == "one"


def test_an_answer_whose_question_left_the_bank_keeps_its_text_and_score(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1", question_id="cobol")
    assert outcomes(run, "s1") == {**NOTHING, "left": 1}
    assert (text_of(store, "a1"), store.attempt("a1").score) == ("=models", OLD)


def test_an_answer_whose_recording_is_gone_is_told_and_left(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    store.clip_path("s1", "a1").unlink()
    told = run("sessions", "retranscribe", "s1")
    assert told.code == 0
    assert "a1.wav is no longer on the disk. Its text stays." in told.err
    assert told.out.splitlines() == ["Written down again: 0 answers.", "Left, because the recording is gone: 1 answer."]
    assert store.attempt("a1").score == OLD


def test_only_the_named_sessions_are_written_down_again(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    for name in ("s1", "s2", "s3"):
        keep(store, f"{name}-a", of=name)
    assert outcomes(run, "s1", "s2", "s1")["done"] == 2
    assert text_of(store, "s3-a") == "=models"


# --- how it is judged ------------------------------------------------------------------------


def test_an_answer_to_a_follow_up_is_judged_with_the_new_text_before_it(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    keep(store, "a2", seconds=2, follow_up="Why?", created=NOON + timedelta(minutes=1))
    outcomes(run, "s1")
    assert scorer.asked == [("pydantic", "one"), ("pydantic", "one two")]


def test_an_answer_that_cannot_be_judged_keeps_its_text_and_score_and_stops_no_other(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    keep(store, "a2", seconds=2)
    scorer.refused = "one"
    told = run("sessions", "retranscribe", "s1")
    assert told.code == 1
    assert "interviewer: a1: The sentence model failed" in told.err
    assert told.out.splitlines() == ["Written down again: 1 answer.", "Failed, and left as they were: 1 answer."]
    assert (text_of(store, "a1"), store.attempt("a1").score) == ("=models", OLD)
    assert text_of(store, "a2") == "two"


# --- going on --------------------------------------------------------------------------------


def test_a_run_that_is_stopped_goes_on_with_the_next_answer(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    keep(store, "a2", seconds=2)
    hearing.stopped_s = 2
    told = run("sessions", "retranscribe", "s1")
    assert told.code != 0
    assert "Stopped. The same command goes on from here." in told.err
    hearing.stopped_s = 0
    assert outcomes(run, "s1") == {**NOTHING, "kept": 1, "done": 1}


def test_a_text_that_was_kept_at_the_last_moment_is_only_scored(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1", OURS, None)
    assert outcomes(run, "s1") == {**NOTHING, "done": 1}
    assert (hearing.terms, kept_texts(store)) == ([], 1)
    assert store.unfinished_attempts() == ()


def test_a_text_corrected_meanwhile_is_not_written_over(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, "a1")
    real = catalog.scorer

    def meanwhile(model: str = "", data_dir: Path | None = None) -> object:
        store.add_transcript("a1", CORRECTED)
        return real(model, data_dir)

    monkeypatch.setattr(catalog, "scorer", meanwhile)
    assert outcomes(run, "s1") == {**NOTHING, "by_hand": 1}
    assert text_of(store, "a1") == "a model"


def test_progress_is_told_on_standard_error(run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "a1")
    keep(store, "a2", seconds=2)
    told = run("sessions", "retranscribe", "s1")
    assert told.err.splitlines() == ["Loading the recogniser.", "1 of 2: a1, under a minute left", "2 of 2: a2"]


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["s1", "--all"]])
def test_sessions_are_named_or_all_are_meant(run: Run, arguments: list[str]) -> None:
    assert run("sessions", "retranscribe", *arguments).code == 2


def test_an_unknown_session_is_told_before_anything_is_loaded(
    run: Run, hearing: Hearing, scorer: Scorer, store: SqlStore
) -> None:
    keep(store, "a1")
    told = run("sessions", "retranscribe", "s1", "nobody")
    assert (told.code, told.out, hearing.loaded) == (1, "", 0)
    assert "nobody" in told.err


@pytest.mark.models
def test_a_rough_answer_is_written_down_again_with_whisper(
    run: Run, scorer: Scorer, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_WHISPER_MODEL", str(FIXTURES / "whisper-fixture.pt"))
    keep(store, "a1")
    store.clip_path("s1", "a1").write_bytes((FIXTURES / "clips" / "depends.wav").read_bytes())
    assert outcomes(run, "s1") == {**NOTHING, "done": 1}
    now = store.attempt("a1")
    assert text_of(store, "a1") == "Depends declares what a handler needs."
    assert now.delivery is not None
    assert outcomes(run, "s1") == {**NOTHING, "kept": 1}
