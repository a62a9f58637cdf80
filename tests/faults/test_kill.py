"""The program is killed at random moments; and the harness that does it notices what it is there for."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from interviewer.core.paths import DATABASE_NAME
from interviewer.core.ports import MODEL_RATE_HZ
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from tests.faults.journal import Journal
from tests.faults.kill_check import Found, check
from tests.store.values import session, spoken, transcript

ROOT = Path(__file__).resolve().parents[2]
BLOCK = MODEL_RATE_HZ // 20


@pytest.mark.models
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the harness forks")
def test_nothing_is_lost_in_a_handful_of_kills() -> None:
    command = [sys.executable, str(ROOT / "tests/faults/kill.py"), "--times", "5", "--models", "0", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    wanted = {"kills": 5, "lost_seconds": 0, "lost_attempts": 0, "doubled": 0, "problems": []}
    assert {name: report[name] for name in wanted} == wanted


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """A journal of 4 s in blocks, the last second of it just before the kill; a kept attempt, and its text."""
    folder = tmp_path / "said"
    journal = Journal(folder)
    samples = np.random.default_rng(1).integers(-9999, 9999, 4 * MODEL_RATE_HZ, dtype=np.int16)
    for start in range(0, len(samples), BLOCK):
        journal.said("a1", samples[start : start + BLOCK], 1.0)
    for kind, value in (("attempt", len(samples)), ("transcript", transcript().text)):
        journal.note("keeping", id="a1", kind=kind)
        journal.note("kept", id="a1", kind=kind, value=value)
    journal.note("killed", at=monotonic())
    return folder


@pytest.fixture
def kept(tmp_path: Path, said: Path) -> Path:
    """The data that the journal tells of, all of it."""
    data = tmp_path / "kept"
    with closing(SqlStore.open(data)) as store:
        store.begin_session(session())
        writer = WavWriter(store.clip_path("monday", "a1"), MODEL_RATE_HZ)
        writer.write(np.frombuffer((said / "a1.pcm").read_bytes(), dtype=np.int16))
        store.add_attempt(replace(spoken(data), id="a1", clip=writer.finish()))
        store.add_transcript("a1", transcript())
    return data


def counted(found: Found) -> tuple[float, int, int]:
    return found.lost_seconds, found.lost_attempts, found.doubled


def change(data: Path, sql: str) -> None:
    with closing(sqlite3.connect(data / DATABASE_NAME)) as db, db:
        db.execute(sql)


def test_what_is_all_there_is_no_finding(kept: Path, said: Path) -> None:
    found = check(kept, said, 0)
    assert (counted(found), found.problems) == ((0.0, 0, 0), [])


def test_a_missing_second_is_noticed(kept: Path, said: Path) -> None:
    (clip,) = (kept / "recordings" / "monday").glob("*.wav")
    clip.write_bytes(clip.read_bytes()[: -2 * MODEL_RATE_HZ])
    change(kept, f"UPDATE attempts SET frames = {3 * MODEL_RATE_HZ}")
    assert counted(check(kept, said, 0)) == (1.0, 0, 0)


def test_a_block_that_is_doubled_is_noticed(kept: Path, said: Path) -> None:
    (clip,) = (kept / "recordings" / "monday").glob("*.wav")
    data = bytearray(clip.read_bytes())
    data[44 + 4 * BLOCK : 44 + 6 * BLOCK] = data[44 + 2 * BLOCK : 44 + 4 * BLOCK]
    clip.write_bytes(data)
    found = check(kept, said, 0)
    assert found.lost_seconds == pytest.approx(3.9)
    assert "not what was said" in found.problems[0]


def test_a_missing_attempt_is_noticed(kept: Path, said: Path) -> None:
    for clip in (kept / "recordings" / "monday").glob("*"):
        clip.unlink()
    change(kept, "DELETE FROM transcripts")
    change(kept, "DELETE FROM attempts")
    # Its text is missing as well.
    assert counted(check(kept, said, 0)) == (4.0, 2, 0)


def test_a_missing_text_is_noticed(kept: Path, said: Path) -> None:
    change(kept, "DELETE FROM transcripts")
    assert counted(check(kept, said, 0)) == (0.0, 1, 0)


def test_a_text_that_is_there_twice_is_noticed(kept: Path, said: Path) -> None:
    with closing(SqlStore.open(kept)) as store:
        store.add_transcript("a1", transcript())
    assert counted(check(kept, said, 0)) == (0.0, 0, 1)


def test_an_attempt_that_nobody_made_is_noticed(kept: Path, said: Path) -> None:
    change(
        kept,
        "INSERT INTO attempts SELECT 'a2', session_id, question_id, position, created, follow_up, clip,"
        " sample_rate_hz, frames, gap_ms, asked, topic, note, starred FROM attempts",
    )
    # The two share one clip, too.
    assert counted(check(kept, said, 0)) == (0.0, 0, 2)


def test_a_second_copy_of_a_recording_is_noticed(kept: Path, said: Path) -> None:
    (clip,) = (kept / "recordings" / "monday").glob("*.wav")
    clip.with_name("a1.part.wav").write_bytes(clip.read_bytes())
    assert counted(check(kept, said, 0)) == (0.0, 0, 1)
