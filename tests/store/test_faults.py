"""What the store says when the disk, the file or another program is against it."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.core.errors import StoreError
from interviewer.store.database import SqlStore
from tests.store.values import score, session, spoken, transcript, typed


@pytest.fixture
def kept(store: SqlStore, data: Path) -> Path:
    """A closed database with enough in it to be damaged."""
    store.begin_session(session())
    store.add_attempt(typed())
    for _ in range(4):
        store.add_transcript("a1", transcript("word " * 4000))
    store.close()
    return data / "interviewer.db"


def pragma(store: SqlStore, sql: str) -> None:
    raw = store._opened().raw_connection()
    raw.cursor().execute(sql).close()
    raw.close()


def test_a_file_that_is_no_database_is_told_and_left_alone(data: Path):
    data.mkdir()
    (data / "interviewer.db").write_bytes(b"Dear diary, " * 400)
    with pytest.raises(StoreError, match="is damaged") as told:
        SqlStore.open(data)
    assert "Open Interviewer" in told.value.hint
    assert (data / "interviewer.db").read_bytes().startswith(b"Dear diary")


def test_a_database_with_a_damaged_page_is_told(kept: Path):
    pages = bytearray(kept.read_bytes())
    pages[3 * 4096 : 9 * 4096] = b"\xa5" * (6 * 4096)
    kept.write_bytes(pages)
    with pytest.raises(StoreError, match="is damaged"):
        SqlStore.open(kept.parent)


def test_a_database_that_was_cut_off_is_told(kept: Path):
    os.truncate(kept, kept.stat().st_size // 2)
    with pytest.raises(StoreError, match="is damaged"):
        SqlStore.open(kept.parent)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE transcripts SET words = '[[1'",
        "UPDATE transcripts SET words = '[[1]]'",
        "UPDATE sessions SET mode = 'karaoke'",
        "UPDATE sessions SET created = 'yesterday'",
    ],
)
def test_an_entry_that_makes_no_sense_is_told(kept: Path, sql: str):
    with closing(sqlite3.connect(kept)) as db, db:
        db.execute(sql)
    with closing(SqlStore.open(kept.parent)) as store, pytest.raises(StoreError, match="damaged entry"):
        store.session("monday")


def test_a_folder_in_the_place_of_the_database_is_told(data: Path):
    (data / "interviewer.db").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened"):
        SqlStore.open(data)


def test_a_file_in_the_place_of_the_data_folder_is_told(data: Path):
    data.write_text("")
    with pytest.raises(StoreError, match="cannot be made") as told:
        SqlStore.open(data)
    assert "--data-dir" in told.value.hint


def test_a_disk_that_takes_no_new_file_is_told(data: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StoreError, match="Read-only file system"):
        SqlStore.open(data)


def test_a_database_of_another_owner_is_still_opened(kept: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "chmod", refuse)
    with closing(SqlStore.open(kept.parent)) as store:
        assert store.sessions()


def test_a_database_that_another_program_writes_is_told(store: SqlStore, data: Path):
    with closing(sqlite3.connect(data / "interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program") as told:
            store.begin_session(session())
    assert "Close the other Interviewer" in told.value.hint


def test_a_store_waits_for_the_other_program_and_then_goes_on(store: SqlStore, data: Path):
    with closing(sqlite3.connect(data / "interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            store.begin_session(session())
        other.execute("ROLLBACK")
    store.begin_session(session())
    assert store.sessions() == (session(),)


def test_another_program_that_writes_does_not_keep_the_store_from_reading(store: SqlStore, data: Path):
    store.begin_session(session())
    with closing(sqlite3.connect(data / "interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.sessions() == (session(),)


def test_a_locked_database_cannot_be_opened(kept: Path):
    with closing(sqlite3.connect(kept, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="in use by another program"):
            SqlStore.open(kept.parent, busy_s=0.05)


def test_a_full_disk_is_told_and_nothing_half_is_kept(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(typed())
    pragma(store, "PRAGMA max_page_count=20")
    with pytest.raises(StoreError, match="disk is full") as told:
        store.add_transcript("a1", transcript("word " * 50_000))
    assert "Free some space" in told.value.hint
    assert store.attempt("a1") == typed()


def test_a_store_goes_on_when_there_is_space_again(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    pragma(store, "PRAGMA max_page_count=20")
    with pytest.raises(StoreError):
        store.add_transcript("a1", transcript("word " * 50_000))
    pragma(store, "PRAGMA max_page_count=1000000")
    store.add_transcript("a1", transcript("word " * 50_000))
    assert store.attempt("a1").transcript == transcript("word " * 50_000)


def test_a_database_that_cannot_be_written_to_is_told(store: SqlStore):
    pragma(store, "PRAGMA query_only=ON")
    with pytest.raises(StoreError, match="cannot be written to"):
        store.begin_session(session())


def test_what_no_other_error_covers_is_told_as_well(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript())
    with pytest.raises(StoreError, match="cannot be read or written"):
        store.add_score("a1", score(float("nan")), None)  # SQLite keeps no such number


def test_a_mistake_in_the_use_of_sqlalchemy_is_told_as_well(store: SqlStore):
    with pytest.raises(StoreError, match="cannot be read or written"), store._reading() as db:
        db.execute(text("SELECT :missing"))


def test_the_cause_of_an_error_is_kept(data: Path):
    data.mkdir()
    (data / "interviewer.db").write_bytes(b"x" * 4096)
    with pytest.raises(StoreError) as told:
        SqlStore.open(data)
    assert isinstance(told.value.__cause__, sqlite3.DatabaseError)


KILLED = """
import os, pathlib, signal, sys
from interviewer.store.database import SqlStore
from tests.store.values import session, spoken
data = pathlib.Path(sys.argv[1])
store = SqlStore.open(data)
store.begin_session(session())
store.add_attempt(spoken(data))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_an_attempt_survives_the_kill_of_the_program_right_after_it(data: Path):
    done = subprocess.run([sys.executable, "-c", KILLED, data], timeout=120)
    assert done.returncode == -signal.SIGKILL
    with closing(SqlStore.open(data)) as store:
        assert store.session("monday").attempts == (spoken(data),)


HALF = """
import os, pathlib, signal, sys
from interviewer.store.database import SqlStore
from interviewer.store.tables import AttemptRow
from tests.store.values import session, spoken, START
data = pathlib.Path(sys.argv[1])
store = SqlStore.open(data)
store.begin_session(session())
with store._writing() as db:
    for number in range(5000):
        db.add(AttemptRow(id=f"n{number}", session_id="monday", question_id="q" * 500, position=0, created=START))
    db.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_in_the_middle_of_a_write_leaves_nothing_half(data: Path):
    done = subprocess.run([sys.executable, "-c", HALF, data], timeout=120)
    assert done.returncode == -signal.SIGKILL
    with closing(SqlStore.open(data)) as store:
        assert store.sessions() == (session(),)
