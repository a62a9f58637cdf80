"""Writes sessions out and takes them in, for the window. Never blocks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Question
from interviewer.core.store import Store
from interviewer.workers.chores import OnLane
from interviewer.workers.session_files import SessionKept, SessionWritten, Wanted, take_in, write_out

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane


class SessionFiles(QObject):
    """Answers by signal; every method returns at once. Lives on the GUI thread.

    One file after the other; rows are read and added on the disk lane, everything else, which
    takes seconds where there is sound, on a lane of its own.
    """

    working_changed = Signal(int)  # how many files are under way
    written = Signal(object)  # SessionWritten
    kept = Signal(object)  # SessionKept: a session from elsewhere is here now
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        lane: Lane,
        store: Store,
        disk: Lane,
        *,
        data_dir: Path,
        question: Callable[[str], Question | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._store = cast("Store", OnLane(store, disk))
        self._data_dir = data_dir
        self._question = question
        self._under_way = 0

    def write(self, wanted: Wanted) -> None:
        """Write a session out; `written` or `told` follows."""
        self._begin(partial(write_out, wanted, store=self._store, question=self._question), self._on_written)

    def take(self, path: Path) -> None:
        """Keep the session of a file; `kept` or `told` follows."""
        self._begin(partial(take_in, path, data=self._data_dir, store=self._store), self._on_kept)

    def close(self, deadline_s: float) -> bool:
        """Finish what is under way, for so long at most; returns whether it ended in time.

        A file that was not finished is not there.
        """
        return self._lane.close(deadline_s)

    def _begin(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._count(1)
        self._lane.run(work, done=done, failed=self._on_failed)

    def _on_written(self, written: SessionWritten) -> None:
        self._count(-1)
        self.written.emit(written)

    def _on_kept(self, kept: SessionKept) -> None:
        self._count(-1)
        self.kept.emit(kept)

    def _on_failed(self, error: InterviewerError) -> None:
        self._count(-1)
        self.told.emit(error)

    def _count(self, more: int) -> None:
        self._under_way += more
        self.working_changed.emit(self._under_way)
