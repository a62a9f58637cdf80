"""Zip files that may come from anybody: what is wrong with one is known before anything of it is read."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path

NONSENSE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError),
)
"""What reading a zip file raises for bytes that are none."""

_MAX_DIRECTORY_BYTES = 24 << 20
"""The list inside a zip file of 100,000 names is shorter; a longer one would fill the memory."""
_MAX_RATIO = 100
"""Speech and text are never packed into so little."""
_FREE_BYTES = 1 << 20
"""Up to this size a file may be packed as small as it likes."""


class CarefulFile(io.FileIO):
    """A file that does not let the list inside a zip be read at once when it is longer than any of ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes, all that are left for a negative one. Raises BadZipFile for too many."""
        if size is None or size < 0:
            size = max(0, os.fstat(self.fileno()).st_size - self.tell())
        if size > _MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("too long a list")
        return super().read(size)


def is_plain(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file, readable without a password and not much larger than what it is packed into."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    swollen = entry.file_size > _FREE_BYTES and entry.file_size > _MAX_RATIO * entry.compress_size
    packing = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return kind in (0, stat.S_IFREG) and packing and not entry.flag_bits & 0x1 and not entry.is_dir() and not swollen
