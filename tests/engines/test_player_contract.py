"""What every Player promises, whether sound goes to PortAudio or to a file."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interviewer.core.errors import AudioError, DeviceError
from interviewer.core.models import Span
from interviewer.core.ports import Player
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.play_sounddevice import SoundDevicePlayer
from interviewer.engines.virtual import VirtualPlayer
from tests import sound_server as server
from tests.engines.listening import Events, read_wav, write_wav

SILENCE = np.zeros(server.RATE_HZ // 10, dtype=np.float32)
STEPS_HZ = (400, 600, 800, 1000, 1200, 1400, 1600, 1800)
STEP_S = 0.5
STAIRS = np.concatenate([server.tone(hz, STEP_S) for hz in STEPS_HZ])


@dataclass
class Room:
    """A player and what is heard of it: mono samples and their rate."""

    player: Player
    heard: Callable[[], tuple[np.ndarray, int]]
    """What was heard until now; for the end of a test."""

    def seconds_of(self, frequency_hz: float) -> float:
        samples, rate_hz = self.heard()
        return server.energy_at(samples, frequency_hz, rate_hz=rate_hz)

    def loud_s(self) -> float:
        samples, rate_hz = self.heard()
        return server.loud_s(samples, rate_hz=rate_hz)


def _virtual(tmp_path: Path) -> Iterator[Room]:
    keep = tmp_path / "heard.wav"
    player = VirtualPlayer(keep=keep)

    def heard() -> tuple[np.ndarray, int]:
        player.close()
        return read_wav(keep)

    yield Room(player, heard)
    player.close()


def _real() -> Iterator[Room]:
    audio = AudioThread()
    player = SoundDevicePlayer(audio, lambda: server.LOUDSPEAKERS)
    with server.Ear() as ear:
        yield Room(player, lambda: (ear.listen_for(0.2), server.RATE_HZ))
        player.close()
        audio.close()


@pytest.fixture(params=["virtual", pytest.param("sounddevice", marks=pytest.mark.audio)])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    if request.param == "sounddevice":
        request.getfixturevalue("sound_server")
    yield from _virtual(tmp_path) if request.param == "virtual" else _real()


@pytest.fixture
def stairs(tmp_path: Path) -> Path:
    """Four seconds, half a second of each of STEPS_HZ."""
    return write_wav(tmp_path / "stairs.wav", STAIRS, server.RATE_HZ)


def play(room: Room, path: Path, events: Events, **more: Any) -> None:
    room.player.play(
        path,
        done=events.noter("done"),
        failed=events.noter("failed"),
        position=events.noter("at"),
        **more,
    )


def wait_until_at(events: Events, seconds: float) -> float:
    """Wait for a position of at least so much, and return it."""
    seen = 0
    while True:
        seen += 1
        at_s = events.wait("at", times=seen)
        if at_s >= seconds:
            return at_s


def test_a_file_is_heard_to_its_end_before_done(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events)
    events.wait("done")

    assert room.seconds_of(440) == pytest.approx(1.0, abs=0.05)
    assert room.loud_s() == pytest.approx(1.0, abs=0.05)


def test_done_comes_once_and_last(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events)
    events.wait("done")
    room.player.close()

    assert events.names().count("done") == 1
    assert events.names()[-1] == "done"


def test_a_part_is_heard_and_nothing_else(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=1.0, end_s=1.5)
    events.wait("done")

    assert room.seconds_of(800) == pytest.approx(0.5, abs=0.05)
    assert room.loud_s() == pytest.approx(0.5, abs=0.05)


def test_positions_are_seconds_in_the_file(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=1.0, end_s=2.0)
    events.wait("done")

    positions = events.all("at")
    assert positions == sorted(positions)
    assert positions[0] == pytest.approx(1.0, abs=0.2)
    assert positions[-1] == pytest.approx(2.0, abs=0.2)


def test_a_stop_is_silent_at_once(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events)
    at_s = wait_until_at(events, 0.7)
    room.player.stop()

    # Twenty positions a second: what was heard ends within one of them and the promised 50 ms.
    assert room.loud_s() <= at_s + 0.15


def test_after_a_stop_nothing_is_called(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events)
    wait_until_at(events, 0.3)
    room.player.stop()
    seen = events.names()
    room.player.close()

    assert events.names() == seen
    assert "done" not in seen


def test_stopped_before_it_began_nothing_is_heard_or_called(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events)
    room.player.stop()
    room.player.close()

    assert events.names() == []


def test_a_pause_holds_and_resume_goes_on_in_the_same_place(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, end_s=2.0)
    wait_until_at(events, 0.7)
    room.player.pause()
    count = len(events.all("at"))
    room.player.resume()
    events.wait("at", times=count + 1)
    events.wait("done")

    # Every step in full: nothing was skipped, nothing was heard twice.
    for hz in STEPS_HZ[:4]:
        assert room.seconds_of(hz) == pytest.approx(STEP_S, abs=0.1)


def test_while_paused_no_time_passes(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events)
    wait_until_at(events, 0.3)
    room.player.pause()
    at_s = events.all("at")[-1]
    # Another second of life: long enough for three more steps had the pause not held.
    other = Events()
    clock = VirtualPlayer()
    clock.play(stairs, end_s=1.0, done=other.noter("done"), failed=other.noter("failed"))
    other.wait("done")
    clock.close()
    room.player.resume()
    count = len(events.all("at"))
    after_s = events.wait("at", times=count + 1)

    assert after_s <= at_s + 0.25


def test_seek_goes_on_from_another_place(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events)
    wait_until_at(events, 0.3)
    room.player.seek(3.0)
    events.wait("done")

    assert room.seconds_of(1000) == 0.0
    assert room.seconds_of(1600) == pytest.approx(STEP_S, abs=0.1)
    assert room.seconds_of(1800) == pytest.approx(STEP_S, abs=0.1)


def test_seek_while_paused_waits_for_resume(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events)
    wait_until_at(events, 0.2)
    room.player.pause()
    room.player.seek(3.5)
    room.player.resume()
    events.wait("done")

    assert room.seconds_of(1800) == pytest.approx(STEP_S, abs=0.1)
    assert room.seconds_of(1000) == 0.0


def test_paused_before_it_began_it_waits_for_resume(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events)
    room.player.pause()
    room.player.resume()
    events.wait("done")

    assert room.loud_s() == pytest.approx(1.0, abs=0.05)


def test_a_new_play_ends_the_old_one(room: Room, events: Events, stairs: Path, tone_file: Path) -> None:
    old = Events()
    play(room, stairs, old)
    wait_until_at(old, 0.2)
    play(room, tone_file, events, end_s=0.3)
    events.wait("done")
    room.player.close()

    assert "done" not in old.names()


def test_an_empty_part_is_done_at_once(room: Room, events: Events, tone_file: Path) -> None:
    play(room, tone_file, events, start_s=5.0, end_s=2.0)
    events.wait("done")

    assert room.loud_s() == 0.0


def test_a_file_that_is_no_sound_is_told(room: Room, events: Events, tmp_path: Path) -> None:
    path = tmp_path / "letter.wav"
    path.write_text("Dear Sir")
    play(room, path, events)

    assert isinstance(events.wait("failed"), AudioError)


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_another_speed_changes_the_length_and_not_the_pitch(
    room: Room, events: Events, stairs: Path, speed: float
) -> None:
    play(room, stairs, events, start_s=0.5, end_s=1.5, speed=speed)
    events.wait("done")

    assert room.loud_s() == pytest.approx(1.0 / speed, abs=0.08)
    for hz in STEPS_HZ[1:3]:
        assert room.seconds_of(hz) == pytest.approx(STEP_S / speed, abs=0.12)


def test_at_another_speed_positions_are_seconds_in_the_file(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=1.0, end_s=2.5, speed=1.5)
    events.wait("done")

    positions = events.all("at")
    assert positions == sorted(positions)
    assert positions[0] < 2.0
    assert positions[-1] == pytest.approx(2.5, abs=0.1)


def test_the_speed_changes_while_it_plays_and_nothing_is_skipped(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, end_s=2.0)
    wait_until_at(events, 0.75)
    room.player.set_speed(2.0)
    events.wait("done")

    assert room.seconds_of(400) == pytest.approx(STEP_S, abs=0.1)
    assert room.seconds_of(1000) == pytest.approx(STEP_S / 2, abs=0.1)


def test_a_speed_outside_its_bounds_is_the_nearest_inside(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, end_s=1.0, speed=50.0)
    events.wait("done")

    assert room.loud_s() == pytest.approx(0.5, abs=0.08)


def test_a_loop_is_gone_round_until_it_is_stopped(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=0.5, loop=Span(0.5, 1.0))
    # Its end and its beginning are heard three times.
    for _ in range(3):
        seen = len(events.all("at"))
        while events.wait("at", times=seen + 1) >= events.wait("at", times=seen):
            seen += 1
    room.player.stop()

    assert room.seconds_of(600) > 3 * STEP_S - 0.15
    assert room.seconds_of(800) == 0.0
    assert "done" not in events.names()


def test_positions_in_a_loop_stay_inside_it(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=0.6, speed=2.0, loop=Span(0.5, 1.0))
    events.wait("at", times=30)
    room.player.stop()

    assert all(0.5 - 1e-6 <= at <= 1.0 + 1e-6 for at in events.all("at"))


def test_a_loop_that_is_ended_goes_on_to_the_end(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=3.0, loop=Span(3.0, 3.5))
    events.wait("at", times=15)
    room.player.set_loop(None)
    events.wait("done")

    assert room.seconds_of(1800) == pytest.approx(STEP_S, abs=0.1)


def test_a_loop_may_begin_while_it_plays(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events)
    wait_until_at(events, 0.2)
    room.player.set_loop(Span(0.0, 0.5))
    events.wait("at", times=30)
    room.player.stop()

    assert room.seconds_of(400) > STEP_S
    assert room.seconds_of(600) == 0.0


def test_a_place_behind_the_loop_plays_to_the_end(room: Room, events: Events, stairs: Path) -> None:
    play(room, stairs, events, start_s=3.0, loop=Span(0.5, 1.0))
    events.wait("done")

    assert room.seconds_of(1800) == pytest.approx(STEP_S, abs=0.1)
    assert room.seconds_of(600) == 0.0


def test_a_file_that_was_read_ahead_is_heard_as_it_is_now(room: Room, events: Events, tone_file: Path) -> None:
    room.player.prepare(tone_file)
    play(room, tone_file, events, end_s=0.2)
    events.wait("done")
    write_wav(tone_file, server.tone(1200, 0.5, rate_hz=16_000))
    play(room, tone_file, events)
    events.wait("done", times=2)

    assert room.seconds_of(440) == pytest.approx(0.2, abs=0.05)
    assert room.seconds_of(1200) == pytest.approx(0.5, abs=0.05)


def test_a_file_that_cannot_be_read_ahead_is_told_when_it_is_played(room: Room, events: Events, tmp_path: Path) -> None:
    room.player.prepare(tmp_path / "nothing.wav")
    play(room, tmp_path / "nothing.wav", events)

    assert isinstance(events.wait("failed"), AudioError)


def test_there_is_a_default_loudspeaker(room: Room) -> None:
    assert [device.is_default for device in room.player.devices()].count(True) == 1


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_an_unknown_loudspeaker_is_told_by_its_name(audio: AudioThread, events: Events, tone_file: Path) -> None:
    player = SoundDevicePlayer(audio, lambda: "Grandfather's wireless")
    player.play(tone_file, done=events.noter("done"), failed=events.noter("failed"))
    error = events.wait("failed")
    player.close()

    assert "Grandfather's wireless" in str(error)


@pytest.mark.audio
@pytest.mark.usefixtures("sound_server")
def test_a_server_that_dies_is_told(
    events: Events, stairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.private_server(tmp_path / "pulse") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        audio = AudioThread()
        player = SoundDevicePlayer(audio, lambda: None)
        play(Room(player, lambda: (np.zeros(0), 1)), stairs, events)
        wait_until_at(events, 0.2)
        subprocess.run(["kill", "-9", environment["SERVER_PID"]], check=True)
        error = events.wait("failed")
        player.close()
        audio.close()

    assert isinstance(error, DeviceError)
