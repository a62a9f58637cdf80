"""A recording and the space of its disk: refused, counted, ended at the floor, and kept when the disk is full."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from interviewer.core import space
from interviewer.core.errors import StoreError
from interviewer.core.space import FLOOR_BYTES
from interviewer.store.disk import check_space, free_bytes
from interviewer.store.recordings import WavWriter

RATE_HZ = 16_000
SECOND = np.arange(RATE_HZ, dtype=np.int16)
SECOND_BYTES = 2 * RATE_HZ


class Usage(NamedTuple):
    """What `shutil.disk_usage` returns."""

    total: int
    used: int
    free: int


class Disk:
    """Says how much is free, and counts how often it was asked."""

    def __init__(self) -> None:
        self.free = FLOOR_BYTES + 100 * SECOND_BYTES
        self.total = 10**12
        self.asked = 0
        self.error: OSError | None = None

    def usage(self, _folder: Path) -> Usage:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return Usage(self.total, 0, self.free)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(shutil, "disk_usage", made.usage)
    return made


@pytest.fixture
def writer(disk: Disk, tmp_path: Path) -> Iterator[WavWriter]:
    made = WavWriter(tmp_path / "a.wav", RATE_HZ)
    yield made
    made.abandon()


def test_a_recording_is_refused_without_a_second_of_room(disk: Disk, tmp_path: Path):
    disk.free = FLOOR_BYTES + 1
    with pytest.raises(StoreError, match="50 MB are free") as told:
        WavWriter(tmp_path / "a.wav", RATE_HZ)
    assert "type the answer" in told.value.hint
    assert list(tmp_path.iterdir()) == []


def test_how_much_sound_still_fits_is_known_from_the_start(writer: WavWriter):
    assert writer.left_s == 100.0


def test_the_disk_is_asked_once_a_second_of_sound(writer: WavWriter, disk: Disk):
    before = disk.asked
    for _ in range(3):
        for part in np.split(SECOND, 20):
            writer.write(part)
    assert disk.asked - before == 3


def test_how_much_sound_still_fits_is_looked_up_again(writer: WavWriter, disk: Disk):
    disk.free -= 40 * SECOND_BYTES
    writer.write(SECOND)
    assert writer.left_s == 60.0


def test_at_the_floor_a_recording_ends_with_all_that_came(writer: WavWriter, disk: Disk):
    writer.write(SECOND)
    disk.free = FLOOR_BYTES
    with pytest.raises(StoreError, match="50 MB are free"):
        writer.write(SECOND)
    assert writer.finish().frames == 2 * RATE_HZ


def test_above_the_floor_a_recording_goes_on(writer: WavWriter, disk: Disk):
    disk.free = FLOOR_BYTES + SECOND_BYTES
    writer.write(SECOND)
    writer.write(SECOND)
    assert writer.frames == 2 * RATE_HZ


@pytest.mark.parametrize("unreadable", ["refuses", "empty"])
def test_on_a_disk_that_does_not_say_what_is_free_a_recording_goes_on(disk: Disk, tmp_path: Path, unreadable: str):
    disk.free = disk.total = 0
    disk.error = OSError(errno.ENOSYS, os.strerror(errno.ENOSYS)) if unreadable == "refuses" else None
    writer = WavWriter(tmp_path / "a.wav", RATE_HZ)
    for _ in range(3):
        writer.write(SECOND)
    assert (writer.left_s, writer.finish().frames) == (None, 3 * RATE_HZ)


def test_a_disk_that_stops_saying_ends_no_recording(writer: WavWriter, disk: Disk):
    disk.error = OSError(errno.EIO, os.strerror(errno.EIO))
    writer.write(SECOND)
    writer.write(SECOND)
    assert writer.left_s is None


def test_the_space_of_a_real_folder_is_read(tmp_path: Path):
    free = free_bytes(tmp_path)
    assert free is not None
    assert free > 0


def test_a_folder_that_is_not_there_has_no_space_to_read(tmp_path: Path):
    assert check_space(tmp_path / "gone") is None


# --- a disk that really is full ----------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a file system in memory with so much room; skips where that is not allowed."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=20)
        except OSError:
            pytest.skip("skipped: nothing can be mounted here")
        if done.returncode:
            pytest.skip("skipped: only root may mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for one in mounted:
        subprocess.run(["umount", str(one)], check=True, timeout=20)


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other systems count and mount in other ways")


def test_on_a_disk_that_fills_up_every_whole_block_can_be_read(
    small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(space, "FLOOR_BYTES", -(10**9))  # as if the disk did not say what is free
    path = small_disk("1m") / "a.wav"
    writer = WavWriter(path, RATE_HZ)
    blocks = np.split(np.arange(40 * RATE_HZ, dtype=np.int64).astype(np.int16), 800)
    written = 0
    with pytest.raises(StoreError, match="No space left"):
        for block in blocks:
            writer.write(block)
            written += len(block)
    clip = writer.finish()
    with wave.open(str(path), "rb") as file:
        kept = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert clip.frames == len(kept) >= written > 500_000 - 2 * len(blocks[0])
    assert np.array_equal(kept, np.concatenate(blocks)[: len(kept)])


def test_beside_a_full_disk_the_next_recording_works_once_there_is_room(
    small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(space, "FLOOR_BYTES", -(10**9))
    folder = small_disk("1m")
    (folder / "other").write_bytes(bytes(900_000))
    first = WavWriter(folder / "a.wav", RATE_HZ)
    with pytest.raises(StoreError):
        for _ in range(9):
            first.write(SECOND)
    kept = first.finish()
    (folder / "other").unlink()
    second = WavWriter(folder / "b.wav", RATE_HZ)
    second.write(SECOND)
    assert (second.finish().frames, kept.frames > 0) == (RATE_HZ, True)


# --- a disk that fails -------------------------------------------------------------------------


def test_on_a_disk_that_fails_for_good_what_can_be_read_is_kept(
    writer: WavWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def lose(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", lose)
    with pytest.raises(StoreError, match="Input/output error"):
        writer.write(SECOND)
    assert writer.finish().frames == RATE_HZ
    with wave.open(str(tmp_path / "a.wav"), "rb") as file:
        assert file.getnframes() == RATE_HZ


def test_a_file_that_cannot_be_waited_for_at_its_end_is_told_and_then_kept(
    writer: WavWriter, monkeypatch: pytest.MonkeyPatch
):
    def lose(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    writer.write(SECOND[:100])
    monkeypatch.setattr(os, "fsync", lose)
    with pytest.raises(StoreError, match="could not be completed"):
        writer.finish()
    assert writer.finish().frames == 100
