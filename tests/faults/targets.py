"""What reads bytes that somebody else may have written, as functions of bytes: for the fuzzers.

Each target takes any bytes and returns; an error of ours (InterviewerError) is an answer, whatever
else is raised is a finding. Modules are imported when a target is made, so that a fuzzer can
instrument them first. The parsers of a later version are targets as soon as they can be imported.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Mode, Session

CORPUS = Path(__file__).with_name("corpus")
ROOT = Path(__file__).resolve().parents[2]

MOST_S = 1.0
"""Of processor time, for one input; to rebuild a database is more than to read a file."""
MOST_MB = 500

Run = Callable[[bytes, Path], None]
"""Bytes and an empty folder for files in; raises only what is a finding."""


@dataclass(frozen=True, slots=True)
class Target:
    """One parser, inputs to begin with, and words that make an input look right."""

    run: Run
    seeds: tuple[bytes, ...]
    words: tuple[str, ...] = ()
    is_json: bool = False
    most_bytes: int = 16_384
    most_s: float = MOST_S


def only_our_errors(run: Run) -> Run:
    """Return the same target with our own errors taken as answers."""

    def guarded(data: bytes, folder: Path) -> None:
        with contextlib.suppress(InterviewerError):
            run(data, folder)

    return guarded


def bank() -> Target:
    """Text as the JSON of a question bank, and as the file that holds it."""
    from interviewer.core.bank import load_bank, parse_bank
    from tests.workers.fakes import bank as small_bank

    def run(data: bytes, folder: Path) -> None:
        path = folder / "bank.json"
        path.write_bytes(data)
        only_our_errors(lambda _d, _f: load_bank(path) and None)(data, folder)
        parse_bank(data.decode("utf-8", "surrogateescape"), name="bank.json")

    # Small: a mutation of a novel is slow and hits nothing.
    plain = small_bank("alpha").model_dump(mode="json", exclude_none=True)
    full = small_bank("alpha", "beta").model_dump(mode="json")
    full["questions"][0] |= {"mistakes": [{"text": "It is not.", "correction": "It is."}], "kind": "behavioural"}
    words = (*plain, *plain["questions"][0], "text", "follow_up", "correction", "behavioural", "knowledge", "mistakes")
    seeds = (json.dumps(plain).encode(), json.dumps(full).encode(), b"{}", b"[]", b"\xef\xbb\xbf{}")
    return Target(run, seeds, tuple(f'"{word}"' for word in words), is_json=True)


def settings() -> Target:
    """A settings file; a damaged one is set aside, so two starts must both come up."""
    from interviewer.core import settings as module

    def run(data: bytes, folder: Path) -> None:
        (folder / module.FILE_NAME).write_bytes(data)
        found = module.load(folder, set_aside=True)
        # What was taken can be kept again, and is then taken without a complaint.
        module.save(folder, found.settings)
        assert module.load(folder).problem is None

    whole = module.Settings().model_dump_json().encode()
    return Target(run, (whole, b"{}"), tuple(f'"{name}"' for name in module.Settings.model_fields), is_json=True)


def wav() -> Target:
    """A recording whose writer was killed: repaired, then read as the models read it."""
    from interviewer.engines.growing_wav import GrowingWav
    from interviewer.engines.sound_file import read_sound
    from interviewer.store.recordings import repair

    def run(data: bytes, folder: Path) -> None:
        part, path = folder / "a.part.wav", folder / "a.wav"
        part.write_bytes(data)
        only_our_errors(lambda _d, _f: GrowingWav(part, path).read() is None and None)(data, folder)
        clip = repair(part)
        if clip is None:
            assert part.read_bytes() == data
            return
        assert clip.path == path
        assert path.stat().st_size == 44 + 2 * clip.frames
        read_sound(path)

    def head(size: int, rate: int = 16_000) -> bytes:
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", size
        )

    whole = head(64) + bytes(range(64))
    return Target(run, (whole, head(0), head(0) + b"\1", whole[:50], head(10, 0) + b"12345678"), ("RIFF", "WAVE"))


def database() -> Target:
    """A database file, opened as a start of the program opens it, and read as the window reads it."""
    from interviewer.core.paths import DATABASE_NAME
    from interviewer.store.database import SqlStore

    def run(data: bytes, folder: Path) -> None:
        (folder / DATABASE_NAME).write_bytes(data)
        store = SqlStore.open(folder, busy_s=0.1)
        try:
            store.sessions()
            store.unfinished_attempts()
            store.practised()
        finally:
            store.close()

    with tempfile.TemporaryDirectory() as name:
        SqlStore.open(Path(name)).close()
        whole = (Path(name) / DATABASE_NAME).read_bytes()
    return Target(
        run, (whole, b"", whole[:4096], b"SQLite format 3\0"), ("SQLite format 3", "sessions"), most_bytes=131_072
    )


def sidecar() -> Target:
    """The file beside the recordings of a session, from which its row is made again."""
    from interviewer.store import sidecar as module

    def run(data: bytes, folder: Path) -> None:
        path = module.sidecar_path(folder, "monday")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        session = module.read(folder, "monday")
        if session is not None:
            # What was believed can be kept again, and says the same.
            module.write(folder, session)
            assert module.read(folder, "monday") == session

    with tempfile.TemporaryDirectory() as name:
        module.write(Path(name), Session("monday", datetime(2026, 3, 1, tzinfo=UTC), "A bank", Mode.PRACTICE, ("one",)))
        whole = module.sidecar_path(Path(name), "monday").read_bytes()
    words = ("id", "created", "bank_title", "mode", "question_ids", "practice", "interview", "format")
    return Target(run, (whole, b"{}"), tuple(f'"{word}"' for word in words), is_json=True)


def manifest() -> Target:
    """The list in a backup."""
    from interviewer.store.manifest import Kept, Manifest, decoded

    def run(data: bytes, folder: Path) -> None:
        found = decoded(data)
        # What was believed is written and believed again, and names nothing outside.
        assert decoded(found.encoded()) == found
        assert all((folder / kept.name).resolve().is_relative_to(folder.resolve()) for kept in found.files)

    names = ("interviewer.db", "settings.json", "recordings/monday/monday-01-0001.wav")
    files = tuple(Kept(name=name, size=4, sha256=sha256(b"kept").hexdigest()) for name in names)
    whole = Manifest(created=datetime(2026, 3, 1, tzinfo=UTC), files=files).encoded()
    words = ("program", "format", "version", "created", "files", "name", "size", "sha256")
    return Target(run, (whole, b"{}"), tuple(f'"{word}"' for word in words), is_json=True)


def archive() -> Target:
    """A zip file that is said to be a backup: every file that its list names is read."""
    from interviewer.store.copying import Meter
    from interviewer.store.manifest import MANIFEST_NAME, Kept, Manifest
    from interviewer.store.package import check, extract, unpacked

    def run(data: bytes, folder: Path) -> None:
        path = folder / "backup.zip"
        path.write_bytes(data)
        with unpacked(path) as package:
            for number, kept in enumerate(package.manifest.files):
                check(package, kept, Meter(0, None))
                extract(package, kept, folder / f"file-{number}", Meter(0, None))
                assert (folder / f"file-{number}").stat().st_size == kept.size

    def packed(method: int) -> bytes:
        kept = Kept(name="settings.json", size=400, sha256=sha256(b"kept" * 100).hexdigest())
        listed = Manifest(created=datetime(2026, 3, 1, tzinfo=UTC), files=(kept,)).encoded()
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            archive.writestr(MANIFEST_NAME, listed)
            archive.writestr(kept.name, b"kept" * 100)
        return file.getvalue()

    return Target(run, (packed(zipfile.ZIP_STORED), packed(zipfile.ZIP_DEFLATED), b"PK\5\6" + b"\0" * 18), ("PK",))


def lines() -> Target:
    """A file of transcripts that an earlier run left, perhaps broken off; it is gone on with."""
    from interviewer.reports.lines import LinesFile, SoundFile

    sound = SoundFile("b.wav", 1, 2)
    told = {"engine": "whisper", "model": "base.en", "text": "It injects.", "rough": False}

    def run(data: bytes, folder: Path) -> None:
        path = folder / "lines.jsonl"
        path.write_bytes(data)
        for _ in range(2):
            file = LinesFile(path)
            try:
                file.append(sound, told)
                assert path.read_bytes().startswith(data[: data.rfind(b"\n") + 1])
            finally:
                file.close()

    line = json.dumps({"file": "a.wav", "size_bytes": 1, "modified_ns": 2, **told}).encode()
    words = ("file", "size_bytes", "modified_ns", *told)
    return Target(run, (line + b"\n", line, line + b"\n" + line[:30], b""), tuple(f'"{word}"' for word in words))


def rebuild() -> Target:
    """A database of anybody, opened by the window: what makes sense in it is taken over, the rest is told."""
    from interviewer.core.paths import DATABASE_NAME
    from interviewer.store.opening import open_store

    def run(data: bytes, folder: Path) -> None:
        (folder / DATABASE_NAME).write_bytes(data)
        store = open_store(folder, told=lambda _error: None)
        try:
            store.sessions()
        finally:
            store.close()

    return Target(
        run, (*database().seeds, *_with_rows()), ("SQLite format 3", "sessions"), most_bytes=131_072, most_s=20.0
    )


def _with_rows() -> tuple[bytes, ...]:
    from interviewer.core.paths import DATABASE_NAME
    from interviewer.store.database import SqlStore
    from tests.store.values import delivery, score, session, transcript, typed

    with tempfile.TemporaryDirectory() as name:
        store = SqlStore.open(Path(name))
        store.begin_session(session())
        store.add_attempt(typed())
        store.add_transcript("a1", transcript())
        store.add_score("a1", score(), delivery())
        store.close()
        return ((Path(name) / DATABASE_NAME).read_bytes(),)


def there_is(module: str) -> bool:
    """Whether this version has such a module."""
    return importlib.util.find_spec(module) is not None


_ALL: tuple[tuple[Callable[[], Target], str], ...] = (
    *((bank, "core.bank"), (settings, "core.settings"), (wav, "store.recordings"), (database, "store.database")),
    *((sidecar, "store.sidecar"), (manifest, "store.manifest"), (archive, "store.package")),
    *((lines, "reports.lines"), (rebuild, "store.opening")),
)
MAKE = {make.__name__: make for make, module in _ALL if there_is(f"interviewer.{module}")}


def made(name: str) -> Target:
    """Return a target, ready to be run: our own errors are taken as answers."""
    target = MAKE[name]()
    return replace(target, run=only_our_errors(target.run))
