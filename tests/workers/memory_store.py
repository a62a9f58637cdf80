"""A store that keeps everything in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from interviewer.core.editing import Kept
from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Clip, Delivery, Score, Session, Transcript
from interviewer.core.removal import Removed
from interviewer.core.search import Choices, Found, Lines, Listed, Query, Recorded, SessionLine, Share
from interviewer.core.trends import Portion, TrendRow


@dataclass
class MemoryStore:
    """Keeps everything in lists; `full` makes every write fail like a full disk."""

    folder: Path
    full: bool = False
    kept: dict[str, Session] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    transcripts: list[tuple[str, Transcript]] = field(default_factory=list)
    texts: dict[str, list[Kept]] = field(default_factory=dict)
    """What was written over by a newer text or score of the same attempt, and that."""
    forgotten: int = 0
    """How often words of earlier notes were to be forgotten."""

    def _write(self) -> None:
        if self.full:
            raise StoreError("The disk is full", hint="Free some space.")

    def begin_session(self, session: Session) -> None:
        self._write()
        self.kept.setdefault(session.id, session)

    def finish_session(self, session_id: str, when: datetime) -> None:
        self._write()
        self.finished.append(session_id)

    def add_attempt(self, attempt: Attempt) -> None:
        self._write()
        self.attempts.setdefault(attempt.id, attempt)

    def add_transcript(self, attempt_id: str, transcript: Transcript) -> None:
        self._write()
        self.transcripts.append((attempt_id, transcript))
        self.texts[attempt_id] = [*self.versions(attempt_id), (transcript, None)]
        self.attempts[attempt_id] = replace(self.attempts[attempt_id], transcript=transcript, score=None)

    def add_score(self, attempt_id: str, score: Score, delivery: Delivery | None) -> None:
        self._write()
        *before, (transcript, _) = self.versions(attempt_id)
        self.texts[attempt_id] = [*before, (transcript, score)]
        self.attempts[attempt_id] = replace(self.attempts[attempt_id], score=score, delivery=delivery)

    def replace_clip(self, attempt_id: str, clip: Clip) -> None:
        self._write()
        self.attempts[attempt_id] = replace(self.attempts[attempt_id], clip=clip)

    def delete_attempts(self, ids: Sequence[str]) -> Removed:
        self._write()
        for attempt_id in ids:
            del self.attempts[attempt_id]
        return Removed(attempts=tuple(ids))

    def delete_sessions(self, ids: Sequence[str]) -> Removed:
        self._write()
        gone = [a.id for a in self.attempts.values() if a.session_id in ids]
        for session_id in ids:
            del self.kept[session_id]
        return Removed(sessions=tuple(ids)) + self.delete_attempts(gone)

    def clip_path(self, session_id: str, attempt_id: str) -> Path:
        self._write()
        return self.folder / f"{attempt_id}.wav"

    def sessions(self) -> tuple[Session, ...]:
        return tuple(self.session(i) for i in self.kept)

    def session(self, session_id: str) -> Session:
        mine = tuple(a for a in self.attempts.values() if a.session_id == session_id)
        return replace(self.kept[session_id], attempts=mine)

    def attempt(self, attempt_id: str) -> Attempt:
        return self.attempts[attempt_id]

    def versions(self, attempt_id: str) -> tuple[Kept, ...]:
        attempt = self.attempts[attempt_id]
        first = [(attempt.transcript, attempt.score)] if attempt.transcript else []
        return tuple(self.texts.get(attempt_id, first))

    def session_heads(self) -> tuple[Session, ...]:
        return tuple(self.kept.values())

    def open_sessions(self) -> tuple[Session, ...]:
        newest = max(self.kept.values(), key=lambda s: s.created, default=None)
        return tuple(s for s in self.sessions() if s.finished is None or s.id == getattr(newest, "id", ""))

    def attempts_of(self, question_id: str) -> tuple[Attempt, ...]:
        return tuple(a for a in self.attempts.values() if a.question_id == question_id)

    def wave_attempts(self) -> tuple[Attempt, ...]:
        return tuple(a for a in self.attempts.values() if a.clip and a.clip.path.suffix == ".wav" and a.transcript)

    def set_note(self, attempt_id: str, note: str) -> None:
        self._write()
        self.attempts[attempt_id] = replace(self.attempts[attempt_id], note=note)

    def set_star(self, attempt_id: str, starred: bool) -> None:
        self._write()
        self.attempts[attempt_id] = replace(self.attempts[attempt_id], starred=starred)

    def forget_notes(self) -> None:
        self.forgotten += 1

    def name_questions(self, bank: str, known: Mapping[str, tuple[str, str]], most: int) -> int:
        return 0

    def find_answers(self, query: Query) -> Found:
        return Found(query, tuple(n for n, a in enumerate(self.attempts.values()) if not query.starred or a.starred))

    def listed(self, numbers: Sequence[int], sought: str = "") -> tuple[Listed, ...]:
        every = [*self.attempts.values()]
        return tuple(
            Listed(n, a.id, a.session_id, a.question_id, a.created, "Test bank", note=a.note, starred=a.starred)
            for n, a in ((n, every[n]) for n in numbers)
        )

    def lines(self, session_id: str = "") -> Lines:
        numbers = tuple(range(len(self.kept)))
        return Lines(numbers, self.line_rows(numbers), [*self.kept].index(session_id) if session_id else None)

    def line_rows(self, numbers: Sequence[int]) -> tuple[SessionLine, ...]:
        kept = [*self.kept.values()]
        return tuple(SessionLine(n, kept[n].id, kept[n].created, kept[n].bank_title, kept[n].mode) for n in numbers)

    def choices(self) -> Choices:
        return Choices(engines=("whisper",))

    def written_by_others(self, engine: str, model: str) -> tuple[Recorded, ...]:
        recorded = ((a, a.clip, a.transcript) for a in self.attempts.values() if a.clip and a.transcript)
        return tuple(
            Recorded(a.id, a.question_id, clip.seconds, text.rough)
            for a, clip, text in recorded
            if not text.by_hand and (text.engine, text.model) != (engine, model)
        )

    def count_by_others(self, engine: str, model: str) -> dict[str, Share]:
        counted: dict[str, Share] = {}
        for r in self.written_by_others(engine, model):
            before = counted.get(r.question_id, Share(0, 0.0, 0))
            counted[r.question_id] = Share(before.answers + 1, before.seconds + r.seconds, before.rough + r.rough)
        return counted

    def unfinished_attempts(self) -> tuple[Attempt, ...]:
        return tuple(a for a in self.attempts.values() if a.clip and not a.transcript)

    def best_scores(self) -> dict[str, float]:
        return {a.question_id: a.score.value for a in self.attempts.values() if a.score}

    def practised(self) -> dict[str, tuple[tuple[datetime, float], ...]]:
        return {a.question_id: ((a.created, a.score.value),) for a in self.attempts.values() if a.score}

    def last_deliveries(self, count: int, but: str = "") -> tuple[Delivery, ...]:
        others = (a for a in self.attempts.values() if a.clip and a.delivery and a.delivery.words and a.id != but)
        spoken = sorted(others, key=lambda a: a.created)
        return tuple(a.delivery for a in reversed(spoken) if a.delivery)[:count]

    def trend_stamp(self) -> tuple[object, ...]:
        return tuple(self.attempts)

    def trend_portion(self, after: int, count: int) -> Portion:
        rows = tuple(
            TrendRow(a.id, a.question_id, "Test bank", a.asked, a.topic, a.created.timestamp())
            for a in [*self.attempts.values()][after : after + count]
        )
        return Portion(rows, after + count if len(rows) == count else None)

    def close(self) -> None:
        pass
