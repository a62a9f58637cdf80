"""The model process is killed at its work: the recording does not notice, and the answer is written down after all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

import numpy as np

from interviewer.core.models import Score, Transcript
from interviewer.core.steps import Go, Phase, Retry
from interviewer.workers.messages import Done, FollowJob, Load, Quit, Ready, ScoreJob, TranscribeJob
from tests.faults.conftest import Interview, MakeInterview, clip_sound


def hangs(link: Connection) -> None:
    """Take as many jobs as the file `hangs` in the data folder has bytes, one a life, and never answer them."""
    data = Path()
    while not isinstance(request := link.recv(), Quit):
        match request:
            case Load():
                data = request.data_dir
                link.send(Ready("whisper stand-in"))
            case FollowJob() | TranscribeJob():
                _hang_while_told(data)
                link.send(Done(request.job_id, Transcript("written down", engine="whisper")))
            case ScoreJob():
                link.send(Done(request.job_id, Score(50.0, "Solid", ())))


def _hang_while_told(data: Path) -> None:
    left = (data / "hangs").stat().st_size
    if left:
        os.truncate(data / "hangs", left - 1)
        Event().wait()


def make(make_interview: MakeInterview, data: Path, times: int) -> tuple[Interview, Callable[[int], None]]:
    data.mkdir()
    (data / "hangs").write_bytes(b"." * times)
    interview = make_interview(data, main=hangs)

    def kill_once_it_hangs(left: int) -> None:
        """Kill the model process once it has taken the job of its life."""
        interview.until(lambda: (data / "hangs").stat().st_size == left)
        child = interview.running.models._supervisor._child
        assert child is not None
        assert child.process.pid is not None
        os.kill(child.process.pid, signal.SIGKILL)

    return interview, kill_once_it_hangs


def check_sound(interview: Interview, name: str) -> None:
    heard = clip_sound(interview.kept()[name])
    assert np.array_equal(heard, interview.said(name)[: len(heard)])


def test_a_model_process_that_dies_while_somebody_speaks_ends_no_recording(
    make_interview: MakeInterview, tmp_path: Path
) -> None:
    interview, kill = make(make_interview, tmp_path / "data", 1)
    name = interview.record(1.0)
    kill(0)
    frames = len(interview.said(name))
    interview.until(lambda: len(interview.said(name)) > frames + 16_000)
    assert interview.state.phase is Phase.RECORDING
    interview.post(Go())
    done = interview.until_in(Phase.FEEDBACK)
    assert done.take is not None
    assert done.take.transcript is not None
    assert done.take.transcript.text == "written down"
    check_sound(interview, name)


def test_a_model_process_that_dies_again_and_again_leaves_the_answer_for_a_retry(
    make_interview: MakeInterview, tmp_path: Path
) -> None:
    interview, kill = make(make_interview, tmp_path / "data", 2)
    name = interview.record(0.5)
    interview.post(Go())
    kill(1)
    kill(0)
    fault = interview.until_in(Phase.FAULT)
    assert fault.error is not None
    assert "stopped twice" in str(fault.error)
    check_sound(interview, name)
    interview.post(Retry())
    interview.until_in(Phase.FEEDBACK)
    check_sound(interview, interview.answer())
