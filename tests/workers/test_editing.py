"""Editing one answer: every step is shown at once, kept, judged once, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError, InputError, StoreError
from tests.workers import editing_table
from tests.workers.editing_table import BETTER, EDITED, Table, made
from tests.workers.fakes import JUDGED, NOON, SPOKEN, Later

table = editing_table.table  # pytest looks for fixtures among the names of a file


def test_an_answer_that_is_opened_is_shown_as_it_is(table: Table) -> None:
    (edition,) = table.shown
    assert (edition.attempt.transcript, edition.attempt.score, edition.original) == (SPOKEN, JUDGED, SPOKEN)
    assert (edition.can_undo, edition.can_redo, edition.judging) == (False, False, False)
    assert table.editor.attempt_id == "one"


def test_opening_asks_nothing_of_the_models(table: Table) -> None:
    assert table.models.scored == []


def test_an_edit_is_shown_and_kept_before_it_is_judged(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    assert (table.now.transcript, table.now.score, table.shown[-1].judging) == (EDITED, None, True)
    assert table.store.attempts["one"].transcript == EDITED


def test_only_the_edited_answer_is_judged(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    assert table.models.scored == [("alpha", "a stack")]


def test_the_score_is_shown_and_kept_with_the_text_it_is_of(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.judge()
    assert (table.now.score, table.shown[-1].judging) == (BETTER, False)
    assert table.store.versions("one") == ((SPOKEN, JUDGED), (EDITED, BETTER))
    assert table.kept == ["one"]


def test_delivery_is_measured_by_the_words_as_they_are_now(table: Table) -> None:
    table.editor.replace(1, 2, "um thing")
    assert table.now.delivery is not None
    assert table.now.delivery.fillers == 1


def test_undo_brings_text_and_score_back_at_once_and_asks_no_model(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.judge()
    table.editor.undo()
    assert (table.now.transcript, table.now.score) == (SPOKEN, JUDGED)
    assert (table.shown[-1].can_undo, table.shown[-1].can_redo) == (False, True)
    assert len(table.models.scored) == 1


def test_redo_brings_the_edit_and_its_score_back_and_asks_no_model(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.judge()
    table.editor.undo()
    table.editor.redo()
    assert (table.now.transcript, table.now.score) == (EDITED, BETTER)
    assert len(table.models.scored) == 1


def test_every_state_is_one_more_text_in_the_store(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.judge()
    table.editor.undo()
    table.editor.redo()
    edited = (EDITED, BETTER)
    assert table.store.versions("one") == ((SPOKEN, JUDGED), edited, (SPOKEN, JUDGED), edited)
    assert table.kept == ["one"] * 3


def test_the_way_back_is_there_when_the_answer_is_opened_again(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.judge()
    table.editor.close()
    table.editor.open("one")
    assert table.shown[-1].original == SPOKEN
    table.editor.undo()
    assert (table.now.transcript, table.now.score) == (SPOKEN, JUDGED)


def test_a_score_that_comes_after_the_answer_was_left_is_kept(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.editor.open("two")
    shown = len(table.shown)
    table.judge()
    assert table.store.versions("one")[-1] == (EDITED, BETTER)
    assert len(table.shown) == shown


def test_the_score_of_a_text_that_was_edited_again_is_not_kept_with_the_newer_one(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    first = table.models.job
    table.editor.replace(0, 1, "the")
    table.models.done.emit(first, BETTER)
    assert table.now.score is None
    assert table.store.attempts["one"].score is None


def test_a_score_that_came_late_is_there_when_its_text_comes_back(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    first = table.models.job
    table.editor.replace(0, 1, "the")
    table.models.done.emit(first, BETTER)
    table.editor.undo()
    assert (table.now.transcript, table.now.score) == (EDITED, BETTER)
    assert table.store.attempts["one"].score == BETTER


def test_a_text_that_is_being_judged_is_not_judged_twice(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.editor.undo()
    table.editor.redo()
    assert len(table.models.scored) == 1
    assert table.shown[-1].judging


def test_a_whole_text_can_be_put_in_the_place_of_another(table: Table) -> None:
    table.editor.rewrite(" a stack ")
    assert table.now.transcript == replace(EDITED, text="a stack")


def test_what_changes_nothing_is_neither_kept_nor_judged(table: Table) -> None:
    table.editor.replace(1, 2, "thing")
    table.editor.undo()
    table.editor.redo()
    assert len(table.shown) == 1
    assert table.store.transcripts == []


def test_an_answer_cannot_be_emptied(table: Table) -> None:
    table.editor.replace(0, 2, "")
    assert isinstance(table.told[0], InputError)
    assert len(table.shown) == 1


def test_without_an_open_answer_nothing_is_done(table: Table) -> None:
    table.editor.close()
    for ask in (table.editor.undo, table.editor.redo, table.editor.prepare):
        ask()
    table.editor.replace(0, 1, "x")
    table.editor.foresee(0, 1, "x")
    assert (len(table.shown), table.models.scored, table.editor.attempt_id) == (1, [], "")


def test_an_answer_that_is_being_written_down_again_waits(table: Table) -> None:
    table.held.add("one")
    table.editor.replace(1, 2, "stack")
    assert "written down again" in str(table.told[0])
    assert table.store.transcripts == []


def test_whether_an_edit_can_be_taken_is_told_before_anybody_types(table: Table) -> None:
    assert table.editor.ready()
    table.held.add("one")
    assert not table.editor.ready()
    assert "written down again" in str(table.told[0])


def test_an_edit_of_an_answer_that_is_still_being_read_is_told_of(qtbot: QtBot, tmp_path: Path) -> None:
    table = made(tmp_path, Later())
    table.editor.replace(1, 2, "stack")
    table.editor.close()
    table.editor.rewrite("a stack")
    assert [str(error) for error in table.told] == [
        "This answer is still being read",
        "No answer is open that could be edited",
    ]


def test_what_somebody_else_wrote_is_read_again(table: Table) -> None:
    newer = replace(SPOKEN, text="a think", model="base")
    table.store.add_transcript("one", newer)
    table.editor.refresh("two")
    assert len(table.shown) == 1
    table.editor.refresh("one")
    assert (table.now.transcript, table.shown[-1].original, table.shown[-1].can_undo) == (newer, newer, False)


def test_an_answer_without_a_text_cannot_be_edited(table: Table) -> None:
    table.store.attempts["two"] = replace(table.store.attempts["two"], transcript=None)
    table.editor.open("two")
    assert "not written down" in str(table.told[0])
    assert table.editor.attempt_id == ""


def test_a_question_of_another_bank_is_kept_and_not_judged(table: Table) -> None:
    table.store.attempts["one"] = replace(table.store.attempts["one"], question_id="omega")
    table.editor.open("one")
    table.editor.replace(1, 2, "stack")
    assert "not in the open bank" in str(table.told[0])
    assert (table.models.scored, table.shown[-1].judging) == ([], False)
    assert table.store.attempts["one"].transcript == EDITED


def test_an_answer_to_a_follow_up_is_judged_with_what_was_said_before(table: Table) -> None:
    later = replace(table.store.attempts["two"], id="more", follow_up="And why?", created=NOON.replace(hour=13))
    table.store.attempts = {"one": table.store.attempts["one"], "more": later}
    table.editor.open("more")
    table.editor.rewrite("because")
    assert table.models.scored == [("alpha", "a thing because")]


def test_a_model_that_fails_is_told_and_the_text_stays(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.models.failed.emit(table.models.job, EngineError("The sentence model failed"))
    assert (table.now.transcript, table.now.score, table.shown[-1].judging) == (EDITED, None, False)
    assert isinstance(table.told[0], EngineError)


def test_what_a_full_disk_refused_is_kept_with_the_score_that_follows(table: Table) -> None:
    table.store.full = True
    table.editor.replace(1, 2, "stack")
    assert isinstance(table.told[0], StoreError)
    table.store.full = False
    table.judge()
    assert table.store.versions("one") == ((SPOKEN, JUDGED), (EDITED, BETTER))


def test_a_score_never_goes_to_a_text_that_was_not_kept(table: Table) -> None:
    table.store.full = True
    table.editor.replace(1, 2, "stack")
    table.judge()
    assert table.store.versions("one") == ((SPOKEN, JUDGED),)


def test_of_a_deleted_answer_nothing_more_is_kept(table: Table) -> None:
    table.editor.replace(1, 2, "stack")
    table.editor.forget(["one", "other"])
    del table.store.attempts["one"]
    table.judge()
    assert (table.told, table.editor.attempt_id) == ([], "")


def test_others_deleted_answers_disturb_nobody(table: Table) -> None:
    table.editor.forget(["two"])
    assert table.editor.attempt_id == "one"


def test_an_answer_that_was_wanted_before_another_is_not_shown_any_more(table: Table) -> None:
    table.editor._on_read("two", table.editor._desk)
    table.editor._on_not_read("two", InputError("There is no answer"))
    assert (len(table.shown), table.told) == (1, [])


def test_jobs_of_others_are_left_alone(table: Table) -> None:
    table.models.done.emit(99, BETTER)
    table.models.failed.emit(99, EngineError("no"))
    assert (len(table.shown), table.told) == (1, [])
