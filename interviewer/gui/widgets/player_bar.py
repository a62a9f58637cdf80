"""Plays a recording: one button, a position to drag, the time."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from interviewer.core.models import Clip, Span
from interviewer.core.ports import FASTEST, SLOWEST
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import IconButton
from interviewer.gui.widgets.fields import CalmSlider
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.target_bar import clock

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor


class Playing(Enum):
    """What the bar does."""

    STOPPED = "stopped"
    RUNNING = "running"
    HELD = "held"


class PlayerBar(QWidget):
    """Controls the conductor's one player for one clip."""

    moved = Signal(float)  # position in seconds; -1 when nothing plays
    loop_changed = Signal(object)  # Span that is gone round, or None
    speed_changed = Signal(float)  # seconds of the recording heard in one

    def __init__(self, conductor: Conductor, theme: Theme) -> None:
        super().__init__()
        self._conductor = conductor
        self._clip: Clip | None = None
        self._playing = Playing.STOPPED
        self._speed = 1.0
        self._loop: Span | None = None
        self._end_s: float | None = None
        """Where what plays is to stop; None for the end of the recording."""
        self.button = IconButton(theme, "play", "Play your answer", colour="on_accent", role="round")
        self.button.setFixedSize(40, 40)
        self.button.setIconSize(QSize(20, 20))
        self.slider = CalmSlider()
        self.slider.setAccessibleName("Position in the recording")
        self.slider.setSingleStep(1000)
        self.slider.setPageStep(5000)
        self.time = label(size="caption", tone="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        self.button.clicked.connect(self.toggle)
        self.slider.valueChanged.connect(self._on_moved_by_user)
        conductor.played_to.connect(self._on_played_to)
        conductor.playback_ended.connect(self._on_playback_ended)
        self.show_clip(None)

    @property
    def playing(self) -> Playing:
        """What the bar does."""
        return self._playing

    @property
    def speed(self) -> float:
        """How many seconds of the recording are heard in one."""
        return self._speed

    @property
    def loop(self) -> Span | None:
        """The stretch that is gone round, or None."""
        return self._loop

    def show_clip(self, clip: Clip | None) -> None:
        """Be ready to play `clip`, without a loop; the bar hides where there is none."""
        self.stop()
        self.set_loop(None)
        self._clip = clip
        self.setVisible(clip is not None)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, round(clip.seconds * 1000) if clip else 0)
        self._show_position(0.0)

    @Slot()
    def toggle(self) -> None:
        """Play, hold, or go on."""
        match self._playing:
            case Playing.RUNNING:
                self._conductor.pause_playback()
                self._become(Playing.HELD)
            case Playing.HELD:
                self._conductor.resume_playback()
                self._become(Playing.RUNNING)
            case Playing.STOPPED:
                self.play_from(self.slider.value() / 1000)

    @Slot(float)
    def play_from(self, start_s: float) -> None:
        """Play from this second on."""
        self._play(start_s, None)

    def _play(self, start_s: float, end_s: float | None) -> None:
        if self._clip is None:
            return
        # `play` ends whatever sounded before and says so: only then is this bar the one that plays.
        self._conductor.play(self._clip.path, start_s, end_s)
        self._end_s = end_s
        self._show_position(start_s)
        self._become(Playing.RUNNING)

    @Slot(object)
    def play_span(self, span: Span) -> None:
        """Play exactly this stretch, once, and stay at its end."""
        self._play(span.start_s, span.end_s)

    @Slot(float)
    def jump(self, seconds: float) -> None:
        """Go so many seconds forward, or back when below 0; where nothing plays, playing will start there."""
        self.slider.setValue(self.slider.value() + round(seconds * 1000))

    @Slot(object)
    def set_loop(self, span: Span | None) -> None:
        """Go round this stretch from now on, beginning with it; None goes on to the end of the recording."""
        if span == self._loop:
            return
        self._loop = span
        self.loop_changed.emit(span)

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Play so many times as fast from now on, at the same pitch; between SLOWEST and FASTEST."""
        speed = min(FASTEST, max(SLOWEST, speed))
        if speed != self._speed:
            self._speed = speed
            self.speed_changed.emit(speed)

    def stop(self) -> None:
        """Be silent, and start from the beginning next time."""
        if self._playing is not Playing.STOPPED:
            self._conductor.stop_playback()
            self._on_playback_ended()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent once nobody can see what plays."""
        self.stop()
        super().hideEvent(event)

    def _become(self, playing: Playing) -> None:
        self._playing = playing
        running = playing is Playing.RUNNING
        self.button.show_icon("pause" if running else "play", "Pause" if running else "Play your answer")

    def _show_position(self, seconds: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(seconds * 1000))
        total = self._clip.seconds if self._clip else 0.0
        self.time.setText(f"{clock(seconds)} / {clock(total)}")

    @Slot(int)
    def _on_moved_by_user(self, value: int) -> None:
        self.time.setText(f"{clock(value / 1000)} / {clock(self._clip.seconds if self._clip else 0.0)}")
        if self._playing is not Playing.STOPPED:
            self._conductor.seek(value / 1000)

    @Slot(float)
    def _on_played_to(self, seconds: float) -> None:
        if self._playing is Playing.RUNNING:
            if not self.slider.isSliderDown():
                self._show_position(seconds)
            self.moved.emit(seconds)

    @Slot()
    def _on_playback_ended(self) -> None:
        if self._playing is not Playing.STOPPED:
            self._become(Playing.STOPPED)
            self._show_position(0.0)
            self.moved.emit(-1.0)
