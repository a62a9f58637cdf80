"""The real editor of answers over what the stand-in library holds; the model judges when a test says so."""

from __future__ import annotations

import weakref
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from interviewer.core.editing import Kept
from interviewer.core.models import Attempt, Delivery, Question, Score, Session, Transcript
from interviewer.workers.editing import Editor
from tests.workers.fakes import AtOnce

if TYPE_CHECKING:
    from tests.gui.fake_library import FakeLibrary


class FakeModels(QObject):
    """Takes what is to be judged and keeps it waiting."""

    done = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def score(self, _question: Question, answer: str, *, doubt: float = 0.0) -> int:
        self.asked.append(answer)
        return len(self.asked)

    def judge(self, score: Score) -> None:
        """Give this score to whatever was asked for last."""
        self.done.emit(len(self.asked), score)


class FakeTexts:
    """The texts of answers, as a store would have them."""

    def __init__(self, library: FakeLibrary) -> None:
        self._library = library
        self._written: dict[str, list[Kept]] = {}
        self.kept: list[tuple[str, str]] = []

    def attempt(self, attempt_id: str) -> Attempt:
        found = next(a for s in self._library.sessions for a in s.attempts if a.id == attempt_id)
        transcript, score = self._written.get(attempt_id, [(found.transcript, found.score)])[-1]
        return replace(found, transcript=transcript, score=score)

    def session(self, session_id: str) -> Session:
        return next(s for s in self._library.sessions if s.id == session_id)

    def versions(self, attempt_id: str) -> tuple[Kept, ...]:
        attempt = self.attempt(attempt_id)
        return tuple(self._written.get(attempt_id, [(attempt.transcript, attempt.score)]))

    def add_transcript(self, attempt_id: str, transcript: Transcript) -> None:
        self._written[attempt_id] = [*self.versions(attempt_id), (transcript, None)]
        self.kept.append((attempt_id, transcript.text))

    def add_score(self, attempt_id: str, score: Score, delivery: Delivery | None) -> None:
        *before, (transcript, _) = self.versions(attempt_id)
        self._written[attempt_id] = [*before, (transcript, score)]
        self.kept.append((attempt_id, score.label))


class FakeEditing:
    """An editor with its model and its store."""

    def __init__(self, library: FakeLibrary) -> None:
        # Not the library itself: a ring of objects of Qt's is taken apart at no good time.
        held = weakref.proxy(library)
        self.models, self.texts = FakeModels(), FakeTexts(held)
        self.held: set[str] = set()
        """Answers that are being written down again."""
        busy = partial(frozenset, self.held)
        self.editor = Editor(self.models, AtOnce(), self.texts, partial(_question, held), held=busy)


def _question(library: FakeLibrary, question_id: str) -> Question | None:
    return library.question(question_id)
