"""Whether there was a database once and is none any more: a new empty one would hide that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from interviewer.store.names import is_ours

_SMALLEST_BYTES = 512
"""No database is smaller; SQLite takes what is for one that was never written to."""


def is_lost(database: Path, recordings: Path) -> bool:
    """Whether the database is gone, or cut off to nothing, though there are traces of it. Never raises.

    A file that holds a little is one; so is a session that was kept beside its recordings, or a recording.
    """
    with suppress(OSError):
        size = database.stat().st_size if database.exists() else 0
        return 0 < size < _SMALLEST_BYTES or (size == 0 and any(_kept_beside(recordings)))
    return False


def _kept_beside(recordings: Path) -> Iterator[str]:
    if recordings.is_dir():
        for folder in recordings.iterdir():
            if folder.is_dir() and not folder.is_symlink():
                yield from (file.name for file in folder.iterdir() if is_ours(file.name))
