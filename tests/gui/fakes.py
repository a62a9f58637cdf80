"""Stand-ins for what `app` hands to the window: same signals, same methods, no threads."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.delivery import measure
from interviewer.core.flow import advance
from interviewer.core.models import (
    Attempt,
    Bank,
    Clip,
    Coverage,
    FiredGate,
    KeyPoint,
    Mode,
    PointResult,
    Question,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)
from interviewer.core.ports import Device, Voice
from interviewer.core.settings import Settings
from interviewer.core.state import State
from interviewer.core.trends import empty as no_trends
from interviewer.core.usual import Usual
from interviewer.workers.playback import sound_is_held
from interviewer.workers.status import Backlog, DeviceList
from tests.gui.fake_downloads import three_models
from tests.gui.fake_editing import FakeEditing
from tests.gui.fake_history import FakeFinder

NOW = datetime(2026, 6, 4, 18, 30, tzinfo=UTC)

_LONG = (
    "Your handlers all need a database session and the current user. How do you give them both without "
    "repeating yourself, and what does the framework do for you between the request and the handler?"
)
_QUESTIONS = (
    ("async-operations", "Concurrency", "When would you write a handler with async def, and when with plain def?"),
    (
        "dependency-injection",
        "Design",
        _LONG,
    ),
    ("angle-brackets", "Markup", "Explain the difference between <div> and <span> & when <b>neither</b> will do."),
    ("background-tasks", "Operations", "What are background tasks good for, and when do you need a queue instead?"),
    ("testing", "Quality", "How do you test an endpoint that talks to a payment provider?"),
)
_POINTS = (
    ("async def runs on the event loop and must never block it.", "What happens when a call blocks the loop?"),
    ("Plain def handlers run in a pool of threads.", "Where does a plain function run?"),
    ("Awaiting lets other requests make progress meanwhile.", "What do other requests do while you await?"),
    ("The gain is for input and output, not for heavy computation.", "Does it help with number crunching?"),
    ("A blocking library belongs in a plain def handler or a thread.", "Where would you put a blocking driver?"),
)
_EXAMPLE = (
    "I use async def when everything the handler waits for can be awaited: an HTTP call, an asynchronous database "
    "driver. Then the event loop serves other requests meanwhile. If the library blocks, I write a plain def, and the "
    "framework runs it in a thread pool, so that nobody else is held up. The mistake to avoid is a blocking call "
    "inside async def, because it stops every request in the process. None of this makes heavy computation faster."
)
_SAID = (
    "So um I would use async def when the handler waits for something that can be awaited like a call to another "
    "service because then other requests can go on meanwhile you know and uh if I call a library that blocks then "
    "I would use a plain function that runs in a thread pool and all of that makes the number crunching faster too"
)


def bank() -> Bank:
    """A small bank; one question is full of markup."""
    questions = tuple(
        Question(
            id=slug,
            topic=topic,
            difficulty=2,
            question=text,
            background="What a strong candidate knows about this.",
            guidance="Lead with the rule, then give one example.",
            example_answer=_EXAMPLE,
            key_points=tuple(KeyPoint(text=point, follow_up=ask) for point, ask in _POINTS),
        )
        for slug, topic, text in _QUESTIONS
    )
    return Bank(
        schema_version=1,
        title="Questions for an API developer",
        role="Designs, builds and runs web APIs in Python: type hints, validation, asynchronous work, data stores.",
        questions=questions,
    )


def clip(seconds: float = 42.0, path: Path = Path("/nowhere/answer.wav")) -> Clip:
    return Clip(path, 16_000, int(seconds * 16_000))


def transcript(*, rough: bool = False, text: str = _SAID) -> Transcript:
    """Timed words at 140 a minute with pauses of 1.4 and 3.1 seconds."""
    words: list[Word] = []
    spans: list[Span] = []
    at, since = 0.6, 0.6
    for place, word in enumerate(text.split()):
        if place in (12, 30):
            spans.append(Span(since, at))
            at += 1.4 if place == 12 else 3.1
            since = at
        words.append(Word(word, at, at + 0.36, 0.9))
        at += 0.43
    spans.append(Span(since, at))
    engine, model = ("pocketsphinx", "en-us") if rough else ("whisper", "base.en")
    return Transcript(text, tuple(words), tuple(spans), engine, model, rough)


def score(value: float = 63.0, label: str = "Solid") -> Score:
    """One point of each state; a range of ten points to either side."""
    found = (
        (Coverage.COVERED, "I would use async def when the handler waits for something that can be awaited"),
        (Coverage.COVERED, "I would use a plain function that runs in a thread pool"),
        (Coverage.PARTLY, "then other requests can go on meanwhile"),
        (Coverage.CONTRADICTED, "all of that makes the number crunching faster too"),
        (Coverage.MISSED, ""),
    )
    points = tuple(
        PointResult(text, state, 0.4, evidence, _place(evidence), confirmed=place == 1)
        for place, ((text, _), (state, evidence)) in enumerate(zip(_POINTS, found, strict=True))
    )
    gates = (FiredGate("off_subject", 0.9, "Some of the answer has little to do with the question."),)
    low, high = max(0.0, value - 10), min(100.0, value + 10)
    step = "For Complete: say what the gain is for, and where a blocking library belongs."
    return Score(value, label, points, gates, '{"version":"test"}', low=low, high=high, next_step=step)


def open_score() -> Score:
    """What a question without a right answer gets."""
    points = tuple(replace(p, confirmed=False) for p in score().points if p.coverage is not Coverage.CONTRADICTED)
    return Score(50.0, "", points, recipe='{"version":"test"}', coverage_only=True)


def _place(evidence: str) -> tuple[int, int]:
    """Where words stand in what was said."""
    said, words = _SAID.split(), evidence.split()
    first = next(i for i in range(len(said)) if said[i : i + len(words)] == words)
    return first, first + len(words)


def attempt(place: int = 0, *, when: datetime = NOW, value: float = 63.0, label: str = "Solid") -> Attempt:
    said = transcript()
    return Attempt(
        id=f"20260604-183000-abc123-{place + 1:02d}-{place + 2:04d}",
        session_id="20260604-183000-abc123",
        question_id=_QUESTIONS[place][0],
        position=place,
        created=when + timedelta(minutes=2 * place),
        clip=clip(),
        transcript=said,
        score=score(value, label),
        delivery=measure(said, 42.0),
    )


def session(session_id: str = "20260604-183000-abc123", *, when: datetime = NOW) -> Session:
    judged = ((82.0, "Complete"), (63.0, "Solid"), (41.0, "Partial"), (12.0, "Thin"))
    attempts = tuple(
        replace(attempt(place, when=when, value=value, label=label), session_id=session_id)
        for place, (value, label) in enumerate(judged)
    )
    ids = tuple(slug for slug, _, _ in _QUESTIONS)
    return Session(session_id, when, bank().title, Mode.PRACTICE, ids, when + timedelta(minutes=12), attempts)


def devices() -> DeviceList:
    microphones = (Device("USB microphone", 48_000, True), Device("Headset", 16_000, False))
    voices = (Voice("en-gb", "English (Great Britain)", "en-GB"), Voice("de", "German", "de"))
    return DeviceList(microphones, (Device("Built-in loudspeaker", 48_000, True),), voices)


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


class FakeLibrary(FakeFinder):
    """Keeps what a test puts in it and answers at once."""

    sessions_loaded = Signal(object)
    attempt_loaded = Signal(object)
    trends_loaded = Signal(object)
    usual_loaded = Signal(object)
    rewriting = Signal(int, int, object)
    changed = Signal()
    gone = Signal(object)
    unfinished_found = Signal(object)
    others_found = Signal(object)
    devices_loaded = Signal(object)
    whisper_models_loaded = Signal(object)
    bank_changed = Signal(object)
    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.bank = bank()
        self.trends = no_trends()
        self.editing = FakeEditing(self)
        self.editor = self.editing.editor
        self.usual: Usual | None = None
        self.devices = devices()
        self.models = three_models()
        self.others = Backlog()
        self.unfinished = 0
        """How many, of a minute and a half each."""

    def question(self, question_id: str) -> Question | None:
        return self.bank.question(question_id)

    def open_bank(self, path: Path) -> None:
        self.calls.append(("open_bank", path))

    def load_sessions(self) -> None:
        self.sessions_loaded.emit(self.sessions)

    def load_trends(self) -> None:
        self.trends_loaded.emit(self.trends)

    def load_attempt(self, attempt_id: str) -> None:
        for one in (a for s in self.sessions for a in s.attempts if a.id == attempt_id):
            self.attempt_loaded.emit(one)

    def rescore(self, attempt_ids: Iterable[str]) -> None:
        self.calls.append(("rescore", *attempt_ids))

    def correct(self, attempt_id: str, text: str) -> None:
        self.calls.append(("correct", attempt_id, text))

    def load_usual(self, _attempt_id: str) -> None:
        self.usual_loaded.emit(self.usual)

    def count_pending(self) -> None:
        self.unfinished_found.emit(Backlog(self.unfinished, 90.0 * self.unfinished))
        self.others_found.emit(self.others)

    def arrived(self) -> None:
        self.changed.emit()
        self.count_pending()

    def rewrite_others(self) -> None:
        self.calls.append(("rewrite_others",))

    def rewrite_unfinished(self) -> None:
        self.calls.append(("rewrite_unfinished",))

    def cancel_rewrite(self) -> None:
        self.calls.append(("cancel_rewrite",))

    def load_devices(self) -> None:
        self.devices_loaded.emit(self.devices)

    def load_models(self) -> None:
        self.whisper_models_loaded.emit(self.models)


class FakeSettings(QObject):
    """Settings in memory."""

    changed = Signal(object)
    told = Signal(object)

    def __init__(self, data_dir: Path, **fields: object) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.current = Settings.model_validate(fields)

    def change(self, **fields: object) -> None:
        self.current = Settings.model_validate({**self.current.model_dump(), **fields})
        self.changed.emit(self.current)
