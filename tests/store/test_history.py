"""The history: what fits is found, in order, and a page of it at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import InputError
from interviewer.core.models import Score, Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.search import PAGE_ROWS, Choices, Excerpt, Query, SessionLine, Sort
from interviewer.store import index
from interviewer.store.database import SqlStore
from tests.store.answers import NOTE, found, keep
from tests.store.values import START, minutes, session, spoken, transcript, typed

# --- finding -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", "dcba"),
        ("loop", "cb"),
        ("LOOP", "cb"),
        ("loo", "cb"),
        ("loo ", ""),
        ("event loop", "b"),
        ('"event loop"', "b"),
        ('"loop event"', ""),
        ("dependencies", "a"),
        ("thread pool", "cb"),
        ("validation", "d"),
        ("injects dependencies", "a"),
        ("?", ""),
    ],
)
def test_words_are_found_in_what_was_said_and_asked(kept: SqlStore, text: str, ids: str):
    assert found(kept, text=text) == ids


def test_a_typed_answer_is_told_from_one_that_only_has_no_recording(kept: SqlStore) -> None:
    keep(kept, typed("e", at=minutes(4)), "Spoken once, and sent without its sound.")
    rows = kept.listed(kept.find_answers(Query()).ids)
    unheard = {row.attempt_id: row.typed for row in rows if row.seconds is None}
    assert unheard == {"a": True, "d": False, "e": False}


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"session_id": "tuesday"}, "dc"),
        ({"bank": "System design"}, "dc"),
        ({"topic": "Design"}, "a"),
        ({"engine": "typed"}, "a"),
        ({"engine": "whisper"}, "cb"),
        ({"low": 60}, "cb"),
        ({"low": 65}, "b"),
        ({"low": 40, "high": 60}, "ca"),
        ({"high": 35}, ""),
        ({"since": minutes(2)}, "dc"),
        ({"until": minutes(2)}, "ba"),
        ({"since": minutes(1), "until": minutes(3), "text": "loop", "bank": "System design"}, "c"),
        ({"starred": True}, ""),
    ],
)
def test_what_does_not_fit_is_left_out(kept: SqlStore, fields: dict[str, object], ids: str):
    assert found(kept, **fields) == ids


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        (Sort.NEWEST, "dcba"),
        (Sort.OLDEST, "abcd"),
        (Sort.BEST, "bcad"),
        (Sort.WORST, "acbd"),
        (Sort.QUESTION, "cbad"),
    ],
)
def test_answers_come_in_the_wanted_order(kept: SqlStore, sort: Sort, ids: str):
    assert found(kept, sort=sort) == ids


@pytest.mark.parametrize(("sort", "ids"), [(Sort.NEWEST, "cb"), (Sort.OLDEST, "bc"), (Sort.BEST, "bc")])
def test_what_was_found_by_words_comes_in_the_wanted_order(kept: SqlStore, sort: Sort, ids: str):
    assert found(kept, text="loop", sort=sort) == ids


def test_a_score_that_is_not_shown_is_neither_high_nor_low(kept: SqlStore):
    kept.add_score("b", Score(92.0, "", (), coverage_only=True), None)
    assert found(kept, low=0) == "ca"
    assert found(kept, sort=Sort.BEST) == "cadb"


def test_answers_of_one_moment_all_have_a_place(store: SqlStore):
    store.begin_session(session())
    for name in "abcde":
        keep(store, typed(name), "loop")
    assert found(store) == found(store, text="loop") == "edcba"


def test_an_answer_from_elsewhere_takes_its_place_among_the_others(kept: SqlStore):
    old = replace(typed("e", of="wednesday", at=START - timedelta(days=3000)), transcript=transcript("Old loop."))
    kept.add_session(Session("wednesday", old.created, "Old", session().mode, ("depends",), None, (old,)))
    assert found(kept, text="loop") == "cbe"
    assert found(kept) == "dcbae"


def test_thousands_of_answers_are_found_by_numbers_alone(store: SqlStore, data: Path):
    store.begin_session(session())
    with closing(sqlite3.connect(data / DATABASE_NAME, isolation_level=None)) as db:
        db.execute("BEGIN")
        sql = "INSERT INTO attempts (id, session_id, question_id, position, created) VALUES (?, 'monday', 'd', 0, ?)"
        db.executemany(sql, ((f"m{n}", f"2026-03-01 09:{n % 60:02d}:00.000000") for n in range(3000)))
        index.make_anew(db)
        db.execute("COMMIT")
    ids = store.find_answers(Query()).ids
    assert len(ids) == len(set(ids)) == 3000
    assert len(store.listed(ids[:PAGE_ROWS])) == PAGE_ROWS


# --- what a list shows ---------------------------------------------------------------------


def test_a_row_says_all_that_a_list_shows(kept: SqlStore):
    (row,) = kept.listed(kept.find_answers(Query(text="queue")).ids, "queue")
    assert (row.attempt_id, row.session_id, row.question_id) == ("c", "tuesday", "async-routes")
    assert (row.bank_title, row.topic, row.created) == ("System design", "Scale", minutes(2))
    assert (row.seconds, row.written, row.rough, row.follow_up) == (2.0, True, False, "And without a thread pool?")
    assert (row.score.shown, row.score.label, row.score.points) == (60, "Partial", ())
    assert row.excerpt == Excerpt("A queue and a loop.", ((2, 7),))


def test_an_excerpt_is_of_the_note_where_only_that_has_what_was_looked_for(kept: SqlStore):
    kept.set_note("c", f"Say {NOTE} first.")
    (row,) = kept.listed(kept.find_answers(Query(text=NOTE)).ids, NOTE)
    assert row.excerpt.text == f"Say {NOTE} first."
    assert kept.listed(kept.find_answers(Query(text="queue")).ids, "queue")[0].excerpt.text == "A queue and a loop."


def test_an_answer_that_was_deleted_meanwhile_is_left_out(kept: SqlStore):
    ids = kept.find_answers(Query()).ids
    kept.delete_attempts(["b"])
    assert [row.attempt_id for row in kept.listed(ids)] == ["d", "c", "a"]


def test_what_there_is_to_choose_from(kept: SqlStore):
    assert kept.choices() == Choices(
        banks=("Backend engineer", "System design"), topics=("Design", "Scale"), engines=("typed", "whisper")
    )


def test_sessions_are_lines_newest_first(kept: SqlStore):
    kept.finish_session("monday", minutes(9))
    lines = kept.lines("monday")
    assert (len(lines.numbers), lines.place, lines.answers) == (2, 1, 4)
    mode = session().mode
    rows = {row.number: row for row in lines.rows}
    assert [rows[number] for number in lines.numbers] == [
        SessionLine(lines.numbers[0], "tuesday", minutes(2), "System design", mode, finished=False, answers=2),
        SessionLine(lines.numbers[1], "monday", START, "Backend engineer", mode, finished=True, answers=2),
    ]


@pytest.mark.parametrize("session_id", ["", "sunday"])
def test_a_session_that_is_not_there_has_no_place(kept: SqlStore, session_id: str):
    assert kept.lines(session_id).place is None


def test_an_empty_store_has_nothing_to_list(store: SqlStore):
    assert (store.lines().numbers, store.find_answers(Query()).ids, store.choices()) == ((), (), Choices())


# --- attempts at one question --------------------------------------------------------------


def test_every_attempt_at_a_question_comes_whole_oldest_first(kept: SqlStore):
    attempts = kept.attempts_of("async-routes")
    assert [a.id for a in attempts] == ["b", "c"]
    assert attempts == (kept.attempt("b"), kept.attempt("c"))
    assert kept.attempts_of("never-asked") == ()


# --- sessions without all their answers ----------------------------------------------------


def test_open_sessions_are_those_without_an_end_and_the_newest(kept: SqlStore):
    kept.begin_session(session("friday", at=minutes(9)))
    for name in ("monday", "friday"):
        kept.finish_session(name, minutes(10))
    every = {s.id: s for s in kept.sessions()}
    assert kept.open_sessions() == (every["friday"], every["tuesday"])


def test_heads_are_sessions_without_their_answers(kept: SqlStore):
    assert kept.session_heads() == tuple(replace(s, attempts=()) for s in kept.sessions())


def test_recordings_that_are_waves_and_written_down_are_named(kept: SqlStore, data: Path):
    kept.add_attempt(spoken(data, "e", at=minutes(4)))
    clip = kept.attempt("b").clip
    kept.replace_clip("b", replace(clip, path=clip.path.with_suffix(".flac")))
    assert [a.id for a in kept.wave_attempts()] == ["c"]


def test_versions_of_an_unknown_answer_are_an_input_error(kept: SqlStore):
    with pytest.raises(InputError, match="no answer 'x'"):
        kept.versions("x")
