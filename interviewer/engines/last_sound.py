"""Keeps the recording that is being listened to in memory, so that a click on a word is heard at once."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from interviewer.core.errors import InterviewerError
from interviewer.engines.sound_file import Sound, read_as_is

log = logging.getLogger(__name__)

LARGEST = 15_000_000
"""Samples: five minutes at 48 kHz, 60 MB. What is longer is read at each play."""

_Stamp = tuple[Path, int, int]


class LastSound:
    """Reads sound files, and keeps the one that is wanted. From any thread."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._wanted: Path | None = None
        self._kept: tuple[_Stamp, Sound] | None = None

    def want(self, path: Path | None) -> None:
        """Read a file ahead, on a thread of its own, and keep it; None lets go of what is kept. Returns at once."""
        if path == self._wanted and (path is None or self._kept is not None):
            return
        self._wanted, self._kept = path, None
        if path is not None:
            threading.Thread(target=self._read_ahead, args=(path,), name="read ahead", daemon=True).start()

    def read(self, path: Path) -> Sound:
        """Return the sound of a file, from memory where it is kept and the file is as it was. Raises AudioError."""
        if path != self._wanted:
            return read_as_is(path)
        # Whoever comes while it is being read ahead waits for that instead of reading it twice.
        with self._reading:
            stamp = _stamp(path)
            kept = self._kept
            if kept is not None and stamp == kept[0]:
                return kept[1]
            sound = read_as_is(path)
            if stamp is not None and path == self._wanted and len(sound.samples) <= LARGEST:
                self._kept = (stamp, sound)
            return sound

    def _read_ahead(self, path: Path) -> None:
        try:
            self.read(path)
        except InterviewerError:
            # It is told when somebody wants to hear it.
            log.debug("a recording cannot be read ahead", exc_info=True)


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes with a file, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return path, found.st_size, found.st_mtime_ns
