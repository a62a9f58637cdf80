"""What trends read of the database: a portion of columns at a time, from a file that may be anybody's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.errors import StoreDamaged, StoreError
from interviewer.core.models import Coverage
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.trends import TrendRow
from interviewer.store.database import SqlStore
from tests.store.values import START, delivery, minutes, score, session, spoken, transcript, typed


def only(store: SqlStore) -> TrendRow:
    (row,) = store.trend_portion(0, 10).rows
    return row


def keep(store: SqlStore, data: Path) -> None:
    """One spoken answer, heard and scored."""
    store.begin_session(session())
    store.add_attempt(replace(spoken(data), asked="What is a route?", topic="Routing"))
    store.add_transcript("a1", transcript())
    store.add_score("a1", score(), delivery())


def spoil(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / DATABASE_NAME)) as db, db:
        db.execute(statement)


def test_every_figure_of_an_attempt_comes_back(store: SqlStore, data: Path) -> None:
    keep(store, data)
    assert only(store) == TrendRow(
        attempt_id="a1",
        question_id="async-routes",
        bank="Backend engineer",
        asked="What is a route?",
        topic="Routing",
        created_s=int(START.timestamp()),
        follow_up=True,
        hearing="whisper base.en",
        recipe=1,
        value=62.5,
        low=55.0,
        high=67.5,
        points=(("Names Depends", Coverage.COVERED), ("Says when it runs", Coverage.MISSED)),
        pace_wpm=128.0,
        fillers_per_min=pytest.approx(3 / 31.5 * 60),
    )


def test_an_answer_that_nobody_wrote_down_yet_has_no_figures(store: SqlStore) -> None:
    store.begin_session(session())
    store.add_attempt(typed())
    row = only(store)
    assert (row.value, row.recipe, row.hearing, row.points, row.pace_wpm, row.fillers_per_min) == (
        None, -1, "", (), None, None,
    )  # fmt: skip


def test_the_newest_score_of_the_newest_transcript_counts(store: SqlStore, data: Path) -> None:
    keep(store, data)
    store.add_score("a1", score(40.0, recipe="other"), None)
    assert (only(store).value, only(store).recipe, only(store).pace_wpm) == (40.0, 2, None)
    store.add_transcript("a1", replace(transcript("Corrected."), engine="corrected"))
    assert (only(store).value, only(store).hearing) == (None, "corrected")


def test_a_portion_says_where_to_read_on(store: SqlStore) -> None:
    store.begin_session(session())
    for name in "abcde":
        store.add_attempt(typed(name, at=minutes(-ord(name))))
    found, after = [], 0
    while after is not None:
        part = store.trend_portion(after, 2)
        found += [row.attempt_id for row in part.rows]
        after = part.next
    assert found == list("abcde")


def test_an_empty_store_has_nothing_to_follow(store: SqlStore) -> None:
    assert store.trend_portion(0, 10).rows == ()


def test_too_little_talk_has_no_rate_of_fillers(store: SqlStore, data: Path) -> None:
    keep(store, data)
    store.add_score("a1", score(), replace(delivery(), talk_s=3.0, pace_wpm=None))
    assert (only(store).pace_wpm, only(store).fillers_per_min) == (None, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scores SET points = 'none'", "UPDATE scores SET points = '5'", "UPDATE scores SET points = x'00'",
        "UPDATE scores SET points = '[[\"a\", \"perhaps\"]]'", "UPDATE scores SET points = '[[1, \"missed\"]]'",
        "UPDATE scores SET delivery = '{'", "UPDATE scores SET delivery = '{\"fillers\": 1.5, \"talk_s\": 9}'",
        "UPDATE scores SET value = 'high'",
        "UPDATE scores SET delivery = '{\"pace_wpm\": \"x\", \"fillers\": 1, \"talk_s\": 9}'",
        "UPDATE scores SET coverage_only = 7", "UPDATE attempts SET created = 'yesterday'",
        "UPDATE attempts SET asked = x'00'", "UPDATE scores SET low = 9e999", "UPDATE transcripts SET engine = x'00'",
    ],
)  # fmt: skip
def test_what_this_program_did_not_write_is_a_damaged_entry(store: SqlStore, data: Path, statement: str) -> None:
    keep(store, data)
    spoil(data, statement)
    with pytest.raises(StoreDamaged):
        store.trend_portion(0, 10)


def test_the_stamp_is_another_whenever_something_is_kept_or_deleted(store: SqlStore, data: Path) -> None:
    stamps = [store.trend_stamp()]
    keep(store, data)
    stamps.append(store.trend_stamp())
    store.add_score("a1", score(40.0), None)
    stamps.append(store.trend_stamp())
    store.add_transcript("a1", transcript("Corrected."))
    stamps.append(store.trend_stamp())
    store.add_attempt(typed("a2"))
    stamps.append(store.trend_stamp())
    store.delete_attempts(["a2"])
    store.add_attempt(typed("a3"))
    stamps.append(store.trend_stamp())
    assert len(set(stamps)) == len(stamps)
    assert store.trend_stamp() == stamps[-1]


def test_a_closed_store_says_so(store: SqlStore) -> None:
    store.close()
    with pytest.raises(StoreError):
        store.trend_portion(0, 10)
