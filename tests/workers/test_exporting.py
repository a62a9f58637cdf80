"""Session files are written and taken in off the GUI thread; what came of it arrives as a signal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import InputError
from interviewer.reports.forms import Form
from interviewer.store.database import SqlStore
from interviewer.workers.exporting import SessionFiles
from interviewer.workers.lanes import Lane
from interviewer.workers.session_files import Wanted, take_in, write_out
from tests.reports.sessions import NOON, keep, nobody


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keep(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def files(qtbot, data: Path) -> Iterator[SessionFiles]:
    disk, lane = Lane("disk"), Lane("session files")
    store = SqlStore.open(data)
    made = SessionFiles(lane, store, disk, data_dir=data, question=nobody)
    yield made
    assert made.close(5.0)
    disk.run(store.close)
    assert disk.close(5.0)


def test_a_session_is_written_and_told_of(qtbot, files: SessionFiles, tmp_path: Path) -> None:
    counts: list[int] = []
    files.working_changed.connect(counts.append)
    with qtbot.waitSignal(files.written) as told:
        files.write(Wanted("s1", Form.HTML, tmp_path / "s.html"))
        assert counts == [1]
    assert told.args[0].path == tmp_path / "s.html"
    assert (tmp_path / "s.html").exists()
    assert counts == [1, 0]


def test_paper_is_written_by_a_thread_without_a_window(qtbot, files: SessionFiles, tmp_path: Path) -> None:
    with qtbot.waitSignal(files.written):
        files.write(Wanted("s1", Form.PDF, tmp_path / "s.pdf"))
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    assert threading.current_thread() is threading.main_thread()


def test_a_session_that_is_gone_is_told(qtbot, files: SessionFiles, tmp_path: Path) -> None:
    with qtbot.waitSignal(files.told) as told:
        files.write(Wanted("nobody", Form.HTML, tmp_path / "s.html"))
    assert isinstance(told.args[0], InputError)
    assert not (tmp_path / "s.html").exists()


def test_a_session_that_is_here_stays_and_another_is_kept(
    qtbot, files: SessionFiles, data: Path, tmp_path: Path
) -> None:
    with qtbot.waitSignal(files.written):
        files.write(Wanted("s1", Form.ZIP, tmp_path / "s.zip"))
    with qtbot.waitSignal(files.told) as told:
        files.take(tmp_path / "s.zip")
    assert "here already" in str(told.args[0])
    with qtbot.waitSignal(files.kept) as kept:
        files._store.delete_sessions(("s1",))
        files.take(tmp_path / "s.zip")
    assert (kept.args[0].session_id, kept.args[0].told()) == ("s1", "3 answers with 2 recordings")
    assert sorted(p.name for p in (data / "recordings" / "s1").iterdir()) == [
        "s1-01-0002.wav",
        "s1-03-0006.wav",
        "session.json",
    ]


def test_a_session_from_the_future_is_refused_before_anything_of_it_is_kept(data: Path, tmp_path: Path) -> None:
    with closing(SqlStore.open(data)) as store:
        write_out(Wanted("s1", Form.ZIP, tmp_path / "s.zip"), store=store, question=nobody)
    ours = tmp_path / "ours"
    with closing(SqlStore.open(ours)) as store:
        with pytest.raises(InputError, match="has not come yet, 4 June 2026"):
            take_in(tmp_path / "s.zip", data=ours, store=store, clock=lambda: NOON - timedelta(days=2))
        assert store.sessions() == ()
        assert not (ours / "recordings").exists()
        take_in(tmp_path / "s.zip", data=ours, store=store, clock=lambda: NOON)
        assert [s.id for s in store.sessions()] == ["s1"]
