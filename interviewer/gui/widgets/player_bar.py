"""Plays a recording: one button, a position to drag, the time, a speed and a loop."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.envelope import Envelope
from interviewer.core.models import Clip, Span
from interviewer.core.ports import FASTEST, SLOWEST
from interviewer.gui.clock import clock
from interviewer.gui.keys import bind, needs_arrows
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button, IconButton
from interviewer.gui.widgets.fields import CalmSlider, Picker
from interviewer.gui.widgets.labels import label, set_tip

if TYPE_CHECKING:
    from pathlib import Path

    from interviewer.gui.widgets.wave_plot import WavePlot
    from interviewer.workers.conductor import Conductor

JUMP_S = 3.0
SPEEDS = (SLOWEST, 0.75, 1.0, 1.25, 1.5, 1.75, FASTEST)
SHORTEST_LOOP_S = 0.2
"""A stretch shorter than a syllable is a slip of the hand."""


class Playing(Enum):
    """What the bar does."""

    STOPPED = "stopped"
    RUNNING = "running"
    HELD = "held"


class PlayerBar(QWidget):
    """Controls the conductor's one player for one clip.

    With `keys`, while it is seen: left and right jump, - and + change the speed, L goes round
    the stretch heard or chosen last. Of two bars on one page only one may have them.
    """

    moved = Signal(float)  # position in seconds; -1 when nothing plays
    playing_changed = Signal(object)  # Playing
    loop_changed = Signal(object)  # Span that is gone round, or None
    speed_changed = Signal(float)  # seconds of the recording heard in one

    def __init__(self, conductor: Conductor, theme: Theme, *, keys: bool = True) -> None:
        super().__init__()
        self._conductor = conductor
        self._theme = theme
        self._clip: Clip | None = None
        self._playing = Playing.STOPPED
        self._speed = 1.0
        self._loop: Span | None = None
        self._moment: Span | None = None
        """The stretch that was asked for last, or chosen since; gone round on request."""
        self._chosen: Span | None = None
        self._end_s: float | None = None
        """Where what plays is to stop; None for the end of the recording."""
        self._wave: WavePlot | None = None
        self._outlined: Path | None = None
        """Whose outline the wave shows, or waits for."""
        self._arrows: list[QShortcut] = []
        self._build(keys=keys)
        if keys:
            self._bind()
        conductor.played_to.connect(self._on_played_to)
        conductor.playback_ended.connect(self._on_playback_ended)
        conductor.playback.wave_loaded.connect(self._on_wave_loaded)
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

    def join(self, wave: WavePlot) -> None:
        """Have a wave show what this bar plays, and play what is asked for in it."""
        self._wave = wave
        wave.place_wanted.connect(self.play_from)
        wave.moment_wanted.connect(self.play_span)
        self.moved.connect(wave.follow)
        self.loop_changed.connect(wave.show_loop)
        self.show_clip(self._clip)

    def show_clip(self, clip: Clip | None) -> None:
        """Be ready to play `clip`, without a loop; the bar, and a wave that was joined, hide where there is none."""
        self.stop()
        self.set_loop(None)
        if clip is None or clip != self._clip:
            self._put_away()
        self._clip, self._moment, self._chosen = clip, None, None
        if self._wave is not None:
            self._wave.setVisible(clip is not None)
        self.setVisible(clip is not None)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, round(clip.seconds * 1000) if clip else 0)
        self._show_position(0.0)
        self._look()

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
                self._play(self.slider.value() / 1000, None)

    @Slot(float)
    def play_from(self, start_s: float) -> None:
        """Play from this second on."""
        self._moment = None
        self._play(start_s, None)

    @Slot(object)
    def play_span(self, span: Span) -> None:
        """Play exactly this stretch, once, and stay at its end; with a loop on, go round this one from now on."""
        self._moment = span
        if self._loop is not None:
            self._show_loop(span)
        self._play(span.start_s, span.end_s if self._loop is None else None)

    @Slot(object)
    def choose(self, span: Span | None) -> None:
        """Have this stretch gone round on the next request, though nobody heard it; None chooses none any more."""
        if span is not None or self._moment == self._chosen:
            self._moment = span
        self._chosen = span

    @Slot(float)
    def jump(self, seconds: float) -> None:
        """Go so many seconds forward, or back when below 0; where nothing plays, playing will start there."""
        self.slider.setValue(self.slider.value() + round(seconds * 1000))

    @Slot(object)
    def set_loop(self, span: Span | None) -> None:
        """Go round this stretch from now on, beginning with it; None goes on to the end of the recording."""
        before = self._loop
        span = self._show_loop(span)
        if span == before:
            return
        at_s = self.slider.value() / 1000
        if self._playing is not Playing.STOPPED:
            self._conductor.set_loop(span)
        if span is not None and not span.start_s <= at_s < span.end_s:
            self.slider.setValue(round(span.start_s * 1000))

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Play so many times as fast from now on, at the same pitch; between SLOWEST and FASTEST."""
        speed = min(FASTEST, max(SLOWEST, speed))
        if speed == self._speed:
            return
        self._speed = speed
        self.pace.show_value(speed)
        if self._playing is not Playing.STOPPED:
            self._conductor.set_speed(speed)
        self.speed_changed.emit(speed)
        self._announce(f"Speed {_speed_words(speed)}")

    def stop(self) -> None:
        """Be silent, and start from the beginning next time."""
        if self._playing is not Playing.STOPPED:
            self._end_s = None
            self._conductor.stop_playback()
            self._on_playback_ended()

    def showEvent(self, event: QShowEvent) -> None:
        """Have the recording ready, now that a click may come."""
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent once nobody can see what plays, and hold no recording in memory."""
        self.stop()
        if self._clip is not None:
            self._conductor.playback.release(self._clip.path)
        super().hideEvent(event)

    def _build(self, *, keys: bool) -> None:
        self.button = IconButton(self._theme, "play", "Play your answer", colour="on_accent", role="round")
        self.button.setFixedSize(40, 40)
        self.button.setIconSize(QSize(20, 20))
        self.slider = CalmSlider()
        self.slider.setAccessibleName("Position in the recording")
        self.slider.setSingleStep(round(JUMP_S * 1000))
        self.slider.setPageStep(10_000)
        self.time = label(size="caption", tone="muted")
        self.pace = Picker("Speed of playing")
        self.pace.setMinimumContentsLength(4)
        self.pace.setSizePolicy(self.pace.sizePolicy().Policy.Fixed, self.pace.sizePolicy().Policy.Fixed)
        self.pace.offer([(_speed_words(speed), speed) for speed in SPEEDS], 1.0)
        self.round = Button("Repeat", role="quiet", key="L" if keys else "")
        self.round.setCheckable(True)
        self.round.setAccessibleName("Repeat the stretch heard or selected last, or the whole recording")
        if keys:
            set_tip(self.slider, "Arrow keys: three seconds back or forward")
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((upper, (self.button, self.slider)), (lower, (self.time,))):
            row.setSpacing(12)
            for widget in widgets:
                row.addWidget(widget, 1 if widget is self.slider else 0)
        lower.addStretch(1)
        lower.addWidget(self.round)
        lower.addWidget(self.pace)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(upper)
        column.addLayout(lower)
        self.button.clicked.connect(self.toggle)
        self.slider.valueChanged.connect(self._on_moved_by_user)
        self.pace.chosen.connect(self.set_speed)
        self.round.toggled.connect(self._on_round)

    def _bind(self) -> None:
        for key, slot in (("-", self._on_slower), ("+", self._on_faster), ("=", self._on_faster), ("L", self._on_key)):
            bind(self, key, slot)
        for key, slot in (("Left", self._on_back), ("Right", self._on_forward)):
            for shortcut in bind(self, key, slot):
                # Held down, they go on jumping.
                shortcut.setAutoRepeat(True)
                self._arrows.append(shortcut)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def _play(self, start_s: float, end_s: float | None) -> None:
        if self._clip is None:
            return
        loop = self._loop if end_s is None else None
        # `play` ends whatever sounded before and says so: only then is this bar the one that plays.
        if self._conductor.play(self._clip.path, start_s, end_s, speed=self._speed, loop=loop):
            self._end_s = end_s
            self._show_position(start_s)
            self._become(Playing.RUNNING)

    def _show_loop(self, span: Span | None) -> Span | None:
        """Take a stretch for the loop, and return what became of it: of a slip of the hand none."""
        if span is not None and span.end_s - span.start_s < SHORTEST_LOOP_S:
            span = None
        with QSignalBlocker(self.round):
            self.round.setChecked(span is not None)
        if span != self._loop:
            self._loop = span
            self.loop_changed.emit(span)
        return span

    def _put_away(self) -> None:
        """Let go of the clip and of its wave."""
        self._outlined = None
        if self._clip is not None:
            self._conductor.playback.release(self._clip.path)
        if self._wave is not None:
            self._wave.show_wave(None)

    def _look(self) -> None:
        """Have the clip read ahead, and its wave drawn, where somebody sees it."""
        if self._clip is None or not self.isVisible():
            return
        self._conductor.playback.prepare(self._clip.path)
        if self._wave is not None and self._outlined != self._clip.path:
            self._outlined = self._clip.path
            self._conductor.playback.load_wave(self._clip.path)

    def _next_speed(self, step: int) -> None:
        ahead = [speed for speed in SPEEDS if (speed - self._speed) * step > 0]
        if self._clip is not None and ahead:
            self.set_speed(ahead[0 if step > 0 else -1])

    def _become(self, playing: Playing) -> None:
        self._playing = playing
        running = playing is Playing.RUNNING
        self.button.show_icon("pause" if running else "play", "Pause" if running else "Play your answer")
        self.playing_changed.emit(playing)

    def _show_position(self, seconds: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(seconds * 1000))
        total = self._clip.seconds if self._clip else 0.0
        self.time.setText(f"{clock(seconds)} / {clock(total)}")

    def _announce(self, words: str) -> None:
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        for shortcut in self._arrows:
            shortcut.setEnabled(not needs_arrows(new))

    @Slot()
    def _on_back(self) -> None:
        self.jump(-JUMP_S)

    @Slot()
    def _on_forward(self) -> None:
        self.jump(JUMP_S)

    @Slot()
    def _on_slower(self) -> None:
        self._next_speed(-1)

    @Slot()
    def _on_faster(self) -> None:
        self._next_speed(1)

    @Slot()
    def _on_key(self) -> None:
        self.round.toggle()

    @Slot(bool)
    def _on_round(self, on: bool) -> None:
        if not on or self._clip is None:
            self.set_loop(None)
            self._announce("Repeat: off")
            return
        span = self._moment or Span(0.0, self._clip.seconds)
        self.set_loop(span)
        if self._loop is not None:
            self._announce(f"Repeating {clock(span.start_s)} to {clock(span.end_s)}")
            if self._playing is Playing.STOPPED:
                self._play(span.start_s, None)

    @Slot(int)
    def _on_moved_by_user(self, value: int) -> None:
        self.time.setText(f"{clock(value / 1000)} / {clock(self._clip.seconds if self._clip else 0.0)}")
        if self._playing is not Playing.STOPPED:
            self._conductor.seek(value / 1000)
        if self._playing is not Playing.RUNNING:
            self.moved.emit(value / 1000)

    @Slot(float)
    def _on_played_to(self, seconds: float) -> None:
        if self._playing is Playing.RUNNING:
            if not self.slider.isSliderDown():
                self._show_position(seconds)
            self.moved.emit(seconds)

    @Slot()
    def _on_playback_ended(self) -> None:
        if self._playing is not Playing.STOPPED:
            end_s, self._end_s = self._end_s, None
            self._become(Playing.STOPPED)
            self._show_position(end_s or 0.0)
            self.moved.emit(-1.0)

    @Slot(object, object)
    def _on_wave_loaded(self, path: Path, envelope: Envelope | None) -> None:
        if self._wave is not None and path == self._outlined:
            if envelope is not None:
                self._wave.show_wave(envelope)
            self._wave.setVisible(envelope is not None)


def _speed_words(speed: float) -> str:
    return f"{speed:g}×"
