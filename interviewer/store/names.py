"""How the files below `recordings` are called, for whoever looks for them, and what may be removed there.

A session has a folder of its own there, with `<answer>.wav` as it was recorded (`<answer>.part.wav`
while it is), or `<answer>.flac`, the same sound compressed (`<answer>.part.flac` while it is), and
`session.json`, what the database knows of the session.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

RECORDINGS_NAME = "recordings"
SIDECAR_NAME = "session.json"
WAV = ".wav"
FLAC = ".flac"
PART_FLAC = ".part.flac"
SUFFIXES = (".part.wav", PART_FLAC, WAV, FLAC)
"""Longer ones first, so that the first that fits is the right one."""

SAFE_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
"""Ids become file names: no dots, no slashes, short enough for every file system."""

_SIDECARS = (SIDECAR_NAME, f"{SIDECAR_NAME}.part")


def answer_of(name: str) -> str | None:
    """Return the id of the answer that a file of this name belongs to; None for any other file."""
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            return stem if SAFE_ID.fullmatch(stem) else None
    return None


def is_ours(name: str) -> bool:
    """Whether the program names a file in the folder of a session so."""
    return answer_of(name) is not None or name in _SIDECARS


def inside(data: Path, name: str) -> Path | None:
    """Return where the file or folder `name` lies that may be removed; None where it must not be touched.

    `name` may come from anybody. Only what the program itself puts below `recordings` is let through: a
    session's folder, or a file of ours in it; never through a link, except `recordings` itself, which
    may be one to a larger disk.
    """
    parts = PurePosixPath(name).parts
    if len(parts) not in (2, 3) or parts[0] != RECORDINGS_NAME or not SAFE_ID.fullmatch(parts[1]):
        return None
    folder = data / RECORDINGS_NAME / parts[1]
    if len(parts) == 2:
        return folder
    if not is_ours(parts[2]) or folder.is_symlink():
        return None
    return folder / parts[2]
