"""Sound that does not come: told while it is missing, never glued over, and kept up to there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.models import Clip
from interviewer.engines import block
from interviewer.engines import recording as module
from interviewer.engines.block import Block, GapMeter
from interviewer.engines.recording import Recording
from interviewer.store.recordings import WavWriter
from tests.engines.by_hand import LOUD, RATE_HZ, ByHand
from tests.engines.listening import Listener, read_wav


@dataclass
class Clock:
    """Time that passes when a test says so."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source() -> ByHand:
    return ByHand()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clip.wav"


@pytest.fixture
def start(path: Path, source: ByHand, listener: Listener, clock: Clock) -> Iterator[Callable[..., Recording]]:
    running: list[Recording] = []

    def begin(writer: type[WavWriter] = WavWriter) -> Recording:
        running.append(Recording(source, path, writer, listener, clock=clock))
        running[-1].start()
        assert source.opened.wait(5)
        return running[-1]

    yield begin
    for recording in running:
        recording.close()


def finish(recording: Recording, listener: Listener) -> Clip:
    recording.stop(listener.stopped)
    return listener.wait("stopped")


def test_what_comes_after_a_sleep_is_not_glued_to_what_was_said_before(
    start: Callable[..., Recording], source: ByHand, listener: Listener, path: Path
) -> None:
    start()
    for _ in range(3):
        source.give(LOUD)
    source.give(-LOUD, late_s=34.0)
    error, clip = listener.wait("failed")

    assert str(error) == "The computer slept, or the microphone stopped, for 34 s"
    assert (clip.frames, clip.gap_ms) == (1200, 0)
    assert read_wav(path)[0].min() > 0.4


def test_a_sleep_in_the_middle_of_a_pause_is_none(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    source.give(LOUD)
    recording.pause()
    source.give(LOUD, late_s=3600.0)
    recording.resume()
    source.give(LOUD, late_s=60.0)

    clip = finish(recording, listener)
    assert (clip.frames, clip.gap_ms) == (800, 0)


def test_a_short_stall_whose_sound_comes_after_all_is_no_gap(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    for _ in range(20):
        source.give(LOUD)
    source.give(LOUD, late_s=1.9)
    for _ in range(38):
        # All at once: each lasts a twentieth of a second and comes that much too early.
        source.give(LOUD, late_s=-0.05)
    for _ in range(20):
        source.give(LOUD)

    clip = finish(recording, listener)
    assert (clip.frames, clip.gap_ms) == (79 * 400, 0)
    assert "missing" not in listener.names()


def test_missing_sound_is_told_while_the_recording_goes_on(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    for _ in range(20):
        source.give(LOUD)
    source.give(LOUD, late_s=0.43)
    for _ in range(20):
        source.give(LOUD)
    told = listener.wait("missing")

    assert told == 400
    assert finish(recording, listener).gap_ms == 430
    assert listener.all("missing") == [400]


def test_a_gap_below_a_syllable_is_kept_and_not_told(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    for _ in range(20):
        source.give(LOUD)
    source.give(LOUD, late_s=0.15)
    for _ in range(20):
        source.give(LOUD)

    assert finish(recording, listener).gap_ms == 150
    assert "missing" not in listener.names()


def test_after_a_quiet_stretch_that_lasted_far_too_long_nobody_can_say_who_slept(
    start: Callable[..., Recording], source: ByHand, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0.05)
    start()
    source.give(LOUD)
    listener.wait("started")
    clock.now_s += 500.0
    error, clip = listener.wait("failed")

    assert str(error) == "The computer slept, or the microphone stopped, for 8 min"
    assert clip.frames == 400


def test_the_device_is_let_go_of_before_its_failure_is_told(path: Path, source: ByHand) -> None:
    ended: list[bool] = []

    class Asks(Listener):
        def recording_failed(self, error: object, clip: Clip | None) -> None:
            ended.append(source.ended.is_set())
            self.note("failed")

    listener = Asks()
    recording = Recording(source, path, WavWriter, listener)
    recording.start()
    assert source.opened.wait(5)
    source.give(LOUD)
    source.lost(DeviceError("gone"))
    listener.wait("failed")
    recording.close()

    assert ended == [True]


class Lossy(WavWriter):
    """A writer whose disk fails at the end, once."""

    failures = 1

    def finish(self) -> Clip:
        if self.failures:
            self.failures -= 1
            self._close()
            raise StoreError("The disk is gone")
        return super().finish()


def test_an_answer_whose_file_cannot_be_completed_is_kept_with_the_reason(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start(Lossy)
    source.give(LOUD)
    recording.stop(listener.stopped)
    error, clip = listener.wait("failed")

    assert str(error) == "The disk is gone"
    assert clip.frames == 400


class Shrinking(WavWriter):
    """A disk with room for 31 minutes, of which each second of sound takes one."""

    @property
    def left_s(self) -> float | None:
        return 31 * 60.0 - 60 * (self.frames // RATE_HZ)


def test_the_minutes_left_are_told_under_thirty(
    start: Callable[..., Recording], source: ByHand, listener: Listener
) -> None:
    recording = start(Shrinking)
    for _ in range(20 * 4):
        source.give(LOUD)
    finish(recording, listener)

    assert listener.all("space") == [29, 28, 27]


def test_the_clock_of_blocks_goes_on_while_the_computer_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = {7: 1000.0, 1: 900.0}
    monkeypatch.setattr(block.time, "clock_gettime", clocks.__getitem__)
    monkeypatch.setattr(block.time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(block.time, "CLOCK_MONOTONIC", 1, raising=False)
    found = {}
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr(block.sys, "platform", platform)
        found[platform] = block._sleepless_clock()

    assert found == {"linux": 7, "darwin": 1, "win32": None}


@pytest.mark.parametrize(("clock", "now_s"), [(7, 1000.0), (None, 900.0)])
def test_where_no_clock_is_named_python_s_own_counts_sleep(
    clock: int | None, now_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block, "_CLOCK", clock)
    monkeypatch.setattr(block.time, "clock_gettime", {7: 1000.0}.__getitem__, raising=False)
    monkeypatch.setattr(block.time, "monotonic", lambda: 900.0)
    assert block.now_s() == now_s


def test_the_first_block_of_a_stretch_follows_on_nothing() -> None:
    gaps = GapMeter(RATE_HZ)
    first = gaps.quiet_s(Block(LOUD, 5.0))
    gaps.add(Block(LOUD, 5.0))
    after = gaps.quiet_s(Block(LOUD, 7.5))
    gaps.restart()

    assert (first, after, gaps.quiet_s(Block(LOUD, 70.0))) == (0.0, 2.5, 0.0)


def test_samples_are_kept_up_to_the_block_before_the_sleep(
    start: Callable[..., Recording], source: ByHand, listener: Listener, path: Path
) -> None:
    start()
    for level in (0.1, 0.2):
        source.give(np.full(400, level, dtype=np.float32))
    source.give(LOUD, late_s=2.01)
    listener.wait("failed")

    assert read_wav(path)[0][[0, -1]] == pytest.approx([0.1, 0.2], abs=1e-4)
