"""How the last answers sounded, as the store hands it out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from interviewer.store.database import SqlStore
from tests.store.values import delivery, minutes, score, session, spoken, transcript, typed


def keep(store: SqlStore, data: Path, name: str, at: int, *, words: int) -> None:
    """Keep a spoken answer of so many words, given at this minute."""
    store.add_attempt(replace(spoken(data, name), created=minutes(at)))
    store.add_transcript(name, transcript())
    store.add_score(name, score(), replace(delivery(), words=words))


def test_the_newest_come_first_and_no_more_than_wanted(store: SqlStore, data: Path) -> None:
    store.begin_session(session())
    for place, at in enumerate((30, 10, 20)):
        keep(store, data, f"a{place}", at, words=at)
    assert [d.words for d in store.last_deliveries(2)] == [30, 20]


def test_the_answer_looked_at_and_those_without_words_leave_their_places_to_others(store: SqlStore, data: Path) -> None:
    store.begin_session(session())
    for at, words in enumerate((10, 20, 0, 0, 30)):
        keep(store, data, f"a{at}", at, words=words)
    assert [d.words for d in store.last_deliveries(2, "a4")] == [20, 10]
    assert [d.words for d in store.last_deliveries(2)] == [30, 20]


def test_an_answer_scored_again_counts_once(store: SqlStore, data: Path) -> None:
    store.begin_session(session())
    keep(store, data, "a1", 10, words=10)
    store.add_score("a1", score(), replace(delivery(), words=11))
    assert [d.words for d in store.last_deliveries(10)] == [11]


def test_typed_answers_sounded_like_nothing(store: SqlStore) -> None:
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript(typed().id, transcript())
    store.add_score(typed().id, score(), None)
    assert store.last_deliveries(10) == ()
