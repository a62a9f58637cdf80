"""What a user types becomes a question to the index that it never refuses, and excerpts show why an answer is there."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.core.search import MOST_TERMS, Excerpt, Query, Sort, excerpt, expression, whole_days

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WIDE = "".join(f"word{n} " for n in range(60))


def lit(found: Excerpt) -> list[str]:
    return [found.text[first:stop] for first, stop in found.marks]


# --- questions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ""),
        ("   ", ""),
        ("loop", '"loop" *'),
        ("event loop", '"event" "loop" *'),
        ("event loop ", '"event" "loop"'),
        ('"event loop"', '"event loop"'),
        ('"event  lo', '"event lo" *'),
        ('"event loop" thr', '"event loop" "thr" *'),
        ('thread "event loop"', '"thread" "event loop"'),
        ("a", '"a"'),
        ("C++", '"C++" *'),
        ("async-def", '"async-def" *'),
        ("naïve", '"naïve" *'),
        ("!!! ?", ""),
        ('""', ""),
        ('what" ?', '"what"'),
        ("NEAR(a b) OR NOT title:x^2", '"NEAR(a" "b)" "OR" "NOT" "title:x^2" *'),
        ("two\0parts", '"two" "parts" *'),
        ("half\ud83d", '"half"'),
    ],
)
def test_words_become_strings_and_the_last_one_may_go_on(text: str, asked: str):
    assert expression(text) == asked


def test_more_words_than_the_index_takes_are_left_out():
    assert expression(WIDE).count('"') == 2 * MOST_TERMS
    assert expression(WIDE + "last").endswith(f'"word{MOST_TERMS - 1}"')


@given(st.text() | st.text(alphabet='ab"*()^:-+ \0\n'))
def test_whatever_is_typed_is_a_question_that_the_index_takes(text: str):
    asked = expression(text)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        if asked:
            assert db.execute("SELECT * FROM words WHERE words MATCH ?", (asked,)).fetchall() == []


@pytest.mark.parametrize(
    ("query", "narrows"),
    [
        (Query(), False),
        (Query(text="  ", session_id="s", sort=Sort.BEST), False),
        (Query(text="loop"), True),
        (Query(bank="Bank"), True),
        (Query(topic="Design"), True),
        (Query(engine="typed"), True),
        (Query(low=0), True),
        (Query(high=100), True),
        (Query(since=NOON), True),
        (Query(until=NOON), True),
        (Query(starred=True), True),
    ],
)
def test_a_query_narrows_when_it_lets_not_everything_of_a_session_pass(query: Query, narrows: bool):
    assert query.narrows is narrows


# --- excerpts ------------------------------------------------------------------------------


def test_without_words_to_look_for_an_excerpt_is_the_beginning():
    assert excerpt("It  runs\non the event loop.", "") == Excerpt("It runs on the event loop.")
    assert excerpt("word " * 100, "?").text == f"{'word ' * 36} …"


def test_every_word_that_is_looked_for_is_lit():
    found = excerpt("The event loop runs; loops block no event.", "event loop")
    assert lit(found) == ["event", "loop", "loops", "event"]


def test_a_whole_word_is_lit_only_where_it_stands_alone():
    assert lit(excerpt("A loop and two loops, a noloop.", "loop ")) == ["loop"]


def test_the_words_of_a_phrase_are_lit_the_last_one_as_far_as_it_goes():
    assert lit(excerpt("An event and the event looping.", '"event lo')) == ["event", "event", "looping"]


def test_neither_case_nor_accents_count():
    assert lit(excerpt("ÉVÉNEMENT, événement, evenement and Straße", "evenement strasse")) == [
        "ÉVÉNEMENT",
        "événement",
        "evenement",
        "Straße",
    ]


def test_one_sign_that_became_two_words_is_lit_once():
    found = excerpt("ﷺ x", "صلى وسلم")
    assert lit(found) == ["ﷺ"]


def test_an_excerpt_begins_at_a_word_before_the_first_one_found():
    found = excerpt("before " * 40 + "needle " + "behind " * 40, "needle")
    assert found.text.startswith("… before before")
    assert found.text.endswith(" …")
    assert lit(found) == ["needle"]
    assert 40 <= found.marks[0][0] <= 70


def test_a_word_that_goes_on_for_ever_is_cut_inside():
    found = excerpt("x" * 300 + "-needle", "needle")
    assert found.text == f"… {'x' * 59}-needle"
    assert lit(found) == ["needle"]


def test_what_stands_behind_the_excerpt_is_not_lit():
    found = excerpt("needle " + "behind " * 60 + "needle", "needle")
    assert lit(found) == ["needle"]


@given(st.text(max_size=400), st.text(max_size=40))
def test_marks_lie_in_the_text_in_order_and_apart(text: str, sought: str):
    found = excerpt(text, sought)
    ends = [end for mark in found.marks for end in mark]
    assert ends == sorted(ends)
    assert all(first < stop <= len(found.text) for first, stop in found.marks)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no way to change the zone")
def test_whole_days_are_those_of_the_users_zone_whatever_the_time_of_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        since, until = whole_days(date(2026, 3, 28), date(2026, 3, 29))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert since == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert until == datetime(2026, 3, 29, 22, tzinfo=UTC)  # summer time began
