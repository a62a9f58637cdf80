"""What the tests of the engines share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Voice
from interviewer.engines import whisper_files
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.speak_pyttsx3 import list_voices
from tests import sound_server as server
from tests.engines import weights_server as serve
from tests.engines.fetching import WEIGHTS
from tests.engines.listening import Events, Listener, write_wav


@pytest.fixture
def sound_server() -> None:
    """Skip where no sound server is."""
    if not server.reachable():
        pytest.skip(server.NO_SERVER)


@pytest.fixture
def audio() -> Iterator[AudioThread]:
    """An audio thread that is closed after the test."""
    thread = AudioThread()
    yield thread
    thread.close()


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def tone_file(tmp_path: Path) -> Path:
    """One second of 440 Hz."""
    return write_wav(tmp_path / "tone.wav", server.tone(440, 1.0, rate_hz=16_000))


@pytest.fixture(scope="session")
def voices() -> tuple[Voice, ...]:
    """The voices of this machine; skips where there is none."""
    try:
        return list_voices()
    except DeviceError as error:
        pytest.skip(f"no speech engine: {error}")


@pytest.fixture
def speech_folder(tmp_path: Path) -> Path:
    return tmp_path / "speech"


@pytest.fixture(name="server")
def server_of_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[serve.Server]:
    """A server that hands out what passes for tiny.en, reached without the proxies of this machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(whisper_files.KNOWN, "tiny.en", serve.facts(WEIGHTS))
    with serve.serving(WEIGHTS) as serving:
        yield serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where weights are fetched to."""
    return tmp_path / "models"
