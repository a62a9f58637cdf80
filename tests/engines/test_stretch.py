"""Speech made slower or faster: as long as it should be, at its pitch, in its place."""

from __future__ import annotations

import numpy as np
import pytest

from interviewer.engines.stretch import stretched
from tests import sound_server as server

SPEEDS = (0.5, 0.75, 1.25, 2.0)
RATES_HZ = (16_000, 48_000)


def whole(samples: np.ndarray, rate_hz: int, speed: float, first: int = 0, stop: int | None = None) -> np.ndarray:
    stop = len(samples) if stop is None else stop
    return np.concatenate(list(stretched(samples, rate_hz, first, stop, speed)))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_it_is_exactly_as_long_as_the_speed_says(rate_hz: int, speed: float) -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, rate_hz + 77).astype(np.float32)
    assert len(whole(noise, rate_hz, speed, 101, rate_hz)) == round((rate_hz - 101) / speed)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_tone_keeps_its_pitch_and_stays_one_tone(rate_hz: int, speed: float) -> None:
    tone = server.tone(220, 3.0, rate_hz=rate_hz)
    made = whole(tone, rate_hz, speed, rate_hz // 2, 2 * rate_hz)
    inner = made[rate_hz // 8 : -rate_hz // 8]
    power = np.abs(np.fft.rfft(inner * np.hanning(len(inner)))) ** 2
    place = int(power.argmax())

    assert place * rate_hz / len(inner) == pytest.approx(220, abs=1.5)
    # Where pieces meet nothing is heard: all else is 30 dB below the tone, everywhere in it.
    assert power[place - 8 : place + 9].sum() > 0.999 * power.sum()


@pytest.mark.parametrize("speed", SPEEDS)
def test_everything_is_in_its_place_within_ten_milliseconds(speed: float) -> None:
    rate_hz, random = 16_000, np.random.default_rng(4)
    times_s = np.arange(0.5, 9.5, 0.43)
    samples = np.zeros(10 * rate_hz, dtype=np.float32)
    for at_s in times_s:
        burst = random.normal(0, 0.3, rate_hz // 25)
        samples[round(at_s * rate_hz) : round(at_s * rate_hz) + len(burst)] = burst
    made = whole(samples, rate_hz, speed, first=rate_hz // 10)
    for at_s in times_s:
        centre = (at_s + 0.02 - 0.1) / speed
        near = np.arange(round((centre - 0.1) * rate_hz), round((centre + 0.1) * rate_hz))
        loud = made[near] ** 2
        assert (near * loud).sum() / loud.sum() / rate_hz * speed == pytest.approx(centre * speed, abs=0.01)


def test_silence_stays_silence() -> None:
    assert not whole(np.zeros(16_000, dtype=np.float32), 16_000, 0.5).any()


def test_nothing_gives_nothing() -> None:
    assert list(stretched(np.zeros(100, dtype=np.float32), 16_000, 50, 50, 2.0)) == []


def test_a_moment_shorter_than_a_piece_is_whole() -> None:
    assert len(whole(server.tone(300, 1.0, rate_hz=16_000), 16_000, 2.0, 8_000, 8_100)) == 50
