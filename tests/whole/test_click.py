"""A click on a word plays that word, heard at the loudspeakers of a real sound server."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests import sound_server as server
from tests.whole.clicking import RATE_HZ, Kept, click, keep, off_s, reviewed, silence, spoken


@pytest.mark.audio
def test_a_click_on_each_of_twenty_words_plays_sound_that_begins_with_it(qtbot: QtBot, tmp_path: Path) -> None:
    if not server.reachable():
        pytest.skip(server.NO_SERVER)
    kept = keep(tmp_path, 20, 30.0)
    with reviewed(tmp_path) as running, server.Ear() as ear:
        off_ms = []
        for number in range(20):
            off_ms.append(click(running, kept, number, ear).off_ms)
            silence(running, ear)

    assert [round(off) for off in off_ms if abs(off) > 100] == []


# --- the ear itself -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return spoken(tmp_path_factory.mktemp("words") / "words.flac", 6, 12.0)


def played(kept: Kept, from_s: float) -> np.ndarray:
    """What is heard of a player that begins at this second, after silence."""
    begin = round(from_s * RATE_HZ)
    return np.concatenate([np.zeros(RATE_HZ // 4, np.float32), kept.samples[begin : begin + RATE_HZ]])


@pytest.mark.parametrize("early_s", [-0.12, 0.0, 0.12, 0.3, 0.6, 0.9])
def test_sound_that_begins_before_or_behind_its_word_is_heard_as_that(kept: Kept, early_s: float) -> None:
    for number, word in enumerate(kept.words):
        off = off_s(kept, number, played(kept, max(0.0, word.start_s - early_s)))
        assert off == pytest.approx(max(-early_s, -word.start_s), abs=0.03)  # a word is not loud all through


def test_other_sound_is_not_taken_for_a_word(kept: Kept) -> None:
    other = np.random.default_rng(2).normal(0.0, 0.1, RATE_HZ).astype(np.float32)
    with pytest.raises(AssertionError, match="not in the recording"):
        off_s(kept, 0, other)
