"""A power cut, replayed: what the disk was told to keep is there, the rest may be missing, short or zero.

The files of a data folder are copied in the middle of a recording and of a transaction, and changed
as file systems change them: what was written after the last fsync is there, cut off, or, for its
length is noted before its content (ext4, XFS), full of zeros.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

from interviewer.core.paths import DATABASE_NAME
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from tests.faults.kill_check import restarted
from tests.store.values import session, spoken, transcript

RATE_HZ = 16_000
BLOCK = 800
SOUND = np.random.default_rng(4).integers(1, 30_000, 5 * RATE_HZ, dtype=np.int16)
RUNNING = "monday-02-0004"
JOURNAL_NAME = f"{DATABASE_NAME}-journal"
SECTOR = 512


@contextmanager
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Path, bytes]]:
    """Yield what each file held when the disk was last told to keep it, by the name it had then."""
    synced: dict[Path, bytes] = {}
    fsync = os.fsync

    def watched(file: int) -> None:
        fsync(file)
        path = Path(f"/proc/self/fd/{file}").readlink()
        if path.is_file():
            synced[path] = path.read_bytes()

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", watched)
        yield synced


@pytest.fixture
def cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, bytes]:
    """A copy of a data folder 4.55 s into the second recording, and what of that recording was synced."""
    data, copy = tmp_path / "data", tmp_path / "cut"
    with closing(SqlStore.open(data)) as store, disk(monkeypatch) as synced:
        store.begin_session(session())
        first = WavWriter(store.clip_path("monday", "monday-01-0001"), RATE_HZ)
        first.write(SOUND[:RATE_HZ])
        store.add_attempt(replace(spoken(data), id="monday-01-0001", clip=first.finish()))
        running = WavWriter(store.clip_path("monday", RUNNING), RATE_HZ)
        for start in range(0, round(4.55 * RATE_HZ), BLOCK):
            running.write(SOUND[start : start + BLOCK])
        shutil.copytree(data, copy)
        running.abandon()
    part = data / "recordings" / "monday" / f"{RUNNING}.part.wav"
    return copy, synced[part]


def running_part(data: Path) -> Path:
    return data / "recordings" / "monday" / f"{RUNNING}.part.wav"


def check_kept(data: Path, synced_frames: int) -> None:
    with restarted(data) as (store, _):
        attempts = {a.id: a for a in store.session("monday").attempts}
    assert list(attempts) == ["monday-01-0001", RUNNING]
    clip = attempts[RUNNING].clip
    assert clip is not None
    kept = np.frombuffer(clip.path.read_bytes()[44:], dtype=np.int16)
    assert len(kept) == clip.frames >= synced_frames
    assert np.array_equal(kept[:synced_frames], SOUND[:synced_frames])
    # After that there is what was said, or silence, or a sample of which half was written.
    rest = kept[synced_frames:]
    said = SOUND[synced_frames : len(kept)]
    assert np.all((rest == said) | (rest == 0) | (rest == said & 255))


def test_at_most_one_second_of_a_recording_is_not_synced(cut: tuple[Path, bytes]) -> None:
    data, synced = cut
    assert (running_part(data).stat().st_size - len(synced)) / 2 <= RATE_HZ


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks files up in /proc")
@pytest.mark.parametrize("seed", range(12))
def test_what_was_synced_of_a_recording_survives_a_power_cut(cut: tuple[Path, bytes], seed: int) -> None:
    data, synced = cut
    chance = random.Random(seed)
    part = running_part(data)
    now = part.read_bytes()
    length = len(synced) if seed == 0 else chance.randint(len(synced), len(now))
    whole = chance.randint(len(synced), length)
    content = now[:whole] + b"\0" * (length - whole)
    # The header is rewritten with each block: the disk has the one that was synced, or a later one.
    head = now[:44] if chance.random() < 0.5 else synced[:44]
    part.write_bytes(head + content[44:])
    check_kept(data, (len(synced) - 44) // 2)


@pytest.mark.parametrize("content", [b"", b"\0" * 44, b"\0" * 20_000], ids=["empty", "a header", "zeros"])
def test_a_recording_that_was_never_synced_is_no_reason_not_to_start(cut: tuple[Path, bytes], content: bytes) -> None:
    data, _ = cut
    running_part(data).write_bytes(content)
    with restarted(data) as (store, _):
        assert [a.id for a in store.session("monday").attempts] == ["monday-01-0001"]


@pytest.fixture
def torn(tmp_path: Path) -> tuple[bytes, bytes, bytes]:
    """A database before a transaction, in the middle of it with pages written already, and the journal of that."""
    data = tmp_path / "torn"
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
        store.add_attempt(replace(spoken(data), id="a1", clip=None))
        store.add_transcript("a1", transcript("word " * 9000))
        before = (data / DATABASE_NAME).read_bytes()
        engine = store._opened()
        raw = engine.raw_connection()
        # A cache of one page: SQLite has to write pages before the end of the transaction.
        raw.cursor().execute("PRAGMA cache_size=1").close()
        raw.close()
        middle: list[bytes] = []
        event.listen(engine, "commit", lambda _c: middle.extend((data / n).read_bytes() for n in NAMES))
        store.add_transcript("a1", transcript("other " * 9000))
    assert middle[0] != before
    return before, middle[0], middle[1]


NAMES = (DATABASE_NAME, JOURNAL_NAME)


def check_database(data: Path, database: bytes, journal: bytes, texts: set[str]) -> None:
    data.mkdir()
    (data / DATABASE_NAME).write_bytes(database)
    (data / JOURNAL_NAME).write_bytes(journal)
    with restarted(data) as (store, told):
        kept = store.attempt("a1").transcript
    assert kept is not None
    assert kept.text.split()[0] in texts
    assert told == []


def mixed(old: bytes, new: bytes, chance: random.Random) -> bytes:
    """Return a file of whose sectors some were written and some were not."""
    size = max(len(old), len(new)) if chance.random() < 0.5 else len(old)
    old, new = old.ljust(size, b"\0"), new.ljust(size, b"\0")
    picked = (new if chance.random() < 0.5 else old for _ in range(0, size, SECTOR))
    return b"".join(source[at : at + SECTOR] for at, source in zip(range(0, size, SECTOR), picked, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_pages_that_were_half_written_are_rolled_back(
    torn: tuple[bytes, bytes, bytes], seed: int, tmp_path: Path
) -> None:
    before, middle, journal = torn
    # SQLite writes no page before the journal was synced.
    check_database(tmp_path / "data", mixed(before, middle, random.Random(seed)), journal, {"word"})


def cut_off(journal: bytes, chance: random.Random) -> bytes:
    return journal[: chance.randrange(len(journal))]


def zero_filled(journal: bytes, chance: random.Random) -> bytes:
    return cut_off(journal, chance).ljust(len(journal), b"\0")


@pytest.mark.parametrize("tail", [cut_off, zero_filled])
@pytest.mark.parametrize("seed", range(4))
def test_a_journal_that_was_not_synced_changes_nothing(
    torn: tuple[bytes, bytes, bytes], seed: int, tail: Callable[[bytes, random.Random], bytes], tmp_path: Path
) -> None:
    before, _, journal = torn
    check_database(tmp_path / "data", before, tail(journal, random.Random(seed)), {"word"})
