"""Writing and renaming that survive a crash, and reading what somebody else may have put there."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
from pathlib import Path

_TRIES = 5
_BETWEEN_TRIES_S = 0.05


def put_in_place(part: Path, final: Path) -> None:
    """Rename `part` to `final`, all or nothing, and make the rename itself durable.

    Both lie in one folder; what was at `final` is replaced. Raises OSError.
    """
    _rename(part, final)
    sync_folder(final.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file, all or nothing, readable by its owner only; on return it is on the disk.

    Its folder exists; what was at `path` is replaced, a link itself and not what it leads to. A killed
    writer leaves `<name>.part`, which the next one replaces. Raises OSError.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    # O_BINARY: Windows would otherwise turn every byte 10 into two.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make what was renamed or removed in `folder` last through a power cut, where the system can. Never raises."""
    # Windows and some network disks cannot sync a folder; the data itself is safe by then.
    with contextlib.suppress(OSError):
        _sync_folder(folder)


def read_small(path: Path, most_bytes: int, *, links: bool = False) -> bytes:
    """Read a file that somebody else may have put there: never a pipe, never more, and no link unless `links`.

    Returns its bytes. Raises OSError when there is none, when it is a link or no plain file, and
    when it holds more than `most_bytes`.
    """
    # A pipe would keep the reader waiting for whoever writes into it. Windows has neither flag.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    flags |= 0 if links else getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not a plain file", str(path))
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, "File too large", str(path))
    return data


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
