"""What a backup lacks of what its database tells of, and whether an older one still holds it.

A recording may be missing because its disk is unplugged. Until it is back, the older backups are the
only place where it is, and none of them may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from interviewer.core.errors import StoreError
from interviewer.store.manifest import Kept, is_kept
from interviewer.store.names import FLAC, WAV

HINT = (
    "Connect the disk with the recordings, or bring them back from an older backup; then back up again. "
    "An answer whose recording is gone for good can be deleted."
)


def missing_of(told_of: Iterable[str], kept: Mapping[str, Kept]) -> tuple[str, ...]:
    """Return the recordings that a database tells of and that were not taken over, or are empty; by name.

    One that was compressed meanwhile is there under its other name.
    """
    there = {_stem(name) for name, file in kept.items() if file.size and name.endswith((WAV, FLAC))}
    return tuple(sorted(name for name in told_of if is_kept(name) and _stem(name) not in there))


def held_by(backup: Path, missing: Iterable[str]) -> tuple[str, ...]:
    """Return which of the `missing` recordings the backup in this folder holds."""
    return tuple(name for name in missing if any(_size(backup / f"{_stem(name)}{end}") for end in (WAV, FLAC)))


def refuse_loss(missing: Iterable[str], older: Iterable[Path]) -> None:
    """Raise StoreError when any of the older backups holds a recording that the newer one lacks."""
    missing = tuple(missing)
    held = {name for backup in older for name in held_by(backup, missing)} if missing else set()
    if held:
        count = "1 recording is" if len(held) == 1 else f"{len(held)} recordings are"
        raise StoreError(f"{count} missing from the newest backup, so the older ones were all kept", hint=HINT)


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")) if name.endswith((WAV, FLAC)) else name


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
