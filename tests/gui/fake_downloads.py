"""Whisper models as they are found, and stand-ins for what downloads them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.workers.downloads import Job, WhisperModel


def model(name: str, *, present: bool = False, ours: bool = True, part_bytes: int = 0, **more: object) -> WhisperModel:
    """A known Whisper model as the survey finds it, here or not."""
    fields = {"size_mb": 145, "languages": "English", "sha256": "0" * 64, "expect": "Fast, and good enough.", **more}
    path = Path(f"/nowhere/{name}.pt") if present else None
    return WhisperModel(name, present, path, ours=present and ours, part_bytes=part_bytes, **fields)


def three_models() -> tuple[WhisperModel, ...]:
    """Three of them; the usual one is here."""
    return (
        model("tiny.en", size_mb=76),
        model("base.en", present=True),
        model("small", size_mb=484, languages="99 languages"),
    )


class FakeDownloads(QObject):
    """Remembers what it was asked for; a test says how it goes."""

    changed = Signal(str, object)
    ended = Signal()
    failed = Signal(object)
    recogniser_wanted = Signal()

    host = "weights.example"

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []
        self.jobs: dict[str, Job] = {}

    def job(self, name: str) -> Job | None:
        return self.jobs.get(name)

    def go(self, name: str, job: Job) -> None:
        """Have it go so."""
        self.jobs[name] = job
        self.changed.emit(name, job)

    def address(self, name: str) -> str:
        return f"https://weights.example/{name}.pt"

    def download(self, name: str) -> None:
        self.calls.append(("download", name))

    def bring(self, file: Path) -> None:
        self.calls.append(("bring", str(file)))

    def verify(self, name: str, path: Path, sha256: str | None) -> None:
        self.calls.append(("verify", name, str(path), sha256))

    def delete(self, name: str) -> None:
        self.calls.append(("delete", name))

    def cancel(self, name: str) -> None:
        self.calls.append(("cancel", name))
