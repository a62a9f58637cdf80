"""What the tests of downloads share: weights, how to fetch them, and what has to be there in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.core.errors import InterviewerError
from interviewer.engines.fetch_whisper import Fetcher
from tests.engines import weights_server as serve

WEIGHTS = serve.weights()
MIDDLE = 1_000_000
WAIT_S = 20.0


def fetcher(server: serve.Server, **options: object) -> Fetcher:
    return Fetcher(**{"base": server.base, "patience_s": 10.0, "tries": 1, **options})  # type: ignore[arg-type]


def part(folder: Path) -> bytes | None:
    file = folder / "tiny.en.pt.part"
    return file.read_bytes() if file.exists() else None


def assert_whole(folder: Path) -> None:
    """The weights are there, and nothing else is."""
    assert [p.name for p in folder.iterdir()] == ["tiny.en.pt"]
    assert (folder / "tiny.en.pt").read_bytes() == WEIGHTS


def fail(server: serve.Server, folder: Path, kind: type[InterviewerError], words: str, **options: object) -> str:
    """Fetch in vain; return the hint."""
    with pytest.raises(kind, match=words) as caught:
        fetcher(server, **options).fetch("tiny.en", folder)
    assert not (folder / "tiny.en.pt").exists()
    assert caught.value.hint
    return caught.value.hint
