"""The comparison of an answer with a retake: the page alone, and what is put on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from interviewer.core.models import Coverage
from interviewer.core.settings import Appearance
from interviewer.gui.pages.compare import ComparePage
from interviewer.gui.theme import Theme
from tests.gui.fakes import NOW, attempt, clip, score, session

COVERED, PARTLY, MISSED, CONTRADICTED = Coverage
FIRST = attempt(0, value=41.0, label="Partial")


def later(days: int = 2, *states: Coverage, value: float = 70.0, name: str = "retake", **fields):
    """An answer to the same question some days on; its points are of these states, one after the other."""
    judged = score(value)
    points = tuple(replace(p, coverage=s) for p, s in zip(judged.points, states, strict=False)) or judged.points
    made = replace(
        FIRST,
        id=name,
        created=NOW + timedelta(days=days),
        clip=clip(path=Path(f"/nowhere/{name}.wav")),
        score=replace(judged, points=points),
    )
    return replace(made, **fields)


RETAKE = later(2, MISSED, COVERED, COVERED, CONTRADICTED, MISSED)


def put(library, *attempts):
    library.sessions = (replace(session(), attempts=attempts),)


def shown(page, library, *attempts, one=FIRST, other_id=""):
    """Have these answers kept, and compare one of them."""
    put(library, *attempts)
    page.open(one.id, other_id)
    return page


def texts(widget):
    QApplication.processEvents()  # what was laid out anew is shown in the next round
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def plays(conductor):
    return [call for call in conductor.calls if call[0] == "play"]


@pytest.fixture
def alone(qtbot, qapp, conductor, library):
    """The page without a window around it: nothing is shown yet."""
    made = ComparePage(conductor, library, Theme(qapp, Appearance.LIGHT))
    qtbot.addWidget(made)
    made.view.sound._between.setInterval(0)
    made.resize(1180, 780)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def page(alone, library):
    """The comparison of the first answer with a retake."""
    return shown(alone, library, FIRST, RETAKE)
