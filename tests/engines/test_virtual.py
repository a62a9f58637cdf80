"""What only the virtual sound card does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import AudioError, DeviceError, StoreError
from interviewer.engines.virtual import VirtualPlayer, VirtualRecorder
from interviewer.store.recordings import WavWriter
from tests.engines.listening import Events, Listener, read_wav, write_wav
from tests.sound_server import tone


def test_each_recording_takes_the_next_answer(tmp_path: Path) -> None:
    files = [write_wav(tmp_path / f"answer{n}.wav", np.full(8000, 0.2 * (n + 1))) for n in range(2)]
    said = Events()
    answers = iter(files)
    recorder = VirtualRecorder(lambda: next(answers), WavWriter, speed=20.0, finished=said.noter("said"))
    peaks = []
    for n in range(2):
        listener = Listener()
        recorder.start(tmp_path / f"clip{n}.wav", listener=listener)
        said.wait("said", times=n + 1)
        recorder.stop(done=listener.stopped)
        listener.wait("stopped")
        peaks.append(float(read_wav(tmp_path / f"clip{n}.wav")[0].max()))
    recorder.close()

    assert peaks == pytest.approx([0.2, 0.4], abs=1e-3)


def test_the_answer_is_kept_sample_by_sample(tmp_path: Path, listener: Listener) -> None:
    answer = np.random.default_rng(3).uniform(-0.5, 0.5, 12_345)
    file = write_wav(tmp_path / "answer.wav", answer)
    said = Events()
    recorder = VirtualRecorder(lambda: file, WavWriter, speed=20.0, finished=said.noter("said"))
    recorder.start(tmp_path / "clip.wav", listener=listener)
    said.wait("said")
    recorder.stop(done=listener.stopped)
    listener.wait("stopped")
    recorder.close()

    assert np.array_equal(read_wav(tmp_path / "clip.wav")[0][:12_345], read_wav(file)[0])


def test_after_the_answer_the_room_is_quiet_and_alive(tmp_path: Path, tone_file: Path, listener: Listener) -> None:
    said = Events()
    recorder = VirtualRecorder(lambda: tone_file, WavWriter, speed=20.0, finished=said.noter("said"))
    recorder.start(tmp_path / "clip.wav", listener=listener)
    said.wait("said")
    count = len(listener.all("level"))
    listener.wait("level", times=count + 45)
    recorder.stop(done=listener.stopped)
    listener.wait("stopped")
    recorder.close()

    room = read_wav(tmp_path / "clip.wav")[0][16_000:]
    assert len(room) > 16_000
    assert 0 < np.abs(room).max() < 0.002
    assert "silent" not in listener.names()


def test_a_candidate_with_nothing_to_say_has_finished_at_once(tmp_path: Path, listener: Listener) -> None:
    said = Events()
    recorder = VirtualRecorder(lambda: None, WavWriter, speed=20.0, finished=said.noter("said"))
    recorder.start(tmp_path / "clip.wav", listener=listener)
    said.wait("said")
    recorder.close()

    assert said.names() == ["said"]


def test_a_virtual_device_loses_nothing(tmp_path: Path, tone_file: Path, listener: Listener) -> None:
    said = Events()
    recorder = VirtualRecorder(lambda: tone_file, WavWriter, speed=50.0, finished=said.noter("said"))
    recorder.start(tmp_path / "clip.wav", listener=listener)
    said.wait("said")
    recorder.stop(done=listener.stopped)
    clip = listener.wait("stopped")
    recorder.close()

    assert clip.gap_ms == 0


def test_an_answer_that_cannot_be_read_is_told(tmp_path: Path, listener: Listener) -> None:
    recorder = VirtualRecorder(lambda: tmp_path / "gone.flac", WavWriter)
    recorder.start(tmp_path / "clip.wav", listener=listener)
    error, clip = listener.wait("failed")

    assert isinstance(error, AudioError)
    assert clip is None


def test_everything_that_was_played_is_in_one_file(tmp_path: Path, events: Events) -> None:
    low = write_wav(tmp_path / "low.wav", tone(400, 0.3, rate_hz=16_000))
    high = write_wav(tmp_path / "high.wav", tone(800, 0.3, rate_hz=16_000))
    player = VirtualPlayer(keep=tmp_path / "heard.wav", speed=5.0)
    for n, path in enumerate((low, high)):
        player.play(path, done=events.noter("done"), failed=events.noter("failed"))
        events.wait("done", times=n + 1)
    player.close()

    heard, _ = read_wav(tmp_path / "heard.wav")
    assert len(heard) / 16_000 == pytest.approx(0.6, abs=0.1)
    assert np.corrcoef(heard[800:4000], read_wav(low)[0][800:4000])[0, 1] > 0.99


def test_silence_within_a_file_is_kept(tmp_path: Path, events: Events) -> None:
    pip = tone(400, 0.1, rate_hz=16_000)
    path = write_wav(tmp_path / "pips.wav", np.concatenate([pip, np.zeros(16_000), pip]))
    player = VirtualPlayer(keep=tmp_path / "heard.wav", speed=5.0)
    player.play(path, done=events.noter("done"), failed=events.noter("failed"))
    events.wait("done")
    player.close()

    assert len(read_wav(tmp_path / "heard.wav")[0]) / 16_000 == pytest.approx(1.2, abs=0.051)


def test_a_file_that_cannot_be_created_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        VirtualPlayer(keep=tmp_path / "no folder" / "heard.wav")


def test_a_disk_that_is_full_is_told(tmp_path: Path, tone_file: Path, events: Events) -> None:
    player = VirtualPlayer(keep=tmp_path / "heard.wav")

    def full(_data: bytes) -> None:
        raise OSError(28, "No space left on device")

    assert player._file is not None
    player._file.writeframes = full
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))
    error = events.wait("failed")
    player.close()

    assert isinstance(error, DeviceError)
    assert "No space left" in str(error)
