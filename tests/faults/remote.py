"""The composed application on the real sound system, led by lines: `python tests/faults/remote.py DATA`.

Takes begin, go, retry, kept and quit on standard input. Prints a JSON object a line: each state as it
changes, everything that a user is told, and for `kept` what the store has. The questions are not
spoken and a stand-in writes down, for the fault is to meet the microphone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSocketNotifier, Slot  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from interviewer import app  # noqa: E402
from interviewer.core import settings  # noqa: E402
from interviewer.core.bank import Order  # noqa: E402
from interviewer.core.errors import InterviewerError  # noqa: E402
from interviewer.core.models import Mode, Session  # noqa: E402
from interviewer.core.state import State  # noqa: E402
from interviewer.core.steps import Go, Phase, Retry  # noqa: E402
from interviewer.opening import application  # noqa: E402
from interviewer.workers.model_process import ModelProcess  # noqa: E402
from interviewer.workers.settings_keeper import SettingsKeeper  # noqa: E402
from tests.faults import stand_in  # noqa: E402
from tests.faults.candidate import QuickSpeaker  # noqa: E402
from tests.workers.fakes import bank  # noqa: E402


def main() -> int:
    """Run until told to quit."""
    data = Path(sys.argv[1])
    data.mkdir(parents=True, exist_ok=True)
    settings.save(data, settings.Settings(daily_backup=False))
    app.ModelProcess = partial(ModelProcess, main=stand_in.main)  # type: ignore[misc, assignment]
    qt = application(["interviewer"])
    running = app.compose(data, _devices, bank=bank("alpha", "beta", "gamma"))
    remote = Remote(running)
    running.window.show()
    running.start()
    code = qt.exec()
    remote.close()
    running.close()
    return code


def _devices(keeper: SettingsKeeper) -> app.Devices:
    return replace(app.real_devices(keeper), speaker=QuickSpeaker())


class Remote(QObject):
    """Reads commands and prints what happens."""

    def __init__(self, running: app.Running) -> None:
        super().__init__()
        self._running = running
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_line)
        running.conductor.state_changed.connect(self._on_state)
        running.conductor.told.connect(self._on_told)

    def close(self) -> None:
        """Listen no more."""
        self._notifier.setEnabled(False)

    @Slot()
    def _on_line(self) -> None:
        for command in os.read(0, 4096).decode().split() or ["quit"]:
            self._obey(command)

    def _obey(self, command: str) -> None:
        conductor = self._running.conductor
        match command:
            case "begin":
                if conductor.state.phase is Phase.DONE:
                    conductor.leave()
                conductor.begin(3, Order.LISTED, Mode.PRACTICE)
            case "go":
                conductor.post(Go())
            case "retry":
                conductor.post(Retry())
            case "kept":
                self._running.disk.run(self._running.store.sessions, done=self._on_sessions)
            case "quit":
                QApplication.quit()

    @Slot(object)
    def _on_state(self, state: State) -> None:
        error = state.error or state.notice
        _say(phase=state.phase.value, live=state.live, told=str(error) if error else "")

    @Slot(object)
    def _on_told(self, error: InterviewerError) -> None:
        _say(told=str(error))

    def _on_sessions(self, sessions: tuple[Session, ...]) -> None:
        _say(kept={a.id: a.clip.seconds for s in sessions for a in s.attempts if a.clip})


def _say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    sys.exit(main())
