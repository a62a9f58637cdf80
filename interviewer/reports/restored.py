"""From a document back to the session that it was written from. Nothing in it is believed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError
from interviewer.core.heard import Aside, AsideKind, Edges, PacePoint
from interviewer.core.models import (
    Attempt,
    Clip,
    Coverage,
    Delivery,
    FiredGate,
    Mode,
    Pause,
    PointResult,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)
from interviewer.reports.document import (
    AttemptDocument,
    ClipDocument,
    DeliveryDocument,
    PointDocument,
    ScoreDocument,
    SessionDocument,
    SpanDocument,
    TranscriptDocument,
    recipe_text,
)

HINT = "Ask for the file once more, written by “sessions export” as json or zip."


def restored(document: SessionDocument) -> Session:
    """Return the session of a document, whole. The path of a clip is the name that the document gives it.

    Raises InputError for what no session of ours holds.
    """
    try:
        return Session(
            id=document.id,
            created=_moment(document.created),
            bank_title=document.bank,
            mode=Mode(document.mode),
            question_ids=document.questions,
            finished=_moment(document.finished) if document.finished else None,
            attempts=tuple(_attempt(document.id, a) for a in document.attempts),
        )
    except (ValueError, OverflowError) as exc:
        raise InputError(f"The session holds what Interviewer cannot read ({exc})", hint=HINT) from exc


def earlier_texts(document: SessionDocument) -> dict[str, tuple[Kept, ...]]:
    """Return the earlier texts of each answer with their scores, oldest first, by its id; only of those that have any.

    Raises InputError for what no session of ours holds.
    """
    try:
        return {
            a.id: tuple((_transcript(e.transcript), _score(e.score) if e.score else None) for e in a.earlier)
            for a in document.attempts
            if a.earlier
        }
    except ValueError as exc:
        raise InputError(f"The session holds what Interviewer cannot read ({exc})", hint=HINT) from exc


def rounded_recordings(document: SessionDocument) -> frozenset[str]:
    """Return the names of recordings whose length is told in thousandths of a second only."""
    return frozenset(a.clip.file for a in document.attempts if a.clip and a.clip.frames is None)


def _moment(when: datetime) -> datetime:
    if when.utcoffset() is None:
        raise ValueError("a time without a zone")
    # Near the end of the calendar a zone leads out of it: OverflowError.
    return when.astimezone(UTC)


def _attempt(session_id: str, written: AttemptDocument) -> Attempt:
    return Attempt(
        id=written.id,
        session_id=session_id,
        question_id=written.question_id,
        position=written.position,
        created=_moment(written.created),
        clip=_clip(written.clip) if written.clip else None,
        transcript=_transcript(written.transcript) if written.transcript else None,
        score=_score(written.score) if written.score else None,
        delivery=_delivery(written.delivery) if written.delivery else None,
        follow_up=written.follow_up,
        # Older answers were kept without it: their writer looked it up in the bank, which may not be here.
        asked=written.asked or written.question,
        topic=written.topic,
        note=written.note,
        starred=written.starred,
    )


def _clip(written: ClipDocument) -> Clip:
    frames = written.frames
    if frames is None:  # before version 3, in thousandths of a second: the recording itself knows better
        frames = round(written.seconds * written.sample_rate_hz)
    return Clip(Path(written.file), written.sample_rate_hz, frames, written.gap_ms)


def _transcript(written: TranscriptDocument) -> Transcript:
    return Transcript(
        text=written.text,
        words=tuple(Word(w.text, w.start_s, w.end_s, w.probability) for w in written.words),
        speech=tuple(map(_span, written.speech)),
        engine=written.engine,
        model=written.model,
        rough=written.rough,
        by_energy=written.by_energy,
    )


def _score(written: ScoreDocument) -> Score:
    # Before version 2 only the sentences of what lowered a score were written.
    gates = tuple(FiredGate(g.kind, g.factor, g.note) for g in written.gates)
    return Score(
        written.value,
        written.label,
        tuple(map(_point, written.coverage)),
        gates or tuple(FiredGate("", 1.0, note) for note in written.notes),
        recipe_text(written.recipe),
        low=written.low,
        high=written.high,
        next_step=written.next_step,
        coverage_only=written.coverage_only,
    )


def _point(written: PointDocument) -> PointResult:
    return PointResult(
        written.key_point,
        Coverage(written.coverage),
        written.similarity,
        written.evidence,
        written.words,
        confirmed=written.confirmed,
        doubted=written.doubted,
    )


def _delivery(written: DeliveryDocument) -> Delivery:
    return Delivery(
        words=written.words,
        talk_s=written.talk_s,
        first_word_s=written.first_word_s,
        pace_wpm=written.pace_wpm,
        fillers=written.fillers_at_least,
        hedges=written.hedges,
        ambiguous=written.ambiguous,
        pauses=tuple(map(_pause, written.pauses)),
        silences=tuple(map(_pause, written.silences)),
        asides=tuple(Aside(AsideKind(a.kind), a.text, a.start_s, a.end_s) for a in written.asides),
        pace=tuple(PacePoint(p.at_s, p.wpm, p.off_wpm) for p in written.pace),
        longest_run=_span(written.longest_run) if written.longest_run else None,
        edges=Edges(written.edges),
        doubt=written.doubt,
    )


def _span(written: SpanDocument) -> Span:
    return Span(written.start_s, written.end_s)


def _pause(written: SpanDocument) -> Pause:
    return Pause(written.start_s, written.end_s)
