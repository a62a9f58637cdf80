"""Databases of earlier versions: nothing that was kept is lost on the way to this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from interviewer.core.models import Coverage, Delivery, FiredGate, Pause, PointResult, Score
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.connection import connect
from interviewer.store.database import SqlStore
from interviewer.store.schema import upgrade
from interviewer.store.tables import REVISION
from tests.store.values import minutes, score

SESSION = ("monday", "2026-03-01 09:30:15.123456", None, "Backend engineer", "practice", '["depends"]')
ATTEMPT = "INSERT INTO attempts VALUES (?, 'monday', 'depends', 0, ?, '', NULL, NULL, NULL, NULL)"
TEXT = "INSERT INTO transcripts VALUES (?, ?, '2026-03-01 09:31:00.000000', 'typed', '', 0, 'It injects.', '[]', '[]')"
SCORE = "INSERT INTO scores VALUES (?, ?, ?, '2026-03-01 09:32:00.000000', ?, ?, ?, ?, ?, ?)"
POINTS = '[["Names Depends","covered",0.81,"It injects."],["Says when it runs","missed",0.12,""]]'
NOTES = '["One point is missing.","This mostly repeats the question."]'
DELIVERY = (
    '{"words":42,"talk_s":31.5,"first_word_s":0.8,"pace_wpm":128.0,"fillers":3,"hedges":2,"ambiguous":1,'
    '"pauses":[{"start_s":4.25,"end_s":6.0}]}'
)


@pytest.fixture
def first(data: Path) -> Path:
    """A database as the first revision left it: three scored answers, one of them scored twice."""
    data.mkdir()
    path = data / DATABASE_NAME
    engine = connect(path, busy_s=1)
    upgrade(engine, path, target="0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", SESSION)
        for number, name in enumerate(("a1", "a2", "a3"), 1):
            db.execute(ATTEMPT, (name, f"2026-03-01 09:3{number}:00.000000"))
            db.execute(TEXT, (number, name))
        db.execute(SCORE, (1, "a1", 1, 62.5, "Good, with gaps", "meaning-1/53aa", POINTS, NOTES, DELIVERY))
        db.execute(SCORE, (2, "a2", 2, 12.0, "Little heard", "meaning-0/17bc", "[]", "[]", None))
        db.execute(SCORE, (4, "a3", 3, 80.0, "Strong", "", POINTS, "[]", None))
        db.execute(SCORE, (7, "a1", 1, 65.0, "Good, with gaps", "meaning-1/53aa", POINTS, NOTES, DELIVERY))
    return path


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_an_old_score_is_read_as_it_was(first: Path):
    with closing(SqlStore.open(first.parent)) as store:
        kept = store.attempt("a1")
    points = (
        PointResult("Names Depends", Coverage.COVERED, 0.81, "It injects."),
        PointResult("Says when it runs", Coverage.MISSED, 0.12, ""),
    )
    gates = (FiredGate("", 1.0, "One point is missing."), FiredGate("", 1.0, "This mostly repeats the question."))
    assert kept.score == Score(65.0, "Good, with gaps", points, gates, "meaning-1/53aa")
    assert kept.delivery == Delivery(42, 31.5, 0.8, 128.0, 3, 2, 1, (Pause(4.25, 6.0),))


def test_every_old_score_keeps_all_its_columns(first: Path):
    columns = "id, attempt_id, transcript_id, created, value, label, points, notes, delivery"
    before = ask(first, f"SELECT {columns}, recipe FROM scores ORDER BY id")
    SqlStore.open(first.parent).close()
    joined = f"SELECT scores.{columns}, text FROM scores JOIN recipes ON recipes.id = recipe_id ORDER BY scores.id"
    assert ask(first, joined) == before


def test_old_recipes_are_kept_once_each(first: Path):
    SqlStore.open(first.parent).close()
    assert ask(first, "SELECT id, text FROM recipes") == [(1, "meaning-1/53aa"), (2, "meaning-0/17bc"), (3, "")]


def test_an_old_score_has_neither_range_nor_next_step(first: Path):
    SqlStore.open(first.parent).close()
    new = ask(first, "SELECT DISTINCT low, high, next_step, coverage_only FROM scores")
    assert new == [(None, None, "", 0)]


def test_what_refers_to_what_is_whole_after_the_migration(first: Path):
    SqlStore.open(first.parent).close()
    assert ask(first, "PRAGMA foreign_key_check") == []
    assert ask(first, "SELECT name FROM sqlite_master WHERE name LIKE '%0001%'") == []


def test_a_score_added_after_the_migration_has_a_number_of_its_own(first: Path):
    with closing(SqlStore.open(first.parent, now=lambda: minutes(5))) as store:
        store.add_score("a1", score(recipe="meaning-1/53aa"), None)
        assert store.attempt("a1").score == score(recipe="meaning-1/53aa")
    assert ask(first, "SELECT id, recipe_id FROM scores ORDER BY id DESC LIMIT 1") == [(8, 1)]


def test_the_database_of_the_first_revision_is_copied_aside(first: Path):
    before = ask(first, "SELECT * FROM scores ORDER BY id")
    SqlStore.open(first.parent).close()
    assert ask(first.with_name(f"{DATABASE_NAME}.before-{REVISION}"), "SELECT * FROM scores ORDER BY id") == before
