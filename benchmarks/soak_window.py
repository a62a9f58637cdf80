"""The window process of the soak: holds one interview after the other until its standard input is closed.

    python -m benchmarks.soak_window real|virtual DATA SPEED

`real` speaks short recorded answers into the microphone of the sound server that PULSE_SERVER
names, and has them written down by the real model process; `virtual` talks SPEED times as fast as real
time on devices made of files, up to a minute an answer, and a stand-in writes down. Prints a JSON object
each time an interview is over: how many there were, and the seconds of sound that were recorded.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication

from interviewer import app
from interviewer.core import settings
from interviewer.core.models import Clip
from interviewer.core.ports import MODEL_RATE_HZ
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.demo import bank_of, recorded_answers
from interviewer.engines.sound_file import read_sound
from interviewer.opening import application
from interviewer.workers.model_process import ModelProcess
from tests import sound_server
from tests.faults import stand_in
from tests.faults.candidate import Candidate
from tests.faults.driver import Driver

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
ANSWERS_S = (30, 45, 60)
"""Lengths of the virtual candidate's answers."""


class Voice(QObject):
    """Speaks an answer into the room once the microphone hears; `finished` is called at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.finished: Callable[[], None] = lambda: None
        self._answers = itertools.cycle(sorted((FIXTURES / "clips").glob("*.wav")))
        self._saying: subprocess.Popen[bytes] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._on_timer)

    def hear(self, state: State) -> None:
        """Begin to speak when a recording has begun."""
        if state.phase is Phase.RECORDING and state.live and not state.stopping and self._saying is None:
            samples = read_sound(next(self._answers), rate_hz=sound_server.RATE_HZ)
            self._saying = sound_server.speak_into_microphone(samples)
            self._timer.start()

    @Slot()
    def _on_timer(self) -> None:
        if self._saying is not None and self._saying.poll() is not None:
            self._saying = None
            self._timer.stop()
            self.finished()


class Teller(QObject):
    """Counts what is recorded and prints it; ends the program when its standard input ends."""

    def __init__(self) -> None:
        super().__init__()
        self.driver: Driver | None = None
        self._seconds = 0.0
        self._clip: Clip | None = None
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(QApplication.quit)

    def count(self, state: State) -> None:
        """Count the clip of an answer, once."""
        clip = state.take.clip if state.take else None
        if clip is not None and clip != self._clip:
            self._clip = clip
            self._seconds += clip.seconds

    def tell(self) -> None:
        """Print how far it is."""
        assert self.driver is not None  # who ends an interview has begun it
        told = {"interviews": self.driver.held, "recorded_s": round(self._seconds, 1), "faults": self.driver.faults}
        print(json.dumps(told), flush=True)


def main() -> int:
    """Hold interviews."""
    kind, data, speed = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    data.mkdir(parents=True, exist_ok=True)
    settings.save(data, settings.Settings())
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qt = application(["interviewer"])
    if kind == "real":
        os.environ["INTERVIEWER_WHISPER_MODEL"] = str(FIXTURES / "whisper-fixture.pt")
        voice = Voice()
        devices: app.MakeDevices = app.real_devices
    else:
        app.ModelProcess = partial(ModelProcess, main=stand_in.main)  # type: ignore[misc, assignment]
        voice = Candidate(_long_answers(data.parent / "answers"), speed=speed)  # type: ignore[assignment]
        devices = voice.devices  # type: ignore[attr-defined]
    running = app.compose(data, devices, bank=bank_of(recorded_answers()))
    teller = Teller()

    def changed(state: State) -> None:
        teller.count(state)
        if isinstance(voice, Voice):
            voice.hear(state)

    teller.driver = Driver(running, voice, changed=changed, ended=teller.tell)  # type: ignore[arg-type]
    running.window.resize(1280, 800)
    running.window.show()
    running.start()
    teller.driver.begin()
    code = qt.exec()
    teller.tell()
    teller.driver.close()
    running.close()
    return code


def _long_answers(folder: Path) -> Iterator[Path]:
    chance = np.random.default_rng(5)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seconds in ANSWERS_S:
        paths.append(folder / f"{seconds}.wav")
        with wave.open(str(paths[-1]), "wb") as file:
            file.setparams((1, 2, MODEL_RATE_HZ, 0, "NONE", "not compressed"))
            file.writeframes(chance.integers(-9_000, 9_000, seconds * MODEL_RATE_HZ, dtype=np.int16).tobytes())
    return itertools.cycle(paths)


if __name__ == "__main__":
    sys.exit(main())
