"""A sound card and a candidate made of files, for the demo and for tests.

The candidate answers each question with a recorded file, block by block in real time,
through the same `Recording` as a microphone; the loudspeaker takes the same `Playback` as
a real one and can keep what it was given.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import numpy as np

from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.ports import MODEL_RATE_HZ, Device, FloatArray
from interviewer.engines.block import Block
from interviewer.engines.playback import Fill, OutputPlayer
from interviewer.engines.recording import Deliver, InputRecorder, Lost, MakeWriter, to_int16
from interviewer.engines.sound_file import read_sound

log = logging.getLogger(__name__)

BLOCK_S = 0.05
ROOM_NOISE = 2e-4
"""Standard deviation, -74 dBFS: a quiet room. Never exactly zero, as no live microphone is."""
CLOSE_S = 3.0


def _no_one() -> None:
    """Stand in for a listener that nobody gave."""


class _Clock:
    """Calls `step` once for every block of real time, divided by `speed`, on a thread of its own."""

    def __init__(self, name: str, speed: float, step: Callable[[], None]) -> None:
        self._period_s = BLOCK_S / speed
        self._step = step
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Take no step any more; waits for the one in progress."""
        self._ended.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        due_s = monotonic() + self._period_s
        # Steps that came late are made up for, so that the sum is right on a busy computer.
        while not self._ended.wait(max(0.0, due_s - monotonic())):
            self._step()
            due_s += self._period_s


class VirtualRecorder(InputRecorder):
    """The Recorder port over files: a candidate who answers by itself.

    At each start `answers` names the file of the next answer, or None for a candidate who
    says nothing. It is delivered at MODEL_RATE_HZ in blocks of 50 ms, `speed` times as
    fast as real time, followed by the noise of a quiet room until the recording is
    stopped. `finished` is called, from the candidate's thread, when the last sample of
    the answer was delivered.
    """

    def __init__(
        self,
        answers: Callable[[], Path | None],
        writer: MakeWriter,
        *,
        speed: float = 1.0,
        finished: Callable[[], None] = _no_one,
    ) -> None:
        super().__init__(lambda: _Candidate(answers, speed, finished), writer)

    def devices(self) -> tuple[Device, ...]:
        """Return the one microphone that there is."""
        return (Device("Virtual microphone", MODEL_RATE_HZ, is_default=True),)


class _Candidate:
    """One answer, as an `Input`."""

    def __init__(self, answers: Callable[[], Path | None], speed: float, finished: Callable[[], None]) -> None:
        self._answers = answers
        self._finished = finished
        self._deliver: Deliver = lambda _block: None
        self._answer: FloatArray = np.zeros(0, dtype=np.float32)
        self._sent = 0
        self._talking = True
        self._room = np.random.default_rng(7)
        self._clock = _Clock("candidate", speed, self._step)

    def open(self, deliver: Deliver, lost: Lost) -> int:  # noqa: ARG002  a file is never lost
        """Begin the next answer; raises AudioError when its file cannot be read."""
        path = self._answers()
        if path is not None:
            self._answer = read_sound(path)
        self._deliver = deliver
        self._clock.start()
        return MODEL_RATE_HZ

    def end(self) -> None:
        """Deliver nothing any more."""
        self._clock.end()

    def close(self) -> None:
        """There is no device to wait for."""
        self.end()

    def _step(self) -> None:
        frames = round(BLOCK_S * MODEL_RATE_HZ)
        block = self._room.normal(0.0, ROOM_NOISE, frames).astype(np.float32)
        said = self._answer[self._sent : self._sent + frames]
        block[: len(said)] = said
        self._sent += frames
        # Its own clock: a virtual candidate loses nothing, however late its thread runs.
        self._deliver(Block(block, self._sent / MODEL_RATE_HZ))
        if self._talking and self._sent >= len(self._answer):
            self._talking = False
            self._finished()


class VirtualPlayer(OutputPlayer):
    """The Player port without a loudspeaker: "plays" `speed` times as fast as real time.

    With `keep`, everything that was played is written there as one PCM16 mono WAV at
    MODEL_RATE_HZ, one playback after the other, without blocks of zeros at their ends; the
    file is whole whenever nothing plays. Raises StoreError when it cannot be created.
    """

    def __init__(self, *, keep: Path | None = None, speed: float = 1.0) -> None:
        super().__init__(lambda: _Nowhere(self._keep, speed))
        self._file: wave.Wave_write | None = None
        if keep is not None:
            try:
                # wave's own opening leaves a half-made object behind when it fails.
                self._stream = keep.open("wb")
            except OSError as exc:
                raise StoreError(f"{keep} cannot be written ({exc.strerror})") from exc
            self._file = wave.open(self._stream, "wb")  # noqa: SIM115  closed by `close`
            self._file.setnchannels(1)
            self._file.setsampwidth(2)
            self._file.setframerate(MODEL_RATE_HZ)

    def devices(self) -> tuple[Device, ...]:
        """Return the one loudspeaker that there is."""
        return (Device("Virtual loudspeaker", MODEL_RATE_HZ, is_default=True),)

    def close(self) -> None:
        """Stop, and complete the file of what was played."""
        super().close()
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
            with contextlib.suppress(OSError):
                self._stream.close()

    def _keep(self, samples: FloatArray) -> None:
        if self._file is not None:
            self._file.writeframes(to_int16(samples).tobytes())


class _Nowhere:
    """One playback to nowhere, as an `Output`."""

    def __init__(self, keep: Callable[[FloatArray], None], speed: float) -> None:
        self._keep = keep
        self._fill: Fill = lambda _out, _heard_in_s: None
        self._lost: Lost = lambda _error: None
        self._lock = threading.Lock()
        self._zeros: list[FloatArray] = []
        self._running = False
        self._closed = False
        self._clock = _Clock("loudspeaker", speed, self._step)

    def open(self, fill: Fill, lost: Lost) -> int:
        """Get ready."""
        with self._lock:
            self._fill, self._lost = fill, lost
            if not self._closed:
                self._clock.start()
        return MODEL_RATE_HZ

    def halt(self, then: Callable[[], None]) -> None:
        """Call for no more samples, then run `then`."""
        with self._lock:
            self._running = False
            then()

    def go(self, after: Callable[[], None]) -> None:
        """Run `after`, then call for samples."""
        with self._lock:
            after()
            self._running = not self._closed

    def close(self) -> None:
        """Call for no more samples."""
        with self._lock:
            self._running = False
            self._closed = True
        self._clock.end()

    def _step(self) -> None:
        try:
            with self._lock:
                if self._running:
                    samples: FloatArray = np.zeros(round(BLOCK_S * MODEL_RATE_HZ), dtype=np.float32)
                    self._fill(samples, 0.0)
                    self._keep_unless_over(samples)
        except OSError as exc:
            self.close()
            told = f"What is played cannot be kept ({exc.strerror})"
            self._lost(DeviceError(told, hint="Free some space on this disk."))

    def _keep_unless_over(self, samples: FloatArray) -> None:
        """Keep a block, but zeros only once something follows: at the end they are mere waiting."""
        self._zeros.append(samples)
        if samples.any():
            for block in self._zeros:
                self._keep(block)
            self._zeros = []
