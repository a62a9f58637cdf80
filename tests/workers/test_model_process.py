"""The model process as the window has it: jobs in, signals out, whatever happens to the process."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from interviewer.core.errors import AudioError, Cancelled
from interviewer.core.models import Score, Transcript
from interviewer.workers.model_process import ModelProcess
from tests.workers import model_mains, process_watch
from tests.workers.process_watch import ENTRY, WAIT_MS, Heard, Start, heard, pid, until_over

start = process_watch.start  # pytest looks for fixtures among the names of a file


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
