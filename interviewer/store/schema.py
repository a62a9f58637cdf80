"""Brings a database to the tables of this version, with Alembic, in this process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from interviewer.core.errors import StoreError
from interviewer.core.files import put_in_place
from interviewer.store import index
from interviewer.store.connection import WRITES, set_foreign_keys
from interviewer.store.disk import make_file_private, sync_file
from interviewer.store.tables import REVISION

MIGRATIONS = Path(__file__).with_name("migrations")
"""Beside this file in a checkout and in an installed wheel alike."""


def upgrade(engine: Engine, path: Path, *, migrations: Path = MIGRATIONS, target: str = REVISION) -> None:
    """Bring the database at `path` to the revision `target`, all or nothing, and with the newest make its index.

    Before an existing one is changed it is copied to `<name>.before-<target>` beside it.
    Raises StoreError for a database of a newer version or of another program; whatever
    SQLAlchemy, sqlite3 or the disk raise passes through.
    """
    current = _current(engine, path)
    if current == target:
        # Importing Alembic takes longer than everything else here; most starts need none of it.
        _see_index(engine)
        return
    _migrate(engine, path, migrations, current, target)


def _current(engine: Engine, path: Path) -> str | None:
    """Return the revision of the database; None for an empty one."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if not tables:
            return None
        found: list[str] = []
        if "alembic_version" in tables:
            found.extend(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if len(found) != 1:
        hint = "Choose another data folder with --data-dir, or move this file away."
        raise StoreError(f"{path} is the database of another program", hint=hint)
    return found[0]


def _migrate(engine: Engine, path: Path, migrations: Path, current: str | None, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # The configuration is an ini file in memory, where % begins a name.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None:
        if current not in known:
            hint = "Install the newest version of Interviewer, or choose another data folder with --data-dir."
            raise StoreError(f"The database {path} was made by a newer version", hint=hint)
        _copy_aside(engine, path.with_name(f"{path.name}.before-{target}"))
    # Copying a table in a migration drops the old one, and with it every row that refers to it.
    set_foreign_keys(engine, on=False)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            config.attributes["connection"] = connection
            # It refers to tables that a migration may have to copy.
            index.drop(driver_of(connection))
            command.upgrade(config, target)
            if target == REVISION:
                index.make_anew(driver_of(connection))
    finally:
        set_foreign_keys(engine, on=True)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return SQLite's own connection below one, within whose transaction it then works."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # it is the one `connect` made
    return driver


def _see_index(engine: Engine) -> None:
    """Make the index of the history where a database has lost it."""
    with engine.connect() as connection:
        there = index.is_there(driver_of(connection))
    if not there:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            index.make_anew(driver_of(connection))


def _copy_aside(engine: Engine, aside: Path) -> None:
    """Copy the database, durably, to `aside`; replaces an earlier copy."""
    part = aside.with_name(aside.name + ".part")
    part.unlink(missing_ok=True)
    make_file_private(part)
    # SQLite's own copy: opening and closing the file here would drop the locks of this process.
    raw = engine.raw_connection()
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        source = raw.driver_connection
        assert isinstance(source, sqlite3.Connection)  # it is the one `connect` made
        source.backup(copy)
    finally:
        copy.close()
        raw.close()
    sync_file(part)
    put_in_place(part, aside)
