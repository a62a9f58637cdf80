"""The program of the speech child, in this process and as one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from interviewer.engines import speech_child
from interviewer.engines.speak_pyttsx3 import child_command
from interviewer.engines.speech_child import NoVoice
from tests.engines.listening import read_wav, write_wav
from tests.sound_server import tone


class Engine:
    """A pyttsx3 engine that writes `content` from a thread of its own, as the one on Linux does."""

    def __init__(self, content: bytes, *, tells: bool = True, fails: bool = False, voices: int = 1) -> None:
        self._content, self._tells, self._fails = content, tells, fails
        self._callbacks: dict[str, object] = {}
        self.voices = [SimpleNamespace(id=f"v{n}", name=f"Voice {n}", languages=[b"en_US"]) for n in range(voices)]
        self.chosen: dict[str, object] = {}

    def connect(self, topic: str, callback: object) -> None:
        self._callbacks[topic] = callback

    def getProperty(self, _name: str) -> object:  # noqa: N802
        return self.voices

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802
        self.chosen[name] = value

    def save_to_file(self, _text: str, path: str) -> None:
        self._path = Path(path)

    def runAndWait(self) -> None:  # noqa: N802
        self._thread = threading.Timer(0.02, self._write)
        self._thread.start()

    def _write(self) -> None:
        if self._fails:
            self._callbacks["error"](exception=OSError("broken"), name=None)
            return
        self._path.write_bytes(self._content)
        if self._tells:
            self._callbacks["finished-utterance"](name=None, completed=True)


@pytest.fixture
def wav(tmp_path: Path) -> bytes:
    return write_wav(tmp_path / "source.wav", tone(440, 0.2, rate_hz=16_000)).read_bytes()


def serve(monkeypatch: pytest.MonkeyPatch, engine: Engine, path: Path, **more: object) -> dict[str, object]:
    monkeypatch.setattr(speech_child, "_engine", lambda: engine)
    return speech_child._serve({"text": "Hello.", "voice": None, "rate": 165, "path": str(path), **more})


def test_it_waits_for_the_file_and_not_for_the_loop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wav: bytes
) -> None:
    path = tmp_path / "out.wav"
    answer = serve(monkeypatch, Engine(wav), path)

    assert answer == {"ok": True}
    assert path.read_bytes() == wav


def test_an_engine_that_never_tells_is_believed_by_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wav: bytes
) -> None:
    path = tmp_path / "out.wav"
    monkeypatch.setattr(speech_child, "TELLS_NO_END", True)
    serve(monkeypatch, Engine(wav, tells=False), path)

    assert path.read_bytes() == wav


def test_a_file_that_pauses_is_not_taken_for_whole_where_the_end_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wav: bytes
) -> None:
    monkeypatch.setattr(speech_child, "TELLS_NO_END", False)
    monkeypatch.setattr(speech_child, "DEADLINE_S", 1.0)
    with pytest.raises(RuntimeError, match="did not finish"):
        serve(monkeypatch, Engine(wav, tells=False), tmp_path / "out.wav")


def test_an_engine_that_tells_and_writes_nothing_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="wrote nothing"):
        serve(monkeypatch, Engine(b""), tmp_path / "out.wav")


def test_an_engine_that_fails_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="failed"):
        serve(monkeypatch, Engine(b"", fails=True), tmp_path / "out.wav")


def test_an_engine_that_never_finishes_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(speech_child, "DEADLINE_S", 0.1)

    with pytest.raises(RuntimeError, match="did not finish"):
        serve(monkeypatch, Engine(b"", tells=False), tmp_path / "out.wav")


def test_a_path_that_cannot_be_written_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        serve(monkeypatch, Engine(b""), tmp_path / "no folder" / "out.wav")


def test_an_engine_without_voices_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NoVoice):
        serve(monkeypatch, Engine(b"", voices=0), tmp_path / "out.wav")


def test_a_known_voice_and_the_rate_are_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wav: bytes) -> None:
    engine = Engine(wav)
    monkeypatch.setattr(speech_child, "CANCELS_SETTINGS", False)
    serve(monkeypatch, engine, tmp_path / "out.wav", voice="v0", rate=200)

    assert engine.chosen == {"voice": "v0", "rate": 200}


def test_where_settings_are_cancelled_the_rate_is_set_right_before_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyttsx3.drivers.espeak import EspeakDriver

    engine, taken = Engine(b""), []
    monkeypatch.setattr(speech_child, "CANCELS_SETTINGS", True)
    monkeypatch.setattr(EspeakDriver, "setProperty", staticmethod(lambda *setting: taken.append(setting)))
    speech_child._choose(engine, None, 200)
    before = list(taken)
    engine._callbacks["started-utterance"](name=None)

    assert before == []
    assert taken == [("rate", 200)]


def test_an_unknown_voice_is_not_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wav: bytes) -> None:
    engine = Engine(wav)
    serve(monkeypatch, engine, tmp_path / "out.wav", voice="v9")

    assert "voice" not in engine.chosen


def test_the_aiff_of_macos_becomes_a_wav(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    meant = tone(440, 0.2, rate_hz=22_050)
    soundfile.write(tmp_path / "source.aiff", meant, 22_050, subtype="PCM_16")
    path = tmp_path / "out.wav"
    serve(monkeypatch, Engine((tmp_path / "source.aiff").read_bytes()), path)

    samples, rate_hz = read_wav(path)
    assert rate_hz == 22_050
    assert np.allclose(samples, meant, atol=1e-3)


def test_languages_are_told_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_child, "_engine", lambda: Engine(b""))

    assert speech_child._serve({"list": True}) == {
        "ok": True,
        "voices": [{"id": "v0", "name": "Voice 0", "language": "en-US"}],
    }


@pytest.mark.parametrize("request_text", ["", "no json", "[]", '{"text": "x"}'])
def test_whatever_is_asked_it_answers_one_line_and_exits(request_text: str) -> None:
    package = Path(speech_child.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(package)}
    ran = subprocess.run(child_command(), input=request_text.encode(), capture_output=True, timeout=30, env=environment)

    assert ran.returncode == 0
    assert json.loads(ran.stdout)["ok"] is False
