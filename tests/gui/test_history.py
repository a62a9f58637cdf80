"""The history: found, narrowed down, put in order, read a page at a time; noted and starred."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from interviewer.core.models import Mode
from interviewer.core.search import PAGE_ROWS, Choices, Found, Lines, Listed, Query, SessionLine, Sort, whole_days
from interviewer.gui.widgets.found_answers import EXCERPT, SIGNS, WAITING, FoundModel
from interviewer.gui.widgets.history_filters import BETWEEN
from interviewer.gui.widgets.history_lists import LinesModel
from interviewer.gui.widgets.paged_model import MOST_PAGES
from interviewer.gui.widgets.session_models import SCORE, SECOND_LINE, VALUE
from tests.gui.fakes import NOW, attempt, bank, open_score, session

Key = Qt.Key
EARLIER = session("20260601-183000-def456", when=NOW - timedelta(days=3))
EARLIER = replace(EARLIER, attempts=tuple(replace(a, id=f"earlier-{a.position}") for a in EARLIER.attempts))


@pytest.fixture
def history(qtbot, window, library):
    """The page over two interviews of four answers, the newest answer chosen."""
    library.sessions = (session(), EARLIER)
    window.open_history()
    page = window.shelf.history
    qtbot.waitUntil(page.open.isEnabled, timeout=2000)
    return page


def listed(page) -> list[str]:
    """What the list of answers holds, by id; everything in it has to have been read."""
    model = page.attempts.model()
    return [model.index(row).data(VALUE).attempt_id for row in range(model.rowCount())]


def pick(picker, value) -> None:
    place = next(i for i in range(picker.count()) if picker.itemData(i) == value)
    picker.setCurrentIndex(place)
    picker.activated.emit(place)


def read(qtbot, page) -> None:
    model = page.attempts.model()
    qtbot.waitUntil(lambda: all(model.index(i).data(VALUE) for i in range(model.rowCount())), timeout=2000)


# --- the page ------------------------------------------------------------------------------


def test_an_empty_history_says_what_will_be_here(window):
    window.open_history()
    page = window.shelf.history
    assert page.empty.isVisible()
    assert not page.lists.isVisible()
    assert not page.filters.isVisible()


def test_nothing_is_claimed_before_the_store_has_answered(window, library, monkeypatch):
    monkeypatch.setattr(library, "load_lines", lambda _session_id: None)
    window.open_history()
    assert not window.shelf.history.empty.isVisible()
    assert not window.shelf.history.lists.isVisible()


def test_all_answers_are_listed_newest_first_beside_all_interviews(qtbot, history):
    read(qtbot, history)
    assert history.sessions.model().rowCount() == 1 + 2
    assert history.sessions.currentIndex().row() == 0
    assert listed(history) == [a.id for s in (session(), EARLIER) for a in reversed(s.attempts)]
    assert history.lists.count.text() == "8 answers"


def test_a_chosen_interview_shows_its_own_answers(qtbot, history):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    read(qtbot, history)
    assert listed(history) == [a.id for a in reversed(EARLIER.attempts)]


def test_a_reload_keeps_the_chosen_interview_and_the_chosen_answer(qtbot, history, library):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    history.attempts.setCurrentIndex(history.attempts.model().index(2))
    newer = session("20260605-183000-aaa111", when=NOW + timedelta(days=1))
    library.sessions = (newer, *library.sessions)
    library.changed.emit()
    qtbot.waitUntil(history.open.isEnabled, timeout=2000)
    assert history.sessions.currentIndex().row() == 3
    assert history.attempts.currentIndex().row() == 2


def test_a_deleted_interview_leaves_all_of_them_chosen(history, library):
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    library.sessions = (session(),)
    library.changed.emit()
    assert history.sessions.currentIndex().row() == 0
    assert not history.delete_session.isEnabled()


def test_enter_opens_the_chosen_answer(qtbot, window, history):
    history.attempts.setCurrentIndex(history.attempts.model().index(1))
    history.attempts.setFocus()
    qtbot.keyClick(history.attempts, Key.Key_Return)
    assert window.stack.currentWidget() is window.shelf.review
    assert window.shelf.review.question.text().startswith("Explain the difference")


def test_the_comparison_of_the_chosen_answer_is_asked_for(qtbot, history):
    with qtbot.waitSignal(history.compare_wanted, timeout=2000) as wanted:
        qtbot.keyClick(history.attempts, Key.Key_C)
    assert wanted.args == [session().attempts[-1].id, ""]


def test_the_first_time_the_keyboard_is_in_the_answers_once_there_are_any(window, library, monkeypatch):
    library.sessions = (session(),)
    with monkeypatch.context() as patched:
        patched.setattr(library, "load_lines", lambda _session_id: None)
        window.open_history()
    page = window.shelf.history
    assert not page.attempts.hasFocus()
    library.load_lines()
    assert page.attempts.hasFocus()


def test_where_no_answer_fits_the_keyboard_is_in_the_interviews(window, history):
    history.filters.search.setText("nowhere")
    history.filters.ask()
    window.open_review(session().attempts[0].id)
    window.open_history()
    assert history.sessions.hasFocus()


# --- changes of others ---------------------------------------------------------------------


@pytest.fixture
def many(qtbot, window, library):
    """The page over more interviews than are read at once, of an answer each."""

    def one(place: int):
        made = session(f"session-{place}", when=NOW - timedelta(days=place))
        answer = replace(made.attempts[0], id=f"answer-{place}", session_id=made.id, created=made.created)
        return replace(made, attempts=(answer,))

    library.sessions = tuple(one(place) for place in range(PAGE_ROWS + 20))
    window.open_history()
    page = window.shelf.history
    qtbot.waitUntil(page.open.isEnabled, timeout=2000)
    return page


def test_a_change_leaves_the_note_to_whoever_writes_it(qtbot, many, library):
    many.attempts.setCurrentIndex(many.attempts.model().index(PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._attempt_id == f"answer-{PAGE_ROWS + 5}", timeout=2000)
    qtbot.keyClick(many.attempts, Key.Key_N)
    qtbot.keyClicks(many.note, "Name the")
    library.changed.emit()
    assert many.attempts.currentIndex().data(VALUE) is None  # it is read again
    assert (many.note.hasFocus(), many.open.isEnabled()) == (True, True)
    qtbot.keyClicks(many.note, " queue")
    many.lists.found_model._on_soon()
    assert many.attempts.currentIndex().data(VALUE).attempt_id == f"answer-{PAGE_ROWS + 5}"
    assert (many.note.hasFocus(), many.note.toPlainText()) == (True, "Name the queue")


def test_an_answer_that_is_read_and_gone_can_no_longer_be_opened(qtbot, many, library, monkeypatch):
    many.attempts.setCurrentIndex(many.attempts.model().index(PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._attempt_id == f"answer-{PAGE_ROWS + 5}", timeout=2000)
    monkeypatch.setattr(library, "load_rows", lambda numbers, _sought: library.rows_loaded.emit(numbers, ()))
    library.changed.emit()
    qtbot.waitUntil(lambda: not many.open.isEnabled(), timeout=2000)


def test_a_change_leaves_both_lists_where_they_were_scrolled_to(qtbot, many, library):
    for view in (many.sessions, many.attempts):
        qtbot.waitUntil(lambda view=view: view.verticalScrollBar().maximum() > 200, timeout=2000)
        view.verticalScrollBar().setValue(200)
    library.changed.emit()
    assert [view.verticalScrollBar().value() for view in (many.sessions, many.attempts)] == [200, 200]


def test_a_change_leaves_what_can_be_done_with_the_chosen_interview(qtbot, many, library):
    model = many.sessions.model()
    many.sessions.setCurrentIndex(model.index(1 + PAGE_ROWS + 5))
    qtbot.waitUntil(lambda: many._session_id == f"session-{PAGE_ROWS + 5}", timeout=2000)
    many.delete_session.setFocus()
    library.changed.emit()
    assert many.sessions.currentIndex().data(VALUE) is None  # it is read again
    assert many.delete_session.hasFocus()


# --- searching -----------------------------------------------------------------------------


def test_words_are_looked_for_once_nobody_types_any_more(qtbot, history, library):
    asked = len(library.asked)
    qtbot.keyClicks(history.filters.search, "provider")
    assert len(library.asked) == asked
    qtbot.waitUntil(lambda: len(library.asked) > asked, timeout=2000)
    assert library.asked[-1].text == "provider"
    assert len(library.asked) == asked + 1


def test_what_was_looked_for_is_lit_in_what_was_said(qtbot, history):
    history.filters.search.setText("loop thread")
    qtbot.waitUntil(lambda: history.lists.count.text() == "0 answers found", timeout=2000)
    history.filters.search.setText("thread")
    qtbot.waitUntil(lambda: history.lists.count.text() == "8 answers found", timeout=2000)
    read(qtbot, history)
    found = history.attempts.model().index(0).data(EXCERPT)
    assert [found.text[first:stop] for first, stop in found.marks] == ["thread"]


def test_where_nothing_fits_everything_can_be_let_pass_again(qtbot, history):
    history.filters.search.setText("nowhere")
    qtbot.waitUntil(history.lists.nothing.isVisible, timeout=2000)
    assert not history.open.isEnabled()
    history.lists.let_pass.click()
    assert history.filters.search.text() == ""
    assert history.attempts.isVisible()
    assert history.lists.count.text() == "8 answers"


def test_an_interview_that_ended_before_an_answer_says_so(window, library):
    library.sessions = (replace(session(), attempts=()),)
    window.open_history()
    page = window.shelf.history
    assert page.lists.nothing.isVisible()
    assert not page.lists.let_pass.isVisible()


def test_how_many_were_found_is_announced(qtbot, history, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(history, "announce", said.append)
    history.filters.search.setText("thread")
    qtbot.waitUntil(lambda: said != [], timeout=2000)
    assert said == ["8 answers found."]


def test_the_keyboard_leads_into_the_search_and_out_of_it(qtbot, history):
    history.attempts.setFocus()
    qtbot.keyClick(history.attempts, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert history.filters.search.hasFocus()
    qtbot.keyClicks(history.filters.search, "sn/")  # keys of the page are letters here
    assert history.filters.search.text() == "sn/"
    qtbot.keyClick(history.filters.search, Key.Key_Escape)
    assert history.filters.search.text() == ""
    qtbot.keyClick(history.filters.search, Key.Key_Down)
    assert history.attempts.hasFocus()


def test_enter_in_the_search_leads_to_what_is_found_and_opens_nothing(qtbot, window, history, library):
    qtbot.keyClick(history.attempts, Key.Key_Slash)
    qtbot.keyClicks(history.filters.search, "thread")
    qtbot.keyClick(history.filters.search, Key.Key_Return)
    assert window.stack.currentWidget() is history
    assert library.asked[-1].text == "thread"
    assert history.attempts.hasFocus()
    qtbot.keyClick(history.attempts, Key.Key_Return)
    assert window.stack.currentWidget() is window.shelf.review


def test_the_keyboard_stays_in_the_search_until_something_is_found(qtbot, window, history, library, monkeypatch):
    asked: list[Query] = []
    monkeypatch.setattr(library, "search", asked.append)
    history.filters.search.setFocus()
    for words, count in (("nowhere", 0), ("thread", 1)):
        history.filters.search.setText(words)
        for _ in range(2):
            qtbot.keyClick(history.filters.search, Key.Key_Return)
        assert window.stack.currentWidget() is history
        assert history.filters.search.hasFocus()
        library.found.emit(Found(asked[-1], range(count)))
        assert history.attempts.hasFocus() == bool(count)


def test_whoever_types_on_stays_in_the_search(qtbot, history, library, monkeypatch):
    asked: list[Query] = []
    monkeypatch.setattr(library, "search", asked.append)
    history.filters.search.setFocus()
    history.filters.search.setText("thr")
    qtbot.keyClick(history.filters.search, Key.Key_Return)
    qtbot.keyClicks(history.filters.search, "e")
    library.found.emit(Found(asked[-1], (1,)))
    assert history.filters.search.hasFocus()


# --- narrowing down ------------------------------------------------------------------------


def test_each_list_narrows_the_answers_down(history, library):
    filters = history.filters
    pick(filters.score, (60, 75))
    pick(filters.days, 7)
    pick(filters.sort, Sort.WORST)
    filters.starred.setChecked(True)
    asked = library.asked[-1]
    assert (asked.low, asked.high, asked.starred, asked.sort) == (60, 75, True, Sort.WORST)
    assert (asked.since.hour, asked.since.minute, asked.until) == (0, 0, None)
    assert filters.clear.isVisible()


def test_only_what_can_be_chosen_from_is_offered(history):
    filters = history.filters
    assert not any(picker.isVisible() for picker in (filters.bank, filters.topic, filters.engine))
    filters.show_choices(Choices(("Bank one", "Bank two"), ("Design",), ("typed", "whisper")))
    assert filters.bank.isVisible()
    assert not filters.topic.isVisible()
    assert [filters.engine.itemText(i) for i in range(3)] == ["Any writer", "Typed", "Written by Whisper"]


def test_what_is_chosen_stays_chosen_when_there_is_none_of_it_any_more(history, library):
    filters = history.filters
    filters.show_choices(Choices(("Bank one", "Bank two"), (), ()))
    pick(filters.bank, "Bank two")
    filters.show_choices(Choices(("Bank one",), (), ()))
    assert filters.bank.value() == library.asked[-1].bank == "Bank two"
    assert filters.bank.isVisible()


def test_everything_passes_again_at_once_and_the_order_stays(history, library):
    filters = history.filters
    pick(filters.sort, Sort.BEST)
    pick(filters.score, (80, None))
    filters.starred.setChecked(True)
    filters.clear.click()
    assert library.asked[-1] == Query(sort=Sort.BEST)
    assert not filters.clear.isVisible()


def test_answers_of_chosen_days_are_found_and_the_days_are_kept_and_cleared(history, library):
    filters, day = history.filters, timedelta(days=1)
    assert not filters.between.isVisible()
    pick(filters.days, BETWEEN)
    assert filters.between.isVisible()
    earlier = EARLIER.created.astimezone().date()
    filters.between.first.setDate(earlier - day)
    filters.between.last.setDate(earlier)
    asked = library.asked[-1]
    assert (asked.since, asked.until) == whole_days(earlier - day, earlier)
    assert listed(history) == [a.id for a in reversed(EARLIER.attempts)]
    pick(filters.days, None)
    assert (library.asked[-1].since, library.asked[-1].until) == (None, None)
    pick(filters.days, BETWEEN)
    assert library.asked[-1] == asked
    filters.clear.click()
    assert library.asked[-1] == Query()
    assert not filters.between.isVisible()


def test_days_begin_as_those_that_were_chosen_before(history):
    filters = history.filters
    for picked, days in ((7, 7), (None, 30)):
        pick(filters.days, picked)
        pick(filters.days, BETWEEN)
        first, last = filters.between.days()
        assert (last - first).days + 1 == days
        filters.clear.click()


def test_enter_at_a_day_takes_it_and_opens_no_answer(qtbot, window, history, library):
    pick(history.filters.days, BETWEEN)
    history.filters.between.first.setFocus()
    asked = len(library.asked)
    qtbot.keyClick(history.filters.between.first, Key.Key_Down)
    qtbot.keyClick(history.filters.between.first, Key.Key_Return)
    assert window.stack.currentWidget() is history
    assert len(library.asked) == asked + 1


# --- notes and stars -----------------------------------------------------------------------


def test_a_star_is_kept_and_seen(qtbot, history, library):
    chosen = session().attempts[-1].id
    qtbot.keyClick(history.attempts, Key.Key_S)
    assert library.calls == [("star", chosen, True)]
    model = history.attempts.model()
    qtbot.waitUntil(lambda: model.index(0).data(SIGNS) == ("star",), timeout=2000)
    assert history.star.isChecked()
    assert history.star.accessibleName() == "Starred"
    assert "Starred" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_note_is_kept_when_its_field_is_left(qtbot, history, library):
    chosen = session().attempts[-1].id
    qtbot.keyClick(history.attempts, Key.Key_N)
    assert history.note.hasFocus()
    qtbot.keyClicks(history.note, "Name the queue")
    history.attempts.setFocus()
    assert library.calls == [("note", chosen, "Name the queue")]
    model = history.attempts.model()
    qtbot.waitUntil(lambda: model.index(0).data(SIGNS) == ("note",), timeout=2000)


def test_a_note_belongs_to_the_answer_it_was_written_beside(qtbot, history, library):
    first, second = session().attempts[-1].id, session().attempts[-2].id
    history.note.setFocus()
    qtbot.keyClicks(history.note, "First")
    history.attempts.setCurrentIndex(history.attempts.model().index(1))
    assert library.calls == [("note", first, "First")]
    assert history.note.toPlainText() == ""
    history.note.setFocus()
    qtbot.keyClicks(history.note, "Second")
    history.attempts.setFocus()
    assert library.calls[-1] == ("note", second, "Second")


# --- pages ---------------------------------------------------------------------------------


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


def test_letters_look_through_no_list(qtbot, history, library):
    pages = len(library.pages)
    history.attempts.keyboardSearch("zz")
    assert len(library.pages) == pages


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
