"""Finding the sentence of an example that makes a point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.core.bank import load_bank
from interviewer.core.linking import NO_EXAMPLE, example_of, linked
from interviewer.core.models import KeyPoint, Question
from interviewer.core.paths import shipped_bank

EXAMPLE = "A queue keeps work for later. The loop never blocks. Threads run what blocks, so the loop is free."
LOOP, THREADS = "Never block the event loop.", "Blocking calls belong in threads."


def question(*points: KeyPoint, example: str = EXAMPLE) -> Question:
    return Question(
        id="one", topic="T", difficulty=1, question="Q?", background="B", guidance="G", example_answer=example,
        key_points=points,
    )  # fmt: skip


def test_a_point_stands_where_its_words_do() -> None:
    found = linked(EXAMPLE, [THREADS, LOOP])
    assert [found.text(place) for place in found.places if place is not None] == [
        "Threads run what blocks, so the loop is free.",
        "The loop never blocks.",
    ]


def test_a_sentence_knows_its_points() -> None:
    found = linked(EXAMPLE, [LOOP, THREADS, "The loop must never block."])
    assert [found.points(n) for n in range(3)] == [(), (0, 2), (1,)]


@pytest.mark.parametrize("point", ["Caches expire.", "A queue of documents is typed by hand in many places.", "It is."])
def test_a_point_whose_words_are_not_in_the_example_has_no_place(point: str) -> None:
    assert linked(EXAMPLE, [point]).places == (None,)


def test_a_point_of_one_word_is_found_by_it() -> None:
    assert linked(EXAMPLE, ["Queues."]).places == (0,)


def test_an_example_without_words_has_no_sentence() -> None:
    assert linked("", [LOOP]).places == (None,)


def test_without_an_entry_there_is_no_example() -> None:
    assert example_of(None, [LOOP]) is NO_EXAMPLE


def test_the_terms_of_a_point_help_to_find_it() -> None:
    point = KeyPoint(text="Heavy work goes elsewhere.", terms=("queue", "later"))
    assert example_of(question(point)).places == (0,)
    assert example_of(question(KeyPoint(text=point.text))).places == (None,)


def test_points_that_were_judged_before_the_bank_was_edited_are_placed_as_well() -> None:
    assert example_of(question(KeyPoint(text=THREADS)), [LOOP, THREADS]).places == (1, 2)


def test_every_point_of_the_bank_that_ships_has_its_sentence() -> None:
    bank = load_bank(shipped_bank())
    assert [k for q in bank.questions for k in example_of(q).places if k is None] == []


@given(st.text(), st.lists(st.text(max_size=40), max_size=4))
def test_sentences_cover_an_example_and_places_are_among_them(example: str, points: list[str]) -> None:
    found = linked(example, points)
    assert " ".join(found.text(n) for n in range(len(found.sentences))) == " ".join(example.split())
    assert all(place is None or 0 <= place < len(found.sentences) for place in found.places)
