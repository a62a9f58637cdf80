"""Faults for a running program: files whose disk fails, a disk that is full, models and sound that go away.

How EIO comes without a broken disk: inside the process `os.fdopen`, `io.open` and `os.fsync` are
replaced, and files under the chosen folder get a raw file whose `write` fails; Python's buffers above
it and everything that the program does with them stay as they are. SQLite writes in C, past all of
that: there the statement fails as SQLite's own "disk I/O error" does, by an event of SQLAlchemy. No
library is preloaded, so it works the same on every system.
"""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError


class FailingDisk:
    """Lets so many writes and fsyncs of files under `folder` through; then `lasts` of them fail, or all until `mend`.

    `files` says which names are meant, all by default; with `database` the statements of SQLite
    fail too. `install` is to be undone with `remove`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        after: int = 0,
        lasts: int | None = None,
        error: int = errno.EIO,
        files: Callable[[str], bool] = lambda _name: True,
        database: bool = False,
    ) -> None:
        self.calls = 0
        self.failed = 0
        self._folder = folder.resolve()
        self._after = after
        self._lasts = lasts
        self._error = error
        self._files = files
        self._database = database
        self._mended = False
        self._plain = (os.fdopen, io.open, os.fsync)

    def install(self) -> None:
        """Begin to count."""
        os.fdopen, io.open, os.fsync = self._fdopen, self._open, self._fsync  # type: ignore[assignment]
        if self._database:
            event.listen(Engine, "before_cursor_execute", self._on_statement)

    def remove(self) -> None:
        """Put everything back; files that are open already work again too."""
        self.mend()
        os.fdopen, io.open, os.fsync = self._plain  # type: ignore[assignment]
        if self._database:
            event.remove(Engine, "before_cursor_execute", self._on_statement)

    def mend(self) -> None:
        """Let everything through from now on."""
        self._mended = True

    def spend(self) -> None:
        """Count one call; raises OSError once there were too many."""
        self.calls += 1
        over = self._lasts is not None and self.failed >= self._lasts
        if self.calls > self._after and not self._mended and not over:
            self.failed += 1
            raise OSError(self._error, os.strerror(self._error))

    def _is_meant(self, path: object) -> bool:
        try:
            place = Path(os.fspath(path)).absolute()  # type: ignore[call-overload]
        except TypeError:
            return False
        return place.is_relative_to(self._folder) and self._files(place.name)

    def _fdopen(self, file: int, mode: str = "r", *args: Any, **others: Any) -> Any:
        if "w" in mode and self._is_meant(_path_of(file)):
            raw = _Failing(file, mode.replace("b", ""), self)
            return io.BufferedWriter(raw) if "b" in mode else io.TextIOWrapper(io.BufferedWriter(raw), **others)
        return self._plain[0](file, mode, *args, **others)

    def _open(self, path: Any, mode: str = "r", *args: Any, **others: Any) -> Any:
        if mode in ("rb+", "r+b") and self._is_meant(path):
            return io.BufferedRandom(_Failing(path, "r+", self))
        if mode == "wb" and self._is_meant(path):
            return io.BufferedWriter(_Failing(path, "w", self))
        return self._plain[1](path, mode, *args, **others)

    def _fsync(self, file: int) -> None:
        if self._is_meant(_path_of(file)):
            self.spend()
        self._plain[2](file)

    def _on_statement(self, _connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            try:
                self.spend()
            except OSError as exc:
                cause = sqlite3.OperationalError("disk I/O error")
                cause.sqlite_errorcode = sqlite3.SQLITE_IOERR  # type: ignore[misc]
                raise OperationalError(statement, None, cause) from exc


class _Failing(io.FileIO):
    """A file whose disk fails once its faults say so."""

    def __init__(self, file: Any, mode: str, disk: FailingDisk) -> None:
        self._disk = disk
        super().__init__(file, mode)

    def write(self, data: Any, /) -> int:
        self._disk.spend()
        return super().write(data) or 0


def _path_of(file: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{file}")  # noqa: PTH115  a name, though it may be gone
    except OSError:
        return ""


@contextmanager
def failing(folder: Path, **how: Any) -> Iterator[FailingDisk]:
    """Have a disk fail inside the context."""
    disk = FailingDisk(folder, **how)
    disk.install()
    try:
        yield disk
    finally:
        disk.remove()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk of such a size, as "60m", at a new folder. Raises PermissionError where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", folder], capture_output=True
    )
    if done.returncode != 0:
        raise PermissionError(errno.EPERM, "only root may mount a small disk", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True, capture_output=True)


def fill(folder: Path) -> Path:
    """Fill the disk of a folder to its last byte, and return the file that does it."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * 1_000_000)
        except OSError as exc:
            if exc.errno != errno.ENOSPC:
                raise
    return path


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started and that still run. Linux only."""
    tasks = Path(f"/proc/{process}/task")
    found = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [int(child) for children in found for child in children]
