"""Keeps what is ours to its owner: folders 0700, files 0600.

New files are made so by the umask that `interviewer.__main__` sets. What an earlier version, a sync
program or a restored copy left wider is narrowed when the window opens.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
_OTHERS = 0o077
_OUR_FILES = (
    "interviewer.db*",
    "interviewer.id*",
    "interviewer.log*",
    "rebuilt-*.txt",
    "settings.json*",
    ".settings-*",
    "window.ini*",
    "in-use.lock*",
    ".window",
    "rebuilt-*.txt",
    ".rebuilt-*",
)
_OUR_FOLDERS = ("recordings", "models", "calibrations", "backups", "presence")


def narrow(data: Path) -> int:
    """Take away from everyone but the owner what is ours in the data folder; return how much was changed.

    The folder may be somebody's home or Documents (`--data-dir`), so only what is ours by name is
    touched: our files and everything in our folders. The folder itself is narrowed only where
    nothing else lies in it. Links are not followed and not changed, nor is what belongs to another
    user. Whatever cannot be changed stays as it is; never raises. Does nothing on Windows, where a
    user's folders are the user's already.
    """
    if sys.platform == "win32":
        return 0
    changed = 0
    with contextlib.suppress(OSError), _opened(data) as folder:
        names = os.listdir(folder)  # noqa: PTH208 - of the open folder, whatever its path leads to by now
        foreign = [name for name in names if not is_ours(name)]
        changed += 0 if foreign else _narrow_one(folder)
        for name in sorted(set(names) - set(foreign)):
            changed += _narrow_below(folder, name)
    return changed


def is_ours(name: str) -> bool:
    """Whether a file or folder of this name in the data folder is the program's."""
    return name in _OUR_FOLDERS or any(fnmatch.fnmatchcase(name, pattern) for pattern in _OUR_FILES)


def _narrow_below(parent: int, name: str) -> int:
    """Narrow an entry of the open folder `parent`, and what is in it."""
    changed = 0
    with contextlib.suppress(OSError), _opened(name, parent) as entry:
        changed += _narrow_one(entry)
        if stat.S_ISDIR(os.fstat(entry).st_mode):
            for below in os.listdir(entry):  # noqa: PTH208
                changed += _narrow_below(entry, below)
    return changed


@contextlib.contextmanager
def _opened(name: str | Path, parent: int | None = None) -> Iterator[int]:
    """Open a file or folder, no link and no pipe's other end, and close it again. Raises OSError."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK if parent is not None else os.O_RDONLY
    handle = os.open(name, flags, dir_fd=parent)
    try:
        yield handle
    finally:
        os.close(handle)


def _narrow_one(handle: int) -> int:
    facts = os.fstat(handle)
    wide = facts.st_mode & _OTHERS
    if not wide or facts.st_uid != os.geteuid() or not (stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)):
        return 0
    os.fchmod(handle, stat.S_IMODE(facts.st_mode) & ~_OTHERS)
    return 1
