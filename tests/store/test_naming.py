"""Older answers did not keep how their question was asked: it is filled in once, and then searched for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.store.database import SqlStore
from tests.store.answers import agrees, found, keep
from tests.store.values import minutes, session, transcript, typed

BANK = session().bank_title
KNOWN = {"depends": ("How are dependencies injected?", "Design"), "validation": ("What is checked?", "Models")}


@pytest.fixture
def older(store: SqlStore) -> SqlStore:
    """Three answers that kept neither question nor topic, one of them to a question that no bank knows."""
    store.begin_session(session())
    for place, question in enumerate(("depends", "validation", "unknown")):
        keep(store, typed(f"a{place}", question=question, at=minutes(place)), f"Answer {place}.", 40.0)
    store.set_note("a0", "Zitronenfalter")
    store.set_star("a1", True)
    return store


def test_the_search_knows_their_questions_and_topics_afterwards(older: SqlStore, data: Path) -> None:
    assert (found(older, text="injected"), found(older, topic="Models")) == ("", "")
    assert older.name_questions(BANK, KNOWN, 10) == 2
    assert (found(older, text="injected"), found(older, topic="Models")) == ("a0", "a1")
    assert older.choices().topics == ("Design", "Models")
    assert (older.attempt("a0").asked, older.attempt("a0").topic) == KNOWN["depends"]
    assert agrees(data)


def test_everything_else_of_them_stays(older: SqlStore) -> None:
    before = [older.attempt(f"a{place}") for place in range(3)]
    order = found(older)
    older.name_questions(BANK, KNOWN, 10)
    after = [older.attempt(f"a{place}") for place in range(3)]
    assert [replace(a, asked="", topic="") for a in after] == before
    assert after[2] == before[2]
    assert found(older) == order


def test_it_is_done_in_portions_and_then_over(older: SqlStore) -> None:
    assert [older.name_questions(BANK, KNOWN, 1) for _ in range(4)] == [1, 1, 0, 0]


def test_a_bank_names_the_questions_of_no_other(older: SqlStore) -> None:
    assert older.name_questions("Another bank", KNOWN, 10) == 0
    assert older.attempt("a0").asked == ""


@pytest.mark.parametrize("kept", [{"asked": "How so?"}, {"topic": "Routing"}])
def test_what_was_kept_is_not_replaced(older: SqlStore, kept: dict[str, str]) -> None:
    older.add_attempt(replace(typed("b"), **kept))
    older.name_questions(BANK, KNOWN, 10)
    assert older.attempt("b") == replace(typed("b"), **kept)


def test_a_text_that_comes_later_is_found_as_well(older: SqlStore, data: Path) -> None:
    older.name_questions(BANK, KNOWN, 10)
    older.add_transcript("a0", transcript("Quite another."))
    assert (found(older, text="quite"), found(older, text="injected")) == ("a0", "a0")
    assert agrees(data)
