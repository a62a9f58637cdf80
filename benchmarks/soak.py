"""Two hours of interviews: `python benchmarks/soak.py [--minutes 20] [--json] [--quick]`.

First for --minutes of real time in the real window on the virtual sound card: a PulseAudio of its own
with null sinks, the real devices, spoken questions, short answers played into the microphone, the real
model process; what leaks with each answer shows. Then, with answers of up to a minute, on virtual devices
that talk twenty times as fast as real time, until both together stand for --total minutes of interview
(120). The window process is looked at from outside, at least each minute: resident memory, file
descriptors, threads. The first quarter is warm-up: every page is shown and every library loaded within an
interview, but memory comes to rest only after some twenty of them. After it memory may grow by 5 %,
medians of the first and the last third compared, and neither descriptors nor threads may become more.
Exit code 1 when they do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SPEED = 20.0
MOST_GROWTH = 0.05
MOST_MORE = 2
"""Descriptors or threads: a child process that speaks, a clip that is read, by chance at a look."""
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
WARM_UP = 0.25

Sample = dict[str, float]


def main() -> int:
    """Hold the interviews, print, and say by the exit code whether all stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0, help="of real time on the virtual sound card")
    parser.add_argument("--total", type=float, default=120.0, help="minutes of interview, both parts together")
    parser.add_argument(
        "--quick", action="store_true", help="2 minutes real, 22 together: too short for the verdict on memory"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    minutes, total = (2.0, 22.0) if chosen.quick else (chosen.minutes, chosen.total)
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        parts = {}
        if minutes:
            with sound_server(folder / "sound") as environment:
                parts["real"] = _soak("real", folder, minutes, 1.0, environment)
        left = max(0.0, total - minutes)
        if left:
            parts["virtual"] = _soak("virtual", folder, left / SPEED, SPEED, dict(os.environ))
    report = {
        "minutes": sum(part["stands_for_min"] for part in parts.values()),
        "flat": all(part["flat"] for part in parts.values()),
        **parts,
    }
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if report["flat"] else 1


@contextlib.contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """Run a sound server for the time of the context; yields the environment that leads to it."""
    from tests.sound_server import private_server

    with private_server(folder) as environment:
        yield {**os.environ, **environment}


def _soak(kind: str, folder: Path, minutes: float, speed: float, environment: dict[str, str]) -> dict[str, Any]:
    """Hold interviews for so many minutes of real time and return the figures of their process."""
    command = [sys.executable, "-m", "benchmarks.soak_window", kind, str(folder / kind / "data"), str(speed)]
    (folder / kind).mkdir()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    told: list[dict[str, Any]] = []
    with (folder / f"{kind}.log").open("wb") as log:
        window = subprocess.Popen(command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, stderr=log, **pipes)
    listener = threading.Thread(target=lambda: told.extend(map(json.loads, window.stdout or ())), name="listener")
    listener.start()
    samples = _watch(kind, window, 60 * minutes)
    assert window.stdin is not None
    window.stdin.close()
    code = window.wait(60)
    listener.join()
    if code != 0 or not told:
        raise SystemExit(f"The {kind} part ended with {code}: {(folder / f'{kind}.log').read_text()[-2000:]}")
    return summary(samples, told[-1], minutes * speed)


def _watch(kind: str, window: subprocess.Popen[bytes], seconds: float) -> list[Sample]:
    """Look at a process for so long, at least each minute and at least sixty times."""
    samples: list[Sample] = []
    began = time.monotonic()
    step_s = min(60.0, seconds / 60)
    while (at_s := time.monotonic() - began) < seconds and window.poll() is None:
        samples.append({"minute": round(at_s / 60, 2), **looked_at(window.pid)})
        if len(samples) % 10 == 0:
            sys.stderr.write(f"{kind}: {samples[-1]}\n")
        time.sleep(step_s)
    return samples


def looked_at(process: int) -> Sample:
    """Return what a process holds now: resident MB, descriptors, threads."""
    proc = Path(f"/proc/{process}")
    resident = int((proc / "statm").read_text().split()[1]) * PAGE_BYTES
    descriptors = len(list((proc / "fd").iterdir()))
    return {
        "rss_mb": round(resident / 1e6, 1),
        "descriptors": descriptors,
        "threads": len(list((proc / "task").iterdir())),
    }


def summary(samples: list[Sample], told: dict[str, Any], stands_for_min: float) -> dict[str, Any]:
    """Return the figures of one part."""
    warm = samples[round(WARM_UP * len(samples)) :]
    third = max(1, len(warm) // 3)
    first, last = warm[:third], warm[-third:]
    memory = [median(s["rss_mb"] for s in part) for part in (first, last)]
    more = {name: median(s[name] for s in last) - median(s[name] for s in first) for name in ("descriptors", "threads")}
    growth = memory[1] / memory[0] - 1.0
    return {
        "stands_for_min": round(stands_for_min, 1),
        **told,
        "rss_first_mb": memory[0],
        "rss_last_mb": memory[1],
        "growth_percent": round(100 * growth, 2),
        "more_descriptors": more["descriptors"],
        "more_threads": more["threads"],
        "flat": growth < MOST_GROWTH and all(value <= MOST_MORE for value in more.values()),
        "samples": samples,
    }


def as_table(report: dict[str, Any]) -> str:
    """Return the figures for people."""
    lines = [f"{report['minutes']:g} minutes of interview: {'flat' if report['flat'] else 'NOT FLAT'}"]
    for name in ("real", "virtual"):
        if part := report.get(name):
            facts = {key: value for key, value in part.items() if key != "samples"}
            lines.append(f"{name}: " + ", ".join(f"{key} {value}" for key, value in facts.items()))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
