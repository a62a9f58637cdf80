"""The tables and how a database gets them."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from interviewer.core.errors import StoreError
from interviewer.store.connection import connect
from interviewer.store.database import SqlStore
from interviewer.store.schema import MIGRATIONS, upgrade
from interviewer.store.tables import REVISION, Base
from tests.store.values import session, transcript, typed

LATER = """
import sqlalchemy as sa
from alembic import op
revision = "later"
down_revision = "{before}"
def upgrade():
    with op.batch_alter_table("attempts") as batch:
        batch.add_column(sa.Column("mood", sa.Text(), server_default="calm", nullable=False))
        batch.alter_column("position", new_column_name="place")
    {more}
"""

OPEN = """
import pathlib, sys
from interviewer.store.database import SqlStore
SqlStore.open(pathlib.Path(sys.argv[1])).close()
print("alembic" in sys.modules)
"""


@pytest.fixture
def kept(data: Path) -> Path:
    """A database of the newest revision with one answer in it."""
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
        store.add_attempt(typed())
        store.add_transcript("a1", transcript())
    return data / "interviewer.db"


def later(tmp_path: Path, more: str = "") -> Path:
    """Return migrations with one more revision, in a folder whose name an ini file would stumble over."""
    folder = tmp_path / "100% later"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "later_mood.py").write_text(LATER.format(before=REVISION, more=more))
    return folder


def upgraded(path: Path, migrations: Path) -> None:
    engine = connect(path, busy_s=1)
    try:
        upgrade(engine, path, migrations=migrations, target="later")
    finally:
        engine.dispose()


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_the_migrations_lead_to_the_tables_that_the_program_uses(store: SqlStore):
    with store._opened().connect() as connection:
        # The index is no part of the migrations.
        ours = {"include_name": lambda name, *_: name is None or not name.startswith("history")}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata) == []


def test_the_newest_migration_is_the_one_that_the_tables_name():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_new_database_needs_no_copy(data: Path):
    SqlStore.open(data).close()
    assert [p.name for p in data.iterdir()] == ["interviewer.db"]


def test_a_database_that_is_up_to_date_is_opened_without_alembic(kept: Path):
    done = subprocess.run([sys.executable, "-c", OPEN, kept.parent], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_references_between_tables_are_watched(kept: Path):
    with closing(SqlStore.open(kept.parent)) as store, store._opened().connect() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1


def test_references_are_watched_in_a_database_just_made(data: Path):
    with closing(SqlStore.open(data)) as store, store._opened().connect() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1


def test_an_older_database_is_brought_up_to_date(kept: Path, tmp_path: Path):
    upgraded(kept, later(tmp_path))
    assert ask(kept, "SELECT id, place, mood FROM attempts") == [("a1", 0, "calm")]


def test_a_migration_that_copies_a_table_keeps_the_rows_that_refer_to_it(kept: Path, tmp_path: Path):
    upgraded(kept, later(tmp_path))
    assert ask(kept, "SELECT attempt_id, text FROM transcripts") == [("a1", "It injects a dependency.")]


def test_an_older_database_is_copied_aside_first(kept: Path, tmp_path: Path):
    upgraded(kept, later(tmp_path))
    aside = kept.with_name("interviewer.db.before-later")
    assert ask(aside, "SELECT id, position FROM attempts") == [("a1", 0)]


def test_the_copy_is_private_and_nothing_else_is_left(kept: Path, tmp_path: Path):
    upgraded(kept, later(tmp_path))
    names = {p.name: stat.S_IMODE(p.stat().st_mode) for p in kept.parent.iterdir()}
    assert names == {"interviewer.db": 0o600, "interviewer.db.before-later": 0o600, "recordings": 0o700}


def test_a_copy_left_by_an_earlier_try_is_replaced(kept: Path, tmp_path: Path):
    aside = kept.with_name("interviewer.db.before-later")
    for old in (aside, aside.with_name(aside.name + ".part")):
        old.write_bytes(b"half a copy")
    upgraded(kept, later(tmp_path))
    assert ask(aside, "SELECT id FROM attempts") == [("a1",)]


def test_a_migration_that_fails_changes_nothing(kept: Path, tmp_path: Path):
    before = ask(kept, "SELECT name, sql FROM sqlite_master ORDER BY name")
    with pytest.raises(RuntimeError, match="no"):
        upgraded(kept, later(tmp_path, more="raise RuntimeError('no')"))
    assert ask(kept, "SELECT name, sql FROM sqlite_master ORDER BY name") == before


def test_a_database_of_a_newer_version_is_left_alone(kept: Path, tmp_path: Path):
    upgraded(kept, later(tmp_path))
    with pytest.raises(StoreError, match="newer version") as told:
        SqlStore.open(kept.parent)
    assert "newest version" in told.value.hint
    assert ask(kept, "SELECT version_num FROM alembic_version") == [("later",)]


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE notes (id)", "CREATE TABLE alembic_version (version_num)"], ids=["tables", "no revision"]
)
def test_the_database_of_another_program_is_left_alone(data: Path, sql: str):
    data.mkdir()
    with closing(sqlite3.connect(data / "interviewer.db")) as db:
        db.execute(sql)
    with pytest.raises(StoreError, match="another program"):
        SqlStore.open(data)
    assert len(ask(data / "interviewer.db", "SELECT name FROM sqlite_master")) == 1


def test_an_empty_file_becomes_a_database(data: Path):
    data.mkdir()
    (data / "interviewer.db").touch()
    with closing(SqlStore.open(data)) as store:
        assert store.sessions() == ()


def test_processes_that_start_together_make_one_database(data: Path):
    started = [subprocess.Popen([sys.executable, "-c", OPEN, data]) for _ in range(3)]
    assert [process.wait(120) for process in started] == [0, 0, 0]
    assert ask(data / "interviewer.db", "SELECT version_num FROM alembic_version") == [(REVISION,)]
