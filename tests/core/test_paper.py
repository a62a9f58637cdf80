from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from interviewer.core.encoding import Encoding
from interviewer.core.errors import EngineError, InputError
from interviewer.core.models import QuestionKind
from interviewer.core.paper import KEPT_PAPERS, MOST_REFERENCE_WORDS, Papers, encode_paper, free_sheet, sheet_of, units
from interviewer.core.text import LONGEST_SENTENCE, spaced
from tests.core.fake_encoder import FakeEncoder, encode
from tests.core.judging import EXAMPLE, NEIGHBOURS, POINTS, QUESTION

# --- sheets -----------------------------------------------------------------------------------


def test_an_entry_is_judged_by_its_examples_its_points_and_its_mistakes() -> None:
    sheet = sheet_of(QUESTION.model_copy(update={"alternative_answers": ("Another.",)}))
    assert (sheet.prompt, sheet.references) == (QUESTION.question, (EXAMPLE, "Another."))
    assert (sheet.points, sheet.mistakes) == (POINTS, QUESTION.mistakes)


@pytest.mark.parametrize(("kind", "only"), [(QuestionKind.KNOWLEDGE, False), (QuestionKind.BEHAVIOURAL, True)])
def test_only_a_question_about_behaviour_has_no_single_right_answer(kind: QuestionKind, only: bool) -> None:
    assert sheet_of(QUESTION.model_copy(update={"kind": kind})).coverage_only is only


def test_without_key_points_the_sentences_of_the_reference_stand_in() -> None:
    sheet = free_sheet("Why?", "It is fast. It is cheap!", None)
    assert (sheet.points, sheet.stand_ins) == (("It is fast.", "It is cheap!"), True)


def test_an_empty_list_of_key_points_is_none() -> None:
    assert free_sheet("Why?", EXAMPLE, []) == free_sheet("Why?", EXAMPLE, None)


def test_given_key_points_are_used() -> None:
    sheet = free_sheet("Why?", EXAMPLE, POINTS)
    assert (sheet.points, sheet.stand_ins) == (POINTS, False)
    assert not sheet_of(QUESTION).stand_ins


@pytest.mark.parametrize("reference", ["", "  \n", "…", "?!"])
def test_a_reference_without_words_is_refused(reference: str) -> None:
    with pytest.raises(InputError, match="example answer"):
        free_sheet("Why?", reference, POINTS)


def test_a_reference_that_nobody_could_answer_is_refused() -> None:
    assert free_sheet("Why?", "word " * MOST_REFERENCE_WORDS, POINTS).points == POINTS
    with pytest.raises(InputError, match=f"{MOST_REFERENCE_WORDS + 1} words"):
        free_sheet("Why?", "word " * (MOST_REFERENCE_WORDS + 1), None)


def test_a_long_sentence_is_taken_as_its_clauses() -> None:
    long = ["word"] * LONGEST_SENTENCE + ["and"] + ["word"] * LONGEST_SENTENCE
    found = units(" ".join(long))
    assert len(found) > 1
    assert " ".join(found).split() == long


# --- encoded ----------------------------------------------------------------------------------


def test_a_sheet_is_encoded_in_one_batch_its_marks_set_apart() -> None:
    encoder = FakeEncoder()
    encode_paper(sheet_of(QUESTION), encoder)
    (asked,) = encoder.asked
    assert asked[0] == "What does a cache do for the reads of a service ?"
    assert asked == [spaced(text) for text in asked]


def test_each_text_is_encoded_in_its_place() -> None:
    other = "Memory answers quickly. Old rows go."
    paper = encode_paper(sheet_of(QUESTION.model_copy(update={"alternative_answers": (other,)})), FakeEncoder())

    def texts(group: Sequence[object]) -> list[str]:
        return [" ".join(w.encoding.words) for w in group]  # type: ignore[attr-defined]

    assert texts(paper.references) == [spaced(EXAMPLE), spaced(other)]
    assert texts(paper.points) == list(POINTS)
    assert texts(paper.mistakes) == [m.text for m in QUESTION.mistakes]
    assert texts(paper.corrections) == [spaced(m.correction) for m in QUESTION.mistakes]
    assert texts(paper.examples) == [spaced(s) for s in (*units(EXAMPLE), *units(other))]


def test_sentences_of_examples_are_encoded_only_where_a_mistake_is_known() -> None:
    assert encode_paper(free_sheet("Why?", EXAMPLE, POINTS), FakeEncoder()).examples == []


def test_the_question_is_what_is_taken_out_of_every_comparison() -> None:
    paper = encode_paper(sheet_of(QUESTION), FakeEncoder())
    assert {"cach", "servic"} <= paper.asked.stems
    np.testing.assert_array_equal(paper.asked.sentence, encode(spaced(QUESTION.question)).sentence)


def test_neighbours_are_encoded_in_a_batch_of_their_own() -> None:
    encoder = FakeEncoder()
    paper = encode_paper(sheet_of(QUESTION), encoder, NEIGHBOURS)
    assert encoder.asked[1:] == [[spaced(n.reference) for n in NEIGHBOURS]]
    assert paper.neighbours == NEIGHBOURS
    for neighbour, vector in zip(NEIGHBOURS, paper.bearings, strict=True):
        np.testing.assert_array_equal(vector, encode(spaced(neighbour.reference)).sentence)


def test_without_neighbours_nothing_is_asked_for_them() -> None:
    encoder = FakeEncoder()
    assert encode_paper(sheet_of(QUESTION), encoder).bearings == []
    assert len(encoder.asked) == 1


def test_every_text_that_stretches_are_compared_with_lies_in_the_bundle() -> None:
    paper = encode_paper(sheet_of(QUESTION), FakeEncoder())
    every = [*paper.points, *paper.mistakes, *paper.corrections, *paper.examples]
    np.testing.assert_array_equal(paper.bundle.tokens, np.concatenate([w.encoding.tokens for w in every]))
    assert len(paper.bundle.starts) == len(every)


def test_a_sheet_that_was_asked_for_before_is_not_encoded_again() -> None:
    encoder = FakeEncoder()
    papers = Papers(encoder)
    first = papers.of(sheet_of(QUESTION), list(NEIGHBOURS))
    assert papers.of(sheet_of(QUESTION), NEIGHBOURS) is first
    assert len(encoder.asked) == 2
    assert papers.of(sheet_of(QUESTION)) is not first


def test_papers_that_were_not_asked_for_lately_are_let_go() -> None:
    encoder = FakeEncoder()
    papers = Papers(encoder)
    for n in range(KEPT_PAPERS + 1):
        papers.of(free_sheet(f"Why {n}?", EXAMPLE, None))
    papers.of(free_sheet("Why 0?", EXAMPLE, None))
    assert len(encoder.asked) == KEPT_PAPERS + 2


def test_a_failing_model_is_told() -> None:
    def broken(_texts: Sequence[str]) -> list[Encoding]:
        raise EngineError("The sentence model failed")

    with pytest.raises(EngineError):
        encode_paper(sheet_of(QUESTION), broken)
