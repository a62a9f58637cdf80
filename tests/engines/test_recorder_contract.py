"""What every Recorder promises, whether sound comes from PortAudio or from files."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.ports import Recorder
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.record_sounddevice import SoundDeviceRecorder
from interviewer.engines.recording import MakeWriter, Writer
from interviewer.engines.virtual import VirtualRecorder
from interviewer.store.recordings import WavWriter
from tests import sound_server as server
from tests.engines.listening import Events, Listener, read_wav, write_wav

SILENCE = np.zeros(server.RATE_HZ // 5, dtype=np.float32)
PATTERN = np.concatenate([server.tone(500, 0.6), SILENCE, server.tone(1000, 0.4), SILENCE])


@dataclass
class Studio:
    """A recorder and somebody who speaks into it."""

    recorder: Recorder
    answer: Callable[[], None]
    """Says PATTERN into the running recording and returns when it is over."""


def _virtual(tmp_path: Path, make_writer: MakeWriter) -> Iterator[Studio]:
    said = Events()
    file = write_wav(tmp_path / "answer.wav", PATTERN, server.RATE_HZ)
    recorder = VirtualRecorder(lambda: file, make_writer, speed=4.0, finished=said.noter("said"))
    yield Studio(recorder, lambda: said.wait("said") and None)
    recorder.close()


def _real(make_writer: MakeWriter) -> Iterator[Studio]:
    audio = AudioThread()
    recorder = SoundDeviceRecorder(audio, lambda: server.MICROPHONE, make_writer)

    def answer() -> None:
        with server.Ear(f"{server.ROOM}.monitor") as ear:
            assert server.speak_into_microphone(PATTERN).wait(20) == 0
            # The recorder hears with some delay; by samples, not by the clock.
            ear.listen_for(0.4)

    yield Studio(recorder, answer)
    recorder.close()
    audio.close()


KINDS = ["virtual", pytest.param("sounddevice", marks=pytest.mark.audio)]


@pytest.fixture(params=KINDS)
def make_studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[MakeWriter], Studio]]:
    made: list[Iterator[Studio]] = []
    if request.param == "sounddevice":
        request.getfixturevalue("sound_server")

    def make(make_writer: MakeWriter) -> Studio:
        made.append(_virtual(tmp_path, make_writer) if request.param == "virtual" else _real(make_writer))
        return next(made[-1])

    yield make
    for studio in made:
        assert next(studio, None) is None


@pytest.fixture
def studio(make_studio: Callable[[MakeWriter], Studio]) -> Studio:
    return make_studio(WavWriter)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clip.wav"


def test_what_was_said_is_in_the_clip(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.answer()
    studio.recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    samples, rate_hz = read_wav(path)
    assert server.energy_at(samples, 500, rate_hz=rate_hz) == pytest.approx(0.6, abs=0.05)
    assert server.energy_at(samples, 1000, rate_hz=rate_hz) == pytest.approx(0.4, abs=0.05)


def test_what_was_said_is_as_long_as_it_was(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.answer()
    studio.recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    samples, rate_hz = read_wav(path)
    assert server.loud_s(samples, rate_hz=rate_hz) == pytest.approx(1.2, abs=0.03)


def test_the_clip_counts_the_frames_of_its_file(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level", times=3)
    studio.recorder.stop(done=listener.stopped)
    clip = listener.wait("stopped")

    samples, rate_hz = read_wav(path)
    assert (clip.path, clip.frames, clip.sample_rate_hz) == (path, len(samples), rate_hz)


def test_started_comes_once_and_before_any_level(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level", times=5)
    studio.recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    assert listener.names()[0] == "started"
    assert listener.names().count("started") == 1


def test_levels_show_how_loud_it_was(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.answer()
    studio.recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    assert max(listener.all("level")) == pytest.approx(0.3, abs=0.05)


def test_levels_come_twenty_times_a_second_of_sound(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.answer()
    studio.recorder.stop(done=listener.stopped)
    clip = listener.wait("stopped")

    assert 14 <= len(listener.all("level")) / clip.seconds <= 21


def test_what_is_said_while_paused_is_not_kept(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level")
    studio.recorder.pause()
    studio.answer()
    studio.recorder.resume()
    kept = len(listener.all("level"))
    listener.wait("level", times=kept + 6)
    studio.recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    samples, rate_hz = read_wav(path)
    assert server.energy_at(samples, 1000, rate_hz=rate_hz) == 0.0


def test_a_pause_is_no_gap(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level", times=5)
    studio.recorder.pause()
    studio.answer()
    studio.recorder.resume()
    kept = len(listener.all("level"))
    listener.wait("level", times=kept + 6)
    studio.recorder.stop(done=listener.stopped)
    clip = listener.wait("stopped")

    assert clip.gap_ms < 200


def test_a_stop_without_a_recording_calls_nobody(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.stop(done=listener.stopped)
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.recorder.close()

    assert "stopped" not in listener.names()


def test_a_second_stop_calls_nobody(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("started")
    studio.recorder.stop(done=listener.stopped)
    studio.recorder.stop(done=listener.noter("again"))
    listener.wait("stopped")
    studio.recorder.close()

    assert "again" not in listener.names()


def test_stopped_before_the_first_sound_it_fails_without_a_clip(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    studio.recorder.stop(done=listener.stopped)
    error, clip = listener.wait("failed")

    assert "Nothing was recorded" in str(error)
    assert clip is None
    assert not path.exists()


def test_close_completes_the_file(studio: Studio, listener: Listener, path: Path) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level", times=3)
    studio.recorder.close()

    samples, _ = read_wav(path)
    assert len(samples) > 0


def test_a_second_recording_is_a_file_of_its_own(
    studio: Studio, listener: Listener, path: Path, tmp_path: Path
) -> None:
    studio.recorder.start(path, listener=listener)
    listener.wait("level", times=3)
    second = Listener()
    studio.recorder.start(tmp_path / "second.wav", listener=second)
    second.wait("level", times=3)
    studio.recorder.stop(done=second.stopped)
    clip = second.wait("stopped")
    studio.recorder.close()

    assert clip.path == tmp_path / "second.wav"
    assert read_wav(path)[1] == clip.sample_rate_hz


class FullDisk:
    """A writer whose disk is full after some blocks; what came before is kept."""

    def __init__(self, path: Path, sample_rate_hz: int) -> None:
        self._writer: Writer = WavWriter(path, sample_rate_hz)
        self._room = sample_rate_hz // 4

    @property
    def frames(self) -> int:
        return self._writer.frames

    @property
    def left_s(self) -> float | None:
        return self._writer.left_s

    def write(self, samples: np.ndarray) -> None:
        if self.frames > self._room:
            raise StoreError("The disk is full")
        self._writer.write(samples)

    def finish(self) -> object:
        return self._writer.finish()

    def abandon(self) -> None:
        self._writer.abandon()


def test_when_the_disk_is_full_what_was_kept_is_told(
    make_studio: Callable[[MakeWriter], Studio], listener: Listener, path: Path
) -> None:
    recorder = make_studio(FullDisk).recorder
    recorder.start(path, listener=listener)
    error, clip = listener.wait("failed")

    assert isinstance(error, StoreError)
    assert clip.frames == len(read_wav(path)[0]) > 0


def test_after_a_failure_stop_calls_nobody(
    make_studio: Callable[[MakeWriter], Studio], listener: Listener, path: Path
) -> None:
    recorder = make_studio(FullDisk).recorder
    recorder.start(path, listener=listener)
    listener.wait("failed")
    recorder.stop(done=listener.stopped)
    recorder.close()

    assert "stopped" not in listener.names()


def test_a_file_that_cannot_be_created_is_told(studio: Studio, listener: Listener, tmp_path: Path) -> None:
    studio.recorder.start(tmp_path / "no folder" / "clip.wav", listener=listener)
    error, clip = listener.wait("failed")

    assert isinstance(error, InterviewerError)
    assert clip is None


def test_there_is_a_default_microphone(studio: Studio) -> None:
    devices = studio.recorder.devices()

    assert [device.is_default for device in devices].count(True) == 1


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_a_microphone_without_a_single_sound_is_told(audio: AudioThread, listener: Listener, path: Path) -> None:
    # Nobody speaks, and a virtual room has no noise: exact zeros, as of a refused permission.
    recorder = SoundDeviceRecorder(audio, lambda: server.MICROPHONE, WavWriter)
    recorder.start(path, listener=listener)
    listener.wait("silent")
    recorder.stop(done=listener.stopped)
    clip = listener.wait("stopped")

    assert clip.seconds >= 2.0
    assert not read_wav(path)[0].any()


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_an_unknown_microphone_is_told_by_its_name(audio: AudioThread, listener: Listener, path: Path) -> None:
    recorder = SoundDeviceRecorder(audio, lambda: "Grandmother's gramophone", WavWriter)
    recorder.start(path, listener=listener)
    error, clip = listener.wait("failed")

    assert "Grandmother's gramophone" in str(error)
    assert "Settings" in error.hint
    assert clip is None


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_a_server_that_dies_leaves_the_clip(
    listener: Listener, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.private_server(tmp_path / "pulse") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        audio = AudioThread()
        recorder = SoundDeviceRecorder(audio, lambda: None, WavWriter)
        recorder.start(path, listener=listener)
        listener.wait("level", times=3)
        subprocess.run(["kill", "-9", environment["SERVER_PID"]], check=True)
        error, clip = listener.wait("failed")
        recorder.close()
        audio.close()

    assert "microphone" in str(error)
    assert clip.frames == len(read_wav(path)[0]) > 0


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_a_server_that_freezes_leaves_the_clip(
    listener: Listener, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.private_server(tmp_path / "pulse") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        pid = int(environment["SERVER_PID"])
        audio = AudioThread()
        recorder = SoundDeviceRecorder(audio, lambda: None, WavWriter)
        recorder.start(path, listener=listener)
        listener.wait("level", times=3)
        os.kill(pid, signal.SIGSTOP)
        try:
            error, clip = listener.wait("failed")
        finally:
            os.kill(pid, signal.SIGCONT)
        recorder.close()
        audio.close()

    assert "stopped delivering" in str(error)
    assert clip.frames == len(read_wav(path)[0]) > 0
