"""Keeps this machine's note in the data folder, and tells of other machines and of sync programs.

On a thread of its own: the folder may be on a network disk that hangs.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from PySide6.QtCore import QObject, QSysInfo, Signal

from interviewer.core import presence, synced
from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.files import put_in_place, read_small
from interviewer.core.paths import DATABASE_NAME, PRESENCE_NAME, make_private
from interviewer.core.presence import Presence
from interviewer.workers.clock import utc_now
from interviewer.workers.door import Door

log = logging.getLogger(__name__)

TOLD_NAME = "synced.told"
CLOSE_S = 2.0
_NOTE = re.compile(r"([0-9a-f]{16})\.json")
_MOST_NAMES = 10_000


def machine_key(machine: str, host: str) -> str:
    """Return what a machine's note is called after: its id, else its name, not to be read back."""
    return hashlib.sha256(f"interviewer {machine or host}".encode()).hexdigest()[:16]


class Sharing(QObject):
    """Notes every minute that a window is open here, until it is closed.

    `machine` is a `machine_key`; `left_by` names the machine whose lock was found. Make it on the GUI
    thread; `told` comes there.
    """

    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        data: Path,
        *,
        machine: str,
        left_by: str = "",
        now: Callable[[], datetime] = utc_now,
        renew_s: float = presence.RENEW_S,
    ) -> None:
        super().__init__()
        self._data = data
        self._folder = data / PRESENCE_NAME
        self._machine = machine
        self._left_by = left_by
        self._now = now
        self._renew_s = renew_s
        self._opened = now()
        self._before: dict[str, Presence] = {}
        self._in_use: frozenset[str] = frozenset()
        self._door = Door(self)
        self._ended = Event()
        self._thread = Thread(target=self._work, name="sharing", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Take the note away and end, within CLOSE_S whatever the disk does."""
        self._door.close()
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_S)

    # --- on the thread -------------------------------------------------------------------------

    def _work(self) -> None:
        self._say(*self._found_at_start())
        while not self._ended.wait(self._renew_s):
            self._renew()
            self._say(*self._others())
        with contextlib.suppress(OSError):
            self._file().unlink(missing_ok=True)

    def _say(self, *errors: InterviewerError) -> None:
        for error in errors:
            self._door.call(self.told.emit, error)

    def _found_at_start(self) -> list[InterviewerError]:
        """Return what is wrong with the folder from the beginning."""
        others = self._others()
        hosts = {note.host for note in self._before.values()}
        if self._left_by and not any(self._left_by in str(error) for error in others):
            others.append(presence.left_elsewhere(self._left_by))
        self._renew()
        hosts |= {self._left_by, QSysInfo.machineHostName()}
        copies = synced.conflict_copies(_names(self._data), DATABASE_NAME, hosts=hosts)
        found: list[InterviewerError] = [*others]
        if copies:
            found.append(synced.told_of_copies(copies, DATABASE_NAME))
        found += self._service()
        return found

    def _service(self) -> Iterator[InterviewerError]:
        """Tell once that the folder leaves this machine."""
        with contextlib.suppress(OSError):
            folder = self._data.resolve()
            service = synced.service_of(folder, os.path.lexists)
            marker = self._folder / TOLD_NAME
            if service and not os.path.lexists(marker):
                yield synced.told_of_service(service)
                marker.touch(mode=0o600)

    def _others(self) -> list[InterviewerError]:
        """Return what there is to tell of other machines that was not told before."""
        notes = self._notes()
        now = self._now()
        busy = presence.others_in_use(notes, self._before, machine=self._machine, now=now)
        self._before = notes
        told, self._in_use = self._in_use, frozenset(n.machine for n in busy) | (self._in_use & notes.keys())
        return [presence.in_use_elsewhere(n, now) for n in busy if n.machine not in told]

    def _notes(self) -> dict[str, Presence]:
        found = {}
        for name in itertools.islice(filter(_NOTE.fullmatch, sorted(_names(self._folder))), presence.MOST_NOTES):
            with contextlib.suppress(OSError):
                note = presence.parse(read_small(self._folder / name, presence.MOST_BYTES))
                if note is not None and name == f"{note.machine}.json":
                    found[note.machine] = note
        return found

    def _renew(self) -> None:
        """Write the note anew. A disk that does not take it costs the warning, and nothing else."""
        note = Presence(
            QSysInfo.machineHostName() or "a computer", self._machine, os.getpid(), self._opened, self._now()
        )
        part = self._folder / f".{self._machine}.part"
        try:
            make_private(self._folder)
            part.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
                file.write(presence.to_bytes(note))
            put_in_place(part, self._file())
        except (OSError, StoreError) as exc:
            log.warning("the note of this machine cannot be written", exc_info=exc)

    def _file(self) -> Path:
        return self._folder / f"{self._machine}.json"


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, of the first thousands; none when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in itertools.islice(entries, _MOST_NAMES)]
    except OSError:
        return []
