"""What the store promises of sessions, of answers and of its connection, method by method."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Clip, Mode
from interviewer.core.store import Store
from interviewer.store.database import SqlStore
from tests.store.asking import count, statements
from tests.store.values import delivery, minutes, score, session, spoken, transcript, typed

HOSTILE = ["", "..", "../evil", "a/b", "a\\b", "/etc/passwd", "C:evil", "a.b", "a\n", "a\0", "ä", "x" * 121]


# --- sessions --------------------------------------------------------------------------------


def test_a_session_comes_back_as_it_was_kept(store: SqlStore):
    store.begin_session(session())
    assert store.session("monday") == session()


def test_a_finished_session_knows_when(store: SqlStore):
    store.begin_session(session())
    store.finish_session("monday", minutes(20))
    assert store.session("monday") == replace(session(), finished=minutes(20))


def test_a_session_may_come_finished(store: SqlStore):
    store.begin_session(replace(session(), finished=minutes(5), mode=Mode.INTERVIEW))
    assert store.session("monday") == replace(session(), finished=minutes(5), mode=Mode.INTERVIEW)


def test_a_session_begun_twice_is_kept_once_and_as_it_was_first(store: SqlStore):
    store.begin_session(session())
    store.begin_session(replace(session(), bank_title="Another"))
    assert store.sessions() == (session(),)


def test_the_attempts_of_a_new_session_are_not_kept_with_it(store: SqlStore):
    store.begin_session(replace(session(), attempts=(typed(),)))
    assert store.session("monday").attempts == ()


def test_times_of_another_zone_stay_the_same_moment(store: SqlStore):
    there = minutes(0).astimezone(timezone(timedelta(hours=-5, minutes=-30)))
    store.begin_session(session(at=there))
    assert store.session("monday").created == there


def test_times_come_back_with_the_zone_utc(store: SqlStore):
    store.begin_session(session())
    assert store.session("monday").created.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store: SqlStore):
    with pytest.raises(InputError, match="no time zone"):
        store.begin_session(session(at=minutes(0).replace(tzinfo=None)))


def test_an_end_without_a_zone_is_refused(store: SqlStore):
    store.begin_session(session())
    with pytest.raises(InputError, match="no time zone"):
        store.finish_session("monday", minutes(1).replace(tzinfo=None))


def test_sessions_come_newest_first(store: SqlStore):
    for name, at in (("b", 2), ("c", 1), ("a", 3)):
        store.begin_session(session(name, at=minutes(at)))
    assert [s.id for s in store.sessions()] == ["a", "b", "c"]


def test_an_empty_store_has_no_sessions(store: SqlStore):
    assert store.sessions() == ()


def test_each_session_of_the_list_has_its_own_attempts_in_order(store: SqlStore):
    store.begin_session(session("one"))
    store.begin_session(session("two", at=minutes(1)))
    store.add_attempt(typed("a-late", of="one", at=minutes(9)))
    store.add_attempt(typed("other", of="two"))
    store.add_attempt(typed("z-early", of="one", at=minutes(3)))
    assert [[a.id for a in s.attempts] for s in store.sessions()] == [["other"], ["z-early", "a-late"]]


def test_the_list_of_sessions_leaves_the_words_out_and_nothing_else(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    store.add_transcript("a1", transcript())
    store.add_score("a1", score(), delivery())
    light = replace(transcript(), words=(), speech=())
    whole = replace(spoken(data), transcript=light, score=score(), delivery=delivery())
    assert store.sessions() == (replace(session(), attempts=(whole,)),)


def test_the_list_of_sessions_does_not_read_words(store: SqlStore, data: Path):
    store.begin_session(session())
    with statements() as seen:
        store.sessions()
    assert "words" not in " ".join(seen)


@pytest.mark.parametrize("read", [SqlStore.sessions, lambda s: s.session("s0"), SqlStore.practised])
def test_reading_takes_as_many_statements_for_many_as_for_none(store: SqlStore, read: Callable[[SqlStore], object]):
    store.begin_session(session("s0"))
    with statements() as few:
        read(store)
    for number in range(1, 3):
        store.begin_session(session(f"s{number}"))
        for attempt in range(2):
            store.add_attempt(typed(f"s{number}-{attempt}", of=f"s{number}"))
            store.add_transcript(f"s{number}-{attempt}", transcript())
            store.add_score(f"s{number}-{attempt}", score(), None)
    with statements() as many:
        read(store)
    assert many == few


def test_an_unknown_session_cannot_be_read(store: SqlStore):
    with pytest.raises(InputError, match="no session 'tuesday'"):
        store.session("tuesday")


def test_an_unknown_session_cannot_be_finished(store: SqlStore):
    with pytest.raises(StoreError, match="no session 'tuesday'"):
        store.finish_session("tuesday", minutes(1))


# --- attempts --------------------------------------------------------------------------------


def test_a_spoken_attempt_comes_back_with_its_clip(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    assert store.attempt("a1") == spoken(data)


def test_a_typed_attempt_has_no_clip(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    assert store.attempt("a1") == typed()


def test_a_session_read_whole_has_its_attempts_with_their_words(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    store.add_transcript("a1", transcript())
    assert store.session("monday").attempts == (replace(spoken(data), transcript=transcript()),)


def test_an_attempt_added_twice_is_kept_once_and_as_it_was_first(store: SqlStore, data: Path):
    store.begin_session(session())
    store.add_attempt(spoken(data))
    store.add_attempt(typed("a1"))
    assert store.session("monday").attempts == (spoken(data),)


def test_an_attempt_added_again_keeps_its_transcript(store: SqlStore):
    store.begin_session(session())
    store.add_attempt(typed())
    store.add_transcript("a1", transcript())
    store.add_attempt(typed())
    assert store.attempt("a1").transcript == transcript()


def test_attempts_of_the_same_moment_come_in_the_order_of_their_names(store: SqlStore):
    store.begin_session(session())
    for name in ("a-02-0004", "a-01-0002", "a-01-0003"):
        store.add_attempt(typed(name))
    assert [a.id for a in store.session("monday").attempts] == ["a-01-0002", "a-01-0003", "a-02-0004"]


def test_an_attempt_of_an_unknown_session_is_not_kept(store: SqlStore):
    with pytest.raises(StoreError, match="no session 'monday'"):
        store.add_attempt(typed())
    assert count(store, "attempts") == 0


def test_an_unknown_attempt_cannot_be_read(store: SqlStore):
    with pytest.raises(InputError, match="no answer 'a9'"):
        store.attempt("a9")


def test_a_clip_is_found_again_when_the_data_folder_has_moved(data: Path, tmp_path: Path):
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
        store.add_attempt(spoken(data))
    moved = data.rename(tmp_path / "elsewhere")
    with closing(SqlStore.open(moved)) as store:
        assert store.attempt("a1") == spoken(moved)


@pytest.mark.parametrize("path", ["../outside.wav", "recordings/../../outside.wav"])
def test_a_clip_outside_the_data_folder_is_refused(store: SqlStore, data: Path, path: str):
    store.begin_session(session())
    with pytest.raises(InputError, match="outside the data folder"):
        store.add_attempt(replace(typed(), clip=Clip(data / path, 16_000, 1)))


def test_a_data_folder_given_relative_to_the_current_one_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with closing(SqlStore.open(Path("x/../here"))) as store:
        assert store.clip_path("monday", "a1") == tmp_path / "here/recordings/monday/a1.wav"


# --- files and ids ---------------------------------------------------------------------------


def test_a_clip_belongs_in_a_folder_of_its_session(store: SqlStore, data: Path):
    assert store.clip_path("monday", "a1") == data / "recordings" / "monday" / "a1.wav"


def test_every_folder_is_private(data: Path):
    with closing(SqlStore.open(data)) as store:
        folder = store.clip_path("monday", "a1").parent
    assert [stat.S_IMODE(f.stat().st_mode) for f in (data, folder.parent, folder)] == [0o700] * 3


def test_the_database_is_private(data: Path):
    SqlStore.open(data).close()
    assert stat.S_IMODE((data / "interviewer.db").stat().st_mode) == 0o600


def test_a_database_that_others_could_read_is_closed_to_them(data: Path):
    SqlStore.open(data).close()
    (data / "interviewer.db").chmod(0o644)
    SqlStore.open(data).close()
    assert stat.S_IMODE((data / "interviewer.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_id_names_no_clip(store: SqlStore, name: str):
    with pytest.raises(InputError, match="cannot name"):
        store.clip_path("monday", name)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_session_id_names_no_folder(store: SqlStore, name: str):
    with pytest.raises(InputError, match="cannot name"):
        store.clip_path(name, "a1")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_id_is_not_kept(store: SqlStore, name: str):
    store.begin_session(session())
    with pytest.raises(InputError, match="cannot name"):
        store.add_attempt(typed(name))
    with pytest.raises(InputError, match="cannot name"):
        store.begin_session(session(name))


def test_a_recordings_folder_that_is_a_file_is_told(store: SqlStore, data: Path):
    (data / "recordings").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        store.clip_path("monday", "a1")


# --- the connection ----------------------------------------------------------------------------


def test_what_was_kept_is_there_after_closing_and_opening(data: Path):
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
    with closing(SqlStore.open(data)) as store:
        assert store.session("monday") == session()


def test_closing_twice_is_harmless(data: Path):
    store = SqlStore.open(data)
    store.close()
    store.close()


def test_a_closed_store_says_so(data: Path):
    store = SqlStore.open(data)
    store.close()
    with pytest.raises(StoreError, match="closed already"):
        store.sessions()
    with pytest.raises(StoreError, match="closed already"):
        store.begin_session(session())


@pytest.mark.parametrize(("pragma", "value"), [("foreign_keys", 1), ("synchronous", 2), ("journal_mode", "delete")])
def test_the_connection_prefers_safety_to_speed(store: SqlStore, pragma: str, value: object):
    with store._reading() as db:
        assert db.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_write_takes_the_lock_before_it_reads(store: SqlStore):
    with statements() as seen:
        store.begin_session(session())
    assert seen[0] == "BEGIN IMMEDIATE"


def test_the_tables_are_made_under_the_lock_of_a_writer(data: Path):
    with statements() as seen:
        SqlStore.open(data).close()
    made = next(number for number, statement in enumerate(seen) if "CREATE TABLE" in statement)
    assert [s for s in seen[:made] if s.startswith("BEGIN")][-1] == "BEGIN IMMEDIATE"


def test_reading_takes_no_lock_that_keeps_others_out(store: SqlStore):
    with statements() as seen:
        store.sessions()
    assert seen[0] == "BEGIN"


def test_no_journal_is_left_after_a_write(store: SqlStore, data: Path):
    store.begin_session(session())
    assert sorted(p.name for p in data.iterdir()) == ["interviewer.db", "recordings"]


def test_the_store_is_what_the_core_asks_for(store: SqlStore):
    wanted = {name for name in vars(Store) if not name.startswith("_")}
    assert wanted <= {name for name in dir(store) if callable(getattr(store, name))}
