"""What of an error or a message may be written to a log: where it happened, never what was said.

Texts of errors are other people's sentences: pydantic's quote the input, SQLAlchemy's the row, a
codec's the transcript. Only our own and the operating system's are kept, and from both the home
folder and the user's name are taken out.
"""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from interviewer.core.errors import InterviewerError

MOST_LETTERS = 500
"""Of one message; whoever pastes a novel into a field does not find it in the log."""
MOST_PLACES = 12
"""Of one error: the places nearest to where it was raised."""
MOST_CAUSES = 5
HOME = "~"
USER = "<user>"

_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes out of texts what tells who the user is: `folders` are homes, `names` the user's names."""

    folders: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, folders: Iterable[str], names: Iterable[str]) -> Redactor:
        """Return one for these; empty ones, and the root folder, say nothing about anybody."""
        # Longer ones first: a home inside of another is to be replaced whole.
        whole = sorted({f.rstrip("/\\") for f in folders if len(f.rstrip("/\\")) > 1}, key=len, reverse=True)
        return cls(tuple(whole), tuple(sorted({n for n in names if n}, key=len, reverse=True)))

    def clean(self, text: str) -> str:
        """Return a text as one line of at most MOST_LETTERS without homes, user names and control characters."""
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        for folder in self.folders:
            # As in a message, and as `repr` writes it.
            for written in {folder, repr(folder)[1:-1]}:
                line = re.sub(rf"{re.escape(written)}(?![\w-])", lambda _: HOME, line)
        for name in self.names:
            line = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", lambda _: USER, line, flags=re.IGNORECASE)
        return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"

    def told(self, error: BaseException) -> str:
        """Return an error and its causes as one line: kinds and places, and the texts that may be kept."""
        parts: list[str] = []
        seen: set[int] = set()
        one: BaseException | None = error
        while one is not None and id(one) not in seen and len(parts) < MOST_CAUSES:
            seen.add(id(one))
            text = _text(one)
            where = places(one)
            parts.append(f"{_kind(one)}{f': {self.clean(text)}' if text else ''}{f' at {where}' if where else ''}")
            one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        return " <- ".join(parts)


def places(error: BaseException) -> str:
    """Return where an error was raised, as files and lines below their package; no line of source, no value."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    return ", ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def _kind(error: BaseException) -> str:
    return "".join(c for c in type(error).__name__ if c.isprintable())


def _text(error: BaseException) -> str:
    """Return the text of an error where it may be kept."""
    if isinstance(error, InterviewerError):
        return str(error)
    # An OSError with a text of its own is some library's, and quotes what that library likes.
    if isinstance(error, OSError) and isinstance(error.strerror, str) and error.errno is not None:
        file = error.filename
        return f"{error.strerror}: {os.fsdecode(file)}" if isinstance(file, str | bytes) else error.strerror
    return ""


def _short(filename: str) -> str:
    """Return a source file below its package: no folder of the user is in it."""
    parts = PurePath(filename).parts
    for mark in (*_PACKAGES, "interviewer"):
        if mark in parts[:-1]:
            at = len(parts) - 1 - parts[::-1].index(mark)
            return "/".join(parts[at + (mark in _PACKAGES) :])
    return "/".join(parts[-2:]) if re.fullmatch(r"python\d.*", "".join(parts[-2:-1])) else "".join(parts[-1:])
