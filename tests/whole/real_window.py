"""The real program in a process of its own, driven by lines on its standard input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# Reports by lines on standard output: "open" once its Start page is shown, then one line a command.
WINDOW = """
import os, sys, threading, time
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from interviewer import opening
make = opening.application
def application(arguments):
    global told, poll
    qt = make(arguments)
    told = QSocketNotifier(0, QSocketNotifier.Type.Read)
    told.activated.connect(obey)
    poll = QTimer()
    poll.timeout.connect(look)
    poll.start(50)
    return qt
def frame():
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
def look():
    content = frame().centralWidget()
    if content is not None and content.shelf.start.isVisible():
        poll.stop()
        print("open", "torch" in sys.modules, flush=True)
def obey():
    match os.read(0, 100).decode().split():
        case ["hide"]:
            frame().showMinimized()
            print("hidden", frame().isMinimized(), flush=True)
        case ["state"]:
            print("state", frame().isMinimized(), frame().isActiveWindow(), flush=True)
        case ["banner", word]:
            wait_for(word)
        case ["hang"]:
            print("hangs", flush=True)
            time.sleep(600)
        case _:
            QApplication.quit()
def wait_for(word):
    notices = frame().centralWidget().board._notices.values()
    found = [n.word.fact for n in notices if word in n.word.fact]
    if found:
        print(found[0], flush=True)
    else:
        QTimer.singleShot(50, lambda: wait_for(word))
opening.application = application
if __name__ == "__main__":
    from interviewer.__main__ import main
    # A test that waits in vain reads the end of the output instead of waiting for ever.
    watchdog = threading.Timer(120, os._exit, (9,)); watchdog.daemon = True; watchdog.start()
    sys.argv = ["interviewer", "--data-dir", sys.argv[1]]
    main()
"""


class Window:
    """A running program."""

    def __init__(self, process: subprocess.Popen[str], command: list[str], environment: Mapping[str, str]) -> None:
        self.process = process
        self.command = command
        self._environment = environment

    def line(self) -> list[str]:
        """Return the next line that it reports, in words."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def tell(self, word: str) -> list[str]:
        """Give it a command and return what it reports."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.line()

    def again(self) -> subprocess.CompletedProcess[str]:
        """Start the program a second time, as a user who clicks twice does."""
        return subprocess.run(
            self.command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=self._environment
        )

    def end(self) -> tuple[int, str]:
        """Close it and return its exit code and what it complained of."""
        _, complaints = self.process.communicate("end\n", timeout=60)
        return self.process.returncode, complaints


@contextmanager
def opened(folder: Path, *, data: Path | None = None, **environment: str) -> Iterator[Window]:
    """Open the program, its data in `folder`/data unless told, and yield it once its Start page is shown.

    Whatever is left of it afterwards is killed.
    """
    program = folder / "window.py"
    program.write_text(WINDOW, encoding="utf-8")
    command = [sys.executable, str(program), str(data or folder / "data")]
    surroundings = {**os.environ, **environment}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=surroundings, **pipes) as process:
        window = Window(process, command, surroundings)
        try:
            assert window.line() == ["open", "False"]
            yield window
        finally:
            process.kill()
