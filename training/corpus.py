"""The text that the contradiction judge learns from: questions, key points, and what people say about them.

`corpus/*.txt` is written by hand for this project. A line begins with its role: `Q` a question,
`=` a key point, `+` the point said rightly, `- kind:` said the wrong way round, `~` neither.
`>` below a wrong line is its twin: the same claim in the style of a key point. Without twins the
tone of a line would tell whether it is right, and a judge would learn the tone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "corpus"
KINDS = frozenset({"negation", "swap", "antonym", "number", "direction", "attribution", "claim"})
LINES = ("+", "-", ">", "~")
_WRONG = re.compile(r"(\w+): *(.+)")


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
class Topic:
    """A question with its key points."""

    question: str
    points: tuple[Point, ...]
    source: str
    """The file that it is from, without its number: its field of work."""


def read(folder: Path = FOLDER) -> tuple[Topic, ...]:
    """Return every topic, in the order of the files' names. Raises ValueError naming a line that is off."""
    return tuple(topic for file in sorted(folder.glob("*.txt")) for topic in _topics(file))


def _topics(file: Path) -> list[Topic]:
    topics: list[Topic] = []
    question = ""
    points: list[tuple[str, dict[str, list[str]]]] = []

    def close() -> None:
        if question:
            made = tuple(_point(text, lines, file) for text, lines in points)
            topics.append(Topic(question, made, file.stem.rpartition("-")[0]))

    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        role, _, text = line.strip().partition(" ")
        text = text.strip()
        if not role or role.startswith("#"):
            continue
        if not text or role not in ("Q", "=", *LINES) or (role in LINES and not points):
            raise ValueError(f"{file.name}, line {number}: not a line of the corpus: {line!r}")
        if role == "Q":
            close()
            question, points = text, []
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


def _without_kind(text: str, file: Path, number: int) -> str:
    found = _WRONG.fullmatch(text)
    if not found or found[1] not in KINDS:
        raise ValueError(f"{file.name}, line {number}: a wrong line begins with one of {', '.join(sorted(KINDS))}")
    return found[2]
