"""The index of the history stays in step with what is kept, and is made anew where it is lost or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.errors import StoreDamaged, StoreError
from interviewer.core.search import Query
from interviewer.store import index
from interviewer.store.database import SqlStore
from interviewer.store.opening import open_store
from tests.store.answers import NOTE, agrees, ask, found, keep, words
from tests.store.values import minutes, score, transcript, typed

# --- in step -------------------------------------------------------------------------------


def test_the_newest_text_alone_is_found(kept: SqlStore, data: Path):
    kept.add_transcript("b", replace(transcript("The thread pool blocks."), engine="corrected"))
    assert (found(kept, text="event"), found(kept, text="blocks"), found(kept, engine="corrected")) == ("", "b", "b")
    assert found(kept, low=90) == ""  # that text has no score yet
    kept.add_score("b", score(20), None)
    assert found(kept, high=20) == "b"
    assert agrees(data)


def test_the_newest_score_alone_counts(kept: SqlStore, data: Path):
    kept.add_score("a", score(10), None)
    assert found(kept, high=10) == "a"
    assert agrees(data)


def test_whatever_is_kept_changed_or_deleted_the_index_is_what_it_would_be_if_made_anew(kept: SqlStore, data: Path):
    kept.set_note("a", NOTE)
    kept.set_note("a", "Other")
    kept.set_star("c", True)
    kept.add_transcript("d", transcript("Late."))
    kept.delete_attempts(["b"])
    assert agrees(data)
    kept.delete_sessions(["tuesday"])
    assert agrees(data)
    assert found(kept) == "a"


def test_no_byte_of_a_deleted_text_stays_in_the_index(kept: SqlStore, data: Path):
    for number in range(60):
        keep(kept, typed(f"n{number}", at=minutes(number)), f"{NOTE if number % 2 else 'Nothing'} said {number}.")
    assert NOTE.lower().encode() in words(data)
    kept.delete_attempts([f"n{number}" for number in range(1, 60, 2)])
    assert NOTE.lower().encode() not in words(data).lower()
    assert len(kept.find_answers(Query(text="nothing")).ids) == 30


def test_a_failed_change_leaves_the_index_as_it_was(kept: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr(index, "_put", broken)
    with pytest.raises(StoreError):
        kept.set_note("a", NOTE)
    monkeypatch.undo()
    assert (kept.attempt("a").note, found(kept, text="injects")) == ("", "a")
    assert agrees(data)


# --- damage --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE history_words",
        "DROP VIEW history_texts",
        "DROP TABLE history",
        "DROP INDEX ix_history_shown",
        "CREATE TABLE more (id)",
    ],
)
def test_an_index_that_was_lost_is_made_anew_when_the_store_is_opened(kept: SqlStore, data: Path, harm: str):
    kept.set_note("b", NOTE)
    kept.close()
    ask(data, harm)
    with closing(SqlStore.open(data)) as again:
        assert (found(again, text="loop"), found(again, text=NOTE)) == ("cb", "b")
    assert agrees(data)


TORN = "DELETE FROM history_words_data"
HARMS = (
    TORN,
    "DELETE FROM history_words_config",
    "DROP TABLE history_words_data",
    "DROP TABLE history_words_idx",
    "UPDATE history_words_data SET block = x'ffffffffffffffff' WHERE id > 10",
)


@pytest.mark.parametrize("harm", HARMS)
def test_an_index_that_is_damaged_within_is_made_anew_when_it_is_asked(kept: SqlStore, data: Path, harm: str):
    kept.close()
    ask(data, harm)
    with closing(SqlStore.open(data)) as again:
        assert found(again, text="loop") == "cb"
    assert agrees(data)


@pytest.mark.parametrize(
    ("use", "ids"),
    [
        (lambda s: s.add_transcript("b", transcript("A thread.")), "c"),
        (lambda s: s.set_note("a", "loop"), "cba"),
        (lambda s: s.delete_attempts(["b"]), "c"),
    ],
    ids=["add", "note", "delete"],
)
def test_a_damaged_index_keeps_nothing_from_being_kept(
    kept: SqlStore, data: Path, use: Callable[[SqlStore], object], ids: str
):
    kept.close()
    ask(data, TORN)
    with closing(SqlStore.open(data)) as again:
        use(again)
        assert found(again, text="loop") == ids
    assert agrees(data)


def test_a_damaged_entry_that_is_found_later_is_remembered_for_the_next_start(kept: SqlStore, data: Path):
    ask(data, "UPDATE scores SET points = '[7]' WHERE attempt_id = 'b'")
    assert not kept.is_doubted
    with pytest.raises(StoreDamaged):
        kept.attempt("b")
    assert kept.is_doubted
    kept.close()
    told: list[Exception] = []
    with closing(open_store(data, told=told.append)) as again:
        assert len(told) == 1
        assert (again.is_doubted, again.attempt("b").score) == (False, None)
        assert found(again, text="loop") == "cb"


def test_many_answers_are_not_all_read_at_a_start(kept: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch):
    kept.close()
    monkeypatch.setattr("interviewer.store.opening._QUICKLY", 3)
    monkeypatch.setattr(SqlStore, "sessions", lambda _: pytest.fail("read every answer"))
    open_store(data, told=lambda _: None).close()


def test_notes_and_stars_outlive_a_rebuilt_database(kept: SqlStore, data: Path):
    kept.set_note("b", NOTE)
    kept.set_star("c", True)
    kept.close()
    ask(data, "UPDATE sessions SET mode = 'other' WHERE id = 'none'")
    ask(data, "UPDATE scores SET points = '[7]' WHERE attempt_id = 'a'")
    with closing(open_store(data, told=lambda _: None)) as again:
        assert (found(again, text=NOTE), found(again, starred=True), again.attempt("a").score) == ("b", "c", None)
        assert (again.attempt("a").asked, again.attempt("a").topic) == ("How are dependencies injected?", "Design")
    assert agrees(data)
