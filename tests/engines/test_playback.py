"""One playback over an output that a test moves by hand."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import DeviceError
from interviewer.engines import playback as module
from interviewer.engines.playback import Fill, Playback
from interviewer.engines.reel import Course
from interviewer.engines.sound_file import Sound, read_as_is
from tests.engines.listening import Events, write_wav

RATE_HZ = 16_000
RAMP = 80


class ByHand:
    """An output that calls for samples when a test says so."""

    def __init__(self) -> None:
        self.steps = Events()
        self.running = False
        self.closed = threading.Event()

    def open(self, fill: Fill, lost: Callable[[DeviceError], None]) -> int:
        self._fill, self.lost = fill, lost
        return RATE_HZ

    def halt(self, then: Callable[[], None]) -> None:
        self.running = False
        then()
        self.steps.note("halt")

    def go(self, after: Callable[[], None]) -> None:
        after()
        self.running = True
        self.steps.note("go")

    def close(self) -> None:
        self.running = False
        self.closed.set()

    def take(self, frames: int, heard_in_s: float = 0.0) -> np.ndarray:
        out = np.full(frames, 9.0, dtype=np.float32)
        self._fill(out, heard_in_s)
        return out


@pytest.fixture
def output() -> ByHand:
    return ByHand()


@pytest.fixture
def plateau(tmp_path: Path) -> Path:
    """One second of 0.5, so that every fade shows."""
    return write_wav(tmp_path / "plateau.wav", np.full(RATE_HZ, 0.5))


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """One second from 0 to 1, so that every sample tells its place."""
    return write_wav(tmp_path / "ramp.wav", np.arange(RATE_HZ) / RATE_HZ)


def started(output: ByHand, path: Path, events: Events, start_s: float = 0.0, end_s: float | None = None) -> Playback:
    playback = Playback(
        output,
        path,
        course=Course(start_s, end_s),
        done=events.noter("done"),
        failed=events.noter("failed"),
        position=events.noter("at"),
    )
    playback.start()
    output.steps.wait("go")
    return playback


def test_it_begins_softly_over_five_milliseconds(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events)
    out = output.take(400)
    playback.close()

    assert out[0] == 0.0
    assert (np.diff(out[:RAMP]) > 0).all()
    assert out[RAMP:] == pytest.approx(0.5, abs=1e-3)


def test_a_fade_goes_on_over_small_blocks(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events)
    out = np.concatenate([output.take(30) for _ in range(5)])
    playback.close()

    assert out[:RAMP] == pytest.approx(0.5 * np.arange(RAMP) / RAMP, abs=1e-3)


def test_it_ends_softly_and_then_gives_silence(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events, end_s=0.05)
    out = output.take(1000)
    playback.close()

    assert out[800 - RAMP - 1] == pytest.approx(0.5, abs=1e-3)
    assert (np.diff(out[800 - RAMP : 800]) < 0).all()
    assert not out[800:].any()


def test_done_waits_until_the_buffered_sound_was_heard(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events, end_s=0.05)
    output.take(800, heard_in_s=0.4)
    events.wait("at", times=4)
    early = "done" in events.names()
    events.wait("done")
    playback.close()

    assert not early


def test_what_was_buffered_and_not_heard_is_played_after_a_pause(output: ByHand, ramp: Path, events: Events) -> None:
    playback = started(output, ramp, events)
    output.take(4000, heard_in_s=60.0)
    playback.pause()
    playback.resume()
    out = output.take(1000)
    playback.close()

    assert out[999] == pytest.approx(999 / RATE_HZ, abs=1e-3)


def test_what_was_heard_is_not_played_again_after_a_pause(output: ByHand, ramp: Path, events: Events) -> None:
    playback = started(output, ramp, events)
    output.take(4000, heard_in_s=-60.0)
    playback.pause()
    playback.resume()
    out = output.take(1000)
    playback.close()

    assert out[999] == pytest.approx(4999 / RATE_HZ, abs=1e-3)


def test_a_seek_behind_the_chosen_end_plays_to_the_end_of_the_file(output: ByHand, ramp: Path, events: Events) -> None:
    playback = started(output, ramp, events, end_s=0.1)
    playback.seek(0.5)
    out = output.take(RATE_HZ)
    playback.close()

    assert np.flatnonzero(out)[-1] == pytest.approx(RATE_HZ // 2, abs=2)


def test_a_seek_before_the_file_is_loaded_counts(output: ByHand, ramp: Path, events: Events) -> None:
    playback = Playback(
        output, ramp, course=Course(), done=events.noter("done"), failed=events.noter("failed"), position=None
    )
    playback.seek(0.5)
    playback.start()
    output.steps.wait("go")
    out = output.take(200)
    playback.close()

    assert out[199] == pytest.approx(0.5 + 199 / RATE_HZ, abs=1e-3)


def test_a_seek_far_outside_ends_it(output: ByHand, ramp: Path, events: Events) -> None:
    playback = started(output, ramp, events)
    playback.seek(1e6)
    events.wait("done")
    playback.close()

    assert not output.take(100).any()


def test_after_a_stop_the_output_gets_silence(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events)
    playback.stop()

    assert not output.take(100).any()
    assert output.closed.is_set()


def test_a_loudspeaker_that_goes_away_is_told_even_while_paused(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events)
    playback.pause()
    output.lost(DeviceError("gone"))

    assert str(events.wait("failed")) == "gone"


def test_a_loudspeaker_that_takes_nothing_is_given_up(
    output: ByHand, plateau: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STALLED_S", 0.05)
    started(output, plateau, events)
    error = events.wait("failed")

    assert isinstance(error, DeviceError)
    assert "another loudspeaker" in error.hint


def test_a_mistake_of_the_program_is_told(output: ByHand, plateau: Path, events: Events) -> None:
    output.open = lambda _fill, _lost: 1 // 0
    Playback(
        output, plateau, course=Course(), done=events.noter("done"), failed=events.noter("failed"), position=None
    ).start()

    assert isinstance(events.wait("failed"), DeviceError)


def test_done_may_begin_the_next_one(output: ByHand, plateau: Path, events: Events) -> None:
    second = ByHand()

    def next_one() -> None:
        started(second, plateau, events, end_s=0.01)

    first = Playback(output, plateau, course=Course(0.99), done=next_one, failed=events.noter("failed"), position=None)
    first.start()
    output.steps.wait("go")
    output.take(RATE_HZ)
    second.steps.wait("go")
    second.take(RATE_HZ)
    events.wait("done")


@pytest.mark.parametrize("stopped", [False, True], ids=["heard to its end", "stopped"])
def test_what_was_played_holds_no_sound_any_more(
    output: ByHand, plateau: Path, events: Events, *, stopped: bool
) -> None:
    sounds: list[weakref.ref[np.ndarray]] = []

    def read(path: Path) -> Sound:
        sound = read_as_is(path)
        sounds.append(weakref.ref(sound.samples))
        return sound

    gc.disable()
    try:
        playback = Playback(
            output,
            plateau,
            course=Course(0.0, 0.05),
            done=events.noter("done"),
            failed=events.noter("failed"),
            position=events.noter("at"),
            read=read,
        )
        playback.start()
        output.steps.wait("go")
        output.take(1000)
        if not stopped:
            events.wait("done")
        playback.close()
        assert [ref() for ref in sounds] == [None]
    finally:
        gc.enable()


def test_a_cue_that_comes_after_the_stop_does_nothing(output: ByHand, plateau: Path, events: Events) -> None:
    playback = started(output, plateau, events)
    playback.close()
    output.go(playback._cue)

    assert not output.take(100).any()
