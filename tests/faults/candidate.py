"""Devices without a sound card for the fault harness: a candidate whose every block is known.

What the candidate says is noise from a seed, so no two blocks are alike: a block that is missing,
doubled or at another place cannot look right.
"""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.app import Devices
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip
from interviewer.core.ports import MODEL_RATE_HZ, RecorderListener
from interviewer.engines.meter import KeepsNothing
from interviewer.engines.recording import Block, Input, MakeWriter, to_int16
from interviewer.engines.virtual import VirtualPlayer, VirtualRecorder
from interviewer.store.recordings import WavWriter
from interviewer.workers.settings_keeper import SettingsKeeper
from tests.faults.journal import Journal


def answers_of(folder: Path, seed: int, shortest_s: float, longest_s: float) -> Iterator[Path]:
    """Yield files of answers without an end, each written when it is asked for."""
    chance = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "answer.wav"
    while True:
        seconds = chance.uniform(shortest_s, longest_s)
        samples = chance.integers(-20_000, 20_000, round(seconds * MODEL_RATE_HZ), dtype=np.int16)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(MODEL_RATE_HZ)
            file.writeframes(samples.tobytes())
        yield path


class TappedRecorder(VirtualRecorder):
    """A virtual recorder that tells the journal of each block before it delivers it."""

    def __init__(
        self,
        answers: Iterator[Path],
        journal: Journal | None,
        *,
        speed: float,
        finished: Callable[[], None],
        writer: MakeWriter = WavWriter,
    ) -> None:
        super().__init__(lambda: next(answers), writer, speed=speed, finished=finished)
        self._attempt_id = ""
        self._journal = journal
        # Whether a block came before the stop or after it is to be the same in the journal and in the recording.
        self._in_order = threading.Lock()
        if journal is not None:
            make_input = self._open_input
            self._open_input = lambda: _Tap(make_input(), self._attempt_id, journal, speed, self._in_order)

    def start(self, path: Path, *, listener: RecorderListener) -> None:
        """Begin a recording; its file is named like its attempt."""
        self._attempt_id = path.stem
        super().start(path, listener=listener)

    def stop(self, *, done: Callable[[Clip], None]) -> None:
        """End the recording: what is delivered after this is no part of it."""
        with self._in_order:
            if self._journal is not None:
                self._journal.note("stopped", id=self._attempt_id)
            super().stop(done=done)


class _Tap:
    """An input that tells the journal of what comes through it."""

    def __init__(
        self, source: Input, attempt_id: str, journal: Journal, speed: float, in_order: threading.Lock
    ) -> None:
        self._source = source
        self._attempt_id = attempt_id
        self._journal = journal
        self._speed = speed
        self._in_order = in_order

    def open(self, deliver: Callable[[Block], None], *others: Any) -> int:
        def tapped(block: Block) -> None:
            with self._in_order:
                self._journal.said(self._attempt_id, to_int16(block.samples), self._speed)
                deliver(block)

        return self._source.open(tapped, *others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


class QuickSpeaker:
    """A Speaker who has said everything at once."""

    def voices(self) -> tuple[()]:
        return ()

    def say(self, text: str, *, done: Callable[[], None], failed: Callable[[InterviewerError], None]) -> None:
        done()

    def prepare(self, text: str) -> None:
        """Nothing takes time here."""

    def hush(self) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing to let go of."""


class Candidate:
    """Makes the devices; `finished` is called, from a thread, when an answer is over."""

    def __init__(
        self,
        answers: Iterator[Path],
        journal: Journal | None = None,
        *,
        speed: float = 1.0,
        writer: MakeWriter = WavWriter,
    ) -> None:
        self.finished: Callable[[], None] = lambda: None
        self._answers = answers
        self._journal = journal
        self._speed = speed
        self._writer = writer

    def devices(self, _keeper: SettingsKeeper) -> Devices:
        """Return the ports."""
        recorder = TappedRecorder(
            self._answers, self._journal, speed=self._speed, finished=self._over, writer=self._writer
        )
        meter = VirtualRecorder(lambda: None, KeepsNothing, speed=self._speed)
        player = VirtualPlayer(speed=self._speed)
        speaker = QuickSpeaker()

        def close() -> None:
            for port in (speaker, recorder, meter, player):
                port.close()

        return Devices(speaker, recorder, meter, player, close)

    def _over(self) -> None:
        # Who listens comes later than the devices.
        self.finished()


def watched_store(store_class: type, journal: Journal) -> Callable[[], None]:
    """Have every call that adds to a store noted: before it, and once it returned. Returns the way back."""
    values: dict[str, tuple[str, Callable[..., Any]]] = {
        "add_attempt": ("attempt", lambda attempt: (attempt.id, _frames(attempt.clip))),
        "add_transcript": ("transcript", lambda name, transcript: (name, transcript.text)),
        "add_score": ("score", lambda name, score, _delivery: (name, score.value)),
    }
    plain = {name: getattr(store_class, name) for name in values}

    def watched(name: str) -> Callable[..., None]:
        kind, facts = values[name]

        def call(self: Any, *args: Any) -> None:
            attempt_id, value = facts(*args)
            journal.note("keeping", id=attempt_id, kind=kind)
            plain[name](self, *args)
            journal.note("kept", id=attempt_id, kind=kind, value=value)

        return call

    for name in values:
        setattr(store_class, name, watched(name))
    return lambda: [setattr(store_class, name, function) for name, function in plain.items()] and None


def _frames(clip: Clip | None) -> int:
    return clip.frames if clip else 0
