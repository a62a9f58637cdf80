"""F1 names every key that the window listens to."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel

from interviewer.core import steps
from interviewer.gui.dialogs.about import KEYS, AboutDialog
from interviewer.gui.widgets.rail import Place
from tests.gui.fakes import session

SHOWN_AS = {
    "Return": "Enter",
    "Left": "← →",
    "Right": "← →",
    "-": "− +",
    "+": "− +",
    "=": "− +",
    "Ctrl+Shift+Z": "Ctrl+Y",
}
SHOWN_AS |= {"Ctrl+,": "Ctrl+4", "Ctrl+2": "Ctrl+1 to Ctrl+4", "Ctrl+3": "Ctrl+1 to Ctrl+4"}
SHOWN_AS |= {str(number): "1 to 9" for number in range(1, 10)}
NAMED = " ".join(f" {key.replace(',', '')} " for _, keys in KEYS for key, _ in keys)


@pytest.fixture
def every_page(window, conductor, library):
    library.sessions = (session(),)
    for place in Place:
        window.go_to(place)
    window.open_review(session().attempts[0].id)
    window.open_compare(session().attempts[0].id, session().attempts[1].id)
    conductor.begin(2, window._settings.current.order, window._settings.current.mode)
    conductor.to_feedback()
    conductor.post(steps.End())
    return window


def test_every_key_of_the_window_is_named(every_page):
    bound = {one.key().toString() for one in every_page.findChildren(QShortcut)} - {"F1"}
    assert len(bound) > 30
    assert [key for key in sorted(bound) if f" {SHOWN_AS.get(key, key)} " not in NAMED] == []


def test_the_list_fits_on_a_small_screen(window, dialog):
    window._on_about()
    about = dialog()
    assert isinstance(about, AboutDialog)
    assert about.height() <= 720
    assert about.width() <= 960
    assert all(one.width() >= one.minimumSizeHint().width() for one in about.findChildren(QLabel))
