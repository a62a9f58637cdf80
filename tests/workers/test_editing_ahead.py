"""What is looked at ahead of time, before an edit is made or while it is typed, changes nothing."""

from __future__ import annotations

from interviewer.core.errors import EngineError
from tests.workers import editing_table
from tests.workers.editing_table import Table
from tests.workers.fakes import JUDGED

table = editing_table.table  # pytest looks for fixtures among the names of a file


def test_before_the_first_edit_the_text_as_it_is_can_be_looked_at(table: Table) -> None:
    table.editor.prepare()
    assert table.models.scored == [("alpha", "a thing")]
    table.judge()
    assert (table.now.score, table.kept) == (JUDGED, [])


def test_an_edit_that_is_being_typed_is_looked_at_and_changes_nothing(table: Table) -> None:
    table.editor.foresee(1, 2, "stack")
    assert table.models.scored == [("alpha", "a stack")]
    table.judge()
    assert (len(table.shown), table.store.transcripts) == (1, [])


def test_one_look_at_a_time(table: Table) -> None:
    table.editor.foresee(1, 2, "stac")
    table.editor.foresee(1, 2, "stack")
    assert len(table.models.scored) == 1
    table.models.failed.emit(table.models.job, EngineError("The sentence model failed"))
    table.editor.foresee(1, 2, "stack")
    assert (len(table.models.scored), table.told) == (2, [])


def test_a_look_at_what_cannot_be_done_is_not_taken(table: Table) -> None:
    table.editor.foresee(0, 2, "")
    table.editor.foresee(7, 9, "x")
    assert (table.models.scored, table.told) == ([], [])
