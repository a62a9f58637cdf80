"""What the core asks of whoever keeps sessions.

A store blocks and is called on the disk lane only; it conforms structurally.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from interviewer.core.editing import Kept
from interviewer.core.models import Attempt, Clip, Delivery, Score, Session, Transcript
from interviewer.core.removal import Removed
from interviewer.core.search import Choices, Found, Lines, Listed, Query, Recorded, SessionLine, Share

if TYPE_CHECKING:
    # Its columns need numpy, which the window is filled sooner without.
    from interviewer.core.trends import Portion


class Store(Protocol):
    """Keeps sessions. Attempts, transcripts and scores are added to, and deleted when the user wants it."""

    def begin_session(self, session: Session) -> None:
        """Keep a new session without attempts. Raises StoreError."""
        ...

    def finish_session(self, session_id: str, when: datetime) -> None:
        """Note when a session ended. Raises StoreError."""
        ...

    def add_attempt(self, attempt: Attempt) -> None:
        """Keep a new attempt with its clip (None when typed), before any model sees it. Raises StoreError."""
        ...

    def add_transcript(self, attempt_id: str, transcript: Transcript) -> None:
        """Keep one more transcript of an attempt; the newest counts. Raises StoreError."""
        ...

    def add_score(self, attempt_id: str, score: Score, delivery: Delivery | None) -> None:
        """Keep one more score, of the newest transcript; the newest counts. Raises StoreError."""
        ...

    def add_session(self, session: Session, earlier: Mapping[str, Sequence[Kept]] | None = None) -> None:
        """Keep a session from elsewhere, whole, whose recordings lie in their places already; it came now.

        `earlier` are texts of its answers that others took the place of, with their scores, oldest
        first, by the answer's id.

        Raises InputError when it or one of its answers is here already, StoreError.
        """
        ...

    def set_note(self, attempt_id: str, note: str) -> None:
        """Keep what the user writes beside an attempt; `forget_notes` ends what stood there. Raises StoreError."""
        ...

    def forget_notes(self) -> None:
        """See that no word is left of notes that others took the place of. Raises StoreError."""
        ...

    def set_star(self, attempt_id: str, starred: bool) -> None:
        """Mark an attempt, or take its mark away. Raises StoreError."""
        ...

    def name_questions(self, bank: str, known: Mapping[str, tuple[str, str]], most: int) -> int:
        """Fill in question and topic of up to `most` answers that lack both, in interviews of the bank with this title.

        `known` has both by the question's id. Returns how many there were. Raises StoreError.
        """
        ...

    def replace_clip(self, attempt_id: str, clip: Clip) -> None:
        """Note that the recording of an attempt is another file now, of the same sound. Raises StoreError."""
        ...

    def delete_attempts(self, ids: Sequence[str]) -> Removed:
        """Delete answers for good, recordings too, all or nothing. Raises InputError for an unknown id, StoreError."""
        ...

    def delete_sessions(self, ids: Sequence[str]) -> Removed:
        """Delete sessions with their answers for good, all or nothing. Raises InputError for an unknown id, StoreError.

        Not for one that is being held.
        """
        ...

    def clip_path(self, session_id: str, attempt_id: str) -> Path:
        """Return where the WAV of an attempt belongs; its folder exists. Raises StoreError."""
        ...

    def sessions(self) -> tuple[Session, ...]:
        """Return every session, newest first, with attempts but without their words."""
        ...

    def session_heads(self) -> tuple[Session, ...]:
        """Return every session, newest first, without attempts."""
        ...

    def open_sessions(self) -> tuple[Session, ...]:
        """Return the sessions whose end was never noted, and the newest held here, as `sessions` does."""
        ...

    def session(self, session_id: str) -> Session:
        """Return one session, whole. Raises InputError for an unknown id."""
        ...

    def attempt(self, attempt_id: str) -> Attempt:
        """Return one attempt, whole. Raises InputError for an unknown id."""
        ...

    def versions(self, attempt_id: str) -> tuple[Kept, ...]:
        """Return every text of an attempt, oldest first, each with its newest score. Raises InputError, StoreError."""
        ...

    def attempts_of(self, question_id: str) -> tuple[Attempt, ...]:
        """Return every attempt at a question, whole, oldest first."""
        ...

    def wave_attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts whose recording is a WAV and that have a transcript, oldest first, without words."""
        ...

    def find_answers(self, query: Query) -> Found:
        """Return the answers that fit a query, in its order, by their numbers."""
        ...

    def listed(self, numbers: Sequence[int], sought: str = "") -> tuple[Listed, ...]:
        """Return the answers of some numbers that are still kept, with excerpts around what is `sought`."""
        ...

    def lines(self, session_id: str = "") -> Lines:
        """Return every session by its number, newest first, and where `session_id` stands among them."""
        ...

    def line_rows(self, numbers: Sequence[int]) -> tuple[SessionLine, ...]:
        """Return the sessions of some numbers as a list shows them."""
        ...

    def choices(self) -> Choices:
        """Return what there is to choose from in the history."""
        ...

    def written_by_others(self, engine: str, model: str) -> tuple[Recorded, ...]:
        """Return the recordings whose newest transcript another recogniser made, oldest first.

        Typed and corrected texts are nobody's; they are not among them.
        """
        ...

    def count_by_others(self, engine: str, model: str) -> Mapping[str, Share]:
        """Return how many recordings `written_by_others` would return of each question."""
        ...

    def unfinished_attempts(self) -> tuple[Attempt, ...]:
        """Return the attempts that still lack their transcript or the score of it, oldest first."""
        ...

    def best_scores(self) -> Mapping[str, float]:
        """Return the best newest score of each question ever answered here."""
        ...

    def practised(self) -> Mapping[str, tuple[tuple[datetime, float], ...]]:
        """Return for each question its scored attempts given here, oldest first: when, and score 0 to 100."""
        ...

    def last_deliveries(self, count: int, but: str = "") -> tuple[Delivery, ...]:
        """Return how the last `count` answers given here sounded in which words were heard, newest first.

        The answer with the id `but` is left out.
        """
        ...

    def trend_stamp(self) -> tuple[object, ...]:
        """Return what is another as soon as anything that trends are made of is. Raises StoreError."""
        ...

    def trend_portion(self, after: int, count: int) -> Portion:
        """Return up to `count` attempts given here, as trends need them, behind the place `after`; 0 begins.

        Raises StoreError.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
