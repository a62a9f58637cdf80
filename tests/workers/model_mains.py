"""Stand-ins for what runs in the model process: quick, and they fail when told to.

What a job does is in the name of its file: the tests of the model process give paths
such as "die-once" in a folder of its own.
"""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from interviewer.core.errors import AudioError
from interviewer.core.models import Score, Transcript
from interviewer.workers.messages import (
    Complete,
    Done,
    Failed,
    FollowJob,
    Heard,
    Load,
    Progress,
    Quit,
    Ready,
    ScoreJob,
    TranscribeJob,
    UseSentenceModel,
)


def obedient(link: Connection) -> None:
    """Answer every job according to its file's name."""
    model = ""
    while not isinstance(request := link.recv(), Quit):
        match request:
            case Load():
                model = request.model
                link.send(Ready(f"whisper {model}"))
                link.send(Ready("scorer"))
            case TranscribeJob():
                link.send(Progress(request.job_id, None, "Writing it down"))
                link.send(_transcribe(request, model))
            case FollowJob():
                link.send(_follow(link, request, model))
            case ScoreJob():
                link.send(Done(request.job_id, Score(50.0, request.answer, ())))


def _follow(link: Connection, job: FollowJob, model: str) -> Done:
    """Tell a text, and wait for the end of the recording; "die-once" sees it only in its second life."""
    link.send(Heard(job.job_id, f"{job.path.stem} so far"))
    frames = job.frames
    while frames is None:
        request = link.recv()
        assert isinstance(request, Complete)
        frames = request.frames
    if job.path.name == "die-once" and _first_time(job.path):
        os._exit(1)
    return Done(job.job_id, Transcript(f"{job.path.name} of {frames} by {model}", engine="whisper"))


def tells_how(link: Connection) -> None:
    """Judge every answer by telling how it was asked to."""
    sentence_model = ""
    while not isinstance(request := link.recv(), Quit):
        match request:
            case Load():
                sentence_model = request.sentence_model
                link.send(Ready("whisper tiny"))
            case UseSentenceModel(name=sentence_model):
                pass
            case ScoreJob():
                beside = ",".join(n.prompt for n in request.neighbours)
                link.send(Done(request.job_id, Score(50.0, f"{sentence_model}|{request.doubt}|{beside}", ())))


def _transcribe(job: TranscribeJob, model: str) -> Done | Failed:
    match job.path.name:
        case "die-once" if _first_time(job.path):
            os._exit(1)
        case "die-always":
            _first_time(job.path)
            os._exit(1)
        case "hang":
            threading.Event().wait()
        case "hang-once" if _first_time(job.path):
            threading.Event().wait()
        case "not-sound":
            return Failed(job.job_id, AudioError("Not sound"))
    return Done(job.job_id, Transcript(f"{job.path.name} by {model}", engine="whisper"))


def _first_time(path: Path) -> bool:
    """Note one more visit in the file; say whether it is the first."""
    with path.open("a", encoding="ascii") as file:
        file.write("x")
    return path.stat().st_size == 1


def dies_at_start(link: Connection) -> None:
    """Die after Load, until the data folder holds a file named "mended"."""
    load = link.recv()
    assert isinstance(load, Load)
    with (load.data_dir / "starts").open("a", encoding="ascii") as file:
        file.write("x")
    if not (load.data_dir / "mended").exists():
        os._exit(1)
    link.send(Ready("whisper late"))
    while isinstance(job := link.recv(), TranscribeJob):
        link.send(Done(job.job_id, Transcript("late", engine="whisper")))


def cannot_load(link: Connection) -> None:
    """Say that the weights are damaged, and fail every job."""
    while not isinstance(request := link.recv(), Quit):
        link.send(Failed(getattr(request, "job_id", 0), AudioError("Damaged")))


def talks_nonsense(link: Connection) -> None:
    """Answer a job with bytes that are no message, the first time."""
    load = link.recv()
    link.send(Ready("whisper x"))
    job = link.recv()
    assert isinstance(load, Load)
    assert isinstance(job, TranscribeJob)
    if _first_time(job.path):
        link.send_bytes(b"nonsense")
        threading.Event().wait()
    link.send(Done(job.job_id, Transcript("sense", engine="whisper")))
    link.recv()
