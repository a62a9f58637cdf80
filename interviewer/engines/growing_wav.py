"""Reads a recording while it is being written, for whoever writes it down meanwhile.

The recording on disk is the only truth: a reader that was killed begins again and misses nothing,
and nobody has to carry sound from one process to another.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import soxr

from interviewer.core.errors import AudioError
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

HEADER_BYTES = 44
_RATE_AT = 24
_BYTES_A_FRAME = 2
MOST_FRAMES = 1 << 22
"""Read in one go: a minute and a half at 48 kHz."""
_NO_WAV = "The recording is not a WAV file"


class GrowingWav:
    """A mono PCM16 WAV with a header of 44 bytes, as `store.recordings.WavWriter` writes it.

    It is called `part` while it grows and `path` once it is complete. The file is opened for each
    read alone, for Windows renames no file that is open.
    """

    def __init__(self, part: Path, path: Path) -> None:
        self._names = (part, path)
        self._rate_hz = 0
        self._frames = 0
        self._stream: soxr.ResampleStream | None = None

    @property
    def frames(self) -> int:
        """How many frames of the file were read."""
        return self._frames

    def read(self, until: int | None = None) -> FloatArray:
        """Return what has come since: float32, mono, MODEL_RATE_HZ, shape (n,), -1 to 1; empty if nothing.

        `until` is how many frames a complete recording has: the call that reaches it flushes the
        resampler, and is the last. Raises AudioError when the file is no such WAV, or a complete one is gone.
        """
        samples = self._new(until)
        last = until is not None and self._frames >= until
        if self._rate_hz == MODEL_RATE_HZ or (not samples.size and not last):
            return samples
        if self._stream is None:
            self._stream = soxr.ResampleStream(self._rate_hz, MODEL_RATE_HZ, num_channels=1, dtype="float32")
        # Resampling overshoots at full scale.
        return np.clip(self._stream.resample_chunk(samples, last=last), -1.0, 1.0, dtype=np.float32)

    def _new(self, until: int | None) -> FloatArray:
        data = self._bytes(until)
        frames = len(data) // _BYTES_A_FRAME
        self._frames += frames
        return np.frombuffer(data, dtype="<i2", count=frames).astype(np.float32) / 32768

    def _bytes(self, until: int | None) -> bytes:
        most = MOST_FRAMES if until is None else max(0, min(until - self._frames, MOST_FRAMES))
        for name in self._names:
            try:
                with name.open("rb") as file:
                    if not self._rate_hz:
                        self._rate_hz = _rate_of(file.read(HEADER_BYTES))
                        if not self._rate_hz:
                            if until is not None:
                                raise AudioError(_NO_WAV)
                            return b""  # the writer has only just begun
                    file.seek(HEADER_BYTES + self._frames * _BYTES_A_FRAME)
                    return file.read(most * _BYTES_A_FRAME)
            except FileNotFoundError:
                continue
            except OSError as exc:
                raise AudioError(f"The recording cannot be read ({exc.strerror})") from exc
        if until is not None:
            raise AudioError(f"The recording {self._names[1].name} is gone")
        return b""


def _rate_of(head: bytes) -> int:
    """Return the sample rate that a header tells, 0 while it is not complete."""
    if len(head) < HEADER_BYTES:
        return 0
    if head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt ":
        raise AudioError(_NO_WAV)
    (rate_hz,) = struct.unpack_from("<I", head, _RATE_AT)
    if not rate_hz:
        raise AudioError("The recording tells no sample rate")
    return int(rate_hz)
