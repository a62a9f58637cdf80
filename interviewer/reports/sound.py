"""Recordings inside a report: small enough to be sent, and playable in every browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from interviewer.core.models import Attempt, Clip

SUFFIXES = (".wav", ".flac")
"""What recordings are kept as."""

MP3_TYPE = "audio/mpeg"
"""Opus would be half as large, but iPhones of before 2025 do not play it; MP3 is played everywhere."""

_MP3_RATES_HZ = (16_000, 22_050)
"""Speech has little above 11,000 Hz. At 24,000 Hz nothing in so small a file says by how much the encoder delays the
sound, and all of it comes 46 ms late (measured)."""
_QUALITY = 0.7
"""Of libsndfile, 0 best to 1 smallest: 7 kB a second at 16,000 Hz, where WAV takes 32 and FLAC 17 (measured)."""
_BLOCK_FRAMES = 1 << 16


def recording(attempt: Attempt) -> Clip | None:
    """Return the recording of an answer where it is on the disk, else None.

    Links and other kinds of files are nothing that was recorded, whatever a row says.
    """
    clip = attempt.clip
    if clip is None or clip.path.suffix not in SUFFIXES or clip.path.is_symlink() or not clip.path.is_file():
        return None
    return clip


def as_mp3(path: Path) -> bytes | None:
    """Return a recording as MP3 of constant rate, mono; None where it cannot be read. Times in it are the same."""
    import soundfile

    made = io.BytesIO()
    try:
        with soundfile.SoundFile(str(path)) as sound:
            rate_hz = mp3_rate(sound.samplerate)
            writer = soundfile.SoundFile(
                *(made, "w", rate_hz, 1, "MPEG_LAYER_III"),
                format="MP3",
                compression_level=_QUALITY,
                # With a varying rate a browser only guesses where a second lies.
                bitrate_mode="CONSTANT",
            )
            with writer:
                for block in _at_rate(_mono_blocks(sound), sound.samplerate, rate_hz):
                    writer.write(block)
    except (soundfile.LibsndfileError, OSError):
        return None
    return made.getvalue()


def mp3_rate(rate_hz: int) -> int:
    """Return the rate that sound of `rate_hz` is kept with."""
    low, high = _MP3_RATES_HZ
    return low if rate_hz <= low else high


def join(clips: list[Clip], target: BinaryIO) -> None:
    """Write recordings one after the other into the empty file `target` as FLAC, at the rate of the first.

    Raises OSError when the disk fails or one of them cannot be read.
    """
    import soundfile

    rate_hz = clips[0].sample_rate_hz
    try:
        with soundfile.SoundFile(target, "w", rate_hz, 1, "PCM_16", format="FLAC") as joined:
            for clip in clips:
                with soundfile.SoundFile(str(clip.path)) as sound:
                    for block in _at_rate(_mono_blocks(sound), sound.samplerate, rate_hz):
                        joined.write(block)
    except soundfile.LibsndfileError as exc:
        raise OSError(None, "a recording cannot be read, or the file not be written") from exc


def _mono_blocks(sound: Any) -> Iterator[NDArray[np.float32]]:
    while len(block := sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        yield np.ascontiguousarray(block.mean(axis=1, dtype=np.float32))


def _at_rate(blocks: Iterator[NDArray[np.float32]], from_hz: int, to_hz: int) -> Iterator[NDArray[np.float32]]:
    if from_hz == to_hz:
        yield from blocks
        return
    import soxr

    stream = soxr.ResampleStream(from_hz, to_hz, num_channels=1, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
