"""A database that was cut off anywhere is opened, rebuilt, or refused with a sentence; never a crash."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path

import pytest

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.store.backup import back_up, backups, default_folder, verify
from interviewer.store.database import SqlStore
from interviewer.store.opening import open_store
from tests.store.backing import NOON, killed_at, lived_in

STEPS = [0, 1, 15, 16, 99, 100, 101, 1000, 4095, 4096, 4097, 511, 512, *range(6000, 73_000, 7001)]


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


@pytest.mark.parametrize("length", STEPS)
def test_cut_off_anywhere_every_session_and_recording_is_there(lived: Path, length: int):
    os.truncate(lived / "interviewer.db", length)
    told: list[InterviewerError] = []
    with closing(open_store(lived, told=told.append)) as store:
        sessions = {s.id: s for s in store.sessions()}
    assert sessions.keys() == {"monday", "tuesday"}
    assert [a.clip is not None for a in sessions["monday"].attempts] == [True]
    assert len(told) == 1


@pytest.mark.parametrize("length", STEPS[::3])
def test_cut_off_anywhere_nothing_is_lost_where_there_is_a_backup(lived: Path, length: int):
    back_up(lived, default_folder(lived), now=NOON)
    os.truncate(lived / "interviewer.db", length)
    with closing(open_store(lived, told=lambda _: None)) as store:
        texts = [a.transcript.text for s in store.sessions() for a in s.attempts if a.transcript]
    assert sorted(texts) == ["It injects a dependency.", "Typed, and nowhere else."]


@pytest.mark.parametrize("length", STEPS[1::3])
def test_commands_refuse_one_that_was_cut_off(lived: Path, length: int):
    os.truncate(lived / "interviewer.db", length)
    before = (lived / "interviewer.db").read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        SqlStore.open(lived)
    assert (lived / "interviewer.db").read_bytes() == before


def test_every_bit_of_the_first_page_may_be_wrong(lived: Path, tmp_path: Path):
    whole = (lived / "interviewer.db").read_bytes()
    shutil.copytree(lived, tmp_path / "saved")
    for at in (*range(0, 100, 7), 100, 101, 103, 105, 108, 110):
        raw = bytearray(whole)
        raw[at] ^= 0xFF
        (lived / "interviewer.db").write_bytes(raw)
        # The page size or a version may be such that SQLite does not take it for damage.
        with suppress(StoreError), closing(open_store(lived, told=lambda _: None)) as store:
            assert {s.id for s in store.sessions()} == {"monday", "tuesday"}, at
        shutil.rmtree(lived)
        shutil.copytree(tmp_path / "saved", lived)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_of_the_rebuild_the_next_start_completes_it(lived: Path, tmp_path: Path):
    back_up(lived, default_folder(lived), now=NOON)
    os.truncate(lived / "interviewer.db", 30_000)
    shutil.copytree(lived, tmp_path / "saved")
    for step in range(1, 100):
        died = killed_at(step, lambda: open_store(lived, told=lambda _: None).close())
        with closing(open_store(lived, told=lambda _: None)) as store:
            texts = [a.transcript.text for s in store.sessions() for a in s.attempts if a.transcript]
        assert sorted(texts) == ["It injects a dependency.", "Typed, and nowhere else."], step
        assert [p.stat().st_size for p in lived.glob("*.damaged-*")] == [30_000], step
        shutil.rmtree(lived)
        shutil.copytree(tmp_path / "saved", lived)
        if not died:
            break
    assert step > 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_of_a_backup_there_is_none_or_a_whole_one(lived: Path):
    folder = default_folder(lived)
    for step in range(1, 100):
        died = killed_at(step, lambda: back_up(lived, folder, now=NOON))
        for made in backups(folder):
            verify(made.path)
        back_up(lived, folder, now=NOON)
        assert len(backups(folder)) <= 2
        assert not list(folder.glob("*.part"))
        shutil.rmtree(folder)
        if not died:
            break
    assert step > 15
