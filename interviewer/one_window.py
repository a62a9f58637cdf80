"""One window for one data folder: who holds the folder, and how a later start reaches the window.

The lock file decides. Whoever finds it held asks the window that is open, through a local socket
that only its user can reach, to come to the front. Nothing is believed of what comes in: one short
line of a known form within a second, or the caller is dropped.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QSysInfo, Qt

from interviewer.core.errors import StoreError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from interviewer.core.presence import LockOwner

LOCK_NAME = "in-use.lock"
SOCKET_NAME = ".window"
_MOST_PATH_BYTES = 90
"""A socket's path has 104 bytes on macOS, 108 on Linux; Qt adds some while it makes one."""
# What a desktop hands to the program that it starts, so that its window may come to the front.
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105 - the name of a variable
_REQUEST = re.compile(rb"show(?: ([A-Za-z0-9_.:/+=-]{1,200}))?\n")


@dataclass(frozen=True, slots=True)
class Hold:
    """The data folder is this process's until `let_go`."""

    lock: QLockFile
    left_by: str = ""
    """The other machine whose lock lay there, held by nobody: a sync program brought it, or it crashed."""

    def let_go(self) -> None:
        """Give the folder free."""
        self.lock.unlock()


def hold(data_dir: Path) -> Hold | None:
    """Take the folder for this process; None while another process on this machine has it.

    A lock whose process is gone is taken over. QLockFile by itself would also take over any lock of
    another machine that is older than 30 seconds, silently; here `Hold.left_by` tells of it.
    Raises StoreError when the lock cannot be written, or when another machine really holds it, as
    only a network disk can tell.
    """
    file = data_dir / LOCK_NAME
    lock = QLockFile(str(file))
    lock.setStaleLockTime(0)  # no lock is stale by its age alone
    if lock.tryLock(0):
        return Hold(lock)
    if lock.error() == QLockFile.LockError.PermissionError:
        hint = "Make the folder writable, or choose another one with --data-dir."
        raise StoreError(f"The folder {data_dir} cannot be written to", hint=hint)
    from interviewer.core import presence  # who starts first does not wait for it

    owner = _owner(file)
    here = {"host": QSysInfo.machineHostName(), "machine": machine_id()}
    elsewhere = owner.host if owner is not None and presence.is_other_machine(owner, **here) else ""
    # Removes nothing that a living process on this machine holds: it asks the operating system.
    if lock.removeStaleLockFile() and lock.tryLock(0):
        return Hold(lock, elsewhere)
    if elsewhere:
        raise presence.held_elsewhere(elsewhere)
    return None


def open_already() -> StoreError:
    """Return what to tell when the window that is open does not answer."""
    hint = "Use the window that is open; if it does not react, end it and start again."
    return StoreError("Interviewer is open already with this data folder", hint=hint)


def machine_id() -> str:
    """Return what the system calls this machine for good, "" where it does not."""
    return bytes(QSysInfo.machineUniqueId().data()).decode("ascii", errors="replace")


def _owner(file: Path) -> LockOwner | None:
    from interviewer.core import presence
    from interviewer.core.files import read_small

    try:
        return presence.lock_owner(read_small(file, presence.MOST_BYTES))
    except OSError:
        return None


# --- where the socket is ----------------------------------------------------------------------


def server_names(data_dir: Path) -> tuple[str, ...]:
    """Return the names under which the window of a folder may listen, the best first.

    Each is in a folder of the user alone, or in the data folder; on Windows it is a pipe of the user.
    """
    import hashlib
    import tempfile

    user = os.environ.get("USERNAME", "") if sys.platform == "win32" else str(os.geteuid())
    whose = f"{user}\0{os.path.normcase(data_dir.resolve())}"
    digest = hashlib.sha256(whose.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    if sys.platform == "win32":
        return (f"interviewer-{digest}",)
    private = [Path(p) for p in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()) if _is_private(p)]
    paths = [*(folder / f"interviewer-{digest}" for folder in private), data_dir.resolve() / SOCKET_NAME]
    return tuple(str(path) for path in paths if len(os.fsencode(path)) <= _MOST_PATH_BYTES)


def _is_private(folder: str) -> bool:
    try:
        facts = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077


def is_ours(name: str) -> bool:
    """Say whether there is a socket of this user; somebody else's could pretend that a window was shown."""
    if sys.platform == "win32":
        return True
    try:
        facts = os.lstat(name)
    except OSError:
        return False
    return stat.S_ISSOCK(facts.st_mode) and facts.st_uid == os.geteuid()


# --- what the two ends say ----------------------------------------------------------------------


def request() -> bytes:
    """Return the line that asks the open window to show itself, with the desktop's token if there is a usable one."""
    line = f"show {os.environ.get(_TOKEN, '')}\n".encode(errors="replace")
    return line if _REQUEST.fullmatch(line) else b"show\n"


def parse_request(line: bytes) -> str | None:
    """Return the activation token of a request to show the window, "" without one; None for any other bytes."""
    found = _REQUEST.fullmatch(line)
    return None if found is None else (found[1] or b"").decode("ascii")


def show(window: QWidget, token: str) -> None:
    """Bring a window to the front as far as the desktop lets it, and have it ask for attention otherwise."""
    from PySide6.QtWidgets import QApplication

    if token:
        os.environ[_TOKEN] = token  # Qt takes it from there with the next activation
    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    front = QApplication.activeModalWidget() or window
    front.raise_()
    front.activateWindow()
    QApplication.alert(window)
    os.environ.pop(_TOKEN, None)
