"""The few steps on files that must survive a crash or stay private."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

PRIVATE = 0o600
"""Readable and writable by the owner only."""


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
