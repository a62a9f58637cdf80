"""A kept answer: its note, its star, where it leads, and how its text is put right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from interviewer.core import steps
from interviewer.core.errors import StoreError
from interviewer.core.models import Transcript
from interviewer.core.usual import Quartiles, Usual
from interviewer.gui.widgets.inline_edit import InlineEdit
from interviewer.gui.widgets.note_field import NoteField
from interviewer.gui.widgets.player_bar import Playing
from tests.gui.fakes import attempt, score, session, transcript

ID = attempt(1).id


@pytest.fixture
def page(window, library):
    library.sessions = (session(),)
    window.open_review(ID)
    return window.shelf.review


@pytest.fixture
def field(qtbot):
    made = NoteField()
    qtbot.addWidget(made)
    made.show()
    return made


def load(library, **fields):
    library.attempt_loaded.emit(replace(attempt(1), **fields))


def test_a_note_is_kept_once_nobody_types_any_more(qtbot, field):
    field.setPlainText("Name")
    with qtbot.waitSignal(field.written, timeout=5000) as kept:
        field.setPlainText("Name the event loop")
    assert kept.args == ["Name the event loop"]


def test_a_note_is_kept_when_its_field_is_left_or_hidden(qtbot, field):
    kept = []
    field.written.connect(kept.append)
    field.setPlainText("One")
    field.flush()
    field.flush()
    field.setPlainText("Two")
    field.hide()
    assert kept == ["One", "Two"]


def test_that_a_field_is_left_is_told_once_where_something_was_reported(field):
    told = []
    field.written.connect(told.append)
    field.left.connect(lambda: told.append(None))
    field.setPlainText("One")
    field.flush()
    field.setPlainText("Two")
    field.flush()
    assert told == ["One", "Two"]
    field.hide()
    field.show()
    field.hide()
    assert told == ["One", "Two", None]


def test_a_note_that_is_left_is_forgotten_as_it_was_before(page, library):
    page.note.setPlainText("Slower.")
    page.note.flush()
    assert library.forgotten == 0
    page.note.hide()
    assert library.forgotten == 1


def test_a_note_that_is_shown_is_not_written(field):
    kept = []
    field.written.connect(kept.append)
    field.show_note("As it was")
    field.flush()
    assert kept == []
    assert field.toPlainText() == "As it was"


def test_a_field_grows_with_its_note_within_reason(field):
    heights = []
    for lines in (1, 6, 60, 90):
        field.show_note("line\n" * lines)
        heights.append(field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_an_answer_has_its_note_and_its_star(page, library):
    load(library, note="Say why.", starred=True)
    assert page.note.toPlainText() == "Say why."
    assert (page.star.text(), page.star.accessibleName()) == ("★ Starred", "Starred")
    assert library.calls == []


def test_a_note_belongs_to_the_answer_that_it_was_written_beside(page, library):
    page.note.setPlainText("Slower.")
    page.open(attempt(2).id)
    assert library.calls == [("note", ID, "Slower.")]
    assert page.note.toPlainText() == ""


def test_what_is_being_typed_is_not_replaced_by_what_is_loaded(page, library):
    page.note.setPlainText("Half a sen")
    load(library, note="Old.")
    assert page.note.toPlainText() == "Half a sen"


def slow(monkeypatch, library):
    """Have the store take its time with the next answers."""
    monkeypatch.setattr(library, "load_attempt", lambda _: None)


def test_nothing_of_the_answer_before_is_left_until_the_next_was_read(qtbot, window, page, library, monkeypatch):
    slow(monkeypatch, library)
    page.open(attempt(2).id)
    assert page.waiting.text() == "Reading this answer…"
    assert not page.content.isVisible()
    assert not any(button.isEnabled() for button in (page.star, page.compare, page.export, page.play))


def test_keys_do_nothing_to_the_answer_before_while_the_next_is_read(
    qtbot, window, page, library, conductor, monkeypatch
):
    slow(monkeypatch, library)
    wanted = []
    for signal in (page.compare_wanted, page.export_wanted, page.edit_wanted):
        signal.connect(lambda *what: wanted.append(what))
    page.open(attempt(2).id)
    for key in "SCXENHP ":
        qtbot.keyClick(window, key)
    assert (library.calls, wanted) == ([], [])
    assert [call for call in conductor.calls if call[0] in ("play", "speak")] == []
    assert not page.note.hasFocus()


def test_a_note_begun_beside_one_answer_never_replaces_that_of_the_next(page, library, monkeypatch):
    slow(monkeypatch, library)
    page.note.setPlainText("Of the first.")
    page.open(attempt(2).id)
    page.note.setPlainText("Of the first, and more.")
    page.note.flush()
    library.attempt_loaded.emit(replace(attempt(2), note="Of the second."))
    assert library.calls == [("note", ID, "Of the first.")]
    assert page.note.toPlainText() == "Of the second."


def test_an_answer_that_cannot_be_read_is_said_to_be_so(page, library, monkeypatch):
    slow(monkeypatch, library)
    page.open(attempt(2).id)
    library.told.emit(StoreError("The disk is gone"))
    assert page.waiting.text() == "This answer could not be read."
    assert page.waiting.isVisible()


def test_the_same_answer_opened_again_stays_on_screen_meanwhile(page, library, monkeypatch):
    slow(monkeypatch, library)
    page.open(ID)
    assert page.content.isVisible()
    assert not page.waiting.isVisible()


def test_keys_of_the_page_are_letters_in_a_note(qtbot, window, page, library):
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert page.note.hasFocus()
    qtbot.keyClicks(page.note, "xs cep")
    assert page.note.toPlainText() == "xs cep"
    assert library.calls == []


def test_a_note_is_seen_whole_while_it_grows(qtbot, window, page):
    qtbot.keyClick(window, Qt.Key.Key_N)
    page.note.setPlainText("line\n" * 8)
    field, seen = page.note, page.scroller.viewport()
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect().height() == field.height())
    assert field.mapTo(seen, field.rect().bottomLeft()).y() < seen.height()


def test_a_star_is_given_and_taken_by_a_key(qtbot, window, page, library):
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert library.calls == [("star", ID, True), ("star", ID, False)]
    assert page.star.text() == "☆ Star"


def test_another_answer_is_asked_for_to_compare_with(qtbot, window, page):
    with qtbot.waitSignal(page.compare_wanted) as asked:
        qtbot.keyClick(window, Qt.Key.Key_C)
    assert asked.args == [ID, ""]
    assert window.stack.currentWidget() is window.shelf.compare


def test_its_session_is_exported(qtbot, window, page):
    with qtbot.waitSignal(page.export_wanted) as asked:
        qtbot.keyClick(window, Qt.Key.Key_X)
    assert asked.args == [attempt(1).session_id]


def test_a_question_reads_as_it_was_asked(page, library):
    load(library, asked="What did you mean by that?")
    assert page.question.text() == "What did you mean by that?"


def test_the_users_own_bands_stand_beside_the_general_ones(window, library):
    library.usual = Usual(5, pace_wpm=Quartiles(110.0, 125.0, 140.0))
    library.sessions = (session(),)
    window.open_review(ID)
    assert window.shelf.review.view.delivery._shown[2] == library.usual


def test_after_a_retake_the_answer_before_it_is_there_to_compare_with(qtbot, feedback, conductor):
    assert not feedback.compare.isVisible()
    before = conductor.state.take.attempt_id
    conductor.post(steps.Retake())
    conductor.post(steps.Go())
    conductor.microphone_live()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    with qtbot.waitSignal(feedback.compare_wanted) as asked:
        feedback.compare.click()
    assert asked.args == [before, conductor.state.take.attempt_id]


def test_an_answer_to_the_next_question_is_no_retake(feedback, conductor):
    conductor.post(steps.Go())
    conductor.to_feedback()
    assert not feedback.compare.isVisible()


# --- putting the text right -----------------------------------------------------------------


def put_right(page, first, stop, text):
    page.view.editor.replaced.emit(first, stop, text)


def test_a_word_put_right_is_shown_at_once_and_scored_when_the_model_has_judged_it(page, library):
    put_right(page, 1, 2, "then")
    assert page.view.transcript.toPlainText().startswith("So then I would")
    assert page.view.label.text() == "Solid"
    assert page.view.editor.status.text() == "Scoring the text…"
    library.editing.models.judge(score(90.0, "Complete"))
    assert page.view.label.text() == "Complete"
    assert library.editing.texts.kept[-1] == (ID, "Complete")


def test_undo_and_redo_bring_text_and_score_back_at_once(qtbot, window, page, library):
    before = page.view.transcript.toPlainText()
    put_right(page, 1, 2, "then")
    library.editing.models.judge(score(90.0, "Complete"))
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (page.view.transcript.toPlainText(), page.view.label.text()) == (before, "Solid")
    again = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, again)
    assert page.view.label.text() == "Complete"
    assert len(library.editing.models.asked) == 1


def test_a_word_put_right_keeps_the_recording_playing_and_can_be_heard(qtbot, page, library, conductor):
    page.view.player.toggle()
    put_right(page, 1, 2, "then")
    library.editing.models.judge(score(90.0, "Complete"))
    assert page.view.player.playing is Playing.RUNNING
    assert page.view.transcript._timed[1][:2] == (transcript().words[1].start_s, transcript().words[1].end_s)


def test_the_whole_text_can_be_put_right_at_once(page, library):
    page.correct("I would use async def.")
    assert page.view.transcript.toPlainText() == "I would use async def."
    assert library.editing.models.asked == ["I would use async def."]


def test_while_it_is_written_down_again_nobody_begins_to_edit(qtbot, window, page, library):
    library.editing.held.add(ID)
    told, wanted = [], []
    library.editing.editor.told.connect(told.append)
    page.edit_wanted.connect(wanted.append)
    qtbot.keyClick(window, Qt.Key.Key_E)
    page.view.editor.begin()
    assert (len(told), wanted, page.findChildren(InlineEdit)) == (2, [], [])


def test_a_whole_text_that_cannot_be_taken_is_shown_again(qtbot, window, page, library, dialog):
    qtbot.keyClick(window, Qt.Key.Key_E)
    first = dialog()
    first.edit.setPlainText("I would use async def.")
    library.editing.held.add(ID)
    first.done_button.click()
    again = dialog()
    assert (again is first, again.edit.toPlainText()) == (False, "I would use async def.")
    library.editing.held.clear()
    again.done_button.click()
    assert page.view.transcript.toPlainText() == "I would use async def."


def test_what_was_heard_can_be_shown_after_a_correction(page, library):
    put_right(page, 1, 2, "then")
    page.view.editor.heard_button.click()
    assert page.view.editor.heard.text().startswith("So um I would")


def test_another_answer_is_edited_by_itself(page, library):
    put_right(page, 1, 2, "then")
    page.open(attempt(2).id)
    library.editing.models.judge(score(90.0, "Complete"))
    assert page.view.label.text() == "Partial"
    assert not page.view.editor.undo_button.isEnabled()


def test_a_recording_that_is_not_written_down_cannot_be_edited(page, library):
    load(library, transcript=None, score=None, delivery=None)
    assert not page.view.editor.isVisible()


def test_the_feedback_is_edited_as_a_whole(feedback):
    assert not feedback.view.editor.isVisible()


def test_a_follow_up_says_why_it_fell_short_once_the_answer_before_it_is_read(window, library):
    first, second = attempt(1), replace(attempt(2), follow_up="And then?", transcript=Transcript("Requests go."))
    points = (replace(score().points[2], evidence="Requests go."),)
    second = replace(second, position=1, score=replace(score(), points=points))
    library.sessions = (replace(session(), attempts=(first, second)),)
    window.open_review(second.id)
    (row,) = window.shelf.review.view.points.rows
    assert row.shown.why.endswith("Not said: “progress”.")
