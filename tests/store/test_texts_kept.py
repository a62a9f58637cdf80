"""What the store promises of texts and scores, and what it says is left to do and was practised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Transcript
from interviewer.core.search import Recorded, Share
from interviewer.store.database import SqlStore
from tests.store.asking import count, statements
from tests.store.values import delivery, minutes, score, session, spoken, transcript, typed

# --- transcripts and scores -------------------------------------------------------------------


def test_the_newest_transcript_counts(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript("first"))
    store.add_transcript("a1", transcript("second"))
    assert store.attempt("a1").transcript == transcript("second")


def test_the_newest_score_counts(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript())
    store.add_score("a1", score(80), delivery())
    store.add_score("a1", score(40), None)
    kept = store.attempt("a1")
    assert (kept.score, kept.delivery) == (score(40), None)


def test_a_new_transcript_has_no_score_until_it_is_judged_itself(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript("first"))
    store.add_score("a1", score(80), delivery())
    store.add_transcript("a1", transcript("second"))
    kept = store.attempt("a1")
    assert (kept.score, kept.delivery) == (None, None)


def test_a_score_belongs_to_the_attempt_it_was_made_for(store: SqlStore):
    store.begin_session(session())
    for name, value in (("a1", 10), ("a2", 90)):
        store.add_attempt(typed(name))
        store.add_transcript(name, transcript(name))
        store.add_score(name, score(value), None)
    first = store.attempt("a1")
    assert (first.transcript, first.score) == (transcript("a1"), score(10))


def test_a_transcript_of_an_unknown_attempt_is_not_kept(store: SqlStore):
    with pytest.raises(StoreError, match="no answer 'a9'"):
        store.add_transcript("a9", transcript())
    assert count(store, "transcripts") == 0


def test_a_score_without_a_transcript_is_not_kept(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    with pytest.raises(StoreError, match="no text of answer 'a1'"):
        store.add_score("a1", score(), None)


def test_a_text_with_half_a_character_is_refused(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    with pytest.raises(InputError, match="half a character"):
        store.add_transcript("a1", Transcript("broken \ud83d"))
    assert count(store, "transcripts") == 0


def test_a_recipe_is_kept_once_however_many_scores_it_made(store: SqlStore):
    store.begin_session(session())
    recipes = ("one", "two", "one", "", "one")
    for number, recipe in enumerate(recipes):
        store.add_attempt(typed(f"a{number}"))
        store.add_transcript(f"a{number}", transcript())
        store.add_score(f"a{number}", score(number, recipe), None)
    assert count(store, "recipes") == 3
    assert tuple(a.score.recipe for a in store.session("monday").attempts if a.score) == recipes


def test_a_session_is_read_whole_in_two_questions_to_the_database(store: SqlStore):
    store.begin_session(session())
    for name in ("a1", "a2"):
        store.add_attempt(typed(name))
        store.add_transcript(name, transcript())
        store.add_score(name, score(recipe=name), None)
    with statements() as seen:
        store.sessions()
    assert len([s for s in seen if s.startswith("SELECT")]) == 2


def test_nothing_but_the_end_of_a_session_is_ever_changed_or_deleted(store: SqlStore, data: Path):
    with statements() as seen:
        for _ in range(2):
            store.begin_session(session())
            store.add_attempt(spoken(data))
            store.add_transcript("a1", transcript())
            store.add_score("a1", score(), delivery())
            store.finish_session("monday", minutes(30))
    changes = {s.partition(" WHERE")[0] for s in seen if not s.startswith(("SELECT", "INSERT", "BEGIN"))}
    assert changes == {"UPDATE sessions SET finished=?"}


def test_every_transcript_and_score_stays_in_the_database(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    for value in (1, 2, 3):
        store.add_transcript("a1", transcript(str(value)))
        store.add_score("a1", score(value), None)
    assert (count(store, "transcripts"), count(store, "scores")) == (3, 3)


def test_transcripts_and_scores_are_dated_by_the_clock_of_the_store(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript())
    store.add_score("a1", score(), None)
    with store._reading() as db:
        dates = db.execute(text("SELECT t.created, s.created FROM transcripts t, scores s")).one()
    assert dates == ("2026-03-01 09:30:15.123456", "2026-03-01 09:31:15.123456")


# --- what is left to do, what was practised ------------------------------------------------------


def three_spoken(store: SqlStore, data: Path) -> None:
    store.begin_session(session())
    for name, at in (("c", 3), ("a", 1), ("b", 2)):
        store.add_attempt(spoken(data, name, at=minutes(at)))


def test_attempts_without_a_transcript_are_unfinished_oldest_first(store: SqlStore, data: Path):
    three_spoken(store, data)
    store.add_transcript("b", transcript())
    store.add_score("b", score(), None)
    assert store.unfinished_attempts() == (spoken(data, "a", at=minutes(1)), spoken(data, "c", at=minutes(3)))


def test_attempts_whose_newest_transcript_has_no_score_are_unfinished_whole(store: SqlStore, data: Path):
    three_spoken(store, data)
    for name in ("a", "b", "c"):
        store.add_transcript(name, transcript())
    store.add_score("b", score(), delivery())
    assert store.unfinished_attempts() == (store.attempt("a"), store.attempt("c"))
    assert [a.transcript for a in store.unfinished_attempts()] == [transcript(), transcript()]


def test_a_score_of_an_older_text_does_not_finish_an_attempt(store: SqlStore, data: Path):
    three_spoken(store, data)
    for name in ("a", "b", "c"):
        store.add_transcript(name, transcript())
        store.add_score(name, score(), None)
    assert store.unfinished_attempts() == ()
    store.add_transcript("b", transcript("In better words."))
    assert [(a.id, a.transcript) for a in store.unfinished_attempts()] == [("b", transcript("In better words."))]


def test_a_typed_answer_without_a_score_is_unfinished_until_it_has_one(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript())
    assert [a.id for a in store.unfinished_attempts()] == ["a1"]
    store.add_score("a1", score(), None)
    assert store.unfinished_attempts() == ()


def test_unwritten_and_unscored_attempts_come_oldest_first(store: SqlStore, data: Path):
    three_spoken(store, data)
    store.add_transcript("b", transcript())
    assert [a.id for a in store.unfinished_attempts()] == ["a", "b", "c"]


def test_an_attempt_with_neither_clip_nor_text_cannot_be_finished(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    assert store.unfinished_attempts() == ()


def test_recordings_that_another_recogniser_wrote_down_come_oldest_first(store: SqlStore, data: Path):
    store.begin_session(session())
    ours = transcript()
    texts = {"c": replace(ours, model="small.en"), "a": replace(ours, engine="pocketsphinx"), "b": ours}
    for at, (name, text_of) in enumerate(texts.items()):
        store.add_attempt(spoken(data, name, at=minutes(-at)))
        store.add_transcript(name, text_of)
    found = store.written_by_others("whisper", "base.en")
    assert found == (Recorded("a", "async-routes", 2.0), Recorded("c", "async-routes", 2.0))
    assert store.count_by_others("whisper", "base.en") == {"async-routes": Share(2, 4.0, 0)}


def test_the_newest_transcript_says_who_wrote_an_attempt_down(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    for model in ("small.en", "base.en"):
        store.add_transcript("a1", replace(transcript(), model=model))
    assert store.written_by_others("whisper", "base.en") == ()
    assert [a.id for a in store.written_by_others("whisper", "small.en")] == ["a1"]


@pytest.mark.parametrize("engine", ["typed", "corrected"])
def test_texts_by_hand_are_no_other_recognisers(store: SqlStore, data: Path, engine: str):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    store.add_transcript("a1", replace(transcript(), engine=engine))
    assert store.written_by_others("whisper", "small.en") == ()


def test_attempts_without_a_clip_or_a_text_have_no_other_recogniser(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(typed("a1"))
    store.add_transcript("a1", transcript())
    store.add_attempt(spoken(data, "a2"))
    assert store.written_by_others("whisper", "small.en") == ()


def two_questions(store: SqlStore) -> None:
    store.begin_session(session())
    for name, question, at, value in (
        ("a3", "depends", 3, 55),
        ("a1", "depends", 1, 70),
        ("a2", "validation", 2, 35),
        ("a4", "depends", 4, None),
    ):
        store.add_attempt(typed(name, question=question, at=minutes(at)))
        store.add_transcript(name, transcript())
        if value is not None:
            store.add_score(name, score(99), None)
            store.add_score(name, score(value), None)


def test_what_was_practised_is_listed_by_question_oldest_first(store: SqlStore):
    two_questions(store)
    assert store.practised() == {
        "depends": ((minutes(1), 70.0), (minutes(3), 55.0)),
        "validation": ((minutes(2), 35.0),),
    }


def test_the_best_score_of_a_question_is_the_best_of_its_newest_ones(store: SqlStore):
    two_questions(store)
    assert store.best_scores() == {"depends": 70.0, "validation": 35.0}


def test_nothing_was_practised_in_an_empty_store(store: SqlStore):
    assert (store.practised(), store.best_scores()) == ({}, {})
