"""A click on a word plays that word, heard at the loudspeakers of a real sound server."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests import sound_server as server
from tests.whole.clicking import click, keep, reviewed, silence


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

    assert [round(abs(off)) for off in off_ms if abs(off) > 100] == []
