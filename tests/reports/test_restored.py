"""Whatever a session holds, its document holds, and it comes out of it as it went in."""

from __future__ import annotations

import json
import zipfile
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError
from interviewer.core.heard import Aside, AsideKind, Edges, PacePoint
from interviewer.core.models import (
    Attempt,
    Clip,
    Coverage,
    Delivery,
    FiredGate,
    KeyPoint,
    Mode,
    Pause,
    PointResult,
    Question,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)
from interviewer.core.paths import asset
from interviewer.reports.document import SessionDocument, session_document
from interviewer.reports.forms import Form
from interviewer.reports.restored import earlier_texts, restored
from interviewer.store.database import SqlStore
from interviewer.workers.session_files import Wanted, take_in, write_out
from tests.reports.sessions import keep, nobody

texts = st.text(max_size=20)
floats = st.floats(-(2.0**53), 2.0**53)
shares = st.floats(0, 1)
counts = st.integers(0, 2**53)
moments = st.datetimes(timezones=st.just(UTC))
spans = st.builds(Span, floats, floats)
pauses = st.lists(st.builds(Pause, floats, floats), max_size=3).map(tuple)
words = st.lists(st.builds(Word, texts, floats, floats, shares), max_size=3).map(tuple)
timed = st.lists(spans, max_size=3).map(tuple)
transcripts = st.builds(Transcript, texts, words, timed, texts, texts, st.booleans(), st.booleans())
places = st.tuples(counts, counts)
states = st.sampled_from(Coverage)
points = st.builds(PointResult, texts, states, floats, texts, places, st.booleans(), st.booleans())
gates = st.lists(st.builds(FiredGate, texts, shares, texts), max_size=3).map(tuple)
recipes = texts | st.dictionaries(texts, floats | texts | st.integers(-(2**53), 2**53)).map(json.dumps)
judged = (st.floats(0, 100), texts, st.lists(points, max_size=3).map(tuple), gates, recipes)
scores = st.builds(Score, *judged, st.none() | floats, st.none() | floats, texts, st.booleans())
asides = st.builds(Aside, st.sampled_from(AsideKind), texts, st.none() | floats, st.none() | floats)
measured = (counts, floats, floats, st.none() | floats, counts, counts, counts, pauses, pauses)
paces = st.lists(st.builds(PacePoint, floats, floats, floats), max_size=3).map(tuple)
heard = (st.lists(asides, max_size=3).map(tuple), paces, st.none() | spans, st.sampled_from(Edges), floats)
deliveries = st.builds(Delivery, *measured, *heard)
clips = st.builds(Clip, st.just(Path("answer-01.wav")), st.integers(1, 384_000), counts, counts)
kept = (st.none() | clips, st.none() | transcripts, st.none() | scores, st.none() | deliveries)
told = (texts, texts, texts, texts, st.booleans())
attempts = st.builds(Attempt, texts, st.just("s1"), texts, counts, moments, *kept, *told)
held = (st.sampled_from(Mode), st.lists(texts, max_size=3).map(tuple), st.none() | moments)
whole_sessions = st.builds(Session, st.just("s1"), moments, texts, *held, st.lists(attempts, max_size=2).map(tuple))

earlier_kept = st.lists(st.tuples(transcripts, st.none() | scores), max_size=2).map(tuple)

SCHEMA = jsonschema.Draft202012Validator(json.loads(asset("session.schema.json").read_text(encoding="utf-8")))


@given(whole_sessions, earlier_kept)
@settings(max_examples=40, deadline=None)
def test_a_session_comes_back_as_it_was_written_and_fits_its_schema(session: Session, before: tuple[Kept, ...]) -> None:
    written = session_document(session, nobody, earlier=lambda _id: before).model_dump_json()
    SCHEMA.validate(json.loads(written))
    document = SessionDocument.model_validate_json(written)
    assert restored(document) == session
    assert earlier_texts(document) == ({a.id: before for a in session.attempts} if before else {})


def test_every_field_of_a_session_was_tried() -> None:
    """A field added to a model and not to the document would be lost without a word.

    When a session came is no part of it: that is another moment on every computer.
    """
    known = {
        Attempt: 14, Clip: 4, Delivery: 14, FiredGate: 3, PointResult: 7, Score: 9, Session: 8, Transcript: 7, Word: 4,
        Aside: 4, PacePoint: 3, Span: 2, Pause: 2,
    }  # fmt: skip
    assert {kind: len(fields(kind)) for kind in known if is_dataclass(kind)} == known


@pytest.mark.parametrize("form", [Form.JSON, Form.ZIP, Form.FOLDER])
def test_what_is_written_of_a_kept_session_fits_the_published_schema(tmp_path: Path, form: Form) -> None:
    keep(tmp_path / "data")
    store = SqlStore.open(tmp_path / "data")
    try:
        path = write_out(Wanted("s1", form, tmp_path / "out"), store=store, question=nobody).path
    finally:
        store.close()
    if form is Form.ZIP:
        with zipfile.ZipFile(path) as packed:
            document = json.loads(packed.read("session.json"))
    else:
        document = json.loads(path.read_bytes())
    SCHEMA.check_schema(SCHEMA.schema)
    SCHEMA.validate(document)
    assert [len(answer["earlier"]) for answer in document["attempts"]] == [2, 0, 0]
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(document | {"unknown": 1})


def older(version: int, seconds: float) -> dict[str, Any]:
    """A document as it was before lengths were told in frames, of one answer."""
    point = {"key_point": "It names Depends.", "coverage": "missed", "similarity": 0.1, "evidence": ""}
    score = {"value": 12.0, "label": "Little heard", "coverage": [point], "notes": ["A note."], "recipe": "meaning-1/5"}
    delivery = {
        "words": 3, "talk_s": 2.0, "first_word_s": 0.5, "pace_wpm": None, "fillers_at_least": 1, "hedges": 0,
        "ambiguous": 0, "pauses": [],
    }  # fmt: skip
    clip = {"file": "answer-01.wav", "seconds": seconds, "sample_rate_hz": 16000, "gap_ms": 0}
    answer = {
        "id": "s1-01-0002", "question_id": "depends", "question": "How?", "position": 0,
        "created": "2026-01-02T03:04:05Z", "follow_up": "", "clip": clip, "transcript": None, "score": score,
        "delivery": delivery,
    }  # fmt: skip
    return {
        "schema_version": version, "id": "s1", "created": "2026-01-02T03:04:05Z", "finished": None, "bank": "A bank",
        "mode": "practice", "questions": ["depends"], "attempts": [answer],
    }  # fmt: skip


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("form", ["folder", "zip", "flac"])
def test_older_documents_are_kept_with_their_recordings(version: int, form: str, tmp_path: Path) -> None:
    frames = 16_005  # 1.0003125 s, of which 1.0 was told
    suffix = "flac" if form == "flac" else "wav"
    document = older(version, 1.0)
    document["attempts"][0]["clip"]["file"] = f"answer-01.{suffix}"
    SCHEMA.validate(document)
    (tmp_path / "session.json").write_text(json.dumps(document), encoding="utf-8")
    soundfile.write(tmp_path / f"answer-01.{suffix}", np.arange(frames, dtype="int16"), 16_000)
    file = tmp_path / "session.json"
    if form == "zip":
        file = tmp_path / "s.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(tmp_path / "session.json", "session.json")
            packed.write(tmp_path / "answer-01.wav", "answer-01.wav")
    read = kept(file, tmp_path / "data").attempts[0]
    assert read.clip is not None
    assert (read.clip.sample_rate_hz, read.clip.frames) == (16_000, frames)
    (told,) = restored(SessionDocument.model_validate(document)).attempts
    assert told.score is not None
    assert told.score.gates == (FiredGate("", 1.0, "A note."),)


def test_an_older_document_beside_a_recording_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text(json.dumps(older(2, 1.0)), encoding="utf-8")
    soundfile.write(tmp_path / "answer-01.wav", np.zeros(16_020, dtype="int16"), 16_000)
    with pytest.raises(InputError, match="is not what the session says of it"):
        kept(tmp_path / "session.json", tmp_path / "data")


def test_what_was_asked_comes_back_where_only_the_bank_knew_it(whole: Session) -> None:
    asked = Question(
        id="pydantic", topic="Models", difficulty=1, question="What is a model?", background="-", guidance="-",
        example_answer="-", key_points=(KeyPoint(text="It declares shape"),),
    )  # fmt: skip
    old = replace(whole, attempts=tuple(replace(a, asked="", topic="") for a in whole.attempts))
    first, second, _ = restored(session_document(old, lambda name: asked if name == asked.id else None)).attempts
    assert (first.asked, first.topic) == ("What is a model?", "Models")
    assert (second.asked, second.topic) == ("", "")


def kept(file: Path, data: Path) -> Session:
    """Keep the session of a file in a data folder, and return it as it is kept."""
    store = SqlStore.open(data)
    try:
        return store.session(take_in(file, data=data, store=store).session_id)
    finally:
        store.close()


def test_a_time_of_another_zone_is_the_same_moment(whole: Session) -> None:
    there = whole.created.astimezone(timezone(timedelta(hours=5, minutes=45)))
    written = session_document(replace(whole, created=there), nobody)
    assert restored(written).created == whole.created


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "exam"},
        {"created": datetime(2026, 1, 1)},  # noqa: DTZ001 - no zone is the point
        {"created": datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))},
    ],
    ids=["a mode", "no zone", "beyond the calendar"],
)
def test_what_no_session_of_ours_holds_is_refused(whole: Session, change: dict[str, object]) -> None:
    document = session_document(whole, nobody).model_copy(update=change)
    with pytest.raises(InputError, match="cannot read"):
        restored(document)
