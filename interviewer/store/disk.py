"""The few steps on files that must survive a crash or stay private."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

PRIVATE = 0o600
"""Readable and writable by the owner only."""

_TRIES = 5
_BETWEEN_TRIES_S = 0.05


def open_private(path: Path) -> int:
    """Open `path` for writing, new and empty, for its owner only; return the descriptor. Raises OSError."""
    # O_BINARY: Windows would otherwise turn every byte 10 into two.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.open(path, flags, PRIVATE)


def make_file_private(path: Path) -> None:
    """Create `path` when it is missing and close it to everyone but its owner. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        return
    # A file of somebody else that we may write is still a file to work with.
    with contextlib.suppress(PermissionError):
        path.chmod(PRIVATE)


def put_in_place(part: Path, final: Path) -> None:
    """Rename `part` to `final`, all or nothing, and make the rename itself durable.

    Both lie in one folder; what was at `final` is replaced. Raises OSError.
    """
    _rename(part, final)
    # Windows and some network disks cannot sync a folder; the data itself is safe by then.
    with contextlib.suppress(OSError):
        _sync_folder(final.parent)


def _rename(part: Path, final: Path) -> None:
    for _ in range(_TRIES - 1):
        try:
            part.replace(final)
            return
        except PermissionError:
            # Windows refuses while a virus scanner holds either file; it lets go in moments.
            threading.Event().wait(_BETWEEN_TRIES_S)
    part.replace(final)


def sync_file(path: Path) -> None:
    """Wait until what was written to `path` is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
