"""Each session is kept a second time, beside its recordings."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.store import sidecar
from interviewer.store.database import SqlStore
from tests.store.values import session

BESIDE = Path("recordings/monday/session.json")


def change(data: Path, **fields: object) -> None:
    known = json.loads((data / BESIDE).read_text(encoding="utf-8"))
    (data / BESIDE).write_text(json.dumps({**known, **fields}), encoding="utf-8")


def test_a_session_that_begins_lies_beside_its_recordings(store: SqlStore, data: Path):
    store.begin_session(session())
    assert sidecar.read(data, "monday") == session()


def test_it_is_for_its_owner_only(store: SqlStore, data: Path):
    store.begin_session(session())
    path = data / BESIDE
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]


def test_nothing_else_is_left_in_the_folder(store: SqlStore, data: Path):
    store.begin_session(session())
    assert [p.name for p in (data / BESIDE.parent).iterdir()] == ["session.json"]


def test_a_session_that_is_known_keeps_what_was_written_first(store: SqlStore, data: Path):
    store.begin_session(session())
    store.begin_session(replace(session(), bank_title="Another"))
    assert sidecar.read(data, "monday") == session()


def test_a_disk_that_does_not_take_it_ends_no_interview(
    store: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device", "/home/jane/data")

    monkeypatch.setattr(sidecar, "write_whole", full)
    store.begin_session(session())
    assert (store.sessions(), sidecar.read(data, "monday")) == ((session(),), None)
    assert "beside its recordings (OSError)" in caplog.text
    assert "jane" not in caplog.text


def test_a_title_that_could_not_be_read_again_is_not_written(store: SqlStore, data: Path):
    long = replace(session(), bank_title="x" * 401)
    store.begin_session(long)
    assert (store.sessions(), (data / BESIDE).exists()) == ((long,), False)


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "tuesday"},
        {"id": "../monday"},
        {"created": "2026-03-01T09:30:15"},
        {"mode": "karaoke"},
        {"question_ids": ["x"] * 2001},
        {"question_ids": "depends"},
        {"bank_title": "x" * 401},
        {"format": 2},
    ],
)
def test_one_that_makes_no_sense_is_none(store: SqlStore, data: Path, fields: dict[str, object]):
    store.begin_session(session())
    change(data, **fields)
    assert sidecar.read(data, "monday") is None


def test_what_a_later_version_adds_is_passed_over(store: SqlStore, data: Path):
    store.begin_session(session())
    change(data, mood="brave")
    assert sidecar.read(data, "monday") == session()


def test_one_that_is_too_large_is_none(store: SqlStore, data: Path):
    store.begin_session(session())
    with (data / BESIDE).open("a", encoding="utf-8") as file:
        file.write(" " * sidecar.MAX_BYTES)
    assert sidecar.read(data, "monday") is None


def test_a_link_is_not_followed(store: SqlStore, data: Path, tmp_path: Path):
    store.begin_session(session())
    (data / BESIDE).rename(tmp_path / "elsewhere.json")
    (data / BESIDE).symlink_to(tmp_path / "elsewhere.json")
    assert sidecar.read(data, "monday") is None


def test_where_there_is_none_none_is_read(data: Path):
    assert sidecar.read(data, "monday") is None
