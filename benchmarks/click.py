"""How long after a click on a word it is heard, and how far from the word the sound begins.

    python -m benchmarks.click [--json] [--quick]

Clicks on twenty words of a kept answer of 90 s (FLAC, 48 kHz) in the real window, with the real player, and
listens at the monitor of the loudspeakers of a real sound server: that of PULSE_SERVER where it has the sinks
of `.ci/sound`, else one of its own. Half of the words are clicked in silence, half while another one sounds. The
words are pieces of recorded speech at known times; what is heard is found in the recording by correlation. The
latency counts from the mouse press to the arrival of the first sound at the monitor; a sound card adds its own.

Judged are the latencies, from silence and while another word sounds, and how far from its word the sound begins.
`first_ms` is told and not judged: that click comes in the very moment in which the page is there, while its
recording, 90 s of FLAC, is still being read, half a second to a second on two busy cores; from then on every click
finds it in memory. Nobody has read a word of the page by then, and how long it takes is up to the disk and the length
of the answer.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from interviewer.opening import application
from tests import sound_server
from tests.whole import clicking

WORDS, SECONDS = 20, 90.0
LATENCY_MS, OFF_MS = 150.0, 100.0
"""What issue 6 promises, of every word."""


def main() -> int:
    """Measure, print, and fail when a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help="six words of twenty seconds")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="click-") as folder:
        if sound_server.reachable():
            figures = measure(Path(folder), quick=wanted.quick)
        else:
            with sound_server.private_server(Path(folder) / "sound") as environment:
                os.environ.update(environment)
                figures = measure(Path(folder), quick=wanted.quick)
    if wanted.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:20} {value}")
    return 0 if holds(figures) else 1


def holds(figures: dict[str, float]) -> bool:
    """Whether every word was heard in time, from its beginning, whatever sounded before."""
    latest_ms = max(figures["latency_max_ms"], figures["while_playing_max_ms"])
    return latest_ms <= LATENCY_MS and figures["off_max_ms"] <= OFF_MS


def measure(folder: Path, *, quick: bool) -> dict[str, float]:
    """Click on every word and return the figures, in milliseconds."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qt = application(["interviewer"])
    count, seconds = (6, 20.0) if quick else (WORDS, SECONDS)
    data = folder / "data"
    data.mkdir()
    kept = clicking.keep(data, count, seconds)
    with clicking.reviewed(data) as running, sound_server.Ear() as ear:
        first = clicking.click(running, kept, count - 1, ear)
        heard = []
        for number in range(count):
            clicking.silence(running, ear)
            heard.append(clicking.click(running, kept, number, ear))
        following = []
        for number in range(0, count, 2):
            clicking.silence(running, ear)
            clicking.click(running, kept, number, ear)
            following.append(clicking.follow(running, kept, count - 1 - number, ear))
    del qt
    latencies = [one.latency_ms for one in heard]
    off = [abs(one.off_ms) for one in heard]
    return {
        "words": count,
        "off_median_ms": round(statistics.median(off), 1),
        "off_max_ms": round(max(off), 1),
        "latency_median_ms": round(statistics.median(latencies), 1),
        "latency_max_ms": round(max(latencies), 1),
        "while_playing_median_ms": round(statistics.median(following), 1),
        "while_playing_max_ms": round(max(following), 1),
        "first_ms": round(first.latency_ms, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
