"""A point is heard from two answers, one after the other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from interviewer.core.bank import Order
from interviewer.core.models import Mode, Transcript
from interviewer.gui.widgets.player_bar import Playing
from tests.gui import compare_page
from tests.gui.compare_page import FIRST, RETAKE, later, plays, shown

alone, page = compare_page.alone, compare_page.page  # pytest looks for fixtures among the names of a file


def end(conductor):
    """The sound that plays has come to its end."""
    conductor.playback_ended.emit()


def test_a_point_is_heard_from_the_earlier_answer_and_then_from_the_later(qtbot, page, conductor):
    qtbot.keyClick(page, Qt.Key.Key_1)
    assert [call[1] for call in plays(conductor)] == [FIRST.clip.path]
    end(conductor)
    qtbot.waitUntil(lambda: len(plays(conductor)) == 2)
    assert plays(conductor)[1][1] == RETAKE.clip.path
    assert page.view.later_text.player.playing is Playing.RUNNING
    end(conductor)
    assert not page.view.sound.running


def test_what_is_heard_is_just_the_evidence(qtbot, page, conductor):
    heard = []
    page.view.earlier_text.player.play_span = heard.append
    page.view.hear(0)
    words = FIRST.transcript.words
    first, stop = FIRST.score.points[2].words
    assert (heard[0].start_s, heard[0].end_s) == (words[first].start_s, words[stop - 1].end_s)


def test_the_row_that_sounds_stands_out_until_both_were_heard(qtbot, page, conductor):
    page.view.hear(0)
    assert page.view.points.row(0).property("panel") == "notice"
    end(conductor)
    qtbot.waitUntil(lambda: len(plays(conductor)) == 2)
    assert page.view.points.row(0).property("panel") == "notice"
    end(conductor)
    assert not page.view.points.row(0).property("panel")


def test_space_goes_from_point_to_point_and_stops_what_sounds(qtbot, page, conductor):
    heard = []
    page.view.heard_changed.connect(heard.append)
    for _ in range(4):
        qtbot.keyClick(page, Qt.Key.Key_Space)
    assert heard == [0, None, 1, None]
    assert page.hear.text() == "Hear the next point"


def test_after_the_last_point_comes_the_first(page):
    heard = []
    page.view.heard_changed.connect(heard.append)
    for _ in range(5):
        page.view.hear_next()
    # The fifth point has nothing to hear in either answer.
    assert [place for place in heard if place is not None] == [0, 1, 2, 3, 0]


def test_escape_silences_first_and_goes_back_next(qtbot, page, conductor):
    left = []
    page.back_wanted.connect(lambda: left.append(True))
    page.view.hear(0)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert ("stop",) in conductor.calls
    assert not page.view.sound.running
    assert not left
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert left


def test_a_point_made_in_one_answer_only_is_heard_from_that_one(qtbot, alone, library, conductor):
    silent = replace(FIRST, clip=None)
    page = shown(alone, library, silent, RETAKE)
    assert page.view.points.row(0).hear.text() == "Hear the later"
    page.view.points.row(0).hear.click()
    assert [call[1] for call in plays(conductor)] == [RETAKE.clip.path]


def test_typed_answers_offer_nothing_to_hear(qtbot, alone, library, conductor):
    page = shown(alone, library, *(replace(one, clip=None) for one in (FIRST, RETAKE)))
    assert not page.hear.isVisible()
    assert not any(page.view.points.row(place).hear.isEnabled() for place in range(5))
    for key in (Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_9):
        qtbot.keyClick(page, key)
    assert plays(conductor) == []


def test_a_spoken_answer_without_its_recording_is_not_called_typed(alone, library):
    typed = later(3, name="typed", clip=None, transcript=Transcript("I would.", engine="typed"))
    page = shown(alone, library, replace(FIRST, clip=None), RETAKE, typed)
    offered = [page.earlier.itemText(row) for row in range(page.earlier.count())]
    assert [words.rpartition(" · ")[2] for words in offered] == ["typed", "no recording"]
    assert page.view.earlier_text.missing.words.text().startswith("This answer was spoken, but its recording")
    assert not page.view.earlier_text.transcript.can_hear
    assert page.view.later_text.transcript.can_hear


def test_what_the_user_plays_meanwhile_is_not_cut_off_by_the_second(qtbot, page, conductor):
    page.view.hear(0)
    page.view.earlier_text.player.stop()
    page.view.later_text.player.play_from(12.0)
    qtbot.waitUntil(lambda: not page.view.sound.running)
    assert [call[1:3] for call in plays(conductor)][-1] == (RETAKE.clip.path, 12.0)


def test_a_point_that_may_not_sound_is_not_shown_as_heard(page, conductor):
    heard = []
    page.view.heard_changed.connect(heard.append)
    conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    page.view.hear(0)
    assert not page.view.sound.running
    assert heard[-1] is None
    conductor.ask_done()
    page.view.hear_next()
    assert (heard[-1], len(plays(conductor))) == (0, 1)


def test_a_point_is_heard_from_both_though_one_was_being_repeated(qtbot, page, conductor):
    page.view.earlier_text.player.round.click()
    page.view.hear(0)
    assert conductor.loop is None
    end(conductor)
    qtbot.waitUntil(lambda: plays(conductor)[-1][1] == RETAKE.clip.path)


def test_nothing_sounds_on_a_page_that_was_left(page, conductor):
    page.view.hear(0)
    page.hide()
    assert not page.view.sound.running
    assert len(plays(conductor)) == 1
