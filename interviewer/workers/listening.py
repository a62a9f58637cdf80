"""Carries what a recorder reports from the audio thread to the conductor."""

from __future__ import annotations

import threading
from collections.abc import Callable

from interviewer.core import steps
from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.models import Clip
from interviewer.workers.door import Door

Told = Callable[[InterviewerError], None]
Minutes = int | None


def silent_microphone() -> DeviceError:
    """Return what is said of a microphone that delivers nothing but zeros."""
    return DeviceError(
        "The microphone delivers only silence",
        hint="Check that it is not muted and that this program may use it, or choose another one in Settings.",
    )


class TurnListener:
    """Posts what happens to one recording as events of its turn; what is only shown goes through the door."""

    def __init__(
        self,
        turn: int,
        post: Callable[[steps.Event], None],
        door: Door,
        *,
        level: Callable[[float], None],
        missing: Callable[[int, int], None],
        space: Callable[[int, Minutes], None],
    ) -> None:
        self._turn = turn
        self._post = post
        self._door = door
        self._level = level
        self._missing = missing
        self._space = space

    def recording_started(self) -> None:
        """The first block arrived."""
        self._post(steps.RecordingStarted(self._turn))

    def level_changed(self, peak: float) -> None:
        """Pass the level on to the meter."""
        self._door.call(self._level, peak)

    def microphone_silent(self) -> None:
        """Tell it; recording goes on."""
        self._post(steps.MicrophoneSilent(self._turn, silent_microphone()))

    def sound_missing(self, gap_ms: int) -> None:
        """Pass it on with the turn."""
        self._door.call(self._missing, self._turn, gap_ms)

    def space_changed(self, minutes: Minutes) -> None:
        """Pass it on with the turn."""
        self._door.call(self._space, self._turn, minutes)

    def recording_failed(self, error: InterviewerError, clip: Clip | None) -> None:
        """Pass the error on with what was kept."""
        self._post(steps.RecordFailed(self._turn, error, clip))


class StoppedClip:
    """A clip on its way from the recorder: passed on when it comes, and waited for by who must leave."""

    def __init__(self, passed_on: Callable[[Clip], None]) -> None:
        self._passed_on = passed_on
        self._there = threading.Event()
        self._clip: Clip | None = None

    def arrive(self, clip: Clip) -> None:
        """Take the clip, from any thread."""
        self._clip = clip
        self._there.set()
        self._passed_on(clip)

    def wait(self, seconds: float) -> Clip | None:
        """Return the clip once it is there; None when it does not come in time."""
        self._there.wait(seconds)
        return self._clip


class MeterListener:
    """Passes on the level and nothing else: what a meter hears is never kept."""

    def __init__(self, door: Door, level: Callable[[float], None], told: Told, failed: Told) -> None:
        self._door = door
        self._level = level
        self._told = told
        self._failed = failed

    def recording_started(self) -> None:
        """Nothing to say: the level says it."""

    def level_changed(self, peak: float) -> None:
        """Pass the level on."""
        self._door.call(self._level, peak)

    def microphone_silent(self) -> None:
        """Tell it; the meter goes on, for the sound may come back."""
        self._door.call(self._told, silent_microphone())

    def sound_missing(self, gap_ms: int) -> None:
        """Nothing is kept that it could be missing from."""

    def space_changed(self, minutes: Minutes) -> None:
        """Nothing is kept that would need space."""

    def recording_failed(self, error: InterviewerError, clip: Clip | None) -> None:  # noqa: ARG002
        """Pass the error on."""
        self._door.call(self._failed, error)
