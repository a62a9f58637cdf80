"""A recording that is read while it grows is the recording."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from interviewer.core.errors import AudioError
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import growing_wav
from interviewer.engines.growing_wav import HEADER_BYTES, GrowingWav
from interviewer.engines.sound_file import read_sound
from interviewer.store.recordings import PART_SUFFIX, WavWriter

RATES_HZ = (8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answer.wav"


def part_of(path: Path) -> Path:
    return path.with_name(path.stem + PART_SUFFIX)


def following(path: Path) -> GrowingWav:
    return GrowingWav(part_of(path), path)


def sound(frames: int, level: float = 0.5, seed: int = 1) -> NDArray[np.int16]:
    """Return noise, which holds every pitch."""
    drawn = np.random.default_rng(seed).uniform(-1.0, 1.0, frames)
    return np.rint(drawn * level * 32767).astype(np.int16)


def recorded(path: Path, rate_hz: int, samples: NDArray[np.int16]) -> bytes:
    """Leave an unfinished recording behind, as a killed writer does, and return what is in it."""
    writer = WavWriter(path, rate_hz)
    writer.write(samples)
    data = part_of(path).read_bytes()
    writer.abandon()
    part_of(path).write_bytes(data)
    return data


def record_and_follow(path: Path, rate_hz: int, samples: NDArray[np.int16], seed: int) -> FloatArray:
    """Write in blocks of a driver's size, read at random moments in between, and return all that was read."""
    rng = np.random.default_rng(seed)
    reader = following(path)
    read = [reader.read()]
    writer = WavWriter(path, rate_hz)
    first = 0
    while first < len(samples):
        block = samples[first : first + int(rng.integers(1, rate_hz // 4))]
        writer.write(block)
        first += len(block)
        if rng.random() < 0.4:
            read.append(reader.read())
    return np.concatenate([*read, reader.read(writer.finish().frames)])


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_what_was_read_meanwhile_is_what_the_finished_file_holds(path: Path, rate_hz: int) -> None:
    heard = record_and_follow(path, rate_hz, sound(3 * rate_hz + 77), seed=rate_hz)
    assert np.array_equal(heard, read_sound(path))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), rate_hz=st.sampled_from(RATES_HZ), frames=st.integers(1, 60_000))
def test_no_moment_of_reading_changes_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rate_hz: int, frames: int
) -> None:
    path = tmp_path_factory.mktemp("growing") / "answer.wav"
    heard = record_and_follow(path, rate_hz, sound(frames, seed=seed), seed)
    assert len(heard) == pytest.approx(frames * MODEL_RATE_HZ / rate_hz, abs=1)
    if len(heard):  # of one or two frames at 192 kHz nothing is left
        assert np.array_equal(heard, read_sound(path))


def test_it_never_leaves_full_scale(path: Path) -> None:
    heard = record_and_follow(path, 48_000, np.sign(sound(96_000)) * np.int16(32767), seed=2)
    assert np.abs(heard).max() == 1.0
    assert heard.dtype == np.float32


def test_a_long_recording_is_read_in_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_wav, "MOST_FRAMES", 1000)
    writer = WavWriter(path, 48_000)
    writer.write(sound(9_500))
    reader = following(path)
    read = [reader.read()]
    assert reader.frames == 1000
    clip = writer.finish()
    while reader.frames < clip.frames:
        read.append(reader.read(clip.frames))
    assert len(read) == 10
    assert np.array_equal(np.concatenate(read), read_sound(path))


# --- before, between and after -----------------------------------------------------------------


def test_there_is_nothing_before_the_recording(path: Path) -> None:
    assert not len(following(path).read())


@pytest.mark.parametrize("there", [0, 1, 43])
def test_there_is_nothing_while_the_header_is_written(path: Path, there: int) -> None:
    whole = recorded(path, 48_000, sound(100))
    part_of(path).write_bytes(whole[:there])
    reader = following(path)
    assert not len(reader.read())
    part_of(path).write_bytes(whole)
    reader.read()
    assert reader.frames == 100


def test_nothing_new_is_nothing(path: Path) -> None:
    recorded(path, MODEL_RATE_HZ, sound(100))
    reader = following(path)
    assert len(reader.read()) == 100
    assert not len(reader.read())


def test_it_goes_on_in_the_file_with_the_final_name(path: Path) -> None:
    writer = WavWriter(path, MODEL_RATE_HZ)
    writer.write(sound(1000))
    reader = following(path)
    heard = [reader.read(400), reader.read(700)]
    assert reader.frames == 700
    clip = writer.finish()
    assert not part_of(path).exists()
    heard.append(reader.read(clip.frames))
    assert np.array_equal(np.concatenate(heard), read_sound(path))


def test_one_that_begins_late_reads_all(path: Path) -> None:
    writer = WavWriter(path, 44_100)
    writer.write(sound(44_100))
    clip = writer.finish()
    assert np.array_equal(following(path).read(clip.frames), read_sound(path))


def test_half_a_sample_is_left_for_later(path: Path) -> None:
    samples = sound(100)
    data = recorded(path, MODEL_RATE_HZ, samples)
    part_of(path).write_bytes(data[:-1])
    reader = following(path)
    heard = [reader.read()]
    assert reader.frames == 99
    part_of(path).write_bytes(data)
    heard.append(reader.read())
    assert np.array_equal(np.concatenate(heard) * 32768, samples)


def test_half_a_sample_at_the_end_is_left_out(path: Path) -> None:
    part_of(path).write_bytes(recorded(path, 48_000, sound(4_800)) + b"\x01")
    assert len(following(path).read(4_800)) == 1_600


def test_a_recording_that_became_shorter_than_what_was_read_ends_with_that(path: Path) -> None:
    data = recorded(path, 48_000, sound(4_800))
    reader = following(path)
    heard = [reader.read()]
    part_of(path).unlink()
    path.write_bytes(data[: HEADER_BYTES + 2 * 3_000])
    heard.append(reader.read(3_000))
    assert sum(map(len, heard)) == 1_600
    assert reader.frames == 4_800


def test_an_empty_recording_is_empty(path: Path) -> None:
    WavWriter(path, 48_000).finish()
    assert not len(following(path).read(0))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files where the system lists them")
def test_no_file_stays_open(path: Path) -> None:
    recorded(path, 48_000, sound(4_800))
    before = len(list(Path("/proc/self/fd").iterdir()))
    readers = [following(path) for _ in range(5)]
    assert all(len(reader.read()) for reader in readers)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# --- what is no recording ----------------------------------------------------------------------


def test_a_complete_recording_that_is_gone_is_told(path: Path) -> None:
    writer = WavWriter(path, 48_000)
    writer.write(sound(100))
    reader = following(path)
    reader.read()
    writer.finish()
    path.unlink()
    with pytest.raises(AudioError, match="gone"):
        reader.read(100)


@pytest.mark.parametrize(
    "data", [b"x" * 100, b"RIFF" + b"x" * 100, b"ID3\x04" + bytes(100)], ids=["text", "half a RIFF", "an MP3"]
)
def test_what_is_no_wav_is_told(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(AudioError, match="not a WAV"):
        following(path).read()


def test_a_complete_file_without_a_whole_header_is_told(path: Path) -> None:
    path.write_bytes(b"RIFF")
    with pytest.raises(AudioError, match="not a WAV"):
        following(path).read(0)


def test_a_wav_without_a_rate_is_told(path: Path) -> None:
    WavWriter(path, 48_000).finish()
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 24, 0)
    path.write_bytes(data)
    with pytest.raises(AudioError, match="no sample rate"):
        following(path).read()


def test_a_folder_of_that_name_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(AudioError, match="cannot be read"):
        following(path).read()
