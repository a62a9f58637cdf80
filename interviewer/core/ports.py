"""What the core asks of devices and models.

Device ports (Speaker, Recorder, Player) never block and report by callback, from any
thread; once `stop` or `hush` has returned, no `done` arrives for what was stopped.
Compute ports (Transcriber, Scorer) block and run in the model process only. What it asks
of a store stands in `core.store`. Engines conform structurally.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip, Neighbour, Question, Score, Span, Transcript

if TYPE_CHECKING:
    # Only engines need numpy itself; the window is painted sooner without it.
    import numpy as np
    from numpy.typing import NDArray

FloatArray: TypeAlias = "NDArray[np.float32]"

MODEL_RATE_HZ = 16_000
"""Sample rate that Whisper, Silero VAD and PocketSphinx all expect."""

SLOWEST, FASTEST = 0.5, 2.0
"""Speeds of playing between which speech stays intelligible; issue 6 asks for just these."""

Failed = Callable[[InterviewerError], None]


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device as the picker shows it. Names are kept in settings, never indices."""

    name: str
    sample_rate_hz: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the speech engine."""

    id: str
    name: str
    language: str


class Speaker(Protocol):
    """Speaks a text aloud."""

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices of this machine; empty when there is none. May block for a second."""
        ...

    def say(self, text: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Speak `text`; then call `done` once, or `failed` once. A new `say` ends the old one."""
        ...

    def prepare(self, text: str) -> None:
        """Render `text` ahead of time, so that a later `say` starts at once. Never fails."""
        ...

    def hush(self) -> None:
        """Be silent within 100 ms; the pending `done` never arrives."""
        ...

    def close(self) -> None:
        """Hush and let go of every resource."""
        ...


class RecorderListener(Protocol):
    """Who hears about a recording; called from the audio thread."""

    def recording_started(self) -> None:
        """The first block arrived: what is said from now on is kept."""
        ...

    def level_changed(self, peak: float) -> None:
        """Peak of the newest block, 0 to 1; about 20 times a second."""
        ...

    def microphone_silent(self) -> None:
        """Every sample of the first two seconds was exactly zero; recording goes on."""
        ...

    def sound_missing(self, gap_ms: int) -> None:
        """So much sound has not arrived by now, in steps of 100 ms; 0 once it came after all.

        Only what is worth telling (`core.gaps`), and only when it has changed.
        """
        ...

    def space_changed(self, minutes: int | None) -> None:
        """The disk has room for so many more minutes; None when they need not be shown.

        Not called while there is plenty; afterwards about once a minute (`core.space`).
        """
        ...

    def recording_failed(self, error: InterviewerError, clip: Clip | None) -> None:
        """The device stopped, the computer slept or the disk is full. `clip` is what was kept, or None."""
        ...


class Recorder(Protocol):
    """Records the microphone to a WAV file."""

    def devices(self) -> tuple[Device, ...]:
        """Return the inputs of this machine; empty when there is none."""
        ...

    def start(self, path: Path, *, listener: RecorderListener) -> None:
        """Begin a mono PCM16 WAV at `path`, at the device's own rate."""
        ...

    def pause(self) -> None:
        """Keep the device open and keep nothing until `resume`."""
        ...

    def resume(self) -> None:
        """Go on after `pause`, in the same file."""
        ...

    def stop(self, *, done: Callable[[Clip], None]) -> None:
        """End the recording, complete the file, then call `done` once with the clip.

        Never calls back when nothing is being recorded, or when `recording_failed` has
        been or is called for this recording instead.
        """
        ...

    def close(self) -> None:
        """Complete a running recording and let go of the device."""
        ...


class Player(Protocol):
    """Plays a sound file."""

    def devices(self) -> tuple[Device, ...]:
        """Return the outputs of this machine; empty when there is none."""
        ...

    def prepare(self, path: Path | None) -> None:
        """Read a file ahead, so that it is heard at once when it is played; None lets go of it. Never fails."""
        ...

    def play(
        self,
        path: Path,
        *,
        start_s: float = 0.0,
        end_s: float | None = None,
        speed: float = 1.0,
        loop: Span | None = None,
        done: Callable[[], None],
        failed: Failed,
        position: Callable[[float], None] | None = None,
    ) -> None:
        """Play from `start_s` to `end_s`; `position` gets seconds in the file, about 20 times a second.

        `speed` is how many seconds of the file are heard in one, SLOWEST to FASTEST, at the
        pitch that they have. Once the end of `loop` is reached it goes on at its start.
        """
        ...

    def pause(self) -> None:
        """Hold within 50 ms."""
        ...

    def resume(self) -> None:
        """Go on after `pause`."""
        ...

    def seek(self, to_s: float) -> None:
        """Go on from another place of the same file."""
        ...

    def set_speed(self, speed: float) -> None:
        """Go on at another speed, from the same place."""
        ...

    def set_loop(self, loop: Span | None) -> None:
        """Go round this stretch from now on, or no more, from the same place.

        A place behind the end of the loop plays on to the end of the file.
        """
        ...

    def stop(self) -> None:
        """Be silent within 50 ms; `done` never arrives."""
        ...

    def close(self) -> None:
        """Stop and let go of the device."""
        ...


class Transcriber(Protocol):
    """Writes speech down. A stream; a file is the same stream fed at once."""

    @property
    def text(self) -> str:
        """What of the answer is written down so far; more may follow with each `feed`."""
        ...

    def begin(self, terms: Sequence[str]) -> None:
        """Start an answer. `terms` is jargon that may be said, up to 15 words or phrases."""
        ...

    def feed(self, samples: FloatArray) -> None:
        """Take more of the answer: float32, mono, MODEL_RATE_HZ, shape (n,), -1 to 1.

        Blocks while a part is written down. Raises EngineError when the model failed.
        """
        ...

    def finish(self) -> Transcript:
        """End the answer and return its text; empty text when no speech was heard.

        Raises EngineError when the model failed.
        """
        ...


class Scorer(Protocol):
    """Judges an answer by meaning against the example answer and the key points."""

    def score(
        self, question: Question, answer: str, *, doubt: float = 0.0, neighbours: Sequence[Neighbour] = ()
    ) -> Score:
        """Judge one answer. `doubt` is the share of its words that are probably misrecognised, 0 to 1.

        Raises InputError for an answer that is too long, EngineError when the model failed.
        """
        ...
