"""Plays what is not part of the flow: a clip, an example answer."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core.envelope import Envelope
from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.models import Span
from interviewer.core.ports import Player, Speaker
from interviewer.workers.door import Door
from interviewer.workers.lanes import Lane

log = logging.getLogger(__name__)

CLOSE_DEADLINE_S = 1.0


def sound_is_held() -> DeviceError:
    """Return what to tell whoever wants to hear something while an interview needs the sound."""
    fact = "Playback has to wait: a question is being asked or an answer recorded"
    return DeviceError(fact, hint="Play it once that is done.")


class Playback(QObject):
    """One sound at a time. Lives on the GUI thread."""

    played_to = Signal(float)  # seconds into the file
    ended = Signal()
    told = Signal(object)  # InterviewerError
    wave_loaded = Signal(object, object)  # Path, Envelope or None where it cannot be read

    def __init__(self, player: Player, speaker: Speaker, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._speaker = speaker
        self._door = door
        self._prepared: Path | None = None
        self._lane: Lane | None = None
        self._count = 0
        self._current = 0
        """Number of the playback that sounds; 0 while none does."""

    def play(
        self, path: Path, start_s: float, end_s: float | None, *, speed: float = 1.0, loop: Span | None = None
    ) -> None:
        """Play a file, ending whatever sounds now."""
        token = self._begin()
        self._player.play(
            path,
            start_s=start_s,
            end_s=end_s,
            speed=speed,
            loop=loop,
            done=partial(self._door.call, self._on_ended, token),
            failed=partial(self._door.call, self._on_failed, token),
            position=partial(self._door.call, self._on_played_to, token),
        )

    def speak(self, text: str) -> None:
        """Say a text, ending whatever sounds now."""
        token = self._begin()
        self._speaker.say(
            text,
            done=partial(self._door.call, self._on_ended, token),
            failed=partial(self._door.call, self._on_failed, token),
        )

    def prepare(self, path: Path) -> None:
        """Read a file ahead that may be played soon."""
        self._prepared = path
        self._player.prepare(path)

    def release(self, path: Path) -> None:
        """Let go of a file that was read ahead, unless another one was since."""
        if path == self._prepared:
            self._prepared = None
            self._player.prepare(None)

    def load_wave(self, path: Path) -> None:
        """Take the outline of a sound file; `wave_loaded` follows."""
        if self._lane is None:
            # Not the disk lane: the store would wait for a long recording to be read through.
            self._lane = Lane("waves")
        self._lane.run(
            _outline,
            path,
            done=partial(self.wave_loaded.emit, path),
            failed=partial(self._on_no_wave, path),
        )

    def hush(self) -> None:
        """Be silent; `ended` follows when something was sounding."""
        self.stop(speech=True)

    def stop(self, *, speech: bool) -> None:
        """End what is played, and with `speech` whatever is said, by whomever; `ended` follows as with `hush`."""
        if speech:
            self._speaker.hush()
        self._player.stop()
        self._on_ended(self._current)

    def close(self) -> None:
        """Take no more outlines; the player itself is closed by whoever made it."""
        if self._lane is not None:
            self._lane.close(CLOSE_DEADLINE_S)

    def _begin(self) -> int:
        self.hush()
        self._count += 1
        self._current = self._count
        return self._current

    def _on_played_to(self, token: int, seconds: float) -> None:
        # What was followed by another may still have a place to tell that is on its way.
        if token == self._current:
            self.played_to.emit(seconds)

    def _on_ended(self, token: int) -> None:
        # A sound that was followed by another has ended long ago, whatever it still reports.
        if token and token == self._current:
            self._current = 0
            self.ended.emit()

    def _on_failed(self, token: int, error: InterviewerError) -> None:
        self.told.emit(error)
        self._on_ended(token)

    def _on_no_wave(self, path: Path, error: InterviewerError) -> None:
        # Whoever plays it is told what is wrong with it.
        log.info("a recording has no outline: %s", error)
        self.wave_loaded.emit(path, None)


def _outline(path: Path) -> Envelope:
    from interviewer.engines.outline import read_envelope

    return read_envelope(path)
