"""How many words are written down wrong, beside plain Whisper with the same weights on the same clips.

    python benchmarks/accuracy.py [--data DIR] [--model NAME_OR_FILE] [--built-in] [--quick] [--json]

`make test-models` runs this. Weights are those of --model, else of INTERVIEWER_WHISPER_MODEL, else base.en; where they
are not on this machine it says "skipped: no weights" and ends well. Clips are those of DIR and its `manifest.tsv`,
else the project's own six. Plain Whisper is `model.transcribe(samples)` as its users call it, with every default;
only half precision is off where there is no GPU, which it would say itself. Exit code 1 when we are more than
0.5 percentage points worse than it. `--built-in` measures the recogniser that needs no weights, too.
Rates are of normalised texts, see `word_errors`.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.scoring_figures import Row, rounded
from benchmarks.speech_clips import Clip, own_clips, read_clips
from benchmarks.word_errors import Errors, errors, normaliser, pooled
from interviewer.core import paths
from interviewer.core.errors import InterviewerError, ModelMissing
from interviewer.core.ports import FloatArray, Transcriber
from interviewer.core.settings import Settings
from interviewer.engines import catalog, whisper_files
from interviewer.engines.whole_answer import hear

WORSE_BY = 0.005
"""Our rate may be higher than plain Whisper's by so much."""
SKIPPED = "skipped: no weights"

Write = Callable[[FloatArray], str]
"""Writes a recording down."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 1 when ours is worse than the bound, or the clips cannot be read."""
    chosen = parsed(arguments)
    try:
        clips = chosen_clips(chosen.data, quick=chosen.quick)
        report = run(clips, chosen.model or catalog.wanted_model(Settings().whisper_model))
        if chosen.built_in:
            _say("the built-in recogniser")
            report["built_in"] = measured(clips, of_transcriber(catalog.built_in()()))
    except (OSError, ValueError) as exc:
        print(f"The clips cannot be read: {exc}", file=sys.stderr)
        return 1
    except InterviewerError as exc:
        print(exc.told(), file=sys.stderr)
        return 1
    report = rounded({"quick": chosen.quick, **report})
    print(json.dumps(report) if chosen.json else as_table(report))
    return 1 if report.get("holds") is False else 0


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Measure word error rates, beside plain Whisper's.")
    parser.add_argument("--data", type=Path, help="folder with clips and their manifest.tsv; else the project's own")
    parser.add_argument("--model", default="", help="a published name, or a file with weights")
    parser.add_argument("--built-in", action="store_true", help="measure the built-in recogniser, too")
    parser.add_argument("--quick", action="store_true", help="a fifth of the clips")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return parser.parse_args(arguments)


def chosen_clips(data: Path | None, *, quick: bool) -> tuple[Clip, ...]:
    """Return the clips with speech. Raises OSError, and ValueError where there is none."""
    clips = [clip for clip in (read_clips(data, quick=quick) if data else own_clips()) if clip.transcript]
    if not clips:
        raise ValueError("none of them has a transcript")
    return tuple(clips)


def run(clips: Sequence[Clip], model: str) -> Row:
    """Return both rates of a model and whether the bound holds, or why nothing was measured.

    Raises InterviewerError for clips and weights that are there but cannot be used.
    """
    data_dir = paths.data_dir()
    try:
        weights = whisper_files.find(model, data_dir)
    except ModelMissing as error:
        return {"skipped": f"{SKIPPED} ({error})"}
    sha256 = whisper_files.expected_hash(weights, data_dir)
    # One after the other, each with its own model: large ones do not fit into memory twice.
    _say("plain Whisper")
    plain = measured(clips, plain_whisper(weights, sha256))
    _say("Interviewer")
    ours = measured(clips, interviewer(weights, sha256))
    return {"model": str(weights), "worse_by": WORSE_BY, "holds": holds(ours, plain), "ours": ours, "plain": plain}


def holds(ours: Row, plain: Row) -> bool:
    """Whether we are as good as is wanted. Told by counts, so that no rounding decides."""
    return bool(ours["wrong"] <= plain["wrong"] + WORSE_BY * plain["words"] + 1e-9)


def measured(clips: Sequence[Clip], write: Write) -> Row:
    """Return the error rate of all clips together, and each clip's errors and text."""
    normalise = normaliser()
    found: list[tuple[Clip, str, Errors]] = []
    for clip in clips:
        text = write(clip.read())
        found.append((clip, text, errors(clip.transcript, text, normalise)))
    total = pooled(e for _, _, e in found)
    rows = [{"file": c.name, "wrong": e.wrong, "words": e.words, "text": text} for c, text, e in found]
    return {"wer": total.rate, "wrong": total.wrong, "words": total.words, "clips": rows}


def interviewer(weights: Path, sha256: str | None) -> Write:
    """Return how the program writes a recording down. Raises ModelMissing and ModelCorrupt."""
    from interviewer.engines.hear_whisper import WhisperScribe
    from interviewer.engines.streaming import StreamingTranscriber

    return of_transcriber(StreamingTranscriber(WhisperScribe(weights, sha256=sha256)))


def plain_whisper(weights: Path, sha256: str | None) -> Write:
    """Return how Whisper itself writes a recording down. Raises ModelMissing and ModelCorrupt."""
    import torch

    from interviewer.engines.hear_whisper import load_model

    model, _ = load_model(weights, sha256)

    def write(samples: FloatArray) -> str:
        # Its last resort is to draw words by chance: two runs are to give the same figure.
        torch.manual_seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(model.transcribe(samples, fp16=model.device.type == "cuda")["text"])

    return write


def of_transcriber(transcriber: Transcriber) -> Write:
    """Return how a recogniser of the program writes a recording down."""
    return lambda samples: hear(transcriber, samples).text


def as_table(report: Row) -> str:
    """Return the rates as lines for people."""
    names = {"ours": "Interviewer", "plain": "plain Whisper", "built_in": "built-in recogniser"}
    lines = [report["skipped"]] if "skipped" in report else [f"weights: {report['model']}"]
    for key, name in names.items():
        if key in report:
            row = report[key]
            count = f"{row['wrong']} of {row['words']} words in {len(row['clips'])} clips"
            lines.append(f"{name:20} word error rate {row['wer']:6.2%}  ({count})")
    if "holds" in report:
        lines += _differing(report)
        verdict = "as wanted" if report["holds"] else "✗ not as wanted"
        lines.append(f"{verdict}: at most {report['worse_by'] * 100:g} percentage points above plain Whisper")
    return "\n".join([*lines, *(["quick: a part of the clips"] if report["quick"] else [])])


def _differing(report: Row) -> list[str]:
    """Return the clips that the two did not write down equally well."""
    both = zip(report["ours"]["clips"], report["plain"]["clips"], strict=True)
    return [
        f"  {ours['file']}: {ours['wrong']} wrong, plain {plain['wrong']}, of {ours['words']}"
        for ours, plain in both
        if ours["wrong"] != plain["wrong"]
    ]


def _say(name: str) -> None:
    if sys.stderr.isatty():
        print(f"measuring: {name}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
