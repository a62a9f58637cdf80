"""Keeps what is ours to its owner: folders 0700, files 0600.

New files are made so by the umask that `interviewer.__main__` sets. What an earlier version, a sync
program or a restored copy left wider is narrowed when the window opens.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from interviewer.store.backup import default_folder, is_named_as_backup
from interviewer.store.ours import Found, listed, look_into

_OTHERS = 0o077


def narrow(data: Path) -> int:
    """Take away from everyone but the owner what is ours in the data folder; return how much was changed.

    The folder may be somebody's home or Documents (`--data-dir`), so only what is ours by name is
    touched, in our folders too; a folder only where nothing else lies in it. Of backups, which are made
    for their owner alone, the folder around them. Links are not followed and not changed, nor is what
    belongs to another user. Whatever cannot be changed stays as it is; never raises. Does nothing on
    Windows, where a user's folders are the user's already.
    """
    if sys.platform == "win32":
        return 0
    with contextlib.suppress(OSError):
        return sum(map(_narrow_one, _ours(Path(os.path.realpath(data)))))
    return 0


def _ours(data: Path) -> Iterator[Path]:
    """Yield our files, then our folders. Raises OSError."""
    found = Found(data)
    look_into(found, data, models=True, aside=True)
    yield from (path for _, path in found.gone)
    strange = [data / name for name in found.strange]
    backups = default_folder(data)
    strange += [path for path in listed(backups) if not is_named_as_backup(path.name)]
    for folder in (*found.folders, backups, data):
        if not any(path.is_relative_to(folder) for path in strange):
            yield folder


def _narrow_one(path: Path) -> int:
    with contextlib.suppress(OSError), _opened(path) as handle:
        facts = os.fstat(handle)
        wide = facts.st_mode & _OTHERS
        if wide and facts.st_uid == os.geteuid() and (stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)):
            os.fchmod(handle, stat.S_IMODE(facts.st_mode) & ~_OTHERS)
            return 1
    return 0


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a file or folder, no link and no pipe's other end, and close it again. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        yield handle
    finally:
        os.close(handle)
