"""Runs one input of a fuzz target in a process of its own: `python tests/faults/replay.py TARGET FILE`.

Says what is wrong with it: another error than our own, more than a second of processor time, more
than 500 MB of memory; nothing, and exit code 0, when all is well.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.targets import MOST_MB, made  # noqa: E402

HANGS_S = 60.0
"""Of real time: then it waits for something that never comes."""
OWN_MB = 100
"""By so much a process may grow beyond what it was before, above the limit."""


def problem_of(target: str, data: bytes) -> str | None:
    """Return what is wrong with an input, None where nothing is."""
    with tempfile.NamedTemporaryFile(prefix="input-") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, __file__, target, file.name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=HANGS_S)
        except subprocess.TimeoutExpired:
            return "hangs"
    if done.returncode == 0:
        return None
    return (done.stdout.strip() or done.stderr.strip() or f"died of {done.returncode}").splitlines()[-1]


def check(target: str, data: bytes) -> str | None:
    """Run an input in this process and return what is wrong with it."""
    chosen = made(target)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        before_mb = _peak_mb()
        began = time.process_time()
        try:
            chosen.run(data, Path(folder))
        except Exception as exc:
            return f"{type(exc).__name__}: {exc}"
        took_s = time.process_time() - began
    if took_s > chosen.most_s:
        return f"took {took_s:.1f} s"
    peak_mb = _peak_mb()
    # The process of the test suite may have been larger than that before.
    return f"took {peak_mb:.0f} MB" if peak_mb > max(MOST_MB, before_mb + OWN_MB) else None


def _peak_mb() -> float:
    """Return the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    problem = check(sys.argv[1], Path(sys.argv[2]).read_bytes())
    if problem:
        print(problem)
    sys.exit(1 if problem else 0)
