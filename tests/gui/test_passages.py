"""Cutting an answer into words, fillers and pauses."""

from __future__ import annotations

from interviewer.core.models import Pause, Transcript, Word
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


def test_an_empty_answer_has_no_passage():
    assert passages(Transcript("")) == ()
