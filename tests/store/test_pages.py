"""Rows are read from the pages of a database alone, whatever became of its head."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.store.opening import open_store
from interviewer.store.pages import records
from tests.store.backing import lived_in

some = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
values = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.binary(max_size=9000)


def made(path: Path, rows: list[tuple[Any, ...]], *, page: int = 4096) -> Path:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"PRAGMA page_size={page}")
        db.execute("CREATE TABLE t (a, b, c)")
        db.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    return path


def found(path: Path) -> list[tuple[Any, ...]]:
    rows: dict[int, tuple[Any, ...]] = {}
    for number, row in records(path):
        if len(row) == 3:
            rows.setdefault(number, tuple(row))  # another size of the pages is tried as well
    return [rows[number] for number in sorted(rows)]


@some
@given(st.lists(st.tuples(values, values, values), max_size=30))
def test_every_value_is_read_as_it_was_written(tmp_path: Path, rows: list[tuple[Any, ...]]):
    assert found(made(tmp_path / "x.db", rows)) == rows


@pytest.mark.parametrize("page", [512, 1024, 65536])
@pytest.mark.parametrize("length", [0, 400, 480, 5000, 70_000])
def test_rows_longer_than_a_page_are_followed(tmp_path: Path, page: int, length: int):
    rows = [(1, b"x" * length, 2.5)]
    assert found(made(tmp_path / "x.db", rows, page=page)) == rows


@some
@given(st.binary(max_size=9000))
def test_any_bytes_are_read_without_a_fault(tmp_path: Path, raw: bytes):
    (tmp_path / "x.db").write_bytes(raw)
    list(records(tmp_path / "x.db"))


@some
@given(st.data())
def test_a_damaged_file_is_read_without_a_fault(tmp_path: Path, data: st.DataObject):
    raw = bytearray(made(tmp_path / "x.db", [(n, b"x" * 3000, "y") for n in range(9)]).read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "x.db").write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    list(records(tmp_path / "x.db"))


@pytest.mark.parametrize("damage", [slice(0, 100), slice(100, 108), slice(0, 4096)], ids=["head", "tree", "page"])
def test_a_database_whose_first_page_is_damaged_loses_nothing(data: Path, empty_database: Path, damage: slice):
    path = lived_in(data, empty_database) / "interviewer.db"
    raw = bytearray(path.read_bytes())
    raw[damage] = b"\xa5" * len(raw[damage])
    path.write_bytes(raw)
    with closing(open_store(data, told=lambda _: None)) as store:
        sessions = store.sessions()
    texts = [a.transcript.text for s in sessions for a in s.attempts if a.transcript]
    assert sorted(texts) == ["It injects a dependency.", "Typed, and nowhere else."]
    assert [a.score.value for s in sessions for a in s.attempts if a.score] == [62.5]
    assert {s.bank_title for s in sessions} == {"Backend engineer"}
