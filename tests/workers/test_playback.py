"""Clips are played one at a time, read ahead while they are looked at, and their outlines taken."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.models import Span
from interviewer.workers.door import Door
from interviewer.workers.playback import Playback
from tests.workers.fakes import FakePlayer, FakeSpeaker


@pytest.fixture
def player() -> FakePlayer:
    return FakePlayer()


@pytest.fixture
def playback(qtbot: QtBot, player: FakePlayer) -> Iterator[Playback]:
    door = Door()
    made = Playback(player, FakeSpeaker(), door)
    yield made
    made.close()
    door.close()


def test_a_clip_is_played_at_a_speed_and_round_a_loop(playback: Playback, player: FakePlayer, tmp_path: Path) -> None:
    playback.play(tmp_path / "clip.wav", 1.0, 2.0, speed=0.5, loop=Span(1.0, 1.5))
    assert player.course == (1.0, 2.0, 0.5, Span(1.0, 1.5))


def test_a_place_that_a_clip_told_too_late_is_not_that_of_the_next(
    qtbot: QtBot, playback: Playback, player: FakePlayer, tmp_path: Path
) -> None:
    playback.play(tmp_path / "one.wav", 0.0, None)
    late = player.position
    playback.play(tmp_path / "two.wav", 0.0, None)
    told: list[float] = []
    playback.played_to.connect(told.append)
    late(9.0)  # type: ignore[misc]
    player.position(1.0)  # type: ignore[misc]
    qtbot.waitUntil(lambda: bool(told))
    assert told == [1.0]


def test_only_the_clip_that_was_read_ahead_last_is_let_go_of(
    playback: Playback, player: FakePlayer, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.wav", tmp_path / "two.wav"
    playback.prepare(one)
    playback.prepare(two)
    playback.release(one)
    playback.release(two)
    assert player.moves == ["prepare one.wav", "prepare two.wav", "prepare None"]


def test_the_outline_of_a_clip_is_taken(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000))
    with qtbot.waitSignal(playback.wave_loaded) as loaded:
        playback.load_wave(path)
    assert loaded.args[0] == path
    assert loaded.args[1].seconds == 1.0


def test_a_clip_that_cannot_be_read_has_no_outline(qtbot: QtBot, playback: Playback, tmp_path: Path) -> None:
    with qtbot.waitSignal(playback.wave_loaded) as loaded:
        playback.load_wave(tmp_path / "nothing.wav")
    assert loaded.args[1] is None
