"""Copies that are known to be right: every byte is hashed on its way, nothing is followed, nobody else may read."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, BinaryIO

from interviewer.core.paths import DATABASE_NAME
from interviewer.store.connection import damaged, told
from interviewer.store.disk import make_file_private, open_private, sync_file

_BLOCK_BYTES = 1 << 20
_BUSY_S = 10.0
MOST_IN_MEMORY_BYTES = 64 << 20
"""Up to here, 8,000 answers, a database is copied through the memory, and the copy is the same to the byte; SQLite's
own way of copying counts up three counters in the head of the copy."""

Progress = Callable[[int, int], None]


class Meter:
    """Counts what is done of a total that is known before, in bytes; tells it, and may be stopped by it."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress
        self.add(0)

    def add(self, count: int) -> None:
        """Count `count` more bytes. Raises whatever the listener raises, which ends the work."""
        self._done = min(self._done + count, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a plain file to read it, never through a link. Raises OSError for anything else."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(2, "Not a plain file", str(path))
        yield file


def hash_of(path: Path, meter: Meter, *, from_disk: bool = False) -> tuple[int, str]:
    """Return the size and the SHA-256 of a plain file. Raises OSError.

    With `from_disk` the system is asked to forget what it remembers of the file first, so that what
    the disk kept is read and not what it was given.
    """
    with opened(path) as file:
        if from_disk and hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return digest_of(file, meter)


def digest_of(source: BinaryIO, meter: Meter, *, most: int | None = None) -> tuple[int, str]:
    """Return the size and the SHA-256 of what is read. Raises ValueError when that is more than `most` bytes."""
    return pour(source, None, meter, most)


def copy_file(source: BinaryIO, target: Path, meter: Meter, *, most: int | None = None) -> tuple[int, str]:
    """Write all of `source` to `target`, new, 0600 and on the disk; return its size and SHA-256.

    Raises OSError, ValueError when there is more than `most` bytes; what is at `target` then is of no use.
    """
    with os.fdopen(open_private(target), "wb") as file:
        facts = pour(source, file, meter, most)
        file.flush()
        os.fsync(file.fileno())
    return facts


def pour(source: BinaryIO, target: IO[bytes] | None, meter: Meter, most: int | None = None) -> tuple[int, str]:
    """Write all of `source` to `target`, if there is one; return its size and SHA-256. Raises as `copy_file`."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK_BYTES):
        size += len(block)
        if most is not None and size > most:
            raise ValueError("more than was said")
        digest.update(block)
        if target is not None:
            target.write(block)
        meter.add(len(block))
    return size, digest.hexdigest()


def make_below(root: Path, folder: Path, made: set[Path]) -> None:
    """Make `folder` and what lies between it and `root`, for their owner only; `made` remembers it. Raises OSError."""
    if folder in made:
        return
    if folder != root:
        make_below(root, folder.parent, made)
        folder.mkdir(mode=0o700, exist_ok=True)
    made.add(folder)


def copy_database(data: Path, target: Path) -> bool:
    """Copy the database in `data` to `target` as it is at one moment, on the disk; False where there is none.

    May be in use meanwhile: whoever writes waits until the copy is made, 2 s for 100,000 answers.
    The copy was checked. Raises StoreDamaged when it is damaged, StoreError, OSError when the disk
    is full.
    """
    path = data / DATABASE_NAME
    if not path.is_file():
        return False
    try:
        with told(path), closing(_connect(path)) as source:
            _copy(source, target)
            with closing(sqlite3.connect(target)) as copy:
                if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                    raise damaged(path)
    except Exception as exc:
        if _is_full(exc):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from exc
        raise
    sync_file(target)
    return True


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy what one moment's reader of the database sees: by its bytes, or page by page where it is large."""
    source.execute("BEGIN")
    (size,) = source.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    if size <= MOST_IN_MEMORY_BYTES:
        with os.fdopen(open_private(target), "wb") as file:
            file.write(source.serialize())
        return
    make_file_private(target)
    with closing(sqlite3.connect(target)) as copy:
        # What survives a crash is decided by the caller, once for the whole file.
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy)


def _connect(path: Path) -> sqlite3.Connection:
    # Not read-only: a journal that a killed program left could not be rolled back. Never created here.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_S, isolation_level=None)


def _is_full(error: BaseException | None) -> bool:
    code = getattr(getattr(error, "__cause__", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_FULL
