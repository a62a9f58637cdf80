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

from benchmarks.latency_sides import Bench, random_weights, spoken_answer, usual_threads

ANSWER_S = 90
ANSWERS = 20
QUICK_ANSWERS = 4
MOST_TIMES = 1.25
MOST_GROWTH_MB = 20.0
"""From the third answer, when everything has been used once, to the last."""


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


def summary(whole: list[float], streamed: list[float]) -> dict[str, float]:
    """Return the figures of two lists of peaks, one entry an answer, in MB."""
    return {
        "answers": len(streamed),
        "whole_mb": whole[-1],
        "streamed_mb": streamed[-1],
        "times": round(streamed[-1] / whole[-1], 3),
        "growth_mb": round(streamed[-1] - streamed[min(2, len(streamed) - 1)], 1),
    }


def as_table(report: dict[str, float]) -> str:
    """Return the report for people."""
    return (
        f"whole recording, peak     {report['whole_mb']:8.0f} MB\n"
        f"streamed, peak            {report['streamed_mb']:8.0f} MB, {report['times']} times as much\n"
        f"growth over {report['answers']:2.0f} answers    {report['growth_mb']:8.1f} MB"
    )


def _side(side: str, weights: Path, answers: int) -> list[float]:
    """Write answers down and return the peak after each; the whole recording needs only one."""
    bench = Bench(weights, usual_threads(), random=True)
    peaks = []
    for seed in range(1 if side == "whole" else answers):
        sound = spoken_answer(ANSWER_S, 1 + seed)
        bench.whole(sound) if side == "whole" else bench.streamed(sound)
        peaks.append(round(_peak_mb(), 1))
    return peaks


def _peak_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _in_a_process(side: str, weights: Path, *, quick: bool) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.memory", "--side", side, "--weights", str(weights)]
    command += ["--quick"] if quick else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
