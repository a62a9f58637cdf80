"""A session from elsewhere may be somebody else's: it is in the history, and in none of the user's own figures."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import InputError
from interviewer.core.models import Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.retention import too_old
from interviewer.core.search import Query
from interviewer.store import sidecar
from interviewer.store.arriving import refuse_future
from interviewer.store.backup import back_up, default_folder
from interviewer.store.connection import connect
from interviewer.store.database import SqlStore
from interviewer.store.opening import open_store
from interviewer.store.restore import restore
from interviewer.store.schema import upgrade
from tests.store.backing import NOON, spoil
from tests.store.values import START, delivery, minutes, score, session, spoken, transcript, typed

COACH = "friday"


@pytest.fixture
def mixed(store: SqlStore, data: Path) -> SqlStore:
    """One answer of one's own, and after it a better one in a session from elsewhere."""
    store.begin_session(session())
    store.add_attempt(replace(spoken(data, "own"), question_id="depends", follow_up=""))
    store.add_transcript("own", transcript())
    store.add_score("own", score(40.0), replace(delivery(), words=40))
    theirs = replace(spoken(data, "theirs", of=COACH, at=minutes(20)), question_id="depends", follow_up="")
    judged = replace(theirs, transcript=transcript(), score=score(95.0), delivery=replace(delivery(), words=95))
    store.add_session(replace(session(COACH, at=minutes(20)), attempts=(judged,)))
    return store


def came(store: SqlStore) -> dict[str, bool]:
    return {s.id: s.came is not None for s in store.session_heads()}


# --- one's own figures ------------------------------------------------------------------------


def test_how_one_usually_sounds_is_of_ones_own_answers(mixed: SqlStore) -> None:
    assert [d.words for d in mixed.last_deliveries(10)] == [40]


def test_what_is_weakest_and_what_is_due_is_of_ones_own_answers(mixed: SqlStore) -> None:
    assert mixed.practised() == {"depends": ((START, 40.0),)}
    assert mixed.best_scores() == {"depends": 40.0}


def test_trends_are_of_ones_own_answers(mixed: SqlStore) -> None:
    mixed.add_attempt(typed("own2", at=minutes(30)))
    first = mixed.trend_portion(0, 1)
    assert [row.attempt_id for row in first.rows] == ["own"]
    assert first.next is not None
    assert [row.attempt_id for row in mixed.trend_portion(first.next, 1).rows] == ["own2"]


def test_the_newest_session_is_the_newest_that_was_held_here(mixed: SqlStore) -> None:
    mixed.finish_session("monday", minutes(9))
    mixed.finish_session(COACH, minutes(25))
    assert [s.id for s in mixed.open_sessions()] == ["monday"]


def test_the_history_has_both_and_tells_them_apart(mixed: SqlStore) -> None:
    rows = mixed.listed(mixed.find_answers(Query()).ids)
    assert [(row.attempt_id, row.elsewhere) for row in rows] == [("theirs", True), ("own", False)]
    assert {line.id: line.elsewhere for line in mixed.lines().rows} == {"monday": False, COACH: True}


# --- how long it stays ------------------------------------------------------------------------


def test_an_old_session_that_came_today_is_not_deleted_today(mixed: SqlStore) -> None:
    old = session("old", at=START - timedelta(days=200))
    mixed.add_session(replace(old, finished=old.created))
    heads = mixed.session_heads()
    assert too_old(heads, days=30, now=minutes(60)) == ()
    assert too_old(heads, days=30, now=START + timedelta(days=31)) == ("old",)


def test_a_session_from_the_future_does_not_keep_others_from_being_deleted(mixed: SqlStore) -> None:
    mixed.finish_session("monday", minutes(9))
    mixed.add_session(session("later", at=START.replace(year=9999)))
    assert too_old(mixed.session_heads(), days=30, now=START + timedelta(days=31)) == ("monday",)


@pytest.mark.parametrize("part", ["created", "finished", "answer"])
@pytest.mark.parametrize("late", [0, 1])
def test_moments_more_than_a_day_ahead_are_refused(part: str, late: int) -> None:
    when = START + timedelta(days=1, microseconds=late)
    sent: Session = {
        "created": session(at=when),
        "finished": replace(session(), finished=when),
        "answer": replace(session(), attempts=(typed(at=START), typed("a2", at=when))),
    }[part]
    if not late:
        refuse_future(sent, START)
        return
    with pytest.raises(InputError, match=r"a day that has not come yet, 2 March 2026"):
        refuse_future(sent, START)


# --- wherever it is kept ----------------------------------------------------------------------


def test_the_file_beside_the_recordings_knows_it(mixed: SqlStore, data: Path) -> None:
    beside = sidecar.read(data, COACH)
    assert beside is not None
    assert beside.came is not None
    assert beside.came == mixed.session(COACH).came


@pytest.mark.parametrize("harmed", ["sessions", "scores"])
def test_a_rebuilt_database_knows_it(mixed: SqlStore, data: Path, harmed: str) -> None:
    before = {s.id: s.came for s in mixed.session_heads()}
    mixed.close()
    spoil(data / DATABASE_NAME, harmed)
    told: list[object] = []
    with closing(open_store(data, told=told.append)) as again:
        assert {s.id: s.came for s in again.session_heads()} == before
    assert len(told) == 1


def test_a_backup_knows_it(mixed: SqlStore, data: Path, tmp_path: Path) -> None:
    made = back_up(data, default_folder(data), now=NOON)
    before = {s.id: s.came for s in mixed.session_heads()}
    restore(tmp_path / "new", made.path, now=NOON)
    with closing(SqlStore.open(tmp_path / "new")) as again:
        assert {s.id: s.came for s in again.session_heads()} == before


def test_what_was_kept_before_anybody_noted_it_is_ones_own(data: Path) -> None:
    data.mkdir()
    path = data / DATABASE_NAME
    engine = connect(path, busy_s=1)
    upgrade(engine, path, target="0004")
    engine.dispose()
    with closing(sqlite3.connect(path)) as db, db:
        created = "2026-03-01 09:30:15.123456"
        db.execute("INSERT INTO sessions VALUES (?, ?, NULL, 'A', 'practice', '[]')", ("old", created))
    with closing(SqlStore.open(data)) as store:
        assert came(store) == {"old": False}
    # The row stands in the file as it was written: without a place for what came later.
    spoiled = path.read_bytes().replace(b"SQLite format 3", b"SQLite format 9", 1)
    path.write_bytes(spoiled)
    with closing(open_store(data, told=lambda _error: None)) as store:
        assert came(store) == {"old": False}
