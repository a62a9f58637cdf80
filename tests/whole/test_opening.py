"""Opening the program: one window for one data folder, and never torch in it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from interviewer.core.paths import make_private

# Opens the real program and reports by lines on standard output; ends when told on standard input.
WINDOW = """
import sys
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication
from interviewer import opening
make = opening.application
def application(arguments):
    global told, poll
    qt = make(arguments)
    told = QSocketNotifier(0, QSocketNotifier.Type.Read)
    told.activated.connect(qt.quit)
    poll = QTimer()
    poll.timeout.connect(look)
    poll.start(50)
    return qt
def look():
    for window in QApplication.topLevelWidgets():
        content = getattr(window, "centralWidget", lambda: None)()
        if content is not None and content.shelf.start.isVisible():
            poll.stop()
            print("open", "torch" in sys.modules, flush=True)
opening.application = application
if __name__ == "__main__":
    from interviewer.__main__ import main
    sys.argv = ["interviewer", "--data-dir", sys.argv[1]]
    main()
"""


@contextmanager
def opened(tmp_path: Path, end: signal.Signals | None = None) -> Iterator[list[str]]:
    """Open the program and yield its command once its Start page is shown; then end it, expecting no complaint."""
    program = tmp_path / "window.py"
    program.write_text(WINDOW, encoding="utf-8")
    command = [sys.executable, str(program), str(tmp_path / "data")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as window:
        assert window.stdout is not None
        assert window.stdout.readline().split() == ["open", "False"]
        yield command
        if end is not None:
            window.send_signal(end)
        _, complaints = window.communicate(None if end else "end\n", timeout=60)
        assert (window.returncode, complaints) == (0, "")


@pytest.mark.models
def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as command:
        second = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert "open already" in second.stderr


@pytest.mark.models
def test_damaged_settings_are_set_aside_and_no_reason_not_to_start(tmp_path: Path) -> None:
    data = make_private(tmp_path / "data")
    (data / "settings.json").write_text("not json", encoding="utf-8")
    with opened(tmp_path):
        assert (data / "settings.json.damaged").read_text(encoding="utf-8") == "not json"


@pytest.mark.models
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_program_as_closing_the_window_does(tmp_path: Path, number: signal.Signals) -> None:
    with opened(tmp_path, end=number):
        pass
