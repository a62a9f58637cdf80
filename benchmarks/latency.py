"""How long the text is awaited after the last word: `python benchmarks/latency.py [--json] [--quick]`.

Answers of 10 to 300 s are written down twice in one run, with the same model and threads: as the
product does, while they are spoken, and by `whisper.transcribe` on the whole recording once it is
there. What the product computes while the candidate speaks is waited for as well: a simulated clock
moves with the sound and with every second of computing, so that work which does not keep up with
the voice is late at the end.

Without `--model` the weights are random ones of base.en's size: they cost what the published ones cost,
but would write noise without an end. So both sides decode the same number of tokens for a second of sound,
and every window is taken as decoded well at the first try, which is the best case for the whole recording.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.latency_sides import TOKENS_A_SECOND, Bench, Run, spoken_answer

DURATIONS_S = (10, 30, 60, 120, 300)
QUICK_DURATIONS_S = (10, 30, 60)
SEEDS = (1, 2)
BOUNDS = {"120": 0.25, "300": 0.10}
MOST_GROWTH = 1.3
MOST_CPU = 1.1


def main() -> int:
    """Measure and print; exit code 1 when a bound of the design is broken."""
    parser = argparse.ArgumentParser(description="Measure how long the text is awaited after the last word.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help="answers of up to a minute, once each")
    parser.add_argument("--model", help="real weights, by name or file, in place of random ones of base.en's size")
    parser.add_argument("--threads", type=int, help="of both sides; the product's own number by default")
    parser.add_argument("--plot", type=Path, help="draw the result into this file (needs matplotlib)")
    chosen = parser.parse_args()
    durations = QUICK_DURATIONS_S if chosen.quick else DURATIONS_S
    seeds = SEEDS[:1] if chosen.quick else SEEDS
    with tempfile.TemporaryDirectory(prefix="interviewer-latency-") as folder:
        bench = Bench.open(chosen.model, Path(folder), chosen.threads)
        bench.warm_up()
        report = summary(durations, {d: [_measure(bench, d, seed) for seed in seeds] for d in durations})
    report |= {"model": bench.name, "threads": bench.threads, "quick": chosen.quick}
    if chosen.plot:
        from benchmarks.latency_plot import draw

        draw(report, chosen.plot)
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if holds(report) else 1


def _measure(bench: Bench, seconds: int, seed: int) -> tuple[Run, Run]:
    sound = spoken_answer(seconds, seed)
    if sys.stderr.isatty():
        print(f"measuring: {seconds} s, voice {seed}", file=sys.stderr)
    # By turns, so that a slow spell of the machine meets both.
    if seed % 2:
        ours = bench.streamed(sound)
        return ours, bench.whole(sound)
    plain = bench.whole(sound)
    return bench.streamed(sound), plain


def summary(durations: Sequence[int], runs: dict[int, list[tuple[Run, Run]]]) -> dict[str, object]:
    """Return the figures: medians over the runs; the processor's time is summed over all of them."""
    ours = {str(d): round(median(run.waited_s for run, _ in runs[d]), 3) for d in durations}
    plain = {str(d): round(median(run.waited_s for _, run in runs[d]), 3) for d in durations}
    ratio = {str(d): round(median(a.waited_s / b.waited_s for a, b in runs[d]), 3) for d in durations}
    every = [pair for d in durations for pair in runs[d]]
    cpu = sum(a.cpu_s for a, _ in every) / sum(b.cpu_s for _, b in every)
    found: dict[str, object] = {"ratio": ratio, "ours_s": ours, "plain_s": plain, "cpu_ratio": round(cpu, 3)}
    found["windows"] = {
        str(d): [sum(a.windows for a, _ in runs[d]), sum(b.windows for _, b in runs[d])] for d in durations
    }
    if {"30", "300"} <= ours.keys():
        found["growth_30_to_300"] = round(ours["300"] / ours["30"], 3)
    found["tokens_a_second"] = TOKENS_A_SECOND
    return found


def holds(report: dict[str, object]) -> bool:
    """Whether the bounds of the design hold, as far as they were measured."""
    ratio, growth, cpu = report["ratio"], report.get("growth_30_to_300", 0.0), report["cpu_ratio"]
    assert isinstance(ratio, dict)
    assert isinstance(growth, float)
    assert isinstance(cpu, float)
    return (
        all(ratio[d] <= most for d, most in BOUNDS.items() if d in ratio) and growth <= MOST_GROWTH and cpu <= MOST_CPU
    )


def as_table(report: dict[str, object]) -> str:
    """Return the report for people."""
    ratio, ours, plain = report["ratio"], report["ours_s"], report["plain_s"]
    assert isinstance(ratio, dict)
    assert isinstance(ours, dict)
    assert isinstance(plain, dict)
    lines = [f"{report['model']}, {report['threads']} threads", "answer    streamed      whole   ratio"]
    lines += [f"{d:>5} s  {ours[d]:8.2f} s {plain[d]:8.2f} s   {ratio[d]:.3f}" for d in ratio]
    if "growth_30_to_300" in report:
        lines.append(f"300 s against 30 s, streamed: {report['growth_30_to_300']} times as long")
    lines.append(f"processor time against the whole recording: {report['cpu_ratio']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
