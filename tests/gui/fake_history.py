"""The part of the stand-in library that finds answers: what the store does in SQL, over sessions in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from interviewer.core.models import Attempt, Session
from interviewer.core.search import PAGE_ROWS, Choices, Found, Lines, Listed, Query, SessionLine, Sort, excerpt


class FakeFinder(QObject):
    """Answers at once over `sessions`; words are found where they stand in the text, the question or the note."""

    found = Signal(object)
    rows_loaded = Signal(object, object)
    lines_loaded = Signal(object)
    line_rows_loaded = Signal(object, object)
    choices_loaded = Signal(object)
    session_loaded = Signal(object)
    attempts_of_loaded = Signal(str, object)
    marked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sessions: tuple[Session, ...] = ()
        self.asked: list[Query] = []
        self.pages: list[tuple[int, ...]] = []
        self.calls: list[tuple[object, ...]] = []
        self.forgotten = 0
        """How often words of earlier notes were to be forgotten."""

    def _every(self) -> list[tuple[int, Session, Attempt]]:
        """Each answer with its number, oldest first."""
        answers = sorted(((s, a) for s in self.sessions for a in s.attempts), key=lambda pair: pair[1].created)
        return [(number, *pair) for number, pair in enumerate(answers, 1)]

    def search(self, query: Query) -> None:
        self.asked.append(query)
        fitting = [(n, a) for n, s, a in self._every() if _fits(query, s, a)]
        if query.sort in (Sort.BEST, Sort.WORST):
            fitting.sort(key=lambda pair: pair[1].score.value if pair[1].score else -1.0)
        turned = query.sort in (Sort.NEWEST, Sort.BEST)
        ids = [number for number, _ in fitting]
        numbers = tuple(reversed(ids) if turned else ids)
        self.found.emit(Found(query, numbers, self._rows(numbers[:PAGE_ROWS], query.text)))

    def is_asked(self, query: Query) -> bool:
        return False

    def load_rows(self, numbers: Sequence[int], sought: str = "") -> None:
        self.pages.append(tuple(numbers))
        self.rows_loaded.emit(numbers, self._rows(numbers, sought))

    def _rows(self, numbers: Sequence[int], sought: str) -> tuple[Listed, ...]:
        every = {number: _listed(number, s, a, sought) for number, s, a in self._every()}
        return tuple(every[number] for number in numbers if number in every)

    def load_lines(self, session_id: str = "") -> None:
        rows = self._lines()
        place = next((row.number for row in rows if row.id == session_id), None)
        self.lines_loaded.emit(Lines(range(len(rows)), rows[:PAGE_ROWS], place, sum(row.answers for row in rows)))

    def load_line_rows(self, numbers: Sequence[int]) -> None:
        rows = self._lines()
        self.line_rows_loaded.emit(numbers, tuple(rows[number] for number in numbers))

    def _lines(self) -> tuple[SessionLine, ...]:
        return tuple(
            SessionLine(n, s.id, s.created, s.bank_title, s.mode, s.finished is not None, len(s.attempts))
            for n, s in enumerate(self.sessions)
        )

    def load_choices(self) -> None:
        answers = [a for _, _, a in self._every()]
        banks = {s.bank_title for s in self.sessions}
        topics = {a.topic for a in answers if a.topic}
        engines = {a.transcript.engine for a in answers if a.transcript}
        self.choices_loaded.emit(Choices(*(tuple(sorted(names)) for names in (banks, topics, engines))))

    def load_session(self, session_id: str) -> None:
        for session in (s for s in self.sessions if s.id == session_id):
            self.session_loaded.emit(session)

    def load_attempts_of(self, question_id: str) -> None:
        found = [a for s in self.sessions for a in s.attempts if a.question_id == question_id]
        self.attempts_of_loaded.emit(question_id, tuple(sorted(found, key=lambda a: a.created)))

    def forget_notes(self) -> None:
        self.forgotten += 1

    def set_note(self, attempt_id: str, note: str) -> None:
        self.calls.append(("note", attempt_id, note))
        self._change(attempt_id, note=note)

    def set_star(self, attempt_id: str, starred: bool) -> None:
        self.calls.append(("star", attempt_id, starred))
        self._change(attempt_id, starred=starred)

    def _change(self, attempt_id: str, **fields: object) -> None:
        self.sessions = tuple(
            replace(s, attempts=tuple(replace(a, **fields) if a.id == attempt_id else a for a in s.attempts))
            for s in self.sessions
        )
        self.marked.emit(attempt_id)


def _fits(query: Query, session: Session, attempt: Attempt) -> bool:
    words = " ".join((attempt.transcript.text if attempt.transcript else "", attempt.asked, attempt.note)).casefold()
    score = attempt.score.value if attempt.score else None
    checks = (
        all(word in words for word in query.text.replace('"', "").casefold().split()),
        query.session_id in ("", session.id),
        query.bank in ("", session.bank_title),
        query.topic in ("", attempt.topic),
        query.engine in ("", attempt.transcript.engine if attempt.transcript else ""),
        query.low is None or (score is not None and score >= query.low - 2.5),
        query.high is None or (score is not None and score < query.high + 2.5),
        query.since is None or attempt.created >= query.since,
        query.until is None or attempt.created < query.until,
        attempt.starred or not query.starred,
    )
    return all(checks)


def _listed(number: int, session: Session, attempt: Attempt, sought: str) -> Listed:
    said = attempt.transcript
    return Listed(
        number,
        attempt.id,
        session.id,
        attempt.question_id,
        attempt.created,
        session.bank_title,
        topic=attempt.topic,
        asked=attempt.asked,
        follow_up=attempt.follow_up,
        seconds=attempt.clip.seconds if attempt.clip else None,
        typed=said is not None and said.engine == "typed",
        written=said is not None,
        rough=said is not None and said.rough,
        score=attempt.score,
        note=attempt.note,
        starred=attempt.starred,
        excerpt=excerpt(said.text if said else "", sought),
    )
