"""The microphone's part of an interview: recordings, their clips, and the meter between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core import steps
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip
from interviewer.core.ports import Recorder
from interviewer.core.store import Store
from interviewer.store.disk import check_space
from interviewer.workers.door import Door
from interviewer.workers.listening import MeterListener, Minutes, StoppedClip, TurnListener

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane


class Answering(QObject):
    """Performs what the flow asks of the microphone, and posts back what came of it.

    One recording at a time; what an earlier one still says is not passed on.
    """

    level_changed = Signal(float)  # peak of the microphone, 0 to 1
    sound_missing = Signal(int)  # ms that did not arrive, in the recording that runs; 0 after all
    space_changed = Signal(object)  # minutes that the disk has room for; None while there is plenty
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        recorder: Recorder,
        meter: Recorder,
        store: Store,
        lane: Lane,
        door: Door,
        post: Callable[[steps.Event], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._recorder = recorder
        self._meter = meter
        self._store = store
        self._lane = lane
        self._door = door
        self._post = post
        self._turn = -1
        self._metering = False
        self._metered = False
        """Whether the meter heard anything since it was started."""
        self._stopped = StoppedClip(_forget)
        self.path = Path()
        """Where the newest recording is written."""

    # --- a recording ----------------------------------------------------------------------

    def start(self, turn: int, session_id: str, attempt_id: str) -> None:
        """Record, unless the disk has no room; RecordingStarted or RecordFailed follows."""
        self.meter(on=False)
        self._turn = turn
        self._lane.run(
            self._place,
            session_id,
            attempt_id,
            done=partial(self._open, turn),
            failed=lambda error: self._post(steps.RecordFailed(turn, error, None)),
        )

    def _place(self, session_id: str, attempt_id: str) -> Path:
        """Return where the clip goes. Blocks; raises StoreError."""
        path = self._store.clip_path(session_id, attempt_id)
        check_space(path.parent)
        return path

    def _open(self, turn: int, path: Path) -> None:
        if self._turn == turn:
            self.path = path
            listener = TurnListener(
                turn, self._post, self._door, level=self._on_level, missing=self._on_missing, space=self._on_space
            )
            self._recorder.start(path, listener=listener)

    def pause(self) -> None:
        """Keep nothing for a while."""
        self._recorder.pause()

    def resume(self) -> None:
        """Keep what is said again."""
        self._recorder.resume()

    def stop(self, turn: int) -> None:
        """Complete the clip; Recorded follows."""
        stopped = self._stopped = StoppedClip(partial(self._on_stopped, turn))
        self._recorder.stop(done=stopped.arrive)

    def wait(self, seconds: float) -> Clip | None:
        """Return the clip of the recording that was stopped; None when it does not come in time."""
        return self._stopped.wait(seconds)

    def drop(self) -> None:
        """End a recording that never began, and keep nothing of it."""
        self._turn = -1
        self._recorder.stop(done=_discard)

    def _on_stopped(self, turn: int, clip: Clip) -> None:
        self._post(steps.Recorded(turn, clip))

    def _on_level(self, peak: float) -> None:
        self.level_changed.emit(peak)

    def _on_missing(self, turn: int, gap_ms: int) -> None:
        if turn == self._turn:
            self.sound_missing.emit(gap_ms)

    def _on_space(self, turn: int, minutes: Minutes) -> None:
        if turn == self._turn:
            self.space_changed.emit(minutes)

    # --- the meter ------------------------------------------------------------------------

    def meter(self, *, on: bool) -> None:
        """Show the microphone's level without keeping a sound."""
        if on and not self._metering:
            self._metering, self._metered = True, False
            self._meter.start(
                Path(), listener=MeterListener(self._door, self._on_metered, self._on_meter_told, self._on_meter_failed)
            )
        elif not on and self._metering:
            self._metering = False
            self._meter.stop(done=_forget)
            self.level_changed.emit(0.0)

    @Slot()
    def listen_again(self) -> None:
        """Start the meter anew after its device was let go of, where it was on."""
        if self._metering:
            self._metering = False
            self.meter(on=True)

    def _on_metered(self, peak: float) -> None:
        self._metered = True
        self._on_level(peak)

    def _on_meter_told(self, error: InterviewerError) -> None:
        if self._metering:
            self.told.emit(error)

    def _on_meter_failed(self, error: InterviewerError) -> None:
        if not self._metering:
            return
        self._metering = False
        if self._metered:
            # It heard until now: after a sleep of the computer it does so again. What is gone fails once more.
            self.meter(on=True)
        else:
            self.told.emit(error)


def _forget(_clip: Clip) -> None:
    """A meter keeps nothing."""


def _discard(clip: Clip) -> None:
    clip.path.unlink(missing_ok=True)
