"""Editing one answer: every step is shown at once, kept, judged once, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError, InputError, StoreError
from interviewer.core.models import Attempt, Clip, Mode, Score, Session, Word
from interviewer.workers.editing import Edition, Editor
from tests.workers.fakes import JUDGED, NOON, SPOKEN, AtOnce, FakeModels, Later, bank
from tests.workers.memory_store import MemoryStore

BETTER = Score(80.0, "Complete", ())
STEPS = ("replace", "replace", "undo", "redo", "judge")
EDITED = replace(SPOKEN, text="a stack", words=(SPOKEN.words[0], Word("stack", 0.5, 0.9, 1.0)), engine="corrected")


@dataclass
class Table:
    editor: Editor
    models: FakeModels
    store: MemoryStore
    held: set[str]
    shown: list[Edition] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    told: list[object] = field(default_factory=list)

    @property
    def now(self) -> Attempt:
        return self.shown[-1].attempt

    def judge(self, score: Score = BETTER) -> None:
        self.models.done.emit(self.models.job, score)

    def judge_all(self) -> None:
        """Answer everything that waits with the score of its text."""
        for job in tuple(self.editor._jobs):
            self.models.done.emit(job, score_of(self.models.scored[job - 1][1]))


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Table:
    return made(tmp_path)


def made(folder: Path, lane: AtOnce | None = None) -> Table:
    """Return an editor with an answer opened."""
    store, models, held = MemoryStore(folder), FakeModels(), set[str]()
    store.kept["s"] = Session("s", NOON, "Test bank", Mode.PRACTICE, ("alpha",))
    clip = Clip(Path("one.wav"), 16_000, 16_000)
    store.attempts["one"] = Attempt("one", "s", "alpha", 0, NOON, clip, SPOKEN, JUDGED)
    store.attempts["two"] = Attempt("two", "s", "alpha", 0, NOON, clip, replace(SPOKEN, text="two"))
    editor = Editor(models, lane or AtOnce(), store, bank("alpha").question, held=lambda: frozenset(held))
    table = Table(editor, models, store, held)
    editor.opened.connect(table.shown.append)
    editor.changed.connect(table.shown.append)
    editor.kept.connect(table.kept.append)
    editor.told.connect(table.told.append)
    editor.open("one")
    return table


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


# --- opened again ------------------------------------------------------------------------------


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


# --- whatever is done in whatever order -------------------------------------------------------


def score_of(answer: str) -> Score:
    """A score that tells which text it is of."""
    return Score(float(len(answer)), answer, ())


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


# --- ahead of time ----------------------------------------------------------------------------


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


def test_jobs_of_others_are_left_alone(table: Table) -> None:
    table.models.done.emit(99, BETTER)
    table.models.failed.emit(99, EngineError("no"))
    assert (len(table.shown), table.told) == (1, [])
