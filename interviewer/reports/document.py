"""A session as a JSON document, with a published schema.

`assets/session.schema.json` is made from these models (`python -m interviewer.reports.document`);
a test holds the two together.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from interviewer.core.editing import Kept
from interviewer.core.models import (
    Attempt,
    Clip,
    Delivery,
    Pause,
    Question,
    Score,
    Session,
    Span,
    Transcript,
)

SCHEMA_VERSION = 3
"""What 2 and 3 added has defaults, so that older documents still fit the schema."""


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClipDocument(_Document):
    """A recording."""

    file: str = Field(
        description="Path of the WAV or FLAC file, relative to this document where it was exported with it; "
        "its name alone where it was not."
    )
    seconds: float
    sample_rate_hz: int
    frames: int | None = Field(default=None, description="Its length in samples; null before version 3.")
    gap_ms: int = Field(description="Sound that the device failed to deliver.")


class WordDocument(_Document):
    """One word on the recording's own clock."""

    text: str
    start_s: float
    end_s: float
    probability: float = Field(ge=0, le=1)


class SpanDocument(_Document):
    """A stretch of speech."""

    start_s: float
    end_s: float


class TranscriptDocument(_Document):
    """What was said, and who says so."""

    text: str
    engine: str = Field(description='"whisper", "pocketsphinx", "typed" or "corrected".')
    model: str
    rough: bool = Field(description="Written by the built-in recogniser: read with care.")
    words: tuple[WordDocument, ...]
    speech: tuple[SpanDocument, ...]
    by_energy: bool = Field(default=False, description="Whether the edges of speech were laid by how loud it is.")


class PointDocument(_Document):
    """One key point."""

    key_point: str
    coverage: str = Field(description='"covered", "partly", "missed" or "contradicted" (said the wrong way round).')
    similarity: float
    evidence: str = Field(description="The sentence of the answer that came nearest.")
    words: tuple[int, int] = Field(
        default=(0, 0),
        description="Where the evidence stands among the answer's words split at whitespace: first, one past the last.",
    )
    confirmed: bool = Field(default=False, description="Whether the judge takes it as said rightly.")
    doubted: bool = Field(
        default=False, description="Partly only because the judge doubts it: its words alone would have covered it."
    )


class GateDocument(_Document):
    """Something that lowered a score."""

    kind: str = Field(description="What it is called; empty in scores of before there were names.")
    factor: float = Field(ge=0, le=1, description="What the score was multiplied by.")
    note: str


class ScoreDocument(_Document):
    """A judged answer."""

    value: float = Field(ge=0, le=100)
    low: float | None = Field(default=None, description="Where the range of the score begins; null where unmeasured.")
    high: float | None = Field(default=None, description="Where the range of the score ends; null where unmeasured.")
    label: str
    next_step: str = Field(default="", description="What the next better label would need.")
    coverage_only: bool = Field(
        default=False, description="No answer is the right one: the value is the share of points mentioned."
    )
    coverage: tuple[PointDocument, ...]
    gates: tuple[GateDocument, ...] = ()
    notes: tuple[str, ...] = Field(description="The sentences of the gates.")
    recipe: dict[str, JsonValue] | str = Field(
        description="What made the score: formula, models, calibration; a text in scores of before version 2."
    )


class AsideDocument(_Document):
    """A filler, a hedge or a repetition."""

    kind: str = Field(description='"filler", "phrase", "hedge", "ambiguous" or "repeat".')
    text: str
    start_s: float | None
    end_s: float | None


class PaceDocument(_Document):
    """How fast somebody spoke around one moment."""

    at_s: float
    wpm: float = Field(description="Words a minute.")
    off_wpm: float = Field(description="Give or take so many.")


class DeliveryDocument(_Document):
    """How it sounded: observables only."""

    words: int
    talk_s: float
    first_word_s: float
    pace_wpm: float | None
    fillers_at_least: int
    hedges: int
    ambiguous: int
    pauses: tuple[SpanDocument, ...] = Field(description="Silences inside the talk of a second and more.")
    silences: tuple[SpanDocument, ...] = Field(
        default=(), description="Those of a quarter of a second and more, the pauses among them."
    )
    asides: tuple[AsideDocument, ...] = ()
    pace: tuple[PaceDocument, ...] = Field(default=(), description="The pace in the course of the answer.")
    longest_run: SpanDocument | None = Field(default=None, description="The longest stretch without a pause.")
    edges: str = Field(
        default="voice", description='What told where speech begins and ends: "words", "voice" or "sound".'
    )
    doubt: float = Field(default=0.0, description="The share of the words that are probably not what was said.")


class EarlierDocument(_Document):
    """A text of an answer that another took the place of: what was heard, before it was corrected."""

    transcript: TranscriptDocument
    score: ScoreDocument | None


class AttemptDocument(_Document):
    """One answer to one question."""

    id: str
    question_id: str
    question: str = Field(description="The question; empty where nobody knows it any more.")
    asked: str = Field(default="", description="The question as it was kept with the answer; empty in older answers.")
    topic: str = Field(default="", description="Its topic in the bank; empty where nobody knows it any more.")
    position: int = Field(ge=0)
    created: datetime
    follow_up: str
    note: str = Field(default="", description="What the candidate wrote beside the answer.")
    starred: bool = Field(default=False, description="Whether the candidate marked it.")
    clip: ClipDocument | None
    transcript: TranscriptDocument | None
    score: ScoreDocument | None
    delivery: DeliveryDocument | None
    earlier: tuple[EarlierDocument, ...] = Field(
        default=(), description="Its earlier texts with their scores, oldest first, where they were written along."
    )


class SessionDocument(_Document):
    """A whole interview."""

    schema_version: int = Field(default=SCHEMA_VERSION, ge=1, le=SCHEMA_VERSION)
    id: str
    created: datetime
    finished: datetime | None
    bank: str
    mode: str
    questions: tuple[str, ...]
    attempts: tuple[AttemptDocument, ...]


FindQuestion = Callable[[str], Question | None]
FindEarlier = Callable[[str], Sequence[Kept]]
"""The earlier texts of an answer with their scores, oldest first, by its id."""


def none_earlier(_attempt_id: str) -> tuple[Kept, ...]:
    """Return no earlier texts: they are not to be written along."""
    return ()


def session_document(
    session: Session, question: FindQuestion, *, beside: Path | None = None, earlier: FindEarlier = none_earlier
) -> SessionDocument:
    """Return the document of a whole session (attempts with their words).

    Clip paths are made relative to the folder `beside` where they lie inside it.
    """
    return SessionDocument(
        id=session.id,
        created=session.created,
        finished=session.finished,
        bank=session.bank_title,
        mode=session.mode.value,
        questions=session.question_ids,
        attempts=tuple(_attempt(a, question, beside, earlier(a.id)) for a in session.attempts),
    )


def _attempt(attempt: Attempt, question: FindQuestion, beside: Path | None, earlier: Sequence[Kept]) -> AttemptDocument:
    entry = question(attempt.question_id)
    return AttemptDocument(
        id=attempt.id,
        question_id=attempt.question_id,
        question=attempt.asked or (entry.question if entry else ""),
        asked=attempt.asked,
        topic=attempt.topic or (entry.topic if entry else ""),
        position=attempt.position,
        created=attempt.created,
        follow_up=attempt.follow_up,
        note=attempt.note,
        starred=attempt.starred,
        clip=_clip(attempt.clip, beside) if attempt.clip else None,
        transcript=transcript_document(attempt.transcript) if attempt.transcript else None,
        score=score_document(attempt.score) if attempt.score else None,
        delivery=_delivery(attempt.delivery) if attempt.delivery else None,
        earlier=tuple(
            EarlierDocument(transcript=transcript_document(text), score=score_document(score) if score else None)
            for text, score in earlier
        ),
    )


def _clip(clip: Clip, beside: Path | None) -> ClipDocument:
    inside = beside is not None and clip.path.is_relative_to(beside)
    file = clip.path.relative_to(beside).as_posix() if inside and beside else str(clip.path)
    return ClipDocument(
        file=file,
        seconds=round(clip.seconds, 3),
        sample_rate_hz=clip.sample_rate_hz,
        frames=clip.frames,
        gap_ms=clip.gap_ms,
    )


def transcript_document(transcript: Transcript) -> TranscriptDocument:
    """Return the document of a transcript."""
    return TranscriptDocument(
        text=transcript.text,
        engine=transcript.engine,
        model=transcript.model,
        rough=transcript.rough,
        words=tuple(
            WordDocument(text=w.text, start_s=w.start_s, end_s=w.end_s, probability=w.probability)
            for w in transcript.words
        ),
        speech=_spans(transcript.speech),
        by_energy=transcript.by_energy,
    )


def score_document(score: Score) -> ScoreDocument:
    """Return the document of a score."""
    return ScoreDocument(
        value=score.value,
        low=score.low,
        high=score.high,
        label=score.label,
        next_step=score.next_step,
        coverage_only=score.coverage_only,
        coverage=tuple(
            PointDocument(
                key_point=p.text,
                coverage=p.coverage.value,
                similarity=p.similarity,
                evidence=p.evidence,
                words=p.words,
                confirmed=p.confirmed,
                doubted=p.doubted,
            )
            for p in score.points
        ),
        gates=tuple(GateDocument(kind=g.kind, factor=g.factor, note=g.note) for g in score.gates),
        notes=score.notes,
        recipe=_recipe(score.recipe),
    )


def _recipe(text: str) -> dict[str, JsonValue] | str:
    """Return a recipe as the object it holds; old ones are no JSON and stay texts.

    So does one that would not come out of the object again to the letter.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, dict) and recipe_text(found) == text else text


def recipe_text(recipe: dict[str, JsonValue] | str) -> str:
    """Return the recipe that was written so: the way back from `ScoreDocument.recipe`."""
    return recipe if isinstance(recipe, str) else json.dumps(recipe, separators=(",", ":"))


def _delivery(delivery: Delivery) -> DeliveryDocument:
    return DeliveryDocument(
        words=delivery.words,
        talk_s=delivery.talk_s,
        first_word_s=delivery.first_word_s,
        pace_wpm=delivery.pace_wpm,
        fillers_at_least=delivery.fillers,
        hedges=delivery.hedges,
        ambiguous=delivery.ambiguous,
        pauses=_spans(delivery.pauses),
        silences=_spans(delivery.silences),
        asides=tuple(
            AsideDocument(kind=a.kind.value, text=a.text, start_s=a.start_s, end_s=a.end_s) for a in delivery.asides
        ),
        pace=tuple(PaceDocument(at_s=p.at_s, wpm=p.wpm, off_wpm=p.off_wpm) for p in delivery.pace),
        longest_run=_span(delivery.longest_run) if delivery.longest_run else None,
        edges=delivery.edges.value,
        doubt=delivery.doubt,
    )


def _spans(spans: Iterable[Span | Pause]) -> tuple[SpanDocument, ...]:
    return tuple(map(_span, spans))


def _span(span: Span | Pause) -> SpanDocument:
    return SpanDocument(start_s=span.start_s, end_s=span.end_s)


def schema_text() -> str:
    """Return the JSON Schema of a session document, as it is published."""
    return json.dumps(SessionDocument.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
