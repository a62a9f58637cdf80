"""Reads any sound file as what the models and the loudspeaker expect.

The one converter of the product: whoever needs samples from a file gets them here, so
that rate, channels and range are right everywhere or wrong everywhere.
"""

from __future__ import annotations

import contextlib
import io
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from interviewer.core.errors import AudioError
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

log = logging.getLogger(__name__)

# What precedes the damage in a compressed file comes out only as whole blocks.
BLOCKS_A_SECOND = 4
BLOCK_VALUES = 1 << 20
MENDABLE_BYTES = 1 << 30
# Below and above there are only damaged headers: telephone sound has 8 kHz, studio sound 192.
LOWEST_RATE_HZ = 1_000
HIGHEST_RATE_HZ = 768_000
LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Samples as they lie in a file: float32, mono, shape (n,), finite."""

    samples: FloatArray
    rate_hz: int


class _Sequential(soundfile.SoundFile):  # type: ignore[misc]
    """Reads blocks without the seek that soundfile does after each one, which tears holes into MP3 sound."""

    def seekable(self) -> bool:
        """Say no: then soundfile leaves the place where libsndfile's decoder is."""
        return False


def read_sound(path: Path, *, rate_hz: int = MODEL_RATE_HZ, max_seconds: float = LONGEST_S) -> FloatArray:
    """Read a sound file: float32, mono, `rate_hz`, shape (n,), -1 to 1, always finite.

    Takes what libsndfile takes (WAV, FLAC, OGG, AIFF, MP3, ...) at any rate and with any
    number of channels, which are averaged. A file that breaks off, or whose header names
    a wrong size, is read as far as it goes. Raises AudioError when there is no sound in
    it, or more than `max_seconds`; in that case before reading it all.
    """
    with mono_blocks(path, max_seconds=max_seconds) as (from_hz, blocks):
        return _joined(path, _resampled(blocks, from_hz, rate_hz))


def read_as_is(path: Path, *, max_seconds: float = LONGEST_S) -> Sound:
    """Read a sound file at its own rate, which is quicker; otherwise, and in what it raises, as `read_sound`."""
    with mono_blocks(path, max_seconds=max_seconds) as (rate_hz, blocks):
        return Sound(_joined(path, blocks), rate_hz)


@contextlib.contextmanager
def mono_blocks(path: Path, *, max_seconds: float = LONGEST_S) -> Iterator[tuple[int, Iterator[FloatArray]]]:
    """Open a sound file: its rate, and its sound in blocks of a quarter of a second, for whom the whole is too much.

    Blocks are float32, mono, finite; see `read_sound` for what is taken. Raises AudioError
    when it is opened, or while it is read, but not when there is no sound in it.
    """
    _check_readable(path)
    try:
        with contextlib.ExitStack() as opened:
            mended = _mended(path)
            source = str(path) if mended is None else opened.enter_context(mended)
            file = opened.enter_context(_Sequential(source))
            _check_header(path, file, max_seconds)
            yield file.samplerate, _mono_blocks(path, file, max_seconds)
    except soundfile.LibsndfileError as exc:
        raise AudioError(f"{path.name} is not a sound file that can be read") from exc


def no_sound(path: Path) -> AudioError:
    """Return what is told of a file without a single sample."""
    return AudioError(f"There is no sound in {path.name}", hint="Record it again, or choose another file.")


def _joined(path: Path, blocks: Iterator[FloatArray]) -> FloatArray:
    kept = list(blocks)
    samples = np.concatenate(kept) if kept else np.zeros(0, dtype=np.float32)
    if not samples.size:
        raise no_sound(path)
    # Resampling overshoots at full scale, and float files may be louder than full scale.
    return np.clip(samples, -1.0, 1.0, out=samples)


def _check_readable(path: Path) -> None:
    if path.is_dir():
        raise AudioError(f"{path} is a folder, not a sound file")
    if not path.is_file():
        raise AudioError(f"There is no file {path}", hint="Check the name and the folder.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as exc:
        hint = "Check who may read the file."
        raise AudioError(f"{path.name} cannot be opened ({exc.strerror})", hint=hint) from exc
    if empty:
        raise AudioError(f"{path.name} is empty", hint="Record it again, or choose another file.")


class _Mended(io.FileIO):
    """A file that reads as if it began with `head`. Not a copy: recordings of an hour take hundreds of megabytes."""

    def __init__(self, path: Path, head: bytes) -> None:
        super().__init__(path, "rb")
        self._head = head

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`, the beginning from the head."""
        at = self.tell()
        count = super().readinto(buffer) or 0
        said = self._head[at : at + count]
        memoryview(buffer).cast("B")[: len(said)] = said
        return count


def _mended(path: Path) -> _Mended | None:
    """Return a WAV file that claims to hold nothing but does not, with its sizes put right; None for any other.

    Programs that were killed, or that wrote into a pipe, leave such headers. libsndfile
    copes with every other wrong size.
    """
    size_on_disk = path.stat().st_size
    if size_on_disk > MENDABLE_BYTES:
        return None
    with path.open("rb") as file:
        head = file.read(4096)
        at = _empty_data_chunk(head)
        if at is None or at + 8 + _chunk_bytes(head, at + 8) >= size_on_disk:
            return None
    whole = bytearray(head)
    struct.pack_into("<I", whole, 4, size_on_disk - 8)
    struct.pack_into("<I", whole, at + 4, size_on_disk - at - 8)
    return _Mended(path, bytes(whole))


def _empty_data_chunk(head: bytes) -> int | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 8 <= len(head):
        if head[at : at + 4] == b"data":
            return None if _chunk_bytes(head, at) > 8 else at
        step = _chunk_bytes(head, at)
        if not step:
            return None
        at += step
    return None


def _chunk_bytes(head: bytes, at: int) -> int:
    """Return how many bytes the chunk at `at` takes with its name and size; 0 when there is no chunk."""
    if not head[at : at + 4].strip().isalnum() or at + 8 > len(head):
        return 0
    size = int(struct.unpack_from("<I", head, at + 4)[0])
    return 8 + size + size % 2


def _check_header(path: Path, file: Any, max_seconds: float) -> None:
    if not LOWEST_RATE_HZ <= file.samplerate <= HIGHEST_RATE_HZ:
        raise AudioError(f"{path.name} claims {file.samplerate} samples a second, which no sound has")
    # A missing size is told as the largest number there is; such a file is measured while it is read.
    if file.frames < 2**62 and file.frames > max_seconds * file.samplerate:
        raise _too_long(path, max_seconds)


def _too_long(path: Path, max_seconds: float) -> AudioError:
    hint = "Cut it into shorter files, one answer each."
    return AudioError(f"{path.name} is longer than {max_seconds / 60:g} minutes", hint=hint)


def _mono_blocks(path: Path, file: Any, max_seconds: float) -> Iterator[FloatArray]:
    frames = 0
    # A header may claim a thousand channels at any rate: memory is taken before a sample is read.
    at_once = max(1, min(file.samplerate // BLOCKS_A_SECOND, BLOCK_VALUES // file.channels))
    while True:
        try:
            block = file.read(at_once, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:
            if not frames:
                raise
            log.warning("a sound file breaks off after %.1f s", frames / file.samplerate)
            return
        if not len(block):
            return
        frames += len(block)
        if frames > max_seconds * file.samplerate:
            raise _too_long(path, max_seconds)
        # Float files may hold anything; one NaN would silence everything after it in a filter.
        np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        yield np.ascontiguousarray(block.mean(axis=1, dtype=np.float32))


def _resampled(blocks: Iterator[FloatArray], from_hz: int, to_hz: int) -> Iterator[FloatArray]:
    """Convert a stream of mono blocks; nothing is lost or repeated where two of them meet."""
    if from_hz == to_hz:
        yield from blocks
        return
    stream = soxr.ResampleStream(from_hz, to_hz, num_channels=1, dtype="float32")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
