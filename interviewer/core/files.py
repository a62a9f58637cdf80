"""A rename that survives a crash, for whoever writes a file beside its place first."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

_TRIES = 5
_BETWEEN_TRIES_S = 0.05


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


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
