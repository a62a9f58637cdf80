"""A backup that is to be read: a folder or a zip file, with nothing in it believed.

Only files that the manifest names are opened, the manifest names only files of a known form, and
what comes out of one has the size and the hash that the manifest says or is refused. Nothing is
ever unpacked by the names in a zip file.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from interviewer.core.errors import InputError
from interviewer.core.files import read_small
from interviewer.core.zip_files import NONSENSE, CarefulFile, is_plain
from interviewer.store.copying import Meter, copy_file, digest_of, opened
from interviewer.store.manifest import MANIFEST_NAME, MAX_FILES, MAX_MANIFEST_BYTES, Kept, Manifest, decoded

HINT = "Choose another backup: `interviewer backup --list` shows them."


class Package(Protocol):
    """What folders and zip files have in common."""

    manifest: Manifest

    def read(self, kept: Kept) -> contextlib.AbstractContextManager[BinaryIO]:
        """Open one of its files to read it once. Raises InputError, OSError."""
        ...


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[Package]:
    """Open the backup at `path`. Raises InputError when it is none that can be used, or cannot be read."""
    with contextlib.ExitStack() as closing:
        try:
            package: Package = _Folder(path) if path.is_dir() else _zip(path, closing)
        except FileNotFoundError:
            raise InputError(f"There is no backup at {path}", hint=HINT) from None
        except OSError as exc:
            raise InputError(f"{path} cannot be read as a backup ({exc.strerror})", hint=HINT) from exc
        except NONSENSE as exc:
            raise InputError(f"{path.name} is not a zip file that can be read", hint=HINT) from exc
        yield package


def extract(package: Package, kept: Kept, target: Path, meter: Meter) -> None:
    """Write one file of a backup to `target`, new, 0600 and on the disk.

    Raises InputError when it is not what the manifest says, OSError when the disk fails.
    """
    with _refusing(kept), package.read(kept) as source:
        facts = copy_file(source, target, meter, most=kept.size)
    _compare(kept, facts)


def check(package: Package, kept: Kept, meter: Meter) -> None:
    """Read one file of a backup. Raises InputError when it is not what the manifest says, OSError."""
    with _refusing(kept), package.read(kept) as source:
        facts = digest_of(source, meter, most=kept.size)
    _compare(kept, facts)


@contextlib.contextmanager
def _refusing(kept: Kept) -> Iterator[None]:
    try:
        yield
    except NONSENSE as exc:
        raise _differs(kept) from exc


def _compare(kept: Kept, facts: tuple[int, str]) -> None:
    if facts != (kept.size, kept.sha256):
        raise _differs(kept)


def _differs(kept: Kept) -> InputError:
    return InputError(f"The backup is damaged: {kept.name} is not what was written", hint=HINT)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self.manifest = decoded(read_small(folder / MANIFEST_NAME, MAX_MANIFEST_BYTES))
        except FileNotFoundError:
            raise InputError(f"The folder {folder} is not a backup: it has no {MANIFEST_NAME}", hint=HINT) from None

    @contextlib.contextmanager
    def read(self, kept: Kept) -> Iterator[BinaryIO]:
        path = self._folder / kept.name
        inside = [p for p in path.parents if p != self._folder and p.is_relative_to(self._folder)]
        if any(p.is_symlink() for p in inside):
            raise _differs(kept)
        with contextlib.ExitStack() as closing:
            try:
                file = closing.enter_context(opened(path))
            except OSError as exc:
                raise InputError(f"The backup is damaged: {kept.name} cannot be read", hint=HINT) from exc
            yield file


class _Zip:
    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._entries = _entries(packed)
        if MANIFEST_NAME not in self._entries:
            raise InputError(f"This zip file is not a backup: it has no {MANIFEST_NAME}", hint=HINT)
        with packed.open(self._entries[MANIFEST_NAME]) as file:
            self.manifest = decoded(file.read(MAX_MANIFEST_BYTES + 1))
        named = {kept.name: kept.size for kept in self.manifest.files}
        held = {name: entry.file_size for name, entry in self._entries.items() if name != MANIFEST_NAME}
        if named != held:
            raise InputError("The backup is damaged: its list and its files do not agree", hint=HINT)

    @contextlib.contextmanager
    def read(self, kept: Kept) -> Iterator[BinaryIO]:
        with self._packed.open(self._entries[kept.name]) as file:
            yield cast("BinaryIO", file)


def _zip(path: Path, closing: contextlib.ExitStack) -> _Zip:
    file = closing.enter_context(CarefulFile(path))
    return _Zip(closing.enter_context(zipfile.ZipFile(file)))


def _entries(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = packed.infolist()
    if len(entries) > MAX_FILES + 1:
        raise InputError("There are too many files in this zip file", hint=HINT)
    found = {entry.filename: entry for entry in entries if is_plain(entry)}
    if len(found) != len(entries):
        raise InputError("This zip file holds what no backup does", hint=HINT)
    return found
