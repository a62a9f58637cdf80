"""What lies in a data folder, as far as it belongs into a backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from interviewer.core.paths import CALIBRATIONS_NAME, DATABASE_NAME
from interviewer.store.manifest import is_kept
from interviewer.store.names import RECORDINGS_NAME


@dataclass(frozen=True, slots=True)
class Found:
    """One file: its name below the data folder with forward slashes, and its size when it was looked at."""

    name: str
    path: Path
    size: int


def files_in(data: Path) -> tuple[Found, ...]:
    """Return every file that is backed up, without the database, by name. Raises OSError.

    Links are passed over, and so is what lies in a linked folder; `recordings` alone may be a link,
    because the user may have moved it to a larger disk.
    """
    return tuple(sorted(_below(data, ""), key=lambda found: found.name))


def _below(folder: Path, prefix: str) -> Iterator[Found]:
    try:
        with os.scandir(folder) as scanned:
            entries = list(scanned)
    except FileNotFoundError:
        return
    for entry in entries:
        name = f"{prefix}{entry.name}"
        try:
            if entry.is_dir(follow_symlinks=name == RECORDINGS_NAME) and _is_looked_into(name):
                yield from _below(Path(entry.path), f"{name}/")
            elif entry.is_file(follow_symlinks=False) and is_kept(name) and name != DATABASE_NAME:
                yield Found(name, Path(entry.path), entry.stat(follow_symlinks=False).st_size)
        except FileNotFoundError:
            continue  # deleted meanwhile


def _is_looked_into(name: str) -> bool:
    return name in (RECORDINGS_NAME, CALIBRATIONS_NAME) or PurePosixPath(name).parent.name == RECORDINGS_NAME
