"""What is deleted is gone for good, rows and files, and nothing else is."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt
from interviewer.core.removal import Removed
from interviewer.store import deleting
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from interviewer.store.recovery import recover
from tests.store.values import START, delivery, score, session, transcript

FIRST, SECOND, OTHER = "monday-01-0002", "monday-02-0004", "tuesday-01-0002"
SECRET = "Quite a confidential sentence about my employer."


def keep(store: SqlStore, name: str, of: str, *, text: str = "It injects a dependency.") -> Attempt:
    writer = WavWriter(store.clip_path(of, name), 8_000)
    writer.write(np.ones(500, np.int16))
    attempt = Attempt(name, of, "depends", 0, START, writer.finish())
    store.add_attempt(attempt)
    store.add_transcript(name, transcript(text))
    store.add_score(name, score(recipe=f'{{"version":"{of}"}}'), delivery())
    return attempt


@pytest.fixture
def kept(store: SqlStore) -> SqlStore:
    """Two interviews, with two answers and one."""
    for name, answers in (("monday", (FIRST, SECOND)), ("tuesday", (OTHER,))):
        store.begin_session(session(name))
        for answer in answers:
            keep(store, answer, name)
    return store


def files(data: Path) -> list[str]:
    found = (data / "recordings").rglob("*")
    return sorted(p.relative_to(data / "recordings").as_posix() for p in found)


def ask(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "interviewer.db")) as db:
        return db.execute(sql).fetchall()


def counted(data: Path) -> dict[str, object]:
    tables = ("sessions", "attempts", "transcripts", "scores", "recipes", "deleted_files")
    return {table: ask(data, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


# --- what goes -----------------------------------------------------------------------------------


def test_an_answer_goes_with_its_texts_scores_and_recording(kept: SqlStore, data: Path):
    others = kept.session("tuesday")
    kept.delete_attempts([FIRST])
    assert counted(data) == dict.fromkeys(("attempts", "transcripts", "scores", "sessions", "recipes"), 2) | {
        "deleted_files": 0
    }
    assert f"monday/{FIRST}.wav" not in files(data)
    assert [a.id for a in kept.session("monday").attempts] == [SECOND]
    assert kept.session("tuesday") == others


def test_what_was_deleted_is_told(kept: SqlStore, data: Path):
    size = (data / "recordings" / "monday" / f"{FIRST}.wav").stat().st_size
    gone = kept.delete_attempts([FIRST])
    assert gone == Removed(attempts=(FIRST,), files=(f"recordings/monday/{FIRST}.wav",), size_bytes=size)


def test_an_interview_goes_with_its_answers_and_its_folder(kept: SqlStore, data: Path):
    gone = kept.delete_sessions(["monday"])
    assert (gone.sessions, set(gone.attempts), gone.left) == (("monday",), {FIRST, SECOND}, ())
    assert [s.id for s in kept.sessions()] == ["tuesday"]
    assert files(data) == ["tuesday", "tuesday/session.json", f"tuesday/{OTHER}.wav"]


def test_recipes_that_no_score_has_any_more_go_too(kept: SqlStore, data: Path):
    kept.delete_sessions(["monday"])
    assert ask(data, "SELECT text FROM recipes") == [('{"version":"tuesday"}',)]


@pytest.mark.parametrize("suffix", [".wav", ".part.wav", ".flac", ".part.flac"])
def test_every_file_of_an_answer_goes(kept: SqlStore, data: Path, suffix: str):
    path = data / "recordings" / "monday" / f"{FIRST}{suffix}"
    path.write_bytes(b"sound")
    kept.delete_attempts([FIRST])
    assert not path.exists()


def test_recordings_that_were_never_kept_go_with_their_interview(kept: SqlStore, data: Path):
    (data / "recordings" / "monday" / "monday-03-0009.part.wav").write_bytes(b"sound")
    kept.delete_sessions(["monday"])
    assert not (data / "recordings" / "monday").exists()


def test_an_answer_whose_recording_is_gone_already_goes(kept: SqlStore, data: Path):
    (data / "recordings" / "monday" / f"{FIRST}.wav").unlink()
    assert kept.delete_attempts([FIRST]) == Removed(attempts=(FIRST,))


def test_an_interview_without_a_folder_goes(kept: SqlStore, data: Path):
    kept.begin_session(session("typed-only"))
    (data / "recordings" / "typed-only" / "session.json").unlink(missing_ok=True)
    (data / "recordings" / "typed-only").rmdir()
    assert kept.delete_sessions(["typed-only"]) == Removed(sessions=("typed-only",))


def test_thousands_go_at_once(store: SqlStore, data: Path):
    names = [f"s{number}" for number in range(1_203)]
    with store._writing() as db:
        rows = [(name, "2026-03-01 09:30:15.000000", "Backend", "practice", "[]") for name in names]
        insert = "INSERT INTO sessions (id, created, bank_title, mode, question_ids) VALUES (?, ?, ?, ?, ?)"
        for row in rows:
            db.connection().exec_driver_sql(insert, row)
    assert len(store.delete_sessions(names).sessions) == 1_203
    assert store.sessions() == ()


def test_one_that_is_named_twice_goes_once(kept: SqlStore):
    assert kept.delete_attempts([FIRST, FIRST]).attempts == (FIRST,)


def test_nothing_is_deleted_when_nothing_is_named(kept: SqlStore, data: Path):
    before = counted(data)
    assert kept.delete_sessions([]) + kept.delete_attempts([]) == Removed()
    assert counted(data) == before


def test_no_byte_of_a_deleted_text_stays_in_the_database(kept: SqlStore, data: Path):
    for number in range(30):
        keep(kept, f"monday-03-{number:04d}", "monday", text=SECRET * (1 + 40 * (number % 3)))
    database = data / "interviewer.db"
    before = database.stat().st_size
    assert SECRET.encode() in database.read_bytes()
    kept.delete_attempts([f"monday-03-{number:04d}" for number in range(30)])
    assert SECRET.encode() not in database.read_bytes()
    assert database.stat().st_size < before


def test_nothing_of_a_deletion_is_written_to_the_folder_for_temporary_files(
    kept: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept.delete_attempts([FIRST])
    with kept._opened().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2  # memory


def test_a_database_that_cannot_be_made_smaller_loses_the_rows_all_the_same(
    kept: SqlStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def full(_engine: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(deleting, "shrink", full)
    assert kept.delete_attempts([FIRST]).attempts == (FIRST,)
    assert "smaller" in caplog.text


def test_an_answer_may_come_again_after_it_was_deleted(kept: SqlStore, data: Path):
    kept.delete_attempts([FIRST])
    again = keep(kept, FIRST, "monday")
    assert kept.attempt(FIRST).clip == again.clip


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("delete", [SqlStore.delete_attempts, SqlStore.delete_sessions])
def test_one_unknown_id_and_nothing_is_deleted(
    kept: SqlStore, data: Path, delete: Callable[[SqlStore, list[str]], Removed]
):
    rows, there = counted(data), files(data)
    with pytest.raises(InputError, match="'nobody'"):
        delete(kept, [FIRST, "nobody"] if delete is SqlStore.delete_attempts else ["monday", "nobody"])
    assert (counted(data), files(data)) == (rows, there)


def test_a_database_that_is_in_use_is_told_and_nothing_is_deleted(kept: SqlStore, data: Path):
    there = files(data)
    with closing(sqlite3.connect(data / "interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use"):
            kept.delete_sessions(["monday"])
    assert files(data) == there
    assert len(kept.session("monday").attempts) == 2


# --- ended half-way ------------------------------------------------------------------------------


class Killed(BaseException):
    """The program ends here."""


def die(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize("names", [[FIRST], [FIRST, SECOND]], ids=["one", "two"])
def test_a_kill_before_the_transaction_ends_changes_nothing(kept: SqlStore, data: Path, names: list[str]):
    there, before = files(data), kept.sessions()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(deleting, "_take_rows", die)
        kept.delete_attempts(names)
    kept.close()
    with closing(SqlStore.open(data)) as again:
        assert recover(again, data) == ()
        assert again.sessions() == before
    assert files(data) == there


class KilledAfter:
    """Lets so many calls through, then ends the program."""

    def __init__(self, calls: int, real: Callable[..., object]) -> None:
        self._left = itertools.count(calls, -1)
        self._real = real

    def __call__(self, *arguments: object) -> object:
        if next(self._left) <= 0:
            raise Killed
        return self._real(*arguments)


@pytest.mark.parametrize("removed", range(5))
def test_a_kill_after_the_transaction_leaves_the_rest_to_the_next_start(kept: SqlStore, data: Path, removed: int):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(deleting, "_remove", KilledAfter(removed, deleting._remove))
        patch.setattr(deleting, "sync_folder", die)
        kept.delete_sessions(["monday"])
    kept.close()
    with closing(SqlStore.open(data)) as again:
        assert recover(again, data) == ()
        assert [s.id for s in again.sessions()] == ["tuesday"]
    assert files(data) == ["tuesday", "tuesday/session.json", f"tuesday/{OTHER}.wav"]
    assert counted(data)["deleted_files"] == 0


@pytest.mark.parametrize("removed", range(2))
def test_an_answer_that_was_deleted_is_not_filed_again(kept: SqlStore, data: Path, removed: int):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(deleting, "_remove", KilledAfter(removed, deleting._remove))
        kept.delete_attempts([FIRST, SECOND])
    kept.close()
    with closing(SqlStore.open(data)) as again:
        assert recover(again, data) == ()
        assert again.session("monday").attempts == ()
    assert files(data) == ["monday", "monday/session.json", "tuesday", "tuesday/session.json", f"tuesday/{OTHER}.wav"]


def test_a_file_that_is_in_use_is_told_and_goes_when_the_store_is_opened_again(kept: SqlStore, data: Path):
    def held(_path: Path) -> None:
        raise PermissionError(13, "in use")

    name = f"recordings/monday/{FIRST}.wav"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deleting, "_remove", held)
        gone = kept.delete_attempts([FIRST])
        assert gone == Removed(attempts=(FIRST,), left=(name,))
        # While it is in use, it is still no answer.
        assert recover(kept, data) == ()
    assert kept.deleted_files() == {data / name}
    kept.close()
    SqlStore.open(data).close()
    assert not (data / name).exists()


def test_a_database_that_fails_after_the_deletion_is_no_reason_to_call_it_failed(
    kept: SqlStore, data: Path, caplog: pytest.LogCaptureFixture
):
    def broken(*_: object) -> None:
        raise StoreError("The disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deleting, "remove_noted", broken)
        assert kept.delete_attempts([FIRST]).attempts == (FIRST,)
    assert "cleared away" in caplog.text
    kept.close()
    SqlStore.open(data).close()
    assert f"monday/{FIRST}.wav" not in files(data)
