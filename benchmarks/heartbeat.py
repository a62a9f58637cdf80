"""How long the GUI thread is ever blocked, while models load, write down and score.

    python benchmarks/heartbeat.py [--json] [--quick]

Holds a real interview with the demo's candidate: the real window, speech, recogniser, scorer and
store; only the sound card is made of files. A timer of 5 ms beats on the GUI thread; the gap
between two beats is how long a key press could have waited. The same timer over an idle window in
the same run tells what the machine itself adds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from interviewer.app import Running, compose
from interviewer.core import paths, steps
from interviewer.core.bank import Order
from interviewer.core.models import Mode
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.demo import Candidate, bank_of, recorded_answers, virtual_devices
from interviewer.gui.frame import Frame
from interviewer.opening import application
from interviewer.workers.door import Door

BEAT_MS = 5
IDLE = "nothing going on"
IDLE_MS = 5_000


class Heart(QObject):
    """Measures the gaps between its beats, and what was going on in the longest."""

    def __init__(self) -> None:
        super().__init__()
        self.during = IDLE
        self.gaps_ms: dict[str, list[float]] = {}
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start(BEAT_MS)

    @Slot()
    def _on_beat(self) -> None:
        now = time.monotonic()
        self.gaps_ms.setdefault(self.during, []).append((now - self._last) * 1000 - BEAT_MS)
        self._last = now


class Driver(QObject):
    """Presses Space whenever the interview waits for it."""

    def __init__(self, running: Running, candidate: Candidate, heart: Heart) -> None:
        super().__init__()
        self._running = running
        self._heart = heart
        self._door = Door(self)
        candidate.finished = partial(self._door.call, self._press)
        running.conductor.state_changed.connect(self._on_state_changed)

    @Slot()
    def begin(self) -> None:
        """Start everything, as opening the window does, and the interview at once."""
        self._heart.during = "starting"
        self._running.start()
        count = len(self._running.library.bank.questions)
        self._running.conductor.begin(count, Order.LISTED, Mode.PRACTICE)

    def _press(self) -> None:
        self._running.conductor.post(steps.Go())

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        # What blocks is done in answer to the change: it counts for the phase that begins.
        self._heart.during = state.phase.value
        match state.phase:
            case Phase.WAITING | Phase.FEEDBACK:
                QTimer.singleShot(300, self._press)
            case Phase.DONE:
                QTimer.singleShot(500, application_quit)
            case Phase.FAULT:
                sys.exit(f"the interview stopped: {state.error}")


def application_quit() -> None:
    """Leave the event loop."""
    from PySide6.QtWidgets import QApplication

    QApplication.quit()


def measure(count: int) -> dict[str, object]:
    """Hold an interview over `count` questions and return the figures."""
    answers = recorded_answers()[:count]
    candidate = Candidate(answers)
    with tempfile.TemporaryDirectory() as folder:
        qt = application(["interviewer"])
        frame = Frame(Path(folder))
        devices = partial(virtual_devices, candidate, Path(folder) / "heard.wav")
        running = compose(paths.make_private(Path(folder) / "data"), devices, bank=bank_of(answers))
        frame.fill(running.window)
        frame.show()
        heart = Heart()
        driver = Driver(running, candidate, heart)
        QTimer.singleShot(IDLE_MS, driver.begin)
        qt.exec()
        running.close()
    held = sorted(gap for name, gaps in heart.gaps_ms.items() if name != IDLE for gap in gaps)
    return {
        "worst_ms": round(held[-1], 1),
        "p999_ms": round(held[int(len(held) * 0.999)], 1),
        "over_100_ms": sum(gap > 100 for gap in held),
        "beats": len(held),
        "idle_worst_ms": round(max(heart.gaps_ms[IDLE][5:]), 1),
        "worst_by_phase_ms": {name: round(max(gaps), 1) for name, gaps in heart.gaps_ms.items()},
        "torch_in_window": "torch" in sys.modules,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="one question instead of three")
    options = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    result = measure(1 if options.quick else 3)
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
