"""Compressed recordings are the same sound bit for bit, and no moment of a crash loses one."""

from __future__ import annotations

import os
import stat
import tempfile
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Clip
from interviewer.engines.sound_file import read_sound
from interviewer.store import compress as compressing
from interviewer.store.compress import compress, measure
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from interviewer.store.recovery import recover
from tests.store.values import minutes, session

NAME = "monday-02-0007"
RATES = (8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000)


class Killed(BaseException):
    """The program ends here."""


class Rows:
    """The rows of a store, without a database."""

    def __init__(self) -> None:
        self.clips: dict[str, Clip] = {}

    def replace_clip(self, attempt_id: str, clip: Clip) -> None:
        self.clips[attempt_id] = clip


def tone(frames: int = 9_000) -> NDArray[np.int16]:
    return (np.sin(np.arange(frames) / 40) * 12_000).astype(np.int16)


def recorded(path: Path, samples: NDArray[np.int16], rate_hz: int = 48_000, *, gap_ms: int = 0) -> Attempt:
    writer = WavWriter(path, rate_hz)
    writer.write(samples)
    clip = replace(writer.finish(), gap_ms=gap_ms)
    return Attempt(NAME, "monday", "async-routes", 1, minutes(2), clip)


@pytest.fixture
def answer(store: SqlStore) -> Attempt:
    """An answer that is kept, with a recording of two minutes after START."""
    store.begin_session(session())
    attempt = recorded(store.clip_path("monday", NAME), tone(), gap_ms=40)
    assert attempt.clip is not None
    os.utime(attempt.clip.path, (minutes(2).timestamp(),) * 2)
    store.add_attempt(attempt)
    return attempt


def names(data: Path) -> list[str]:
    return sorted(p.name for p in (data / "recordings" / "monday").iterdir() if p.name != "session.json")


def samples_of(store: SqlStore) -> NDArray[np.int16]:
    clip = store.attempt(NAME).clip
    assert clip is not None
    samples, rate_hz = soundfile.read(clip.path, dtype="int16")
    assert (rate_hz, len(samples)) == (clip.sample_rate_hz, clip.frames)
    return np.asarray(samples)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    samples=arrays(np.int16, st.integers(1, 4_000), elements=st.integers(-32_768, 32_767), fill=st.just(-32_768)),
    rate_hz=st.sampled_from(RATES) | st.integers(8_000, 65_535),
)
def test_whatever_was_recorded_comes_out_again_bit_for_bit(samples: NDArray[np.int16], rate_hz: int):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recordings" / "monday" / f"{NAME}.wav"
        path.parent.mkdir(parents=True)
        kept = compress(Rows(), recorded(path, samples, rate_hz))  # type: ignore[arg-type]
        assert kept is not None
        assert (kept.path.suffix, kept.sample_rate_hz, kept.frames) == (".flac", rate_hz, len(samples))
        again, again_hz = soundfile.read(kept.path, dtype="int16")
        assert again_hz == rate_hz
        assert np.array_equal(again, samples)


@pytest.mark.parametrize("value", [-32_768, -1, 0, 1, 32_767])
@pytest.mark.parametrize("frames", [1, 65_535, 65_536, 65_537])
def test_constant_sound_of_the_length_of_a_block_comes_out_again(store: SqlStore, value: int, frames: int):
    path = store.clip_path("monday", NAME)
    kept = compress(Rows(), recorded(path, np.full(frames, value, np.int16)))  # type: ignore[arg-type]
    assert kept is not None
    assert np.array_equal(soundfile.read(kept.path, dtype="int16")[0], np.full(frames, value, np.int16))


def test_a_rate_that_flac_does_not_take_stays_wav(store: SqlStore, answer: Attempt, data: Path):
    odd = recorded(store.clip_path("monday", NAME), tone(), 96_001)
    assert compress(store, odd) is None
    assert names(data) == [f"{NAME}.wav"]


def test_the_database_names_the_compressed_recording_and_the_original_is_gone(
    store: SqlStore, answer: Attempt, data: Path
):
    assert answer.clip is not None
    kept = compress(store, answer)
    assert kept == replace(answer.clip, path=answer.clip.path.with_suffix(".flac"))
    assert store.attempt(NAME) == replace(answer, clip=kept)
    assert names(data) == [f"{NAME}.flac"]


def test_the_models_hear_the_same_as_before(store: SqlStore, answer: Attempt):
    assert answer.clip is not None
    before = read_sound(answer.clip.path)
    kept = compress(store, answer)
    assert kept is not None
    assert np.array_equal(read_sound(kept.path), before)


def test_a_compressed_recording_is_private_smaller_and_as_old_as_the_answer(store: SqlStore, answer: Attempt):
    assert answer.clip is not None
    before = answer.clip.path.stat()
    kept = compress(store, answer)
    assert kept is not None
    after = kept.path.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_mtime_ns) == (0o600, before.st_mtime_ns)
    assert after.st_size < before.st_size / 2


def test_what_is_compressed_already_is_left_alone(store: SqlStore, answer: Attempt, data: Path):
    compress(store, answer)
    assert compress(store, store.attempt(NAME)) is None
    assert names(data) == [f"{NAME}.flac"]


@pytest.mark.parametrize(
    "clip",
    [
        None,
        "recordings/monday/gone.wav",
        "recordings/monday/x.part.wav",
        "recordings/sunday/x.wav",
        "recordings/monday/../monday/x.wav",
        "x.wav",
        "recordings/monday/x.mp3",
    ],
)
def test_only_a_complete_recording_in_its_place_is_compressed(
    store: SqlStore, answer: Attempt, data: Path, clip: str | None
):
    assert answer.clip is not None
    path = None if clip is None else data / clip
    if path is not None and path.stem != "gone":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(answer.clip.path.read_bytes())
    other = replace(answer, clip=None if path is None else replace(answer.clip, path=path))
    assert compress(store, other) is None
    assert path is None or path.stem == "gone" or path.exists()


def test_a_recording_behind_a_link_is_left_alone(store: SqlStore, answer: Attempt, data: Path, tmp_path: Path):
    folder = data / "recordings" / "monday"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert compress(store, answer) is None
    assert (tmp_path / "elsewhere" / f"{NAME}.wav").exists()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"Dear diary, " * 40])
def test_what_is_no_recording_of_ours_is_left_alone(store: SqlStore, answer: Attempt, data: Path, content: bytes):
    assert answer.clip is not None
    answer.clip.path.write_bytes(content)
    assert compress(store, answer) is None
    assert answer.clip.path.read_bytes() == content
    assert names(data) == [f"{NAME}.wav"]


def test_sound_of_more_than_16_bits_is_left_alone(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    with wave.open(str(answer.clip.path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(3)
        file.setframerate(48_000)
        file.writeframes(bytes(300))
    assert compress(store, answer) is None
    assert names(data) == [f"{NAME}.wav"]


def test_a_copy_that_is_not_the_same_sound_is_thrown_away(
    store: SqlStore, answer: Attempt, data: Path, monkeypatch: pytest.MonkeyPatch
):
    real = soundfile.SoundFile.write
    monkeypatch.setattr(soundfile.SoundFile, "write", lambda file, block: real(file, block ^ np.int16(1)))
    assert compress(store, answer) is None
    assert names(data) == [f"{NAME}.wav"]


def test_a_disk_that_fails_is_told_and_the_recording_stays(
    store: SqlStore, answer: Attempt, data: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    with pytest.raises(StoreError, match="cannot be compressed"):
        compress(store, answer)
    assert names(data) == [f"{NAME}.wav"]


def test_a_store_that_fails_leaves_the_recording_as_it_was(store: SqlStore, answer: Attempt, data: Path):
    store.delete_attempts([NAME])
    again = recorded(store.clip_path("monday", NAME), tone())
    with pytest.raises(StoreError):
        compress(store, again)
    assert names(data) == [f"{NAME}.wav"]


def test_an_original_that_is_in_use_goes_at_the_next_start(
    store: SqlStore, answer: Attempt, data: Path, monkeypatch: pytest.MonkeyPatch
):
    def held(path: Path, **_: object) -> None:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        assert compress(store, answer) is not None
    assert names(data) == [f"{NAME}.flac", f"{NAME}.wav"]
    recover(store, data)
    assert names(data) == [f"{NAME}.flac"]


# --- killed on the way ---------------------------------------------------------------------------


def die(*_: object, **__: object) -> None:
    raise Killed


KILLS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "before a byte": lambda patch: patch.setattr(soundfile.SoundFile, "write", die),
    "before the sync": lambda patch: patch.setattr(compressing, "sync_file", die),
    "before the comparison": lambda patch: patch.setattr(compressing, "_is_same", die),
    "before the rename": lambda patch: patch.setattr(compressing, "put_in_place", die),
    "before the row": lambda patch: patch.setattr(SqlStore, "replace_clip", die),
    "before the original goes": lambda patch: patch.setattr(Path, "unlink", die),
}


@pytest.mark.parametrize("moment", KILLS)
def test_a_kill_at_any_moment_leaves_a_recording_and_the_next_start_tidies(
    store: SqlStore, answer: Attempt, data: Path, moment: str
):
    with pytest.MonkeyPatch.context() as patch:
        # A killed program does not clean up behind itself either.
        patch.setattr(compressing, "_drop", lambda path: path.unlink())
        if moment == "before the row":
            patch.setattr(compressing, "_drop", die)
        KILLS[moment](patch)
        with pytest.raises(Killed):
            compress(store, answer)
    assert np.array_equal(samples_of(store), tone())
    assert recover(store, data) == ()
    assert np.array_equal(samples_of(store), tone())
    assert len(names(data)) == 1
    compress(store, store.attempt(NAME))
    assert np.array_equal(samples_of(store), tone())
    assert names(data) == [f"{NAME}.flac"]


def test_a_damaged_copy_beside_the_original_does_not_count(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    flac = answer.clip.path.with_suffix(".flac")
    original = answer.clip.path.read_bytes()
    compress(store, answer)
    answer.clip.path.write_bytes(original)
    flac.write_bytes(flac.read_bytes()[:-900])
    recover(store, data)
    assert store.attempt(NAME) == answer
    assert names(data) == [f"{NAME}.wav"]


def test_a_row_from_before_the_compression_finds_the_compressed_recording(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    compress(store, answer)
    store.replace_clip(NAME, answer.clip)
    recover(store, data)
    assert np.array_equal(samples_of(store), tone())


def test_another_sound_of_the_same_name_is_not_taken_for_the_recording(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    compress(store, answer)
    shorter = replace(answer.clip, frames=answer.clip.frames - 1)
    store.replace_clip(NAME, shorter)
    recover(store, data)
    assert store.attempt(NAME).clip == shorter


def test_a_row_from_after_the_compression_finds_the_original(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    store.replace_clip(NAME, replace(answer.clip, path=answer.clip.path.with_suffix(".flac")))
    recover(store, data)
    assert store.attempt(NAME) == answer


# --- recordings that no row tells of -------------------------------------------------------------


def forget(store: SqlStore) -> None:
    """Take the row away and leave the file, as a lost database does."""
    with store._writing() as db:
        db.connection().exec_driver_sql("DELETE FROM attempts")


def test_a_compressed_recording_without_an_answer_becomes_one(store: SqlStore, answer: Attempt, data: Path):
    kept = compress(store, answer)
    assert kept is not None
    forget(store)
    assert recover(store, data) == (replace(answer, clip=replace(kept, gap_ms=0)),)


def test_of_both_the_original_is_recovered(store: SqlStore, answer: Attempt, data: Path):
    assert answer.clip is not None
    original = answer.clip.path.read_bytes()
    compress(store, answer)
    forget(store)
    answer.clip.path.write_bytes(original)
    (found,) = recover(store, data)
    assert found.clip == replace(answer.clip, gap_ms=0)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_compressed_recording_that_is_cut_off_is_recovered_as_far_as_it_goes(
    store: SqlStore, answer: Attempt, data: Path, share: float
):
    kept = compress(store, answer)
    assert kept is not None
    forget(store)
    os.truncate(kept.path, int(kept.path.stat().st_size * share))
    found = recover(store, data)
    frames = sum(a.clip.frames for a in found if a.clip)
    assert measure(kept.path)[1] == frames < kept.frames
    assert bool(found) == bool(frames)


def test_an_unfinished_copy_is_no_recording(store: SqlStore, answer: Attempt, data: Path):
    kept = compress(store, answer)
    assert kept is not None
    forget(store)
    kept.path.rename(kept.path.with_name(f"{NAME}.part.flac"))
    assert recover(store, data) == ()
