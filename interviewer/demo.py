"""A whole interview without a microphone, a screen or a network.

A virtual candidate answers the real interviewer: the question is rendered by the real
speech engine, a recorded answer comes in through the Recorder port in real time, and the
real recogniser, embeddings, store and window do the rest.
"""

from __future__ import annotations

import json
import os
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from interviewer.app import Devices, Running, compose
from interviewer.core import paths, steps
from interviewer.core.bank import Order, load_bank
from interviewer.core.errors import Cancelled, EngineError, InputError, InterviewerError, StoreError
from interviewer.core.models import Bank, Mode, Session
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.core.verdict import score_words
from interviewer.gui.widgets.rail import Place
from interviewer.interrupts import Interrupts
from interviewer.opening import application
from interviewer.reports.export import CLIP_PATTERNS, DOCUMENT_NAME, write_session
from interviewer.workers.door import Door
from interviewer.workers.settings_keeper import SettingsKeeper

Say = Callable[[str], None]

PATIENCE_MS = 300_000
"""How long one phase may take. Loading the models on a slow machine is the longest."""
SETTLE_MS = 500
"""A page asks the disk for what it shows; only pictures wait for this, nothing else."""
VOICE_HINT = "Install a voice: sudo apt install libespeak-ng1 espeak-ng-data"
HEARD_NAME = "heard.wav"
"""Everything that the interviewer said, as the candidate heard it."""
AUDIBLE_PEAK = 1000
"""Of 32,767: speech rendered at its usual level peaks near 28,000."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One recorded answer of the virtual candidate."""

    question_id: str
    kind: str
    file: Path


def recorded_answers() -> tuple[Answer, ...]:
    """Return the recorded answers that ship with the program, in the order of the demo."""
    folder = paths.asset("demo")
    listed = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return tuple(Answer(a["question_id"], a["kind"], folder / a["file"]) for a in listed)


def hold(out: Path, count: int, *, say: Say) -> None:
    """Hold the demo over `count` questions, writing into `out` what came of it.

    Prints each step with `say`. Raises InterviewerError unless every stage really ran: each
    question was audible, each answer was recorded, written down, scored and kept, and the
    scores are in the order of what was said.
    """
    answers = recorded_answers()
    if not 1 <= count <= len(answers):
        raise InputError(f"The candidate has answers to {len(answers)} questions", hint=f"Ask for 1 to {len(answers)}.")
    chosen = answers[:count]
    _make_room(out)
    # The window is drawn as on a screen, but no screen is needed.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qt = application(["interviewer"])
    candidate = Candidate(chosen)
    devices = partial(virtual_devices, candidate, out / HEARD_NAME)
    bank = bank_of(chosen)
    running = compose(paths.make_private(out / "data"), devices, bank=bank)
    director = Director(running, candidate, out, say)
    interrupts = Interrupts(director.stop)
    try:
        director.hold(qt)
    finally:
        running.close()
        interrupts.close()
    session = _kept(out / "data", director.session_id)
    written = write_session(session, bank.question, out)
    _check(session, chosen, out / HEARD_NAME)
    say(f"Written: {written.document}")


def _make_room(out: Path) -> None:
    """Take away what an earlier demo left in `out`. Raises InputError for a folder of something else."""
    if out.is_dir() and any(out.iterdir()) and not (out / "data" / paths.DATABASE_NAME).exists():
        raise InputError(f"{out} is not empty, and no demo was held there", hint="Name a folder that is new or empty.")
    paths.make_private(out)
    for pattern in ("[0-9][0-9]-*.png", *CLIP_PATTERNS, HEARD_NAME, DOCUMENT_NAME):
        for path in out.glob(pattern):
            path.unlink()


def _kept(data_dir: Path, session_id: str) -> Session:
    """Read the session back from disk, as the next start would."""
    from interviewer.store.database import SqlStore

    store = SqlStore.open(data_dir)
    try:
        return store.session(session_id)
    finally:
        store.close()


def bank_of(answers: tuple[Answer, ...]) -> Bank:
    """Return the shipped bank with only the questions that these answers are to, in their order."""
    bank = load_bank(paths.shipped_bank())
    wanted = tuple(bank.question(a.question_id) for a in answers)
    return bank.model_copy(update={"questions": tuple(q for q in wanted if q is not None)})


class Candidate:
    """Hands the recorder one recorded answer after the other, and tells when each is said."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._files = iter([a.file for a in answers])
        self.finished: Callable[[], None] = lambda: None

    def next_file(self) -> Path | None:
        """Return the file of the next answer."""
        return next(self._files, None)

    def said(self) -> None:
        """Be told, from the recorder's thread, that the answer is over."""
        self.finished()


def virtual_devices(candidate: Candidate, heard: Path, keeper: SettingsKeeper) -> Devices:
    """Return ports on which `candidate` answers; what it hears is written to the WAV file `heard`."""
    from interviewer.engines.meter import KeepsNothing
    from interviewer.engines.speak_pyttsx3 import Pyttsx3Speaker
    from interviewer.engines.virtual import VirtualPlayer, VirtualRecorder
    from interviewer.store.recordings import WavWriter

    recorder = VirtualRecorder(candidate.next_file, WavWriter, finished=candidate.said)
    meter = VirtualRecorder(lambda: None, KeepsNothing)
    player = VirtualPlayer(keep=heard)
    choice = lambda: (keeper.current.voice, keeper.current.rate_wpm)  # noqa: E731
    speaker = Pyttsx3Speaker(player, paths.cache_dir() / "speech", choice)

    def close() -> None:
        for port in (speaker, recorder, meter, player):
            port.close()

    return Devices(speaker, recorder, meter, player, close)


class Director(QObject):
    """Presses the keys, looks at the screens and tells what happens."""

    def __init__(self, running: Running, candidate: Candidate, out: Path, say: Say) -> None:
        super().__init__()
        self.session_id = ""
        self._running = running
        self._out = out
        self._say = say
        self._tour: Iterator[tuple[str, Callable[[], None]]] = iter(())
        self._shots = 0
        self._shot: set[str] = set()
        self._fault: InterviewerError | None = None
        self._phase: Phase | None = None
        self._door = Door(self)
        candidate.finished = partial(self._door.call, self._on_answer_over)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_out_of_patience)
        running.conductor.state_changed.connect(self._on_state_changed)

    def hold(self, qt: QApplication) -> None:
        """Run the event loop until the interview is over. Raises what went wrong in it."""
        self._running.window.resize(1280, 800)
        self._running.window.show()
        QTimer.singleShot(0, self._on_open)
        qt.exec()
        self._door.close()
        if self._fault is not None:
            raise self._fault

    @Slot()
    def stop(self) -> None:
        """End the demo before its time."""
        self._end(Cancelled("You stopped the demo", hint="Start it again when you like."))

    @Slot()
    def _on_open(self) -> None:
        self._patience.start(PATIENCE_MS)
        self._shoot("start")
        self._running.start()
        bank = self._running.library.bank
        self._say(f"An interview of {len(bank.questions)} questions: {bank.title}.")
        self._running.conductor.begin(len(bank.questions), Order.LISTED, Mode.PRACTICE)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self._patience.start(PATIENCE_MS)
        if state.notice is not None:
            self._end(state.notice)
        changed, self._phase = state.phase is not self._phase, state.phase
        # A state is shown by its window only after this returned: look at it one turn later.
        if changed or state.live:
            QTimer.singleShot(0, partial(self._play, state))

    def _play(self, state: State) -> None:
        if state is not self._running.conductor.state:
            return
        match state.phase:
            case Phase.ASKING:
                self._on_asking(state)
            case Phase.WAITING:
                self._running.conductor.post(steps.Go())
            case Phase.RECORDING if state.live and not state.stopping:
                self._say("  recording the answer ...")
            case Phase.TRANSCRIBING:
                self._say("  writing it down ...")
                self._shoot("writing-down", first=True)
            case Phase.SCORING:
                self._on_written_down(state)
            case Phase.FEEDBACK:
                self._on_feedback(state)
            case Phase.DONE:
                self._on_done()
            case Phase.FAULT:
                self._end(state.error or EngineError("The interview stopped"))

    def _on_asking(self, state: State) -> None:
        if state.begin is not None:
            self.session_id = state.begin.session_id
        self._say(f"{state.position + 1} of {len(state.questions)}: {state.asked}")
        self._shoot("question", first=True)

    def _on_answer_over(self) -> None:
        self._shoot("recording", first=True)
        self._running.conductor.post(steps.Go())

    def _on_written_down(self, state: State) -> None:
        transcript = state.take.transcript if state.take else None
        if transcript is not None:
            rough = " (rough transcript: built-in recogniser)" if transcript.rough else ""
            self._say(f"  heard{rough}: {transcript.text or 'nothing'}")

    def _on_feedback(self, state: State) -> None:
        score = state.take.score if state.take else None
        if score is not None:
            self._say(f"  {score_words(score)}")
        # Its wave is read from the disk.
        QTimer.singleShot(SETTLE_MS, partial(self._leave, state))

    def _leave(self, state: State) -> None:
        if state is self._running.conductor.state:
            self._shoot("feedback")
            self._running.conductor.post(steps.Go())

    def _on_done(self) -> None:
        # The summary asks the store for the session: its answer comes after everything that was kept.
        self._running.library.sessions_loaded.connect(self._on_sessions_loaded)
        self._running.library.load_sessions()

    @Slot(object)
    def _on_sessions_loaded(self, sessions: tuple[Session, ...]) -> None:
        self._running.library.sessions_loaded.disconnect(self._on_sessions_loaded)
        mine = next(s for s in sessions if s.id == self.session_id)
        self._tour = iter(
            (
                ("summary", lambda: None),
                ("history", lambda: self._running.window.go_to(Place.HISTORY)),
                ("review", lambda: self._running.window.open_review(mine.attempts[0].id)),
                ("settings", lambda: self._running.window.go_to(Place.SETTINGS)),
            )
        )
        self._next_stop()

    def _next_stop(self) -> None:
        stop = next(self._tour, None)
        if stop is None:
            QApplication.quit()
            return
        name, go = stop
        go()
        QTimer.singleShot(SETTLE_MS, partial(self._on_stop, name))

    def _on_stop(self, name: str) -> None:
        self._shoot(name)
        self._next_stop()

    def _shoot(self, name: str, *, first: bool = False) -> None:
        """Keep a picture of the window; with `first` only the first time under this name."""
        if first and name in self._shot:
            return
        self._shot.add(name)
        self._shots += 1
        path = self._out / f"{self._shots:02d}-{name}.png"
        if not self._running.window.grab().save(str(path)):
            self._end(StoreError(f"The picture {path} cannot be written"))

    def _end(self, fault: InterviewerError) -> None:
        self._fault = self._fault or fault
        QApplication.quit()

    @Slot()
    def _on_out_of_patience(self) -> None:
        phase = self._phase.value if self._phase else "starting"
        self._end(EngineError(f"The demo did not get on: nothing happened for minutes while {phase}"))


def _check(session: Session, answers: tuple[Answer, ...], heard: Path) -> None:
    """Raise EngineError unless everything that the demo promises is there."""
    if _peak(heard) < AUDIBLE_PEAK:
        raise EngineError("The questions could not be heard", hint=VOICE_HINT)
    if len(session.attempts) != len(answers):
        raise EngineError(f"{len(session.attempts)} of {len(answers)} answers were kept")
    for attempt in session.attempts:
        if attempt.clip is None or _peak(attempt.clip.path) < AUDIBLE_PEAK:
            raise EngineError(f"The answer to {attempt.question_id} was not recorded")
        if attempt.transcript is None or not attempt.transcript.heard:
            raise EngineError(f"The answer to {attempt.question_id} was not written down")
        if attempt.score is None or not attempt.score.recipe:
            raise EngineError(f"The answer to {attempt.question_id} was not scored")
    _check_order(session, answers)


def _check_order(session: Session, answers: tuple[Answer, ...]) -> None:
    kinds = [a.kind for a in answers]
    scores = [a.score.value for a in session.attempts if a.score]
    ranks = {"strong": 0, "partial": 1, "off-topic": 2}
    for (kind, score), (other, lower) in permutations(zip(kinds, scores, strict=True), 2):
        if ranks[kind] < ranks[other] and score <= lower:
            raise EngineError(f"The {kind} answer scored {score:g}, the {other} one {lower:g}")


def _peak(path: Path) -> int:
    """Return the largest sample of a PCM16 WAV file, 0 to 32,768; 0 where there is none."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    return int(np.abs(samples.astype(np.int32)).max(initial=0))
