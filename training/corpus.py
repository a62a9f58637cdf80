"""The text that the contradiction judge learns from: questions, key points, and what people say about them.

`corpus/*.txt` is written by hand for this project. A line begins with its role: `Q` a question,
`=` a key point, `+` the point said rightly, `- kind:` said the wrong way round, `~` neither.
`>` below a wrong line is its twin: the same claim in the style of a key point. Without twins the
tone of a line would tell whether it is right, and a judge would learn the tone. Behind the points of a
question stand terse answers that tell several of them at once: `* 1 3:` states those points, `! 1; 2:` turns
the first round and states the second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "corpus"
KINDS = frozenset({"negation", "swap", "antonym", "number", "direction", "attribution", "claim"})
LINES = ("+", "-", ">", "~")
NOTES = ("*", "!")
_WRONG = re.compile(r"(\w+): *(.+)")
_NOTE = re.compile(r"([\d ]+)(?:; *([\d ]+))?: *(.+)")


@dataclass(frozen=True, slots=True)
class Point:
    """A key point and what people say that states it, denies it, or does neither."""

    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    twins: tuple[str, ...]
    """For each wrong line the same claim, put like a key point."""
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A terse answer that tells several points at once."""

    text: str
    right: frozenset[int]
    """Places of the points that it states."""
    wrong: frozenset[int] = frozenset()
    """Places of those that it turns round."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A question with its key points."""

    question: str
    points: tuple[Point, ...]
    source: str
    """The file that it is from, without its number: its field of work."""
    notes: tuple[Note, ...] = ()

    def lines(self) -> frozenset[str]:
        """Return everything that is written for the question, itself included."""
        points = (line for p in self.points for line in (p.text, *p.right, *p.wrong, *p.twins, *p.near))
        return frozenset((self.question, *points, *(n.text for n in self.notes)))


def read(folder: Path = FOLDER) -> tuple[Topic, ...]:
    """Return every topic, in the order of the files' names. Raises ValueError naming a line that is off."""
    return tuple(topic for file in sorted(folder.glob("*.txt")) for topic in _topics(file))


def _topics(file: Path) -> list[Topic]:
    topics: list[Topic] = []
    question = ""
    points: list[tuple[str, dict[str, list[str]]]] = []
    notes: list[tuple[int, str, str]] = []

    def close() -> None:
        if question:
            made = tuple(_point(text, lines, file) for text, lines in points)
            told = tuple(_note(role, text, len(points), f"{file.name}, line {number}") for number, role, text in notes)
            topics.append(Topic(question, made, file.stem.rpartition("-")[0], told))

    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        role, _, text = line.strip().partition(" ")
        text = text.strip()
        if not role or role.startswith("#"):
            continue
        if not text or role not in ("Q", "=", *LINES, *NOTES) or (role in (*LINES, *NOTES) and not points):
            raise ValueError(f"{file.name}, line {number}: not a line of the corpus: {line!r}")
        if role == "Q":
            close()
            question, points, notes = text, [], []
        elif role in NOTES:
            notes.append((number, role, text))
        elif role == "=":
            points.append((text, {line_role: [] for line_role in LINES}))
        else:
            points[-1][1][role].append(_without_kind(text, file, number) if role == "-" else text)
    close()
    return topics


def _point(text: str, lines: dict[str, list[str]], file: Path) -> Point:
    if len(lines["-"]) != len(lines[">"]):
        raise ValueError(f"{file.name}: every wrong line needs a twin: {text!r}")
    return Point(text, tuple(lines["+"]), tuple(lines["-"]), tuple(lines[">"]), tuple(lines["~"]))


def _note(role: str, text: str, points: int, where: str) -> Note:
    found = _NOTE.fullmatch(text)
    first, second = (
        (frozenset(int(n) - 1 for n in (told or "").split()) for told in found.groups()[:2]) if found else ((), ())
    )
    if not found or first & second or not all(0 <= n < points for n in first | second) or (role == "*" and second):
        raise ValueError(f"{where}: a terse answer begins with the numbers of its points")
    return Note(found[3], first) if role == "*" else Note(found[3], second, first)


def _without_kind(text: str, file: Path, number: int) -> str:
    found = _WRONG.fullmatch(text)
    if not found or found[1] not in KINDS:
        raise ValueError(f"{file.name}, line {number}: a wrong line begins with one of {', '.join(sorted(KINDS))}")
    return found[2]
