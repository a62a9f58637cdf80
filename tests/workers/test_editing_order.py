"""Editing in whatever order: every text and its score come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.editing_table import made, score_of
from tests.workers.fakes import JUDGED, SPOKEN

STEPS = ("replace", "replace", "undo", "redo", "judge")


@pytest.mark.usefixtures("qapp")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.sampled_from(("x", "two words", "", "é")))))
def test_random_steps_undone_and_redone_give_every_text_and_score_back(steps: list[tuple[str, int, str]]) -> None:
    table = made(Path())
    for step, at, text in steps:
        assert table.now.transcript is not None
        count = len(table.now.transcript.text.split())
        match step:
            case "replace":
                table.editor.replace(min(at, count), min(at + 1, count), text)
            case "undo":
                table.editor.undo()
            case "redo":
                table.editor.redo()
            case "judge":
                table.judge_all()
    table.judge_all()
    asked = table.models.job
    undone = []
    while table.shown[-1].can_undo:
        undone.append(table.now)
        table.editor.undo()
    assert (table.now.transcript, table.now.score) == (SPOKEN, JUDGED)
    for wanted in undone[::-1]:
        table.editor.redo()
        assert table.now == wanted
        assert wanted.transcript is not None
        assert wanted.score == score_of(wanted.transcript.text)
    assert table.models.job == asked
    assert table.store.versions("one")[-1] == (table.now.transcript, table.now.score)
