from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.core.text import (
    LONGEST_SENTENCE,
    Stretch,
    bare,
    clauses,
    has_words,
    is_stop_word,
    parts,
    phrase_at,
    said,
    sentences,
    spaced,
    stem,
    stems,
    unbroken,
)

texts = st.lists(
    st.sampled_from(["um", "you", "know", "the", "cache", "cache.", "so,", "and", "keeps", "-", "it?", "e.g.", "…"]),
    max_size=80,
).map(" ".join)


def told(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[s.start : s.stop]) for s in sentences(words)]


@pytest.mark.parametrize(
    ("word", "left"),
    [("Cache,", "cache"), ("“C++”", "c++"), ("don’t", "don't"), ("—", ""), (" Um.", "um"), ("(a.b)", "a.b")],
)
def test_punctuation_around_a_word_is_no_part_of_it(word: str, left: str) -> None:
    assert bare(word) == left


def test_words_joined_by_marks_are_words_of_their_own() -> None:
    assert parts("PUT/POST-ed") == ("put", "post", "ed")


def test_a_mark_has_no_parts() -> None:
    assert parts("—") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("queries", "query"), ("validates", "validation"), ("stopped", "stop"), ("caches", "cache"), ("tests", "test"),
        ("running", "runs"), ("server's", "server"), ("handlers", "handler"), ("dependencies", "dependency"),
        ("created", "create"), ("classes", "class"),
    ],
)  # fmt: skip
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("process", "proceed"), ("status", "state"), ("post", "put"), ("async", "sync"), ("bed", "b")]
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_the_stems_of_a_text_are_those_of_every_part() -> None:
    assert stems(["PUT/POST", "requests!"]) == {stem("put"), stem("post"), stem("request")}


@pytest.mark.parametrize("word", ["the", "The,", "don't", "—", "either/or"])
def test_function_words_and_marks_stop(word: str) -> None:
    assert is_stop_word(word)


def test_a_word_of_content_does_not_stop() -> None:
    assert not is_stop_word("server")


def test_a_text_ends_sentences_at_its_marks() -> None:
    assert told("It works. Does it? “Yes!” Mostly") == ["It works.", "Does it?", "“Yes!”", "Mostly"]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert told("Use a proxy, e.g. Nginx. Then stop.") == ["Use a proxy, e.g. Nginx.", "Then stop."]


def test_a_number_with_a_point_ends_no_sentence() -> None:
    assert told("Python 3.11 runs it.") == ["Python 3.11 runs it."]


def test_no_words_make_no_sentence() -> None:
    assert sentences([]) == ()


def test_a_long_sentence_is_cut_before_the_conjunction_nearest_its_middle() -> None:
    words = ["word"] * 10 + ["because"] + ["word"] * 3 + ["and"] + ["word"] * 15
    assert [(s.start, s.stop) for s in clauses(words)] == [(0, 14), (14, 30)]


def test_a_long_sentence_is_cut_after_a_comma() -> None:
    words = ["word"] * 11 + ["word,"] + ["word"] * 18
    assert [(s.start, s.stop) for s in clauses(words)] == [(0, 12), (12, 30)]


def test_speech_without_any_mark_is_cut_into_equal_pieces() -> None:
    assert [len(s) for s in clauses(["word"] * 100)] == [25, 25, 25, 25]


@given(texts)
def test_clauses_cover_every_word_once_and_none_is_long(text: str) -> None:
    words = text.split()
    found = clauses(words)
    assert [i for s in found for i in range(s.start, s.stop)] == list(range(len(words)))
    assert all(len(s) <= LONGEST_SENTENCE for s in found)


def test_a_phrase_is_found_where_it_begins() -> None:
    plain = ["well", "you", "know", "it"]
    assert [phrase_at(plain, i, [("you", "know")]) for i in range(4)] == [0, 2, 0, 0]


def test_marks_stand_alone_in_a_spaced_text() -> None:
    assert spaced("It's C++, (really)…") == "It's C++ , ( really ) …"


@given(st.text(max_size=60))
def test_spacing_changes_nothing_but_spaces(text: str) -> None:
    assert "".join(spaced(text).split()) == "".join(text.split())


def test_fillers_are_left_out_of_what_was_said() -> None:
    assert said("Um, so you know, it is, uh, kind of a cache.").spaced == "so it is , a cache ."


def test_a_dash_alone_is_left_out() -> None:
    assert said("a cache — yes").spaced == "a cache yes"


def test_a_sentence_said_twice_counts_once() -> None:
    assert said("It caches. It is fast. It, um, caches!").spaced == "It caches . It is fast ."


def test_nothing_is_left_of_fillers_alone() -> None:
    assert said("Um, uh. You know…").pieces == ()


def test_a_sentence_said_three_times_was_repeated_twice() -> None:
    assert said("It caches. It is fast. It, um, caches! It caches.").repeated == 2


def test_fillers_between_sentences_repeat_nothing() -> None:
    assert said("Um. Uh. It caches. Um.").repeated == 0


def test_a_stretch_is_told_as_it_was_said_and_where() -> None:
    first, second = said("Um, it caches, you know. Then it stops.").stretches()
    assert first == Stretch("Um, it caches, you know.", words=(0, 5), pieces=(0, 3))
    assert second == Stretch("Then it stops.", words=(5, 8), pieces=(3, 7))


def test_a_stretch_of_fillers_or_repetition_is_left_out() -> None:
    assert [s.text for s in said("Um, uh. It caches. It caches.").stretches()] == ["It caches."]


def test_two_stretches_are_joined_from_the_first_word_to_the_last() -> None:
    first, second = said("It caches. Then it stops.").stretches()
    assert first.joined(second) == Stretch("It caches. Then it stops.", words=(0, 5), pieces=(0, 7))


@given(texts)
def test_the_spaced_answer_gives_its_pieces_back(text: str) -> None:
    answer = said(text)
    assert tuple(answer.spaced.split()) == answer.pieces
    assert len(answer.word_of_piece) == len(answer.pieces)


@given(texts)
def test_stretches_follow_one_another_and_are_what_was_said_there(text: str) -> None:
    answer = said(text)
    found = answer.stretches()
    assert all(a.pieces[1] <= b.pieces[0] and a.words[1] <= b.words[0] for a, b in pairwise(found))
    assert all(s.pieces[0] < s.pieces[1] <= len(answer.pieces) for s in found)
    assert all(s.text == " ".join(answer.words[slice(*s.words)]) for s in found)


@pytest.mark.parametrize(("text", "any_word"), [("a", True), ("7", True), ("é", True), ("…!", False), ("", False)])
def test_a_text_has_words_when_it_has_letters_or_digits(text: str, any_word: bool) -> None:
    assert has_words(text) is any_word


# --- what nobody says, but files hold ------------------------------------------------------------


@pytest.mark.parametrize("marks", [".", "?!", "\"'", ".'", ",'", "-", "_", "([", "’", "''."])
def test_a_hundred_thousand_marks_in_one_word_are_read_once(marks: str) -> None:
    # Read again from each mark on they would take an hour, not a moment.
    word = f"a{marks * (100_000 // len(marks))}b"
    assert bare(word).startswith("a")
    assert len(said(f"{word} {word}").words) == 2


def test_halves_of_characters_are_replaced_one_for_one() -> None:
    assert unbroken("a\ud800b\udfff") == "a\ufffdb\ufffd"
    assert unbroken("naïve 🙂") == "naïve 🙂"


def test_an_answer_with_half_a_character_can_be_written_down() -> None:
    answer = said("caches \ud83d keep\udcff pages")
    assert answer.spaced == "caches keep \ufffd pages"
    assert answer.words == ("caches", "\ufffd", "keep\ufffd", "pages")
    assert spaced("pages \ud800") == "pages \ufffd"
