"""A database may come from anywhere: it names no file outside, runs nothing, and its texts reach no log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.core.errors import StoreDamaged, StoreError
from interviewer.store.database import SqlStore
from tests.store.values import session, spoken, transcript, typed


@pytest.mark.parametrize(
    "clip", ["/etc/passwd", "../../.ssh/id", "recordings/../../x.wav", "C:/x.wav", "recordings\\..\\x.wav"]
)
def test_a_clip_outside_the_data_folder_is_a_damaged_entry(store: SqlStore, data: Path, clip: str):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    with closing(sqlite3.connect(data / "interviewer.db")) as db, db:
        db.execute("UPDATE attempts SET clip = ?", (clip,))
    with pytest.raises(StoreDamaged, match="damaged entry"):
        store.sessions()


def test_an_error_of_the_database_repeats_nothing_of_what_was_said(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    raw = store._opened().raw_connection()
    raw.cursor().execute("PRAGMA query_only=ON").close()
    raw.close()
    with pytest.raises(StoreError) as told:
        store.add_transcript("a1", transcript("my secret salary"))
    assert "salary" not in f"{told.value} {told.value.__cause__}"


@pytest.mark.parametrize(("pragma", "value"), [("secure_delete", 1), ("synchronous", 2), ("trusted_schema", 0)])
def test_a_connection_is_careful(store: SqlStore, pragma: str, value: int):
    with store._reading() as db:
        assert db.scalar(text(f"PRAGMA {pragma}")) == value


def test_what_is_deleted_leaves_no_text_in_the_file(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript("my secret salary " * 1000))
    with store._writing() as db:
        db.execute(text("DELETE FROM transcripts"))
    assert b"secret salary" not in (data / "interviewer.db").read_bytes()
