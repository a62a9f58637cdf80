"""Files and messages that somebody made to do harm: refused in words, within bounded memory."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from interviewer.core.encoding import Encoding
from interviewer.core.errors import AudioError, DeviceError, ModelCorrupt
from interviewer.engines.encoding_files import _CHECK, KeptEncodings, checksum
from interviewer.engines.faster_frames import MOST_BLOB_BYTES, MOST_TEXT_BYTES, read_message
from interviewer.engines.sound_file import read_sound
from interviewer.engines.speak_pyttsx3 import _Child
from interviewer.engines.whisper_files import verify


def wav(path: Path, *, channels: int, rate_hz: int, data: bytes, claims: int | None = None) -> Path:
    """Write a PCM16 WAV file whose header says whatever it is told to."""
    size = len(data) if claims is None else claims
    align = channels * 2
    form = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, (rate_hz * align) & 0xFFFFFFFF, align & 0xFFFF, 16
    )
    path.write_bytes(
        struct.pack("<4sI4s", b"RIFF", 36 + size & 0xFFFFFFFF, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", size)
        + data
    )
    return path


def peak_mb(path: Path) -> float:
    """Return how much memory reading a file takes at most, whether it can be read or not."""
    tracemalloc.start()
    try:
        read_sound(path)
    except AudioError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 1e6


@pytest.mark.parametrize("channels", [1, 2, 1024])
@pytest.mark.parametrize("rate_hz", [8_000, 768_000])
def test_a_small_file_takes_little_memory_whatever_its_header_claims(
    tmp_path: Path, channels: int, rate_hz: int
) -> None:
    path = wav(tmp_path / "a.wav", channels=channels, rate_hz=rate_hz, data=b"\x01\x02" * 20_480, claims=2**31)
    assert peak_mb(path) < 60


@pytest.mark.parametrize(("channels", "rate_hz"), [(65_535, 48_000), (0, 48_000), (2, 0), (2, 2**32 - 1)])
def test_a_header_that_no_sound_has_is_refused(tmp_path: Path, channels: int, rate_hz: int) -> None:
    with pytest.raises(AudioError):
        read_sound(wav(tmp_path / "a.wav", channels=channels, rate_hz=rate_hz, data=b"\x01\x02" * 1000))


def test_hours_of_sound_are_refused_by_the_header_alone(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", channels=1, rate_hz=1_000, data=b"")
    with path.open("r+b") as file:
        file.truncate(2**32 - 100)  # a hole: nothing on the disk
    with path.open("r+b") as file:
        file.seek(40)
        file.write(struct.pack("<I", 2**32 - 200))
    with pytest.raises(AudioError, match="longer"):
        read_sound(path)


def test_a_large_recording_that_claims_to_be_empty_is_not_copied_into_memory(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", channels=1, rate_hz=768_000, data=b"", claims=0)
    with path.open("r+b") as file:
        file.truncate(100_000_000)
    assert peak_mb(path) < 60


def test_what_it_holds_is_read_nevertheless(tmp_path: Path) -> None:
    data = (np.sin(np.arange(16_000) / 9) * 9_000).astype("<i2").tobytes()
    told = wav(tmp_path / "a.wav", channels=1, rate_hz=16_000, data=data)
    silent = wav(tmp_path / "b.wav", channels=1, rate_hz=16_000, data=data, claims=0)
    assert np.array_equal(read_sound(silent), read_sound(told))


# --- messages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("<II", MOST_TEXT_BYTES + 1, 0) + b"{}",
        struct.pack("<II", 2, MOST_BLOB_BYTES + 1) + b"{}",
        struct.pack("<II", 4, 0) + b"what",
        struct.pack("<II", 2, 0) + b"[]",
        struct.pack("<II", 100_000, 0) + b"[" * 100_000,
        b"a line that a library printed\n",
    ],
)
def test_what_is_no_message_of_the_faster_engine_ends_the_talk(sent: bytes) -> None:
    with pytest.raises(EOFError):
        read_message(io.BytesIO(sent))


@pytest.mark.parametrize("answer", [b"", b"[]", b"7", b"what", b"[" * 100_000, b'{"ok": false, "error": []}'])
def test_what_is_no_answer_of_the_speech_child_is_a_failed_engine(answer: bytes) -> None:
    with pytest.raises(DeviceError):
        _Child._understood(answer, 0)


# --- kept encodings ---------------------------------------------------------------------------


def encode(texts: list[str]) -> list[Encoding]:
    vector = np.ones(4, dtype=np.float32)
    return [
        Encoding(tuple(t.split()), np.zeros(2, dtype=np.int64), np.ones((2, 4), dtype=np.float32), vector)
        for t in texts
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts | {"lengths": np.array([-2, 6], dtype=np.int64)},
        lambda parts: parts | {"tokens": parts["tokens"] * np.nan},
        lambda parts: parts | {"sentences": parts["sentences"] * np.inf},
        lambda parts: parts | {"tokens": parts["tokens"].reshape(-1)},
        lambda parts: parts | {"word_of_token": parts["word_of_token"].reshape(-1, 1)},
    ],
)
def test_encodings_with_the_right_checksum_are_still_looked_at(tmp_path: Path, spoil) -> None:
    asked = []

    def counted(texts: list[str]) -> list[Encoding]:
        asked.append(texts)
        return encode(texts)

    kept = KeptEncodings(counted, tmp_path, model_hash="h")
    kept.encode(["one two", "three"])
    (file,) = tmp_path.glob("*.safetensors")
    parts = spoil({name: part for name, part in load_file(file).items() if name != _CHECK})
    parts = {name: np.ascontiguousarray(part) for name, part in parts.items()}
    save_file({**parts, _CHECK: checksum(parts)}, file)
    kept.encode(["one two", "three"])
    assert len(asked) == 2


def test_encodings_behind_a_link_are_not_used(tmp_path: Path) -> None:
    asked = []
    kept = KeptEncodings(lambda texts: asked.append(texts) or encode(texts), tmp_path, model_hash="h")
    kept.encode(["one"])
    (file,) = tmp_path.glob("*.safetensors")
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    kept.encode(["one"])
    assert len(asked) == 2


# --- model files ------------------------------------------------------------------------------


def test_a_checkpoint_that_unpacks_to_more_than_it_takes_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.pt"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/data.pkl", b"\x00" * 50_000_000)
    with pytest.raises(ModelCorrupt):
        verify(bomb, None)


def test_a_checkpoint_as_torch_packs_it_is_not(tmp_path: Path) -> None:
    whole = tmp_path / "whole.pt"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("archive/data.pkl", b"\x00" * 50_000)
    assert len(verify(whole, None)) == 64
