"""What a loudspeaker is given, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest

from interviewer.core.models import Span
from interviewer.engines.reel import AHEAD_S, Course, Reel
from interviewer.engines.sound_file import Sound

RATE_HZ = 16_000
RAMP = 80
CLIMB = Sound((np.arange(4 * RATE_HZ) / (4 * RATE_HZ)).astype(np.float32), RATE_HZ)
"""Four seconds from 0 to 1, so that every sample tells its place."""


def taken(reel: Reel, frames: int, block: int = 480) -> np.ndarray:
    """Take as a device does, with the reel made ahead of it."""
    blocks = []
    for _ in range(-(-frames // block)):
        reel.extend()
        out = np.full(block, 9.0, dtype=np.float32)
        reel.fill(out)
        blocks.append(out)
    return np.concatenate(blocks)[:frames]


def test_at_its_own_speed_and_rate_it_is_the_recording() -> None:
    out = taken(Reel(CLIMB, RATE_HZ, Course(1.0, 3.0)), 2 * RATE_HZ)
    assert out[RAMP:-RAMP].tolist() == CLIMB.samples[RATE_HZ + RAMP : 3 * RATE_HZ - RAMP].tolist()


def test_it_is_over_once_everything_was_taken() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(0.0, 0.5))
    taken(reel, RATE_HZ // 2 - 480)
    before = reel.is_over
    out = taken(reel, 960)
    assert (before, reel.is_over) == (False, True)
    assert not out[480:].any()


def test_every_frame_knows_its_second() -> None:
    reel = Reel(CLIMB, 48_000, Course(1.0))
    assert [reel.place_s(frame) for frame in (0, 48_000, 72_000)] == pytest.approx([1.0, 2.0, 2.5])


def test_at_another_speed_every_frame_knows_its_second() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(1.0, speed=0.5))
    assert reel.place_s(RATE_HZ) == pytest.approx(1.5)


def test_a_loop_is_gone_round_without_a_gap_and_softly() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(0.0, loop=Span(1.0, 1.5)))
    out = taken(reel, 3 * RATE_HZ)
    turn = 1.5 * RATE_HZ
    again = CLIMB.samples[RATE_HZ : RATE_HZ + RATE_HZ // 2]
    for round_ in range(3):
        start = int(turn + round_ * RATE_HZ / 2)
        assert out[start + RAMP : start + RATE_HZ // 2 - RAMP].tolist() == again[RAMP:-RAMP].tolist()
    assert np.abs(np.diff(out)).max() < 0.01


def test_in_a_loop_every_frame_knows_its_second() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(1.0, loop=Span(1.0, 1.5)))
    taken(reel, RATE_HZ)
    assert [reel.place_s(frame) for frame in (4_000, 8_000, 12_000)] == pytest.approx([1.25, 1.0, 1.25])


def test_an_hour_in_a_loop_keeps_no_more_than_some_seconds() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(0.0, loop=Span(0.0, 0.5)))
    taken(reel, 120 * RATE_HZ, block=RATE_HZ // 4)
    assert len(reel._pieces) * 0.5 <= AHEAD_S + 4
    assert len(reel._legs) * 0.5 <= AHEAD_S + 4
    assert reel.place_s(reel.given) == pytest.approx(0.0)


def test_a_loop_behind_the_end_of_the_recording_is_cut_to_it() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(3.5, loop=Span(3.5, 99.0)))
    out = taken(reel, 2 * RATE_HZ)
    assert out[RATE_HZ // 2 + RAMP] == pytest.approx(CLIMB.samples[3 * RATE_HZ + RATE_HZ // 2 + RAMP], abs=1e-3)


@pytest.mark.parametrize("loop", [Span(1.0, 1.0), Span(2.0, 1.0), Span(1.0, 1.01)])
def test_a_loop_without_a_length_is_none(loop: Span) -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(0.0, loop=loop))
    taken(reel, 4 * RATE_HZ)
    assert reel.is_over


def test_sound_as_loud_as_can_be_does_not_overshoot_at_another_rate() -> None:
    loud = Sound(np.sign(np.sin(np.arange(RATE_HZ) / 5)).astype(np.float32), RATE_HZ)
    assert np.abs(taken(Reel(loud, 48_000, Course()), 48_000)).max() <= 1.0


def test_what_is_not_made_yet_is_silence_and_is_not_skipped() -> None:
    reel = Reel(CLIMB, RATE_HZ, Course(1.0, speed=0.5))
    out = np.full(8 * RATE_HZ, 9.0, dtype=np.float32)
    count = reel.fill(out)
    reel.extend()
    assert 0 < count < len(out)
    assert not out[count:].any()
    assert reel.given == count
