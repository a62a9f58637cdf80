"""Looks after what is kept: backups, retention, compression, deletion, export. Never blocks the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from interviewer.core.errors import Cancelled, InterviewerError
from interviewer.core.models import Attempt, Session
from interviewer.core.removal import Removed
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.workers.chores import Chores, Job, Tidied
from interviewer.workers.door import Door
from interviewer.workers.settings_keeper import SettingsKeeper
from interviewer.workers.status import Deleted, Doomed, Wish, Working

if TYPE_CHECKING:
    from interviewer.store.backup import Backup
    from interviewer.workers.lanes import Lane

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_MS = 60_000
"""How long after the start, and after an interview, the first chores wait: first come whoever sits there."""
EVERY_MS = 3_600_000


class Housekeeper(QObject):
    """Answers by signals; every method returns at once. Lives on the GUI thread.

    What the user wishes is done one after the other. Chores are done while no interview is
    held, and are broken off when one begins or the user wishes something.
    """

    working_changed = Signal(object)  # Working, or None once nothing wished for is under way
    backups_listed = Signal(object)  # BackupList
    backed_up = Signal(object)  # Backup
    exported = Signal(object)  # Exported
    weighed = Signal(object)  # Doomed: what a deletion would take
    old_counted = Signal(int, int)  # days, how many interviews are older
    deleted = Signal(object)  # Deleted, as the user wished
    retired = Signal(object)  # Removed, because it was too old
    compressed = Signal(object)  # tuple[str, ...]: answers whose recording lies in another file now
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        chores: Chores,
        lane: Lane,
        settings: SettingsKeeper,
        *,
        asks: Lane,
        busy: Callable[[], bool],
        let_go: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Do the work on `lane`, and look things up on `asks`, where no long work stands before them.

        `busy` says whether recordings are being read, so that none may move. `let_go` closes
        whatever else is open in the data folder before everything is deleted; it is called from
        another thread.
        """
        super().__init__(parent)
        self._chores = chores
        self._lane = lane
        self._asks = asks
        self._settings = settings
        self._busy = busy
        self._let_go = let_go
        self._door = Door(self)
        self._free = True
        self._chore: Job | None = None
        self._wishes: list[tuple[Wish, Job]] = []
        self._told: dict[str, str] = {}
        """What was told last of each chore that fails: not again each hour."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tidy)

    # --- chores ----------------------------------------------------------------------------

    def start(self) -> None:
        """Do chores from now on, in a while for the first time."""
        self._timer.start(FIRST_MS)

    @Slot(object)
    def follow(self, state: State) -> None:
        """Rest while an interview is held."""
        free = state.phase in (Phase.IDLE, Phase.DONE)
        if free and not self._free:
            self._timer.start(FIRST_MS)
        self._free = free
        if not free:
            self._break_off_chore()

    @Slot()
    def tidy(self) -> None:
        """Do the chores that are due, unless an interview is held or the user waits for something."""
        self._timer.start(EVERY_MS)
        if not self._free or self._chore is not None or self._wishes:
            return
        job = self._chore = Job()
        self._lane.run(
            partial(self._chores.tidy, self._settings.current, job, compress=not self._busy()),
            done=self._on_tidied,
            failed=self._on_tidying_failed,
        )

    def _break_off_chore(self) -> None:
        if self._chore is not None:
            self._chore.broken_off.set()

    def _on_tidied(self, done: Tidied) -> None:
        self._chore = None
        if done.removed != Removed():
            self.retired.emit(done.removed)
        if done.compressed:
            self.compressed.emit(tuple(done.compressed))
        if done.backup is not None or done.removed != Removed():
            self.list_backups()
        for name in [*self._told]:
            if name not in done.problems:
                del self._told[name]
        for name, error in done.problems.items():
            if self._told.get(name) != str(error):
                self._told[name] = str(error)
                self.told.emit(error)

    def _on_tidying_failed(self, error: InterviewerError) -> None:
        self._on_tidied(Tidied(problems={"chores": error}))

    # --- wishes ----------------------------------------------------------------------------

    def list_backups(self) -> None:
        """Look into the backup folder; `backups_listed` follows."""
        self._ask(partial(self._chores.list_backups, self._settings.current), self.backups_listed.emit)

    def count_old(self, days: int) -> None:
        """Ask how many interviews are older; `old_counted` follows."""
        self._ask(partial(self._chores.count_old, days), partial(self.old_counted.emit, days))

    def back_up(self) -> None:
        """Make a backup now; `backed_up` follows."""
        self._wish(
            Wish.BACK_UP, lambda job: partial(self._chores.back_up, self._settings.current, job), self._on_backed_up
        )

    def export(self, folder: Path) -> None:
        """Write everything into a new folder in `folder`; `exported` follows."""
        self._wish(Wish.EXPORT, lambda job: partial(self._chores.export, folder, job), self.exported.emit)

    def weigh(self, subject: Attempt | Session | None) -> None:
        """Ask what deleting an answer, a session or everything would take; `weighed` follows."""
        self._ask(partial(self._chores.weigh, subject, self._settings.current), self.weighed.emit)

    def delete(self, doomed: Doomed, *, backups_too: bool = False) -> None:
        """Delete what was weighed, with its copies in the backups where wanted; `deleted` follows."""
        chosen = self._settings.current
        if doomed.subject is None:
            self._wish(
                Wish.DELETE,
                lambda _job: partial(self._chores.delete_everything, chosen, self._let_go),
                self._on_everything_deleted,
            )
        else:
            self._wish(
                Wish.DELETE,
                lambda job: partial(self._chores.delete, doomed, chosen, job, backups_too=backups_too),
                self._on_deleted,
            )

    def cancel(self) -> None:
        """Break off the wish under way; what was there before stays whole."""
        if self._wishes:
            self._wishes[0][1].broken_off.set()

    def close(self, deadline_s: float) -> bool:
        """Break off what is under way, and wait for that; returns whether it ended in time."""
        self._timer.stop()
        self._door.close()
        self._break_off_chore()
        for _, job in self._wishes:
            job.broken_off.set()
        return self._lane.close(deadline_s)

    def _ask(self, question: Callable[[], T], answer: Callable[[T], None]) -> None:
        self._asks.run(question, done=answer, failed=self._tell)

    def _wish(self, wish: Wish, work: Callable[[Job], Callable[[], Any]], done: Callable[[Any], None]) -> None:
        self._break_off_chore()
        job = Job()
        job.advanced = partial(self._advance, wish, job, [-1])
        self._wishes.append((wish, job))
        self._lane.run(
            work(job), done=partial(self._on_wish_done, done), failed=partial(self._on_wish_done, self._on_wish_failed)
        )
        self.working_changed.emit(Working(self._wishes[0][0]))

    def _advance(self, wish: Wish, job: Job, told: list[int], fraction: float) -> None:
        """Hand a whole percent over to the GUI thread, each once."""
        percent = int(100 * fraction)
        if percent != told[0]:
            told[0] = percent
            self._door.call(self._on_advanced, wish, job, fraction)

    def _on_advanced(self, wish: Wish, job: Job, fraction: float) -> None:
        if self._wishes and self._wishes[0][1] is job:
            self.working_changed.emit(Working(wish, fraction))

    def _on_wish_done(self, answer: Callable[[Any], None], result: object) -> None:
        self._wishes.pop(0)
        self.working_changed.emit(Working(self._wishes[0][0]) if self._wishes else None)
        answer(result)

    def _on_wish_failed(self, error: InterviewerError) -> None:
        if not isinstance(error, Cancelled):
            self._tell(error)
        self.list_backups()

    def _on_backed_up(self, made: Backup) -> None:
        self.backed_up.emit(made)
        self.list_backups()

    def _on_deleted(self, deleted: Deleted) -> None:
        self.deleted.emit(deleted)
        self.list_backups()

    def _on_everything_deleted(self, deleted: Deleted) -> None:
        self._told.clear()
        self._settings.reset()
        self._on_deleted(deleted)

    def _tell(self, error: InterviewerError) -> None:
        self.told.emit(error)
