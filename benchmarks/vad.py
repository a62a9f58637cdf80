"""How much of what is said reaches the recogniser: `python benchmarks/vad.py --data DIR [--quick] [--json]`.

DIR holds recorded clips and their `manifest.tsv`; it is no part of the program. Each clip is cut as an answer
is, by `cutting.Cutter` with the real detector and the rules of both recognisers, with its volume as it is and
brought to each of two levels. What counts as speech is told by energy alone, see `vad_labels`:
at least 98 % of it is to lie inside the pieces, on every clip. Clips without speech are to give no piece,
and no text. `--json` prints one object and tells more than the table does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import process_time

from benchmarks import vad_labels as labels
from benchmarks.scoring_figures import Row, rounded
from benchmarks.speech_clips import Clip, at_level, read_clips
from benchmarks.vad_table import as_table
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray, Transcriber
from interviewer.engines import catalog
from interviewer.engines.cutting import Cutter, Rule
from interviewer.engines.hear_pocketsphinx import PocketSphinxScribe
from interviewer.engines.hear_whisper import WhisperScribe
from interviewer.engines.segment_silero import SileroDetector
from interviewer.engines.whole_answer import hear

LEVELS: Mapping[str, float | None] = {"as_is": None, "-25 dBFS": -25.0, "-45 dBFS": -45.0}
RULES: Mapping[str, Rule] = {"whisper": WhisperScribe.rule, "pocketsphinx": PocketSphinxScribe.rule}
AT_LEAST = 0.98
"""Share of the labelled seconds of a clip that is to lie inside its pieces."""
BLOCK = 1600
"""Samples that are fed at a time, a tenth of a second, as a microphone delivers them."""

Cut = Callable[[FloatArray, Rule], list[Span]]
"""Returns where the pieces of a recording lie."""


class Cuts:
    """Cuts recordings with the real detector, on one thread, and counts the processor time that it takes.

    Raises as SileroDetector does.
    """

    def __init__(self) -> None:
        self._detector = SileroDetector()
        self.heard_s = 0.0
        self.took_s = 0.0

    def __call__(self, samples: FloatArray, rule: Rule) -> list[Span]:
        """Return where the pieces of a recording lie on its clock. Raises EngineError."""
        began_s = process_time()  # others may be at work on this machine
        cutter = Cutter(self._detector, rule)
        pieces = [p for i in range(0, len(samples), BLOCK) for p in cutter.feed(samples[i : i + BLOCK])]
        pieces += cutter.finish()
        self.took_s += process_time() - began_s
        self.heard_s += len(samples) / MODEL_RATE_HZ
        return [Span(piece.start_s, piece.end_s) for piece in pieces]


def main() -> int:
    """Measure and print; exit code 1 when the clips or a model are not there."""
    parser = argparse.ArgumentParser(description="Measure how much speech reaches the recogniser.")
    parser.add_argument("--data", type=Path, required=True, help="folder with clips and their manifest.tsv")
    parser.add_argument("--quick", action="store_true", help="a fifth of the clips")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    try:
        clips = read_clips(chosen.data, quick=chosen.quick)
        report = run(clips)
    except (OSError, ValueError) as exc:
        print(f"The clips cannot be read: {exc}", file=sys.stderr)
        return 1
    except InterviewerError as exc:
        print(exc.told(), file=sys.stderr)
        return 1
    report = rounded({"quick": chosen.quick, **report})
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0


def run(clips: Sequence[Clip]) -> Row:
    """Load the real detector and the built-in recogniser, and measure every clip. Raises InterviewerError."""
    cut, built_in = Cuts(), catalog.built_in()()
    speech, others = [], []
    for clip in clips:
        samples = clip.read()
        if clip.transcript:
            speech.append({"file": clip.name, **of_speech(samples, cut)})
        else:
            others.append({"file": clip.name, **of_other(samples, cut, built_in)})
    return {**summary(speech, others), "real_time_factor": cut.took_s / cut.heard_s, "speech": speech, "other": others}


def of_speech(samples: FloatArray, cut: Cut) -> Row:
    """Return what of a clip's speech reaches the recogniser, and what else does, for each level and rule."""
    # The labels come from the clip as it is: changing the volume changes nothing about who speaks when.
    speech = labels.labelled(samples)
    return {
        "seconds": len(samples) / MODEL_RATE_HZ,
        "speech_s": labels.seconds(speech),
        "levels": {
            name: {kind: _reached(speech, cut(at_level(samples, level), rule)) for kind, rule in RULES.items()}
            for name, level in LEVELS.items()
        },
    }


def of_other(samples: FloatArray, cut: Cut, built_in: Transcriber) -> Row:
    """Return what the recogniser gets to hear of a clip without speech, and what the built-in one writes."""
    levels: Row = {}
    for name, level in LEVELS.items():
        changed = at_level(samples, level)
        pieces = {kind: cut(changed, rule) for kind, rule in RULES.items()}
        levels[name] = {kind: {"pieces": len(found), "handed_over_s": _length(found)} for kind, found in pieces.items()}
        levels[name]["text"] = hear(built_in, changed).text
    return {"seconds": len(samples) / MODEL_RATE_HZ, "levels": levels}


def summary(speech: Sequence[Row], others: Sequence[Row]) -> Row:
    """Return what the clips say together; with the shares of all levels and rules, each clip's lowest counts."""
    lowest = {row["file"]: min(case["share"] for case in cases(row)) for row in speech}
    handed = [case for row in speech for case in cases(row)]
    handed_s, other_s = (sum(case[key] for case in handed) for key in ("handed_over_s", "not_speech_s"))
    return {
        "at_least": AT_LEAST,
        "clips": len(speech),
        "clips_below": sorted(file for file, share in lowest.items() if share < AT_LEAST),
        "lowest_share": min(lowest.values(), default=None),
        "share": {
            name: {kind: _pooled(row["levels"][name][kind] for row in speech) for kind in RULES} for name in LEVELS
        },
        "not_speech_handed_over": other_s / handed_s if handed_s else None,
        "other_clips": len(others),
        "other_with_pieces": sorted(row["file"] for row in others if any(case["pieces"] for case in cases(row))),
        "other_with_text": sorted(row["file"] for row in others if any(lv["text"] for lv in row["levels"].values())),
    }


def cases(row: Row) -> list[Row]:
    """Return the figures of a clip for each level and rule."""
    return [level[kind] for level in row["levels"].values() for kind in RULES]


def _reached(speech: labels.Frames, pieces: Sequence[Span]) -> Row:
    handed = labels.inside(pieces, len(speech))
    missed = speech & ~handed
    total_s = labels.seconds(speech)
    return {
        # Nothing to hear is heard in full.
        "share": 1.0 - labels.seconds(missed) / total_s if total_s else 1.0,
        "speech_s": total_s,
        "pieces": len(pieces),
        "handed_over_s": labels.seconds(handed),
        "not_speech_s": labels.seconds(handed & ~speech),
        "missed": [[first * labels.STEP_S, end * labels.STEP_S] for first, end in labels.runs(missed)],
    }


def _pooled(found: Iterable[Row]) -> float | None:
    """Return the share of all the clips' speech together."""
    rows = list(found)
    total_s = sum(row["speech_s"] for row in rows)
    return sum(row["share"] * row["speech_s"] for row in rows) / total_s if total_s else None


def _length(spans: Iterable[Span]) -> float:
    return sum(span.end_s - span.start_s for span in spans)


if __name__ == "__main__":
    sys.exit(main())
