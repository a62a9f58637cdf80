"""The keyboard drives everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication

from interviewer.core import steps
from interviewer.core.errors import EngineError
from interviewer.core.steps import Phase
from interviewer.gui.widgets.buttons import IconButton
from interviewer.gui.widgets.failures import told_key
from interviewer.gui.widgets.rail import Place

Key = Qt.Key


def last(conductor):
    return conductor.posted[-1]


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Enter])
def test_one_key_drives_the_whole_loop(qtbot, window, conductor, key):
    qtbot.keyClick(window, key)
    assert conductor.state.phase is Phase.ASKING
    qtbot.keyClick(window, key)
    assert conductor.state.phase is Phase.WAITING
    qtbot.keyClick(window, key)
    assert conductor.state.phase is Phase.RECORDING
    conductor.microphone_live()
    qtbot.keyClick(window, key)
    assert conductor.state.stopping
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    qtbot.keyClick(window, key)
    assert (conductor.state.phase, conductor.state.position) == (Phase.ASKING, 1)


def test_space_drives_the_loop_while_another_button_has_the_focus(qtbot, interview, conductor):
    conductor.ask_done()
    repeat = interview.shelf.interview.secondary[next(iter(interview.shelf.interview.secondary))]
    repeat.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(repeat, Key.Key_Space)
    assert conductor.state.phase is Phase.RECORDING


def test_enter_presses_the_button_that_has_the_focus(qtbot, interview, conductor):
    conductor.ask_done()
    repeat = interview.shelf.interview.secondary[next(iter(interview.shelf.interview.secondary))]
    repeat.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(repeat, Key.Key_Return)
    assert isinstance(last(conductor), steps.Repeat)


def test_a_click_leaves_the_focus_where_it_was(qtbot, interview, conductor):
    repeat = interview.shelf.interview.secondary[next(iter(interview.shelf.interview.secondary))]
    qtbot.mouseClick(repeat, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is not repeat


def test_a_key_held_down_is_one_step(interview):
    shortcuts = interview.findChildren(QShortcut)
    assert shortcuts
    assert not any(shortcut.autoRepeat() for shortcut in shortcuts)


@pytest.mark.parametrize(
    ("key", "event"), [(Key.Key_R, steps.Repeat), (Key.Key_S, steps.Skip), (Key.Key_Escape, steps.Pause)]
)
def test_letters_do_what_their_buttons_say(qtbot, interview, conductor, key, event):
    qtbot.keyClick(interview, key)
    assert isinstance(last(conductor), event)


def test_escape_pauses_and_space_goes_on(qtbot, interview, conductor):
    conductor.to_recording()
    qtbot.keyClick(interview, Key.Key_Escape)
    assert conductor.state.paused
    qtbot.keyClick(interview, Key.Key_Space)
    assert not conductor.state.paused
    assert conductor.state.phase is Phase.RECORDING


def test_escape_gives_up_a_microphone_that_does_not_open(qtbot, interview, conductor):
    conductor.ask_done()
    conductor.post(steps.Go())
    qtbot.keyClick(interview, Key.Key_Escape)
    assert conductor.state.phase is Phase.WAITING


def test_space_does_nothing_before_the_microphone_is_open(qtbot, interview, conductor):
    conductor.ask_done()
    conductor.post(steps.Go())
    before = len(conductor.posted)
    qtbot.keyClick(interview, Key.Key_Space)
    assert len(conductor.posted) == before


def test_escape_cancels_the_writing_down(qtbot, interview, conductor):
    conductor.to_recording()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    qtbot.keyClick(interview, Key.Key_Escape)
    assert conductor.state.phase is Phase.FAULT


def test_space_retries_after_a_fault(qtbot, interview, conductor):
    conductor.to_recording()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.post(steps.TranscribeFailed(conductor.state.turn, EngineError("Whisper stopped")))
    qtbot.keyClick(interview, Key.Key_Space)
    assert conductor.state.phase is Phase.TRANSCRIBING


def test_t_opens_a_place_to_type_where_space_types(qtbot, interview, conductor, dialog):
    qtbot.keyClick(interview, Key.Key_T)
    typing = dialog()
    qtbot.keyClicks(typing.edit, "plain def r")
    assert typing.edit.toPlainText() == "plain def r"
    qtbot.keyClick(typing.edit, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert last(conductor) == steps.Typed("plain def r")


def test_an_empty_answer_cannot_be_handed_in(qtbot, interview, dialog):
    qtbot.keyClick(interview, Key.Key_T)
    typing = dialog()
    qtbot.keyClicks(typing.edit, "  ")
    assert not typing.done_button.isEnabled()


@pytest.mark.parametrize(("key", "event"), [(Key.Key_A, steps.Retake), (Key.Key_F, steps.FollowUp)])
def test_feedback_has_its_own_letters(qtbot, interview, conductor, key, event):
    conductor.to_feedback()
    qtbot.keyClick(interview, key)
    assert isinstance(last(conductor), event)


def test_e_corrects_the_transcript(qtbot, interview, conductor, dialog):
    conductor.to_feedback()
    qtbot.keyClick(interview, Key.Key_E)
    editing = dialog()
    editing.edit.setPlainText("I would use async def.")
    qtbot.mouseClick(editing.done_button, Qt.MouseButton.LeftButton)
    assert last(conductor) == steps.Corrected("I would use async def.")


def test_h_speaks_the_example(qtbot, interview, conductor):
    conductor.to_feedback()
    qtbot.keyClick(interview, Key.Key_H)
    assert conductor.calls[-1] == ("speak", conductor.state.question.example_answer)


def test_space_opens_a_list_that_has_the_focus(qtbot, window, conductor):
    order = window.shelf.start.order
    order.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(order, Key.Key_Space)
    assert order.view().isVisible()
    order.hidePopup()
    assert conductor.begun == []


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return])
def test_a_key_chooses_the_mode_that_has_the_focus(qtbot, window, conductor, keeper, key):
    part = window.shelf.start.mode._group.button(1)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(part, key)
    assert keeper.current.mode.value == "interview"
    assert conductor.begun == []


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (Key.Key_1, Place.INTERVIEW),
        (Key.Key_2, Place.HISTORY),
        (Key.Key_3, Place.TRENDS),
        (Key.Key_4, Place.SETTINGS),
        (Key.Key_Comma, Place.SETTINGS),
    ],
)
def test_control_and_a_number_go_to_a_place(qtbot, window, key, place):
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert window.rail.buttons[place].isChecked()


def test_keys_of_the_interview_rest_while_the_history_is_seen(qtbot, interview, conductor):
    conductor.ask_done()
    interview.go_to(Place.HISTORY)
    before = len(conductor.posted)
    qtbot.keyClick(interview, Key.Key_R)
    assert len(conductor.posted) == before


def test_a_button_that_goes_leaves_the_focus_to_no_other(qtbot, interview, conductor):
    conductor.ask_done()
    primary = interview.shelf.interview.primary
    primary.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(primary, Key.Key_Return)
    assert not primary.isVisible()
    assert QApplication.focusWidget() is interview.shelf.interview


def test_enter_goes_on_after_the_focused_button_went(qtbot, interview, conductor):
    conductor.ask_done()
    primary = interview.shelf.interview.primary
    primary.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(primary, Key.Key_Return)
    conductor.microphone_live()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert conductor.state.stopping


def test_a_banner_dismissed_by_key_leaves_the_focus_to_no_button(qtbot, interview, conductor):
    conductor.told.emit(EngineError("Whisper stopped"))
    key = told_key(EngineError("Whisper stopped"))
    close = interview.board.notice(key).findChildren(IconButton)[0]
    close.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(close, Key.Key_Return)
    assert interview.board.notice(key) is None
    assert QApplication.focusWidget() is interview


def test_enter_on_the_rail_goes_there(qtbot, window):
    button = window.rail.buttons[Place.HISTORY]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Key.Key_Return)
    assert window.stack.currentWidget() is window.shelf.history


def test_escape_silences_what_sounds_during_feedback(qtbot, interview, conductor):
    conductor.to_feedback()
    qtbot.keyClick(interview, Key.Key_P)
    qtbot.keyClick(interview, Key.Key_Escape)
    assert ("stop",) in conductor.calls
    assert conductor.state.phase is Phase.FEEDBACK
