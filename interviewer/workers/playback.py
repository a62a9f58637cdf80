"""Plays what is not part of the flow: a clip, an example answer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import InterviewerError
from interviewer.core.ports import Player, Speaker
from interviewer.workers.door import Door


class Playback(QObject):
    """One sound at a time. Lives on the GUI thread."""

    played_to = Signal(float)  # seconds into the file
    ended = Signal()
    told = Signal(object)  # InterviewerError

    def __init__(self, player: Player, speaker: Speaker, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._speaker = speaker
        self._door = door
        self._count = 0
        self._current = 0
        """Number of the playback that sounds; 0 while none does."""

    def play(self, path: Path, start_s: float, end_s: float | None) -> None:
        """Play a file, ending whatever sounds now."""
        token = self._begin()
        self._player.play(
            path,
            start_s=start_s,
            end_s=end_s,
            done=partial(self._door.call, self._on_ended, token),
            failed=partial(self._door.call, self._on_failed, token),
            position=partial(self._door.call, self.played_to.emit),
        )

    def speak(self, text: str) -> None:
        """Say a text, ending whatever sounds now."""
        token = self._begin()
        self._speaker.say(
            text,
            done=partial(self._door.call, self._on_ended, token),
            failed=partial(self._door.call, self._on_failed, token),
        )

    def hush(self) -> None:
        """Be silent; `ended` follows when something was sounding."""
        self._speaker.hush()
        self._player.stop()
        self._on_ended(self._current)

    def _begin(self) -> int:
        self.hush()
        self._count += 1
        self._current = self._count
        return self._current

    def _on_ended(self, token: int) -> None:
        # A sound that was followed by another has ended long ago, whatever it still reports.
        if token and token == self._current:
            self._current = 0
            self.ended.emit()

    def _on_failed(self, token: int, error: InterviewerError) -> None:
        self.told.emit(error)
        self._on_ended(token)
