"""The private sound server of the tests: speak into its microphone, listen at its loudspeakers.

`.ci/sound start DIR` starts it and names it in PULSE_SERVER. Tests that need it take the
fixture `sound_server` of their folder's conftest, which calls `reachable`.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tests.needs import may_not_lack

RATE_HZ = 48_000
LOUDSPEAKERS = "interviewer_speakers"
MICROPHONE = "interviewer_microphone"
ROOM = "interviewer_room"
NO_SERVER = "skipped: no sound server"

Samples = NDArray[np.float32]

_SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "sound"


def reachable() -> bool:
    """Say whether PULSE_SERVER names a server that answers and has the sinks of `.ci/sound`.

    AssertionError when it does not and NOTHING_MAY_LACK is set.
    """
    there = _answers()
    assert there or not may_not_lack(), "PULSE_SERVER names no sound server with the sinks of .ci/sound"
    return there


def _answers() -> bool:
    if not os.environ.get("PULSE_SERVER"):
        return False
    try:
        asked = subprocess.run(["pactl", "list", "short", "sinks"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return LOUDSPEAKERS in asked.stdout and ROOM in asked.stdout


@contextmanager
def private_server(folder: Path) -> Iterator[dict[str, str]]:
    """Run one more server, for tests that break it; yields the environment that leads to it.

    "SERVER_PID" is among it.
    """
    shown = subprocess.run([_SCRIPT, "start", folder], capture_output=True, text=True, check=True, timeout=20)
    lines = (line.removeprefix("export ").partition("=") for line in shown.stdout.splitlines())
    environment = {name: value.strip("'") for name, _, value in lines}
    try:
        yield {**environment, "SERVER_PID": (folder / "server.pid").read_text().strip()}
    finally:
        subprocess.run([_SCRIPT, "stop", folder], check=True, timeout=20)


def tone(frequency_hz: float, seconds: float, *, rate_hz: int = RATE_HZ, level: float = 0.3) -> Samples:
    """Return a sine, faded over 5 ms at both ends."""
    samples = level * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate_hz)) / rate_hz)
    ramp = np.minimum(1.0, np.arange(len(samples)) / (0.005 * rate_hz))
    return (samples * ramp * ramp[::-1]).astype(np.float32)


def energy_at(samples: Samples, frequency_hz: float, *, rate_hz: int = RATE_HZ) -> float:
    """Return how many seconds of a tone of level 0.3 at this frequency are in the samples, wherever they are."""
    step = rate_hz // 50
    whole = samples[: len(samples) // step * step].reshape(-1, step)
    wave = np.exp(-2j * np.pi * frequency_hz * np.arange(step) / rate_hz)
    levels = np.abs(whole @ wave) * 2 / step
    return float(np.sum(levels > 0.15)) * step / rate_hz


def speak_into_microphone(samples: Samples) -> subprocess.Popen[bytes]:
    """Play samples at RATE_HZ into the room that the microphone listens to; `wait` for the process to hear it out."""
    command = ["pacat", "--playback", "--raw", "--format=float32le", "--channels=1", f"--rate={RATE_HZ}"]
    process = subprocess.Popen([*command, "--latency-msec=30", "-d", ROOM], stdin=subprocess.PIPE)
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(samples.astype("<f4").tobytes())
    return process


class Ear:
    """Hears what comes out of a sink, from entering the context to leaving it."""

    def __init__(self, source: str = f"{LOUDSPEAKERS}.monitor") -> None:
        command = ["parec", "--raw", "--format=float32le", "--channels=1", f"--rate={RATE_HZ}", "--latency-msec=10"]
        self._command = [*command, "-d", source]
        self._changed = threading.Condition()
        self._blocks: list[Samples] = []
        self._arrivals_s: list[float] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        self._thread = threading.Thread(target=self._listen, name="ear")
        self._thread.start()
        self.wait_until(lambda heard: len(heard) > 0)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait(5)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        rest = b""
        while data := self._process.stdout.read1(8192):
            data = rest + data
            whole = len(data) // 4 * 4
            rest = data[whole:]
            with self._changed:
                self._blocks.append(np.frombuffer(data[:whole], dtype="<f4"))
                self._arrivals_s.append(monotonic())
                self._changed.notify_all()

    def heard(self) -> Samples:
        """Return everything so far, mono at RATE_HZ."""
        with self._changed:
            return np.concatenate([np.zeros(0, dtype=np.float32), *self._blocks])

    def arrival_s(self, frame: int) -> float:
        """Return when a frame of what was heard had come, by time.monotonic: some 10 ms after it sounded."""
        with self._changed:
            ends = np.cumsum([len(block) for block in self._blocks])
            return self._arrivals_s[int(np.searchsorted(ends, frame, side="right"))]

    def wait_until(self, true_of: Callable[[Samples], bool], timeout_s: float = 10.0) -> Samples:
        """Wait until what was heard so far satisfies a condition, and return it; AssertionError after the timeout."""
        with self._changed:
            assert self._changed.wait_for(lambda: true_of(self.heard()), timeout_s), "not heard in time"
            return self.heard()

    def wait_for_sound(self) -> None:
        """Wait until anything is heard."""
        self.wait_until(lambda heard: loud_s(heard) > 0.0)

    def listen_for(self, seconds: float) -> Samples:
        """Wait for so much more, by samples, and return everything."""
        frames = len(self.heard()) + round(seconds * RATE_HZ)
        return self.wait_until(lambda heard: len(heard) >= frames, seconds + 10.0)


def loud_s(samples: Samples, *, rate_hz: int = RATE_HZ, level: float = 0.02) -> float:
    """Return the seconds from the first loud sample to the last one; 0 when there is none."""
    loud = np.flatnonzero(np.abs(samples) > level)
    return float(loud[-1] - loud[0] + 1) / rate_hz if loud.size else 0.0
