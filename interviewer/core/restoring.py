"""Where a restore prepares the new data folder, and whether one was ended half-way.

    <data>.restoring.part          being filled; worth nothing when whoever filled it is gone
    <data>.restoring               filled, verified and on the disk; about to become <data>
    <data>.before-restore-<stamp>  what <data> was
    <data>.restoring.lock          held while a restore runs, or is completed

A program killed before `.restoring` is there leaves the old folder as it was, and the next start
removes the part. Killed after it, the next start does the rest: it moves the old folder aside, if that is not
done, and puts the new one in its place. So there is always one whole folder, and no start in between
begins an empty one.
"""

from __future__ import annotations

import os
from pathlib import Path


def filling(data: Path) -> Path:
    """Return the folder that is filled."""
    return data.with_name(f"{data.name}.restoring.part")


def filled(data: Path) -> Path:
    """Return the folder that is about to become the data folder."""
    return data.with_name(f"{data.name}.restoring")


def lock_of(data: Path) -> Path:
    """Return the lock of whoever restores."""
    return data.with_name(f"{data.name}.restoring.lock")


def is_pending(data: Path) -> bool:
    """Whether a restore was ended half-way, or runs; quick, for every start."""
    real = Path(os.path.realpath(data))
    return os.path.lexists(filled(real)) or os.path.lexists(filling(real))
