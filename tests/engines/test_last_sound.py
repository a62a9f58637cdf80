"""The recording that is kept in memory while somebody listens to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import AudioError
from interviewer.engines import last_sound as module
from interviewer.engines.last_sound import LastSound
from tests.engines.listening import write_wav


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "a.wav", np.full(1000, 0.25))


def test_what_is_wanted_is_read_once(path: Path) -> None:
    last = LastSound()
    last.want(path)
    assert last.read(path) is last.read(path)


def test_what_nobody_wants_is_not_kept(path: Path) -> None:
    last = LastSound()
    assert last.read(path) is not last.read(path)


def test_what_is_no_longer_wanted_is_let_go_of(path: Path) -> None:
    last = LastSound()
    last.want(path)
    kept = last.read(path)
    last.want(None)
    assert last.read(path) is not kept


def test_a_file_that_was_written_again_is_read_again(path: Path) -> None:
    last = LastSound()
    last.want(path)
    last.read(path)
    write_wav(path, np.full(2000, 0.25))
    assert len(last.read(path).samples) == 2000


def test_a_recording_that_takes_too_much_memory_is_not_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 999)
    last = LastSound()
    last.want(path)
    assert last.read(path) is not last.read(path)


def test_a_file_that_is_not_there_is_told_when_it_is_read(tmp_path: Path) -> None:
    last = LastSound()
    last.want(tmp_path / "nothing.wav")
    with pytest.raises(AudioError):
        last.read(tmp_path / "nothing.wav")
