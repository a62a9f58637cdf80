"""The one connection to the database, and what its errors mean to a user."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from interviewer.core.errors import InputError, StoreDamaged, StoreError
from interviewer.store.disk import make_file_private

WRITES = "writes"
"""Execution option of a connection whose transactions take the write lock at their start."""

_PRAGMAS = (
    # FULL in DELETE mode survives a power cut; WAL would need a second look at every copy of the file.
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What was deleted must not lie in free pages of the file.
    "PRAGMA secure_delete=ON",
    # The file may come from a backup that somebody tampered with: what its schema says runs nothing.
    "PRAGMA trusted_schema=OFF",
)

MOST_BYTES = 32 * 1024 * 1024
"""Of one entry. An answer of an hour with all its words takes 0.5 MB; SQLite's own limit is 1 GB."""

_PRIMARY_CODE = 0xFF
"""The low byte of SQLite's extended error codes is the plain one (sqlite.org/rescode.html)."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CLOSED = ("cannot be opened", "Make the file and its folder writable, or choose another data folder with --data-dir.")
_BUSY = ("is in use by another program", "Close the other Interviewer, then try again.")
_TOLD = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Free some space on this disk, then try again."),
    sqlite3.SQLITE_PERM: _CLOSED,
    sqlite3.SQLITE_AUTH: _CLOSED,
    sqlite3.SQLITE_READONLY: ("cannot be written to", _CLOSED[1]),
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_TOOBIG: ("holds an entry that is too large", "Put an earlier copy of the file back."),
}
_OTHER = ("cannot be read or written", "Check the disk, or choose another data folder with --data-dir.")


def connect(path: Path, *, busy_s: float) -> Engine:
    """Return an engine over one connection to the database at `path`, created 0600 when missing.

    Waits up to `busy_s` for the lock of another process. The caller disposes of it. To be
    used by one thread at a time. Raises StoreError when it cannot be opened, StoreDamaged when
    it is damaged.
    """
    with told(path):
        make_file_private(path)
        connection = _open(path, busy_s)
        try:
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    # hide_parameters: errors end up in logs, and the parameters are what somebody said.
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def set_foreign_keys(engine: Engine, *, on: bool) -> None:
    """Watch references between tables or not; for outside of transactions, SQLite ignores it inside."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()
    finally:
        raw.close()


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with the database at `path` into a StoreError with a hint.

    Damage is a StoreDamaged. A text that no file can hold (half a character) is an InputError.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as exc:
        if _code(exc) in _DAMAGED:
            raise damaged(path) from exc
        fact, hint = _meaning(exc)
        raise StoreError(f"The database {path} {fact}", hint=hint) from exc
    except OSError as exc:
        raise StoreError(f"The database {path} {_CLOSED[0]} ({exc.strerror})", hint=_CLOSED[1]) from exc
    except UnicodeEncodeError as exc:
        raise InputError("The text holds half a character, which cannot be kept", hint="Type it again.") from exc
    except (ValueError, TypeError, LookupError) as exc:
        # The file is whole, but an entry is not what this program writes.
        raise StoreDamaged(f"The database {path} holds a damaged entry") from exc


def damaged(path: Path) -> StoreDamaged:
    """Return the error for a database whose pages do not fit together."""
    return StoreDamaged(f"The database {path} is damaged")


def _code(error: Exception) -> int | None:
    """Return the plain SQLite code of an error; None where it has none."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE


def _meaning(error: Exception) -> tuple[str, str]:
    code = _code(error)
    return _OTHER if code is None else _TOLD.get(code, _OTHER)


def _open(path: Path, busy_s: float) -> sqlite3.Connection:
    # isolation_level=None: sqlite3 itself begins transactions for some statements and not for
    # others, DDL among them; `_begin` begins every one. check_same_thread=False: the thread
    # that builds the program makes the connection, the disk lane uses it.
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    # The whole check, indexes too: with 100,000 answers (850 MB) it took 0.76 s where quick_check
    # took 0.72 s, both on the disk lane while the window is there already; with 5,000, 40 ms.
    if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise damaged(path)


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later can meet a lock that no waiting resolves.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
