"""A backup as one zip file, to carry it elsewhere: the same files and the same list as in a folder."""

from __future__ import annotations

import os
import stat
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from interviewer.core.errors import InputError, StoreError
from interviewer.core.files import put_in_place
from interviewer.core.paths import DATABASE_NAME
from interviewer.store.backup import Backup, check_room, database_bytes, verify, writing
from interviewer.store.copying import Meter, Progress, copy_database, opened, pour
from interviewer.store.disk import open_private
from interviewer.store.listing import Found, files_in
from interviewer.store.manifest import MANIFEST_NAME, Kept, Manifest
from interviewer.store.snapshot import fill, recordings_of

_TRIES = 3
_LARGE_BYTES = 1 << 31
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Zip files know no times before it; what was when is in the manifest."""


def back_up_to_zip(data: Path, file: Path, *, now: datetime, progress: Progress | None = None) -> Backup:
    """Write a backup of `data` into the new zip file `file`, read it back, and return it.

    May be called while the data folder is in use. Nothing is packed: sound hardly shrinks, and
    damage stays small. Nothing half-made is left. Raises InputError when the file is there already,
    StoreError when there is no room, when it cannot be written and when the database is damaged.
    """
    if os.path.lexists(file):
        raise InputError(f"There is something at {file} already", hint="Choose another name for the backup.")
    part = file.with_name(f"{file.name}.part")
    with writing(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for _ in range(_TRIES):
                try:
                    manifest = _write(data, part, now, progress)
                    break
                except _ChangedError:
                    continue
            else:
                hint = "Wait until nothing is being deleted, then try again."
                raise StoreError("The data folder changed while the backup was made", hint=hint)
            # What was hashed on the way from the data folder is what must come out of the file.
            if verify(part, progress=progress) != manifest:
                raise StoreError("The backup was not kept as it was written", hint="Check the disk.")
            put_in_place(part, file)
        finally:
            part.unlink(missing_ok=True)
            _copy_of(part).unlink(missing_ok=True)
    return Backup(file, manifest.created, len(manifest.files), manifest.size_bytes)


class _ChangedError(Exception):
    """What is in the file already does not belong there any more."""


def _write(data: Path, part: Path, now: datetime, progress: Progress | None) -> Manifest:
    sources = files_in(data)
    total = sum(found.size for found in sources) + 2 * database_bytes(data)
    check_room(part.parent, total)
    with os.fdopen(open_private(part), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            manifest = fill(_ZipTarget(part, packed), data, sources, now=now, meter=Meter(total, progress))
            packed.writestr(_entry(MANIFEST_NAME), manifest.encoded())
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _copy_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.db")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


@dataclass(frozen=True, slots=True)
class _ZipTarget:
    """A zip file that is being written."""

    part: Path
    packed: zipfile.ZipFile
    _names: set[str] = field(default_factory=set)

    def put(self, found: Found, meter: Meter) -> Kept:
        """Copy it."""
        return self._add(found.name, found.path, found.size, meter)

    def put_database(self, data: Path, meter: Meter) -> tuple[Kept | None, frozenset[str]]:
        """Copy it beside first: only a file can be copied into while the database is in use."""
        copy = _copy_of(self.part)
        if not copy_database(data, copy):
            return None, frozenset()
        kept = self._add(DATABASE_NAME, copy, copy.stat().st_size, meter)
        return kept, recordings_of(copy)

    def drop(self, name: str) -> None:
        """Begin anew: nothing comes out of a zip file again."""
        raise _ChangedError(name)

    def complete(self) -> None:
        """Nothing is left to do before the list is written."""

    def _add(self, name: str, path: Path, size: int, meter: Meter) -> Kept:
        with opened(path) as source:
            entry = _entry(name)
            with self.packed.open(entry, "w", force_zip64=size >= _LARGE_BYTES) as target:
                read, sha256 = pour(source, target, meter)
        return Kept(name=name, size=read, sha256=sha256)
