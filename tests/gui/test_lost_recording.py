"""A spoken answer whose recording did not come along: read, put right, never heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt

from interviewer.core.models import Transcript
from interviewer.gui.widgets.moment_strip import MomentStrip
from tests.gui.fakes import attempt, session
from tests.gui.test_answers import delivery_words


@pytest.fixture
def review(window, library):
    library.sessions = (session(),)
    window.open_review(attempt(1).id)
    return window.shelf.review


def opened(review, library, **fields):
    """The answer with these fields instead."""
    library.sessions = (replace(session(), attempts=(replace(attempt(1), **fields),)),)
    review.open(attempt(1).id)
    return review.view


@pytest.fixture
def lost(review, library):
    return opened(review, library, clip=None)


def test_a_recording_that_did_not_come_along_is_said_to_be_missing(lost):
    assert (
        lost.missing.words.text() == "This answer was spoken, but its recording is not here: there is nothing to hear."
    )
    assert lost.written_by.text().startswith("Written down by Whisper base.en. Underlined: fillers.")


def test_without_its_recording_nothing_offers_to_be_heard(qtbot, lost, conductor):
    assert "Click a word" not in lost.written_by.text()
    assert lost.transcript.viewport().cursor().shape() == Qt.CursorShape.IBeamCursor
    spot = lost.transcript.cursorRect(lost.transcript.document().find("async")).center() - QPoint(4, 0)
    qtbot.mouseClick(lost.transcript.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not any(strip.isVisible() for strip in lost.delivery.findChildren(MomentStrip))
    lost.delivery.plot.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Return):
        qtbot.keyClick(lost.delivery.plot, key)
    assert conductor.calls == []


def test_without_its_recording_the_moments_are_told_as_text(lost):
    assert "\u20661.4 s at 0:05\u2069, \u20663.1 s at 0:14\u2069" in delivery_words(lost)


def test_without_its_recording_enter_puts_the_word_at_the_cursor_right(qtbot, lost):
    lost.transcript.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(lost.transcript, Qt.Key.Key_Return)
    assert lost.editor._field.is_open


def test_an_answer_of_which_neither_sound_nor_text_came_says_so(review, library):
    opened(review, library, clip=None, transcript=None, score=None, delivery=None)
    assert review.view.transcript.toPlainText() == "Neither the recording nor a text of this answer is here."
    assert delivery_words(review.view) == "Without a recording nothing can be measured."


@pytest.mark.parametrize("engine", ["typed", "corrected"])
def test_an_answer_that_was_typed_lacks_no_recording(review, library, engine):
    opened(review, library, clip=None, transcript=Transcript("I would.", engine=engine))
    assert not review.view.missing.isVisible()


def test_words_without_a_recording_are_no_stretch(lost):
    told = []
    lost.transcript.stretch_chosen.connect(told.append)
    lost.transcript.selectAll()
    assert set(told) == {None}
