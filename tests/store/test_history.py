"""The history: what fits is found, in order, and the index stays in step with what is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import InputError, StoreDamaged, StoreError
from interviewer.core.models import Attempt, Score, Session
from interviewer.core.paths import DATABASE_NAME
from interviewer.core.search import PAGE_ROWS, Choices, Excerpt, Query, SessionLine, Sort
from interviewer.store import index
from interviewer.store.database import SqlStore
from interviewer.store.opening import open_store
from tests.store.values import START, minutes, score, session, spoken, transcript, typed

NOTE = "Zitronenfalter"
"""A word with a beginning that no other one has: an index keeps only where words differ from the one before."""


def keep(
    store: SqlStore, attempt: Attempt, text: str = "", value: float | None = None, engine: str = "whisper"
) -> None:
    store.add_attempt(attempt)
    if text:
        store.add_transcript(attempt.id, replace(transcript(text), engine=engine))
    if value is not None:
        store.add_score(attempt.id, score(value), None)


@pytest.fixture
def kept(store: SqlStore, data: Path) -> SqlStore:
    """Two interviews of two banks; four answers, one a minute; `d` has neither text nor score."""
    store.begin_session(session())
    store.begin_session(replace(session("tuesday", at=minutes(2)), bank_title="System design"))
    first = replace(typed("a", at=minutes(0)), asked="How are dependencies injected?", topic="Design")
    keep(store, first, "It injects a dependency.", 40.0, "typed")
    keep(store, spoken(data, "b", at=minutes(1)), "The event loop runs it.", 92.0)
    keep(store, replace(spoken(data, "c", of="tuesday", at=minutes(2)), topic="Scale"), "A queue and a loop.", 62.4)
    keep(store, typed("d", of="tuesday", question="validation", at=minutes(3)))
    return store


def found(store: SqlStore, **fields: object) -> str:
    """Return the ids of the answers that fit, in their order, as one word."""
    return "".join(row.attempt_id for row in store.listed(store.find_answers(Query(**fields)).ids))


def words(path: Path) -> bytes:
    return (path / DATABASE_NAME).read_bytes()


def ask(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / DATABASE_NAME)) as db, db:
        return db.execute(sql).fetchall()


def agrees(data: Path) -> bool:
    """Whether the index holds what one that is made anew would hold, and no word more or less."""
    with closing(sqlite3.connect(data / DATABASE_NAME, isolation_level=None)) as db:
        db.execute("INSERT INTO history_words (history_words, rank) VALUES ('integrity-check', 1)")
        rows = "SELECT * FROM history ORDER BY attempt_id"
        before = [row[1:] for row in db.execute(rows)]
        db.execute("BEGIN")
        index.make_anew(db)
        return before == [row[1:] for row in db.execute(rows)]


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


# --- notes and stars -----------------------------------------------------------------------


def test_a_note_is_kept_and_found(kept: SqlStore):
    kept.set_note("d", f"Say {NOTE} first.")
    assert kept.attempt("d").note == f"Say {NOTE} first."
    assert found(kept, text=NOTE) == "d"


def test_another_note_takes_the_place_of_the_one_before(kept: SqlStore, data: Path):
    kept.set_note("d", f"Say {NOTE} first.")
    kept.set_note("d", "Say queue first.")
    assert (found(kept, text=NOTE), found(kept, text="queue")) == ("", "dc")


@pytest.mark.parametrize("after", ["", "Something else"])
def test_nothing_of_a_note_stays_in_the_file_when_it_is_taken_away(kept: SqlStore, data: Path, after: str):
    for number in range(40):
        kept.set_note("d", f"{NOTE} {number}")
        kept.set_note("c", f"Note {number}")
    assert NOTE.lower().encode() in words(data).lower()
    kept.set_note("d", after)
    assert NOTE.lower().encode() not in words(data).lower()


def test_a_star_is_kept_and_found(kept: SqlStore):
    kept.set_star("b", True)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (True, "b")
    kept.set_star("b", False)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (False, "")


@pytest.mark.parametrize(
    "mark", [lambda s: s.set_note("x", "n"), lambda s: s.set_star("x", True)], ids=["note", "star"]
)
def test_an_unknown_answer_takes_neither_note_nor_star(kept: SqlStore, mark: Callable[[SqlStore], None]):
    with pytest.raises(StoreError, match="no answer 'x'"):
        mark(kept)


# --- attempts at one question --------------------------------------------------------------


def test_every_attempt_at_a_question_comes_whole_oldest_first(kept: SqlStore):
    attempts = kept.attempts_of("async-routes")
    assert [a.id for a in attempts] == ["b", "c"]
    assert attempts == (kept.attempt("b"), kept.attempt("c"))
    assert kept.attempts_of("never-asked") == ()


# --- in step -------------------------------------------------------------------------------


def test_the_newest_text_alone_is_found(kept: SqlStore, data: Path):
    kept.add_transcript("b", replace(transcript("The thread pool blocks."), engine="corrected"))
    assert (found(kept, text="event"), found(kept, text="blocks"), found(kept, engine="corrected")) == ("", "b", "b")
    assert found(kept, low=90) == ""  # that text has no score yet
    kept.add_score("b", score(20), None)
    assert found(kept, high=20) == "b"
    assert agrees(data)


def test_the_newest_score_alone_counts(kept: SqlStore, data: Path):
    kept.add_score("a", score(10), None)
    assert found(kept, high=10) == "a"
    assert agrees(data)


def test_whatever_is_kept_changed_or_deleted_the_index_is_what_it_would_be_if_made_anew(kept: SqlStore, data: Path):
    kept.set_note("a", NOTE)
    kept.set_note("a", "Other")
    kept.set_star("c", True)
    kept.add_transcript("d", transcript("Late."))
    kept.delete_attempts(["b"])
    assert agrees(data)
    kept.delete_sessions(["tuesday"])
    assert agrees(data)
    assert found(kept) == "a"


def test_no_byte_of_a_deleted_text_stays_in_the_index(kept: SqlStore, data: Path):
    for number in range(60):
        keep(kept, typed(f"n{number}", at=minutes(number)), f"{NOTE if number % 2 else 'Nothing'} said {number}.")
    assert NOTE.lower().encode() in words(data)
    kept.delete_attempts([f"n{number}" for number in range(1, 60, 2)])
    assert NOTE.lower().encode() not in words(data).lower()
    assert len(kept.find_answers(Query(text="nothing")).ids) == 30


def test_a_failed_change_leaves_the_index_as_it_was(kept: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr(index, "_put", broken)
    with pytest.raises(StoreError):
        kept.set_note("a", NOTE)
    monkeypatch.undo()
    assert (kept.attempt("a").note, found(kept, text="injects")) == ("", "a")
    assert agrees(data)


# --- damage --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE history_words",
        "DROP VIEW history_texts",
        "DROP TABLE history",
        "DROP INDEX ix_history_shown",
        "CREATE TABLE more (id)",
    ],
)
def test_an_index_that_was_lost_is_made_anew_when_the_store_is_opened(kept: SqlStore, data: Path, harm: str):
    kept.set_note("b", NOTE)
    kept.close()
    ask(data, harm)
    with closing(SqlStore.open(data)) as again:
        assert (found(again, text="loop"), found(again, text=NOTE)) == ("cb", "b")
    assert agrees(data)


TORN = "DELETE FROM history_words_data"
HARMS = (
    TORN,
    "DELETE FROM history_words_config",
    "DROP TABLE history_words_data",
    "DROP TABLE history_words_idx",
    "UPDATE history_words_data SET block = x'ffffffffffffffff' WHERE id > 10",
)


@pytest.mark.parametrize("harm", HARMS)
def test_an_index_that_is_damaged_within_is_made_anew_when_it_is_asked(kept: SqlStore, data: Path, harm: str):
    kept.close()
    ask(data, harm)
    with closing(SqlStore.open(data)) as again:
        assert found(again, text="loop") == "cb"
    assert agrees(data)


@pytest.mark.parametrize(
    ("use", "ids"),
    [
        (lambda s: s.add_transcript("b", transcript("A thread.")), "c"),
        (lambda s: s.set_note("a", "loop"), "cba"),
        (lambda s: s.delete_attempts(["b"]), "c"),
    ],
    ids=["add", "note", "delete"],
)
def test_a_damaged_index_keeps_nothing_from_being_kept(
    kept: SqlStore, data: Path, use: Callable[[SqlStore], object], ids: str
):
    kept.close()
    ask(data, TORN)
    with closing(SqlStore.open(data)) as again:
        use(again)
        assert found(again, text="loop") == ids
    assert agrees(data)


def test_a_damaged_entry_that_is_found_later_is_remembered_for_the_next_start(kept: SqlStore, data: Path):
    ask(data, "UPDATE scores SET points = '[7]' WHERE attempt_id = 'b'")
    assert not kept.is_doubted
    with pytest.raises(StoreDamaged):
        kept.attempt("b")
    assert kept.is_doubted
    kept.close()
    told: list[Exception] = []
    with closing(open_store(data, told=told.append)) as again:
        assert len(told) == 1
        assert (again.is_doubted, again.attempt("b").score) == (False, None)
        assert found(again, text="loop") == "cb"


def test_many_answers_are_not_all_read_at_a_start(kept: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch):
    kept.close()
    monkeypatch.setattr("interviewer.store.opening._QUICKLY", 3)
    monkeypatch.setattr(SqlStore, "sessions", lambda _: pytest.fail("read every answer"))
    open_store(data, told=lambda _: None).close()


def test_notes_and_stars_outlive_a_rebuilt_database(kept: SqlStore, data: Path):
    kept.set_note("b", NOTE)
    kept.set_star("c", True)
    kept.close()
    ask(data, "UPDATE sessions SET mode = 'other' WHERE id = 'none'")
    ask(data, "UPDATE scores SET points = '[7]' WHERE attempt_id = 'a'")
    with closing(open_store(data, told=lambda _: None)) as again:
        assert (found(again, text=NOTE), found(again, starred=True), again.attempt("a").score) == ("b", "c", None)
        assert (again.attempt("a").asked, again.attempt("a").topic) == ("How are dependencies injected?", "Design")
    assert agrees(data)


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
