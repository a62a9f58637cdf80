from __future__ import annotations

import math
import random

import pytest

from interviewer.core import gates
from interviewer.core.gates import PASSED, Slip
from interviewer.core.text import spaced, stem, stems

REFERENCE = (
    "A cache keeps copies of hot data near the reader, so that most reads never reach the slow disk. "
    "When the data changes the copy must be thrown away, or the reader sees an old value. "
    "Every cache has a limit, and a policy says which entry leaves first."
)
QUESTION = stems(["What", "does", "a", "cache", "do", "for", "reads?"])


def pieces(text: str) -> list[str]:
    return spaced(text).split()


# --- smooth bounds ---------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "expected"), [(0.0, 0.5), (1e6, 1.0), (-1e6, 0.0), (2.0, 1 / (1 + math.exp(-2)))])
def test_the_sigmoid_never_overflows(x: float, expected: float) -> None:
    assert gates.sigmoid(x) == pytest.approx(expected, abs=1e-12)


# --- no answer --------------------------------------------------------------------------------


def no_answer(text: str, reference: str = REFERENCE) -> gates.Gate:
    return gates.no_answer(pieces(text), [pieces(reference)])


@pytest.mark.parametrize(
    "text",
    [
        "I don't know",
        "No idea.",
        "NO ANSWER",
        "not answered",
        "fine",
        "I'm not sure, sorry.",
        "Pass, next question please",
    ],
)
def test_who_passes_gets_nothing(text: str) -> None:
    gate = no_answer(text)
    assert (gate.kind, gate.factor) == ("no answer", 0.0)
    assert gate.note


@pytest.mark.parametrize(
    "text",
    [
        "I don't know the details, but a cache keeps copies.",
        "Copies.",
        "Yes.",
        "",
        "I don't know, I don't know, I really don't know what I could say about it, it is so hard to say.",
    ],
)
def test_who_says_anything_else_is_judged(text: str) -> None:
    assert no_answer(text) is PASSED


def test_a_word_of_the_example_is_no_refusal() -> None:
    assert no_answer("It is passed.", "Arrays pass their address.").kind == ""
    assert no_answer("Pass.", "The sky is blue.").kind == "no answer"


# --- the question read back ------------------------------------------------------------------


def read_back(text: str, *, to_question: float = 0.95, to_reference: float = 0.4) -> gates.Gate:
    return gates.read_back(pieces(text), QUESTION, to_question=to_question, to_reference=to_reference)


def test_the_question_said_again_is_marked_down() -> None:
    gate = read_back("What a cache does for reads is a good question.")
    assert gate.kind == "read back"
    assert 0.0 < gate.factor <= 0.5
    assert gate.note == "This mostly repeats the question."


def test_a_short_answer_with_a_word_of_its_own_passes() -> None:
    assert read_back("A cache does speed reads.") is PASSED


def test_a_long_answer_needs_more_words_of_its_own() -> None:
    again = " ".join(["What does a cache do for the reads, well, what it does is a good question."] * 3)
    assert read_back(f"{again} It speeds them.").kind == "read back"
    assert read_back(f"{again} It speeds fast hot rows.") is PASSED


def test_a_number_may_be_the_answer() -> None:
    assert read_back("A cache does one.") is PASSED


def test_a_word_that_only_the_examples_have_is_an_answer() -> None:
    text = " ".join(["What a cache does for reads is a good question."] * 3)
    near = {"to_question": 0.95, "to_reference": 0.4}
    told = f"{text} It reads copies."
    assert gates.read_back(pieces(told), QUESTION, **near).kind == "read back"
    assert gates.read_back(pieces(told), QUESTION, **near, references=[pieces(REFERENCE)]) is PASSED
    assert gates.read_back(pieces(told), QUESTION | {stem("copies")}, **near, references=[pieces(REFERENCE)]) != PASSED


def test_words_far_from_the_question_pass() -> None:
    assert read_back("A cache does reads.", to_question=0.75) is PASSED


def test_words_as_near_to_the_example_as_to_the_question_pass() -> None:
    assert read_back("A cache does reads.", to_question=0.95, to_reference=0.88) is PASSED


# --- keyword lists ---------------------------------------------------------------------------


def keyword_list(text: str, *references: str, points: str = "") -> gates.Gate:
    return gates.keyword_list(pieces(text), [pieces(r) for r in references or (REFERENCE,)], pieces(points))


def test_code_is_no_list() -> None:
    code = "void cache(Node node) { if (node) { copy(node->left); print(node->data); copy(node->right); } }"
    assert keyword_list(code) is PASSED


def test_ten_words_without_grammar_are_a_list() -> None:
    words = "cache copies hot data reader reads slow disk limit policy"
    gate = keyword_list(words)
    assert gate.kind == "keyword list"
    assert 0.0 < gate.factor <= 0.5
    assert "keywords" in gate.note


def test_a_few_words_without_grammar_may_be_a_short_answer() -> None:
    assert keyword_list("cache copies hot data") is PASSED


def test_a_sentence_before_a_list_of_terms_makes_no_answer_of_it() -> None:
    terms = "copies hot data reader disk eviction policy limit invalidation staleness locality hits misses latency"
    assert keyword_list(f"So I would say that it is about {terms}").kind == "keyword list"


def test_the_same_terms_in_sentences_pass() -> None:
    text = (
        "So it keeps copies of the hot data near to the reader and not on disk. The eviction policy works by a limit. "
        "With invalidation there is no staleness, and by locality the hits are many and the misses few."
    )
    assert keyword_list(text) is PASSED


def test_a_short_run_of_terms_in_an_answer_passes() -> None:
    text = "There are many kinds of it, such as hardware caches, browser caches, proxies, and each of them has a limit."
    assert keyword_list(text) is PASSED


def test_a_run_of_terms_as_long_as_the_examples_own_passes() -> None:
    run = "status headers cookies body query path method host port scheme"
    example = f"Each request has these: {run}. You can read them all from the one object that is handed to you."
    assert keyword_list(f"Each has {run}", example) is PASSED


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
    assert keyword_list(" ".join(words)).kind == "keyword list"


def test_one_scrambled_example_is_enough_whatever_the_others_say() -> None:
    words = REFERENCE.split()
    random.Random(3).shuffle(words)
    other = "Most programs ask for the same few things again and again, and memory is quick to answer."
    assert keyword_list(" ".join(words), other, REFERENCE).kind == "keyword list"


def test_the_words_of_the_key_points_out_of_order_are_a_list() -> None:
    points = (
        "The client caches the token. A server signs every session. Old keys expire within an hour. "
        "Proxies forward headers. Browsers refuse foreign cookies. Logs never show passwords."
    )
    words = points.split()
    random.Random(5).shuffle(words)
    assert keyword_list(" ".join(words), points=points).kind == "keyword list"


def test_function_words_between_them_do_not_hide_the_words_of_an_example_out_of_order() -> None:
    words = [w for w in REFERENCE.split() if len(w) > 3]
    random.Random(3).shuffle(words)
    assert keyword_list(" ".join(f"it is that this {w}" for w in words)).kind == "keyword list"


def test_some_words_of_an_example_in_an_order_of_ones_own_pass() -> None:
    text = "The limit is what matters, and a policy for it; copies that are old have to leave it at some time."
    assert keyword_list(text) is PASSED


def test_code_read_aloud_is_no_list() -> None:
    code = (
        "function memoize key value { store [ key ] = value ; } return compute ( key ) ; "
        "lookup cached entry ; check ( expiry ) ; refresh stale ; delete old ;"
    )
    assert keyword_list(f"I would write it so that it says {code}") is PASSED
    marks_left_out = "".join(c for c in code if c.isalnum() or c == " ")
    assert keyword_list(f"I would write it so that it says {marks_left_out}").kind == "keyword list"


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
    assert (gate.kind, gate.factor) == ("mistake", gates.MISTAKE_FACTOR)
    assert gate.note == "Check this: “They said this.” In truth not this."


@pytest.mark.parametrize(
    "right",
    [
        slip("a", mistake=gates.MISTAKE_NEARNESS - 0.01, points=0.0, truth=0.0),
        slip("a", points=0.71 - gates.MISTAKE_MARGIN),
        slip("a", truth=0.7),
    ],
    ids=["too far", "as near to a point", "as near to the truth"],
)
def test_a_sentence_that_may_be_right_is_no_mistake(right: Slip) -> None:
    assert gates.mistakes([right]) == ()


def test_so_many_mistakes_lower_the_score_and_no_more_the_clearest_first() -> None:
    slips = [slip(f"no. {n}", mistake=0.6 + n / 100) for n in range(gates.MOST_MISTAKES + 1)]
    found = gates.mistakes(slips)
    assert [f"no. {n}." in g.note for g, n in zip(found, range(gates.MOST_MISTAKES, 0, -1), strict=True)] == [
        True
    ] * gates.MOST_MISTAKES


def test_a_mistake_said_twice_counts_once() -> None:
    again = Slip("And again.", "In truth not this.", 0.8, 0.3, 0.4)
    (gate,) = gates.mistakes([slip("this"), again])
    assert "And again." in gate.note
