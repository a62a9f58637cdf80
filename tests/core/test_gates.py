from __future__ import annotations

import math
import random

import pytest

from interviewer.core import gates
from interviewer.core.gates import PASSED, Slip
from interviewer.core.text import spaced, stems

REFERENCE = (
    "A cache keeps copies of hot data near the reader, so that most reads never reach the slow disk. "
    "When the data changes the copy must be thrown away, or the reader sees an old value. "
    "Every cache has a limit, and a policy says which entry leaves first."
)
QUESTION = stems(["What", "does", "a", "cache", "do", "for", "reads?"])


def pieces(text: str) -> list[str]:
    return spaced(text).split()


# --- no point was hit -----------------------------------------------------------------------


def test_a_point_that_was_clearly_hit_passes() -> None:
    gate = gates.point_hit(0.6)
    assert gate.factor == pytest.approx(1.0, abs=1e-3)
    assert gate.note == ""


def test_an_answer_that_hits_no_point_is_halved_and_told_so() -> None:
    gate = gates.point_hit(0.1)
    assert gate.factor == pytest.approx(0.5, abs=1e-3)
    assert "None of the key points" in gate.note


def test_the_point_gate_turns_smoothly() -> None:
    assert gates.point_hit(0.32).factor == pytest.approx(0.75)
    factors = [gates.point_hit(x / 100).factor for x in range(100)]
    assert factors == sorted(factors)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 0.5), (1e6, 1.0), (-1e6, 0.0), (2.0, 1 / (1 + math.exp(-2)))])
def test_the_sigmoid_never_overflows(x: float, expected: float) -> None:
    assert gates.sigmoid(x) == pytest.approx(expected, abs=1e-12)


# --- the question read back ------------------------------------------------------------------


def read_back(text: str, *, tokens: int = 8, to_question: float = 0.95, to_reference: float = 0.4) -> gates.Gate:
    return gates.read_back(pieces(text), QUESTION, tokens=tokens, to_question=to_question, to_reference=to_reference)


def test_the_question_said_again_is_marked_down() -> None:
    gate = read_back("What a cache does for reads is a good question.")
    assert gate.factor == 0.15
    assert gate.note == "This mostly repeats the question."


def test_a_short_answer_with_a_word_of_its_own_passes() -> None:
    assert read_back("A cache does speed reads.") is PASSED


def test_a_long_answer_needs_more_than_two_words_of_its_own() -> None:
    assert read_back("What does a cache do? A cache does speed fast reads.", tokens=20).factor == 0.15
    assert read_back("What does a cache do? A cache does speed hot fast reads.", tokens=20) is PASSED


def test_words_far_from_the_question_pass() -> None:
    assert read_back("A cache does reads.", to_question=0.75) is PASSED


def test_words_as_near_to_the_example_as_to_the_question_pass() -> None:
    assert read_back("A cache does reads.", to_question=0.95, to_reference=0.88) is PASSED


# --- keyword lists ---------------------------------------------------------------------------


def keyword_list(text: str, *references: str, points: str = "") -> gates.Gate:
    return gates.keyword_list(pieces(text), [pieces(r) for r in references or (REFERENCE,)], pieces(points))


def test_ten_words_without_grammar_are_a_list() -> None:
    words = "cache copies hot data reader reads slow disk limit policy"
    gate = keyword_list(words)
    assert gate.factor == 0.4
    assert "keywords" in gate.note


def test_nine_words_may_be_a_short_answer() -> None:
    assert keyword_list("cache copies hot data reader reads slow disk limit") is PASSED


def test_a_reference_that_is_a_list_asks_for_one() -> None:
    words = "atomicity consistency isolation durability transactions commit rollback locks logging recovery"
    assert keyword_list(words, words) is PASSED


def test_one_list_among_the_examples_is_enough_to_ask_for_one() -> None:
    words = "atomicity consistency isolation durability transactions commit rollback locks logging recovery"
    assert keyword_list(words, REFERENCE, words) is PASSED


def test_an_example_said_in_its_own_order_passes() -> None:
    assert keyword_list(REFERENCE) is PASSED


def test_the_words_of_an_example_out_of_order_are_a_list() -> None:
    words = REFERENCE.split()
    random.Random(3).shuffle(words)
    assert keyword_list(" ".join(words)).factor == 0.4


def test_one_scrambled_example_is_enough_whatever_the_others_say() -> None:
    words = REFERENCE.split()
    random.Random(3).shuffle(words)
    other = "Most programs ask for the same few things again and again, and memory is quick to answer."
    assert keyword_list(" ".join(words), other, REFERENCE).factor == 0.4


def test_the_words_of_the_key_points_out_of_order_are_a_list() -> None:
    points = (
        "The client caches the token. A server signs every session. Old keys expire within an hour. "
        "Proxies forward headers. Browsers refuse foreign cookies. Logs never show passwords."
    )
    words = points.split()
    random.Random(5).shuffle(words)
    assert keyword_list(" ".join(words), points=points).factor == 0.4


def test_sentences_of_an_example_in_another_order_pass() -> None:
    first, second, third = (s + "." for s in REFERENCE.rstrip(".").split(". "))
    assert keyword_list(f"{third} {second} {first}") is PASSED


def test_an_answer_in_its_own_words_passes() -> None:
    assert keyword_list("It remembers what people ask for often, and it forgets things once they are stale.") is PASSED


# --- known mistakes -----------------------------------------------------------------------------


def slip(name: str, *, mistake: float = 0.7, points: float = 0.3, truth: float = 0.4) -> Slip:
    return Slip(f"They said {name}.", f"In truth not {name}.", mistake, points, truth)


def test_a_mistake_is_quoted_with_its_correction() -> None:
    (gate,) = gates.mistakes([slip("this")])
    assert gate.factor == 0.4
    assert gate.note == "Check this: “They said this.” In truth not this."


@pytest.mark.parametrize(
    "right",
    [slip("a", mistake=0.37, points=0.0, truth=0.0), slip("a", points=0.5), slip("a", truth=0.7)],
    ids=["too far", "as near to a point", "as near to the truth"],
)
def test_a_sentence_that_may_be_right_is_no_mistake(right: Slip) -> None:
    assert gates.mistakes([right]) == ()


def test_two_mistakes_at_most_lower_the_score_the_clearest_first() -> None:
    found = gates.mistakes([slip("one", mistake=0.6), slip("two", mistake=0.9), slip("three", mistake=0.8)])
    assert ["two" in g.note or "three" in g.note for g in found] == [True, True]
    assert "two" in found[0].note


def test_a_mistake_said_twice_counts_once() -> None:
    again = Slip("And again.", "In truth not this.", 0.8, 0.3, 0.4)
    (gate,) = gates.mistakes([slip("this"), again])
    assert "And again." in gate.note
