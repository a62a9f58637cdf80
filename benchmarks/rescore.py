"""How long an edit waits for its score: `python -m benchmarks.rescore [--json] [--quick]`.

Answers of 60, 120 and 250 words to entries of the shipped bank are edited one word after the other, as the window
does it: the same editor, model process with the real models, and store on its disk lane. Counted is the time from
the edit to the moment at which its score is there to be shown, and the same for undo and redo; and, where the system
tells it, the processor's time that the model process spends on an edit, which says more on a machine that does other
things besides. Each score is then compared with that of the same text judged in this process, in another order and
without the edits between: they must be equal to the last bit.

Judged is, within 200 ms, the median of every length, and of answers of up to 120 words, a minute of talk, 95 of a
hundred edits as well. Longer ones have more sentences to be judged afresh by their neighbours: theirs is told only.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Slot

from interviewer.core.bank import load_bank, neighbours
from interviewer.core.models import Attempt, Bank, Mode, Question, Session, Transcript
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog
from interviewer.engines.cores import cores_to_use
from interviewer.store.database import SqlStore
from interviewer.workers.editing import Edition, Editor
from interviewer.workers.lanes import Lane
from interviewer.workers.messages import SCORER_READY
from interviewer.workers.model_process import ModelProcess

LENGTHS = (60, 120, 250)
EDITS, QUICK_EDITS = 40, 12
BOUND_MS = 200.0
"""Of an edit, on a machine that does nothing else."""
ORDINARY = 120
"""Words of an answer of ordinary length, of which nearly every edit is judged in time."""
PATIENCE_MS = 180_000
DROPPED = 6
"""Every sixth word of an example is left out: what is recited is not put to the judge."""


class Bench(QObject):
    """The editor over a store and a model process of its own."""

    def __init__(self, data_dir: Path, bank: Bank) -> None:
        super().__init__()
        self.bank = bank
        self.lane = Lane("disk")
        self.store = SqlStore.open(data_dir)
        self.models = ModelProcess("tiny.en", data_dir)
        self.models.use_bank(bank)
        self.editor = Editor(self.models, self.lane, self.store, bank.question, held=frozenset)
        self.shown: Edition | None = None
        self._loop = QEventLoop()
        self._wanted: Callable[[], bool] = bool
        self._scorer_ready = False
        self.editor.opened.connect(self._on_shown)
        self.editor.changed.connect(self._on_shown)
        self.models.ready.connect(self._on_ready)
        self.models.done.connect(self._on_done)

    def start(self) -> None:
        """Load the models; returns once they can judge."""
        self.models.start()
        self._wait(lambda: self._scorer_ready)

    def open(self, question: Question, text: str) -> None:
        """Keep an answer and open it in the editor, with its text looked at as when somebody begins to type."""
        session = Session(f"s-{question.id}-{len(text)}", datetime.now(UTC), "Shipped", Mode.PRACTICE, (question.id,))
        attempt = Attempt(f"a-{question.id}-{len(text)}", session.id, question.id, 0, datetime.now(UTC))
        self.lane.run(self.store.begin_session, session)
        self.lane.run(self.store.add_attempt, attempt)
        self.lane.run(self.store.add_transcript, attempt.id, Transcript(text))
        self.shown = None
        self.editor.open(attempt.id)
        self._wait(lambda: self.shown is not None)
        self._done = False
        self.editor.prepare()
        self._wait(lambda: self._done)

    def took_ms(self, step: Callable[[], None]) -> float:
        """Return how long a step of the editor takes until its text and score are both there."""
        began = perf_counter()
        step()
        self._wait(lambda: self.shown is not None and self.shown.attempt.score is not None)
        return (perf_counter() - began) * 1000.0

    @property
    def spent_ms(self) -> float:
        """The processor's time that the model process has spent so far; 0 where the system does not tell."""
        spent = [Path(f"/proc/{child.pid}/stat") for child in multiprocessing.active_children()]
        ticks = [sum(map(int, file.read_text().rsplit(")", 1)[1].split()[11:13])) for file in spent if file.exists()]
        return sum(ticks) * 1000.0 / os.sysconf("SC_CLK_TCK") if ticks else 0.0

    def close(self) -> None:
        """End the process and the lane."""
        self.models.close()
        self.lane.run(self.store.close)
        self.lane.close(5.0)

    def _wait(self, wanted: Callable[[], bool]) -> None:
        self._wanted = wanted
        if not wanted():
            QTimer.singleShot(PATIENCE_MS, self._loop.quit)
            self._loop.exec()
        if not wanted():
            raise SystemExit("the models did not answer")

    def _look(self) -> None:
        if self._wanted():
            self._loop.quit()

    @Slot(object)
    def _on_shown(self, edition: Edition) -> None:
        self.shown = edition
        self._look()

    @Slot(str)
    def _on_ready(self, what: str) -> None:
        self._scorer_ready = self._scorer_ready or what == SCORER_READY
        self._look()

    @Slot(int, object)
    def _on_done(self, _job: int, _result: object) -> None:
        self._done = True
        self._look()


def main() -> int:
    """Measure and print; exit code 1 when a score differs or comes too late."""
    parser = argparse.ArgumentParser(description="Measure how long an edit waits for its score.")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_EDITS} edits of each length, not {EDITS}")
    chosen = parser.parse_args()
    app = QCoreApplication([])
    bank = load_bank(shipped_bank())
    with tempfile.TemporaryDirectory(prefix="interviewer-rescore-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        bench = Bench(Path(folder), bank)
        try:
            bench.start()
            runs = {n: edits(bench, n, QUICK_EDITS if chosen.quick else EDITS) for n in LENGTHS}
        finally:
            bench.close()
        fresh = catalog.scorer()
        sys.modules["torch"].set_num_threads(cores_to_use())
        report = summary(runs, fresh, bank)
    del app
    report |= {"threads": cores_to_use(), "load": [round(v, 1) for v in os.getloadavg()], "quick": chosen.quick}
    print(json.dumps(report) if chosen.json else as_table(report))
    return 0 if holds(report) else 1


Step = tuple[str, str, object, float]
"""Entry, text, its score, and milliseconds until that was there."""


def edits(bench: Bench, words: int, count: int) -> dict[str, list[Step]]:
    """Edit answers of so many words, a new one every ten edits; undo and redo each tenth."""
    rng = random.Random(words)
    found: dict[str, list[Step]] = {"edit": [], "undo": []}
    spent_ms = 0.0
    for n in range(count):
        if n % 10 == 0:
            question = bench.bank.questions[(7 * n // 10 + words) % len(bench.bank.questions)]
            bench.open(question, answer(bench.bank, question, words))
        before_ms = bench.spent_ms
        at, new = rng.randrange(words), rng.choice(("queue", "never", "a cache", "the request", "Python"))
        for kind, step in (
            ("edit", lambda at=at, new=new: bench.editor.replace(at, at + 1, new)),
            *((("undo", bench.editor.undo), ("undo", bench.editor.redo)) if n % 10 == 9 else ()),
        ):
            took = bench.took_ms(step)
            assert bench.shown is not None
            assert bench.shown.attempt.transcript is not None
            now = bench.shown.attempt
            found[kind].append((now.question_id, bench.shown.attempt.transcript.text, now.score, took))
        spent_ms += bench.spent_ms - before_ms
    found["cpu"] = [("", "", None, spent_ms / count)]
    return found


def answer(bank: Bank, question: Question, words: int) -> str:
    """Return an answer of so many words: that to the question, and on to the entry after it."""
    after = bank.questions[(bank.questions.index(question) + 1) % len(bank.questions)]
    said = f"{question.example_answer} {after.example_answer} {question.background} {after.background}".split()
    return " ".join([word for n, word in enumerate(said) if n % DROPPED][:words])


def summary(runs: dict[int, dict[str, list[Step]]], fresh: MeaningScorer, bank: Bank) -> dict[str, object]:
    """Return the figures; every score is held against that of a scorer that met the last text of each entry only."""
    figures: dict[str, object] = {}
    different = checked = 0
    for words, found in runs.items():
        times = sorted(took for *_, took in found["edit"])
        undo = [took for *_, took in found["undo"]] or [0.0]
        figures[str(words)] = {
            "edit_ms": round(median(times), 1),
            "best_ms": round(times[int(0.1 * (len(times) - 1))], 1),
            "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
            "undo_ms": round(median(undo), 2),
            "cpu_ms": round(found["cpu"][0][3], 1),
        }
        for entry, text, score, _ in found["edit"]:
            question = bank.question(entry)
            assert question is not None
            checked += 1
            different += fresh.score(question, text, neighbours=neighbours(bank, question)) != score
    cpu = cpu_ms(fresh, bank)
    return {"words": figures, "checked": checked, "different": different, "afresh_cpu_ms": cpu}


def cpu_ms(scorer: MeaningScorer, bank: Bank) -> dict[str, float]:
    """Return what an answer that was never met costs one core, for comparison."""
    found = {}
    for words in LENGTHS:
        took = []
        for question in bank.questions[:5]:
            beside, text = neighbours(bank, question), answer(bank, question, words)
            scorer.score(question, "A word.", neighbours=beside)
            began = process_time()
            scorer.score(question, f"Well, {text}", neighbours=beside)
            took.append((process_time() - began) * 1000.0)
        found[str(words)] = round(median(took), 1)
    return found


def holds(report: dict[str, object]) -> bool:
    """Whether no score differs and edits are judged within BOUND_MS: half of them, of ordinary answers 95 of 100."""
    words = report["words"]
    assert isinstance(words, dict)
    waits = [figures["p95_ms" if int(n) <= ORDINARY else "edit_ms"] for n, figures in words.items()]
    return report["different"] == 0 and max(waits) <= BOUND_MS


def as_table(report: dict[str, object]) -> str:
    """Return the report for people."""
    words, cpu = report["words"], report["afresh_cpu_ms"]
    assert isinstance(words, dict)
    assert isinstance(cpu, dict)
    lines: Sequence[str] = [
        f"{n:>4} words: edit {f['edit_ms']:6.1f} ms (10 of 100 within {f['best_ms']:.1f}, "
        f"95 within {f['p95_ms']:.1f}), undo {f['undo_ms']:.2f} ms; "
        f"processor {f['cpu_ms']:.0f} ms an edit, {cpu[n]:.0f} for an answer never met"
        for n, f in words.items()
    ]
    told = f"{report['different']} of {report['checked']} scores differ from one judged afresh"
    return "\n".join([*lines, told, f"{report['threads']} threads, load {report['load']}"])


if __name__ == "__main__":
    sys.exit(main())
