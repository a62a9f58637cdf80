"""Puts the files of a data folder, as they are at one time, where a backup wants them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from interviewer.core.files import sync_folder
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.copying import Meter, copy_database, copy_file, hash_of, make_below, opened
from interviewer.store.identity import made_id
from interviewer.store.lacking import missing_of
from interviewer.store.listing import Found, files_in
from interviewer.store.manifest import Kept, Manifest


@dataclass(frozen=True, slots=True)
class Previous:
    """The backup before this one, and what its list says of each file."""

    folder: Path
    files: Mapping[str, Kept]

    def size_of(self, name: str) -> int | None:
        """Return the size that a file has in it; None for one that is not in it."""
        kept = self.files.get(name)
        return None if kept is None else kept.size


class Target(Protocol):
    """Where the files of a backup go."""

    def put(self, found: Found, meter: Meter) -> Kept:
        """Take over a file and return what was read. Raises OSError, FileNotFoundError when it is gone."""
        ...

    def put_database(self, data: Path, meter: Meter) -> tuple[Kept | None, frozenset[str]]:
        """Take over the database, if there is one; return it and the names of the recordings that it tells of."""
        ...

    def drop(self, name: str) -> None:
        """Forget a file that was taken over."""
        ...

    def complete(self) -> None:
        """Have everything on the disk."""
        ...


def fill(target: Target, data: Path, sources: tuple[Found, ...], *, now: datetime, meter: Meter) -> Manifest:
    """Bring what belongs into a backup of `data` to `target`; return the list of it, which is not written yet.

    The data folder may be in use: recordings are looked for before the database is copied and once
    more after it, so that none is missing that the copy tells of; one that was deleted meanwhile,
    and is not told of any more, is left out; one that is told of and not there is `missing`.
    Raises StoreError, OSError.
    """
    kept: dict[str, Kept] = {}
    # Before files are looked for the second time: the id is restored with them.
    owner = made_id(data)

    def put(found: Found) -> None:
        try:
            kept[found.name] = target.put(found, meter)
        except FileNotFoundError:
            kept.pop(found.name, None)

    for found in sources:
        put(found)
    database, told_of = target.put_database(data, meter)
    later = files_in(data)
    for found in later:
        if found.name not in kept:
            put(found)
    for name in set(kept) - {found.name for found in later} - told_of:
        target.drop(name)
        del kept[name]
    target.complete()
    files = [*((database,) if database else ()), *(kept[name] for name in sorted(kept))]
    missing = missing_of(told_of, kept)
    return Manifest(version=_version(), created=now, owner=owner, files=tuple(files), missing=missing)


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A new folder; what did not change since `previous` is shared with it."""

    folder: Path
    previous: Previous
    shared: set[str] = field(default_factory=set)
    """The names of what is shared; it was read from the disk and found to be the same."""
    _made: set[Path] = field(default_factory=set)

    def put(self, found: Found, meter: Meter) -> Kept:
        """Share the file with the backup before, or copy it."""
        target = self.folder / found.name
        make_below(self.folder, target.parent, self._made)
        before = self.previous.files.get(found.name)
        if before is not None and before.size == found.size:
            facts = hash_of(found.path, meter)
            if facts == (before.size, before.sha256) and self._share(found.name, target, meter):
                return Kept(name=found.name, size=facts[0], sha256=facts[1])
        with opened(found.path) as source:
            size, sha256 = copy_file(source, target, meter)
        return Kept(name=found.name, size=size, sha256=sha256)

    def put_database(self, data: Path, meter: Meter) -> tuple[Kept | None, frozenset[str]]:
        """Copy it, and hash the copy: the database itself may change meanwhile."""
        target = self.folder / DATABASE_NAME
        if not copy_database(data, target):
            return None, frozenset()
        size, sha256 = hash_of(target, meter)
        return Kept(name=DATABASE_NAME, size=size, sha256=sha256), recordings_of(target)

    def drop(self, name: str) -> None:
        """Remove it."""
        (self.folder / name).unlink(missing_ok=True)

    def complete(self) -> None:
        """Have the folders on the disk; the files are already."""
        for folder in sorted({*self._made, self.folder}, reverse=True):
            sync_folder(folder)

    def _share(self, name: str, target: Path, meter: Meter) -> bool:
        """Share a file with the backup before; False where the disk cannot, or what lies there is damaged."""
        source = self.previous.folder / name
        before = self.previous.files[name]
        try:
            if hash_of(source, meter, from_disk=True) != (before.size, before.sha256):
                return False
            os.link(source, target, follow_symlinks=False)
        except (OSError, NotImplementedError):
            # Gone, no such thing on this disk, or as many names as a file may have: copied instead.
            return False
        self.shared.add(name)
        return True


def recordings_of(database: Path) -> frozenset[str]:
    """Return the names, below the data folder, of the recordings that a copy of the database tells of."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "attempts" not in names:
            return frozenset()
        return frozenset(str(clip) for (clip,) in copy.execute("SELECT clip FROM attempts WHERE clip IS NOT NULL"))


def _version() -> str:
    try:
        return version("interviewer")
    except PackageNotFoundError:
        return ""
