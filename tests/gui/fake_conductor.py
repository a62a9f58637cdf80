"""The conductor's stand-in: the real flow, and devices and models that answer when a test says so."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.delivery import measure
from interviewer.core.flow import advance
from interviewer.core.models import Mode, Score, Span
from interviewer.core.state import State
from interviewer.workers.playback import sound_is_held
from tests.gui.fakes import NOW, bank, clip, score, transcript


class FakeConductor(QObject):
    """The real flow; devices and models answer when a test says so."""

    state_changed = Signal(object)
    level_changed = Signal(float)
    sound_missing = Signal(int)
    space_changed = Signal(object)
    microphone_failed = Signal(bool)
    heard = Signal(str)
    work_progressed = Signal(object, str)
    models_changed = Signal(object)
    told = Signal(object)
    played_to = Signal(float)
    playback_ended = Signal()
    wave_loaded = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.bank = bank()
        self.state = State()
        self.posted: list[steps.Event] = []
        self.effects: list[steps.Effect] = []
        self.begun: list[tuple[int, Order, Mode, tuple[str, ...]]] = []
        self.calls: list[tuple[object, ...]] = []
        self.metering = False
        self.speed = 1.0
        self.loop: Span | None = None
        self.prepared: Path | None = None
        self.waves: list[Path] = []
        """Whose outlines were asked for."""

    def post(self, event: steps.Event) -> None:
        self.posted.append(event)
        before = self.state
        self.state, effects = advance(self.state, event)
        self.effects.extend(effects)
        if self.state is not before:
            self.state_changed.emit(self.state)

    def begin(self, count: int, order: Order, mode: Mode, question_ids: tuple[str, ...] = ()) -> None:
        self.begun.append((count, order, mode, question_ids))
        questions = tuple(q for q in self.bank.questions if not question_ids or q.id in question_ids)[:count]
        self.post(steps.Begin("20260604-183000-abc123", NOW, self.bank.title, mode, questions))

    def leave(self) -> None:
        self.state = State(turn=self.state.turn)
        self.state_changed.emit(self.state)

    def play(
        self,
        path: Path,
        start_s: float = 0.0,
        end_s: float | None = None,
        *,
        speed: float = 1.0,
        loop: Span | None = None,
    ) -> bool:
        if self.state.holds_sound:
            self.told.emit(sound_is_held())
            return False
        self.speed, self.loop = speed, loop
        self.calls.append(("play", path, start_s) if end_s is None else ("play", path, start_s, end_s))
        return True

    def pause_playback(self) -> None:
        self.calls.append(("pause",))

    def resume_playback(self) -> None:
        self.calls.append(("resume",))

    def seek(self, to_s: float) -> None:
        self.calls.append(("seek", to_s))

    def set_speed(self, speed: float) -> None:
        self.calls.append(("speed", speed))

    def set_loop(self, loop: Span | None) -> None:
        self.calls.append(("loop", loop))

    @property
    def playback(self) -> FakeConductor:
        return self

    def prepare(self, path: Path) -> None:
        self.prepared = path

    def release(self, path: Path) -> None:
        if self.prepared == path:
            self.prepared = None

    def load_wave(self, path: Path) -> None:
        self.waves.append(path)

    def stop_playback(self) -> None:
        self.calls.append(("stop",))

    def speak(self, text: str) -> None:
        if self.state.holds_sound:
            self.told.emit(sound_is_held())
            return
        self.calls.append(("speak", text))

    def meter(self, on: bool) -> None:
        self.metering = on

    # --- what devices and models would answer ----------------------------------------------

    def ask_done(self) -> None:
        self.post(steps.Spoke(self.state.turn))

    def microphone_live(self) -> None:
        self.post(steps.RecordingStarted(self.state.turn))

    def recorded(self, seconds: float = 42.0) -> None:
        self.post(steps.Recorded(self.state.turn, clip(seconds)))

    def saved(self) -> None:
        self.post(steps.Saved(self.state.turn))

    def transcribed(self, *, rough: bool = False) -> None:
        self.post(steps.Transcribed(self.state.turn, transcript(rough=rough)))

    def scored(self, value: float = 63.0, judged: Score | None = None) -> None:
        self.post(steps.Scored(self.state.turn, judged or score(value), measure(transcript(), 42.0)))

    def to_recording(self) -> None:
        """From ASKING to a live recording."""
        self.ask_done()
        self.post(steps.Go())
        self.microphone_live()

    def to_feedback(self, *, rough: bool = False, judged: Score | None = None) -> None:
        """From ASKING to FEEDBACK."""
        self.to_recording()
        self.post(steps.Go())
        self.recorded()
        self.saved()
        self.transcribed(rough=rough)
        self.scored(judged=judged)

    def speak_levels(self, count: int = 240) -> None:
        """Peaks that look like sentences."""
        for i in range(count):
            word = abs(math.sin(i / 3.1)) * abs(math.sin(i / 17.0))
            self.level_changed.emit(0.02 + 0.55 * word if i % 60 < 48 else 0.01)
