"""What the tests of the commands share: what came of a command, and a session to run it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from interviewer.core.errors import EngineError, InterviewerError
from interviewer.core.models import (
    Attempt,
    Coverage,
    FiredGate,
    Mode,
    Neighbour,
    PointResult,
    Question,
    Score,
    Session,
    Transcript,
    Word,
)
from interviewer.core.scoring import MeaningScorer
from interviewer.store.database import SqlStore
from interviewer.store.recordings import WavWriter
from tests.core.fake_encoder import FakeEncoder
from tests.core.judging import MODEL, calibration

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def keep_session(data_dir: Path) -> Session:
    """Put one session with one answer into the store."""
    store = SqlStore.open(data_dir)
    try:
        session = Session("s1", NOON, "FastAPI developer", Mode.PRACTICE, ("pydantic",))
        store.begin_session(session)
        path = store.clip_path("s1", "s1-01-0002")
        writer = WavWriter(path, 16_000)
        writer.write(np.full(1600, 500, dtype=np.int16))
        store.add_attempt(Attempt("s1-01-0002", "s1", "pydantic", 0, NOON, clip=writer.finish()))
        words = (Word("=models", 0.0, 0.1, 0.9),)
        store.add_transcript("s1-01-0002", Transcript("=models", words, engine="pocketsphinx", rough=True))
        point = PointResult("Models declare shape", Coverage.PARTLY, 0.35, "=models")
        gates = (FiredGate("keywords", 0.5, "A note."),)
        judged = Score(42.0, "Partial", (point,), gates, '{"version":"meaning-2"}', low=31.0, high=48.0)
        store.add_score("s1-01-0002", judged, None)
        return store.session("s1")
    finally:
        store.close()


@dataclass
class Scorer:
    """Stands in for `catalog.scorer`: the real formula over a fake encoder. Remembers how it was asked."""

    models: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[float] = field(default_factory=list)
    beside: list[tuple[str, ...]] = field(default_factory=list)
    faults: dict[str, InterviewerError] = field(default_factory=dict)
    """What loading a sentence model raises, by its name."""
    refused: str | None = None
    """An answer that the model fails on."""

    def made(self, model: str = "", data_dir: Path | None = None) -> MeaningScorer:
        self.models.append(model)
        if model in self.faults:
            raise self.faults[model]
        return _Remembering(self)

    def recipe(self) -> str:
        """The recipe of every score that it makes."""
        return _Remembering(self).recipe


class _Remembering(MeaningScorer):
    def __init__(self, memory: Scorer) -> None:
        super().__init__(FakeEncoder(), calibration(), model_hash=MODEL)
        self._memory = memory

    def score(
        self, question: Question, answer: str, *, doubt: float = 0.0, neighbours: Sequence[Neighbour] = ()
    ) -> Score:
        self._memory.asked.append((question.id, answer))
        self._memory.doubts.append(doubt)
        self._memory.beside.append(tuple(n.prompt for n in neighbours))
        if answer == self._memory.refused:
            raise EngineError("The sentence model failed")
        return super().score(question, answer, doubt=doubt, neighbours=neighbours)
