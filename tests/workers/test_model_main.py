"""What the model process does with requests, in this process and with engines made of nothing."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from interviewer.core.errors import AudioError, EngineError, InterviewerError, ModelCorrupt, ModelMissing
from interviewer.core.models import KeyPoint, Neighbour, Question, Score, Transcript
from interviewer.core.paths import WHISPER_MODEL_VARIABLE, models_dir
from interviewer.core.settings import Engine, Hearing
from interviewer.engines import catalog
from interviewer.workers import model_main
from interviewer.workers.messages import (
    LOADING_SCORER,
    Done,
    Failed,
    Load,
    Progress,
    Quit,
    Ready,
    ScoreJob,
    TranscribeJob,
    UseSentenceModel,
)
from interviewer.workers.model_main import Server

WAIT_S = 10.0
SAID = "what somebody said"
ENTRY = Question(
    id="depends",
    topic="FastAPI",
    difficulty=1,
    question="What does Depends do?",
    background="Background.",
    guidance="Guidance.",
    example_answer="Depends declares what a handler needs.",
    key_points=(KeyPoint(text="Depends declares what a handler needs"),),
)


class Ears:
    """Writes down how much it was fed."""

    scribe = SimpleNamespace(engine="whisper", model="ears")

    def __init__(self) -> None:
        self.fed = 0
        self.terms: tuple[str, ...] = ()
        self.warmed = False

    @property
    def text(self) -> str:
        return f"{self.fed // 8000} halves" if self.fed >= 8000 else ""

    def warm_up(self) -> None:
        self.warmed = True

    def begin(self, terms: Sequence[str]) -> None:
        self.terms, self.fed = tuple(terms), 0

    def feed(self, samples: np.ndarray) -> None:
        self.fed += len(samples)

    def finish(self) -> Transcript:
        if "burst" in self.terms:
            raise ZeroDivisionError(SAID)
        return Transcript(f"{self.fed} {','.join(self.terms)}")


class PlainEars(Ears):
    """Those that come with the product."""

    scribe = SimpleNamespace(engine="pocketsphinx", model="en-us")

    def finish(self) -> Transcript:
        return Transcript(f"{self.fed}", rough=True)


class Judge:
    """Scores by length."""

    def __init__(self, name: str) -> None:
        self.name = name

    def score(self, question: Question, answer: str, *, doubt: float, neighbours: Sequence[Neighbour]) -> Score:
        beside = ",".join(n.prompt for n in neighbours)
        return Score(float(len(answer)), question.id, (), recipe=f"{self.name}|{doubt}|{beside}")


class World:
    """The engines that the server finds, and what it asked of them."""

    def __init__(self) -> None:
        self.models: list[str] = []
        self.hearings: list[Hearing] = []
        self.slower: InterviewerError | None = None
        self.scorers: list[str] = []
        self.fault: Exception | None = None
        self.built_in_fault: Exception | None = None
        self.scorer_fault: Exception | None = None
        self.sentences_fault: Exception | None = None

    def transcriber(self, model: str, data_dir: Path, *, hearing: Hearing) -> tuple[Ears, InterviewerError | None]:
        self.models.append(model)
        self.hearings.append(hearing)
        if self.fault is not None:
            raise self.fault
        return Ears(), self.slower

    def built_in(self) -> Callable[..., PlainEars]:
        if self.built_in_fault is not None:
            raise self.built_in_fault
        return PlainEars

    def scorer(self, model: str, data_dir: Path) -> Judge:
        self.scorers.append(model)
        fault = self.scorer_fault or (self.sentences_fault if model else None)
        if fault is not None:
            raise fault
        return Judge(model or "built-in")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(catalog, "transcriber_or_plain", world.transcriber)
    monkeypatch.setattr(catalog, "built_in", world.built_in)
    monkeypatch.setattr(catalog, "scorer", world.scorer)
    monkeypatch.setattr(model_main, "GRACE_S", 0.0)
    return world


@pytest.fixture
def link(world: World) -> Iterator[Connection]:
    """Our end of a server that has been told what to load."""
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


def hear(link: Connection, kind: type) -> object:
    """Return the next reply of this kind."""
    while link.poll(WAIT_S):
        reply = link.recv()
        if isinstance(reply, kind):
            return reply
    raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.zeros(800, dtype=np.float32), 8000)
    return path


def test_the_recogniser_is_loaded_first_and_the_scorer_when_there_is_time(link: Connection, world: World) -> None:
    assert hear(link, Ready) == Ready("whisper ears")
    assert hear(link, Ready) == Ready("scorer")
    assert (world.models, world.scorers) == (["base.en"], [""])


def test_a_recording_is_read_at_the_rate_of_the_models(link: Connection, sound: Path) -> None:
    link.send(TranscribeJob(3, sound, ("FastAPI",)))
    assert hear(link, Done) == Done(3, Transcript("1600 FastAPI"))


def test_each_stage_of_a_job_is_told(link: Connection, sound: Path) -> None:
    link.send(TranscribeJob(3, sound))
    told = [hear(link, Progress) for _ in range(3)]
    assert told == [
        Progress(3, None, "Reading the recording"),
        Progress(3, None, "Writing it down"),
        Progress(3, 1.0, "Writing it down"),
    ]


def test_an_answer_is_judged(link: Connection) -> None:
    link.send(ScoreJob(4, ENTRY, "four"))
    assert hear(link, Done) == Done(4, Score(4.0, "depends", (), recipe="built-in|0.0|"))


def test_an_answer_is_judged_with_its_doubt_and_beside_its_neighbours(link: Connection) -> None:
    link.send(ScoreJob(4, ENTRY, "four", 0.25, (Neighbour("What is a model?", "A class."),)))
    assert hear(link, Done).result.recipe == "built-in|0.25|What is a model?"


def test_a_file_that_is_not_sound_fails_its_job_and_no_other(link: Connection, tmp_path: Path, sound: Path) -> None:
    link.send(TranscribeJob(1, tmp_path / "absent.wav"))
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert (failed.job_id, type(failed.error)) == (1, AudioError)
    link.send(TranscribeJob(2, sound))
    assert hear(link, Done) == Done(2, Transcript("1600 "))


def test_something_unexpected_is_told_with_its_place_but_without_what_was_said(link: Connection, sound: Path) -> None:
    link.send(TranscribeJob(1, sound, ("burst",)))
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert type(failed.error) is EngineError
    assert str(failed.error) == "The model process failed: ZeroDivisionError"
    assert " finish" in failed.detail
    assert SAID not in failed.detail + failed.error.told()


@pytest.mark.parametrize("fault", [ModelCorrupt("Damaged"), ModelMissing("Gone"), MemoryError()])
def test_weights_that_cannot_be_loaded_are_told_and_the_built_in_recogniser_takes_over(
    world: World, sound: Path, request: pytest.FixtureRequest, fault: Exception
) -> None:
    world.fault = fault
    link: Connection = request.getfixturevalue("link")
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert failed.job_id == 0
    assert str(failed.error) == (str(fault) or "The model process failed: MemoryError")
    assert hear(link, Ready) == Ready("pocketsphinx en-us")
    link.send(TranscribeJob(1, sound))
    assert hear(link, Done) == Done(1, Transcript("1600", rough=True))
    assert world.models == ["base.en"]


def test_a_better_model_takes_over_from_the_stand_in(world: World, request: pytest.FixtureRequest) -> None:
    world.fault = ModelCorrupt("Damaged")
    link: Connection = request.getfixturevalue("link")
    assert hear(link, Ready) == Ready("pocketsphinx en-us")
    world.fault = None
    link.send(Load("small", Path("data")))
    assert hear(link, Ready) in (Ready("whisper ears"), Ready("scorer"))


@pytest.mark.models
@pytest.mark.parametrize(
    ("model", "error"), [("base.en", ModelCorrupt), ("/absent/own.pt", ModelMissing), ("tiny", None)]
)
def test_without_usable_weights_the_real_built_in_recogniser_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, error: type[Exception] | None
) -> None:
    monkeypatch.delenv(WHISPER_MODEL_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    models_dir(tmp_path).mkdir()
    (models_dir(tmp_path) / "base.en.pt").write_bytes(b"damaged")
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=Server(theirs).serve)
    thread.start()
    ours.send(Load(model, tmp_path))
    ours.send(Quit())
    thread.join(WAIT_S)
    theirs.close()
    told = []
    with contextlib.suppress(EOFError):
        while ours.poll(WAIT_S):
            told.append(ours.recv())
    ours.close()
    failures = [(reply.job_id, type(reply.error)) for reply in told if isinstance(reply, Failed)]
    assert failures == ([] if error is None else [(0, error)])
    assert told[-1] == Ready("pocketsphinx en-us")


def test_without_any_recogniser_the_wanted_one_is_told_at_once_and_tried_again_by_a_job(
    world: World, sound: Path, request: pytest.FixtureRequest
) -> None:
    world.built_in_fault = ModelMissing("There is none")
    world.fault = ModelCorrupt("Damaged")
    world.fault.__cause__ = ValueError("why")
    link: Connection = request.getfixturevalue("link")
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert (failed.job_id, type(failed.error), failed.detail) == (0, ModelCorrupt, "ValueError")
    world.fault = None
    link.send(TranscribeJob(1, sound))
    assert hear(link, Done) == Done(1, Transcript("1600 "))


def test_a_scorer_that_cannot_be_loaded_is_told_and_transcribing_goes_on(
    world: World, sound: Path, request: pytest.FixtureRequest
) -> None:
    world.scorer_fault = RuntimeError("no")
    link: Connection = request.getfixturevalue("link")
    failed = hear(link, Failed)
    assert isinstance(failed, Failed)
    assert failed.job_id == LOADING_SCORER
    link.send(TranscribeJob(1, sound))
    assert hear(link, Done) == Done(1, Transcript("1600 "))
    link.send(ScoreJob(2, ENTRY, "x"))
    again = hear(link, Failed)
    assert isinstance(again, Failed)
    assert again.job_id == 2


def test_another_model_replaces_the_recogniser_and_keeps_the_scorer(link: Connection, world: World) -> None:
    assert [hear(link, Ready), hear(link, Ready)] == [Ready("whisper ears"), Ready("scorer")]
    link.send(Load("small", Path("data")))
    assert hear(link, Ready) == Ready("whisper ears")
    link.send(ScoreJob(1, ENTRY, "x"))
    hear(link, Done)
    assert (world.models, world.scorers) == (["base.en", "small"], [""])


# --- sentence models -----------------------------------------------------------------------


def judged_by(link: Connection, job_id: int) -> str:
    link.send(ScoreJob(job_id, ENTRY, "x"))
    return hear(link, Done).result.recipe.partition("|")[0]


def test_another_sentence_model_replaces_the_scorer_and_keeps_the_recogniser(link: Connection, world: World) -> None:
    assert [hear(link, Ready), hear(link, Ready)] == [Ready("whisper ears"), Ready("scorer")]
    link.send(UseSentenceModel("mine"))
    assert hear(link, Ready) == Ready("scorer")
    assert judged_by(link, 1) == "mine"
    assert (world.models, world.scorers) == (["base.en"], ["", "mine"])


def test_a_sentence_model_that_cannot_be_loaded_is_told_and_the_built_in_one_judges(
    link: Connection, world: World
) -> None:
    world.sentences_fault = ModelMissing("There is no such model", hint="Name another.")
    link.send(UseSentenceModel("gone"))
    failed = hear(link, Failed)
    assert (failed.job_id, str(failed.error)) == (LOADING_SCORER, "There is no such model")
    assert failed.error.hint == "Name another. Until then the built-in sentence model is used."
    assert [judged_by(link, 1), judged_by(link, 2)] == ["built-in", "built-in"]
    assert world.scorers[-2:] == ["gone", ""]


def test_a_sentence_model_of_the_settings_is_there_from_the_start(world: World) -> None:
    ours, theirs = multiprocessing.Pipe()
    for request in (Load("base.en", Path("data"), "mine"), ScoreJob(1, ENTRY, "x"), Quit()):
        ours.send(request)
    Server(theirs).serve()
    theirs.close()
    assert hear(ours, Done).result.recipe.startswith("mine|")
    ours.close()


def test_a_change_of_both_models_at_once_loads_both(link: Connection, world: World) -> None:
    assert judged_by(link, 1) == "built-in"
    link.send(Load("small", Path("data"), "mine"))
    assert judged_by(link, 2) == "mine"
    assert (world.models, world.scorers) == (["base.en", "small"], ["", "mine"])


def test_a_window_that_is_gone_ends_the_work(world: World, sound: Path) -> None:
    ours, theirs = multiprocessing.Pipe()
    ours.send(Load("base.en", Path("data")))
    ours.send(TranscribeJob(1, sound))
    ours.close()
    with pytest.raises(model_main.WindowGone):
        Server(theirs).serve()
    theirs.close()


def test_how_to_hear_is_passed_on_and_a_slower_engine_is_told_once_it_is_loaded(world: World) -> None:
    world.slower = ModelMissing("The faster engine is not installed")
    ours, theirs = multiprocessing.Pipe()
    thread = threading.Thread(target=Server(theirs).serve)
    thread.start()
    ours.send(Load("base.en", Path("data"), hearing=Hearing(Engine.FAST)))
    failed = hear(ours, Failed)
    ours.send(Quit())
    thread.join(WAIT_S)
    assert isinstance(failed, Failed)
    assert str(failed.error) == "The faster engine is not installed"
    assert world.hearings == [Hearing(Engine.FAST)]
    ours.close()
    theirs.close()
