"""Recordings survive whatever ends them."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from interviewer.core.errors import StoreError
from interviewer.core.models import Clip
from interviewer.store import recordings
from interviewer.store.recordings import WavWriter, repair

RATE_HZ = 8_000
BLOCK = 400
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals and limits")


def sound(frames: int = BLOCK, *, start: int = 0) -> NDArray[np.int16]:
    """Return int16 samples that never repeat within 65536 frames."""
    return np.arange(start, start + frames).astype(np.int16)


def read(path: Path) -> NDArray[np.int16]:
    """Read a mono PCM16 file with the standard library, as strictly as that is."""
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        data = file.readframes(file.getnframes())
        assert len(data) == 2 * file.getnframes()
    return np.frombuffer(data, np.int16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monday-01-0003.wav"


@pytest.fixture
def part(path: Path) -> Path:
    return path.with_name("monday-01-0003.part.wav")


def killed(path: Path, blocks: int) -> None:
    """Write some blocks in a process that then kills itself."""
    code = (
        "import os, pathlib, signal, sys\nfrom interviewer.store.recordings import WavWriter\n"
        "from tests.store.test_recordings import RATE_HZ, BLOCK, sound\n"
        "writer = WavWriter(pathlib.Path(sys.argv[1]), RATE_HZ)\n"
        "for block in range(int(sys.argv[2])):\n    writer.write(sound(start=block * BLOCK))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path, str(blocks)], timeout=120)
    assert done.returncode == -signal.SIGKILL


class SmallDisk(io.FileIO):
    """A file on a disk with room for some bytes, which takes part of a write as real ones do."""

    room = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]
        end = self.tell()
        if end >= self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(bytes(data)[: self.room - end])


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> type[SmallDisk]:
    monkeypatch.setattr(recordings, "_open", lambda path: io.BufferedWriter(SmallDisk(path, "wb")))
    monkeypatch.setattr(SmallDisk, "room", 44 + 2 * (2 * BLOCK + 150) + 1)
    return SmallDisk


# --- writing -----------------------------------------------------------------------------------


def test_what_is_written_can_be_read(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    writer.write(sound(7, start=BLOCK))
    writer.finish()
    assert np.array_equal(read(path), sound(BLOCK + 7))


def test_the_clip_counts_frames(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound(12_345))
    assert writer.finish() == Clip(path, RATE_HZ, 12_345)


def test_frames_are_counted_while_they_come(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    writer.write(sound())
    assert writer.frames == 2 * BLOCK
    writer.abandon()


def test_the_file_can_be_read_after_each_block(path: Path, part: Path):
    writer = WavWriter(path, RATE_HZ)
    for block in range(3):
        writer.write(sound(start=block * BLOCK))
        assert np.array_equal(read(part), sound((block + 1) * BLOCK))
    writer.abandon()


def test_a_recording_gets_its_name_only_when_it_is_complete(path: Path, part: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    assert (part.exists(), path.exists()) == (True, False)
    writer.finish()
    assert (part.exists(), path.exists()) == (False, True)


def test_a_recording_is_private_from_its_first_moment(path: Path, part: Path):
    writer = WavWriter(path, RATE_HZ)
    assert stat.S_IMODE(part.stat().st_mode) == 0o600
    writer.write(sound())
    writer.finish()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_finishing_twice_is_harmless(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    assert writer.finish() == writer.finish()


def test_a_recording_without_a_sample_is_a_sound_file_without_frames(path: Path):
    assert WavWriter(path, RATE_HZ).finish() == Clip(path, RATE_HZ, 0)
    assert len(read(path)) == 0


def test_an_abandoned_recording_leaves_no_file(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    writer.abandon()
    assert list(path.parent.iterdir()) == []


def test_abandoning_a_finished_recording_keeps_it(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    writer.finish()
    writer.abandon()
    assert len(read(path)) == BLOCK


def test_nothing_is_written_after_the_end(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.finish()
    with pytest.raises(StoreError, match="ended already"):
        writer.write(sound())


@pytest.mark.parametrize(
    "samples",
    [np.zeros(4, np.float32), np.zeros((4, 1), np.int16), np.zeros(4, np.int32)],
    ids=["float", "2d", "int32"],
)
def test_samples_of_another_kind_are_refused(path: Path, samples: NDArray[np.int16]):
    writer = WavWriter(path, RATE_HZ)
    with pytest.raises(ValueError, match="needs int16"):
        writer.write(samples)
    writer.abandon()


def test_every_other_sample_of_a_block_can_be_written(path: Path):
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound(20)[::2])
    writer.finish()
    assert np.array_equal(read(path), sound(20)[::2])


def test_the_disk_is_waited_for_once_a_second_of_sound(path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[int] = []
    writer = WavWriter(path, RATE_HZ)
    monkeypatch.setattr(os, "fsync", lambda _handle: synced.append(writer.frames))
    for _ in range(3 * RATE_HZ // BLOCK):
        writer.write(sound())
    assert synced == [RATE_HZ, 2 * RATE_HZ, 3 * RATE_HZ]
    writer.abandon()


def test_a_recording_ends_before_a_wav_file_is_too_long(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recordings, "_MAX_DATA_BYTES", 2 * BLOCK + 1)
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    with pytest.raises(StoreError, match="as long as"):
        writer.write(sound(1))
    assert writer.finish().frames == BLOCK


def test_a_folder_that_is_missing_is_told(tmp_path: Path):
    with pytest.raises(StoreError, match="No such file"):
        WavWriter(tmp_path / "gone" / "a.wav", RATE_HZ)


# --- a disk that fails -------------------------------------------------------------------------


def test_a_full_disk_is_told_with_a_way_out(path: Path, small_disk: type[SmallDisk]):
    writer = WavWriter(path, RATE_HZ)
    with pytest.raises(StoreError, match="No space left") as told:
        for block in range(9):
            writer.write(sound(start=block * BLOCK))
    assert "free some space" in told.value.hint
    writer.abandon()


def test_what_was_said_before_the_disk_was_full_is_kept(path: Path, small_disk: type[SmallDisk]):
    writer = WavWriter(path, RATE_HZ)
    with pytest.raises(StoreError):
        for block in range(9):
            writer.write(sound(start=block * BLOCK))
    clip = writer.finish()
    assert clip == Clip(path, RATE_HZ, 2 * BLOCK + 150)
    assert np.array_equal(read(path), sound(clip.frames))


def test_nothing_more_is_written_once_the_disk_was_full(path: Path, small_disk: type[SmallDisk]):
    writer = WavWriter(path, RATE_HZ)
    with pytest.raises(StoreError):
        writer.write(sound(3 * BLOCK))
    small_disk.room = 10**9
    with pytest.raises(StoreError, match="ended already"):
        writer.write(sound())
    writer.abandon()


def test_a_recording_of_which_nothing_could_be_kept_says_so(
    path: Path, small_disk: type[SmallDisk], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(small_disk, "room", 10)
    writer = WavWriter(path, RATE_HZ)
    with pytest.raises(StoreError, match="No space left"):
        writer.write(sound())
    with pytest.raises(StoreError, match="Nothing of the recording"):
        writer.finish()
    assert not path.exists()
    writer.abandon()


def test_a_disk_that_loses_a_write_ends_the_recording(path: Path, monkeypatch: pytest.MonkeyPatch):
    def lose(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    writer = WavWriter(path, RATE_HZ)
    with monkeypatch.context() as patched, pytest.raises(StoreError, match="Input/output error") as told:
        patched.setattr(os, "fsync", lose)
        writer.write(sound(RATE_HZ))
    assert "check the disk" in told.value.hint
    assert writer.finish().frames == RATE_HZ


def test_a_recording_that_cannot_be_completed_can_be_completed_later(path: Path, monkeypatch: pytest.MonkeyPatch):
    def lose(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = WavWriter(path, RATE_HZ)
    writer.write(sound())
    with monkeypatch.context() as patched, pytest.raises(StoreError, match="could not be completed"):
        patched.setattr(os, "fsync", lose)
        writer.finish()
    assert writer.finish() == Clip(path, RATE_HZ, BLOCK)


LIMITED = """
import pathlib, resource, signal, sys
from interviewer.core.errors import StoreError
from interviewer.store.recordings import WavWriter
from tests.store.test_recordings import RATE_HZ, sound
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_001, 50_001))
writer = WavWriter(pathlib.Path(sys.argv[1]), RATE_HZ)
try:
    for block in range(1000):
        writer.write(sound(1000, start=block * 1000))
except StoreError as error:
    print(writer.finish().frames, error.told())
"""


@POSIX
def test_a_limit_of_the_operating_system_is_met_like_a_full_disk(path: Path):
    done = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, timeout=120)
    frames, _, told = done.stdout.partition(" ")
    assert "File too large" in told
    assert np.array_equal(read(path), sound(int(frames)))
    assert int(frames) == (50_001 - 44) // 2


# --- a program that was killed -----------------------------------------------------------------


@POSIX
def test_a_recording_whose_program_was_killed_can_be_read_to_its_last_block(path: Path, part: Path):
    killed(path, blocks=65)
    assert np.array_equal(read(part), sound(65 * BLOCK))


@POSIX
def test_a_recording_whose_program_was_killed_is_repaired_and_named(path: Path, part: Path):
    killed(path, blocks=3)
    assert repair(part) == Clip(path, RATE_HZ, 3 * BLOCK)
    assert np.array_equal(read(path), sound(3 * BLOCK))
    assert not part.exists()


def written(path: Path, frames: int = BLOCK) -> bytes:
    """Return the bytes of a complete recording, and take it away again."""
    writer = WavWriter(path, RATE_HZ)
    writer.write(sound(frames))
    writer.finish()
    data = path.read_bytes()
    path.unlink()
    return data


def test_sound_that_the_header_does_not_count_is_found(path: Path, part: Path):
    extra = sound(100, start=BLOCK).tobytes()
    part.write_bytes(written(path) + extra)
    assert repair(part) == Clip(path, RATE_HZ, BLOCK + 100)
    assert np.array_equal(read(path), sound(BLOCK + 100))


def test_sound_that_the_header_promises_and_is_not_there_is_not_counted(path: Path, part: Path):
    part.write_bytes(written(path)[:-101])
    assert repair(part) == Clip(path, RATE_HZ, BLOCK - 51)
    assert np.array_equal(read(path), sound(BLOCK - 51))


def test_half_a_sample_at_the_end_is_cut_off(path: Path, part: Path):
    part.write_bytes(written(path)[:-1])
    repair(part)
    assert path.stat().st_size == 44 + 2 * (BLOCK - 1)


def test_repairing_a_whole_recording_changes_no_byte(path: Path):
    data = written(path)
    path.write_bytes(data)
    assert repair(path) == Clip(path, RATE_HZ, BLOCK)
    assert path.read_bytes() == data


def test_a_repaired_recording_never_takes_the_place_of_another(path: Path, part: Path):
    data = written(path)
    part.write_bytes(data[:-2])
    path.write_bytes(data)
    assert repair(part) == Clip(part, RATE_HZ, BLOCK - 1)
    assert path.read_bytes() == data


@pytest.mark.parametrize("kept", [0, 20, 44, 45], ids=["empty", "half a header", "header", "half a sample"])
def test_a_recording_without_a_frame_is_left_alone(path: Path, part: Path, kept: int):
    part.write_bytes(written(path)[:kept])
    assert repair(part) is None
    assert part.stat().st_size == kept


@pytest.mark.parametrize("at", [0, 8, 12, 16, 20, 22, 34, 36])
def test_a_file_that_is_no_recording_of_ours_is_left_alone(path: Path, part: Path, at: int):
    data = bytearray(written(path))
    data[at] ^= 0x40
    part.write_bytes(data)
    assert repair(part) is None
    assert part.read_bytes() == data


def test_a_recording_that_is_gone_cannot_be_repaired(part: Path):
    with pytest.raises(StoreError, match="could not be repaired"):
        repair(part)
