"""A disk that is full or broken in the middle of an interview: what came before is kept, and it goes on."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.steps import Go, Phase, Retry
from tests.faults.conftest import Interview, MakeInterview, clip_sound
from tests.faults.inject import failing, fill, small_disk
from tests.faults.kill_check import restarted

RATE_HZ = 16_000


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    try:
        with small_disk(tmp_path / "disk", "64m") as folder:
            yield folder
    except PermissionError as exc:
        pytest.skip(f"skipped: {exc.strerror}")


def check_beginning(interview: Interview, name: str, at_least_s: float) -> None:
    """The attempt is kept once, and holds the beginning of what was said, at least so much of it."""
    heard = clip_sound(interview.kept()[name])
    assert len(heard) >= at_least_s * RATE_HZ
    assert np.array_equal(heard, interview.said(name)[: len(heard)])


def check_next(interview: Interview) -> None:
    """The next answer of the same program is recorded, written down, scored and kept."""
    name = interview.answer()
    kept = interview.kept()[name]
    assert kept.transcript is not None
    assert np.array_equal(clip_sound(kept), interview.said(name)[: len(clip_sound(kept))])


def test_a_disk_that_fills_up_ends_the_recording_with_what_there_is(make_interview: MakeInterview, tmpfs: Path) -> None:
    interview = make_interview(tmpfs / "data")
    name = interview.record(3.0)
    filler = fill(tmpfs)
    # Neither the recording nor its row finds room.
    fault = interview.until_in(Phase.FAULT, Phase.FEEDBACK)
    assert any("disk" in str(error) or "space" in error.hint for error in interview.told)
    filler.unlink()
    if fault.phase is Phase.FAULT:
        interview.post(Retry())
    interview.until_in(Phase.FEEDBACK)
    check_beginning(interview, name, 2.0)
    check_next(interview)


def test_a_disk_without_room_refuses_to_record_and_takes_the_next_answer_once_there_is(
    make_interview: MakeInterview, tmpfs: Path
) -> None:
    interview = make_interview(tmpfs / "data")
    interview.answer()
    filler = fill(tmpfs)
    interview.post(Go())
    interview.until_in(Phase.WAITING)
    interview.post(Go())
    fault = interview.until_in(Phase.FAULT)
    assert fault.error is not None
    assert "space" in fault.error.hint
    filler.unlink()
    interview.post(Retry())
    check_next(interview)


def is_part(name: str) -> bool:
    return name.endswith(".part.wav")


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
def test_a_recording_that_the_disk_refuses_once_is_kept_up_to_there(
    make_interview: MakeInterview, tmp_path: Path, error: int
) -> None:
    interview = make_interview(tmp_path / "data")
    # Each block is two or three calls: sound, sizes, and each second an fsync.
    with failing(tmp_path / "data", after=60, lasts=1, error=error, files=is_part):
        name = interview.record()
        interview.until_in(Phase.FEEDBACK)
    assert any(os.strerror(error) in str(told) for told in interview.told)
    check_beginning(interview, name, 0.5)
    check_next(interview)


def test_a_recording_that_the_disk_refuses_for_good_is_found_by_the_next_start(
    make_interview: MakeInterview, tmp_path: Path
) -> None:
    interview = make_interview(tmp_path / "data")
    with failing(tmp_path / "data", after=60, files=is_part):
        name = interview.record()
        interview.until_in(Phase.FAULT, Phase.FEEDBACK)
    assert any("Input/output error" in str(told) for told in interview.told)
    if interview.state.phase is Phase.FAULT:
        interview.post(Retry())
    check_next(interview)
    interview.running.close()
    with restarted(tmp_path / "data") as (store, _):
        heard = clip_sound(store.attempt(name))
    assert len(heard) >= 0.5 * RATE_HZ
    assert np.array_equal(heard, interview.said(name)[: len(heard)])


def test_a_database_that_the_disk_refuses_keeps_the_answer_for_the_retry(
    make_interview: MakeInterview, tmp_path: Path
) -> None:
    interview = make_interview(tmp_path / "data")
    name = interview.record(1.0)
    with failing(tmp_path / "data", files=lambda _n: False, database=True) as disk:
        interview.post(Go())
        fault = interview.until_in(Phase.FAULT)
        assert fault.error is not None
        assert "cannot be read or written" in str(fault.error)
        assert name not in interview.kept()
        disk.mend()
        interview.post(Retry())
        interview.until_in(Phase.FEEDBACK)
    check_beginning(interview, name, 1.0)
    check_next(interview)


def test_a_disk_that_refuses_everything_says_so_and_works_again_once_it_is_mended(
    make_interview: MakeInterview, tmp_path: Path
) -> None:
    interview = make_interview(tmp_path / "data")
    interview.answer()
    with failing(tmp_path / "data", database=True) as disk:
        interview.post(Go())
        interview.until_in(Phase.WAITING)
        interview.post(Go())
        interview.until_in(Phase.FAULT)
        assert any("Input/output error" in str(told) for told in interview.told)
        disk.mend()
        interview.post(Retry())
        check_next(interview)
