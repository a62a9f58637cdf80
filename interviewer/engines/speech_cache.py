"""Keeps rendered speech, so that no sentence is rendered twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import uuid
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.paths import make_private

MAX_BYTES = 200 * 1024 * 1024
"""About 75 minutes of speech at 22,050 Hz: every question of a large bank, in two voices."""


class SpeechCache:
    """A folder of WAV files, each named after everything that decides how it sounds.

    At most `max_bytes` of them; the ones not used for longest go first.
    """

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    @staticmethod
    def key(*what: str | int | None) -> str:
        """Return the name for a text, a voice, a rate, an engine's version."""
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()

    def find(self, key: str) -> Path | None:
        """Return the file, or None when it has to be rendered."""
        path = self._path(key)
        if not is_audible(path):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return path

    def part(self, key: str) -> Path:
        """Return a path to render into, of nobody else's; raises StoreError when the folder cannot be used."""
        return make_private(self._folder) / f".{key[:16]}-{uuid.uuid4().hex}.part.wav"

    def keep(self, part: Path, key: str) -> Path:
        """Take a rendered file in and return its place.

        Raises DeviceError when there is no sound in it, StoreError when the disk fails.
        """
        if not is_audible(part):
            raise DeviceError("The voice made no sound", hint="Choose another voice in Settings.")
        path = self._path(key)
        try:
            part.replace(path)
        except OSError as exc:
            raise StoreError(f"Speech cannot be kept in {self._folder} ({exc.strerror})") from exc
        self._trim(path)
        return path

    def drop(self, key: str) -> None:
        """Forget a file, so that it is rendered again."""
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"

    def _trim(self, newest: Path) -> None:
        """Remove what is too much. Another thread renders and trims here too: what is gone is gone."""
        files = list(self._kept(newest))
        left = self._max_bytes - sum(stat.st_size for _, stat in files)
        for path, stat in sorted(files, key=lambda entry: entry[1].st_mtime):
            if left >= 0:
                return
            # One that is being played cannot be removed on Windows; the next one goes instead.
            if path != newest:
                with contextlib.suppress(OSError):
                    path.unlink()
                    left += stat.st_size

    def _kept(self, newest: Path) -> Iterator[tuple[Path, os.stat_result]]:
        # Names with a dot in front are being rendered into by somebody.
        for path in (newest, *(p for p in self._folder.glob("[!.]*.wav") if p != newest)):
            with contextlib.suppress(OSError):
                yield path, path.stat()


def is_audible(path: Path) -> bool:
    """Say whether this is a PCM16 WAV file with a sample in it that is not zero.

    Speech engines report success also when they wrote nothing.
    """
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                return False
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    except (OSError, EOFError, wave.Error):
        return False
    return bool(samples.any())
