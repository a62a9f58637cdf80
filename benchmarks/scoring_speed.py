"""How long judging takes and how much memory: one answer, a batch, the command, a fresh process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.scoring_figures import Row
from benchmarks.scoring_mohler import Graded
from benchmarks.scoring_suite import Entry, score
from interviewer.answers import BatchLine, Judge
from interviewer.core import calibration, paths
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog
from interviewer.engines.embed_sentence import MiniLmEmbedder
from interviewer.engines.encoding_files import KeptEncodings

WORDS = 200
BATCH = 1000
COMMANDS = 3
CACHE_VARIABLE = "XDG_CACHE_HOME"

# Loads the scorer as the model process does, judges one answer and prints what is resident then, in MB.
RESIDENT = """
import resource, sys
from pathlib import Path
from interviewer.engines import catalog
scorer = catalog.scorer()
scorer.score_free("What is a stack?", "A list that is read last in, first out.", None, "What comes last goes first.")
status = Path("/proc/self/status")
if status.exists():
    kilobytes = int(status.read_text().split("VmRSS:")[1].split()[0])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
print(kilobytes / 1024)
"""


@contextmanager
def own_cache() -> Iterator[None]:
    """Keep encodings in an empty folder of our own meanwhile: the user's are neither used nor pushed out."""
    before = os.environ.get(CACHE_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="interviewer-scoring-") as folder:
        os.environ[CACHE_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[CACHE_VARIABLE]
            else:
                os.environ[CACHE_VARIABLE] = before


def speed(rows: Sequence[Graded], entries: Sequence[Entry], scorer: MeaningScorer) -> Row:
    """Return every figure of time and memory."""
    return {
        "answer_ms": one_answer(entries, scorer),
        "answer_without_judge_ms": one_answer(entries, without_judge()),
        **batches(rows[:BATCH]),
        "resident_mb": resident_mb(),
    }


def one_answer(entries: Sequence[Entry], scorer: MeaningScorer) -> float:
    """Return the median time of a new answer of WORDS words to an entry that was scored before."""
    took = []
    for entry in entries:
        new = " ".join(entry.answers["rambling"].text.split()[WORDS // 2 :][:WORDS])
        score(scorer, entry, entry.answers["partial"].text)
        took.append(_ms(partial(score, scorer, entry, new)))
    return statistics.median(took)


def without_judge() -> MeaningScorer:
    """Return the scorer as `catalog.scorer` makes it, but for the contradiction judge."""
    embedder = MiniLmEmbedder()
    kept = KeptEncodings(embedder.encode, paths.cache_dir() / "encodings", model_hash=embedder.model_hash)
    return MeaningScorer(
        embedder.encode,
        calibration.read(catalog.calibration_file(embedder.model_hash, None)),
        encode_texts=kept.encode,
        model_hash=embedder.model_hash,
    )


def batches(rows: Sequence[Graded]) -> Row:
    """Return the time for each answer of a batch, one by one and with one command, and how they compare.

    Batch and single answers each meet a scorer of their own that has seen nothing.
    """
    lines = tuple(BatchLine(prompt=r.prompt, reference=r.reference, answer=r.answer) for r in rows)
    with own_cache():
        judge = Judge(catalog.scorer())
        together = _ms(lambda: list(judge.judge_lines(lines))) / len(lines)
    with own_cache():
        judge = Judge(catalog.scorer())
        apart = _ms(lambda: [list(judge.judge_lines([line])) for line in lines]) / len(lines)
    command = statistics.median(command_ms(line) for line in lines[:COMMANDS])
    return {
        "batch": len(lines),
        "batch_ms": together,
        "one_by_one_ms": apart,
        "command_ms": command,
        "times_faster_than_one_by_one": apart / together,
        "times_faster_than_command": command / together,
    }


def command_ms(line: BatchLine) -> float:
    """Return the time of one `interviewer score` command, start and models included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.jsonl"
        file.write_text(json.dumps(line.model_dump()), encoding="utf-8")
        arguments = [sys.executable, "-m", "interviewer", "--data-dir", folder, "score", "--batch", str(file)]
        return _ms(lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL))


def resident_mb() -> float:
    """Return the resident memory of a process that loaded the scorer and judged one answer."""
    done = subprocess.run([sys.executable, "-c", RESIDENT], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1])


def _ms(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000.0
