"""What was said and what was promised, written down outside of the data folder while it happens.

Every line goes to the operating system before the call returns, so it outlives the process that is
killed; several threads write, and no line tears another. Times are of the monotonic clock, which is
the same in every process of this machine.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Journal:
    """Appends to `journal.jsonl` and, for each recording, to `<attempt>.pcm` in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = os.open(folder / "journal.jsonl", flags)
        self._sound: dict[str, tuple[int, int]] = {}

    def note(self, what: str, **facts: Any) -> None:
        """Write one line."""
        os.write(self._file, (json.dumps({"t": monotonic(), "what": what, **facts}) + "\n").encode())

    def said(self, attempt_id: str, samples: NDArray[np.int16], speed: float) -> None:
        """Write down a block that is about to be delivered."""
        file, frames = self._sound.get(attempt_id) or self._new(attempt_id)
        os.write(file, samples.tobytes())
        frames += len(samples)
        self._sound[attempt_id] = (file, frames)
        self.note("block", id=attempt_id, end=frames, speed=speed)

    def _new(self, attempt_id: str) -> tuple[int, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        for file, _ in self._sound.values():
            os.close(file)
        self._sound.clear()
        path = self._folder / f"{attempt_id}.pcm"
        return os.open(path, flags), path.stat().st_size // 2 if path.exists() else 0


@dataclass(slots=True)
class Told:
    """What a journal tells about one attempt."""

    blocks: list[tuple[float, int, float]] = field(default_factory=list)
    """When delivered, frames so far, how many times as fast as real time."""
    kept: bool = False
    """The store took the attempt."""
    frames_kept: int = 0
    texts: list[str] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    begun: dict[str, int] = field(default_factory=dict)
    """How many calls of the store began, by what they keep."""
    killed_at: float = float("inf")
    """When its process was killed."""
    stopped_at: float = float("inf")
    """When its recording was to end: what was delivered later is no part of it."""


def read(folder: Path) -> dict[str, Told]:
    """Return what the journal in a folder tells, by attempt."""
    told: dict[str, Told] = {}
    for line in _lines(folder):
        if line["what"] == "killed":
            for one in told.values():
                one.killed_at = min(one.killed_at, line["at"])
        if "id" not in line:
            continue
        one = told.setdefault(line["id"], Told())
        match line["what"]:
            case "block":
                one.blocks.append((line["t"], line["end"], line["speed"]))
            case "stopped":
                one.stopped_at = min(one.stopped_at, line["t"])
            case "keeping":
                one.begun[line["kind"]] = one.begun.get(line["kind"], 0) + 1
            case "kept" if line["kind"] == "attempt":
                one.kept, one.frames_kept = True, line["value"]
            case "kept" if line["kind"] == "transcript":
                one.texts.append(line["value"])
            case "kept" if line["kind"] == "score":
                one.scores.append(line["value"])
    return told


def sound(folder: Path, attempt_id: str) -> NDArray[np.int16]:
    """Return everything that was delivered for an attempt."""
    path = folder / f"{attempt_id}.pcm"
    data = path.read_bytes() if path.exists() else b""
    return np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16)


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / "journal.jsonl"
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)
