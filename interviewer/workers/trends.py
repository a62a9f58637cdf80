"""Reads trends, in portions: whoever wants to keep an answer meanwhile waits for one portion, not for all.

What was read is kept, and read again only once the store holds something else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Bank, Question
from interviewer.core.store import Store
from interviewer.core.trends import Gathering, Portion, Trends, named

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane

PORTION = 1_000
"""Attempts read in one go: a fifth of a second of two slow cores that are busy otherwise."""
REST_MS = 2_000
"""Between two readings: while many answers are written down again, every one of them asks for another."""


class TrendReader(QObject):
    """Answers by signal; lives on the GUI thread. Who asks while it reads, or shortly after, gets a newer one later."""

    loaded = Signal(object)  # core.trends.Trends
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        store: Store,
        disk: Lane,
        bank: Callable[[], Bank],
        *,
        portion: int = PORTION,
        rest_ms: int = REST_MS,
        parent: QObject | None = None,
    ) -> None:
        """Read from `store` on its lane `disk`; `bank` tells the open one, for words that were not kept."""
        super().__init__(parent)
        self._store = store
        self._disk = disk
        self._bank = bank
        self._portion = portion
        self._reading = False
        self._again = False
        self._kept: tuple[tuple[object, ...], Bank, Trends] | None = None
        self._rest = QTimer(self, singleShot=True, interval=rest_ms)
        self._rest.timeout.connect(self._on_rested)

    def load(self) -> None:
        """Ask for the trends; `loaded` or `told` follows."""
        if self._reading or self._rest.isActive():
            self._again = True
            return
        self._reading, self._again = True, False
        self._disk.run(self._store.trend_stamp, done=self._on_stamp, failed=self._on_failed)

    def _on_stamp(self, stamp: tuple[object, ...]) -> None:
        if self._kept and self._kept[0] == stamp and self._kept[1] is self._bank():
            self._over()
            self.loaded.emit(self._kept[2])
        else:
            self._ask(Gathering(), 0, stamp)

    def _ask(self, gathering: Gathering, after: int, stamp: tuple[object, ...]) -> None:
        read = partial(self._read, gathering, after)
        self._disk.run(read, done=partial(self._on_portion, gathering, stamp), failed=self._on_failed)

    def _read(self, gathering: Gathering, after: int) -> Portion:
        """Read one portion; on the lane, which does one thing at a time."""
        portion = self._store.trend_portion(after, self._portion)
        gathering.add(portion.rows)
        return portion

    def _on_portion(self, gathering: Gathering, stamp: tuple[object, ...], portion: Portion) -> None:
        if portion.next is not None:
            self._ask(gathering, portion.next, stamp)
            return
        bank = self._bank()
        known = {question.id: question for question in bank.questions}
        finish = partial(_finish, gathering, known.get)
        self._disk.run(finish, done=partial(self._on_done, stamp, bank), failed=self._on_failed)

    def _on_done(self, stamp: tuple[object, ...], bank: Bank, trends: Trends) -> None:
        self._kept = stamp, bank, trends
        self._over()
        self.loaded.emit(trends)

    def _on_failed(self, error: InterviewerError) -> None:
        self._over()
        self.told.emit(error)

    def _over(self) -> None:
        self._reading = False
        self._rest.start()

    @Slot()
    def _on_rested(self) -> None:
        if self._again:
            self.load()


def _finish(gathering: Gathering, find: Callable[[str], Question | None]) -> Trends:
    return named(gathering.done(), find)
