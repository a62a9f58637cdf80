"""A file that breaks off anywhere is recovered or clearly refused; nothing crashes, nothing is made up."""

from __future__ import annotations

import shutil
import wave
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import StoreError
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter, repair
from tests.faults.kill_check import restarted
from tests.faults.targets import there_is
from tests.store.values import score, session, spoken, transcript

HEADER = 44
RATE_HZ = 16_000
SOUND = np.random.default_rng(3).integers(-30_000, 30_000, RATE_HZ, dtype=np.int16)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A second of sound as `WavWriter` leaves it when its process is killed: the header is true."""
    path = tmp_path_factory.mktemp("recording") / "a.wav"
    writer = WavWriter(path, RATE_HZ)
    writer.write(SOUND)
    part = path.with_name("a.part.wav").read_bytes()
    writer.abandon()
    return part


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two answers, one of them scored, both recorded."""
    data = tmp_path_factory.mktemp("whole") / "data"
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
        for name in ("monday-01-0001", "monday-02-0004"):
            writer = WavWriter(store.clip_path("monday", name), RATE_HZ)
            writer.write(SOUND)
            store.add_attempt(replace(spoken(data), id=name, clip=writer.finish()))
            store.add_transcript(name, transcript("word " * 3000))
        store.add_score("monday-01-0001", score(), None)
    return data


def lengths(total: int, *, single: int, step: int) -> list[int]:
    """Return every length to cut at: each single one around the header, then in steps, and the last few."""
    return sorted({*range(single), *range(single, total, step), *range(total - 3, total + 1)})


@pytest.mark.parametrize("name", ["a.part.wav", "a.wav"], ids=["killed", "complete"])
def test_a_recording_cut_anywhere_keeps_what_is_before_the_cut(name: str, recording: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    for length in lengths(len(recording), single=120, step=997):
        for old in tmp_path.glob("*.wav"):
            old.unlink()
        path.write_bytes(recording[:length])
        clip = repair(path)
        if length < HEADER + 2:
            assert clip is None
            assert path.read_bytes() == recording[:length]
            continue
        assert clip is not None
        with wave.open(str(clip.path), "rb") as file:
            kept = file.readframes(file.getnframes())
        assert kept == SOUND[: (length - HEADER) // 2].tobytes()


def cut_database(whole: Path, tmp_path: Path, length: int) -> Path:
    data = tmp_path / str(length)
    shutil.copytree(whole, data)
    path = data / DATABASE_NAME
    path.write_bytes(path.read_bytes()[:length])
    return data


def database_lengths(whole: Path) -> list[int]:
    total = (whole / DATABASE_NAME).stat().st_size
    pages = {at + d for at in range(0, total + 1, 4096) for d in (-1, 0, 1)}
    return sorted(
        {*range(0, 104, 3), 99, 100, 101, *(at for at in pages if 0 <= at <= total), *range(104, total, 4999)}
    )


def test_a_database_cut_anywhere_is_refused_or_read(whole: Path, tmp_path: Path) -> None:
    # A header that is torn off lets SQLite see an empty file; then there is nothing to refuse.
    for length in database_lengths(whole):
        data = cut_database(whole, tmp_path, length)
        try:
            with closing(SqlStore.open(data)) as store:
                store.sessions()
                store.practised()
        except StoreError:
            # Refused: the next test shows what becomes of it.
            assert "interviewer.db" in {path.name for path in data.iterdir()}
        shutil.rmtree(data)


@pytest.mark.skipif(not there_is("interviewer.store.opening"), reason="this version rebuilds no database")
def test_the_recordings_of_a_database_cut_anywhere_come_back(whole: Path, tmp_path: Path) -> None:
    total = (whole / DATABASE_NAME).stat().st_size
    # Some of them: to rebuild takes as long as a start. Below 512 bytes SQLite sees an empty database.
    for length in (0, 1, 511, 512, 8191, total // 2, total - 4096, total - 1):
        data = cut_database(whole, tmp_path, length)
        with restarted(data) as (store, _):
            attempts = [a for s in store.sessions() for a in s.attempts]
        assert [a.id for a in attempts] == ["monday-01-0001", "monday-02-0004"], length
        assert all(a.clip and a.clip.frames == len(SOUND) for a in attempts)
        shutil.rmtree(data)
