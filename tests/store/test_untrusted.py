"""A database that somebody else wrote: what does not fit is a damaged entry, never a crash or a file elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.connection import MOST_BYTES
from interviewer.store.database import SqlStore
from tests.store.values import delivery, score, session, spoken, transcript

Spoil = Callable[[str, object], None]


@pytest.fixture
def kept(store: SqlStore, data: Path) -> SqlStore:
    """A store with one answer of every part."""
    store.begin_session(session())
    store.add_attempt(spoken(data))
    store.add_transcript("a1", transcript())
    store.add_score("a1", score(50), delivery())
    return store


@pytest.fixture
def spoil(kept: SqlStore, data: Path) -> Iterator[Spoil]:
    """Set a column, called table.column, of every row to a value of any type."""
    database = sqlite3.connect(data / DATABASE_NAME)

    def write(column: str, value: object) -> None:
        table, name = column.split(".")
        with database:
            database.execute(f"UPDATE {table} SET {name} = ?", (value,))

    yield write
    database.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sessions.question_ids", "[" * 100_000),
        ("sessions.question_ids", '{"a": 1}'),
        ("sessions.question_ids", "[1]"),
        ("sessions.bank_title", b"\xff"),
        ("sessions.mode", "other"),
        ("attempts.position", -1),
        ("attempts.position", "first"),
        ("attempts.clip", "../../etc/passwd"),
        ("attempts.clip", "/etc/passwd"),
        ("attempts.clip", b"recordings/x"),
        ("attempts.sample_rate_hz", 0),
        ("attempts.sample_rate_hz", 2**62),
        ("attempts.frames", -5),
        ("attempts.frames", 2**62),
        ("attempts.gap_ms", "long"),
        ("transcripts.text", b"\x80"),
        ("transcripts.words", "[" * 100_000),
        ("transcripts.words", '[["a", NaN, 1, 1]]'),
        ("transcripts.words", '[["a", 0, 1e999, 1]]'),
        ("transcripts.words", '[["a", 0, true, 1]]'),
        ("transcripts.words", "[[1, 0, 1, 1]]"),
        ("transcripts.words", '[["a", 0]]'),
        ("transcripts.words", '["abcd"]'),
        ("transcripts.speech", "[[0, -Infinity]]"),
        ("transcripts.speech", '[[0, "b"]]'),
        ("scores.value", "high"),
        ("scores.value", -9e999),
        ("scores.low", b"x"),
        ("scores.label", b"x"),
        ("scores.points", '[["p", "covered", "near", "e"]]'),
        ("scores.points", '[["p", "covered", 0.5, "e", [0, 1e3]]]'),
        ("scores.points", '[["p", "covered", 0.5, "e", [1], true]]'),
        ("scores.notes", "[7]"),
        ("scores.notes", '[["kind", "much", "note"]]'),
        ("scores.delivery", "[]"),
        ("scores.delivery", "{}"),
        ("recipes.text", b"x"),
    ],
)
def test_what_does_not_fit_is_a_damaged_entry(kept: SqlStore, spoil: Spoil, column: str, value: object) -> None:
    spoil(column, value)
    with pytest.raises(StoreError, match=r"damaged|cannot be read"):
        kept.session("monday")


def test_what_this_program_wrote_fits(kept: SqlStore, spoil: Spoil) -> None:
    (found,) = kept.session("monday").attempts
    assert found.transcript == transcript()
    assert found.delivery == delivery()


def test_an_entry_beyond_all_size_is_not_read_into_memory(kept: SqlStore, spoil: Spoil) -> None:
    spoil("transcripts.text", "x" * (MOST_BYTES + 1))
    with pytest.raises(StoreError, match="too large"):
        kept.session("monday")
