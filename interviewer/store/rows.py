"""Values to rows and back. Here alone is written what the JSON columns hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from operator import methodcaller
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

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
from interviewer.store import untrusted
from interviewer.store.tables import AttemptRow, RecipeRow, ScoreRow, SessionRow, TranscriptRow

_BY_ENERGY: dict[bool, tuple[int, ...]] = {False: (), True: (1,)}
"""Behind the times of a span of speech: a third number says that loudness laid its edges."""
_EDGES_TOLD = 3


def session_row(session: Session) -> SessionRow:
    """Return the row of a session, without its attempts. Raises InputError for a time without a zone."""
    return SessionRow(
        id=session.id,
        created=aware(session.created),
        finished=None if session.finished is None else aware(session.finished),
        bank_title=session.bank_title,
        mode=session.mode.value,
        question_ids=_json(session.question_ids),
        came=None if session.came is None else aware(session.came),
    )


def attempt_row(attempt: Attempt, clip: str | None) -> AttemptRow:
    """Return the row of an attempt, without its transcript and score.

    `clip` is the path of its clip as it is stored. Raises InputError for a time without a zone.
    """
    return AttemptRow(
        id=attempt.id,
        session_id=attempt.session_id,
        question_id=attempt.question_id,
        position=attempt.position,
        created=aware(attempt.created),
        follow_up=attempt.follow_up,
        clip=clip,
        sample_rate_hz=attempt.clip and attempt.clip.sample_rate_hz,
        frames=attempt.clip and attempt.clip.frames,
        gap_ms=attempt.clip and attempt.clip.gap_ms,
        asked=attempt.asked,
        topic=attempt.topic,
        note=attempt.note,
        starred=attempt.starred,
    )


def transcript_row(attempt_id: str, transcript: Transcript, created: datetime) -> TranscriptRow:
    """Return the row of a transcript made at `created`."""
    words = [(w.text, w.start_s, w.end_s, w.probability) for w in transcript.words]
    return TranscriptRow(
        attempt_id=attempt_id,
        created=aware(created),
        engine=transcript.engine,
        model=transcript.model,
        rough=transcript.rough,
        text=transcript.text,
        words=_json(words),
        speech=_json([(s.start_s, s.end_s, *_BY_ENERGY[transcript.by_energy]) for s in transcript.speech]),
    )


def score_row(
    attempt_id: str, transcript_id: int, score: Score, recipe: RecipeRow, delivery: Delivery | None, created: datetime
) -> ScoreRow:
    """Return the row of a score made at `created`; `recipe` is the row that holds the score's recipe."""
    points = [
        (p.text, p.coverage.value, p.similarity, p.evidence, p.words, p.confirmed, p.doubted) for p in score.points
    ]
    return ScoreRow(
        attempt_id=attempt_id,
        transcript_id=transcript_id,
        created=aware(created),
        value=float(score.value),
        low=None if score.low is None else float(score.low),
        high=None if score.high is None else float(score.high),
        label=score.label,
        next_step=score.next_step,
        coverage_only=score.coverage_only,
        recipe=recipe,
        points=_json(points),
        notes=_json([(g.kind, g.factor, g.note) for g in score.gates]),
        delivery=None if delivery is None else _delivery_json(delivery),
    )


def recipe_row(db: Transaction, text: str) -> RecipeRow:
    """Return the row of a recipe, a new one where it was never kept: the lock of a writer admits no second one."""
    return db.scalar(select(RecipeRow).where(RecipeRow.text == text)) or RecipeRow(text=text)


def to_session(row: SessionRow, attempts: tuple[Attempt, ...]) -> Session:
    """Return the session of a row, with these attempts."""
    return Session(
        id=untrusted.text(row.id),
        created=row.created,
        bank_title=untrusted.text(row.bank_title),
        mode=Mode(row.mode),
        question_ids=tuple(map(untrusted.text, untrusted.listed(row.question_ids))),
        finished=row.finished,
        attempts=attempts,
        came=row.came,
    )


def to_attempt(
    row: AttemptRow, transcript: TranscriptRow | None, score: ScoreRow | None, *, data: Path, words: bool
) -> Attempt:
    """Return the attempt of a row. `data` is the folder its clip lies in; `words=False` leaves them out."""
    return Attempt(
        id=untrusted.text(row.id),
        session_id=untrusted.text(row.session_id),
        question_id=untrusted.text(row.question_id),
        position=untrusted.whole(row.position),
        created=row.created,
        clip=_clip(row, data),
        transcript=None if transcript is None else _transcript(transcript, words=words),
        score=None if score is None else _score(score),
        delivery=None if score is None or score.delivery is None else to_delivery(score.delivery),
        follow_up=untrusted.text(row.follow_up),
        asked=untrusted.text(row.asked),
        topic=untrusted.text(row.topic),
        note=untrusted.text(row.note),
        starred=untrusted.flag(row.starred),
    )


def aware(when: datetime) -> datetime:
    """Return `when` as it is. Raises InputError when it has no zone: nobody could say later when it was."""
    if when.utcoffset() is None:
        raise InputError(f"The time {when.isoformat()} has no time zone")
    return when


def stored(when: datetime) -> str:
    """Return a moment as the columns hold it, in which the order of texts is that of moments."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _clip(row: AttemptRow, data: Path) -> Clip | None:
    if row.clip is None:
        return None
    path = PurePosixPath(untrusted.text(row.clip))
    if path.is_absolute() or ".." in path.parts or "\\" in row.clip or ":" in row.clip:
        # Clips are read, and removed, by this path: a database from elsewhere must not name another.
        raise ValueError("a clip outside the data folder")
    rate_hz = untrusted.whole(row.sample_rate_hz, low=1)
    frames = untrusted.whole(row.frames)
    return Clip(data / row.clip, rate_hz, frames, untrusted.whole(row.gap_ms or 0))


def _transcript(row: TranscriptRow, *, words: bool) -> Transcript:
    spans = untrusted.listed(row.speech) if words else []
    return Transcript(
        text=untrusted.text(row.text),
        words=tuple(_word(*parts) for parts in untrusted.listed(row.words)) if words else (),
        speech=tuple(_span(*parts[:2]) for parts in spans),
        engine=untrusted.text(row.engine),
        model=untrusted.text(row.model),
        rough=untrusted.flag(row.rough),
        by_energy=bool(spans) and all(len(parts) == _EDGES_TOLD for parts in spans),
    )


def _span(start_s: object, end_s: object) -> Span:
    return Span(untrusted.number(start_s), untrusted.number(end_s))


def _word(text: object, start_s: object, end_s: object, probability: object) -> Word:
    times = untrusted.number(start_s), untrusted.number(end_s)
    return Word(untrusted.text(text), *times, untrusted.number(probability))


def _score(row: ScoreRow) -> Score:
    return Score(
        untrusted.number(row.value),
        untrusted.text(row.label),
        tuple(_point(*parts) for parts in untrusted.listed(row.points)),
        tuple(_gate(entry) for entry in untrusted.listed(row.notes)),
        untrusted.text(row.recipe.text),
        low=None if row.low is None else untrusted.number(row.low),
        high=None if row.high is None else untrusted.number(row.high),
        next_step=untrusted.text(row.next_step),
        coverage_only=untrusted.flag(row.coverage_only),
    )


def _point(
    text: object,
    coverage: object,
    similarity: object,
    evidence: object,
    words: Sequence[object] = (0, 0),
    confirmed: object = False,
    doubted: object = False,
) -> PointResult:
    """Return a point from its stored list; until 0002 it ended with the evidence, until 0004 with `confirmed`."""
    first, stop = (untrusted.whole(place) for place in words)
    return PointResult(
        untrusted.text(text),
        Coverage(coverage),
        untrusted.number(similarity),
        untrusted.text(evidence),
        (first, stop),
        untrusted.flag(confirmed),
        untrusted.flag(doubted),
    )


def _gate(entry: str | list[Any]) -> FiredGate:
    """Return what lowered a score; until 0002 only its sentence was kept."""
    if isinstance(entry, str):
        return FiredGate("", 1.0, entry)
    kind, factor, note = entry
    return FiredGate(untrusted.text(kind), untrusted.number(factor), untrusted.text(note))


def _delivery_json(delivery: Delivery) -> str:
    """Return a delivery as it is stored: what there may be many of is lists without names."""
    run = delivery.longest_run
    lists = {
        "silences": [(p.start_s, p.end_s) for p in delivery.silences],
        "asides": [(a.kind.value, a.text, a.start_s, a.end_s) for a in delivery.asides],
        "pace": [(p.at_s, p.wpm, p.off_wpm) for p in delivery.pace],
        "longest_run": None if run is None else (run.start_s, run.end_s),
        "edges": delivery.edges.value,
    }
    return _json({**asdict(delivery), **lists})


def to_delivery(stored: str) -> Delivery:
    """Return a delivery from its stored text; until 0004 it ended with the pauses."""
    found = untrusted.fields(stored)
    pauses = tuple(Pause(*(untrusted.number(pause[end]) for end in ("start_s", "end_s"))) for pause in found["pauses"])
    run = found.get("longest_run")
    return Delivery(
        **{name: untrusted.whole(found[name]) for name in ("words", "fillers", "hedges", "ambiguous")},
        talk_s=untrusted.number(found["talk_s"]),
        first_word_s=untrusted.number(found["first_word_s"]),
        pace_wpm=None if found["pace_wpm"] is None else untrusted.number(found["pace_wpm"]),
        pauses=pauses,
        silences=tuple(Pause(*map(untrusted.number, ends)) for ends in found.get("silences", ())),
        asides=tuple(_aside(*parts) for parts in found.get("asides", ())),
        pace=tuple(PacePoint(*map(untrusted.number, parts)) for parts in found.get("pace", ())),
        longest_run=None if run is None else _span(*run),
        edges=Edges(found.get("edges", Edges.VOICE.value)),
        doubt=untrusted.number(found.get("doubt", 0.0)),
    )


def _aside(kind: object, text: object, start_s: object, end_s: object) -> Aside:
    times = (None if at is None else untrusted.number(at) for at in (start_s, end_s))
    return Aside(AsideKind(kind), untrusted.text(text), *times)


def _json(value: object) -> str:
    # item(): models hand out numpy numbers, which JSON does not take.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=methodcaller("item"))
