"""Stands in for the housekeeper: remembers what it was asked, and the test answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core.models import Attempt, Session
from interviewer.store.backup import Backup
from interviewer.workers.status import BackupList, Doomed


def backup(folder: Path, day: int = 4) -> Backup:
    made = datetime(2026, 6, day, 18, 30, tzinfo=UTC)
    return Backup(folder / f"{made:%Y%m%d-%H%M%S}", made, 1204, 345_000_000)


class FakeHousekeeper(QObject):
    working_changed = Signal(object)
    backups_listed = Signal(object)
    backed_up = Signal(object)
    exported = Signal(object)
    weighed = Signal(object)
    old_counted = Signal(int, int)
    deleted = Signal(object)
    retired = Signal(object)
    compressed = Signal(object)
    told = Signal(object)

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self.folder = data_dir / "backups"
        self.backups: tuple[Backup, ...] = ()
        self.old = 0
        self.kept: tuple[Session, ...] = ()
        """What is on the disk: who asks about a session names it, and does not bring its answers."""
        self.calls: list[tuple[object, ...]] = []

    def list_backups(self) -> None:
        self.backups_listed.emit(BackupList(self.folder, self.backups))

    def back_up(self) -> None:
        self.calls.append(("back_up",))

    def export(self, folder: Path) -> None:
        self.calls.append(("export", folder))

    def cancel(self) -> None:
        self.calls.append(("cancel",))

    def tidy(self) -> None:
        self.calls.append(("tidy",))

    def count_old(self, days: int) -> None:
        self.old_counted.emit(days, self.old)

    def weigh(self, subject: Attempt | Session | None) -> None:
        match subject:
            case Attempt():
                sessions, attempts = (), (subject.id,)
            case Session():
                kept = next((s for s in self.kept if s.id == subject.id), subject)
                sessions, attempts = (subject.id,), tuple(a.id for a in kept.attempts)
            case _:
                sessions, attempts = ("one", "two"), ("1", "2", "3")
        size = 4_200_000 * len(attempts)
        self.weighed.emit(Doomed(subject, sessions, attempts, len(attempts), size, len(self.backups), self.folder))

    def delete(self, doomed: Doomed, *, backups_too: bool = False) -> None:
        self.calls.append(("delete", doomed.sessions, doomed.attempts, backups_too))
