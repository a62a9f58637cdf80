"""The model process with real models, and a window that never loads them itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import ModelCorrupt
from interviewer.core.models import Score, Transcript
from interviewer.core.paths import WHISPER_MODEL_VARIABLE
from interviewer.workers.model_main import main as real_main
from tests.workers import process_watch
from tests.workers.process_watch import ENTRY, FIXTURES, Start, heard, pid, until_over

LOAD_MS = 180_000

start = process_watch.start  # pytest looks for fixtures among the names of a file


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
