"""What was removed, told in words: whoever deletes something is shown what is gone and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.core.transfers import size_words


@dataclass(frozen=True, slots=True)
class Removed:
    """What is gone for good. Two of them add up to one."""

    sessions: tuple[str, ...] = ()
    """Ids of interviews."""
    attempts: tuple[str, ...] = ()
    """Ids of answers."""
    files: tuple[str, ...] = ()
    """Below the data folder by their path in it, with forward slashes; any other by its whole path."""
    size_bytes: int = 0
    """Of the files."""
    left: tuple[str, ...] = ()
    """Files that are still there, named likewise: other people's, or in use by another program."""

    def __add__(self, other: Removed) -> Removed:
        return Removed(
            self.sessions + other.sessions,
            self.attempts + other.attempts,
            self.files + other.files,
            self.size_bytes + other.size_bytes,
            self.left + other.left,
        )

    def told(self) -> str:
        """Return one or two sentences: "Removed: 1 interview, 3 answers and 4 files (12 MB)."."""
        counted = [*self._counted()]
        if not counted:
            gone = "Nothing was removed."
        elif len(counted) == 1:
            gone = f"Removed: {counted[0]}."
        else:
            gone = f"Removed: {', '.join(counted[:-1])} and {counted[-1]}."
        if not self.left:
            return gone
        return f"{gone} Still there: {count_words(len(self.left), 'file')}."

    def _counted(self) -> Iterator[str]:
        if self.sessions:
            yield count_words(len(self.sessions), "interview")
        if self.attempts:
            yield count_words(len(self.attempts), "answer")
        if self.files:
            yield f"{count_words(len(self.files), 'file')} ({size_words(self.size_bytes)})"


def count_words(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "2 files"."""
    return f"{number} {noun if number == 1 else noun + 's'}"
