"""The rows of the history: read a page at a time, and what each of them says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from interviewer.core.models import Mode
from interviewer.core.search import PAGE_ROWS, Found, Lines, Listed, Query, SessionLine
from interviewer.gui.widgets.found_answers import WAITING, FoundModel
from interviewer.gui.widgets.history_lists import LinesModel
from interviewer.gui.widgets.paged_model import MOST_PAGES
from interviewer.gui.widgets.session_models import SCORE, SECOND_LINE, VALUE
from tests.gui.fakes import NOW, attempt, bank, open_score, session
from tests.gui.history_page import read


def row(number: int, **fields) -> Listed:
    return Listed(number, f"a{number}", "s", "async-operations", NOW, "Bank", **fields)


def line(number: int) -> SessionLine:
    return SessionLine(number, f"s{number}", NOW, "Bank", Mode.PRACTICE, finished=True, answers=4)


@pytest.fixture
def model(qapp):
    """A list of a hundred thousand answers, and the pages that it asked for."""
    made = FoundModel(bank().question)
    made.asked_for = []
    made.page_wanted.connect(made.asked_for.append)
    made.show_found(Found(Query(), range(100_000, 0, -1)))
    return made


# --- pages ---------------------------------------------------------------------------------


def test_a_model_behaves_as_qt_wants(qapp):
    lines, found = LinesModel(), FoundModel(bank().question)
    testers = [QAbstractItemModelTester(m, QAbstractItemModelTester.FailureReportingMode.Fatal) for m in (lines, found)]
    lines.show_lines(Lines((8, 7), (line(8),), None, 9))
    asked: list[tuple[int, ...]] = []
    found.page_wanted.connect(asked.append)
    found.show_found(Found(Query(), (3, 2, 1)))
    found.data(found.index(0), VALUE)
    found._on_soon()
    found.take_rows(asked[0], (row(3), row(2), row(1)))
    assert found.data(QModelIndex()) is None
    assert len(testers) == 2


def test_only_the_pages_that_are_looked_at_are_asked_for(qtbot, model):
    assert model.index(0).data() == WAITING
    assert model.index(70_000).data() == WAITING
    qtbot.waitUntil(lambda: len(model.asked_for) == 2, timeout=2000)
    assert [len(numbers) for numbers in model.asked_for] == [PAGE_ROWS, PAGE_ROWS]
    assert model.asked_for[0][0] == 100_000
    model.take_rows(model.asked_for[1], [row(n) for n in model.asked_for[1]])
    assert model.index(70_000).data(VALUE).number == 30_000
    assert model.index(0).data() == WAITING


def test_a_page_is_asked_for_once(qtbot, model):
    for _ in range(3):
        model.index(5).data()
        model._on_soon()
    assert len(model.asked_for) == 1


def test_pages_looked_at_long_ago_are_let_go(model):
    for page in range(MOST_PAGES + 4):
        model.index(page * PAGE_ROWS).data()
        model._on_soon()
        model.take_rows(model.asked_for[-1], [row(n) for n in model.asked_for[-1]])
    assert len(model._pages) == MOST_PAGES
    assert model.index(0).data() == WAITING


def test_an_answer_that_was_deleted_meanwhile_is_no_answer(model):
    model.index(0).data()
    model._on_soon()
    model.take_rows(model.asked_for[0], [row(n) for n in model.asked_for[0][1:]])
    assert model.index(0).data(VALUE) is None
    assert model.index(1).data(VALUE).number == 99_999


def test_rows_of_another_list_are_passed_over(model):
    model.index(0).data()
    model._on_soon()
    model.take_rows((7,), [row(7)])
    assert model.index(0).data(VALUE) is None


def test_a_late_page_of_another_list_takes_no_rows_from_the_one_that_was_asked_for(model):
    def ask(place: int) -> tuple[int, ...]:
        model.index(place).data()
        model._on_soon()
        return model.asked_for[-1]

    before = ask(PAGE_ROWS)
    # The same page but for one answer that came before it, and the same page with other words lit.
    for numbers in (range(100_001, 0, -1), range(100_001, 0, -1)):
        model.show_found(Found(Query(), numbers))
        now = ask(PAGE_ROWS)
        model.take_rows(before, [row(n, note="old") for n in before])
        assert model.index(PAGE_ROWS).data() == WAITING
        model.take_rows(now, [row(n) for n in now])
        held = [model.index(PAGE_ROWS + place).data(VALUE) for place in range(PAGE_ROWS)]
        assert [(found.number, found.note) for found in held] == [(n, "") for n in now]
        before = now


# --- rows ----------------------------------------------------------------------------------


def test_a_row_says_when_something_is_rough_or_missing(model):
    rows = (
        row(100_000, written=True, rough=True, seconds=42.4),
        row(99_999, seconds=3.0),
        row(99_998, written=True, typed=True, score=attempt(0).score, topic="Concurrency"),
        row(99_997, written=True, score=replace(open_score(), points=())),
    )
    model.index(0).data()
    model._on_soon()
    model.take_rows(model.asked_for[0], rows)
    lines = [model.index(i).data(SECOND_LINE) for i in range(4)]
    assert lines[0].startswith("Not scored yet · ")
    assert "42 s · rough transcript" in lines[0]
    assert lines[1].startswith("Not written down yet")
    assert lines[2].startswith("Solid · ")
    assert lines[2].endswith("typed · Bank · Concurrency")
    assert lines[3].startswith("50 % of the points mentioned")
    assert "no recording" in lines[3]
    assert model.index(2).data(SCORE).shown == 65


def test_a_row_is_called_as_it_was_asked(model):
    model.index(0).data()
    model._on_soon()
    unknown = replace(row(99_997), question_id="no-such-entry")
    rows = (row(100_000, asked="Why?"), row(99_999, asked="Why?", follow_up="And how?"), row(99_998), unknown)
    model.take_rows(model.asked_for[0], rows)
    assert [model.index(i).data() for i in range(4)] == [
        "Why?",
        "Follow-up: And how?",
        bank().question("async-operations").question,
        "no such entry",
    ]


def test_a_list_with_every_kind_of_row_is_painted(qtbot, window, library):
    hebrew = replace(attempt(1).transcript, text="שלום עולם 🎤 thread pool")
    kinds = (
        replace(attempt(0), score=open_score(), starred=True, note="Remember"),
        replace(attempt(1), transcript=hebrew),
        replace(attempt(2), transcript=None, score=None),
    )
    library.sessions = (replace(session(), attempts=kinds),)
    window.open_history()
    page = window.shelf.history
    page.filters.search.setText("pool")
    qtbot.waitUntil(lambda: page.lists.count.text() == "2 answers found", timeout=2000)
    read(qtbot, page)
    assert not page.attempts.grab().isNull()
