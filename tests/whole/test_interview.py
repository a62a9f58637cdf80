"""A whole interview in the real window, on the real sound system, by Space and Enter alone."""

from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from interviewer.app import Running, compose, real_devices
from interviewer.core import settings
from interviewer.core.models import Session
from interviewer.core.settings import Appearance, Settings
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.engines.sound_file import read_sound
from interviewer.gui.frame import Frame
from interviewer.gui.widgets.rail import Place
from tests import sound_server as server

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts" / "interview"
# Five answers in real time take a minute, and longer on a busy machine: this only ends a hang.
LONG_MS = 300_000

pytestmark = [pytest.mark.audio, pytest.mark.models]


class Person(QObject):
    """Looks at the screen, presses Space and Enter in turn, and speaks when it says Recording."""

    def __init__(self, running: Running, answers: list[Path], pictures: Path) -> None:
        super().__init__()
        self._running = running
        self._answers = iter(answers)
        self._pictures = pictures
        self._pressed = 0
        self._seen: set[str] = set()
        self._voice = QTimer(self)
        self._voice.setInterval(50)
        self._voice.timeout.connect(self._on_voice)
        self._saying: object = None
        self.worst_notice: object = None
        running.conductor.state_changed.connect(self._on_state_changed)

    def look(self, name: str) -> None:
        """Keep a picture of the window, the first time it shows this."""
        if name not in self._seen:
            self._seen.add(name)
            frame = self._running.window.window()
            look = self._running.keeper.current.appearance.value
            picture = self._pictures / f"{name}-{look}-{frame.width()}x{frame.height()}.png"
            assert frame.grab().save(str(picture))

    def look_around(self, name: str) -> None:
        """Keep a picture once what was asked for is laid out and painted."""
        for _ in range(3):
            QApplication.processEvents()
        self.look(name)

    def press(self) -> None:
        """Press Space and Enter in turn, wherever the focus is."""
        key = Qt.Key.Key_Return if self._pressed % 2 else Qt.Key.Key_Space
        self._pressed += 1
        target = QApplication.focusWidget() or self._running.window
        QTest.keyClick(target, key)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self.worst_notice = self.worst_notice or state.notice or state.error
        QTimer.singleShot(0, lambda: self._act(state))

    def _act(self, state: State) -> None:
        if state is not self._running.conductor.state:
            return
        match state.phase:
            case Phase.ASKING | Phase.TRANSCRIBING:
                self.look(state.phase.value)
            case Phase.WAITING | Phase.FEEDBACK | Phase.FAULT:
                self.look(state.phase.value)
                self.press()
            case Phase.RECORDING if state.live and not state.stopping:
                self._speak()

    def _speak(self) -> None:
        samples = read_sound(next(self._answers), rate_hz=server.RATE_HZ)
        quiet = np.zeros(server.RATE_HZ // 3, dtype=np.float32)
        self._saying = server.speak_into_microphone(np.concatenate([quiet, samples, quiet]))
        self._voice.start()

    @Slot()
    def _on_voice(self) -> None:
        if self._saying.poll() is not None:  # type: ignore[attr-defined]
            self._voice.stop()
            self.look("recording")
            self.press()


@pytest.fixture
def pictures() -> Path:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture
def running(
    request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    if not server.reachable():
        pytest.skip(server.NO_SERVER)
    monkeypatch.setenv("INTERVIEWER_WHISPER_MODEL", str(FIXTURES / "whisper-fixture.pt"))
    appearance, size, questions = request.param
    data = tmp_path / "data"
    data.mkdir()
    settings.save(data, Settings(appearance=appearance, questions=questions))
    frame = Frame(data)
    qtbot.addWidget(frame)
    frame.resize(*size)
    frame.show()
    frame.activateWindow()
    qtbot.waitActive(frame)
    composed = compose(data, real_devices)
    frame.fill(composed.window)
    composed.start()
    yield composed
    composed.close()


@pytest.mark.parametrize(
    "running",
    [(Appearance.LIGHT, (1280, 800), 5), (Appearance.DARK, (1920, 1080), 2)],
    indirect=True,
    ids=["five-light", "two-dark"],
)
def test_answers_spoken_into_the_microphone_are_in_the_history(running: Running, qtbot: QtBot, pictures: Path) -> None:
    texts = {
        FIXTURES / "clips" / name: text
        for name, text in json.loads((FIXTURES / "clips" / "clips.json").read_text()).items()
    }
    answers = (list(texts) * 5)[: running.keeper.current.questions]
    person = Person(running, answers, pictures)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    person.look_around("start")
    with server.Ear() as ear:
        person.press()
        qtbot.waitUntil(lambda: running.conductor.state.phase is Phase.ASKING, timeout=LONG_MS)
        ear.wait_for_sound()
        qtbot.waitUntil(lambda: running.conductor.state.phase is Phase.DONE, timeout=LONG_MS)
    assert person.worst_notice is None
    # The summary has asked already, perhaps before the end was noted.
    finished = {"timeout": LONG_MS, "check_params_cb": lambda sessions: sessions[0].finished is not None}
    with qtbot.waitSignal(running.library.sessions_loaded, **finished) as loaded:
        running.library.load_sessions()
    person.look_around("summary")
    (session,) = loaded.args[0]
    check_kept(session, [texts[a] for a in answers])
    running.window.go_to(Place.HISTORY)
    with qtbot.waitSignal(running.library.sessions_loaded, timeout=LONG_MS):
        running.library.load_sessions()
    person.look_around("history")
    with qtbot.waitSignal(running.library.attempt_loaded, timeout=LONG_MS):
        running.window.open_review(session.attempts[0].id)
    person.look_around("review")
    running.window.go_to(Place.SETTINGS)
    person.look_around("settings")


def check_kept(session: Session, texts: list[str]) -> None:
    assert session.finished is not None
    assert [a.transcript.text if a.transcript else None for a in session.attempts] == texts
    for attempt in session.attempts:
        assert attempt.score is not None
        assert attempt.clip is not None
        with wave.open(str(attempt.clip.path), "rb") as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
            assert file.getnframes() == attempt.clip.frames
        assert np.abs(samples.astype(np.int32)).max() > 1000
