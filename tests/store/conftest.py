from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.paths import DATABASE_NAME
from interviewer.store.database import SqlStore
from tests.store.answers import keep
from tests.store.values import minutes, session, spoken, typed


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row: copying it takes a tenth of making it."""
    folder = tmp_path_factory.mktemp("empty")
    SqlStore.open(folder).close()
    return folder / DATABASE_NAME


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def store(data: Path, empty_database: Path) -> Iterator[SqlStore]:
    """An empty store in `data`, whose clock goes on by a minute each time it is asked."""
    data.mkdir(mode=0o700)
    shutil.copyfile(empty_database, data / DATABASE_NAME)
    ticks = itertools.count()
    with closing(SqlStore.open(data, busy_s=0.05, now=lambda: minutes(next(ticks)))) as opened:
        yield opened


@pytest.fixture
def kept(store: SqlStore, data: Path) -> SqlStore:
    """Two interviews of two banks; four answers, one a minute; `d` has neither text nor score."""
    store.begin_session(session())
    store.begin_session(replace(session("tuesday", at=minutes(2)), bank_title="System design"))
    first = replace(typed("a", at=minutes(0)), asked="How are dependencies injected?", topic="Design")
    keep(store, first, "It injects a dependency.", 40.0, "typed")
    keep(store, spoken(data, "b", at=minutes(1)), "The event loop runs it.", 92.0)
    keep(store, replace(spoken(data, "c", of="tuesday", at=minutes(2)), topic="Scale"), "A queue and a loop.", 62.4)
    keep(store, typed("d", of="tuesday", question="validation", at=minutes(3)))
    return store
