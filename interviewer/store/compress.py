"""Keeps a recording as FLAC: half the size, the same sound bit for bit.

The WAV is the recording until the FLAC was decoded again and compared with it and the database
names the FLAC. A program killed on the way leaves a recording that can be heard, and at the next
start `tidy` completes or undoes the rest.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import wave
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.errors import StoreError
from interviewer.core.files import put_in_place, sync_folder
from interviewer.core.models import Attempt, Clip
from interviewer.core.store import Store
from interviewer.store.disk import open_private, sync_file
from interviewer.store.names import FLAC, PART_FLAC, RECORDINGS_NAME, WAV, answer_of

log = logging.getLogger(__name__)

_BLOCK_FRAMES = 1 << 16
_SMALL_FRAMES = 1 << 12
"""Damage takes the whole of what is read at once with it."""
_BITS_16 = "PCM_16"
_ABOUT_DISK = "The recording is kept as it is; free some space on this disk."


def compress(store: Store, attempt: Attempt) -> Clip | None:
    """Keep the recording of an answer as FLAC from now on, and return it; None where it stays as it is.

    It stays when there is none, when it is FLAC already or not on the disk, and when it is no
    recording of ours or of a rate that FLAC does not take. Raises StoreError when the disk or the
    store fails; the recording stays. To be used by one thread at a time for a recording, and not
    while it is being written down.
    """
    clip = _recording(attempt)
    if clip is None or clip.path.suffix != WAV or not clip.path.is_file():
        return None
    part = clip.path.with_name(clip.path.stem + PART_FLAC)
    final = clip.path.with_suffix(FLAC)
    try:
        if not _encode(clip.path, part):
            part.unlink(missing_ok=True)
            return None
        put_in_place(part, final)
    except OSError as exc:
        _drop(part)
        raise StoreError(f"A recording cannot be compressed ({exc.strerror})", hint=_ABOUT_DISK) from exc
    kept = replace(clip, path=final)
    try:
        store.replace_clip(attempt.id, kept)
    except BaseException:
        # Without a row that names it, it would be taken for an answer that was never kept.
        _drop(final)
        raise
    _drop(clip.path)
    return kept


def is_unsettled(clip: Clip, names: Collection[str]) -> bool:
    """Whether there is something to `tidy`, by the names of the files in the folder of a recording."""
    stem = clip.path.stem
    both = f"{stem}{WAV}" in names and f"{stem}{FLAC}" in names
    return both or clip.path.name not in names or f"{stem}{PART_FLAC}" in names


def tidy(store: Store, attempt: Attempt) -> None:
    """Complete or undo what a killed `compress` left of an answer's recording. Raises StoreError from the store.

    Beside a WAV that counts, a FLAC is removed. Beside a FLAC that counts, a WAV is removed once the two were
    compared; where they differ, the WAV counts again: it is what the microphone gave. Where the one that counts
    is gone (the row is from a backup of before), the other does. To be called while nobody records or compresses.
    """
    clip = _recording(attempt)
    if clip is None:
        return
    wav, flac = clip.path.with_suffix(WAV), clip.path.with_suffix(FLAC)
    part = clip.path.with_name(clip.path.stem + PART_FLAC)
    if part.is_file():
        _drop(part)
    if not clip.path.is_file():
        other = flac if clip.path == wav else wav
        if other.is_file() and (other == wav or measure(flac) == (clip.sample_rate_hz, clip.frames)):
            store.replace_clip(attempt.id, replace(clip, path=other))
        return
    if not wav.is_file() or not flac.is_file():
        return
    if clip.path == flac:
        if _is_same(wav, flac):
            _drop(wav)
            return
        log.warning("a compressed recording is not what was recorded; the recording counts again")
        store.replace_clip(attempt.id, replace(clip, path=wav))
    _drop(flac)


def _recording(attempt: Attempt) -> Clip | None:
    """Return the recording of an answer where it is a complete one in its place, else None.

    A row may name anything, and what it names is removed here. One that could not be completed
    ends with ".part.wav".
    """
    clip = attempt.clip
    if clip is None or ".." in clip.path.parts or answer_of(clip.path.name) != clip.path.stem:
        return None
    folder = clip.path.parent
    ours = (folder.parent.name, folder.name) == (RECORDINGS_NAME, attempt.session_id)
    return clip if ours and not folder.is_symlink() else None


def measure(path: Path) -> tuple[int, int]:
    """Return the rate and the frames of a FLAC of ours, as far as it can be decoded; 0 and 0 for anything else."""
    import soundfile

    frames = rate_hz = 0
    with contextlib.suppress(soundfile.LibsndfileError), soundfile.SoundFile(str(path)) as sound:
        if (sound.format, sound.subtype, sound.channels) == ("FLAC", _BITS_16, 1):
            rate_hz = sound.samplerate
            for block in _decoded(sound, _SMALL_FRAMES):
                frames += len(block)
    return (rate_hz, frames) if frames else (0, 0)


def _encode(wav: Path, part: Path) -> bool:
    """Write a WAV as FLAC to `part`, durably; return whether it is the same sound. Raises OSError."""
    try:
        with contextlib.closing(wave.open(str(wav), "rb")) as recorded:
            fits = recorded.getsampwidth() == 2 and _fits(recorded.getframerate())
            if not fits or not recorded.getnframes():
                return False
            _write(recorded, part)
    except (wave.Error, EOFError):
        return False
    # Recovery tells from the time of a file when its answer was given.
    then = wav.stat()
    os.utime(part, ns=(then.st_atime_ns, then.st_mtime_ns))
    if not _is_same(wav, part):
        log.warning("a recording is not compressed: the copy was not the same sound")
        return False
    return True


def _fits(rate_hz: int) -> bool:
    """Whether the header of a FLAC frame can tell this rate: in Hz to 16 bits, else in tens of Hz."""
    return rate_hz < 1 << 16 or (rate_hz % 10 == 0 and rate_hz < 10 << 16)


def _write(recorded: wave.Wave_read, part: Path) -> None:
    """Write what was recorded as FLAC, durably. Raises OSError when the disk fails."""
    import soundfile

    os.close(open_private(part))
    rate_hz, channels = recorded.getframerate(), recorded.getnchannels()
    try:
        with soundfile.SoundFile(str(part), "w", rate_hz, channels, _BITS_16, format="FLAC") as sound:
            for block in _recorded(recorded):
                sound.write(block)
    except soundfile.LibsndfileError as exc:
        raise OSError(errno.EIO, "it could not be written") from exc
    sync_file(part)


def _is_same(wav: Path, flac: Path) -> bool:
    """Whether a FLAC holds what a WAV does: rate, channels and every sample. False where either cannot be read."""
    import soundfile

    try:
        with (
            contextlib.closing(wave.open(str(wav), "rb")) as recorded,
            soundfile.SoundFile(str(flac)) as sound,
        ):
            told = (sound.format, sound.subtype, sound.samplerate, sound.channels)
            if told != ("FLAC", _BITS_16, recorded.getframerate(), recorded.getnchannels()):
                return False
            pairs = zip_longest(_recorded(recorded), _decoded(sound, _BLOCK_FRAMES))
            return all(a is not None and b is not None and np.array_equal(a, b) for a, b in pairs)
    except (OSError, wave.Error, EOFError, soundfile.LibsndfileError):
        return False


def _recorded(file: wave.Wave_read) -> Iterator[NDArray[np.int16]]:
    while data := file.readframes(_BLOCK_FRAMES):
        yield np.frombuffer(data, dtype="<i2").reshape(-1, file.getnchannels())


def _decoded(sound: Any, frames: int) -> Iterator[NDArray[np.int16]]:
    """Yield so many frames at a time, of shape (n, channels)."""
    while True:
        block: NDArray[np.int16] = sound.read(frames, dtype="int16", always_2d=True)
        if not len(block):
            return
        yield block


def _drop(path: Path) -> None:
    """Remove a file that is not needed any more; one in use goes another time."""
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        log.warning("a file beside a recording cannot be removed yet: %s", exc.strerror)
        return
    sync_folder(path.parent)
