"""The real program with a virtual microphone and stand-in models, held by a person made of code.

    python -m tests.whole.held_interview DATA start|continue QUESTION asking|recording

Opens the window, presses Space for whatever it offers, and answers every question. At QUESTION (from 1; 0 for
none) it stops in that phase, says so on standard output and waits to be killed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from interviewer import app, opening
from interviewer.core import steps
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.core.stopped import Stopped
from interviewer.engines.meter import KeepsNothing
from interviewer.engines.virtual import VirtualPlayer, VirtualRecorder
from interviewer.gui.main_window import MainWindow
from interviewer.store.recordings import WavWriter
from interviewer.workers.door import Door
from interviewer.workers.model_process import ModelProcess
from tests.workers.fakes import FakeSpeaker
from tests.workers.model_mains import obedient

ANSWER = Path(__file__).resolve().parents[1] / "fixtures" / "clips" / "depends.wav"
SPEED = 8.0
HEARD_ENOUGH = 20
"""So many levels of a recording are told before it says that it is recording: a second of real time."""


def say(words: str) -> None:
    print(words, flush=True)


class Person(QObject):
    """Presses Space on the Start page, and answers until told to stop."""

    def __init__(self, way: str, question: int, phase: str) -> None:
        super().__init__()
        self._way, self._stop = way, (question - 1, phase)
        self._levels = 0
        self._window: MainWindow | None = None
        self._door = Door(self)
        self._poll = QTimer(self)
        self._poll.setInterval(20)
        self._poll.timeout.connect(self._on_poll)
        self._poll.start()

    @property
    def state(self) -> State:
        assert self._window is not None  # states come from a window that is there
        return self._window._conductor.state

    @Slot()
    def _on_poll(self) -> None:
        frames = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow)]
        window = frames[0].centralWidget() if frames else None
        if not isinstance(window, MainWindow) or not window.shelf.start.isVisible():
            return
        notice = window.shelf.start.stopped.notice("stopped")
        if self._way == "continue" and notice is None:
            return
        self._poll.stop()
        self._window = window
        window._conductor.state_changed.connect(self._on_state_changed)
        window._conductor.level_changed.connect(self._on_level)
        if notice is not None:
            say(f"{notice.word.fact} | {notice.word.hint} | {notice.word.action}")
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        QTimer.singleShot(0, partial(self._act, state))

    def _act(self, state: State) -> None:
        assert self._window is not None
        if state is not self.state:
            return
        conductor = self._window._conductor
        match state.phase:
            case Phase.ASKING if (state.position, "asking") == self._stop:
                # The disk has been asked for everything of before by then.
                self._window._library.sessions_loaded.connect(self._on_asking)
                self._window._library.load_sessions()
            case Phase.ASKING | Phase.WAITING | Phase.FEEDBACK:
                conductor.post(steps.Go())
            case Phase.FAULT:
                say(f"fault: {state.error}")
                QApplication.exit(1)
            case Phase.DONE:
                # It is looked again once an interview was left.
                self._window.shelf._continuing.found.connect(self._on_end)
                conductor.leave()

    @Slot(object)
    def _on_asking(self, _sessions: object) -> None:
        say("asking")

    @Slot(float)
    def _on_level(self, _peak: float) -> None:
        if self.state.live and (self.state.position, "recording") == self._stop:
            self._levels += 1
            if self._levels == HEARD_ENOUGH:
                say("recording")

    def answered(self) -> None:
        """Be told, from the recorder's thread, that the answer is over."""
        self._door.call(self._on_answered)

    def _on_answered(self) -> None:
        if (self.state.position, "recording") != self._stop:
            assert self._window is not None
            self._window._conductor.post(steps.Go())

    @Slot(object)
    def _on_end(self, found: Stopped | None) -> None:
        assert self._window is not None
        say("done" if found is None else f"offered again from question {found.position + 1}")
        self._window.window().close()


def devices(person: list[Person], _keeper: object) -> app.Devices:
    """Return ports on which the person answers."""
    recorder = VirtualRecorder(lambda: ANSWER, WavWriter, speed=SPEED, finished=person[0].answered)
    meter = VirtualRecorder(lambda: None, KeepsNothing)
    player = VirtualPlayer(speed=SPEED)

    def close() -> None:
        for port in (recorder, meter, player):
            port.close()

    return app.Devices(FakeSpeaker(), recorder, meter, player, close)


def models(link: Connection) -> None:
    """Answer every job at once; end in silence when the program was killed."""
    with contextlib.suppress(EOFError):
        obedient(link)


def main() -> None:
    data, way, question, phase = sys.argv[1:]
    # Whoever waits for the next line in vain reads the end of the output instead.
    watchdog = threading.Timer(120, os._exit, (9,))
    watchdog.daemon = True
    watchdog.start()
    person: list[Person] = []
    make = opening.application

    def application(arguments: list[str]) -> QApplication:
        qt = make(arguments)
        person.append(Person(way, int(question), phase))
        return qt

    opening.application = application
    app.real_devices = partial(devices, person)
    app.ModelProcess = partial(ModelProcess, main=models)  # type: ignore[misc]
    sys.exit(opening.run(Path(data)))


if __name__ == "__main__":
    main()
