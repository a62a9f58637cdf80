"""How microphones and loudspeakers are opened and what PortAudio's thread is given, over a made-up PortAudio."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import DeviceError
from interviewer.engines import play_sounddevice, record_sounddevice
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.play_sounddevice import SoundDevicePlayer
from interviewer.engines.record_sounddevice import SoundDeviceRecorder
from interviewer.store.recordings import WavWriter
from tests.engines.fake_sound import FakeSound, PortAudioError, Stream
from tests.engines.listening import WAIT_S, Events, Listener, read_wav


@pytest.fixture
def sound() -> FakeSound:
    return FakeSound()


@pytest.fixture
def recorder(sound: FakeSound) -> Iterator[SoundDeviceRecorder]:
    audio = AudioThread(load=lambda: sound)
    made = SoundDeviceRecorder(audio, lambda: None, WavWriter)
    yield made
    made.close()
    audio.close()


@pytest.fixture
def player(sound: FakeSound) -> Iterator[SoundDevicePlayer]:
    audio = AudioThread(load=lambda: sound)
    made = SoundDevicePlayer(audio, lambda: None)
    yield made
    made.close()
    audio.close()


def recording(recorder: SoundDeviceRecorder, sound: FakeSound, path: Path, listener: Listener) -> Stream:
    opened = threading.Event()
    sound.on_open = opened.set
    recorder.start(path, listener=listener)
    assert opened.wait(WAIT_S)
    # `devices` goes through the audio thread too, so by now the stream is there.
    recorder.devices()
    return sound.opened[-1]


def playing(player: SoundDevicePlayer, sound: FakeSound, path: Path, events: Events, **more: float) -> Stream:
    opened = threading.Event()
    sound.on_open = opened.set
    player.play(path, done=events.noter("done"), failed=events.noter("failed"), **more)
    assert opened.wait(WAIT_S)
    player.devices()
    assert sound.opened[-1].started.wait(WAIT_S)
    return sound.opened[-1]


def give(stream: Stream, block: np.ndarray) -> None:
    stream.wanted["callback"](block, len(block), None, None)


def take(stream: Stream, frames: int, dac_s: float = 0.0) -> np.ndarray:
    out = np.full((frames, stream.wanted["channels"]), 9.0, dtype=np.float32)
    stream.wanted["callback"](out, frames, SimpleNamespace(outputBufferDacTime=dac_s, currentTime=0.0), None)
    return out


def test_a_microphone_is_opened_as_mono_at_its_own_rate(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)

    assert (stream.wanted["channels"], stream.wanted["samplerate"]) == (1, 48000)
    assert stream.started.is_set()


def test_of_a_microphone_that_refuses_mono_the_mean_is_kept(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    sound.refuses = lambda wanted: wanted["channels"] == 1
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)
    give(stream, np.tile(np.array([0.5, 0.25], dtype=np.float32), (4800, 1)))
    recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    assert stream.wanted["channels"] == 2
    assert read_wav(tmp_path / "clip.wav")[0] == pytest.approx(0.375, abs=1e-4)


def test_a_block_is_a_copy(recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener) -> None:
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)
    buffer = np.full((4800, 1), 0.5, dtype=np.float32)
    give(stream, buffer)
    # PortAudio uses its buffer again as soon as the callback returned.
    buffer[:] = -0.5
    recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    assert read_wav(tmp_path / "clip.wav")[0] == pytest.approx(0.5, abs=1e-4)


def test_a_microphone_that_refuses_everything_is_told(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    sound.refuses = lambda _wanted: True
    recorder.start(tmp_path / "clip.wav", listener=listener)
    error, _ = listener.wait("failed")

    assert "Built-in" in str(error)
    assert "refused 1 channels" in str(error)


def test_a_microphone_that_does_not_start_is_told_and_closed(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Stream) -> None:
        raise PortAudioError("unavailable", -9985)

    monkeypatch.setattr(Stream, "start", refuse)
    recorder.start(tmp_path / "clip.wav", listener=listener)
    error, _ = listener.wait("failed")

    assert isinstance(error, DeviceError)
    assert sound.opened[-1].closed.wait(WAIT_S)


def test_a_broken_block_ends_the_recording_with_its_clip(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)
    give(stream, np.full((480, 1), 0.5, dtype=np.float32))
    stream.wanted["callback"](None, 480, None, None)
    error, clip = listener.wait("failed")

    assert isinstance(error, DeviceError)
    assert clip.frames == 480


def test_a_microphone_that_was_pulled_out_is_told(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)
    stream.wanted["finished_callback"]()

    assert "disconnected" in str(listener.wait("failed")[0])


def test_a_stop_closes_the_microphone(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    stream = recording(recorder, sound, tmp_path / "clip.wav", listener)
    give(stream, np.full((480, 1), 0.5, dtype=np.float32))
    recorder.stop(done=listener.stopped)
    listener.wait("stopped")

    assert stream.closed.wait(WAIT_S)
    assert "failed" not in listener.names()


def test_a_microphone_that_opens_too_late_is_closed_again(
    recorder: SoundDeviceRecorder,
    sound: FakeSound,
    tmp_path: Path,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_sounddevice, "OPEN_S", 0.05)
    asked = threading.Event()
    sound.on_open = lambda: asked.wait(WAIT_S) and None
    recorder.start(tmp_path / "clip.wav", listener=listener)
    error, _ = listener.wait("failed")
    recorder.close()
    asked.set()
    wait_for(lambda: bool(sound.opened))

    assert "does not answer" in str(error)
    assert sound.opened[-1].closed.wait(WAIT_S)
    assert not sound.opened[-1].started.is_set()


def test_a_microphone_that_fails_is_let_go_of_before_others_are_looked_for(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    seen: list[tuple[str, ...]] = []

    class Looks(Listener):
        def recording_failed(self, error: Any, clip: Any) -> None:
            sound.plugged_in = ["Headset"]
            seen.append(tuple(device.name for device in recorder.devices()))
            self.note("failed")

    looks = Looks()
    stream = recording(recorder, sound, tmp_path / "clip.wav", looks)
    stream.wanted["finished_callback"]()
    looks.wait("failed")

    assert seen == [("Built-in", "Headset")]


def test_before_a_recording_new_devices_are_looked_for(
    recorder: SoundDeviceRecorder, sound: FakeSound, tmp_path: Path, listener: Listener
) -> None:
    recording(recorder, sound, tmp_path / "clip.wav", listener)

    assert sound.restarts == 1


def wait_for(true: Any) -> None:
    """Wait until something is so that nobody tells."""
    ticks = threading.Event()
    for _ in range(500):
        if true():
            return
        ticks.wait(0.02)
    raise AssertionError("it did not become so")


def test_a_loudspeaker_is_given_the_same_on_all_channels(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    out = take(playing(player, sound, tone_file, events), 4800)

    assert out.shape == (4800, 2)
    assert np.array_equal(out[:, 0], out[:, 1])
    assert np.abs(out).max() == pytest.approx(0.3, abs=0.01)


def test_a_loudspeaker_that_has_one_channel_is_given_one(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    sound.refuses = lambda wanted: wanted["channels"] == 2

    assert take(playing(player, sound, tone_file, events), 480).shape == (480, 1)


def test_a_loudspeaker_that_refuses_everything_says_to_choose_another(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    sound.refuses = lambda _wanted: True
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))

    assert "another loudspeaker" in events.wait("failed").hint


def test_a_loudspeaker_that_does_not_start_says_to_choose_another(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Stream) -> None:
        raise PortAudioError("unavailable", -9985)

    monkeypatch.setattr(Stream, "start", refuse)
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))

    assert "another loudspeaker" in events.wait("failed").hint


def test_a_clock_that_is_out_of_order_is_not_believed(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    # Believed, it would say that the end is heard in a week.
    take(playing(player, sound, tone_file, events), 48_000, dac_s=600_000.0)
    take(sound.opened[-1], 480, dac_s=600_000.0)

    assert player._playback is not None
    wait_for(lambda: player._playback.heard_s > 0.0)


def test_a_callback_that_fails_is_told_and_silent(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    stream = playing(player, sound, tone_file, events)
    out = np.full((480, 2), 9.0, dtype=np.float32)
    stream.wanted["callback"](out, 480, None, None)

    error = events.wait("failed")
    assert isinstance(error, DeviceError)
    assert "another loudspeaker" in error.hint
    assert not out.any()


def test_a_loudspeaker_that_was_pulled_out_is_told(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    stream = playing(player, sound, tone_file, events)
    # Started is told before the start has returned.
    player.devices()
    stream.wanted["finished_callback"]()
    error = events.wait("failed")

    assert "disconnected" in str(error)
    assert "another loudspeaker" in error.hint


def test_a_pause_is_no_disconnection(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events
) -> None:
    stream = playing(player, sound, tone_file, events, end_s=0.1)
    player.pause()
    player.devices()
    stream.wanted["finished_callback"]()
    player.resume()
    player.devices()
    take(stream, 4800)
    events.wait("done")

    assert events.names() == ["done"]


def test_a_loudspeaker_that_does_not_start_is_told(
    player: SoundDevicePlayer, tone_file: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Stream) -> None:
        raise PortAudioError("unavailable", -9985)

    monkeypatch.setattr(Stream, "start", refuse)
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))

    assert "did not start" in str(events.wait("failed"))


def test_a_loudspeaker_that_opens_too_late_is_closed_again(
    player: SoundDevicePlayer, sound: FakeSound, tone_file: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play_sounddevice, "OPEN_S", 0.05)
    asked = threading.Event()
    sound.on_open = lambda: asked.wait(WAIT_S) and None
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))
    error = events.wait("failed")
    asked.set()
    wait_for(lambda: bool(sound.opened))

    assert "does not answer" in str(error)
    assert sound.opened[-1].closed.wait(WAIT_S)
