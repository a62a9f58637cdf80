"""An editor with one answer opened, and what it shows, keeps and tells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.models import Attempt, Clip, Mode, Score, Session, Word
from interviewer.workers.editing import Edition, Editor
from tests.workers.fakes import JUDGED, NOON, SPOKEN, AtOnce, FakeModels, bank
from tests.workers.memory_store import MemoryStore

BETTER = Score(80.0, "Complete", ())
EDITED = replace(SPOKEN, text="a stack", words=(SPOKEN.words[0], Word("stack", 0.5, 0.9, 1.0)), engine="corrected")


def score_of(answer: str) -> Score:
    """A score that tells which text it is of."""
    return Score(float(len(answer)), answer, ())


@dataclass
class Table:
    editor: Editor
    models: FakeModels
    store: MemoryStore
    held: set[str]
    shown: list[Edition] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    told: list[object] = field(default_factory=list)

    @property
    def now(self) -> Attempt:
        return self.shown[-1].attempt

    def judge(self, score: Score = BETTER) -> None:
        self.models.done.emit(self.models.job, score)

    def judge_all(self) -> None:
        """Answer everything that waits with the score of its text."""
        for job in tuple(self.editor._jobs):
            self.models.done.emit(job, score_of(self.models.scored[job - 1][1]))


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Table:
    return made(tmp_path)


def made(folder: Path, lane: AtOnce | None = None) -> Table:
    """Return an editor with an answer opened."""
    store, models, held = MemoryStore(folder), FakeModels(), set[str]()
    store.kept["s"] = Session("s", NOON, "Test bank", Mode.PRACTICE, ("alpha",))
    clip = Clip(Path("one.wav"), 16_000, 16_000)
    store.attempts["one"] = Attempt("one", "s", "alpha", 0, NOON, clip, SPOKEN, JUDGED)
    store.attempts["two"] = Attempt("two", "s", "alpha", 0, NOON, clip, replace(SPOKEN, text="two"))
    editor = Editor(models, lane or AtOnce(), store, bank("alpha").question, held=lambda: frozenset(held))
    table = Table(editor, models, store, held)
    editor.opened.connect(table.shown.append)
    editor.changed.connect(table.shown.append)
    editor.kept.connect(table.kept.append)
    editor.told.connect(table.told.append)
    editor.open("one")
    return table
