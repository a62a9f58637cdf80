"""What blocks of backups, deletion, retention, compression and export; never to be called on the disk lane.

Rows are read and changed on the disk lane, which is waited for: the store is used by one thread
at a time. Files are copied and compared on the lane that calls, so that the store is never held up.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from interviewer.core import settings as settings_file
from interviewer.core.errors import Cancelled, InputError, InterviewerError, StoreError
from interviewer.core.models import Attempt, Bank, Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.removal import Removed
from interviewer.core.retention import too_old
from interviewer.core.settings import Settings
from interviewer.core.store import Store
from interviewer.core.upkeep import compressible, is_backup_due, is_outlived
from interviewer.workers.clock import Clock
from interviewer.workers.session_files import earlier_of
from interviewer.workers.status import BackupList, Deleted, Doomed, Exported

if TYPE_CHECKING:
    from interviewer.store.backup import Backup
    from interviewer.workers.lanes import Lane

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_NAMED_AT_ONCE = 200
"""Answers; their index is written in a tenth of a second of a slow disk lane."""


@dataclass(slots=True)
class Job:
    """One piece of work: how far it is, and a way to break it off."""

    advanced: Callable[[float], None] = lambda _fraction: None
    """Called on the chores lane with 0 to 1."""
    broken_off: Event = field(default_factory=Event)

    def tell(self, done: int, total: int) -> None:
        """Say how far it is. Raises Cancelled once it was broken off."""
        self.check()
        self.advanced(min(1.0, done / total) if total > 0 else 0.0)

    def check(self) -> None:
        """Raise Cancelled once it was broken off."""
        if self.broken_off.is_set():
            raise Cancelled("The work was broken off", hint="What was kept before is whole; try again.")


@dataclass(slots=True)
class Tidied:
    """What the chores did: what was removed, whose recordings are FLAC now, the new backup, what failed by chore."""

    removed: Removed = field(default_factory=Removed)
    compressed: list[str] = field(default_factory=list)
    backup: Backup | None = None
    problems: dict[str, InterviewerError] = field(default_factory=dict)


class OnLane:
    """The store as seen from another lane: every call is made on its own lane and waited for."""

    def __init__(self, store: Store, lane: Lane) -> None:
        self._store = store
        self._lane = lane

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, /, *args: object) -> object:
        # Looked up on the lane too: to open the store takes a while.
        return self._lane.wait_for(lambda: getattr(self._store, name)(*args))


class Chores:
    """Works on the data folder `data`; `held` names the session being held, "" when none is, `bank` is the open one."""

    def __init__(
        self,
        data: Path,
        store: Store,
        disk: Lane,
        *,
        clock: Clock,
        held: Callable[[], str],
        bank: Callable[[], Bank],
    ) -> None:
        self._data = data
        self._raw = store
        self._disk = disk
        self._store = cast("Store", OnLane(store, disk))
        self._clock = clock
        self._held = held
        self._bank = bank
        self._left: set[str] = set()
        """Answers whose recording cannot be FLAC: not tried again each hour."""

    # --- backups ---------------------------------------------------------------------------

    def folder(self, chosen: Settings) -> Path:
        """Return the folder that backups go to."""
        from interviewer.store import backup

        return Path(chosen.backup_folder) if chosen.backup_folder else backup.default_folder(self._data)

    def list_backups(self, chosen: Settings) -> BackupList:
        """Return what lies in the backup folder; never raises an InterviewerError."""
        from interviewer.store import backup

        folder = self.folder(chosen)
        try:
            return BackupList(folder, backup.backups(folder))
        except InterviewerError as error:
            return BackupList(folder, problem=error)

    def back_up(self, chosen: Settings, job: Job) -> Backup:
        """Make a new backup. Raises InterviewerError, Cancelled."""
        from interviewer.store import backup

        job.check()
        self._store.forget_notes()  # or a word of them would stay in the copy
        made = backup.back_up(self._data, self.folder(chosen), now=self._clock(), progress=job.tell)
        log.info("backed up %d files, %d bytes", made.files, made.size_bytes)
        return made

    # --- what is done from time to time ----------------------------------------------------

    def tidy(self, chosen: Settings, job: Job, *, compress: bool) -> Tidied:
        """Do every chore that is due; one that fails keeps no other from being done."""
        done = Tidied()
        # In this order the backup is of what is left, in the form in which it will stay.
        chores: list[tuple[str, Callable[[], None]]] = [("retention", partial(self._retire, chosen, done))]
        chores.append(("notes", self._store.forget_notes))
        chores.append(("questions", partial(self._name_questions, job)))
        if compress:
            chores.append(("compression", partial(self._compress, chosen, job, done)))
        chores.append(("backup", partial(self._back_up_daily, chosen, job, done)))
        for name, chore in chores:
            try:
                job.check()
                chore()
            except Cancelled:
                return done
            except InterviewerError as error:
                done.problems[name] = error
        return done

    def count_old(self, days: int) -> int:
        """Return how many interviews a retention of so many days would delete now. Raises InterviewerError."""
        return len(self._too_old(days))

    def _too_old(self, days: int) -> tuple[str, ...]:
        return too_old(self._store.session_heads(), days=days, now=self._clock(), running=self._held() or None)

    def _retire(self, chosen: Settings, done: Tidied) -> None:
        days = chosen.retention_days
        if days is None:
            return
        from interviewer.store import backup, copies
        from interviewer.store.lacking import refuse_loss

        ids = self._too_old(days)
        if ids:
            done.removed = self._store.delete_sessions(ids)
            done.removed += Removed(left=copies.spared(self._data))
            log.info("retention of %d days: %d interviews deleted", days, len(ids))

        now = self._clock()
        folders = copies.places(self._data, self.folder(chosen))
        own = (b for folder in folders for b in backup.own_backups(self._data, folder))
        found = sorted(own, key=lambda b: b.created, reverse=True)
        # The newest stays however old it is: it may be all that is left after a disk broke.
        outlived = [old for old in found[1:] if is_outlived(old.created, days, now)]
        if outlived:
            refuse_loss(found[0].missing, (old.path for old in outlived))
        for old in outlived:
            backup.remove(old)
        for copy in copies.set_aside(self._data):
            if is_outlived(copy.created, days, now):
                copies.removed_copy(copy)

    def _name_questions(self, job: Job) -> None:
        """Have the search know the questions of answers that were kept before these were noted."""
        bank = self._bank()
        known = {question.id: (question.question, question.topic) for question in bank.questions}
        # Some at a time: whoever wants to keep an answer meanwhile waits for those alone.
        while self._store.name_questions(bank.title, known, _NAMED_AT_ONCE) == _NAMED_AT_ONCE:
            job.check()

    def _compress(self, chosen: Settings, job: Job, done: Tidied) -> None:
        if not chosen.compress_recordings:
            return
        from interviewer.store.compress import compress

        problem: InterviewerError | None = None
        for attempt in compressible(self._store.wave_attempts(), held=self._held()):
            job.check()
            if attempt.id in self._left:
                continue
            try:
                if compress(self._store, attempt) is not None:
                    done.compressed.append(attempt.id)
                else:
                    self._left.add(attempt.id)
            except Cancelled:
                raise
            except InterviewerError as error:
                # One damaged recording must not keep the others as they are.
                log.warning("a recording stays uncompressed: %s", error)
                problem = problem or error
        if problem is not None:
            raise problem

    def _back_up_daily(self, chosen: Settings, job: Job, done: Tidied) -> None:
        if not chosen.daily_backup:
            return
        from interviewer.store import backup

        made = (b.created for b in backup.own_backups(self._data, self.folder(chosen)))
        if is_backup_due(made, self._changed(), self._clock()):
            done.backup = self.back_up(chosen, job)

    def _changed(self) -> datetime | None:
        """Return when a row or a setting changed last; None when no interview was ever kept."""
        try:
            rows_s = (self._data / DATABASE_NAME).stat().st_mtime
        except OSError:
            return None
        choices_s = 0.0
        with contextlib.suppress(OSError):
            choices_s = (self._data / settings_file.FILE_NAME).stat().st_mtime
        return datetime.fromtimestamp(max(rows_s, choices_s), UTC)

    # --- deletion --------------------------------------------------------------------------

    def weigh(self, subject: Attempt | Session | None, chosen: Settings) -> Doomed:
        """Return what deleting one answer, one session, or everything would take. Raises InterviewerError."""
        from interviewer.store import copies

        match subject:
            case Attempt():
                touched = self._kept(subject.session_id)
                going = tuple(a for s in touched for a in s.attempts if a.id == subject.id)
                whole: tuple[Session, ...] = ()
            case Session():
                whole = touched = self._kept(subject.id)
                going = tuple(a for s in whole for a in s.attempts)
            case None:
                whole = touched = self._store.sessions()
                going = tuple(a for s in whole for a in s.attempts)
        listed = self.list_backups(chosen)
        since = min((s.created for s in touched), default=self._clock())
        if subject is None:
            count = len(copies.in_backups(self._data, listed.folder))
        else:
            count = len(copies.made_since(self._data, listed.folder, since))
        size = sum(_size(a.clip.path) for a in going if a.clip)
        if subject is None:
            from interviewer.store.removal import everything

            size = everything(self._data, listed.folder).size_bytes
        return Doomed(
            subject,
            sessions=tuple(s.id for s in whole),
            attempts=tuple(a.id for a in going),
            recordings=sum(a.clip is not None for a in going),
            size_bytes=size,
            backups=count,
            folder=listed.folder,
        )

    def delete(self, doomed: Doomed, chosen: Settings, job: Job, *, backups_too: bool) -> Deleted:
        """Delete what was weighed, and its copies where wanted. Raises InterviewerError when nothing was deleted."""
        self._refuse_held(doomed)
        if doomed.sessions:
            removed = self._store.delete_sessions(doomed.sessions)
        else:
            removed = self._store.delete_attempts(doomed.attempts)
        from interviewer.store import copies

        if not backups_too:
            with contextlib.suppress(StoreError):
                removed += Removed(left=copies.spared(self._data))
            return Deleted(removed)
        try:
            job.check()
            dropped = copies.renew(self._data, self.folder(chosen), now=self._clock(), progress=job.tell)
            aside = copies.spared(self._data)
        except InterviewerError as error:
            return Deleted(removed, problem=error)
        problem = copies.still_there(dropped.left) if dropped.left else None
        if problem is None and aside:
            problem = copies.still_in(aside)
        return Deleted(removed, backups=len(dropped.files), problem=problem)

    def delete_everything(self, chosen: Settings, let_go: Callable[[], None]) -> Deleted:
        """Close the store and remove everything; the next use of the store begins a new one.

        `let_go` is called before, on the disk lane, to close what else is open. Raises InterviewerError.
        """
        from interviewer.store.removal import remove_everything

        def remove() -> Removed:
            if self._held():
                raise _held_error()
            known = Removed()
            with contextlib.suppress(InterviewerError):  # a damaged database goes all the same
                kept = self._raw.sessions()
                known = Removed(tuple(s.id for s in kept), tuple(a.id for s in kept for a in s.attempts))
            self._raw.close()
            let_go()
            return known + remove_everything(self._data, self.folder(chosen))

        # On the disk lane: whoever asks the store next finds it either whole or new.
        return Deleted(self._disk.wait_for(remove), everything=True)

    def _refuse_held(self, doomed: Doomed) -> None:
        held = self._held()
        if not held:
            return
        answers = {a.id for s in self._kept(held) for a in s.attempts}
        if held in doomed.sessions or answers & set(doomed.attempts):
            raise _held_error()

    def _kept(self, session_id: str) -> tuple[Session, ...]:
        """Return a session with its attempts, none where it is not kept."""
        try:
            return (self._store.session(session_id),)
        except InputError:
            return ()

    # --- export ----------------------------------------------------------------------------

    def export(self, folder: Path, job: Job) -> Exported:
        """Write every session into a new folder in `folder`. Raises InterviewerError; Cancelled leaves nothing."""
        from interviewer.reports.export import export_everything

        place = folder / f"interviewer-{self._clock().astimezone():%Y%m%d-%H%M%S}"
        ids = [session.id for session in self._store.session_heads()]
        whole = (self._store.session(name) for name in ids)
        try:
            job.tell(0, len(ids))
            written = export_everything(
                whole,
                self._bank().question,
                place,
                earlier=partial(earlier_of, self._store),
                advanced=lambda count: job.tell(count, len(ids)),
            )
        except Cancelled:
            shutil.rmtree(place, ignore_errors=True)  # a folder of our own making, not yet whole
            raise
        except StoreError as error:
            raise StoreError(str(error), hint="Choose another folder, or make room for it.") from error
        return Exported(place, written.missing)


def _held_error() -> InputError:
    return InputError("This interview is being held", hint="End it first, then delete it.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
