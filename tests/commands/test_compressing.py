"""The command that keeps recordings as FLAC."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from interviewer.core.models import Attempt
from interviewer.store.database import SqlStore
from tests.commands.running import NOON, Run, keep_session

ANSWER = "s1-01-0002"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one session of one answer."""
    keep_session(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("which", ["s1", "--all"])
def test_recordings_are_compressed_and_still_read(run: Run, data: Path, which: str) -> None:
    told = run("sessions", "compress", which)
    assert told.out.startswith("Compressed: 1 recording: 3 kB are")
    flac = data / "recordings" / "s1" / f"{ANSWER}.flac"
    samples, rate_hz = soundfile.read(flac, dtype="int16")
    assert rate_hz == 16_000
    assert np.array_equal(samples, np.full(1600, 500, np.int16))
    assert run("sessions", "export", "s1", "--out", data.parent / "out").code == 0
    assert (data.parent / "out" / "answer-01.flac").read_bytes() == flac.read_bytes()
    told = json.loads((data.parent / "out" / "session.json").read_text(encoding="utf-8"))
    assert told["attempts"][0]["clip"]["file"] == "answer-01.flac"


def test_what_is_compressed_already_is_not_counted(run: Run, data: Path) -> None:
    run("sessions", "compress", "--all")
    told = json.loads(run("sessions", "compress", "--all", "--json").out)
    assert told == {"compressed": 0, "failed": 0, "bytes_before": 0, "bytes_after": 0}
    assert run("sessions", "compress", "--all").out == "Compressed: 0 recordings.\n"


def test_a_recording_that_is_not_written_down_yet_stays_as_it_is(run: Run, data: Path) -> None:
    with closing(SqlStore.open(data)) as store:
        clip = store.attempt(ANSWER).clip
        assert clip is not None
        sound = clip.path.read_bytes()
        store.delete_attempts([ANSWER])
        clip.path.write_bytes(sound)
        store.add_attempt(Attempt(ANSWER, "s1", "pydantic", 0, NOON, clip))
    assert json.loads(run("sessions", "compress", "--all", "--json").out)["compressed"] == 0
    assert (data / "recordings" / "s1" / f"{ANSWER}.wav").exists()


def test_a_recording_that_cannot_be_compressed_is_told_and_stays(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    told = run("sessions", "compress", "--all")
    assert (told.code, told.out) == (1, "Compressed: 0 recordings.\n")
    assert "cannot be compressed" in told.err
    assert (data / "recordings" / "s1" / f"{ANSWER}.wav").exists()


def test_compressing_an_unknown_session_is_told(run: Run, data: Path) -> None:
    assert "nobody" in run("sessions", "compress", "nobody").err
