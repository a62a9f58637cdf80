"""Notes what engines call back, and reads and writes what they play and record."""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip

WAIT_S = 10.0


class Events:
    """Collects what was called back, from any thread, and lets a test wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.seen: list[tuple[str, object]] = []

    def note(self, name: str, what: object = None) -> None:
        with self._changed:
            self.seen.append((name, what))
            self._changed.notify_all()

    def noter(self, name: str) -> Callable[..., None]:
        """Return a callback of any one or no argument that notes `name`."""
        return lambda what=None: self.note(name, what)

    def names(self) -> list[str]:
        with self._changed:
            return [name for name, _ in self.seen]

    def all(self, name: str) -> list[object]:
        with self._changed:
            return [what for seen, what in self.seen if seen == name]

    def wait(self, name: str, times: int = 1) -> object:
        """Wait for the n-th `name` and return what came with it."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.names().count(name) >= times, WAIT_S)
        assert came, f"{name} did not come, only {self.seen[-5:]}"
        return self.all(name)[times - 1]


class Listener(Events):
    """A RecorderListener that notes everything."""

    def recording_started(self) -> None:
        self.note("started")

    def level_changed(self, peak: float) -> None:
        self.note("level", peak)

    def microphone_silent(self) -> None:
        self.note("silent")

    def sound_missing(self, gap_ms: int) -> None:
        self.note("missing", gap_ms)

    def space_changed(self, minutes: int | None) -> None:
        self.note("space", minutes)

    def recording_failed(self, error: InterviewerError, clip: Clip | None) -> None:
        self.note("failed", (error, clip))

    def stopped(self, clip: Clip) -> None:
        self.note("stopped", clip)


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = 16_000) -> Path:
    """Write mono PCM16."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return path


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Read mono PCM16 with the standard library alone."""
    with wave.open(str(path), "rb") as file:
        assert file.getnchannels() == 1
        assert file.getsampwidth() == 2
        data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return (data / 32768).astype(np.float32), file.getframerate()
