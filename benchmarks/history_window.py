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
from interviewer.gui.widgets.paged_model import PagedModel
from interviewer.gui.widgets.rail import Place
from interviewer.gui.widgets.row_table import RowTable
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


class Shown(QObject):
    """Knows of a list when its rows came last, and when they were painted."""

    def __init__(self, view: RowTable, model: PagedModel) -> None:
        super().__init__()
        self._view, self._model = view, model
        self._came = time.perf_counter()
        """What was painted before shows less."""
        self._began = 0.0
        self._seen = 0.0
        self.painted = 0.0
        """When the last painting was over."""
        view.viewport().installEventFilter(self)
        model.modelReset.connect(self._on_came)
        model.dataChanged.connect(self._on_came)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note that a painting begins; the event goes its way."""
        if event.type() is QEvent.Type.Paint:
            self._began = time.perf_counter()
        return False

    @property
    def rows(self) -> int:
        """How many rows there are that have numbers."""
        return self._model.rowCount() - self._model.lead

    def is_read(self, since: float) -> bool:
        """Whether the rows at the top are there and were painted since, or there are none. Asked between events."""
        if self._seen != self._began:
            self._seen, self.painted = self._began, time.perf_counter()
        if not self.rows:
            return True
        top = self._view.indexAt(self._view.viewport().rect().topLeft() + _INSIDE)
        if not top.isValid() or self._model.index(max(top.row(), self._model.lead)).data(VALUE) is None:
            return False
        if self._began <= max(since, self._came):
            self._view.viewport().update()
            return False
        return True

    def _on_came(self, *_: object) -> None:
        self._came = time.perf_counter()


class Looker:
    """Looks at the history of a running program."""

    def __init__(self, running: app.Running) -> None:
        self._running = running
        self._window = running.window
        self._lists: tuple[Shown, Shown] | None = None

    def figures(self, data: Path) -> dict[str, float]:
        """Measure everything, in the order in which somebody would do it."""
        self._settle()
        _trim()
        before_mb = _resident_mb()
        first_ms = self._open()
        again = []
        for _ in range(AGAIN):
            self._window.go_to(Place.INTERVIEW)
            self._idle()
            again.append(self._open())
        answers = self._answers.rows
        searches, found = self._searches()
        places = [self._place(nth) for nth in range(PLACES)]
        self._settle()
        after_mb = _resident_mb()
        _trim()
        return {
            "open_ms": round(first_ms, 1),
            "again_ms": round(median(again), 1),
            "search_ms": round(median(searches), 1),
            "slow_ms": round(quantiles(searches, n=10)[-1], 1),
            "slowest_ms": round(max(searches), 1),
            "typing_ms": TYPING_MS,
            "place_ms": round(median(places), 1),
            "memory_mb": round(after_mb - before_mb, 1),
            "trimmed_mb": round(_resident_mb() - before_mb, 1),
            "resident_mb": round(after_mb, 1),
            "questions": len(searches),
            "answered": sum(n > 0 for n in found),
            "answers": answers,
            "database_mb": round((data / DATABASE_NAME).stat().st_size / 1e6, 1),
        }

    @property
    def _page(self):  # type: ignore[no-untyped-def]  # of a kind that is loaded when it is first looked at
        return self._window.shelf.history

    @property
    def _answers(self) -> Shown:
        assert self._lists is not None
        return self._lists[1]

    def _open(self) -> float:
        begin = time.perf_counter()
        self._window.go_to(Place.HISTORY)
        if self._lists is None:
            lists = self._page.lists
            self._lists = Shown(lists.sessions, lists.lines_model), Shown(lists.attempts, lists.found_model)
        both = self._lists
        _until(lambda: all(shown.is_read(begin) and shown.rows for shown in both))
        return (max(shown.painted for shown in both) - begin) * 1000

    def _searches(self) -> tuple[list[float], list[int]]:
        """Return how long each search took, and how many answers it found."""
        page, taken, found = self._page, [], []
        for text, picks in _questions():
            for picker, value in picks:
                _pick(getattr(page.filters, picker), value)
            taken.append(self._search(text))
            found.append(self._answers.rows)
            page.filters.reset()
            _pick(page.filters.sort, Sort.NEWEST)
            self._idle()
        return taken, found

    def _search(self, text: str) -> float:
        page, shown = self._page, self._answers
        asked: list[float] = []
        found: list[float] = []

        def on_asked() -> None:
            asked.append(time.perf_counter())

        def on_found(_found: object) -> None:
            found.append(time.perf_counter())

        page.filters.changed.connect(on_asked)
        self._running.library.found.connect(on_found)
        page.filters.search.setText(text) if text else page.filters.changed.emit()
        _until(lambda: bool(asked) and bool(found) and found[-1] > asked[-1])
        _until(lambda: shown.is_read(found[-1]))
        page.filters.changed.disconnect(on_asked)
        self._running.library.found.disconnect(on_found)
        end = shown.painted if shown.rows else time.perf_counter()
        return (end - asked[-1]) * 1000

    def _place(self, nth: int) -> float:
        """Look at one of many places, spread over the whole list."""
        bar = self._page.attempts.verticalScrollBar()
        shown = self._answers
        begin = time.perf_counter()
        bar.setValue(bar.maximum() * (nth * 67 % PLACES) // PLACES)
        _until(lambda: shown.is_read(begin))
        return (shown.painted - begin) * 1000

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
    """Handle events until something is so; it is asked as soon as all that there are were handled."""
    deadline = time.monotonic() + GIVE_UP_S
    QApplication.processEvents()
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the history did not answer")
        time.sleep(0.0005)
        QApplication.processEvents()


def _trim() -> None:
    """Give back what nobody uses, as the program itself does only at the end of an interview."""
    gc.collect()
    heap.trim()


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
