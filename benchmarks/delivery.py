"""How right the measures of delivery are: `python benchmarks/delivery.py --data DIR [--quick] [--json]`.

DIR holds recorded clips and their `manifest.tsv`; it is no part of the program. Silences of 0.3 to 5 s are put
between the clips' sentences, at four levels of room noise, and what the product measures of them is held against
what was put in: by the speech detector alone, and with edges by loudness, as answers are kept. Judged is the latter,
for each recording by itself: all silences together within 5 %, those of a second and more counted exactly, and, where
the words are those of the manifest, the pace within 3 %. Exit code 1 when one of these is not so.

Then each clip with a transcript is written down by the built-in recogniser, and the number of its words is held
against the transcript's. That is told and not judged: a rough recogniser hears one word for two, and with its words
the pace is not right within 3 %. `--json` prints one object.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.inserted_pauses import Found, Put, held_against, put_in, trimmed
from benchmarks.scoring_figures import Row, rounded
from benchmarks.speech_clips import Clip, read_clips
from interviewer.core.delivery import measure
from interviewer.core.energy import sharpened
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray, Transcriber
from interviewer.core.text import bare, has_words
from interviewer.engines import catalog
from interviewer.engines.cutting import Cutter
from interviewer.engines.hear_whisper import RULE
from interviewer.engines.levels import LevelMeter
from interviewer.engines.segment_silero import SileroDetector
from interviewer.engines.streaming import joined
from interviewer.engines.whole_answer import hear

ROOMS_DBFS: tuple[float | None, ...] = (None, -80.0, -60.0, -50.0)
"""Dead silence, a studio, a quiet room, a fan."""
RECORDINGS, RECORDINGS_QUICK = 6, 1
"""Of each room."""
PAUSES = 12
"""Put into each recording."""
WANTED_TOTAL, WANTED_PACE = 0.05, 0.03
"""What issue 6 promises, as a share of what was put in."""


class Ears:
    """Hears where somebody speaks, by the detector alone and with edges by loudness. Raises as SileroDetector does."""

    def __init__(self) -> None:
        self._detector = SileroDetector()
        self.heard_s = 0.0
        self.sharpened_s = 0.0
        """Processor time that loudness took."""

    def __call__(self, samples: FloatArray) -> dict[str, tuple[Span, ...]]:
        """Return the spans of speech by either. Raises EngineError."""
        cutter = Cutter(self._detector, RULE)
        pieces = [*cutter.feed(samples), *cutter.finish()]
        detected = joined(span for piece in pieces for span in piece.speech)
        began_s = process_time()
        meter = LevelMeter()
        meter.add(samples)
        sharp = sharpened(detected, meter.finish())
        self.sharpened_s += process_time() - began_s
        self.heard_s += len(samples) / MODEL_RATE_HZ
        return {"detector": detected, "loudness": detected if sharp is None else sharp}


def main() -> int:
    """Measure and print; exit code 1 when a promise is not kept, or the clips or a model are not there."""
    parser = argparse.ArgumentParser(description="Measure how right the measures of delivery are.")
    parser.add_argument("--data", type=Path, required=True, help="folder with clips and their manifest.tsv")
    parser.add_argument("--quick", action="store_true", help="one recording a room, a fifth of the clips")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    try:
        clips = [clip for clip in read_clips(chosen.data) if clip.transcript]
        report = rounded({"quick": chosen.quick, **run(clips, quick=chosen.quick)})
    except (OSError, ValueError) as exc:
        print(f"The clips cannot be read: {exc}", file=sys.stderr)
        return 1
    except InterviewerError as exc:
        print(exc.told(), file=sys.stderr)
        return 1
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if all(report["wanted"].values()) else 1


def run(clips: Sequence[Clip], *, quick: bool) -> Row:
    """Measure pauses with the real detector and words with the built-in recogniser. Raises InterviewerError."""
    ears, built_in = Ears(), catalog.built_in()()
    heard = [(sound, clip.transcript) for clip in clips if len(sound := trimmed(clip.read()))]
    sentences, texts = [sound for sound, _ in heard], [text for _, text in heard]
    count = RECORDINGS_QUICK if quick else RECORDINGS
    pauses = [
        {"room_dbfs": room, "seed": seed, **of_pauses(put_in(sentences, PAUSES, room, seed), texts, ears)}
        for room in ROOMS_DBFS
        for seed in range(count)
    ]
    words = [of_words(clip, built_in) for clip in (clips[::5] if quick else clips)]
    return {**of_all(pauses, words), "loudness_ms_per_s": 1000 * ears.sharpened_s / ears.heard_s, "words": words}


def of_pauses(put: Put, texts: Sequence[str], ears: Ears) -> Row:
    """Return how each way of hearing finds the silences of a recording, and how far off its pace then is."""
    spans = ears(put.samples)
    found = {way: held_against(put, of_way) for way, of_way in spans.items()}
    return {**found, "pace_error": pace_error(put, texts, spans["loudness"])}


def pace_error(put: Put, texts: Sequence[str], spans: tuple[Span, ...]) -> float:
    """Return how far off the pace is that is shown of a recording, were all its words written down as they were said.

    A share of the pace that was put in, below 0 where it is too slow; a pace that is not shown is off by all of it.
    """
    said = Transcript(" ".join(texts[which] for which in put.drawn), speech=spans)
    shown = measure(said, len(put.samples) / MODEL_RATE_HZ).pace_wpm or 0.0
    return shown / put.pace_wpm([len(text.split()) for text in texts]) - 1.0


def of_words(clip: Clip, transcriber: Transcriber) -> Row:
    """Return how many words of a clip are written down, of how many."""
    samples = clip.read()
    said = sum(has_words(bare(word)) for word in clip.transcript.split())
    found = measure(hear(transcriber, samples), len(samples) / MODEL_RATE_HZ)
    return {
        "file": clip.name,
        "said": said,
        "written": found.words,
        "talk_s": found.talk_s,
        "count_error": found.words / said - 1.0,
        "doubt": found.doubt,
        "by": found.edges.value,
    }


def of_all(pauses: Sequence[Row], words: Sequence[Row]) -> Row:
    """Return what the recordings say together; `wanted` says what of it is as it should be."""
    ways = {way: together([row[way] for row in pauses]) for way in ("detector", "loudness")}
    paces = [abs(row["pace_error"]) for row in pauses]
    errors = [abs(row["count_error"]) for row in words]
    kept = ways["loudness"]
    return {
        "recordings": len(pauses),
        "pauses": ways,
        "pace_error": {"median": float(np.median(paces)), "worst": max(paces)},
        "word_count_error": {"median": float(np.median(errors)), "p90": float(np.percentile(errors, 90))},
        "wanted": {
            "pause_total": kept["worst_total_error"] <= WANTED_TOTAL,
            "counted_exactly": kept["exact"] == kept["recordings"],
            "pace": max(paces) <= WANTED_PACE,
        },
    }


def together(found: Sequence[Found]) -> Row:
    """Return the figures of one way of hearing over all recordings; edges by the size of what they are off."""
    edges = np.abs([off for one in found for off in one.edges_off_s])
    return {
        "recordings": len(found),
        "exact": sum(one.long_found == one.long_put for one in found),
        "long_put": sum(one.long_put for one in found),
        "long_found": sum(one.long_found for one in found),
        "missed": sum(one.missed for one in found),
        "total_error": abs(sum(one.found_s for one in found) / sum(one.put_s for one in found) - 1.0),
        "worst_total_error": max(one.total_error for one in found),
        "edge_off_s": {
            "median": float(np.median(edges)),
            "p90": float(np.percentile(edges, 90)),
            "p99": float(np.percentile(edges, 99)),
        },
    }


def as_table(report: Row) -> str:
    """Return the report for people."""
    lines = [
        f"{report['recordings']} recordings with {PAUSES} silences each; total, count from 1.0 s, edges (median, 90 %):"
    ]
    for way, row in report["pauses"].items():
        edges = row["edge_off_s"]
        lines.append(
            f"  {way:9} {row['total_error']:6.2%} off (worst {row['worst_total_error']:.2%}), exact in "
            f"{row['exact']}/{row['recordings']}, {row['missed']} missed, {edges['median']:.3f} s, {edges['p90']:.3f} s"
        )
    pace, counts = report["pace_error"], report["word_count_error"]
    lines.append(f"Pace by known words: {pace['median']:.2%} off (median), {pace['worst']:.2%} (worst)")
    lines.append(f"Words of the built-in recogniser: {counts['median']:.1%} off (median), {counts['p90']:.1%} (90 %)")
    lines.append(f"Loudness takes {report['loudness_ms_per_s']:.2f} ms a second of sound")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
