"""In the composed program a session goes out through History, and one that somebody sent comes in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from interviewer import app
from interviewer.app import Devices, Running, compose
from interviewer.core import settings
from interviewer.core.settings import Settings
from interviewer.gui.dialogs.session_export import SessionExportDialog
from interviewer.gui.session_filing import KEPT, WRITTEN
from interviewer.gui.widgets.rail import Place
from tests.reports.sessions import keep
from tests.whole.test_wiring import Told
from tests.workers.fakes import FakePlayer, FakeRecorder, FakeSpeaker, bank


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(app, "ModelProcess", Told)
    keep(tmp_path / "data")
    settings.save(tmp_path / "data", Settings(daily_backup=False))
    devices = Devices(FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), close=lambda: None)
    running = compose(tmp_path / "data", lambda _: devices, bank=bank("alpha", "beta"))
    qtbot.addWidget(running.window)
    with qtbot.waitActive(running.window):
        running.window.show()
        running.window.activateWindow()
    yield running
    running.close()


def open_dialog(qtbot: QtBot, kind: type) -> object:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=5000)
    return QApplication.activeModalWidget()


def test_a_session_goes_out_and_comes_back(qtbot: QtBot, running: Running, tmp_path: Path) -> None:
    window = running.window
    window.go_to(Place.HISTORY)
    history = window.shelf.history
    qtbot.waitUntil(history.filing.export.isEnabled, timeout=5000)
    qtbot.keyClick(window, Qt.Key.Key_X)
    dialog = open_dialog(qtbot, SessionExportDialog)
    assert isinstance(dialog, SessionExportDialog)
    dialog.choices.button(2).click()  # zip
    with qtbot.waitSignal(running.files.written, timeout=20_000):
        dialog.save.click()
        chooser = open_dialog(qtbot, QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(tmp_path / "s.zip"))
        chooser.close()
    qtbot.waitUntil(lambda: window.board.notice(WRITTEN) is not None, timeout=5000)
    assert (tmp_path / "s.zip").exists()

    running.disk.wait_for(running.store.delete_sessions, ("s1",))
    with qtbot.waitSignal(running.files.kept, timeout=20_000):
        history.filing.open.click()
        chooser = open_dialog(qtbot, QFileDialog)
        assert isinstance(chooser, QFileDialog)
        chooser.fileSelected.emit(str(tmp_path / "s.zip"))
        chooser.close()
    qtbot.waitUntil(lambda: window.board.notice(KEPT) is not None, timeout=5000)
    qtbot.waitUntil(lambda: history.attempts.model().rowCount() == 3, timeout=5000)


def test_what_cannot_be_read_is_told_in_the_window(qtbot: QtBot, running: Running, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("{}", encoding="utf-8")
    with qtbot.waitSignal(running.conductor.told, timeout=20_000) as told:
        running.files.take(tmp_path / "s.json")
    assert "no session that Interviewer can read" in str(told.args[0])
