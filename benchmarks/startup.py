"""How long until the window is painted, against an empty PySide6 window in the same run.

    python benchmarks/startup.py [--json] [--quick]

Each start is a fresh process; the two kinds alternate, and the medians are compared. Ours
goes through the real entry point, with an empty data folder. `start_page_ms` is when the Start page is
there too: the window comes up bare, and is filled after its first paint.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Prints the monotonic clock after the first paint of a top-level window and, where content is
# to come, after the first paint with it; then quits.
WATCH = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Paints(QObject):
    def __init__(self, content_comes):
        super().__init__()
        self.bare, self.content_comes = True, content_comes

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            if self.bare:
                self.bare = False
                QTimer.singleShot(0, self.report)
            elif self.content_comes and watched.centralWidget() is not None:
                self.content_comes = False
                QTimer.singleShot(0, self.report)
        return False

    def report(self):
        print(time.monotonic(), "torch" in sys.modules, flush=True)
        if not self.content_comes:
            QApplication.quit()
"""

EMPTY = f"""{WATCH}
qt = QApplication(sys.argv[:1])
watch = Paints(False)
qt.installEventFilter(watch)
window = QMainWindow()
window.resize(1280, 800)
window.show()
qt.exec()
"""

OURS = f"""{WATCH}
sys.argv = ["interviewer", "--data-dir", sys.argv[1]]
from interviewer import __main__ as entry
from interviewer import opening
make = opening.application
def watched(arguments):
    global watch
    qt = make(arguments)
    watch = Paints(True)
    qt.installEventFilter(watch)
    return qt
opening.application = watched
entry.main()
"""


def painted_ms(program: str, data_dir: str) -> list[float]:
    """Run `program` in a fresh process and return the milliseconds until each paint it reports."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-c", program, data_dir]
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0 or not done.stdout:
        raise SystemExit(f"the start failed with {done.returncode}:\n{done.stderr}")
    reports = [line.split() for line in done.stdout.splitlines()]
    if any(torch == "True" for _, torch in reports):
        raise SystemExit("the window process has loaded torch")
    return [(float(painted) - began) * 1000 for painted, _ in reports]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="3 starts of each kind instead of 9")
    options = parser.parse_args()
    ours: list[float] = []
    filled: list[float] = []
    empty: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        # The first start of each fills the disk cache and the byte code; it is not counted.
        for count in range((3 if options.quick else 9) + 1):
            (bare,) = painted_ms(EMPTY, folder)
            first, with_content = painted_ms(OURS, str(Path(folder) / "data"))
            if count:
                empty.append(bare)
                ours.append(first)
                filled.append(with_content)
    result = {
        "ratio": round(statistics.median(ours) / statistics.median(empty), 3),
        "ours_ms": round(statistics.median(ours), 1),
        "empty_ms": round(statistics.median(empty), 1),
        "start_page_ms": round(statistics.median(filled), 1),
    }
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
