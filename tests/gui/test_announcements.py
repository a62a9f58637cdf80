"""What changes on the screen is told to a screen reader, as far as Qt: banners, pages, stars, players, plots."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from interviewer.core import steps
from interviewer.core.errors import DeviceError, StoreError
from interviewer.core.settings import Appearance
from interviewer.core.trend_series import series
from interviewer.core.trends import Measure, Scope, within
from interviewer.gui.pages.page import Page
from interviewer.gui.pages.readiness import Readiness
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.gui.widgets.pace_plot import PacePlot
from interviewer.gui.widgets.player_bar import PlayerBar
from interviewer.gui.widgets.practice_calendar import PracticeCalendar
from interviewer.gui.widgets.trend_plot import TrendPlot
from interviewer.gui.widgets.wave_plot import WavePlot
from interviewer.workers.listening import silent_microphone
from tests.gui.fakes import attempt, clip, session
from tests.gui.test_wave_plot import POINTS, envelope
from tests.gui.trends_page import THREE, trends

Key = Qt.Key
EXPORTED = Word("The session was exported", "/home/me/\u200bs.html", tone="good")


@pytest.fixture
def theme(qapp):
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def host(qtbot):
    """A window with one other page in front of what a test puts behind it."""
    made = QStackedWidget()
    made.addWidget(QWidget())
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def behind(host, board):
    page = QWidget()
    QVBoxLayout(page).addWidget(board)
    host.addWidget(page)
    return page


@pytest.fixture
def board(host, theme):
    made = NoticeBoard(theme)
    host.setCurrentWidget(behind(host, made))
    return made


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.resize(900, 220)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    widget.setFocus()
    return widget


# --- banners -------------------------------------------------------------------------------------


def test_a_banner_is_announced_with_its_fact_and_its_hint(board, said):
    board.put("exported", EXPORTED)
    assert said == [("The session was exported. /home/me/s.html", False)]


def test_a_failure_does_not_wait_for_what_is_being_said(board, said):
    board.put("told", Word("The data folder is full", "Make some room.", tone="bad"))
    assert said == [("The data folder is full. Make some room.", True)]


def test_a_banner_behind_another_page_is_announced_when_its_page_is_seen(host, theme, said):
    board = NoticeBoard(theme)
    page = behind(host, board)
    board.put("one", Word("First"))
    board.put("two", Word("Gone before anybody came"))
    board.put("three", Word("Third"))
    board.take("two")
    assert said == []
    host.setCurrentWidget(page)
    host.setCurrentIndex(0)
    host.setCurrentWidget(page)
    assert [words for words, _ in said] == ["First", "Third"]


def test_the_same_banner_is_announced_once_and_news_in_its_place_again(board, said):
    board.put("exported", EXPORTED)
    board.put("exported", EXPORTED)
    board.put("exported", Word("Another"))
    assert [words for words, _ in said] == ["The session was exported. /home/me/s.html", "Another"]


def test_what_happened_twice_is_announced_twice(board, said):
    for _ in range(2):
        board.take("exported")
        board.put("exported", EXPORTED)
    assert len(said) == 2


def test_work_is_announced_when_it_begins_and_not_at_every_answer(host, library, theme, said):
    board = Readiness(library, theme)
    host.setCurrentWidget(behind(host, board))
    for done in range(3):
        library.rewriting.emit(done, 3, 60.0 * (3 - done))
    assert [words for words, _ in said] == ["Working on answer 1 of 3, about 3 minutes left…"]


def test_failures_of_the_window_are_announced(window, conductor, said):
    conductor.told.emit(StoreError("The data folder is full", hint="Make some room."))
    assert said == [("The data folder is full. Make some room.", True)]


def test_a_failure_that_stands_in_the_interview_is_announced_though_the_interview_goes_on(interview, conductor, said):
    conductor.to_recording()
    conductor.post(steps.MicrophoneSilent(conductor.state.turn, silent_microphone()))
    assert said[-1] == (f"{silent_microphone()}. {silent_microphone().hint}", True)


def test_another_microphone_is_announced(window, said):
    window.board.offer("Headset")
    words = "Another microphone is there: Headset. Your answers can be recorded with it."
    assert said == [(words, False)]


def test_what_is_missing_is_announced_with_the_start_page(window, library, said):
    library.devices_loaded.emit(type(library.devices)((), library.devices.loudspeakers, library.devices.voices))
    assert said == [("No microphone was found. You can type your answers instead.", False)]


def test_a_failure_without_a_hint_is_no_half_sentence():
    assert Word("The loudspeaker was disconnected").spoken == str(DeviceError("The loudspeaker was disconnected"))
    assert Word("Working on a session file…", "Wait.").spoken == "Working on a session file… Wait."


# --- pages ---------------------------------------------------------------------------------------


def test_a_page_says_what_it_announces_while_it_is_seen(host, theme, said):
    page = Page(theme, "A page")
    host.addWidget(page)
    page.announce("Nobody is here.")
    host.setCurrentWidget(page)
    page.announce("")
    page.announce("3 answers found.")
    assert said == [("3 answers found.", False)]


@pytest.mark.parametrize("place", ["history", "review"])
def test_a_star_is_announced(qtbot, window, library, said, place):
    library.sessions = (session(),)
    if place == "history":
        window.open_history()
    else:
        window.open_review(attempt(1).id)
    del said[:]
    for _ in range(2):
        qtbot.keyClick(window, Key.Key_S)
    assert [words for words, _ in said] == ["Starred.", "No longer starred."]


def test_trends_say_what_another_choice_shows(window, library, said):
    library.trends = trends(*THREE)
    window.open_trends()
    page = window.shelf.trends
    del said[:]
    page.measure.show_value(Measure.PACE)
    page.measure.chosen.emit(Measure.PACE)
    page.scope.changed.emit()
    page.year.chosen.emit(2026)
    words = [words for words, _ in said]
    assert words[0] == words[1] == page.summary.text() != ""
    assert words[2] == "3 answers on 3 days."


# --- players and plots ---------------------------------------------------------------------------


def test_the_player_says_its_speed_and_what_it_repeats(qtbot, conductor, theme, said):
    page = QWidget()
    bar = PlayerBar(conductor, theme)
    QVBoxLayout(page).addWidget(bar)
    bar.show_clip(clip())
    shown(qtbot, page)
    for key in (Key.Key_Plus, Key.Key_L, Key.Key_L):
        qtbot.keyClick(page, key)
    assert [words for words, _ in said] == ["Speed 1.25×", "Repeating 0:00 to 0:42", "Repeat: off"]


def test_the_wave_says_what_is_chosen(qtbot, theme, said):
    wave = WavePlot(theme)
    wave.show_wave(envelope())
    wave.mark((), (), POINTS)
    shown(qtbot, wave)
    qtbot.keyClick(wave, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(wave, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert [words for words, _ in said] == [
        "0:00 to 0:00, 0.5 seconds",
        "covered: a <b>point</b>. 0:01 to 0:02, 1.0 seconds",
    ]


def test_the_plot_of_trends_says_which_answer_the_keys_reach(qtbot, theme, said):
    found = trends(*THREE)
    plot = TrendPlot(theme)
    plot.show_series(found, series(found, within(found, Scope()), Measure.SCORE), Measure.SCORE)
    shown(qtbot, plot)
    qtbot.keyClick(plot, Key.Key_Left)
    assert [words for words, _ in said] == [plot.words(1)]


def test_the_calendar_says_its_day(qtbot, theme, said):
    calendar = PracticeCalendar(theme)
    calendar.show_days({20_600: 3}, 20_605, 20_605)
    shown(qtbot, calendar)
    qtbot.keyClick(calendar, Key.Key_Down)
    assert [words for words, _ in said] == [calendar.words(20_601)]


def test_the_pace_says_its_moment(qtbot, theme, said):
    plot = shown(qtbot, PacePlot(theme, attempt(1).delivery))
    qtbot.keyClick(plot, Key.Key_Right)
    assert len(said) == 1
    assert said[0][0].startswith("0:")
