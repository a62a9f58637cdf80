"""A model process that dies, and one that has to end: no answer is lost, and nothing is left running."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError
from interviewer.workers.model_process import ModelProcess
from tests.workers import model_mains, process_watch
from tests.workers.process_watch import FIXTURES, WAIT_MS, Start, heard, pid, until_over

start = process_watch.start  # pytest looks for fixtures among the names of a file


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
