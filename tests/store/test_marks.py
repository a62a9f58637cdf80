"""Notes and stars beside answers: kept, found, and gone for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.store import index
from interviewer.store.database import SqlStore
from tests.store.answers import NOTE, agrees, ask, found, words

# --- notes and stars -----------------------------------------------------------------------


def test_a_note_is_kept_and_found(kept: SqlStore):
    kept.set_note("d", f"Say {NOTE} first.")
    assert kept.attempt("d").note == f"Say {NOTE} first."
    assert found(kept, text=NOTE) == "d"


def test_another_note_takes_the_place_of_the_one_before(kept: SqlStore, data: Path):
    kept.set_note("d", f"Say {NOTE} first.")
    kept.set_note("d", "Say queue first.")
    assert (found(kept, text=NOTE), found(kept, text="queue")) == ("", "dc")


@pytest.mark.parametrize("after", ["", "Something else"])
def test_nothing_of_a_note_stays_in_the_file_when_it_is_taken_away(kept: SqlStore, data: Path, after: str):
    for number in range(40):
        kept.set_note("d", f"{NOTE} {number}")
        kept.set_note("c", f"Note {number}")
    assert NOTE.lower().encode() in words(data).lower()
    kept.set_note("d", after)
    kept.forget_notes()
    assert NOTE.lower().encode() not in words(data).lower()
    assert found(kept, text="note") == "c"
    assert agrees(data)


def lingers(data: Path) -> bool:
    return NOTE.lower().encode() in words(data).lower()


@pytest.fixture
def changed(kept: SqlStore, data: Path) -> SqlStore:
    """A note was changed within its text, and its words are still in the index."""
    for number in range(40):
        kept.set_note("d", f"{NOTE} {number}")
        kept.set_note("c", f"Note {number}")
    kept.set_note("d", "Else")
    assert lingers(data)
    return kept


def test_a_note_that_goes_on_puts_no_work_off_or_upon_anybody(kept: SqlStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "forget", lambda _: pytest.fail("the whole index was written"))
    kept.set_note("d", "Say")
    kept.set_note("d", "Say this")
    kept.forget_notes()


def test_a_change_within_a_note_does_not_write_the_whole_index(kept: SqlStore, monkeypatch: pytest.MonkeyPatch):
    calls = []
    real = index.forget
    monkeypatch.setattr(index, "forget", lambda db: (calls.append(1), real(db)))
    for text in ("Say this", "Say that", "That"):
        kept.set_note("d", text)
    assert calls == []
    kept.forget_notes()
    kept.forget_notes()
    assert calls == [1]


def test_a_store_that_is_closed_leaves_no_word_of_an_earlier_note(changed: SqlStore, data: Path):
    changed.close()
    assert not lingers(data)


def test_a_store_that_was_not_closed_leaves_none_once_it_is_opened_again(changed: SqlStore, data: Path):
    changed._opened().dispose()  # as a kill would: nothing of ours runs
    assert lingers(data)
    SqlStore.open(data).close()
    assert not lingers(data)


def test_what_is_to_be_forgotten_and_what_is_doubted_are_noted_apart(changed: SqlStore, data: Path):
    changed.doubt(True)
    assert changed.is_doubted
    changed.forget_notes()
    assert (changed.is_doubted, lingers(data)) == (True, False)
    changed.set_note("d", "Once more")
    changed.doubt(False)
    assert not changed.is_doubted
    assert ask(data, "PRAGMA user_version") == [(2,)]


def test_a_disk_that_does_not_take_it_keeps_no_store_from_being_closed_or_opened(
    changed: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_db: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(index, "forget", full)
    changed.close()
    SqlStore.open(data).close()
    monkeypatch.undo()
    SqlStore.open(data).close()
    assert not lingers(data)


def test_a_star_is_kept_and_found(kept: SqlStore):
    kept.set_star("b", True)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (True, "b")
    kept.set_star("b", False)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (False, "")


@pytest.mark.parametrize(
    "mark", [lambda s: s.set_note("x", "n"), lambda s: s.set_star("x", True)], ids=["note", "star"]
)
def test_an_unknown_answer_takes_neither_note_nor_star(kept: SqlStore, mark: Callable[[SqlStore], None]):
    with pytest.raises(StoreError, match="no answer 'x'"):
        mark(kept)
