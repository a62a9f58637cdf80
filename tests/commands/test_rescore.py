"""Scoring kept answers again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import ModelMissing
from interviewer.core.models import Attempt, Mode, Score, Session, Transcript
from interviewer.store.database import SqlStore
from tests.commands.running import NOON, Run, Scorer, keep_session

OLD = Score(42.0, "Partial", (), recipe="meaning-1/53aa51172d14")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore.open(tmp_path / "data")
    yield store
    store.close()


def keep(store: SqlStore, session_id: str, *answers: Attempt) -> None:
    """Put a session with these answers into the store, as far as each is given."""
    store.begin_session(Session(session_id, NOON, "FastAPI developer", Mode.PRACTICE, ("pydantic",)))
    for answer in answers:
        attempt = replace(answer, session_id=session_id)
        store.add_attempt(attempt)
        if attempt.transcript:
            store.add_transcript(attempt.id, attempt.transcript)
        if attempt.score:
            store.add_score(attempt.id, attempt.score, attempt.delivery)


def answer(name: str, text: str | None = "a model", score: Score | None = OLD, **fields: object) -> Attempt:
    transcript = None if text is None else Transcript(text)
    attempt = Attempt(name, "", "pydantic", 0, NOON, transcript=transcript, score=score)
    return replace(attempt, **fields)  # type: ignore[arg-type]


def outcomes(run: Run, *arguments: str) -> dict[str, int]:
    told: dict[str, int] = json.loads(run("sessions", "rescore", *arguments, "--json").out)
    return told


# --- what is scored ------------------------------------------------------------------------


def test_an_answer_with_a_score_of_another_recipe_is_scored_again(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1"))
    assert outcomes(run, "s1") == {"done": 1, "kept": 0, "left": 0, "failed": 0}
    score = store.attempt("a1").score
    assert score is not None
    assert score.recipe == scorer.recipe()


def test_a_second_time_there_is_nothing_to_do(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1"), answer("a2"))
    assert outcomes(run, "s1")["done"] == 2
    assert outcomes(run, "s1") == {"done": 0, "kept": 2, "left": 0, "failed": 0}
    assert len(scorer.asked) == 2


def test_an_answer_that_was_never_scored_is(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1", score=None))
    assert outcomes(run, "s1")["done"] == 1
    assert store.unfinished_attempts() == ()


def test_an_answer_without_a_text_is_not_touched(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1", text=None, score=None))
    assert sum(outcomes(run, "s1").values()) == 0
    assert scorer.models == []


def test_an_answer_to_a_question_that_left_the_bank_keeps_its_score(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1", question_id="cobol"), answer("a2"))
    assert outcomes(run, "s1") == {"done": 1, "kept": 0, "left": 1, "failed": 0}
    assert store.attempt("a1").score == OLD


def test_only_the_named_sessions_are_scored_and_each_once(run: Run, scorer: Scorer, store: SqlStore) -> None:
    for name in ("s1", "s2", "s3"):
        keep(store, name, answer(f"{name}-a"))
    assert outcomes(run, "s1", "s2", "s1")["done"] == 2
    assert store.attempt("s3-a").score == OLD
    assert outcomes(run, "--all") == {"done": 1, "kept": 2, "left": 0, "failed": 0}


# --- how -----------------------------------------------------------------------------------


def test_an_answer_to_a_follow_up_is_judged_with_what_was_said_before(
    run: Run, scorer: Scorer, store: SqlStore
) -> None:
    later = answer("a2", text="because of types", follow_up="Why?", created=NOON + timedelta(minutes=1))
    keep(store, "s1", answer("a1"), later)
    outcomes(run, "s1")
    assert scorer.asked == [("pydantic", "a model"), ("pydantic", "a model because of types")]
    assert len(scorer.beside[0]) > 5


def test_how_a_spoken_answer_sounded_is_kept_with_its_new_score(run: Run, scorer: Scorer, tmp_path: Path) -> None:
    keep_session(tmp_path / "data")
    assert outcomes(run, "s1")["done"] == 1
    store = SqlStore.open(tmp_path / "data")
    (attempt,) = store.session("s1").attempts
    store.close()
    assert attempt.delivery is not None
    assert attempt.delivery.words == 1
    assert attempt.transcript is not None
    assert attempt.transcript.rough


def test_one_answer_that_cannot_be_judged_is_told_and_stops_no_other(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1", text="unlucky"), answer("a2"))
    scorer.refused = "unlucky"
    told = run("sessions", "rescore", "s1")
    assert told.code == 1
    assert "The sentence model failed" in told.err
    assert told.out.splitlines() == ["Scored again: 1 answer.", "Failed, and left with the score they had: 1 answer."]
    assert store.attempt("a1").score == OLD


def test_people_read_what_became_of_their_answers(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1"), answer("a2", question_id="cobol"), answer("a3", question_id="fortran"))
    run("sessions", "rescore", "s1")
    assert run("sessions", "rescore", "--all").out.splitlines() == [
        "Scored again: 0 answers.",
        "Kept, with a score of this scorer already: 1 answer.",
        "Left, because the question is not in the bank “FastAPI developer”: 2 answers.",
    ]


# --- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["s1", "--all"]])
def test_sessions_are_named_or_all_are_meant(run: Run, arguments: list[str]) -> None:
    assert run("sessions", "rescore", *arguments).code == 2


def test_an_unknown_session_is_told_before_anything_is_scored(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1"))
    told = run("sessions", "rescore", "s1", "nobody")
    assert (told.code, told.out) == (1, "")
    assert "nobody" in told.err
    assert store.attempt("a1").score == OLD


def test_without_a_scorer_nothing_changes(run: Run, scorer: Scorer, store: SqlStore) -> None:
    keep(store, "s1", answer("a1"))
    scorer.faults[""] = ModelMissing("The contradiction judge cannot be read")
    assert run("sessions", "rescore", "--all").code == 1
    assert store.attempt("a1").score == OLD


def test_a_bank_that_cannot_be_used_scores_nothing(run: Run, scorer: Scorer, store: SqlStore, tmp_path: Path) -> None:
    keep(store, "s1", answer("a1"))
    told = run("sessions", "rescore", "--all", "--bank", tmp_path / "gone.json")
    assert told.code == 1
    assert "gone.json" in told.err
    assert store.attempt("a1").score == OLD
