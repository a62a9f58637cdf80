"""Which model scores answers: chosen in the settings, and told where it is not in use."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from interviewer.core.errors import ModelMissing
from interviewer.workers.status import ModelsStatus

GONE = ModelMissing("There is no sentence model “mine” on this machine", hint="Name another.")


@pytest.fixture
def page(window):
    window.open_settings()
    return window.shelf.settings


def write(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_a_name_is_taken_with_enter(page, keeper):
    write(page.sentences, "  all-mpnet-base-v2 ")
    assert keeper.current.sentence_model == ""
    QTest.keyClick(page.sentences, Qt.Key.Key_Return)
    assert keeper.current.sentence_model == "all-mpnet-base-v2"
    assert page.sentences.text() == "all-mpnet-base-v2"


def test_a_name_is_taken_when_the_field_is_left(page, keeper):
    write(page.sentences, "mine")
    page.whisper.setFocus()
    assert keeper.current.sentence_model == "mine"


def test_space_and_letters_are_text_in_the_field(page, keeper, conductor):
    before = conductor.state
    write(page.sentences, "my own (t r s p)")
    QTest.keyClick(page.sentences, Qt.Key.Key_Return)
    assert keeper.current.sentence_model == "my own (t r s p)"
    assert conductor.state is before


def test_an_empty_field_is_the_built_in_model(page, keeper):
    keeper.change(sentence_model="mine")
    assert page.sentences.text() == "mine"
    page.sentences.setFocus()
    page.sentences.clear()
    QTest.keyClick(page.sentences, Qt.Key.Key_Return)
    assert keeper.current.sentence_model == ""
    assert "Built-in" in page.sentences.placeholderText()


def test_a_field_that_is_only_looked_at_changes_nothing(page, keeper):
    keeper.change(sentence_model="mine")
    changes = []
    keeper.changed.connect(changes.append)
    page.sentences.setFocus()
    page.whisper.setFocus()
    assert changes == []


def test_the_field_has_a_name_and_a_line_that_says_what_it_is_for(page):
    assert page.sentences.accessibleName() == "Sentence model"
    captions = [one for one in page.findChildren(QLabel) if one.buddy() is page.sentences]
    assert [one.text() for one in captions] == ["Sentence model"]
    assert "sentence-transformers" in page._scorer.text()


def test_why_the_chosen_model_is_not_in_use_stands_below_it(page, conductor):
    hint = page._scorer.text()
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True, scorer_problem=GONE))
    assert page._scorer.text() == GONE.told()
    assert page._recogniser.text() == "In use: Whisper base.en."
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    assert page._scorer.text() == hint


@pytest.mark.parametrize("width", [900, 1280])
def test_what_is_said_below_the_field_is_not_cut_off(window, page, conductor, width):
    window.resize(width, 700)
    conductor.models_changed.emit(ModelsStatus(scorer_problem=GONE))
    QApplication.processEvents()
    assert page._scorer.height() >= page._scorer.heightForWidth(page._scorer.width())


def test_the_start_page_tells_it_without_offering_whisper(window, conductor):
    board = window.shelf.start.readiness
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True, scorer_problem=GONE))
    notice = board.notice("scorer")
    assert notice.word.fact == str(GONE)
    assert notice.action is None
    assert board.notice("model") is None
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    assert board.notice("scorer") is None
