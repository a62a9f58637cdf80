"""Feedback, Review and what they are made of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel

from interviewer.core import steps
from interviewer.core.delivery import measure
from interviewer.core.models import Span, Transcript
from interviewer.core.settings import Appearance
from interviewer.gui.answer import Answer
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.player_bar import Playing
from interviewer.gui.widgets.transcript_view import TranscriptView
from tests.gui.fakes import attempt, clip, session, transcript


@pytest.fixture
def review(window, library):
    library.sessions = (session(),)
    window.open_review(attempt(1).id)
    return window.shelf.review


def test_a_typed_answer_has_no_delivery_and_nothing_to_play(interview, conductor):
    conductor.post(steps.Typed("I would use async def."))
    conductor.saved()
    conductor.post(steps.Scored(conductor.state.turn, conductor_score(), None))
    page = interview.shelf.feedback
    assert not page.play.isVisible()
    assert not page.view.player.isVisible()
    assert page.view.written_by.text() == "You typed this answer."
    assert delivery_words(page.view).startswith("A typed answer")


def delivery_words(view):
    QApplication.processEvents()  # what joins a layout is shown by the next turn of the loop
    return " ".join(one.text() for one in view.delivery.findChildren(QLabel) if one.isVisible())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "Not measured yet."),
        (transcript(), "Not measured yet."),
        (Transcript("", engine="whisper"), "No speech was heard."),
    ],
    ids=["not written down", "not scored", "silent"],
)
def test_a_recorded_answer_without_delivery_is_not_called_typed(feedback, said, words):
    feedback.view.show_answer(Answer(None, clip=clip(), transcript=said))
    assert delivery_words(feedback.view) == words


def conductor_score():
    from tests.gui.fakes import score

    return score()


def test_a_rough_transcript_is_marked_with_the_way_out(qtbot, interview, conductor, dialog):
    conductor.to_feedback(rough=True)
    notice = interview.shelf.feedback.view.rough.notice("rough")
    assert notice.fact.text() == "Rough transcript: built-in recogniser"
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert dialog().windowTitle() == "Whisper models"


def test_a_good_transcript_is_not_marked(feedback):
    assert feedback.view.rough.notice("rough") is None


def test_fillers_and_long_pauses_are_marked_in_the_text(feedback):
    text = feedback.view.transcript.toPlainText()
    assert text.startswith("So um I would")
    assert "[1.4 s]" in text
    assert "[3.1 s]" in text


def test_markup_in_a_transcript_is_shown_as_it_is_written(feedback):
    said = Transcript("use <b>bold</b> & <img src=x>")
    feedback.view.show_answer(Answer(None, transcript=said))
    assert feedback.view.transcript.toPlainText() == said.text


def test_an_answer_without_a_word_says_so(feedback):
    feedback.view.show_answer(Answer(None, transcript=Transcript("", engine="whisper")))
    assert feedback.view.transcript.toPlainText() == "Nothing was heard in this recording."


def test_a_recording_not_written_down_says_so(feedback):
    feedback.view.show_answer(Answer(None, clip=clip()))
    assert feedback.view.transcript.toPlainText() == "This recording is not written down yet."
    assert not feedback.view.edit_button.isEnabled()


def test_the_example_stands_beside_the_points_where_there_is_room(qtbot, window, conductor, keeper):
    conductor.begin(5, keeper.current.order, keeper.current.mode)
    conductor.to_feedback()
    view = window.shelf.feedback.view
    qtbot.waitUntil(lambda: view.width() > 800)
    points, example = (view.beside._pair.itemAt(i).widget() for i in range(2))
    assert points.y() == example.y()
    window.resize(960, 640)
    qtbot.waitUntil(lambda: view.width() < 800)
    qtbot.waitUntil(lambda: points.y() < example.y())


def test_the_follow_up_is_offered_when_there_is_one(feedback, conductor):
    assert feedback.follow_up.isVisible()
    conductor.post(steps.FollowUp())
    conductor.to_feedback()
    assert not feedback.follow_up.isVisible()


def test_the_last_question_finishes(window, conductor, keeper):
    conductor.begin(1, keeper.current.order, keeper.current.mode)
    conductor.to_feedback()
    assert window.shelf.feedback.next.text() == "Finish"


# --- the player ----------------------------------------------------------------------------


def test_play_pause_and_go_on(qtbot, feedback, conductor):
    bar = feedback.view.player
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert [call[0] for call in conductor.calls] == ["play", "pause", "resume"]


def test_the_position_follows_the_sound(feedback, conductor):
    feedback.view.player.toggle()
    conductor.played_to.emit(12.0)
    assert feedback.view.player.slider.value() == 12_000
    assert feedback.view.player.time.text() == "0:12 / 0:42"


def test_dragging_seeks(feedback, conductor):
    feedback.view.player.toggle()
    feedback.view.player.slider.setValue(20_000)
    assert conductor.calls[-1] == ("seek", 20.0)


def test_a_position_chosen_beforehand_is_where_playing_starts(feedback, conductor):
    feedback.view.player.slider.setValue(20_000)
    feedback.view.player.toggle()
    assert conductor.calls == [("play", clip().path, 20.0)]


def test_the_end_of_the_sound_goes_back_to_the_beginning(feedback, conductor):
    bar = feedback.view.player
    bar.toggle()
    conductor.played_to.emit(41.9)
    conductor.playback_ended.emit()
    assert bar.playing is Playing.STOPPED
    assert bar.slider.value() == 0


def test_sound_of_others_does_not_move_the_bar(feedback, conductor):
    conductor.played_to.emit(3.0)
    assert feedback.view.player.slider.value() == 0


def test_leaving_the_page_ends_the_sound(interview, feedback, conductor):
    feedback.view.player.toggle()
    interview.open_settings()
    assert conductor.calls[-1] == ("stop",)


def test_a_word_can_be_heard_by_a_click(qtbot, feedback, conductor):
    view = feedback.view.transcript
    word = view.document().find("async")
    spot = view.cursorRect(word).center() - QPoint(4, 0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    asked = next(w.start_s for w in transcript().words if w.text == "async")
    assert conductor.calls == [("play", clip().path, asked)]


def test_the_word_that_sounds_is_marked(feedback, conductor):
    view = feedback.view
    view.player.toggle()
    word = transcript().words[3]
    conductor.played_to.emit(word.start_s + 0.1)
    (mark,) = view.transcript.extraSelections()
    assert mark.cursor.selectedText() == word.text
    conductor.playback_ended.emit()
    assert view.transcript.extraSelections() == []


# --- review --------------------------------------------------------------------------------


def test_a_kept_answer_opens_with_everything(review):
    assert review.question.text().startswith("Your handlers all need")
    assert review.view.badge.accessibleName().startswith("Score about 65")
    assert review.view.player.isVisible()


def test_space_plays_and_holds(qtbot, window, review, conductor):
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert review.play.text() == "Pause"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert [call[0] for call in conductor.calls] == ["play", "pause"]


def select_words(qtbot, view, count):
    """Select so many words from the second on, by keys."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_Right, control)
    for _ in range(count):
        qtbot.keyClick(view, Qt.Key.Key_Right, control | shift)


def test_words_selected_in_the_text_are_repeated_on_request(qtbot, review, conductor):
    view, words = review.view.transcript, transcript().words
    select_words(qtbot, view, 3)
    assert conductor.calls == []
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert conductor.loop == Span(words[1].start_s, words[3].end_s)
    assert conductor.calls == [("play", clip().path, words[1].start_s)]
    assert view.textCursor().hasSelection()


def test_words_selected_by_a_drag_are_repeated_on_request(qtbot, review, conductor):
    view, words = review.view.transcript, transcript().words
    first, last = (view.cursorRect(view.document().find(word)).center() for word in ("would", "async"))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(view.viewport(), last)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)
    review.view.player.round.click()
    at = [word.text for word in words]
    assert conductor.loop.end_s == words[at.index("async")].end_s


def test_words_that_are_no_longer_selected_are_not_repeated(qtbot, review, conductor):
    view = review.view.transcript
    select_words(qtbot, view, 3)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert conductor.loop == Span(0.0, 42.0)


def test_what_was_heard_after_words_were_selected_is_what_is_repeated(qtbot, review, conductor):
    select_words(qtbot, review.view.transcript, 3)
    review.view.player.play_span(Span(20.0, 22.0))
    review.view.player.round.click()
    assert conductor.calls[-1] == ("loop", Span(20.0, 22.0))


def test_the_bars_own_button_changes_that_of_the_page_too(qtbot, review, conductor):
    words = []
    for _ in range(3):
        qtbot.mouseClick(review.view.player.button, Qt.MouseButton.LeftButton)
        words.append(review.play.text())
    conductor.playback_ended.emit()
    assert [*words, review.play.text()] == ["Pause", "Play", "Pause", "Play"]


def test_escape_goes_back_to_the_history(qtbot, window, review):
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.shelf.history


def test_a_corrected_text_is_kept_and_scored_again(qtbot, window, review, library, dialog):
    qtbot.keyClick(window, Qt.Key.Key_E)
    editing = dialog()
    editing.edit.setPlainText("I would use async def.")
    editing.done_button.click()
    assert library.editing.models.asked == ["I would use async def."]
    library.editing.models.judge(attempt(1).score)
    assert review.view.transcript.toPlainText() == "I would use async def."
    assert review.view.written_by.text().startswith("You corrected this text by hand.")


def test_a_text_is_said_to_be_of_whoever_wrote_it_whatever_the_engine(review, library):
    fast = replace(attempt(1), transcript=replace(transcript(), engine="faster-whisper"))
    library.sessions = (replace(session(), attempts=(fast,)),)
    review.open(fast.id)
    assert review.view.written_by.text().startswith("Written down by Whisper base.en, faster engine.")


def test_an_answer_loaded_for_somebody_else_changes_nothing(review, library):
    library.attempt_loaded.emit(replace(attempt(0), id="another"))
    assert review.question.text().startswith("Your handlers all need")


def test_an_answer_to_a_question_that_left_the_bank_still_opens(review, library):
    gone = replace(attempt(1), question_id="gone-from-bank")
    library.sessions = (replace(session(), attempts=(gone,)),)
    review.open(gone.id)
    assert review.question.text() == "gone from bank"
    assert review.view.example.toPlainText() == "This question is no longer in the bank."


def test_the_delivery_of_the_fakes_is_the_cores_own():
    assert attempt(1).delivery == measure(transcript(), 42.0)


def test_enter_hears_the_word_at_the_cursor(qtbot, feedback, conductor):
    view = feedback.view.transcript
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setTextCursor(view.document().find("handler"))
    cursor = view.textCursor()
    cursor.setPosition(cursor.selectionStart() + 2)
    view.setTextCursor(cursor)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    asked = next(w.start_s for w in transcript().words if w.text == "handler")
    assert conductor.calls == [("play", clip().path, asked)]


def test_selecting_text_plays_nothing(feedback, conductor):
    view = feedback.view.transcript
    view.selectAll()
    view._choose(5)
    assert conductor.calls == []


def test_a_change_of_look_keeps_the_text(interview, feedback, keeper):
    before = feedback.view.transcript.toPlainText()
    keeper.change(appearance=Appearance.DARK)
    assert feedback.view.transcript.toPlainText() == before


@pytest.fixture
def reading(qtbot, qapp):
    theme = Theme(qapp, Appearance.LIGHT)
    view = TranscriptView(theme, "Your answer")
    qtbot.addWidget(view)
    view.show()
    return view, theme


def edits(view, act):
    """How often the document, and with it its layout, was worked on."""
    counted = []
    view.document().contentsChange.connect(lambda *change: counted.append(change))
    act()
    return len(counted)


def test_a_long_answer_is_laid_out_as_often_as_a_short_one(reading):
    view, _ = reading
    short = edits(view, lambda: view.show_transcript(transcript()))
    long = edits(view, lambda: view.show_transcript(transcript(text="and um so " * 400)))
    assert long == short


def test_a_change_of_look_colours_the_marks_anew(reading):
    view, theme = reading
    view.show_transcript(transcript())
    theme.choose(Appearance.DARK)
    assert view.document().find("um").charFormat().foreground().color() == theme.colour("warn")


def test_a_hidden_answer_catches_up_with_the_look_once(reading):
    view, theme = reading
    view.show_transcript(transcript())
    view.hide()
    assert edits(view, lambda: (theme.choose(Appearance.DARK), theme.choose(Appearance.LIGHT))) == 0
    theme.choose(Appearance.DARK)
    view.show()
    assert view.document().find("um").charFormat().foreground().color() == theme.colour("warn")


def test_a_text_without_marks_is_left_alone_by_a_change_of_look(reading):
    view, theme = reading
    view.show_text("I would use async def.")
    assert edits(view, lambda: theme.choose(Appearance.DARK)) == 0
