"""The gates that compare an answer with the example word for word, with its length and with its neighbours."""

from __future__ import annotations

import random

import pytest

from interviewer.core import gates
from interviewer.core.gates import PASSED, Gate
from interviewer.core.text import spaced

WORDS = [f"word{n}" for n in range(60)]
EXAMPLE = " ".join(WORDS)


def recited(text: str, *references: str) -> Gate:
    return gates.recited(text.split(), [r.split() for r in references or (EXAMPLE,)])


def too_short(text: str, *references: str) -> Gate:
    return gates.too_short(spaced(text).split(), [spaced(r).split() for r in references])


# --- an example said word for word ------------------------------------------------------------


def test_an_example_word_for_word_is_told_and_costs_nothing() -> None:
    gate = recited(EXAMPLE)
    assert (gate.kind, gate.factor) == ("recited", 1.0)
    assert "word for word" in gate.note


def test_marks_and_capitals_do_not_hide_a_recital() -> None:
    assert recited(EXAMPLE.upper().replace(" ", ", ")).kind == "recited"


def test_one_of_several_examples_is_enough_to_recite() -> None:
    assert recited(EXAMPLE, "Another example.", EXAMPLE).kind == "recited"


def test_an_answer_of_the_same_words_in_another_order_is_no_recital() -> None:
    other = WORDS.copy()
    random.Random(1).shuffle(other)
    assert recited(" ".join(other)) is PASSED


def test_a_phrase_of_the_example_in_an_answer_of_ones_own_is_no_recital() -> None:
    own = " ".join(f"own{n}" for n in range(60))
    assert recited(f"{own} {' '.join(WORDS[: gates.COPIED_WORDS])}") is PASSED


def test_a_short_answer_is_no_recital_whatever_it_says() -> None:
    assert recited(" ".join(WORDS[: gates.SHORTEST_RECITAL - 1])) is PASSED
    assert recited(" ".join(WORDS[: gates.SHORTEST_RECITAL])).kind == "recited"


# --- said again, and hardly said --------------------------------------------------------------


def test_sentences_said_again_are_told_and_cost_nothing() -> None:
    gate = gates.repeated(2)
    assert (gate.kind, gate.factor) == ("repeated", 1.0)
    assert "counted once" in gate.note


def test_an_answer_without_repetition_passes() -> None:
    assert gates.repeated(0) is PASSED


def test_two_words_beside_a_long_example_are_too_short_to_judge() -> None:
    gate = too_short("Hot data.", EXAMPLE)
    assert (gate.kind, gate.factor) == ("too short", 1.0)
    assert "few sentences" in gate.note


def test_marks_make_an_answer_no_longer() -> None:
    assert too_short("Hot, data! – ( ) … ?!", EXAMPLE).kind == "too short"


def test_so_many_words_are_enough_whatever_the_example_has() -> None:
    assert too_short(" ".join(WORDS[: gates.FEWEST_WORDS]), " ".join(WORDS * 20)) is PASSED


def test_a_short_answer_is_enough_where_an_example_is_short_too() -> None:
    assert too_short("Never.", EXAMPLE, "It never is.") is PASSED


# --- another question's answer, and a stranger's ------------------------------------------------

TITLES = tuple(f"Question {n}?" for n in range(gates.FEWEST_OTHERS + 2))
FAR = (0.1, 0.12, 0.09, 0.11)


def test_the_answer_to_another_question_is_marked_down_and_that_question_named() -> None:
    others = (*FAR, gates.STRANGER_NEARNESS + 0.4)
    gate = gates.off_subject(gates.STRANGER_NEARNESS + 0.3 - gates.STRANGER_GAP, others, TITLES)
    assert gate.kind == "off the subject"
    assert 0.0 < gate.factor <= 0.5
    assert "“Question 4?”" in gate.note


def test_an_answer_nearly_as_near_to_its_own_question_passes() -> None:
    nearest = gates.STRANGER_NEARNESS + 0.4
    assert gates.off_subject(nearest - gates.STRANGER_GAP / 2, (*FAR, nearest), TITLES) is PASSED


def test_an_answer_far_from_every_entry_and_no_nearer_to_its_own_is_off_the_subject() -> None:
    gate = gates.off_subject(0.05, FAR, TITLES)
    assert gate.kind == "off the subject"
    assert "little to do with" in gate.note


@pytest.mark.parametrize("own", [0.6, 0.95])
def test_an_answer_nearest_to_its_own_question_passes(own: float) -> None:
    assert gates.off_subject(own, (0.2, 0.3, 0.25, 0.5), TITLES) is PASSED


def test_where_every_entry_is_alike_the_own_one_wins_a_tie() -> None:
    assert gates.off_subject(0.4, (0.4, 0.4, 0.4), TITLES) is PASSED


@pytest.mark.parametrize("count", range(gates.FEWEST_OTHERS))
def test_a_bank_of_few_questions_says_nothing_about_the_subject(count: int) -> None:
    assert gates.off_subject(0.0, [0.99] * count, TITLES) is PASSED
