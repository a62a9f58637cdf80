"""Following a recording while it grows: in this process, with ears that only count."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from interviewer.core.errors import AudioError
from interviewer.core.models import Transcript
from interviewer.engines import catalog
from interviewer.store.recordings import PART_SUFFIX, WavWriter
from interviewer.workers import model_main
from interviewer.workers.messages import (
    LOADING_SCORER,
    Complete,
    Done,
    Failed,
    FollowJob,
    Heard,
    Load,
    Quit,
    Ready,
    UseSentenceModel,
)
from interviewer.workers.model_main import Server

WAIT_S = 20.0
RATE_HZ = 16_000


class Ears:
    """Tells how many whole seconds it was fed."""

    scribe = SimpleNamespace(engine="whisper", model="ears")

    def __init__(self) -> None:
        self.fed = 0

    @property
    def text(self) -> str:
        return f"{self.fed // RATE_HZ} s" if self.fed >= RATE_HZ else ""

    def warm_up(self) -> None: ...

    def begin(self, terms: Sequence[str]) -> None:
        self.fed = 0

    def feed(self, samples: np.ndarray) -> None:
        self.fed += len(samples)

    def finish(self) -> Transcript:
        return Transcript(f"{self.fed} samples")


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Our end of a server with those ears and without a scorer."""

    def no_scorer(model: str, data_dir: Path) -> None:
        raise AudioError("no scorer")

    monkeypatch.setattr(catalog, "transcriber_or_plain", lambda model, data_dir, hearing: (Ears(), None))
    monkeypatch.setattr(catalog, "scorer_or_built_in", no_scorer)
    monkeypatch.setattr(model_main, "LOOK_S", 0.01)
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=Server(theirs).serve)
    thread.start()
    ours.send(Load("base.en", Path("data")))
    yield ours
    ours.send(Quit())
    thread.join(WAIT_S)
    assert not thread.is_alive()
    ours.close()
    theirs.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answer.wav"


@pytest.fixture
def writer(path: Path) -> Iterator[WavWriter]:
    made = WavWriter(path, RATE_HZ)
    yield made
    made.abandon()


def job(path: Path, frames: int | None = None) -> FollowJob:
    return FollowJob(7, path.with_name(path.stem + PART_SUFFIX), path, (), frames)


def hear(link: Connection, kind: type) -> object:
    while link.poll(WAIT_S):
        reply = link.recv()
        if isinstance(reply, kind):
            return reply
    raise AssertionError(f"no {kind.__name__} came")


def second(writer: WavWriter, count: int = 1) -> None:
    writer.write(np.ones(count * RATE_HZ, dtype=np.int16))


def test_text_is_told_while_the_recording_grows(link: Connection, path: Path, writer: WavWriter) -> None:
    link.send(job(path))
    for n in (1, 2, 3):
        second(writer)
        assert hear(link, Heard) == Heard(7, f"{n} s")
    link.send(Complete(7, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{3 * RATE_HZ} samples"))


def test_a_recording_that_is_not_there_yet_is_waited_for(link: Connection, path: Path) -> None:
    link.send(job(path))
    hear(link, Ready)
    writer = WavWriter(path, RATE_HZ)
    second(writer)
    assert hear(link, Heard) == Heard(7, "1 s")
    link.send(Complete(7, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ} samples"))


def test_the_last_sound_before_the_end_is_not_lost(link: Connection, path: Path, writer: WavWriter) -> None:
    link.send(job(path))
    second(writer)
    hear(link, Heard)
    writer.write(np.ones(123, dtype=np.int16))
    link.send(Complete(7, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ + 123} samples"))


def test_a_job_that_is_sent_again_after_a_crash_reads_the_whole_recording(
    link: Connection, path: Path, writer: WavWriter
) -> None:
    second(writer, 5)
    link.send(job(path, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{5 * RATE_HZ} samples"))


def test_other_wishes_wait_until_the_answer_is_written_down(link: Connection, path: Path, writer: WavWriter) -> None:
    hear(link, Failed)  # the scorer, loaded at leisure
    link.send(job(path))
    link.send(UseSentenceModel("another"))
    second(writer)
    link.send(Complete(7, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ} samples"))
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert failed.job_id == LOADING_SCORER


def test_a_recording_that_vanished_fails_its_job_and_no_other(link: Connection, path: Path, writer: WavWriter) -> None:
    link.send(FollowJob(6, path.with_name("gone.part.wav"), path.with_name("gone.wav"), (), RATE_HZ))
    failed = hear(link, Failed)
    while isinstance(failed, Failed) and failed.job_id == LOADING_SCORER:
        failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert (failed.job_id, type(failed.error)) == (6, AudioError)
    second(writer)
    link.send(job(path, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ} samples"))


def test_a_recording_that_turns_out_shorter_ends_all_the_same(link: Connection, path: Path, writer: WavWriter) -> None:
    second(writer)
    clip = writer.finish()
    link.send(job(path, clip.frames + 500))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ} samples"))


def test_the_end_of_a_recording_that_nobody_follows_changes_nothing(
    link: Connection, path: Path, writer: WavWriter
) -> None:
    link.send(Complete(3, 99))
    second(writer)
    link.send(job(path, writer.finish().frames))
    assert hear(link, Done) == Done(7, Transcript(f"{RATE_HZ} samples"))
