"""What the tests of the sound engines share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Voice
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.speak_pyttsx3 import list_voices
from tests import sound_server as server
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
