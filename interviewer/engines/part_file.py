"""A file that is still coming in: it survives a crash, and its hash is known at every moment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from interviewer.core.files import put_in_place

BLOCK_BYTES = 1 << 20

_PRIVATE = 0o600


class PartFile:
    """Open for adding at its end; what lies there from an earlier time is kept. Not thread-safe.

    Every method may raise OSError. A use as context manager closes the file in the end, and removes it if nothing
    came.
    """

    def __init__(self, path: Path) -> None:
        # O_BINARY: Windows would otherwise turn every byte 10 into two.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self.path = path
        self.size = 0
        """Bytes that `sha256` is the hash of."""
        self._hash = hashlib.sha256()
        self._handle: int | None = os.open(path, flags, _PRIVATE)

    @property
    def sha256(self) -> str:
        """The hash of the first `size` bytes."""
        return self._hash.hexdigest()

    def read_through(self, told: Callable[[int, int], None]) -> None:
        """Read what is there already, so that more can be added; `told(done, total)` may raise to stop it."""
        assert self._handle is not None  # closed files are not read
        total = os.fstat(self._handle).st_size
        os.lseek(self._handle, 0, os.SEEK_SET)
        while block := os.read(self._handle, BLOCK_BYTES):
            self._hash.update(block)
            self.size += len(block)
            told(self.size, total)

    def restart(self) -> None:
        """Forget everything that is there."""
        assert self._handle is not None  # closed files are not written
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        self.size, self._hash = 0, hashlib.sha256()

    def write(self, block: bytes) -> None:
        """Add to the end. Where this fails half-way, `size` and `sha256` are still those of what is on the disk."""
        assert self._handle is not None  # closed files are not written
        rest = memoryview(block)
        while rest:
            written = os.write(self._handle, rest)
            self._hash.update(rest[:written])
            self.size += written
            rest = rest[written:]

    def put_in_place(self, final: Path) -> None:
        """Give the file its name, in the same folder, once it is safe on the disk; it is closed then."""
        assert self._handle is not None  # closed files are not renamed
        os.fsync(self._handle)
        self.close()
        put_in_place(self.path, final)

    def remove(self) -> None:
        """Close it and take it off the disk."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; what came stays."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None and os.fstat(self._handle).st_size == 0:
            self.remove()
        self.close()


def hash_of(path: Path, told: Callable[[int, int], None]) -> str:
    """Read a file through and return its SHA-256; `told(done, total)` may raise to stop it. Raises OSError."""
    found, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        total = os.fstat(file.fileno()).st_size
        while block := file.read(BLOCK_BYTES):
            found.update(block)
            done += len(block)
            told(done, total)
    return found.hexdigest()
