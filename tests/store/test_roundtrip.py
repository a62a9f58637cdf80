"""Whatever a value holds, it comes back from the database as it went in."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from interviewer.store.database import SqlStore
from tests.store.values import delivery, score, session, transcript, typed

texts = st.text(max_size=40)
floats = st.floats(-untrusted.MOST, untrusted.MOST)
counts = st.integers(0, 2**53)
whens = st.datetimes(timezones=st.just(UTC))
clips = st.tuples(st.integers(1, 384_000), counts, counts)
words = st.builds(Word, texts, floats, floats, floats)
spans = st.builds(Span, floats, floats)
timed = st.lists(spans).map(tuple)
transcripts = st.builds(
    Transcript, texts, st.lists(words).map(tuple), timed, texts, texts, st.booleans(), st.booleans()
).map(lambda made: replace(made, by_energy=made.by_energy and bool(made.speech)))
places = st.tuples(counts, counts)
points = st.builds(PointResult, texts, st.sampled_from(Coverage), floats, texts, places, st.booleans())
gates = st.lists(st.builds(FiredGate, texts, floats, texts)).map(tuple)
bounds = st.none() | floats
scores = st.builds(
    Score, floats, texts, st.lists(points).map(tuple), gates, texts, bounds, bounds, texts, st.booleans()
)
pauses = st.lists(st.builds(Pause, floats, floats)).map(tuple)
asides = st.lists(st.builds(Aside, st.sampled_from(AsideKind), texts, st.none() | floats, st.none() | floats)).map(
    tuple
)
paces = st.lists(st.builds(PacePoint, floats, floats, floats)).map(tuple)
runs, edges = st.none() | spans, st.sampled_from(Edges)
measured = (counts, floats, floats, st.none() | floats, counts, counts, counts, pauses)
deliveries = st.builds(Delivery, *measured, pauses, asides, paces, runs, edges, floats)
sessions = st.builds(
    Session,
    texts,
    whens,
    texts,
    st.sampled_from(Mode),
    st.lists(texts).map(tuple),
    st.none() | whens,
    st.just(()),
    st.none() | whens,
)


@pytest.fixture(scope="module")
def fresh() -> Iterator[SqlStore]:
    """One store for all examples of a test: each example puts a session of its own into it."""
    with tempfile.TemporaryDirectory() as folder, closing(SqlStore.open(Path(folder))) as opened:
        raw = opened._opened().raw_connection()
        raw.cursor().execute("PRAGMA synchronous=OFF").close()  # hundreds of examples, nothing to lose
        raw.close()
        opened.begin_session(session("all"))
        yield opened


def kept(store: SqlStore, **values: object) -> Attempt:
    """Keep a new attempt with these values and return it as it comes back."""
    attempt = Attempt(f"n{next(_numbers)}", "all", "depends", 0, session().created)
    store.add_attempt(attempt)
    store.add_transcript(attempt.id, values.get("transcript", transcript()))
    if "score" in values:
        store.add_score(attempt.id, values["score"], values.get("delivery"))
    return store.attempt(attempt.id)


_numbers = itertools.count()


@settings(max_examples=60, deadline=None)
@given(value=transcripts)
def test_any_transcript_comes_back(fresh: SqlStore, value: Transcript):
    assert kept(fresh, transcript=value).transcript == value


@settings(max_examples=60, deadline=None)
@given(value=scores)
def test_any_score_comes_back(fresh: SqlStore, value: Score):
    assert kept(fresh, score=value).score == value


@settings(max_examples=60, deadline=None)
@given(value=deliveries)
def test_any_delivery_comes_back(fresh: SqlStore, value: Delivery):
    assert kept(fresh, score=score(), delivery=value).delivery == value


@settings(max_examples=60, deadline=None)
@given(value=sessions)
def test_any_session_comes_back(fresh: SqlStore, value: Session):
    value = replace(value, id=f"s{next(_numbers)}")
    fresh.begin_session(value)
    assert fresh.session(value.id) == value


@settings(max_examples=60, deadline=None)
@given(
    question=texts, position=counts, created=whens, said=st.tuples(texts, texts, texts, texts), clip=st.none() | clips
)
def test_any_attempt_comes_back(fresh: SqlStore, question, position, created, said, clip):
    name = f"n{next(_numbers)}"
    clip = clip and Clip(fresh.clip_path("all", name), *clip)
    words = dict(zip(("follow_up", "asked", "topic", "note"), said, strict=True))
    value = Attempt(name, "all", question, position, created, clip=clip, **words, starred=position % 2 == 1)
    fresh.add_attempt(value)
    assert fresh.attempt(name) == value


def test_numbers_of_numpy_are_kept_as_plain_ones(fresh: SqlStore):
    heard = Transcript("yes", (Word("yes", np.float64(0.5), np.float32(0.75), np.float32(0.25)),))
    place = (np.int64(0), np.int64(1))
    point = PointResult("p", Coverage.PARTLY, np.float32(0.5), "yes", place, np.bool_(True), np.bool_(True))
    gate = FiredGate("mistake", np.float32(0.5), "Check this.")
    ends = {"low": np.float32(57.5), "high": np.float64(70), "coverage_only": np.bool_(True)}
    judged = Score(np.float32(62.5), "Partial", (point,), (gate,), **ends)
    sounded = Delivery(np.int64(1), np.float32(2.5), 0.5, None, 0, 0, 0, (Pause(np.float32(1.5), 2.0),))
    back = kept(fresh, transcript=heard, score=judged, delivery=sounded)
    assert (back.transcript, back.score, back.delivery) == (heard, judged, sounded)
    assert [type(n) for n in (back.score.value, back.score.low, back.score.high)] == [float] * 3
    assert (type(back.score.coverage_only), type(back.delivery.words)) == (bool, int)


@pytest.mark.parametrize(
    "value", [session(), typed(), transcript(), score(), score().points[0], score().gates[0], delivery()]
)
def test_no_field_of_a_value_is_unknown_to_this_test(value: object):
    """A field added to a model without a column would be lost without a word."""
    known = {
        Session: "id created bank_title mode question_ids finished attempts came",
        Attempt: "id session_id question_id position created clip transcript score delivery follow_up"
        " asked topic note starred",
        Transcript: "text words speech engine model rough by_energy",
        Score: "value label points gates recipe low high next_step coverage_only",
        PointResult: "text coverage similarity evidence words confirmed doubted",
        FiredGate: "kind factor note",
        Delivery: "words talk_s first_word_s pace_wpm fillers hedges ambiguous pauses"
        " silences asides pace longest_run edges doubt",
    }
    assert [f.name for f in fields(value)] == known[type(value)].split()
