from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interviewer.core.paths import DATABASE_NAME
from interviewer.store.database import SqlStore
from tests.store.values import minutes


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
