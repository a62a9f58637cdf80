"""Recordings that survive: PCM16 mono WAV, readable to its last block however the program ends.

A recording in progress is called `<name>.part.wav`. Each block rewrites the sizes in the
header (`wave.writeframes` does, soundfile does not), so that any player reads a file whose
writer was killed. Only a complete file gets its final name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import wave
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from interviewer.core.errors import StoreError
from interviewer.core.files import put_in_place
from interviewer.core.models import Clip
from interviewer.core.space import seconds_left, space_ran_out
from interviewer.store.disk import check_space, free_bytes, open_private

PART_SUFFIX = ".part.wav"

_BYTES_A_FRAME = 2
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""The 44 bytes that stdlib `wave` writes: RIFF, WAVE, one `fmt ` of 16 bytes, `data`."""
_MAX_DATA_BYTES = 2**32 - 64
"""WAV counts bytes in 32 bits: 12 hours at 48 kHz."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WavWriter:
    """Writes one mono PCM16 recording; used by one thread.

    Creates `<name>.part.wav` beside `path`, mode 0600, at once; the folder must exist.
    End it with `finish` or `abandon`. Raises StoreError when the file cannot be created.

    Once a second of sound it looks how much of the disk is free, and takes nothing below the
    floor (`core.space`); of a disk that does not say so it takes what it gets.
    """

    def __init__(self, path: Path, sample_rate_hz: int) -> None:
        self._path = path
        self._part = path.with_name(path.stem + PART_SUFFIX)
        self._rate_hz = sample_rate_hz
        self._frames = 0
        self._unsynced = 0
        self._free_bytes = check_space(path.parent)
        self._clip: Clip | None = None
        try:
            self._file: BinaryIO | None = _open(self._part)
        except OSError as exc:
            raise _failed("The recording cannot be started", exc) from exc
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - finish and abandon close it
        self._wave.setnchannels(1)
        self._wave.setsampwidth(_BYTES_A_FRAME)
        self._wave.setframerate(sample_rate_hz)

    @property
    def frames(self) -> int:
        """Frames kept so far."""
        return self._frames

    @property
    def left_s(self) -> float | None:
        """Seconds of sound that the disk still has room for, at the last look; None when it does not say."""
        return None if self._free_bytes is None else seconds_left(self._free_bytes, self._rate_hz)

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append int16 samples of shape (n,); on disk, to the operating system, on return.

        About once a second of sound it also waits for the disk itself. Raises StoreError
        when the disk does not take them or its floor is reached: what came before, and at
        the floor these too, is kept and `finish` returns it. Raises ValueError for another
        type or shape.
        """
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise ValueError(f"needs int16 of shape (n,), got {samples.dtype} of shape {samples.shape}")
        if self._file is None:
            raise StoreError("The recording has ended already", hint="Start a new answer.")
        if (self._frames + len(samples)) * _BYTES_A_FRAME > _MAX_DATA_BYTES:
            raise StoreError("The recording is as long as a WAV file can be", hint="Stop, and begin a new answer.")
        try:
            self._append(self._file, samples)
        except OSError as exc:
            self._close()
            raise _failed("The recording stopped", exc) from exc
        if self._free_bytes is not None and self.left_s == 0.0:
            raise space_ran_out(self._free_bytes)

    def _append(self, file: BinaryIO, samples: NDArray[np.int16]) -> None:
        self._wave.writeframes(samples.tobytes())
        file.flush()
        self._frames += len(samples)
        self._unsynced += len(samples)
        if self._unsynced >= self._rate_hz:
            # Counted in frames: a clock would sync a paused recording for nothing.
            os.fsync(file.fileno())
            self._unsynced = 0
            self._free_bytes = free_bytes(self._path.parent)

    def finish(self) -> Clip:
        """Complete the file, give it its final name and return it; again is harmless.

        After a failed `write` the clip holds what was kept. The gap of the clip is 0: only
        the recorder knows the clock. A recording without a sample is a WAV file without
        frames; use `abandon` instead. Raises StoreError, and keeps the part, when the disk
        does not take it; the next call returns what can be read of it, whether or not it
        reached the disk itself.
        """
        if self._clip is not None:
            return self._clip
        try:
            if self._file is not None:
                self._complete(self._file)
            else:
                self._salvage()
            put_in_place(self._part, self._path)
        except OSError as exc:
            self._close()
            raise _failed("The recording could not be completed", exc) from exc
        self._clip = Clip(self._path, self._rate_hz, self._frames)
        return self._clip

    def _complete(self, file: BinaryIO) -> None:
        self._wave.close()
        os.fsync(file.fileno())
        self._close()

    def _salvage(self) -> None:
        self._frames = _true_sizes(self._part, durable=False)[1]
        if not self._frames:
            raise StoreError("Nothing of the recording could be kept", hint="Free some space on this disk.")

    def abandon(self) -> None:
        """Forget the recording: its unfinished file is deleted. Never raises; a finished one stays."""
        self._close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        """Let go of the file, whatever state it is in."""
        file, self._file = self._file, None
        if file is None:
            return
        # Both would try once more to write what the disk refused before.
        with contextlib.suppress(OSError):
            self._wave.close()
        with contextlib.suppress(OSError):
            file.close()


def repair(path: Path) -> Clip | None:
    """Complete a recording whose writer was killed, and return it.

    The sizes in its header are set to what the file holds; `<name>.part.wav` becomes
    `<name>.wav`, unless a recording of that name is there already. Returns None, and leaves
    the file alone, when it holds no frame or is not one of ours. Raises StoreError when
    the disk fails. Not for a recording that is still being written.
    """
    try:
        rate_hz, frames = _true_sizes(path)
        if not frames:
            return None
        final = path.with_name(path.name.removesuffix(PART_SUFFIX) + ".wav")
        if path.name.endswith(PART_SUFFIX) and not final.exists():
            put_in_place(path, final)
            path = final
    except OSError as exc:
        raise _failed("A recording could not be repaired", exc) from exc
    return Clip(path, rate_hz, frames)


def _open(path: Path) -> BinaryIO:
    return os.fdopen(open_private(path), "wb")


def _true_sizes(path: Path, *, durable: bool = True) -> tuple[int, int]:
    """Set the sizes in the header to what the file holds; return its rate and its frames.

    Both are 0, and nothing is changed, when it holds no frame or is no recording of ours.
    Raises OSError, but not for a disk that cannot be waited for unless it must be `durable`.
    """
    with path.open("rb+") as file:
        head = file.read(_HEADER.size)
        frames = (os.fstat(file.fileno()).st_size - _HEADER.size) // _BYTES_A_FRAME
        rate_hz = _rate_hz(head)
        if not rate_hz or not frames:
            return 0, 0
        true = head[:4] + struct.pack("<I", _HEADER.size - 8 + frames * _BYTES_A_FRAME) + head[8:40]
        true += struct.pack("<I", frames * _BYTES_A_FRAME)
        # A kill in the middle of a block can leave half a sample.
        file.truncate(_HEADER.size + frames * _BYTES_A_FRAME)
        if true != head:
            file.seek(0)
            file.write(true)
            file.flush()
        # Of a disk that has failed already, what can still be read is better than nothing.
        with contextlib.nullcontext() if durable else contextlib.suppress(OSError):
            os.fsync(file.fileno())
    return rate_hz, frames


def _rate_hz(head: bytes) -> int:
    """Return the sample rate of a header that `WavWriter` wrote; 0 for any other bytes."""
    if len(head) < _HEADER.size:
        return 0
    riff, _, form, fmt, fmt_size, coding, channels, rate_hz, _, _, bits, data, _ = _HEADER.unpack(head)
    ours = (riff, form, fmt, fmt_size, coding, channels, bits, data) == (
        *(b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, 8 * _BYTES_A_FRAME, b"data"),
    )
    return int(rate_hz) if ours else 0


def _failed(fact: str, cause: OSError) -> StoreError:
    kept = "What was said so far is kept"
    hint = f"{kept}; free some space on this disk." if cause.errno in _FULL else f"{kept}; check the disk."
    return StoreError(f"{fact} ({cause.strerror})", hint=hint)
