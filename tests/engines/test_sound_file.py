"""Any sound file in, one kind of samples out."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from interviewer.core.errors import AudioError
from interviewer.engines import sound_file
from interviewer.engines.sound_file import read_sound
from tests.engines.listening import write_wav
from tests.sound_server import energy_at, tone

RATE_HZ = 16_000


def damaged(path: Path, at: int, value: int) -> Path:
    """Overwrite four bytes of a file with a number."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, at, value)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("suffix", "subtype", "rate_hz"),
    [
        ("wav", "PCM_16", 16_000),
        ("wav", "PCM_U8", 11_025),
        ("wav", "PCM_24", 96_000),
        ("wav", "FLOAT", 48_000),
        ("wav", "ULAW", 8_000),
        ("flac", "PCM_16", 22_050),
        ("flac", "PCM_24", 44_100),
        ("ogg", "VORBIS", 44_100),
        ("aiff", "PCM_16", 22_050),
        ("mp3", "MPEG_LAYER_III", 44_100),
    ],
)
def test_every_format_and_rate_sounds_and_lasts_the_same(
    tmp_path: Path, suffix: str, subtype: str, rate_hz: int
) -> None:
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, tone(440, 2.0, rate_hz=rate_hz), rate_hz, subtype=subtype)
    samples = read_sound(path)

    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * RATE_HZ, abs=0.06 * RATE_HZ)
    assert energy_at(samples, 440, rate_hz=RATE_HZ) == pytest.approx(2.0, abs=0.08)


def test_the_chosen_rate_is_what_comes_out(tone_file: Path) -> None:
    assert len(read_sound(tone_file, rate_hz=44_100)) == pytest.approx(44_100, abs=2)


def test_blocks_meet_without_a_seam(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, tone(440, 3.0, rate_hz=44_100), 44_100, subtype="FLOAT")
    samples = read_sound(path)[800:-800]

    # A sine never steps further than its frequency allows.
    assert np.abs(np.diff(samples)).max() <= 0.3 * 2 * np.pi * 440 / RATE_HZ * 1.01


@pytest.mark.parametrize("channels", [2, 6])
def test_channels_are_averaged(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "many.wav"
    samples = np.zeros((RATE_HZ, channels))
    samples[:, 0] = 0.6
    soundfile.write(path, samples, RATE_HZ)

    assert read_sound(path) == pytest.approx(0.6 / channels, abs=1e-3)


def test_what_is_no_number_or_too_loud_becomes_sound_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "wild.wav"
    samples = tone(440, 1.0, rate_hz=48_000)
    samples[[100, 200, 300]] = np.nan, np.inf, -np.inf
    soundfile.write(path, samples * 5, 48_000, subtype="FLOAT")
    read = read_sound(path)

    assert np.isfinite(read).all()
    assert np.abs(read).max() == 1.0


@pytest.mark.parametrize("riff_bytes", [0, 36, 0xFFFFFFFF])
def test_a_header_that_claims_nothing_is_not_believed(tone_file: Path, riff_bytes: int) -> None:
    damaged(damaged(tone_file, 4, riff_bytes), 40, 0)

    assert len(read_sound(tone_file)) == RATE_HZ


@pytest.mark.parametrize("data_bytes", [0x7FFFFFFF, 0xFFFFFFFF])
def test_a_header_that_claims_too_much_is_not_believed(tone_file: Path, data_bytes: int) -> None:
    damaged(tone_file, 40, data_bytes)

    assert len(read_sound(tone_file)) == RATE_HZ


def test_a_wav_that_breaks_off_is_read_as_far_as_it_goes(tone_file: Path) -> None:
    tone_file.write_bytes(tone_file.read_bytes()[: 44 + RATE_HZ])

    assert len(read_sound(tone_file)) == RATE_HZ // 2


def test_a_flac_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "half.flac"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 4 * RATE_HZ)
    soundfile.write(path, noise, RATE_HZ)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert 1.0 <= len(read_sound(path)) / RATE_HZ <= 2.1


def test_an_empty_recording_with_a_note_behind_it_stays_empty(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "note.wav", np.zeros(0))
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", 4) + b"INFO")

    with pytest.raises(AudioError, match="no sound"):
        read_sound(path)


def test_no_frames_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"no sound in empty\.wav"):
        read_sound(write_wav(tmp_path / "empty.wav", np.zeros(0)))


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "nothing.wav"
    path.touch()

    with pytest.raises(AudioError, match="is empty"):
        read_sound(path)


@pytest.mark.parametrize("content", [b"Dear Sir or Madam", b"RIFF\x00\x00\x00\x00WAVE", b"fLaC" + bytes(40)])
def test_what_is_no_sound_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.wav"
    path.write_bytes(content)

    with pytest.raises(AudioError, match=r"letter\.wav"):
        read_sound(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="There is no file"):
        read_sound(tmp_path / "gone.wav")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is a folder"):
        read_sound(tmp_path)


@pytest.mark.parametrize("rate_hz", [1, 900_000])
def test_a_rate_that_no_sound_has_is_told(tone_file: Path, rate_hz: int) -> None:
    with pytest.raises(AudioError, match=str(rate_hz)):
        read_sound(damaged(tone_file, 24, rate_hz))


def test_too_long_is_told_from_the_header_alone(tone_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the samples were read")

    monkeypatch.setattr(soundfile.SoundFile, "read", never)
    with pytest.raises(AudioError, match="longer than"):
        read_sound(tone_file, max_seconds=0.5)


def test_as_long_as_allowed_is_not_too_long(tone_file: Path) -> None:
    assert len(read_sound(tone_file, max_seconds=1.0)) == RATE_HZ


def test_every_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AudioError) as caught:
        read_sound(tmp_path / "gone.wav")

    assert caught.value.hint


def test_a_file_that_may_not_be_read_is_told(tone_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match="Permission denied"):
        read_sound(tone_file)


def test_a_length_that_no_header_tells_is_measured_while_reading(
    tone_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundfile.SoundFile, "frames", property(lambda _self: 2**63 - 1))

    assert len(read_sound(tone_file)) == RATE_HZ
    with pytest.raises(AudioError, match="longer than"):
        read_sound(tone_file, max_seconds=0.5)


def test_a_file_too_large_to_mend_is_left_as_it_is(tone_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_file, "MENDABLE_BYTES", 100)
    damaged(damaged(tone_file, 4, 0), 40, 0)

    with pytest.raises(AudioError, match="no sound"):
        read_sound(tone_file)
