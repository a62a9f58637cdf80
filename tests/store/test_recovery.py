"""A recording that the program had no time to store is found at the next start."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import StoreError
from interviewer.core.flow import advance
from interviewer.core.models import Attempt, Clip, KeyPoint, Mode, Question
from interviewer.core.state import State
from interviewer.core.steps import Begin, Go, StartRecording
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from interviewer.store.recovery import recover
from tests.store.values import START, minutes, session, transcript

RATE_HZ = 8_000
NAME = "monday-02-0007"


def stray(store: SqlStore, name: str = NAME, *, finished: bool = False, frames: int = 500) -> Path:
    """Leave a recording behind, last written two minutes after START."""
    path = store.clip_path("monday", name)
    writer = WavWriter(path, RATE_HZ)
    if frames:
        writer.write(np.ones(frames, np.int16))
    if finished:
        writer.finish()
    else:
        writer._close()
        path = path.with_name(f"{name}.part.wav")
    os.utime(path, (minutes(2).timestamp(),) * 2)
    return path


def found(store: SqlStore, name: str = NAME) -> Attempt:
    clip = Clip(store.clip_path("monday", name), RATE_HZ, 500)
    return Attempt(name, "monday", "async-routes", 1, minutes(2), clip)


@pytest.mark.parametrize("finished", [True, False], ids=["complete", "killed"])
def test_a_recording_without_an_attempt_becomes_one(store: SqlStore, data: Path, finished: bool):
    store.begin_session(session())
    stray(store, finished=finished)
    (attempt,) = recover(store, data)
    assert replace(attempt, created=START) == replace(found(store), created=START)
    assert abs(attempt.created - minutes(2)).total_seconds() < 1e-3


def test_what_was_recovered_waits_to_be_written_down(store: SqlStore, data: Path):
    store.begin_session(session())
    stray(store)
    assert store.unfinished_attempts() == ()
    assert recover(store, data) == store.unfinished_attempts()


def test_nothing_is_recovered_twice(store: SqlStore, data: Path):
    store.begin_session(session())
    stray(store)
    recover(store, data)
    assert recover(store, data) == ()


def test_an_attempt_that_is_known_is_not_touched(store: SqlStore, data: Path):
    store.begin_session(session())
    stray(store)
    recover(store, data)
    store.add_transcript(NAME, transcript())
    stray(store)
    assert recover(store, data) == ()
    assert store.attempt(NAME).transcript == transcript()


def test_a_complete_recording_comes_before_an_unfinished_one_of_the_same_name(store: SqlStore, data: Path):
    store.begin_session(session())
    stray(store, finished=True)
    stray(store, frames=100)
    assert [a.clip.frames for a in recover(store, data) if a.clip] == [500]


def test_a_recording_without_sound_is_left_alone(store: SqlStore, data: Path):
    store.begin_session(session())
    path = stray(store, frames=0)
    assert recover(store, data) == ()
    assert path.exists()


@pytest.mark.parametrize(
    "name", ["notes", "monday-2-0007", "monday-02", "tuesday-02-0007", "monday-00-0001", "monday-04-0001"]
)
def test_a_file_that_is_not_named_like_an_answer_is_left_alone(store: SqlStore, data: Path, name: str):
    store.begin_session(session())
    path = stray(store, name)
    assert recover(store, data) == ()
    assert path.exists()


def test_the_recordings_of_an_unknown_session_are_left_alone(store: SqlStore, data: Path):
    path = stray(store)
    assert recover(store, data) == ()
    assert path.exists()


def test_there_is_nothing_to_recover_where_nothing_was_recorded(store: SqlStore, data: Path):
    store.begin_session(session())
    assert recover(store, data) == ()


def make_folder(path: Path) -> None:
    path.mkdir()


def make_dead_link(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [make_folder, make_dead_link, make_pipe])
def test_a_stray_that_cannot_be_read_is_passed_over_with_a_warning(
    store: SqlStore, data: Path, caplog: pytest.LogCaptureFixture, make: Callable[[Path], None]
):
    store.begin_session(session())
    make(store.clip_path("monday", "monday-01-0001"))
    stray(store)
    assert [a.id for a in recover(store, data)] == [NAME]
    assert ["monday-01-0001" in r.getMessage() for r in caplog.records if r.levelname == "WARNING"] == [True]


def test_a_file_that_may_not_be_opened_is_passed_over(
    store: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    # Asking the system itself would always say yes where the tests run as root.
    store.begin_session(session())
    locked = stray(store, "monday-01-0001", finished=True)
    stray(store)
    real = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert [a.id for a in recover(store, data)] == [NAME]
    assert "monday-01-0001" in caplog.text


def test_a_name_that_the_store_does_not_take_is_passed_over(store: SqlStore, data: Path):
    store.begin_session(session())
    path = stray(store, "monday-01-0001", finished=True)
    path.rename(path.with_name(f"monday-01-{'1' * 150}.wav"))
    stray(store)
    assert [a.id for a in recover(store, data)] == [NAME]


def test_a_folder_in_the_place_of_the_complete_recording_does_not_hide_the_unfinished_one(store: SqlStore, data: Path):
    store.begin_session(session())
    path = stray(store)
    store.clip_path("monday", NAME).mkdir()
    assert [a.clip.path for a in recover(store, data) if a.clip] == [path]


def test_a_folder_of_recordings_that_cannot_be_looked_at_is_passed_over(
    store: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_folder: Path) -> Any:
        raise OSError(5, "Input/output error")

    store.begin_session(session())
    stray(store)
    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", refuse)
        assert recover(store, data) == ()
    assert len(recover(store, data)) == 1


def test_a_store_that_cannot_be_written_is_told(store: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_attempt: Attempt) -> None:
        raise StoreError("The disk is full")

    store.begin_session(session())
    stray(store)
    monkeypatch.setattr(store, "add_attempt", refuse)
    with pytest.raises(StoreError, match="full"):
        recover(store, data)


def question(name: str) -> Question:
    return Question(
        id=name,
        topic="Routing",
        difficulty=1,
        question="How?",
        background="Because.",
        guidance="Say how.",
        example_answer="Like this.",
        key_points=(KeyPoint(text="It works"),),
    )


def test_recordings_are_named_by_the_state_machine_in_the_way_that_is_understood_here(store: SqlStore, data: Path):
    store.begin_session(session())
    begin = Begin("monday", START, "Backend", Mode.PRACTICE, tuple(map(question, session().question_ids)))
    state, _ = advance(State(), begin)
    state, _ = advance(state, Go())
    state, effects = advance(state, Go())
    (start,) = [e for e in effects if isinstance(e, StartRecording)]
    stray(store, start.attempt_id)
    assert [(a.question_id, a.position) for a in recover(store, data)] == [("depends", 0)]
