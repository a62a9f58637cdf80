"""The frame stands before anything else and comes back as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from interviewer.gui.frame import Frame


def test_the_first_paint_is_told_once(qtbot: QtBot, tmp_path: Path) -> None:
    frame = Frame(tmp_path)
    qtbot.addWidget(frame)
    told: list[bool] = []
    frame.painted.connect(lambda: told.append(True))
    with qtbot.waitSignal(frame.painted):
        frame.show()
    frame.repaint()
    assert told == [True]


def test_the_window_comes_back_in_its_size_and_colour(qtbot: QtBot, tmp_path: Path) -> None:
    frame = Frame(tmp_path)
    qtbot.addWidget(frame)
    content = QWidget()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#123456"))
    content.setPalette(palette)
    frame.fill(content)
    frame.show()
    frame.close()
    again = Frame(tmp_path)
    qtbot.addWidget(again)
    assert QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat).value("geometry") is not None
    assert QColor(again.grab().toImage().pixel(50, 50)) == QColor("#123456")


def test_a_damaged_window_file_is_no_reason_not_to_start(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[General\ngeometry=@ByteArray(nonsense)\ncanvas=17 apples")
    frame = Frame(tmp_path)
    qtbot.addWidget(frame)
    with qtbot.waitSignal(frame.painted):
        frame.show()


def test_before_the_first_paint_nothing_heavy_is_imported() -> None:
    heavy = ("torch", "numpy", "pydantic", "sqlalchemy", "sounddevice", "interviewer.app")
    program = f"import sys, interviewer.cli, interviewer.opening; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
