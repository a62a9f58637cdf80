"""Points and the example: each leads to the other, and to the second at which it was said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from interviewer.core import steps
from interviewer.core.models import Coverage, Span, Transcript
from interviewer.core.settings import Appearance
from interviewer.gui.answer import Answer
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.answer_view import AnswerView
from interviewer.gui.widgets.cards import Column
from interviewer.gui.widgets.moment_strip import MomentStrip
from tests.gui.fake_conductor import FakeConductor
from tests.gui.fakes import attempt, clip, session, transcript

AWAITED = "I would use async def when the handler waits for something that can be awaited"
"""Evidence of the first point in the fakes."""
LIT = AWAITED.replace("waits for", "waits for [1.4 s]")
"""The same as it is shown."""


@pytest.fixture
def said(monkeypatch):
    """What a screen reader would say."""
    heard = []
    monkeypatch.setattr(Page, "announce", lambda _page, words: heard.append(words))
    return heard


@pytest.fixture(scope="module")
def stage(qapp):
    """A view by itself, made once: a whole window takes ten times as long, and the wave in it longest."""
    conductor, theme = FakeConductor(), Theme(qapp, Appearance.LIGHT)
    view = AnswerView(conductor, theme)
    view.resize(1000, 1400)
    view.show()
    yield view, conductor, theme
    # Left to the garbage collector, it might be taken down on another thread.
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def theme(stage):
    return stage[2]


@pytest.fixture
def view(qtbot, stage):
    """The view with the second answer of the fakes, nothing chosen, nothing playing."""
    view, conductor, theme = stage
    theme.choose(Appearance.LIGHT)
    view.show_answer(Answer(None))
    view.show_answer(Answer.of(conductor.bank.questions[1], attempt(1)))
    conductor.calls.clear()
    with qtbot.waitActive(view):
        view.activateWindow()
    return view


@pytest.fixture
def calls(stage):
    """What the view asked of the player."""
    return stage[1].calls


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))


def told(row):
    return [one.text() for one in row.findChildren(QLabel)]


def times(evidence):
    """When these words begin and end in the fakes."""
    words = [w.text for w in transcript().words]
    first = next(i for i in range(len(words)) if " ".join(words[i:]).startswith(evidence))
    return transcript().words[first].start_s, transcript().words[first + len(evidence.split()) - 1].end_s


# --- points -------------------------------------------------------------------------------------


def test_a_click_on_a_point_plays_what_proves_it(qtbot, view, calls):
    click(qtbot, view.points.rows[0])
    assert calls == [("play", clip().path, *times(AWAITED))]


def test_a_point_says_when_its_evidence_was_said(view):
    assert "0:01" in told(view.points.rows[0])
    assert "Enter plays it from 0:01." in view.points.rows[0].accessibleDescription()


def test_a_point_says_why_it_fell_short(view):
    assert any("This goes part of the way. Not said: " in line for line in told(view.points.rows[2]))
    assert "did not confirm" in view.points.rows[0].accessibleDescription()


def test_a_point_nothing_came_near_has_nothing_to_hear(qtbot, view, calls):
    click(qtbot, view.points.rows[4])
    assert calls == []
    assert view.points.chosen == (4,)


def test_a_typed_answer_has_points_without_a_time(view):
    view.show_answer(Answer.of(None, replace(attempt(1), clip=None)))
    assert "Enter plays" not in view.points.rows[0].accessibleDescription()


def test_a_chosen_point_lights_its_sentences_in_the_answer_and_the_example(qtbot, view):
    click(qtbot, view.points.rows[0])
    assert view.transcript.lit_text == LIT
    assert view.example.lit_text.startswith("Then the event loop serves")


def test_another_point_takes_the_light(qtbot, view):
    click(qtbot, view.points.rows[0])
    click(qtbot, view.points.rows[4])
    assert view.points.chosen == (4,)
    assert view.transcript.lit_text == ""


def test_a_screen_reader_is_told_the_sentence_of_the_example(qtbot, interview, conductor, said):
    conductor.to_feedback()
    said.clear()
    click(qtbot, interview.shelf.feedback.view.points.rows[0])
    assert said == ["In the example: Then the event loop serves other requests meanwhile."]


def test_tab_reaches_one_point_and_arrows_the_others(qtbot, view, calls):
    rows = view.points.rows
    assert [row.focusPolicy() is Qt.FocusPolicy.TabFocus for row in rows] == [True, False, False, False, False]
    rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(rows[0], Qt.Key.Key_Down)
    assert rows[1].hasFocus()
    assert view.points.chosen == (1,)
    assert calls == []


def test_arrows_stop_at_the_ends(qtbot, view):
    rows = view.points.rows
    rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(rows[0], Qt.Key.Key_Up)
    assert rows[0].hasFocus()
    assert view.points.chosen == ()


def test_enter_plays_the_point_that_has_the_focus_and_space_still_means_the_page(qtbot, interview, feedback, conductor):
    row = feedback.view.points.rows[0]
    row.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert conductor.calls == [("play", clip().path, *times(AWAITED))]
    feedback.view.points.choose(())
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert feedback.view.points.chosen == ()
    assert conductor.posted[-1] == steps.Go()


# --- the example --------------------------------------------------------------------------------


def choose_sentence(qtbot, example, words):
    spot = example.cursorRect(example.document().find(words)).center() - QPoint(2, 0)
    qtbot.mouseClick(example.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_each_sentence_has_the_numbers_of_its_points(view):
    text = view.example.toPlainText()
    assert "serves other requests meanwhile. 1, 3 If the library" in text


def test_a_sentence_of_the_example_lights_its_points(qtbot, view, calls):
    choose_sentence(qtbot, view.example, "event")
    assert view.points.chosen == (0, 2)
    assert view.transcript.lit_text == LIT
    assert calls == []


def test_enter_chooses_the_sentence_at_the_cursor(qtbot, view):
    view.example.setFocus(Qt.FocusReason.TabFocusReason)
    view.example.setTextCursor(view.example.document().find("event"))
    view.example.moveCursor(view.example.textCursor().MoveOperation.Left)
    qtbot.keyClick(view.example, Qt.Key.Key_Return)
    assert view.points.chosen == (0, 2)


def test_a_sentence_that_makes_no_point_lights_none(qtbot, view):
    choose_sentence(qtbot, view.example, "meanwhile")
    choose_sentence(qtbot, view.example, "waits")
    assert view.points.chosen == ()
    assert view.example.lit_text == ""
    assert view.example.toPlainText().startswith("I use async def")


def test_points_of_a_sentence_are_scrolled_to(qtbot, interview, feedback):
    interview.resize(960, 640)
    qtbot.waitUntil(lambda: feedback.view.width() < 800)
    column = feedback.findChild(Column)
    column.verticalScrollBar().setValue(column.verticalScrollBar().maximum())
    row = feedback.view.points.rows[0]
    assert row.visibleRegion().isEmpty()
    choose_sentence(qtbot, feedback.view.example, "event")
    assert not row.visibleRegion().isEmpty()


def test_an_entry_that_left_the_bank_has_points_without_an_example(view):
    view.show_answer(Answer.of(None, attempt(1)))
    assert view.example.toPlainText() == "This question is no longer in the bank."
    assert not view.beside.linked.isVisible()
    assert len(view.points.rows) == 5


# --- the answer ---------------------------------------------------------------------------------


def test_a_word_of_the_answer_lights_the_point_that_it_proves(qtbot, view):
    choose_sentence(qtbot, view.transcript, "handler")
    assert view.points.chosen == (0,)
    assert view.transcript.lit_text == LIT


def test_a_word_that_proves_nothing_lights_nothing(qtbot, view):
    choose_sentence(qtbot, view.transcript, "handler")
    choose_sentence(qtbot, view.transcript, "because")
    assert view.points.chosen == ()
    assert view.transcript.lit_text == ""


def test_what_is_lit_stays_lit_in_another_look(qtbot, view, theme):
    click(qtbot, view.points.rows[0])
    before = view.example.lit_text
    theme.choose(Appearance.DARK)
    assert (view.transcript.lit_text, view.example.lit_text) == (LIT, before)


def test_another_answer_has_nothing_lit(qtbot, view):
    click(qtbot, view.points.rows[0])
    view.show_answer(Answer.of(None, attempt(1)))
    assert (view.points.chosen, view.transcript.lit_text) == ((), "")


# --- follow-ups ---------------------------------------------------------------------------------


def test_a_point_of_the_first_answer_cannot_be_heard_in_the_second():
    second = replace(attempt(1), follow_up="And then?", transcript=transcript(text="It blocks."))
    points = Answer.of(None, second).points(Answer.of(None, second).example())
    assert {p.moment for p in points} == {None}


def test_words_of_the_first_answer_count_as_said_in_the_second():
    score = attempt(1).score
    short = replace(score, points=(replace(score.points[2], text="Awaiting lets requests go."),))
    second = Answer(None, None, Transcript("Requests go."), short, follow_up=True, prior="Awaiting lets.")
    (point,) = second.points(second.example())
    assert "Said elsewhere in your answer" in point.why
    (unknown,) = replace(second, prior=None).points(second.example())
    assert unknown.why == "This goes part of the way."
    assert unknown.result.coverage is Coverage.PARTLY


def test_review_has_the_same_links(qtbot, window, library, conductor):
    library.sessions = (session(),)
    window.open_review(attempt(1).id)
    row = window.shelf.review.view.points.rows[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    assert conductor.calls == [("play", clip().path, *times(AWAITED))]


def test_the_right_half_of_a_last_letter_belongs_to_its_word(qtbot, view, calls):
    choose_sentence(qtbot, view.transcript, "because")
    assert calls == [("play", clip().path, times("because")[0])]


def test_the_room_beside_a_text_is_no_word(qtbot, view, calls):
    view.transcript.show_transcript(transcript(text="It blocks."))
    beside = QPoint(view.transcript.width() - 5, 10)
    qtbot.mouseClick(view.transcript.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert calls == []


def test_the_wave_has_the_points_that_can_be_heard(view):
    marked = [(coverage, words) for _, coverage, words in view.wave._points]
    results = attempt(1).score.points
    assert marked == [(p.coverage, p.text) for p in results[:4]]
    assert view.wave._points[0][0] == Span(*times(AWAITED))


def test_a_typed_answer_has_no_wave(view):
    view.show_answer(Answer.of(None, replace(attempt(1), clip=None)))
    assert not view.wave.isVisible()


def test_a_filler_of_the_delivery_is_heard_by_a_click(qtbot, view, calls):
    next(chip for chip in view.delivery.findChildren(QPushButton) if "um" in chip.text()).click()
    ((_, _, start_s, end_s),) = calls
    assert start_s < times("um")[0] < times("um")[1] < end_s


def test_arrows_among_the_fillers_go_from_one_to_the_next_and_do_not_jump(qtbot, view):
    one, other = view.delivery.findChild(MomentStrip).buttons[:2]
    one.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(one, Qt.Key.Key_Right)
    assert other.hasFocus()
    assert view.player.slider.value() == 0
