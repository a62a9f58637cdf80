"""No text is ever taken for markup: every label, tooltip and text field of every page and dialog is looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser, QTextEdit, QWidget

import interviewer.gui
from interviewer.core.errors import EngineError
from interviewer.core.models import Bank
from interviewer.core.removal import Removed
from interviewer.gui.dialogs.about import AboutDialog
from interviewer.gui.dialogs.deletion import DeletionDialog, sure
from interviewer.gui.dialogs.removal import RemovalDialog
from interviewer.gui.dialogs.text import edit_transcript, typed_answer
from interviewer.gui.dialogs.whisper_models import WhisperModelsDialog
from interviewer.gui.widgets.rail import Place
from tests.gui.fakes import bank, session

MARKUP = '<b>bold</b> <img src="/etc/passwd"> & <a href="file:///etc/passwd">here</a>'


def hostile_bank() -> Bank:
    """A bank whose every text is markup."""
    plain = bank()
    questions = tuple(
        q.model_copy(update={"question": MARKUP, "topic": MARKUP, "example_answer": MARKUP}) for q in plain.questions
    )
    return plain.model_copy(update={"title": MARKUP, "questions": questions})


def markup_in(top: QWidget) -> list[str]:
    """Return what in a widget and below it could show a text as markup."""
    found = [
        f"label {label.text()!r} in {type(label.parent()).__name__}"
        for label in top.findChildren(QLabel)
        if label.textFormat() is not Qt.TextFormat.PlainText and label.pixmap().isNull()
    ]
    found += [f"text field {edit.objectName()}" for edit in top.findChildren(QTextEdit) if edit.acceptRichText()]
    found += [f"browser {browser.objectName()}" for browser in top.findChildren(QTextBrowser)]
    found += [
        f"tooltip {widget.toolTip()!r}"
        for widget in (top, *top.findChildren(QWidget))
        # What `labels.literal` makes is markup, but whatever was in the text is escaped in it.
        if "<" in widget.toolTip().removeprefix("<qt>").removesuffix("</qt>")
    ]
    return found


def test_the_walk_finds_a_label_that_takes_markup(qtbot):
    top = QWidget()
    qtbot.addWidget(top)
    QLabel(MARKUP, top)
    top.setToolTip(MARKUP)
    assert len(markup_in(top)) == 2


@pytest.mark.parametrize("place", list(Place))
def test_no_page_takes_a_text_for_markup(window, conductor, library, place):
    conductor.bank = library.bank = hostile_bank()
    library.bank_changed.emit(library.bank)
    library.sessions = (replace(session(), bank_title=MARKUP),)
    window.go_to(place)
    window.board.tell(EngineError(MARKUP, hint=MARKUP))
    assert markup_in(window) == []


def test_no_page_of_an_interview_takes_a_text_for_markup(window, conductor, library, keeper):
    conductor.bank = library.bank = hostile_bank()
    conductor.begin(5, keeper.current.order, keeper.current.mode)
    assert markup_in(window) == []
    conductor.to_feedback()
    assert markup_in(window) == []
    library.sessions = (session(),)
    window.open_review(library.sessions[0].attempts[0].id)
    assert markup_in(window) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda w: AboutDialog(w, Path(f"/data/{MARKUP}")),
        lambda w: typed_answer(w, MARKUP),
        lambda w: edit_transcript(w, MARKUP),
        lambda w: DeletionDialog(w, title=MARKUP, subject=MARKUP, words=MARKUP),
        lambda w: sure(w, title=MARKUP, words=MARKUP, verb=MARKUP),
        lambda w: RemovalDialog(w, Removed((MARKUP,), (MARKUP,), (MARKUP,), 1)),
        lambda w: WhisperModelsDialog(w, w._library, w._downloads, w._settings, w.theme),
    ],
)
def test_no_dialog_takes_a_text_for_markup(window, make):
    made = make(window)
    made.open()
    assert markup_in(made) == []
    made.close()
    QApplication.processEvents()


def test_no_other_kind_of_dialog_or_label_is_made_anywhere():
    # QMessageBox guesses whether its text is markup; its own label cannot be told at a distance.
    gui = Path(interviewer.gui.__file__).parent
    texts = {path.name: path.read_text(encoding="utf-8") for path in gui.rglob("*.py")}
    forbidden = ("QMessageBox", "QInputDialog", "QErrorMessage", "QWhatsThis", ".setHtml(", ".insertHtml(")
    assert [(name, word) for name, text in texts.items() for word in forbidden if word in text] == []
