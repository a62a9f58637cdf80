"""How much memory writing down takes: `python benchmarks/memory.py [--json] [--quick]`.

A process of its own for each side, with random weights of base.en's size: one writes a recording of
90 s down as a whole with `whisper.transcribe`, the other writes twenty such answers down while they are
spoken, as an interview of half an hour does. Compared are the peaks, and whether the second stays flat.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.latency_sides import Bench, random_weights, spoken_answer, usual_threads

Sizes = list[tuple[float, float]]
ANSWER_S = 90
ANSWERS = 20
QUICK_ANSWERS = 10
MOST_TIMES = 1.25
MOST_GROWTH_MB = 20.0
SETTLED = 2
"""Answers until everything has been used; what is resident afterwards goes up and down with the pieces of an answer, so
medians of two stretches are compared."""
STRETCH = 6


def main() -> int:
    """Measure and print; exit code 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description="Measure the memory of writing answers down.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ANSWERS} answers")
    parser.add_argument("--side", choices=("whole", "streamed"), help=argparse.SUPPRESS)
    parser.add_argument("--weights", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    answers = QUICK_ANSWERS if chosen.quick else ANSWERS
    if chosen.side:
        print(json.dumps(_side(chosen.side, chosen.weights, answers)))
        return 0
    with tempfile.TemporaryDirectory(prefix="interviewer-memory-") as folder:
        # Made here: to make them takes more memory than to use them.
        weights = random_weights(Path(folder))
        whole, streamed = (_in_a_process(side, weights, quick=chosen.quick) for side in ("whole", "streamed"))
    report = summary(whole, streamed)
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if report["times"] <= MOST_TIMES and report["growth_mb"] <= MOST_GROWTH_MB else 1


def summary(whole: Sizes, streamed: Sizes) -> dict[str, float]:
    """Return the figures of two sides; each has a pair for each answer: the peak so far and what is resident, in MB."""
    peaks = whole[-1][0], streamed[-1][0]
    resident = [now for _, now in streamed[SETTLED:]] or [now for _, now in streamed]
    growth = median(resident[-STRETCH:]) - median(resident[:STRETCH])
    return {
        "answers": len(streamed),
        "whole_mb": peaks[0],
        "streamed_mb": peaks[1],
        "times": round(peaks[1] / peaks[0], 3),
        "resident_mb": round(median(resident), 1),
        "growth_mb": round(growth, 1),
    }


def as_table(report: dict[str, float]) -> str:
    """Return the report for people."""
    return (
        f"whole recording, peak     {report['whole_mb']:8.0f} MB\n"
        f"streamed, peak            {report['streamed_mb']:8.0f} MB, {report['times']} times as much\n"
        f"resident after an answer  {report['resident_mb']:8.0f} MB, "
        f"{report['growth_mb']:+.0f} MB from the first to the last of {report['answers']:.0f}"
    )


def _side(side: str, weights: Path, answers: int) -> Sizes:
    """Write answers down and return the sizes after each; the whole recording needs only one."""
    bench = Bench(weights, usual_threads(), random=True)
    sizes = []
    for seed in range(1 if side == "whole" else answers):
        sound = spoken_answer(ANSWER_S, 1 + seed)
        bench.whole(sound) if side == "whole" else bench.streamed(sound)
        sizes.append((round(_peak_mb(), 1), round(_resident_mb(), 1)))
    return sizes


def _peak_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return _peak_mb()  # elsewhere the system tells no more
    return int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024


def _in_a_process(side: str, weights: Path, *, quick: bool) -> Sizes:
    command = [sys.executable, "-m", "benchmarks.memory", "--side", side, "--weights", str(weights)]
    command += ["--quick"] if quick else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [(peak, resident) for peak, resident in json.loads(done.stdout)]


if __name__ == "__main__":
    sys.exit(main())
