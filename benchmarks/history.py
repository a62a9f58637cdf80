"""How soon the history opens and answers: `python benchmarks/history.py [--json] [--quick] [--keep DIR]`.

10,000 interviews with 100,000 answers lie in a data folder made up for it; the whole program opens on it, with
stand-ins for the model process and the sound devices alone. Measured in its window, by what is painted:

- `open_ms`: from the wish to see the history until its first answers and interviews are both painted;
- `search_ms`: from the question to the store until the answers found are painted, median over 40 questions:
  rare and common words, beginnings of words, phrases, filters and orders; `answered` of them found something;
  `typing_ms` is what is waited before, until nobody types any more;
- `memory_mb`: by how much the window process grew from before the first opening until after all that, and
  after a look at 200 places of the whole list, as it stands then; `trimmed_mb` is what is left of it once memory that
  nobody uses is given back, as the program does at the end of an interview.

Nothing is measured on fewer answers than said above: a kept folder with fewer fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.history_data import ANSWERS, make

ROOT = Path(__file__).resolve().parents[1]
INTERVIEWS = 10_000
QUICK_INTERVIEWS = 1_000
MOST_OPEN_MS = 300.0
MOST_SEARCH_MS = 50.0
MOST_MEMORY_MB = 80.0
LEAST_ANSWERED = 0.75
"""Of the questions: a search that finds nothing is quick."""


def main() -> int:
    """Measure and print; exit code 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description="Measure the history with many interviews.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_INTERVIEWS:,} interviews")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="make the data folder here, or use the one that is here"
    )
    chosen = parser.parse_args()
    interviews = QUICK_INTERVIEWS if chosen.quick else INTERVIEWS
    with tempfile.TemporaryDirectory(prefix="interviewer-history-") as folder:
        data = chosen.keep or Path(folder) / "data"
        if not (data / "interviewer.db").exists():
            make(data, interviews)
        report = in_the_window(data)
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if holds(report, interviews) else 1


def in_the_window(data: Path) -> dict[str, float]:
    """Return what the window over a data folder measured."""
    command = [sys.executable, "-m", "benchmarks.history_window", str(data)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def holds(report: dict[str, float], interviews: int) -> bool:
    """Whether every bound is kept, with the answers of so many interviews there, most searches finding some."""
    bounds = {"open_ms": MOST_OPEN_MS, "search_ms": MOST_SEARCH_MS, "memory_mb": MOST_MEMORY_MB}
    there = report["answers"] >= interviews * ANSWERS and report["answered"] >= LEAST_ANSWERED * report["questions"]
    return there and all(report[name] < bound for name, bound in bounds.items())


def as_table(report: dict[str, float]) -> str:
    """Return the report for people."""
    answers, sessions = int(report["answers"]), int(report["answers"]) // ANSWERS
    return (
        f"{sessions:,} interviews, {answers:,} answers, {report['database_mb']:.0f} MB\n"
        f"opened          {report['open_ms']:6.0f} ms, again {report['again_ms']:.0f} ms\n"
        f"searched        {report['search_ms']:6.1f} ms in the median of {report['questions']:.0f} questions, "
        f"{report['slow_ms']:.0f} ms nine times of ten, {report['slowest_ms']:.0f} ms at most; "
        f"{report['answered']:.0f} found something\n"
        f"until it asks   {report['typing_ms']:6.0f} ms after the last key\n"
        f"a far place     {report['place_ms']:6.1f} ms in the median until its answers are painted\n"
        f"window grew by  {report['memory_mb']:6.1f} MB, {report['trimmed_mb']:.1f} of it in use"
    )


if __name__ == "__main__":
    sys.exit(main())
