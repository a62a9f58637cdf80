"""The report of `vad.py` as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.scoring_figures import Row

NOT_MET = "✗"
SHOWN_MISSES = 3


def as_table(report: Row) -> str:
    """Return the clips with speech, those without, and what they say together; what is not as wanted bears a mark."""
    parts = []
    if report["speech"]:
        levels = [*report["speech"][0]["levels"]]
        head = ("clip", "speech, s", *levels, "", "missed, s")
        parts += _aligned([head, *(_of_speech(row, report["at_least"]) for row in report["speech"])])
    if report["other"]:
        parts += ["", *_aligned([("clip without speech", "pieces", "", "text"), *map(_of_other, report["other"])])]
    return "\n".join([*parts, "", *_together(report)])


def _of_speech(row: Row, at_least: float) -> tuple[str, ...]:
    """Return a line with the lower share of the two rules for each level, and where most was missed."""
    shares = [min(case["share"] for case in level.values()) for level in row["levels"].values()]
    cases = [case for level in row["levels"].values() for case in level.values()]
    worst = min(cases, key=lambda case: case["share"])
    longest = sorted(worst["missed"], key=lambda m: m[0] - m[1])[:SHOWN_MISSES]
    told = " ".join(f"{first:.2f}-{end:.2f}" for first, end in sorted(longest))
    mark = NOT_MET if min(shares) < at_least else ""
    return (row["file"], f"{row['speech_s']:.2f}", *(f"{share:.1%}" for share in shares), mark, told)


def _of_other(row: Row) -> tuple[str, ...]:
    levels = row["levels"].values()
    pieces = sum(kind["pieces"] for level in levels for kind in level.values() if isinstance(kind, dict))
    text = " / ".join(dict.fromkeys(level["text"] for level in levels if level["text"]))
    return (row["file"], str(pieces), NOT_MET if pieces or text else "", text)


def _together(report: Row) -> list[str]:
    lines = []
    if report["clips"]:
        below = ", ".join(report["clips_below"]) or "none"
        lines.append(f"clips with less than {report['at_least']:.0%} of their speech handed over: {below}")
        together = "; ".join(f"{level} {min(shares.values()):.2%}" for level, shares in report["share"].items())
        lines.append(f"of all speech: {together}; lowest of a clip {report['lowest_share']:.1%}")
        lines.append(f"of what is handed over, not labelled as speech: {report['not_speech_handed_over']:.1%}")
    if report["other_clips"]:
        with_text = ", ".join(report["other_with_text"]) or "none"
        with_pieces = ", ".join(report["other_with_pieces"]) or "none"
        lines.append(f"clips without speech that give pieces: {with_pieces}; text: {with_text}")
    quick = " (quick: a part of the clips)" if report["quick"] else ""
    return [
        *lines,
        f"hearing and cutting take {report['real_time_factor']:.4f} s of one processor for each second of sound{quick}",
    ]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return lines whose columns stand below each other, the first and the last aligned left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i in (0, len(row) - 1) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
