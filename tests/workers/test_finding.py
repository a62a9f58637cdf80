"""Whoever looks for answers is answered by signal, and only with what was asked for last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Mode, Session
from interviewer.core.search import Choices, Found, Query
from interviewer.workers.finding import Finder
from tests.workers.fakes import NOON, ROUGH, Later
from tests.workers.memory_store import MemoryStore


@pytest.fixture
def store(tmp_path: Path) -> MemoryStore:
    made = MemoryStore(tmp_path)
    made.kept["s"] = Session("s", NOON, "Test bank", Mode.PRACTICE, ("alpha", "beta"))
    for name, question in (("a", "alpha"), ("b", "beta"), ("c", "alpha")):
        made.attempts[name] = Attempt(name, "s", question, 0, NOON, transcript=ROUGH)
    return made


@pytest.fixture
def lane() -> Later:
    return Later()


@pytest.fixture
def finder(qtbot: QtBot, store: MemoryStore, lane: Later) -> Finder:
    return Finder(store, lane)


def heard(signal) -> list[tuple[object, ...]]:
    """Collect what a signal says."""
    said: list[tuple[object, ...]] = []
    signal.connect(lambda *args: said.append(args))
    return said


def test_what_fits_is_told_with_its_first_rows(finder: Finder, lane: Later):
    found = heard(finder.found)
    finder.search(Query())
    lane.go()
    ((told,),) = found
    assert (told.ids, [row.attempt_id for row in told.rows]) == ((0, 1, 2), ["a", "b", "c"])


def test_of_several_questions_that_wait_only_the_newest_is_asked(finder: Finder, lane: Later, store, monkeypatch):
    asked: list[Query] = []
    monkeypatch.setattr(store, "find_answers", lambda query: asked.append(query) or Found(query))
    found = heard(finder.found)
    for text in ("l", "lo", "loo"):
        finder.search(Query(text))
    lane.go()
    assert asked == [Query("loo")]
    assert [told.query.text for (told,) in found] == ["loo"]


def test_the_same_question_is_asked_once_while_it_waits_and_again_afterwards(finder: Finder, lane: Later):
    found = heard(finder.found)
    finder.search(Query("x"))
    finder.search(Query("x"))
    lane.go()
    finder.search(Query("x"))
    lane.go()
    assert len(found) == 2


def test_a_question_that_was_taken_back_is_asked_when_it_comes_again(finder: Finder, lane: Later):
    found = heard(finder.found)
    for text in ("x", "y", "x"):
        finder.search(Query(text))
    lane.go()
    assert [told.query.text for (told,) in found] == ["x"]


def test_a_store_that_fails_is_told_and_asked_again(finder: Finder, lane: Later, store, monkeypatch):
    def broken(_query: Query) -> Found:
        raise StoreError("The disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "find_answers", broken)
        told, found = heard(finder.told), heard(finder.found)
        finder.search(Query("x"))
        lane.go()
    finder.search(Query("x"))
    lane.go()
    assert (len(told), len(found)) == (1, 1)


def test_rows_sessions_and_choices_come_when_they_are_asked_for(finder: Finder, lane: Later):
    rows, lines, line_rows = heard(finder.rows_loaded), heard(finder.lines_loaded), heard(finder.line_rows_loaded)
    choices, sessions = heard(finder.choices_loaded), heard(finder.session_loaded)
    numbers, places = (1,), (0,)
    finder.load_rows(numbers)
    finder.load_lines("s")
    finder.load_line_rows(places)
    finder.load_choices()
    finder.load_session("s")
    lane.go()
    assert [row.attempt_id for row in rows[0][1]] == ["b"]
    assert (lines[0][0].place, line_rows[0][1][0].id) == (0, "s")
    assert (rows[0][0] is numbers, line_rows[0][0] is places) == (True, True)
    assert choices == [(Choices(engines=("whisper",)),)]
    assert len(sessions[0][0].attempts) == 3


def test_every_attempt_at_a_question_comes(finder: Finder, lane: Later):
    attempts = heard(finder.attempts_of_loaded)
    finder.load_attempts_of("alpha")
    lane.go()
    assert [(name, [a.id for a in found]) for name, found in attempts] == [("alpha", ["a", "c"])]


def test_a_note_and_a_star_are_kept_and_told(finder: Finder, lane: Later, store: MemoryStore):
    marked = heard(finder.marked)
    finder.set_note("a", "Remember")
    finder.set_star("b", True)
    lane.go()
    assert (store.attempts["a"].note, store.attempts["b"].starred) == ("Remember", True)
    assert marked == [("a",), ("b",)]


def test_words_of_earlier_notes_are_forgotten_after_what_was_written(finder: Finder, lane: Later, store: MemoryStore):
    finder.set_note("a", "Remember")
    finder.forget_notes()
    assert store.forgotten == 0
    lane.go()
    assert (store.attempts["a"].note, store.forgotten) == ("Remember", 1)


def test_what_cannot_be_kept_is_told(finder: Finder, lane: Later, store: MemoryStore):
    store.full = True
    told, marked = heard(finder.told), heard(finder.marked)
    finder.set_note("a", "Remember")
    lane.go()
    assert (len(told), marked) == (1, [])
    assert replace(store.attempts["a"], note="") == store.attempts["a"]


def test_whether_an_answer_is_on_its_way_is_known(finder: Finder, lane: Later):
    asked = [finder.is_asked(Query("x"))]
    finder.search(Query("x"))
    asked += [finder.is_asked(Query("x")), finder.is_asked(Query("y"))]
    lane.go()
    assert [*asked, finder.is_asked(Query("x"))] == [False, True, False, False]
