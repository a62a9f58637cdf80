"""The program is killed in the middle of an interview; the next start goes on with it, to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer.core import settings
from interviewer.core.models import Mode, Session
from interviewer.core.paths import make_private
from interviewer.core.settings import Settings
from interviewer.store.database import SqlStore

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def program(data: Path, *how: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program with the person; whatever happens it is gone afterwards."""
    command = [sys.executable, "-m", "tests.whole.held_interview", str(data), *how]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, cwd=ROOT, env=surroundings) as running:
        try:
            yield running
        finally:
            running.kill()


def killed_at(data: Path, phase: str) -> None:
    """Hold an interview and kill the program, as SIGKILL does, in the third question."""
    with program(data, "start", "3", phase) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == phase


def continued(data: Path) -> list[str]:
    """Start the program again, go on, and answer the rest; return what was said."""
    with program(data, "continue", "0", "asking") as running:
        told, _ = running.communicate(timeout=120)
        assert running.returncode == 0
    return told.splitlines()


@dataclass(frozen=True)
class Kept:
    """What is in the data folder."""

    session: Session
    sound: dict[str, bytes]

    def answers(self, position: int) -> list[str]:
        return [a.id for a in self.session.attempts if a.position == position]


def kept(data: Path) -> Kept:
    store = SqlStore.open(data)
    try:
        (listed,) = store.sessions()
        session = store.session(listed.id)
    finally:
        store.close()
    return Kept(session, {a.id: a.clip.path.read_bytes() for a in session.attempts if a.clip})


def folder_for(mode: Mode, tmp_path: Path) -> Path:
    data = make_private(tmp_path / "data")
    settings.save(data, Settings(questions=5, mode=mode))
    return data


def check_first_two(before: Kept, after: Kept, mode: Mode) -> None:
    """Attempts 1 and 2 are as they were: the sound to the byte, and in practice their text and score too."""
    two = before.session.attempts[:2]
    assert [a.position for a in two] == [0, 1]
    assert {a.id: after.sound[a.id] for a in two} == {a.id: before.sound[a.id] for a in two}
    if mode is Mode.PRACTICE:
        assert after.session.attempts[:2] == two


def check_whole(after: Kept) -> None:
    """Every question has one answer, written down and judged once, and the interview its end."""
    assert [len(after.answers(position)) for position in range(5)] == [1] * 5
    assert all(a.clip and a.transcript and a.score for a in after.session.attempts)
    assert after.session.finished is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_an_interview_killed_while_a_question_is_asked_goes_on_with_that_question(tmp_path: Path) -> None:
    data = folder_for(Mode.PRACTICE, tmp_path)
    killed_at(data, "asking")
    before = kept(data)
    offered, *end = continued(data)
    assert offered.startswith("You stopped at question 3 of 5, today at ")
    assert offered.endswith(
        f"{before.session.bank_title}, {before.session.mode.value}. Your 2 answers are kept. | Continue"
    )
    assert end == ["done"]
    after = kept(data)
    check_first_two(before, after, before.session.mode)
    check_whole(after)
    assert (after.session.id, after.session.mode) == (before.session.id, before.session.mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_an_answer_that_was_being_recorded_is_kept_and_the_interview_goes_on_after_it(tmp_path: Path) -> None:
    data = folder_for(Mode.INTERVIEW, tmp_path)
    killed_at(data, "recording")
    before = kept(data)
    assert len(before.session.attempts) == 2
    offered, *end = continued(data)
    fact, hint, action = offered.split(" | ")
    assert fact.startswith("You stopped at question 3 of 5, today at ")
    assert hint == "Your answer to question 3 was being recorded: it is kept up to the moment the program ended."
    assert (action, end) == ("Continue with question 4", ["done"])
    after = kept(data)
    check_first_two(before, after, before.session.mode)
    check_whole(after)
