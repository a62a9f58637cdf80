"""How long until the window is painted, against an empty PySide6 window in the same run.

    python benchmarks/startup.py [--json] [--quick]

Each start is a fresh process; the two kinds alternate, and the medians are compared. Ours
goes through the real entry point, with an empty data folder.
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

# Prints the monotonic clock at the end of the first paint of a top-level window, then quits.
WATCH = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.isWindow():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.report)
        return False

    def report(self):
        print(time.monotonic(), "torch" in sys.modules, flush=True)
        QTimer.singleShot(0, __import__("PySide6.QtWidgets").QtWidgets.QApplication.quit)
"""

EMPTY = (
    WATCH
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
qt = QApplication(sys.argv[:1])
watch = FirstPaint()
qt.installEventFilter(watch)
window = QMainWindow()
window.resize(1280, 800)
window.show()
qt.exec()
"""
)

OURS = (
    """
import sys
sys.argv = ["interviewer", "--data-dir", sys.argv[1]]
from interviewer import __main__ as entry

"""
    + WATCH
    + """
from interviewer import opening as app
make = app.application
def watched(arguments):
    global watch
    qt = make(arguments)
    watch = FirstPaint()
    qt.installEventFilter(watch)
    return qt
app.application = watched
entry.main()
"""
)


def started_ms(program: str, data_dir: str) -> float:
    """Run `program` in a fresh process and return the milliseconds until it painted."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, data_dir],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode != 0 or not done.stdout:
        raise SystemExit(f"the start failed with {done.returncode}:\n{done.stderr}")
    painted, torch = done.stdout.split()[:2]
    if torch == "True":
        raise SystemExit("the window process has loaded torch")
    return (float(painted) - began) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="3 starts of each kind instead of 9")
    options = parser.parse_args()
    ours: list[float] = []
    empty: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        # The first start of each fills the disk cache and the byte code; it is not counted.
        for count in range((3 if options.quick else 9) + 1):
            pair = started_ms(EMPTY, folder), started_ms(OURS, str(Path(folder) / "data"))
            if count:
                empty.append(pair[0])
                ours.append(pair[1])
    result = {
        "ratio": round(statistics.median(ours) / statistics.median(empty), 3),
        "ours_ms": round(statistics.median(ours), 1),
        "empty_ms": round(statistics.median(empty), 1),
    }
    if options.json:
        print(json.dumps(result))
    else:
        print(f"ours {result['ours_ms']} ms, empty window {result['empty_ms']} ms, ratio {result['ratio']}")


if __name__ == "__main__":
    main()
