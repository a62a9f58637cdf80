"""The delivery panel: every measure in words, every moment of it to be heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from interviewer.core.delivery import Band, measure
from interviewer.core.heard import Aside, AsideKind, Edges, PacePoint
from interviewer.core.models import Delivery, Pause, Span, Transcript, Word
from interviewer.core.settings import Appearance
from interviewer.core.usual import Quartiles, Usual
from interviewer.gui.measures import Moment, measures
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.delivery_panel import DeliveryPanel
from interviewer.gui.widgets.moment_strip import SHOWN, MomentStrip, moments_words
from interviewer.gui.widgets.pace_plot import PacePlot
from tests.gui.fakes import transcript

GOOD = Delivery(210, 90.0, 0.3, 140.0, 3, 0, 0, ())
FULL = replace(
    measure(transcript(), 42.0),
    asides=(Aside(AsideKind.FILLER, "um", 1.0, 1.2), Aside(AsideKind.REPEAT, "the the", 3.0, 3.4)),
    edges=Edges.SOUND,
)
OWN = Usual(10, pace_wpm=Quartiles(118.0, 126.0, 139.0))


@pytest.fixture
def theme(qapp):
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def panel(qtbot, theme):
    made = DeliveryPanel(theme)
    qtbot.addWidget(made)
    made.resize(480, 1700)
    made.show_delivery(FULL, unmeasured="")
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def names(panel):
    return [panel.layout().itemAt(i).widget().accessibleName() for i in range(panel.layout().count())]


def words(panel):
    return " ".join(one.text() for one in panel.findChildren(QLabel) if one.isVisibleTo(panel))


def row(found, name):
    return next(m for m in found if m.name == name)


def strip(panel, name):
    return next(s for s in panel.findChildren(MomentStrip) if s.accessibleName() == name)


# --- what is said -------------------------------------------------------------------------------


def test_four_measures_are_judged_and_stand_first(feedback):
    first = names(feedback.view.delivery)[:4]
    assert [name.split(":")[0] for name in first] == ["Pace", "Fillers", "Pauses", "Length"]


def test_a_measure_says_its_band_in_words(feedback):
    assert names(feedback.view.delivery)[2] == "Pauses: 2 counted, 1 long. Well outside"


def test_too_little_talk_gets_no_verdict_on_pace_and_fillers():
    short = Delivery(4, 2.0, 0.3, None, 1, 0, 0, ())
    assert [m.band for m in measures(short)[:2]] == [None, None]


def test_a_good_delivery_is_all_green():
    assert {m.band for m in measures(GOOD)[:4]} == {Band.GREEN}


def test_what_was_not_found_has_no_row():
    assert {m.name for m in measures(GOOD)}.isdisjoint({"Hedges", "May be fillers", "Repeated words", "Longest run"})


def test_hedges_are_told_apart_from_fillers():
    assert row(measures(replace(GOOD, hedges=2)), "Hedges").value == "2"


def test_every_measure_says_where_it_comes_from():
    assert all(m.source for m in measures(FULL))


def test_a_pause_says_how_far_it_may_be_off():
    assert "off by 0.10 s" in row(measures(FULL), "Pauses").source


def test_pauses_are_unknown_where_only_word_times_bound_the_talk():
    found = row(measures(replace(GOOD, edges=Edges.WORDS)), "Pauses")
    assert (found.value, found.band) == ("not known", None)


def test_doubted_words_make_the_pace_less_certain():
    doubted = row(measures(replace(GOOD, doubt=0.1)), "Pace")
    assert "give or take 9" in doubted.value
    assert "doubts 10 %" in doubted.source


def test_the_users_own_middle_stands_beside_the_general_band():
    assert (
        row(measures(GOOD, OWN), "Pace").usual == "Your last 10 answers: 126 words a minute, half of them 118 to 139."
    )


def test_without_enough_answers_there_is_no_middle_of_ones_own():
    assert not any(m.usual for m in measures(GOOD))


def test_own_bands_that_come_late_are_shown_too(qtbot, panel):
    panel.show_usual(OWN)
    qtbot.waitUntil(lambda: "half of them 118 to 139" in words(panel))


def test_the_next_answer_keeps_the_own_bands(qtbot, panel):
    panel.show_usual(OWN)
    panel.show_delivery(FULL, unmeasured="")
    qtbot.waitUntil(lambda: "half of them 118 to 139" in words(panel))


def test_where_nothing_was_measured_stands_why(qtbot, panel):
    panel.show_delivery(None, unmeasured="Not measured yet.")
    qtbot.waitUntil(lambda: words(panel) == "Not measured yet.")


# --- what can be heard ----------------------------------------------------------------------------


def test_a_click_on_a_filler_asks_for_its_moment(qtbot, panel):
    with qtbot.waitSignal(panel.moment_wanted) as asked:
        qtbot.mouseClick(strip(panel, "Fillers").buttons[0], Qt.MouseButton.LeftButton)
    span = asked.args[0]
    assert span.start_s < 1.0
    assert span.end_s > 1.2


def test_a_pause_is_heard_with_what_is_around_it(qtbot, panel):
    pause = FULL.pauses[0]
    with qtbot.waitSignal(panel.moment_wanted) as asked:
        qtbot.mouseClick(strip(panel, "Pauses").buttons[0], Qt.MouseButton.LeftButton)
    assert asked.args == [Span(pause.start_s - 1.0, pause.end_s + 1.0)]


def test_enter_on_a_moment_asks_for_it(qtbot, panel):
    button = strip(panel, "Repeated words").buttons[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(panel.moment_wanted):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_a_moment_is_named_for_a_screen_reader(panel):
    assert strip(panel, "Fillers").buttons[0].accessibleName() == "Hear “um” at 0:01"


def test_words_too_long_for_a_button_are_cut_short_and_named_whole():
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
    heard = replace(FULL, asides=(Aside(AsideKind.REPEAT, f"{long} {long}", 1.0, 2.0),))
    (moment,) = row(measures(heard), "Repeated words").moments
    assert moment.text == f"{long[:27]}… 0:01"
    assert moment.name == f"“{long} {long}” at 0:01"


def test_words_without_times_are_told_but_cannot_be_heard():
    heard = measure(Transcript("um the the cache", speech=(Span(0.0, 6.0),)), 8.0)
    assert row(measures(heard), "Repeated words").moments == ()


def test_of_many_moments_without_a_recording_the_first_are_told():
    told = moments_words([Moment(f"um {k}", f"um at {k}", Span(k, k + 1)) for k in range(SHOWN + 5)])
    assert told.startswith("\u2066um 0\u2069, \u2066um 1\u2069")
    assert told.endswith(f"um {SHOWN - 1}\u2069, 5 more")


@pytest.fixture
def many(qtbot):
    found = MomentStrip("Fillers", [Moment(f"um {k}", f"um at {k}", Span(k, k + 1)) for k in range(SHOWN + 5)])
    qtbot.addWidget(found)
    found.resize(300, 300)
    with qtbot.waitActive(found):
        found.show()
        found.activateWindow()
    return found


def test_tab_reaches_one_moment_of_a_strip(many):
    assert [b.focusPolicy() is Qt.FocusPolicy.TabFocus for b in many.buttons] == [True] + [False] * (SHOWN - 1)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ([Qt.Key.Key_Right], 1),
        ([Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left], 1),
        ([Qt.Key.Key_Left], 0),
        ([Qt.Key.Key_End], SHOWN - 1),
        ([Qt.Key.Key_End, Qt.Key.Key_Up], SHOWN - 2),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 0),
    ],
)
def test_arrows_go_from_moment_to_moment(qtbot, many, keys, place):
    many.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    for key in keys:
        qtbot.keyClick(many.focusWidget(), key)
    assert many.buttons[place].hasFocus()


def test_of_very_many_the_rest_is_shown_when_asked_for(qtbot, many):
    qtbot.mouseClick(many._more, Qt.MouseButton.LeftButton)
    assert len(many.buttons) == SHOWN + 5
    with qtbot.waitSignal(many.moment_wanted) as asked:
        qtbot.mouseClick(many.buttons[-1], Qt.MouseButton.LeftButton)
    assert asked.args == [Span(SHOWN + 4, SHOWN + 5)]


def test_the_keyboard_goes_on_where_the_rest_begins(qtbot, many):
    many._more.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(many._more, Qt.Key.Key_Return)
    assert many.buttons[SHOWN].hasFocus()


def test_buttons_go_on_in_the_next_line(many):
    many.resize(150, 300)
    assert many.buttons[0].y() < many.buttons[3].y()
    assert max(b.geometry().right() for b in many.buttons) < 150


def test_buttons_never_widen_a_page(many):
    assert many.minimumSizeHint().width() == 0


def test_lines_begin_at_the_right_where_text_does(many):
    many.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    many.layout().activate()
    assert many.buttons[0].x() > many.buttons[1].x()


# --- pace over time -----------------------------------------------------------------------------


@pytest.fixture
def plot(panel):
    return panel.plot


def test_arrows_go_through_the_answer_and_enter_plays_it(qtbot, plot):
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right):
        qtbot.keyClick(plot, key)
    second = FULL.pace[1].at_s
    with qtbot.waitSignal(plot.moment_wanted) as asked:
        qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert asked.args == [Span(second - 5.0, second + 5.0)]


def test_arrows_stop_at_both_ends(qtbot, plot):
    qtbot.keyClick(plot, Qt.Key.Key_End)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.chosen == FULL.pace[-1]
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.chosen == FULL.pace[0]


def test_enter_plays_nothing_before_a_moment_is_chosen(qtbot, plot):
    with qtbot.assertNotEmitted(plot.moment_wanted):
        qtbot.keyClick(plot, Qt.Key.Key_Return)


def test_a_click_into_the_plot_plays_around_it(qtbot, panel):
    panel.grab()  # lays it out
    with qtbot.waitSignal(panel.moment_wanted) as asked:
        qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=QPoint(panel.plot.width() - 4, 60))
    assert asked.args[0].start_s + 5.0 == pytest.approx(FULL.pace[-1].at_s)


def test_the_plot_is_described_in_words(plot):
    assert plot.accessibleName().startswith("Pace over time: ")
    assert plot.accessibleDescription()


def test_an_answer_of_one_window_has_one_point(qtbot, theme):
    said = tuple(Word("word", k * 0.5, k * 0.5 + 0.4, 1.0) for k in range(16))
    heard = measure(Transcript("word " * 16, said, (Span(0.0, 8.0),), "whisper"), 8.0)
    plot = PacePlot(theme, heard, usual_wpm=130.0)
    qtbot.addWidget(plot)
    plot.resize(300, 150)
    assert not plot.grab().isNull()
    assert len(heard.pace) == 1


def test_a_rate_beyond_the_plot_stays_inside_it(qtbot, theme):
    rushed = replace(FULL, pace=(PacePoint(5.0, 20.0, 5.0), PacePoint(15.0, 320.0, 40.0)), pauses=(Pause(6.0, 8.0),))
    plot = PacePlot(theme, rushed)
    qtbot.addWidget(plot)
    plot.resize(300, 150)
    assert all(0 < plot._at(p, p.off_wpm).y() < 150 for p in rushed.pace)
