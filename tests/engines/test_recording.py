"""One recording over an input that a test moves by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import AudioError, DeviceError, StoreError
from interviewer.core.models import Clip
from interviewer.engines import recording as module
from interviewer.engines.block import Block, GapMeter
from interviewer.engines.recording import Recording, to_int16
from interviewer.store.recordings import WavWriter
from tests.engines.by_hand import LOUD, RATE_HZ, ByHand
from tests.engines.listening import Listener, read_wav

ZERO = np.zeros(400, dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clip.wav"


@pytest.fixture
def source() -> ByHand:
    return ByHand()


@pytest.fixture
def start(path: Path, source: ByHand, listener: Listener) -> Iterator[Callable[[], Recording]]:
    running: list[Recording] = []

    def begin() -> Recording:
        recording = Recording(source, path, WavWriter, listener)
        running.append(recording)
        recording.start()
        assert source.opened.wait(5)
        return recording

    yield begin
    for recording in running:
        recording.close()


def finish(recording: Recording, listener: Listener) -> Clip:
    recording.stop(listener.stopped)
    return listener.wait("stopped")


def test_blocks_that_were_delivered_before_the_stop_are_kept(
    start: Callable[[], Recording], source: ByHand, listener: Listener, path: Path
) -> None:
    recording = start()
    for level in (0.1, 0.2, 0.3):
        source.give(np.full(100, level, dtype=np.float32))
    recording.stop(listener.stopped)
    source.give(np.full(100, 0.9, dtype=np.float32))
    clip = listener.wait("stopped")

    samples, _ = read_wav(path)
    assert clip.frames == 300
    assert samples[[0, 100, 200]] == pytest.approx([0.1, 0.2, 0.3], abs=1e-4)


def test_a_pause_cuts_exactly_between_two_blocks(
    start: Callable[[], Recording], source: ByHand, listener: Listener, path: Path
) -> None:
    recording = start()
    source.give(LOUD)
    recording.pause()
    source.give(ZERO)
    source.give(ZERO)
    recording.resume()
    source.give(LOUD)

    assert finish(recording, listener).frames == 800
    assert read_wav(path)[0].min() == pytest.approx(0.5, abs=1e-4)


def test_a_pause_puts_the_level_to_zero(start: Callable[[], Recording], source: ByHand, listener: Listener) -> None:
    recording = start()
    source.give(LOUD)
    listener.wait("level")
    recording.pause()

    assert listener.wait("level", times=2) == 0.0


def test_silence_is_told_after_two_seconds_of_exact_zeros(
    start: Callable[[], Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    for _ in range(2 * RATE_HZ // 400 - 1):
        source.give(ZERO)
    listener.wait("level", times=39)
    before = "silent" in listener.names()
    source.give(ZERO)
    listener.wait("silent")
    finish(recording, listener)

    assert not before


def test_silence_is_told_once(start: Callable[[], Recording], source: ByHand, listener: Listener) -> None:
    recording = start()
    for _ in range(5 * RATE_HZ // 400):
        source.give(ZERO)
    finish(recording, listener)

    assert listener.names().count("silent") == 1


def test_the_faintest_noise_is_not_silence(start: Callable[[], Recording], source: ByHand, listener: Listener) -> None:
    recording = start()
    faint = ZERO.copy()
    faint[7] = 1e-6
    source.give(faint)
    for _ in range(5 * RATE_HZ // 400):
        source.give(ZERO)
    finish(recording, listener)

    assert "silent" not in listener.names()


def test_sound_that_was_not_delivered_is_measured(
    start: Callable[[], Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    for _ in range(20):
        source.give(LOUD)
    source.give(LOUD, late_s=0.75)
    for _ in range(20):
        source.give(LOUD)

    assert finish(recording, listener).gap_ms == 750


def test_a_late_block_is_no_gap_when_the_next_one_catches_up() -> None:
    gaps = GapMeter(RATE_HZ)
    for n in range(40):
        late_s = 0.04 if n % 3 else 0.0
        gaps.add(Block(LOUD, n * 0.05 + late_s))

    assert gaps.gap_ms == 0


def test_a_pause_starts_the_clock_anew() -> None:
    gaps = GapMeter(RATE_HZ)
    for n in range(20):
        gaps.add(Block(LOUD, n * 0.05))
    gaps.restart()
    for n in range(20):
        gaps.add(Block(LOUD, 60.0 + n * 0.05))

    assert gaps.gap_ms == 0


def test_gaps_before_a_pause_still_count() -> None:
    gaps = GapMeter(RATE_HZ)
    for n in range(40):
        gaps.add(Block(LOUD, n * 0.05 + (0.2 if n > 15 else 0.0)))
    gaps.restart()
    gaps.add(Block(LOUD, 60.0))

    assert gaps.gap_ms == 200


def test_a_device_that_goes_away_leaves_the_clip(
    start: Callable[[], Recording], source: ByHand, listener: Listener
) -> None:
    start()
    source.give(LOUD)
    source.lost(DeviceError("gone"))
    error, clip = listener.wait("failed")

    assert str(error) == "gone"
    assert clip.frames == 400


def test_a_device_that_goes_quiet_is_given_up(
    start: Callable[[], Recording], source: ByHand, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0.05)
    start()
    source.give(LOUD)
    error, clip = listener.wait("failed")

    assert isinstance(error, DeviceError)
    assert clip.frames == 400


def test_a_device_that_never_delivers_is_given_up(
    start: Callable[[], Recording], listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0.02)
    monkeypatch.setattr(module, "FIRST_BLOCK_S", 0.05)
    start()
    error, clip = listener.wait("failed")

    assert "stopped delivering" in str(error)
    assert clip is None


def test_while_paused_a_quiet_device_is_no_fault(
    start: Callable[[], Recording], source: ByHand, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = start()
    source.give(LOUD)
    recording.pause()
    listener.wait("level", times=2)
    monkeypatch.setattr(module, "STALLED_S", 0.02)
    # Several times what would be too long for a running recording.
    assert not source.closed.wait(0.2)
    monkeypatch.undo()
    recording.resume()
    source.give(LOUD)

    assert finish(recording, listener).frames == 800


def test_why_there_is_no_sound_is_told_as_it_is(path: Path, listener: Listener) -> None:
    source = ByHand(error=AudioError("the answer is no sound file"))
    Recording(source, path, WavWriter, listener).start()
    error, clip = listener.wait("failed")

    assert (str(error), clip) == ("the answer is no sound file", None)
    assert source.closed.wait(5)


def test_a_mistake_of_the_program_ends_the_recording_and_is_told(
    path: Path, listener: Listener, source: ByHand
) -> None:
    def broken(_path: Path, _rate_hz: int) -> WavWriter:
        raise RuntimeError("mistake")

    Recording(source, path, broken, listener).start()
    error, _ = listener.wait("failed")

    assert isinstance(error, DeviceError)


def test_a_listener_that_raises_does_not_end_the_recording(path: Path, source: ByHand) -> None:
    class Clumsy(Listener):
        def level_changed(self, peak: float) -> None:
            super().level_changed(peak)
            raise RuntimeError("clumsy")

    listener = Clumsy()
    recording = Recording(source, path, WavWriter, listener)
    recording.start()
    assert source.opened.wait(5)
    source.give(LOUD)
    source.give(LOUD)

    assert finish(recording, listener).frames == 800


def test_the_device_is_let_go_of_after_the_stop(
    start: Callable[[], Recording], source: ByHand, listener: Listener
) -> None:
    recording = start()
    source.give(LOUD)
    finish(recording, listener)

    assert source.closed.wait(5)


def test_a_file_that_cannot_be_completed_is_told(path: Path, source: ByHand, listener: Listener) -> None:
    class Stuck(WavWriter):
        def finish(self) -> Clip:
            self.abandon()
            raise StoreError("stuck")

    recording = Recording(source, path, Stuck, listener)
    recording.start()
    assert source.opened.wait(5)
    source.give(LOUD)
    recording.stop(listener.stopped)

    assert str(listener.wait("failed")[0]) == "stuck"


def test_pcm16_comes_back_unchanged() -> None:
    every = np.arange(-32768, 32768, dtype=np.int16)

    assert (to_int16((every / 32768).astype(np.float32)) == every).all()


def test_what_is_too_loud_or_no_number_stays_within_bounds() -> None:
    wild = np.array([2.0, -2.0, np.nan, np.inf, -np.inf], dtype=np.float32)

    assert to_int16(wild).tolist() == [32767, -32768, 0, 32767, -32768]
