"""What the tests of scoring share: an entry of a bank and its neighbours, a calibration by hand, a judge that knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interviewer.core.calibration import Calibration
from interviewer.core.models import KeyPoint, Mistake, Neighbour, Question
from interviewer.core.ports import FloatArray
from interviewer.core.scoring import SCORER_VERSION

MODEL = "53aa51172d14"
EXAMPLE = (
    "A cache keeps copies of hot data near the reader, so most reads never touch the slow disk. "
    "When a record changes, its copy must be thrown away. "
    "A limit and an eviction policy decide which entry leaves first."
)
POINTS = (
    "Copies of hot data stay near the reader",
    "Changed records must be thrown away",
    "An eviction policy decides which entry leaves",
)
QUESTION = Question(
    id="cache",
    topic="Storage",
    difficulty=1,
    question="What does a cache do for the reads of a service?",
    background="Background.",
    guidance="Guidance.",
    example_answer=EXAMPLE,
    key_points=tuple(KeyPoint(text=p) for p in POINTS),
    mistakes=(
        Mistake(text="Caching makes writes durable on disk", correction="A cache may lose what it holds."),
        Mistake(text="Bigger memory always removes misses", correction="Cold misses remain."),
    ),
)
NEIGHBOURS = (
    Neighbour(
        "How does TLS protect a connection?",
        "Certificates prove who the server is, and both sides agree on keys by a handshake. "
        "Eavesdroppers then see only ciphertext.",
    ),
    Neighbour(
        "Why do teams write tests?",
        "Automated checks catch regressions early and let colleagues refactor without fear. "
        "They also document how functions should behave.",
    ),
    Neighbour(
        "What does a scheduler decide?",
        "Operating systems share processors among threads. Priorities, quanta and fairness settle whose turn comes.",
    ),
    Neighbour(
        "How do people estimate work?",
        "Teams compare stories with finished ones, add buffers for unknowns and revise their forecasts weekly.",
    ),
)


def calibration(**changes: Any) -> Calibration:
    """A straight line from raw agreement to the score, with a spread of ten points around the middle."""
    fields: dict[str, Any] = {
        "scorer": SCORER_VERSION,
        "model": MODEL,
        "knots": ((0.0, 0.0), (1.0, 100.0)),
        "spread": ((0.0, 0.0, 8.0), (50.0, 10.0, 10.0), (100.0, 8.0, 0.0)),
        "answers": 100,
        "questions": 10,
        "source": "made by hand",
    }
    return Calibration.model_validate(fields | changes)


class FakeJudge:
    """Is sure of the pairs it was told, of all others that they say neither; remembers what it was asked.

    It is told a word of the key point, a word of the stretch and which class the two are.
    """

    def __init__(self, known: Mapping[tuple[str, str], int] | None = None, *, sureness: float = 20.0) -> None:
        self.asked: list[list[tuple[str, str]]] = []
        self._known = dict(known or {})
        self._sureness = sureness

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        self.asked.append(list(pairs))
        logits = np.zeros((len(pairs), 3), dtype=np.float32)
        for row, (point, stretch) in zip(logits, pairs, strict=True):
            found = (kind for (a, b), kind in self._known.items() if a in point and b in stretch)
            row[next(found, 2)] = self._sureness
        return logits
