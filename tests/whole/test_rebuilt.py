"""A damaged database does not keep the window from opening: it is rebuilt, and the window says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from interviewer import app
from interviewer.app import Devices, compose
from interviewer.core.errors import InterviewerError
from tests.commands.running import keep_session
from tests.whole.test_wiring import Told
from tests.workers.fakes import FakePlayer, FakeRecorder, FakeSpeaker, bank


def test_what_came_back_of_a_damaged_database_is_told_in_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "ModelProcess", Told)
    keep_session(tmp_path)
    (tmp_path / "interviewer.db").write_bytes(b"x" * 9000)
    devices = Devices(FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), close=lambda: None)
    running = compose(tmp_path, lambda _: devices, bank=bank("alpha"))
    qtbot.addWidget(running.window)
    heard: list[tuple[InterviewerError, bool]] = []
    running.conductor.told.connect(lambda e: heard.append((e, QThread.currentThread() is running.window.thread())))
    listed: list[str] = []
    running.library.sessions_loaded.connect(lambda sessions: listed.extend(s.id for s in sessions))
    try:
        with qtbot.waitSignals([running.library.sessions_loaded, running.conductor.told], timeout=30_000):
            running.library.load_sessions()
    finally:
        running.close()
    ((error, in_the_window),) = heard
    assert str(error).startswith("The database was damaged and has been rebuilt: 1 interview")
    assert (in_the_window, listed) == (True, ["s1"])
