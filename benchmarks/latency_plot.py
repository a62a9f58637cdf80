"""Draws what `latency.py` measured."""

from __future__ import annotations

from pathlib import Path


def draw(report: dict[str, object], path: Path) -> None:
    """Write a plot of the wait over the length of the answer; the suffix of `path` says the format."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as exc:
        raise SystemExit("A plot needs matplotlib: pip install matplotlib") from exc
    # Text stays text, and the same figures give the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "interviewer"})
    figure = Figure(figsize=(6.4, 3.0), layout="constrained")
    axes = figure.subplots()
    for key, words in (("plain_s", "whole recording afterwards"), ("ours_s", "while it is spoken")):
        waits = report[key]
        assert isinstance(waits, dict)
        axes.plot([int(d) for d in waits], list(waits.values()), marker="o", label=words)
    axes.set_xlabel("length of the answer, s")
    axes.set_ylabel("wait for the text, s")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
