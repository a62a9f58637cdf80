"""An answer that is opened again while it is judged: each score goes to its own text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.models import Clip
from tests.workers import editing_table
from tests.workers.editing_table import BETTER, EDITED, Table, made
from tests.workers.fakes import JUDGED, SPOKEN, Later

table = editing_table.table  # pytest looks for fixtures among the names of a file


def test_an_answer_that_is_opened_again_is_judged_to_the_end(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.editor.close()
    table.editor.open("one")
    assert (table.now.transcript, table.shown[-1].judging) == (EDITED, True)
    table.judge()
    assert (table.now.score, table.shown[-1].judging) == (BETTER, False)
    assert table.store.versions("one") == ((SPOKEN, JUDGED), (EDITED, BETTER))


def test_an_answer_that_is_opened_again_has_the_recording_as_it_is_now(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    smaller = Clip(Path("one.flac"), 16_000, 16_000)
    table.store.replace_clip("one", smaller)
    table.editor.open("one")
    table.judge()
    assert (table.now.clip, table.now.score) == (smaller, BETTER)


def test_a_score_goes_to_its_own_text_when_another_was_put_in_after_the_answer_was_opened_again(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    first = table.models.job
    table.editor.open("one")
    table.editor.replace(0, 1, "the")
    table.models.done.emit(first, BETTER)
    assert (table.now.score, table.store.attempts["one"].score) == (None, None)
    table.editor.undo()
    assert (table.now.score, table.store.attempts["one"].score) == (BETTER, BETTER)


def test_a_score_that_comes_while_the_answer_is_read_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    lane = Later()
    table = made(tmp_path, lane)
    lane.go()
    table.editor.replace(1, 2, "stack")
    lane.go()
    table.editor.open("one")
    table.judge()
    for _ in range(2):
        lane.go()
    assert (table.now.score, table.shown[-1].judging, table.kept) == (BETTER, False, ["one"])


@pytest.mark.parametrize("again", [False, True])
def test_a_score_never_goes_to_a_text_that_somebody_else_wrote_meanwhile(table: Table, again: bool) -> None:
    table.editor.replace(1, 2, "stack")
    newer = replace(SPOKEN, text="a think", model="base")
    table.store.add_transcript("one", newer)
    if again:
        table.editor.open("one")
        assert (table.now.transcript, table.shown[-1].judging) == (newer, False)
    table.judge()
    assert table.store.versions("one")[-1] == (newer, None)
