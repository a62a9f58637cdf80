"""Keeps two from working on one file at once, in this process or in any other."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextlib.contextmanager
def held(lock: Path) -> Iterator[bool]:
    """Hold `lock`, a file that exists for nothing else, for as long as the block runs.

    Yields whether it is held: False at once where somebody holds it. The system lets go of it when
    its holder dies, so none is ever left over. Raises OSError when the file cannot be made.
    """
    handle = _take(lock)
    if handle is None:
        yield False
        return
    try:
        yield True
    finally:
        # Gone before it is let go of: whoever opened it meanwhile sees that it has no name any more.
        if sys.platform != "win32":  # pragma: no branch - the tests run elsewhere
            lock.unlink(missing_ok=True)
        os.close(handle)
        if sys.platform == "win32":  # pragma: no cover - the tests run elsewhere
            with contextlib.suppress(OSError):  # somebody has it open
                lock.unlink(missing_ok=True)


def _take(lock: Path) -> int | None:
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError as exc:
            if exc.errno in _HELD:
                os.close(handle)
                return None
            return handle  # a network disk that knows no locks: better no lock than no work
        if sys.platform == "win32" or os.fstat(handle).st_nlink:
            return handle
        os.close(handle)  # the one before removed it between the two lines above


if sys.platform == "win32":  # pragma: no cover - the tests run elsewhere
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
