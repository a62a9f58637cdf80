"""A file of transcripts, one JSON object a line, that a killed run leaves whole up to its last line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from interviewer.core.errors import InputError, StoreError

_BEGIN = b'{"file": "'
"""What each line begins with, so that one that breaks off is known as ours."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound file as it was when it was written down: another size or time is another recording."""

    file: str
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return what the file at `path` is now. Raises OSError."""
        about = path.stat()
        return cls(str(path), about.st_size, about.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Who wrote a text down, as transcripts name it."""

    engine: str
    model: str
    rough: bool = field(default=False, compare=False)
    """Whether its texts are to be written again with a better one."""


class LinesFile:
    """Adds lines to a file; each is on the disk when `append` returns. Nothing in it is ever changed."""

    def __init__(self, path: Path) -> None:
        """Open `path`, made where it is missing, and read what was written there before.

        A last line that breaks off, because its writer was killed, is dropped. Raises InputError
        when the file holds anything else than such lines, StoreError when it cannot be written.
        """
        self._path = path
        self._written: dict[SoundFile, set[Recogniser]] = {}
        if path.exists() and not path.is_file():
            raise InputError(f"{path} is not a file", hint="Name a file for --out, new or from an earlier run.")
        if not path.parent.is_dir():
            raise InputError(f"There is no folder {path.parent}", hint="Make it, or name another file for --out.")
        try:
            self._file = path.open("ab", buffering=0)
        except OSError as exc:
            hint = "Name a file for --out where you may write."
            raise StoreError(f"{path} cannot be written ({exc.strerror})", hint=hint) from exc
        try:
            self._take_up()
        except OSError as exc:
            self._file.close()
            raise self._failed(exc) from exc
        except BaseException:
            self._file.close()
            raise

    def written_by(self, sound: SoundFile) -> frozenset[Recogniser]:
        """Return who has written this very recording down already."""
        return frozenset(self._written.get(sound, ()))

    def append(self, sound: SoundFile, transcript: Mapping[str, object]) -> None:
        """Add a line with the transcript of a recording. Raises StoreError; the line is then not there next time."""
        fields = {
            "file": sound.file,
            "size_bytes": sound.size_bytes,
            "modified_ns": sound.modified_ns,
            **transcript,
        }
        try:
            self._put(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
        except OSError as exc:
            raise self._failed(exc) from exc

    def close(self) -> None:
        """Let go of the file; again is harmless."""
        self._file.close()

    def _put(self, line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        os.fsync(self._file.fileno())

    def _take_up(self) -> None:
        """Read every line, and mend the end of the last one."""
        at, line = 0, b"\n"
        with self._path.open("rb") as file:
            head = file.peek(len(_BEGIN))[: len(_BEGIN)].rstrip(b"\0")
            if not _BEGIN.startswith(head):
                raise self._strange(1)
            for number, line in enumerate(file, 1):
                if not self._is_noted(line):
                    if not _breaks_off(line):
                        raise self._strange(number)
                    self._file.truncate(at)
                    return
                at += len(line)
        if not line.endswith(b"\n"):
            self._put(b"\n")

    def _strange(self, number: int) -> InputError:
        fact = f"{self._path} holds something else than lines of transcripts (line {number}); it was left alone"
        return InputError(fact, hint="Name another file for --out, new or from an earlier run.")

    def _is_noted(self, line: bytes) -> bool:
        """Note who wrote what down; False where this is no line of ours."""
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            return False
        if not isinstance(fields, dict):
            return False
        match fields:
            case {
                "file": str(file),
                "size_bytes": int(size_bytes),
                "modified_ns": int(modified_ns),
                "engine": str(engine),
                "model": str(model),
                "text": str(),
            }:
                known = self._written.setdefault(SoundFile(file, size_bytes, modified_ns), set())
                known.add(Recogniser(engine, model))
                return True
        return False

    def _failed(self, exc: OSError) -> StoreError:
        hint = "Make room or mend it, and run the same command again: it goes on where it stopped."
        return StoreError(f"{self._path} cannot be written ({exc.strerror})", hint=hint)


def _breaks_off(line: bytes) -> bool:
    """Whether a line is one of ours whose writer was killed."""
    if line.endswith(b"\n"):
        return False
    # A machine that lost its power may have left zeros where the rest belonged.
    rest = line.rstrip(b"\0")
    try:
        json.loads(rest)
    except (ValueError, RecursionError):
        return rest.startswith(_BEGIN) or _BEGIN.startswith(rest)
    return False
