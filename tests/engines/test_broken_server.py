"""A sound server that freezes, dies or lets a device go: the next answer is recorded, by the same program."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.core.models import Clip
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.record_sounddevice import SoundDeviceRecorder
from interviewer.store.recordings import WavWriter
from tests import sound_server as server
from tests.engines.listening import Listener, read_wav

pytestmark = [pytest.mark.audio, pytest.mark.usefixtures("sound_server")]

LATE = """
pcm.interviewer_late {
    type pulse
    device late.monitor
    hint { show on description "A microphone that is plugged in later" }
}
"""


class Server:
    """A sound server of this test's own, to be broken."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.folder = folder
        self.pid = pid

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def plug_in(self) -> None:
        """Add a microphone called `interviewer_late` that hears what is played into the sink `late`."""
        module = ["pactl", "load-module", "module-null-sink", "sink_name=late", "rate=48000", "norewinds=1"]
        subprocess.run(module, check=True, timeout=10, capture_output=True)
        configuration = self.folder / "asound.conf"
        configuration.write_text(configuration.read_text() + LATE)
        # ALSA knows a changed file by its whole second.
        os.utime(configuration, (0, 0))

    def start_another(self) -> None:
        """Start a server in the place of this one, which may be frozen or dead."""
        (self.folder / "native").unlink(missing_ok=True)
        subprocess.run([server._SCRIPT, "start", self.folder], capture_output=True, check=True, timeout=20)


@pytest.fixture
def pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    folder = tmp_path / "pulse"
    with server.private_server(folder) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        pid = int(environment["SERVER_PID"])
        yield Server(folder, pid)
        for ends in (signal.SIGCONT, signal.SIGKILL):
            # Another one may have been started since; this is that of the beginning.
            try:
                os.kill(pid, ends)
            except ProcessLookupError:
                break


class Microphone:
    """A recorder of one program, for one answer after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._audio = AudioThread()
        self.chosen: str | None = None
        self.recorder = SoundDeviceRecorder(self._audio, lambda: self.chosen, WavWriter)

    def begin(self, name: str) -> Listener:
        """Start an answer and wait until some of it was heard."""
        listener = Listener()
        self.recorder.start(self._folder / f"{name}.wav", listener=listener)
        listener.wait("level", times=5)
        return listener

    def answer(self, name: str) -> Clip:
        """Record a short answer."""
        listener = self.begin(name)
        self.recorder.stop(done=listener.stopped)
        return listener.wait("stopped")

    def close(self) -> None:
        self.recorder.close()
        self._audio.close()


@pytest.fixture
def microphone(pulse: Server, tmp_path: Path) -> Iterator[Microphone]:
    made = Microphone(tmp_path)
    yield made
    made.close()


def test_after_a_freeze_the_next_answer_is_recorded(pulse: Server, microphone: Microphone) -> None:
    cut = microphone.begin("cut")
    pulse.freeze()
    error, kept = cut.wait("failed")
    pulse.thaw()

    assert str(error) == "The microphone stopped delivering sound"
    assert kept.frames == len(read_wav(kept.path)[0]) > 0
    assert microphone.answer("next").frames > 0


def test_beside_a_frozen_server_the_next_answer_is_recorded_from_another(pulse: Server, microphone: Microphone) -> None:
    cut = microphone.begin("cut")
    pulse.freeze()
    cut.wait("failed")
    pulse.start_another()

    assert microphone.answer("next").frames > 0


def test_after_a_death_the_next_answer_is_recorded_from_a_new_server(pulse: Server, microphone: Microphone) -> None:
    cut = microphone.begin("cut")
    pulse.kill()
    _, kept = cut.wait("failed")
    none_there = microphone.recorder.devices()
    pulse.start_another()

    assert (kept.frames > 0, none_there) == (True, ())
    assert microphone.answer("next").frames > 0


def test_a_device_that_is_put_to_sleep_stops_the_recording_and_can_be_used_again(
    pulse: Server, microphone: Microphone
) -> None:
    cut = microphone.begin("cut")
    for asleep in ("1", "0"):
        subprocess.run(["pactl", "suspend-sink", server.ROOM, asleep], check=True, timeout=10)
        if asleep == "1":
            error, kept = cut.wait("failed")

    assert (str(error), kept.frames > 0) == ("The microphone stopped delivering sound", True)
    assert microphone.answer("next").frames > 0


def test_a_microphone_that_is_plugged_in_between_two_answers_records_the_second(
    pulse: Server, microphone: Microphone
) -> None:
    microphone.answer("first")
    before = [device.name for device in microphone.recorder.devices()]
    pulse.plug_in()
    microphone.chosen = "interviewer_late"
    listener = microphone.begin("second")
    speak = ["pacat", "--playback", "--raw", "--format=float32le", "--channels=1", f"--rate={server.RATE_HZ}"]
    said = server.tone(700, 0.5).astype("<f4").tobytes()
    subprocess.run([*speak, "--latency-msec=30", "-d", "late"], input=said, check=True, timeout=20)
    listener.wait("level", times=len(listener.all("level")) + 12)
    microphone.recorder.stop(done=listener.stopped)
    samples, rate_hz = read_wav(listener.wait("stopped").path)
    after = [device.name for device in microphone.recorder.devices()]

    assert ("interviewer_late" in before, "interviewer_late" in after) == (False, True)
    assert server.energy_at(samples, 700, rate_hz=rate_hz) == pytest.approx(0.5, abs=0.05)
