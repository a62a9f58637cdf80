"""The model process as the window has it: jobs in, signals out, whatever happens to the process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import AudioError, Cancelled, EngineError, ModelCorrupt
from interviewer.core.models import KeyPoint, Question, Score, Transcript
from interviewer.core.paths import WHISPER_MODEL_VARIABLE
from interviewer.workers.model_main import main as real_main
from interviewer.workers.model_process import Main, ModelProcess
from tests.workers import model_mains

WAIT_MS = 20_000
LOAD_MS = 180_000
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
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

Start = Callable[..., ModelProcess]


class Heard:
    """Everything that the signals brought."""

    def __init__(self, models: ModelProcess) -> None:
        self.done: list[tuple[int, object]] = []
        self.failed: list[tuple[int, object]] = []
        self.stages: list[str] = []
        self.states: list[str] = []
        self.ready: list[str] = []
        models.done.connect(lambda job, result: self.done.append((job, result)))
        models.failed.connect(lambda job, error: self.failed.append((job, error)))
        models.progressed.connect(lambda job, fraction, stage: self.stages.append(stage))
        models.state_changed.connect(self.states.append)
        models.ready.connect(self.ready.append)

    @property
    def texts(self) -> list[str]:
        return [result.text for _, result in self.done if isinstance(result, Transcript)]

    def jobs_over(self) -> list[int]:
        return [job for job, _ in self.done + self.failed if job]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """Start a model process over one of the stand-ins; it is closed after the test."""
    running: list[ModelProcess] = []

    def make(main: Main = model_mains.obedient, model: str = "tiny") -> ModelProcess:
        models = ModelProcess(model, tmp_path, main=main)
        running.append(models)
        models.told_so_far = Heard(models)  # type: ignore[attr-defined]
        models.start()
        return models

    yield make
    for models in running:
        models.close()
    assert not multiprocessing.active_children()


def heard(models: ModelProcess) -> Heard:
    return models.told_so_far  # type: ignore[attr-defined,no-any-return]


def until_over(qtbot: QtBot, models: ModelProcess, *jobs: int, timeout: int = WAIT_MS) -> Heard:
    """Wait until each job has ended, one way or the other."""
    qtbot.waitUntil(lambda: set(jobs) <= set(heard(models).jobs_over()), timeout=timeout)
    return heard(models)


def pid() -> int:
    """The model process that runs now."""
    (child,) = multiprocessing.active_children()
    assert child.pid is not None
    return child.pid


def every_clip(path: Path) -> Path:
    """Write all clips of the fixture, one after the other: long enough to be caught in the middle."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        for clip in sorted((FIXTURES / "clips").glob("*.wav")):
            with wave.open(str(clip), "rb") as file:
                out.writeframes(file.readframes(file.getnframes()))
    return path


# --- jobs and states -----------------------------------------------------------------------


def test_a_transcript_comes_back_under_the_number_of_its_job(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    job = models.transcribe(tmp_path / "clip", ("FastAPI",))
    assert until_over(qtbot, models, job).done == [(job, Transcript("clip by tiny", engine="whisper"))]


def test_a_score_comes_back_under_the_number_of_its_job(qtbot: QtBot, start: Start) -> None:
    models = start()
    job = models.score(ENTRY, "said")
    assert until_over(qtbot, models, job).done == [(job, Score(50.0, "said", ()))]


def test_jobs_are_worked_off_in_the_order_they_were_given(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    jobs = [models.transcribe(tmp_path / f"clip{n}", ()) for n in range(5)]
    assert [job for job, _ in until_over(qtbot, models, *jobs).done] == jobs


def test_the_states_of_a_start_are_told_in_order(qtbot: QtBot, start: Start) -> None:
    models = start()
    qtbot.waitUntil(lambda: models.state == "ready", timeout=WAIT_MS)
    assert heard(models).states == ["starting", "loading", "ready"]


def test_what_is_loaded_is_told_by_name(qtbot: QtBot, start: Start) -> None:
    models = start(model="base.en")
    qtbot.waitUntil(lambda: heard(models).ready == ["whisper base.en", "scorer"], timeout=WAIT_MS)


def test_a_job_given_before_the_start_waits_for_it(qtbot: QtBot, tmp_path: Path) -> None:
    models = ModelProcess("tiny", tmp_path, main=model_mains.obedient)
    models.told_so_far = Heard(models)  # type: ignore[attr-defined]
    job = models.transcribe(tmp_path / "early", ())
    models.start()
    until_over(qtbot, models, job)
    models.close()
    assert heard(models).texts == ["early by tiny"]


def test_an_error_of_a_job_leaves_the_process_running(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    bad, good = models.transcribe(tmp_path / "not-sound", ()), models.transcribe(tmp_path / "clip", ())
    until_over(qtbot, models, bad, good)
    assert [(job, type(error)) for job, error in heard(models).failed] == [(bad, AudioError)]
    assert heard(models).states.count("starting") == 1


def test_weights_that_cannot_be_loaded_are_told_as_job_0_and_the_process_goes_on(qtbot: QtBot, start: Start) -> None:
    models = start(model_mains.cannot_load)
    qtbot.waitUntil(lambda: bool(heard(models).failed), timeout=WAIT_MS)
    assert heard(models).failed[0][0] == 0
    assert models.state == "ready"


# --- death ---------------------------------------------------------------------------------


def test_a_process_that_dies_in_a_job_costs_a_second_try_and_no_answer(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    models = start()
    job = models.transcribe(tmp_path / "die-once", ())
    until_over(qtbot, models, job)
    assert heard(models).texts == ["die-once by tiny"]
    assert heard(models).states == ["starting", "loading", "ready"] * 2


def test_a_job_that_kills_the_process_twice_fails_and_the_next_one_is_done(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    models = start()
    bad, good = models.transcribe(tmp_path / "die-always", ()), models.transcribe(tmp_path / "clip", ())
    until_over(qtbot, models, bad, good)
    assert [(job, type(error)) for job, error in heard(models).failed] == [(bad, EngineError)]
    assert (tmp_path / "die-always").stat().st_size == 2
    assert heard(models).texts == ["clip by tiny"]


def test_a_process_killed_while_idle_is_started_again(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    qtbot.waitUntil(lambda: models.state == "ready", timeout=WAIT_MS)
    os.kill(pid(), signal.SIGKILL)
    qtbot.waitUntil(lambda: heard(models).states.count("ready") == 2, timeout=WAIT_MS)


def test_a_process_that_never_starts_is_given_up_after_three_times(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start(model_mains.dies_at_start)
    job = models.transcribe(tmp_path / "clip", ())
    until_over(qtbot, models, job)
    assert models.state == "stopped"
    assert (tmp_path / "starts").stat().st_size == 3
    assert {job for job, _ in heard(models).failed} == {0, job}


def test_a_new_job_tries_again_after_giving_up(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start(model_mains.dies_at_start)
    qtbot.waitUntil(lambda: heard(models).states[-1:] == ["stopped"], timeout=WAIT_MS)
    (tmp_path / "mended").touch()
    job = models.transcribe(tmp_path / "clip", ())
    assert until_over(qtbot, models, job).texts == ["late"]


def test_another_model_tries_again_after_giving_up(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start(model_mains.dies_at_start)
    qtbot.waitUntil(lambda: heard(models).states[-1:] == ["stopped"], timeout=WAIT_MS)
    (tmp_path / "mended").touch()
    models.use_model("small")
    qtbot.waitUntil(lambda: models.state == "ready", timeout=WAIT_MS)


def test_a_process_that_cannot_even_be_made_is_given_up_too(qtbot: QtBot, start: Start) -> None:
    models = start(lambda link: None)  # no function of a module: it cannot be handed over
    qtbot.waitUntil(lambda: heard(models).states[-1:] == ["stopped"], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(heard(models).failed), timeout=WAIT_MS)
    assert [job for job, _ in heard(models).failed] == [0]


def test_a_garbled_message_counts_as_a_death(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start(model_mains.talks_nonsense)
    job = models.transcribe(tmp_path / "clip", ())
    assert until_over(qtbot, models, job).texts == ["sense"]


# --- cancelling ------------------------------------------------------------------------------


def test_cancelling_ends_a_job_that_hangs_and_the_others_are_done(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    hung, next_one = models.transcribe(tmp_path / "hang", ()), models.transcribe(tmp_path / "clip", ())
    qtbot.waitUntil(lambda: bool(heard(models).stages), timeout=WAIT_MS)
    models.cancel()
    until_over(qtbot, models, hung, next_one)
    assert [(job, type(error)) for job, error in heard(models).failed] == [(hung, Cancelled)]
    assert heard(models).texts == ["clip by tiny"]


def test_cancelling_a_job_kills_the_process_that_works_on_it(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    models.transcribe(tmp_path / "hang", ())
    qtbot.waitUntil(lambda: bool(heard(models).stages), timeout=WAIT_MS)
    old = pid()
    models.cancel()
    qtbot.waitUntil(lambda: heard(models).states.count("ready") == 2, timeout=WAIT_MS)
    assert pid() != old


def test_cancelling_a_job_that_waits_leaves_the_running_one_alone(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    first, second = models.transcribe(tmp_path / "clip", ()), models.transcribe(tmp_path / "unwanted", ())
    models.cancel(second)
    until_over(qtbot, models, first, second)
    assert heard(models).texts == ["clip by tiny"]
    assert heard(models).states.count("starting") == 1


def test_cancelling_a_job_that_is_over_does_nothing(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    job = models.transcribe(tmp_path / "clip", ())
    until_over(qtbot, models, job)
    models.cancel(job)
    models.cancel()
    other = models.transcribe(tmp_path / "other", ())
    assert until_over(qtbot, models, other).failed == []


# --- another model -----------------------------------------------------------------------------


def test_another_model_is_loaded_into_the_idle_process(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    qtbot.waitUntil(lambda: models.state == "ready", timeout=WAIT_MS)
    models.use_model("small")
    job = models.transcribe(tmp_path / "clip", ())
    assert until_over(qtbot, models, job).texts == ["clip by small"]
    assert heard(models).states == ["starting", "loading", "ready", "loading", "ready"]


def test_a_running_job_is_done_again_by_the_new_model(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    visits = tmp_path / "hang-once"
    job = models.transcribe(visits, ())
    # The stage is told before the visit is noted: killed in between, the job would hang a second time.
    qtbot.waitUntil(lambda: visits.exists() and visits.stat().st_size == 1, timeout=WAIT_MS)
    models.use_model("small")
    assert until_over(qtbot, models, job).texts == ["hang-once by small"]


# --- the end ---------------------------------------------------------------------------------


def test_closing_ends_a_process_that_hangs(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    models.transcribe(tmp_path / "hang", ())
    qtbot.waitUntil(lambda: bool(heard(models).stages), timeout=WAIT_MS)
    models.close()
    assert not multiprocessing.active_children()


def test_closing_twice_and_closing_what_never_started_are_harmless(qtbot: QtBot, tmp_path: Path) -> None:
    models = ModelProcess("tiny", tmp_path, main=model_mains.obedient)
    models.close()
    models.close()
    models.start()
    models.transcribe(tmp_path / "clip", ())
    assert not multiprocessing.active_children()


def test_after_closing_no_signal_comes(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    models = start()
    models.transcribe(tmp_path / "clip", ())
    models.close()
    before = len(heard(models).states)
    qtbot.wait(1)  # lets what is queued arrive
    assert heard(models).done == []
    assert len(heard(models).states) == before


def test_the_process_ends_when_the_window_is_killed(tmp_path: Path) -> None:
    script = f"""
import multiprocessing, os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from interviewer.workers.model_process import ModelProcess
if __name__ == "__main__":
    app = QCoreApplication([])
    models = ModelProcess("tiny", Path({str(tmp_path)!r}))
    models.state_changed.connect(lambda state: state == "loading" and (
        print(multiprocessing.active_children()[0].pid, flush=True), os.kill(os.getpid(), 9)))
    models.start()
    app.exec()
"""
    file = tmp_path / "window.py"
    file.write_text(script, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(FIXTURES.parents[1])}
    window = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=60, env=environment)
    child = int(window.stdout)
    # The child is not ours to wait for; a pidfd tells when it is gone.
    try:
        gone = os.pidfd_open(child)
    except ProcessLookupError:
        return
    import select

    with os.fdopen(gone):
        assert select.select([gone], [], [], 30)[0], "the model process outlived the window"


# --- with real models --------------------------------------------------------------------------


def test_the_window_process_never_imports_torch(tmp_path: Path) -> None:
    script = """
import sys
import interviewer.workers.model_process, interviewer.workers.conductor, interviewer.engines.catalog
from pathlib import Path
interviewer.engines.catalog.describe("base.en", Path(sys.argv[1]))
heavy = {"torch", "whisper", "sentence_transformers", "silero_vad", "pocketsphinx", "numba"} & set(sys.modules)
print(sorted(heavy))
"""
    found = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.models
def test_killing_the_process_in_the_middle_of_a_transcription_still_delivers_it(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    models = start(real_main)
    job = models.transcribe(every_clip(tmp_path / "long.wav"), ())
    with qtbot.waitSignal(models.progressed, timeout=LOAD_MS, check_params_cb=lambda *a: a[2] == "Writing it down"):
        pass
    os.kill(pid(), signal.SIGKILL)
    until_over(qtbot, models, job, timeout=LOAD_MS)
    (transcript,) = [result for _, result in heard(models).done]
    assert isinstance(transcript, Transcript)
    assert transcript.engine == "pocketsphinx"
    assert "depends" in transcript.text.lower()
    assert transcript.speech[-1].end_s > 15
    assert heard(models).states.count("starting") == 2


@pytest.mark.models
def test_without_weights_the_built_in_recogniser_is_used(qtbot: QtBot, start: Start) -> None:
    models = start(real_main, model="base.en")
    with qtbot.waitSignal(models.ready, timeout=LOAD_MS, check_params_cb=lambda what: what == "pocketsphinx en-us"):
        pass


@pytest.mark.models
def test_damaged_weights_are_told_and_answers_are_written_down_by_the_built_in_recogniser(
    qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "cut.pt"
    weights.write_bytes((FIXTURES / "whisper-fixture.pt").read_bytes()[:100_000])
    monkeypatch.setenv(WHISPER_MODEL_VARIABLE, str(weights))
    models = start(real_main)
    job = models.transcribe(FIXTURES / "clips" / "depends.wav", ())
    result = dict(until_over(qtbot, models, job, timeout=LOAD_MS).done)[job]
    assert isinstance(result, Transcript)
    assert (result.engine, result.rough) == ("pocketsphinx", True)
    assert [(number, type(error)) for number, error in heard(models).failed] == [(0, ModelCorrupt)]


@pytest.mark.models
def test_an_answer_is_written_down_by_whisper_and_then_judged(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WHISPER_MODEL_VARIABLE, str(FIXTURES / "whisper-fixture.pt"))
    models = start(real_main)
    spoken = models.transcribe(FIXTURES / "clips" / "depends.wav", ("Depends",))
    judged = models.score(ENTRY, "Depends declares what a handler needs.")
    until_over(qtbot, models, spoken, judged, timeout=LOAD_MS)
    results = dict(heard(models).done)
    assert isinstance(results[spoken], Transcript)
    assert results[spoken].text == "Depends declares what a handler needs."
    assert isinstance(results[judged], Score)
    assert results[judged].value > 90


@pytest.mark.models
def test_a_window_that_closes_or_kills_its_models_leaves_nothing_on_the_terminal(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from interviewer.workers.model_process import ModelProcess
if __name__ == "__main__":
    app = QCoreApplication([])
    models = ModelProcess("base.en", Path(sys.argv[1]))
    seen = []
    def on_ready(what):
        if what == "scorer":
            seen.append(what)
            if len(seen) == 1:
                models.transcribe(Path(sys.argv[2]), ())
            else:
                models.close()
                app.quit()
    models.progressed.connect(lambda job, fraction, stage: models.cancel())
    models.ready.connect(on_ready)
    models.start()
    app.exec()
"""
    file = tmp_path / "window.py"
    file.write_text(script, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(FIXTURES.parents[1])}
    command = [sys.executable, str(file), str(tmp_path), str(every_clip(tmp_path / "long.wav"))]
    window = subprocess.run(command, capture_output=True, text=True, timeout=LOAD_MS / 1000, env=environment)
    assert (window.returncode, window.stdout, window.stderr) == (0, "", "")
