"""The outline of a recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from interviewer.core.errors import AudioError
from interviewer.engines.outline import read_envelope
from tests.engines.listening import write_wav


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 44_100, 48_000])
def test_each_column_reaches_as_far_as_its_hundredth_of_a_second(tmp_path: Path, rate_hz: int) -> None:
    samples = np.random.default_rng(1).uniform(-0.9, 0.9, rate_hz * 3 + 37)
    path = write_wav(tmp_path / "noise.wav", samples, rate_hz)
    found = read_envelope(path)

    kept, _ = soundfile.read(path, dtype="float32")
    columns = np.arange(len(kept)) * 100 // rate_hz
    assert found.low.tolist() == [kept[columns == c].min() for c in range(columns[-1] + 1)]
    assert found.high.tolist() == [kept[columns == c].max() for c in range(columns[-1] + 1)]


def test_its_length_is_that_of_the_sound(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "short.wav", np.zeros(16_003))
    assert read_envelope(path).seconds == pytest.approx(16_003 / 16_000)


def test_a_compressed_recording_has_the_outline_of_the_original(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.random.default_rng(2).uniform(-0.5, 0.5, 30_000))
    samples, rate_hz = soundfile.read(path, dtype="int16")
    soundfile.write(tmp_path / "a.flac", samples, rate_hz)

    assert read_envelope(tmp_path / "a.flac").high.tolist() == read_envelope(path).high.tolist()


def test_a_file_without_sound_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError):
        read_envelope(write_wav(tmp_path / "empty.wav", np.zeros(0)))
