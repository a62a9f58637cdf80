"""A window over the fakes, on no screen at all."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from interviewer.gui.main_window import MainWindow
from tests.gui.fake_conductor import FakeConductor
from tests.gui.fake_continuing import FakeContinuing
from tests.gui.fake_downloads import FakeDownloads
from tests.gui.fake_housekeeper import FakeHousekeeper
from tests.gui.fake_library import FakeLibrary
from tests.gui.fake_settings import FakeSettings


@pytest.fixture
def conductor(qapp):
    return FakeConductor()


@pytest.fixture
def library(qapp):
    return FakeLibrary()


@pytest.fixture
def continuing(qapp):
    return FakeContinuing()


@pytest.fixture
def keeper(qapp, tmp_path):
    return FakeSettings(tmp_path)


@pytest.fixture
def downloads(qapp):
    return FakeDownloads()


@pytest.fixture
def housekeeper(qapp, tmp_path):
    return FakeHousekeeper(tmp_path)


@pytest.fixture
def said(monkeypatch):
    """What a screen reader is told from now on, as Qt gets it: words, and whether they are urgent."""
    told: list[tuple[str, bool]] = []
    urgent = QAccessible.AnnouncementPoliteness.Assertive

    def take(event):
        told.append((event.message(), event.politeness() is urgent))

    monkeypatch.setattr(QAccessible, "updateAccessibility", take)
    return told


@pytest.fixture
def window(qtbot, conductor, library, continuing, downloads, keeper, housekeeper):
    made = MainWindow(
        conductor,
        library,
        continuing=continuing,
        downloads=downloads,
        settings=keeper,
        housekeeper=housekeeper,
        bank=conductor.bank,
    )
    qtbot.addWidget(made)
    made.resize(1280, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def interview(window, conductor):
    """The window with an interview of five questions being asked."""
    conductor.begin(5, window._settings.current.order, window._settings.current.mode)
    return window


@pytest.fixture
def feedback(interview, conductor):
    """The page with what came of the first answer."""
    conductor.to_feedback()
    return interview.shelf.feedback


@pytest.fixture
def dialog(qtbot):
    """Returns the dialog that is open, and closes it in the end."""

    def find():
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=2000)
        found = QApplication.activeModalWidget()
        qtbot.waitUntil(found.isActiveWindow, timeout=2000)
        return found

    yield find
    if (still_open := QApplication.activeModalWidget()) is not None:
        still_open.close()
