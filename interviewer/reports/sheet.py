"""A session as people read it: every sentence of a report, before it becomes a page, paper or text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from interviewer.core.gaps import missing_in_clip
from interviewer.core.models import Attempt, Coverage, Mode, PointResult, Question, Score, Session, Span, Transcript
from interviewer.core.moments import moment_of
from interviewer.core.verdict import (
    about,
    count_words,
    evidence_words,
    figure,
    headline,
    label_words,
    range_words,
    state_meaning,
    state_word,
)
from interviewer.reports.document import FindQuestion
from interviewer.reports.measures import Measure, aside, measures
from interviewer.reports.pieces import Piece, pieces
from interviewer.reports.sound import recording

_TONES = {
    Coverage.COVERED: "good",
    Coverage.PARTLY: "warn",
    Coverage.MISSED: "muted",
    Coverage.CONTRADICTED: "bad",
}
_MARKS = {Coverage.COVERED: "✓", Coverage.PARTLY: "◐", Coverage.MISSED: "○", Coverage.CONTRADICTED: "✗"}


@dataclass(frozen=True, slots=True)
class PointSheet:
    """One key point. `moment` is when its evidence was said, None where nobody knows."""

    mark: str
    """A sign for its state; the state stands beside it in words."""
    state: str
    tone: str
    """good, warn, bad or muted."""
    meaning: str
    text: str
    evidence: str
    moment: Span | None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A score in words."""

    figure: str
    """0 to 100 in steps of five; "–" where there is no right answer."""
    label: str
    range: str
    headline: str
    """Label and range as one phrase."""
    span: tuple[int, int, int] | None
    """Where the range begins, the score, and where the range ends, 0 to 100; None where none is shown."""
    counted: str
    next_step: str
    notes: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """One answer. What is not known is empty."""

    number: int
    """Counted from 1, in the order given."""
    id: str
    question: str
    follow_up: bool
    topic: str
    when: str
    starred: bool
    note: str
    score: ScoreSheet | None
    points: tuple[PointSheet, ...]
    measures: tuple[Measure, ...]
    aside: str
    text: str
    """What was said, or why nothing is to be read."""
    pieces: tuple[Piece, ...]
    """The words with their marks; empty where there is no text."""
    written_by: str
    rough: bool
    example: str
    seconds: float | None
    """Of the recording that is there; None without one."""
    sound: str
    """What is to be said of the recording: missing on the disk, or sound that it lacks."""


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """A whole session."""

    id: str
    bank: str
    when: str
    mode: str
    answers: tuple[AnswerSheet, ...]

    @property
    def counted(self) -> str:
        """How many answers, in words."""
        count = len(self.answers)
        return f"{count} answer{'' if count == 1 else 's'}" if count else "No answers"


def session_sheet(session: Session, question: FindQuestion) -> SessionSheet:
    """Return the sheet of a whole session (attempts with their words), its answers in the order given."""
    mode = "Practice" if session.mode is Mode.PRACTICE else "Interview"
    return SessionSheet(
        id=session.id,
        bank=session.bank_title,
        when=day_and_time(session.created),
        mode=mode if session.finished else f"{mode}, not finished",
        answers=tuple(_answer(n, a, question(a.question_id)) for n, a in enumerate(session.attempts, 1)),
    )


def day_and_time(when: datetime) -> str:
    """Return a moment in the reader's own zone, such as "Thursday, 4 June 2026, 18:30"."""
    try:
        local = when.astimezone()
    except OverflowError:
        local = when  # beyond the calendar's last day
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M}"


def asked_words(attempt: Attempt, entry: Question | None) -> str:
    """Return what was asked: the follow-up, the question as it was kept, that of the bank, or its id in words."""
    if attempt.follow_up:
        return attempt.follow_up
    return attempt.asked or (entry.question if entry else attempt.question_id.replace("-", " "))


def _answer(number: int, attempt: Attempt, entry: Question | None) -> AnswerSheet:
    transcript, score, delivery = attempt.transcript, attempt.score, attempt.delivery
    clip = recording(attempt)
    # The score of a follow-up is of more words than its text: its points are not in it.
    marked = score.points if score and not attempt.follow_up else ()
    return AnswerSheet(
        number=number,
        id=attempt.id,
        question=asked_words(attempt, entry),
        follow_up=bool(attempt.follow_up),
        topic=attempt.topic or (entry.topic if entry else ""),
        when=day_and_time(attempt.created),
        starred=attempt.starred,
        note=attempt.note,
        score=_score(score) if score else None,
        points=tuple(_points(score.points, transcript)) if score else (),
        measures=measures(delivery) if delivery else (),
        aside=aside(delivery) if delivery else "",
        text=_text(transcript),
        pieces=pieces(transcript, delivery.pauses if delivery else (), marked) if transcript else (),
        written_by=_written_by(transcript),
        rough=transcript is not None and transcript.rough,
        example=entry.example_answer if entry else "",
        seconds=clip.seconds if clip else None,
        sound=_sound(attempt, there=clip is not None),
    )


def _score(score: Score) -> ScoreSheet:
    return ScoreSheet(
        figure=figure(score),
        label=headline(score),
        range=range_words(score),
        headline=label_words(score),
        span=_span(score),
        counted="" if score.coverage_only else count_words(score.points),
        next_step="" if score.coverage_only else score.next_step,
        notes=tuple(filter(None, score.notes)),
        about=about(score),
    )


def _span(score: Score) -> tuple[int, int, int] | None:
    shown = score.shown_range
    if score.coverage_only or shown is None:
        return None
    low, high = (min(100, max(0, edge)) for edge in shown)
    return low, min(max(score.shown, low), high), high


def _points(points: tuple[PointResult, ...], transcript: Transcript | None) -> Iterator[PointSheet]:
    for point in points:
        yield PointSheet(
            mark=_MARKS[point.coverage],
            state=state_word(point),
            tone=_TONES[point.coverage],
            meaning=state_meaning(point),
            text=point.text,
            evidence=evidence_words(point),
            moment=moment_of(point, transcript),
        )


def _text(transcript: Transcript | None) -> str:
    if transcript is None:
        return "This recording is not written down yet."
    return transcript.text if transcript.heard else "Nothing was heard in this recording."


def _written_by(transcript: Transcript | None) -> str:
    if transcript is None:
        return ""
    match transcript.engine:
        case "typed":
            return "Typed, not spoken."
        case "corrected":
            return "Corrected by hand."
        case "whisper":
            return f"Written down by Whisper {transcript.model}".rstrip() + "."
    return "Rough transcript: built-in recogniser. Read it with care." if transcript.rough else ""


def _sound(attempt: Attempt, *, there: bool) -> str:
    if attempt.clip is None:
        return ""
    if not there:
        return "The recording is no longer on the disk."
    missing = missing_in_clip(attempt.clip.gap_ms, attempt.clip.seconds)
    return f"{missing}." if missing else ""
