"""The few steps on files that must survive a crash or stay private."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from interviewer.core.space import no_space, seconds_left

PRIVATE = 0o600
"""Readable and writable by the owner only."""

_USUAL_RATE_HZ = 48_000


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


def sync_file(path: Path) -> None:
    """Wait until what was written to `path` is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def free_bytes(folder: Path) -> int | None:
    """Return how much the user may still write on the disk of `folder`; None when it does not say. Never raises."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    # Some network folders name a size of nothing rather than none.
    return usage.free if usage.total > 0 else None


def check_space(folder: Path) -> int | None:
    """Return how many bytes are free on the disk of `folder`, None when it does not say.

    Raises StoreError when a recording would not have a second of room above the floor.
    """
    free = free_bytes(folder)
    if free is not None and seconds_left(free, _USUAL_RATE_HZ) < 1.0:
        raise no_space(free)
    return free
