"""The window process of `benchmarks/history.py`: opens the history, searches it, looks through it, prints figures.

python -m benchmarks.history_window DATA
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.history_data import Writer
from interviewer import app
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.search import Sort
from interviewer.engines import heap
from interviewer.gui.widgets.fields import Picker
from interviewer.gui.widgets.history_filters import TYPING_MS
from interviewer.gui.widgets.rail import Place
from interviewer.gui.widgets.session_models import VALUE
from interviewer.opening import application
from interviewer.workers.model_process import ModelProcess
from tests.faults import stand_in
from tests.faults.candidate import Candidate

PLACES = 200
AGAIN = 5
SETTLE_MS = 1_500
GIVE_UP_S = 120.0
_INSIDE = QPoint(5, 5)


class Painted(QObject):
    """Knows when a list was painted last."""

    def __init__(self, viewport: QObject) -> None:
        super().__init__()
        self.at = 0.0
        viewport.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note the moment; the event goes its way."""
        if event.type() is QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


class Looker:
    """Looks at the history of a running program."""

    def __init__(self, running: app.Running) -> None:
        self._running = running
        self._window = running.window
        self._came = 0.0
        """When rows arrived last: what was painted before shows less."""

    def figures(self, data: Path) -> dict[str, float]:
        """Measure everything, in the order in which somebody would do it."""
        self._settle()
        before_mb = _resident_mb()
        first_ms = self._open()
        again = []
        for _ in range(AGAIN):
            self._window.go_to(Place.INTERVIEW)
            self._idle()
            again.append(self._open())
        searches = self._searches()
        places = [self._place(nth) for nth in range(PLACES)]
        self._settle()
        model = self._page.lists.found_model
        return {
            "open_ms": round(first_ms, 1),
            "again_ms": round(median(again), 1),
            "search_ms": round(median(searches), 1),
            "slow_ms": round(quantiles(searches, n=10)[-1], 1),
            "slowest_ms": round(max(searches), 1),
            "typing_ms": TYPING_MS,
            "place_ms": round(median(places), 1),
            "memory_mb": round(_resident_mb() - before_mb, 1),
            "resident_mb": round(_resident_mb(), 1),
            "questions": len(searches),
            "answers": model.rowCount(),
            "database_mb": round((data / DATABASE_NAME).stat().st_size / 1e6, 1),
        }

    @property
    def _page(self):  # type: ignore[no-untyped-def]  # of a kind that is loaded when it is first looked at
        return self._window.shelf.history

    def _open(self) -> float:
        begin = time.perf_counter()
        self._window.go_to(Place.HISTORY)
        page = self._page
        painted = Painted(page.attempts.viewport())
        model = page.lists.found_model
        _until(lambda: page.sessions.model().rowCount() > 1 and model.rowCount() > 0 and self._is_read(painted, begin))
        return (painted.at - begin) * 1000

    def _is_read(self, painted: Painted, since: float) -> bool:
        """Whether the rows at the top are there and were painted since."""
        model = self._page.lists.found_model
        top = self._page.attempts.indexAt(self._page.attempts.viewport().rect().topLeft() + _INSIDE)
        if model.rowCount() == 0:
            return True
        if not top.isValid() or top.data(VALUE) is None:
            return False
        if painted.at <= since or painted.at < self._came:
            self._page.attempts.viewport().update()
            return False
        return True

    def _searches(self) -> list[float]:
        page, taken = self._page, []
        page.lists.found_model.dataChanged.connect(self._on_came)
        for text, picks in _questions():
            for picker, value in picks:
                _pick(getattr(page.filters, picker), value)
            taken.append(self._search(text))
            page.filters.reset()
            _pick(page.filters.sort, Sort.NEWEST)
            self._idle()
        return taken

    def _search(self, text: str) -> float:
        page = self._page
        painted, asked, found = Painted(page.attempts.viewport()), [], []

        def on_asked() -> None:
            asked.append(time.perf_counter())

        def on_found(_found: object) -> None:
            found.append(time.perf_counter())

        page.filters.changed.connect(on_asked)
        self._running.library.found.connect(on_found)
        page.filters.search.setText(text) if text else page.filters.changed.emit()
        _until(lambda: bool(asked) and bool(found) and found[-1] > asked[-1])
        _until(lambda: self._is_read(painted, found[-1]))
        page.filters.changed.disconnect(on_asked)
        self._running.library.found.disconnect(on_found)
        end = painted.at if page.lists.found_model.rowCount() else time.perf_counter()
        return (end - asked[-1]) * 1000

    def _place(self, nth: int) -> float:
        """Look at one of many places, spread over the whole list."""
        bar = self._page.attempts.verticalScrollBar()
        painted = Painted(self._page.attempts.viewport())
        begin = time.perf_counter()
        bar.setValue(bar.maximum() * (nth * 67 % PLACES) // PLACES)
        _until(lambda: self._is_read(painted, begin))
        return (painted.at - begin) * 1000

    def _on_came(self, *_: object) -> None:
        self._came = time.perf_counter()

    def _idle(self) -> None:
        """Wait until the disk lane has nothing to do."""
        done: list[object] = []
        self._running.disk.run(list, done=done.append)
        _until(lambda: bool(done))
        for _ in range(5):
            QApplication.processEvents()

    def _settle(self) -> None:
        self._idle()
        rested: list[bool] = []
        QTimer.singleShot(SETTLE_MS, lambda: rested.append(True))
        _until(lambda: bool(rested))
        self._idle()
        gc.collect()
        heap.trim()


def _questions() -> list[tuple[str, list[tuple[str, object]]]]:
    """Return forty questions: what is typed, and what is picked beside it."""
    writer = Writer()
    common, rare = writer.words[:200], writer.words[-20_000:]
    words = [*common[::25], *rare[::1700], *(f"{w[:4]}" for w in common[7::40]), *(f"{w[:5]}" for w in rare[9::4000])]
    typed = [*words[:28], f'"{common[3]} {common[5]}"', f"{common[1]} {rare[5]}", f"{common[10]} {common[20]}", "ü"]
    picked: list[tuple[str, list[tuple[str, object]]]] = [
        ("", [("score", (80, None))]),
        ("", [("score", (None, 35)), ("sort", Sort.WORST)]),
        ("", [("engine", "typed")]),
        ("", [("topic", writer.bank.questions[0].topic)]),
        (common[15], [("bank", "System design"), ("sort", Sort.BEST)]),
        (rare[77], [("engine", "whisper")]),
        (common[30], [("score", (60, 75))]),
        ("", [("sort", Sort.OLDEST), ("bank", "System design")]),
    ]
    return [*((text, []) for text in typed), *picked]


def _pick(picker: Picker, value: object) -> None:
    place = next((n for n in range(picker.count()) if picker.itemData(n) == value), None)
    assert place is not None, f"{picker.accessibleName()} does not offer {value}"
    picker.setCurrentIndex(place)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + GIVE_UP_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the history did not answer")
        QApplication.processEvents()
        time.sleep(0.0005)


def _resident_mb() -> float:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    """Open the program over a data folder and print what was measured."""
    data = Path(sys.argv[1])
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application(["interviewer"])
    app.ModelProcess = partial(ModelProcess, main=stand_in.main)  # type: ignore[misc, assignment]
    running = app.compose(data, Candidate(itertools.repeat(Path("nowhere.wav"))).devices)
    running.window.resize(1280, 800)
    running.window.show()
    running.start()
    try:
        print(json.dumps(Looker(running).figures(data)), flush=True)
    finally:
        running.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
