"""Cutting an answer into words, fillers and pauses."""

from __future__ import annotations

import pytest

from interviewer.core.models import Coverage, Pause, PointResult, Transcript, Word
from interviewer.gui.passages import Kind, passages


def kinds(text):
    return [(p.text, p.kind) for p in passages(Transcript(text)) if p.kind is not Kind.PLAIN]


def test_sounds_are_fillers_whatever_their_punctuation():
    assert kinds("Um, it is, uh, fast.") == [("Um,", Kind.FILLER), ("uh,", Kind.FILLER)]


def test_phrases_are_marked_apart_and_whole():
    assert kinds("it is you know fast") == [("you", Kind.HEDGE), ("know", Kind.HEDGE)]


def test_a_word_of_a_phrase_alone_is_plain():
    assert kinds("do you test") == []


def test_pauses_stand_between_the_words_they_separate():
    words = (Word("one", 0.0, 0.4, 1.0), Word("two", 2.0, 2.4, 1.0), Word("three", 5.5, 6.0, 1.0))
    said = Transcript("one two three", words)
    shown = passages(said, (Pause(0.5, 2.0), Pause(2.5, 5.4)))
    assert [p.text for p in shown] == ["one", "[1.5 s]", "two", "[2.9 s]", "three"]
    assert [p.kind for p in shown][1::2] == [Kind.PAUSE, Kind.LONG_PAUSE]


def test_a_text_without_times_has_no_pauses():
    assert [p.text for p in passages(Transcript("one two"), (Pause(0.0, 9.0),))] == ["one", "two"]


def test_a_text_without_times_has_no_place_to_play_from():
    assert {p.start_s for p in passages(Transcript("one two"))} == {None}


def marked(*points, text="one two three four", words=()):
    said = Transcript(text, tuple(Word(word, n, n + 0.5, 1.0) for n, word in enumerate(words)))
    return [(p.text, p.coverage) for p in passages(said, (), points) if p.coverage is not None]


def point(coverage, first, stop):
    return PointResult("A point.", coverage, 0.4, "some words", (first, stop))


def test_the_words_that_prove_a_point_carry_its_state():
    assert marked(point(Coverage.COVERED, 1, 3)) == [("two", Coverage.COVERED), ("three", Coverage.COVERED)]


def test_the_nearest_words_to_a_missed_point_prove_nothing():
    assert marked(point(Coverage.MISSED, 0, 2)) == []


def test_what_was_said_the_wrong_way_round_comes_before_what_was_said_rightly():
    wrong, right = point(Coverage.CONTRADICTED, 0, 2), point(Coverage.COVERED, 1, 3)
    states = [("one", Coverage.CONTRADICTED), ("two", Coverage.CONTRADICTED), ("three", Coverage.COVERED)]
    assert marked(wrong, right) == marked(right, wrong) == states


@pytest.mark.parametrize(("first", "stop"), [(0, 0), (2, 9), (9, 12)])
def test_words_that_are_not_in_the_text_are_not_marked(first, stop):
    assert marked(point(Coverage.COVERED, first, stop)) == []


def test_words_that_a_recogniser_cut_are_put_together_as_the_text_has_them():
    found = marked(point(Coverage.COVERED, 0, 1), text="one-two three", words=("one", "-two", "three"))
    assert found == [("one-two", Coverage.COVERED)]


def test_words_with_times_that_are_others_than_the_text_are_not_marked():
    assert marked(point(Coverage.COVERED, 0, 1), text="one two", words=("one", "or", "two")) == []
    assert marked(point(Coverage.COVERED, 0, 1), text="one two", words=("one", "two")) == [("one", Coverage.COVERED)]


def test_an_empty_answer_has_no_passage():
    assert passages(Transcript("")) == ()
