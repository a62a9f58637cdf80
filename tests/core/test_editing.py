"""Putting words right: what stays keeps its times, and every step can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.editing import History, Version, replace_words, replayed, rewritten, timed
from interviewer.core.errors import InputError
from interviewer.core.models import Score, Span, Transcript, Word

TEXT = "A list is read last in first out"
HEARD = Transcript(
    TEXT,
    tuple(Word(text, float(n), n + 0.5, 0.5) for n, text in enumerate(TEXT.split())),
    (Span(0.0, 7.5),),
    engine="whisper",
    model="base.en",
    rough=True,
)
TYPED = Transcript("A stack,  of plates.\n\nIt is read from its top.")


def times(transcript: Transcript, first: int, stop: int) -> list[tuple[str, float, float]]:
    return [(w.text, w.start_s, w.end_s) for w in transcript.words[first:stop]]


# --- one edit ---------------------------------------------------------------------------------


def test_a_word_put_right_has_the_time_of_the_one_it_replaces_and_is_certain() -> None:
    edited = replace_words(HEARD, 1, 2, "stack")
    assert edited.text == "A stack is read last in first out"
    assert edited.words[1] == Word("stack", 1.0, 1.5, 1.0)


def test_every_other_word_is_the_same_object() -> None:
    edited = replace_words(HEARD, 1, 2, "stack")
    assert all(a is b for n, (a, b) in enumerate(zip(HEARD.words, edited.words, strict=True)) if n != 1)


def test_a_corrected_text_says_so_and_keeps_what_is_known_of_the_sound() -> None:
    edited = replace_words(HEARD, 1, 2, "stack")
    assert (edited.engine, edited.model, edited.rough, edited.speech) == ("corrected", "base.en", False, HEARD.speech)


def test_more_words_share_the_time_of_what_they_replace_by_their_letters() -> None:
    assert times(replace_words(HEARD, 1, 2, "abc d"), 1, 3) == [("abc", 1.0, 1.375), ("d", 1.375, 1.5)]


def test_fewer_words_have_the_whole_time_of_what_they_replace() -> None:
    assert times(replace_words(HEARD, 4, 8, "LIFO"), 4, 5) == [("LIFO", 4.0, 7.5)]


def test_words_of_a_sentence_that_stay_keep_their_times() -> None:
    edited = rewritten(HEARD, "A stack is what you read last in and first out")
    assert [w.start_s for w in edited.words if w.probability < 1.0] == [0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert times(edited, 3, 5) == [("what", 2.5, 2.5 + 0.5 * 4 / 7), ("you", 2.5 + 0.5 * 4 / 7, 3.0)]


def test_words_put_in_have_the_time_between_their_neighbours() -> None:
    assert times(replace_words(HEARD, 3, 3, "often"), 3, 4) == [("often", 2.5, 3.0)]


def test_words_put_in_at_the_ends_take_no_time() -> None:
    assert times(replace_words(HEARD, 0, 0, "Well"), 0, 1) == [("Well", 0.0, 0.0)]
    assert times(replace_words(HEARD, 8, 8, "again"), 8, 9) == [("again", 7.5, 7.5)]


def test_words_that_overlap_leave_no_time_between_them() -> None:
    late = replace(HEARD, words=(replace(HEARD.words[0], end_s=1.2), *HEARD.words[1:]))
    assert times(replace_words(late, 1, 1, "old"), 1, 2) == [("old", 1.0, 1.0)]


def test_words_can_be_taken_out() -> None:
    edited = replace_words(HEARD, 1, 4, "")
    assert (edited.text, [w.start_s for w in edited.words]) == ("A last in first out", [0.0, 4.0, 5.0, 6.0, 7.0])


@pytest.mark.parametrize(
    ("first", "stop", "new", "text"),
    [
        (1, 2, "heap,", "A heap,  of plates.\n\nIt is read from its top."),
        (4, 4, "Look:", "A stack,  of plates.\n\nLook: It is read from its top."),
        (0, 0, "So", "So A stack,  of plates.\n\nIt is read from its top."),
        (10, 10, "Yes.", "A stack,  of plates.\n\nIt is read from its top. Yes."),
        (0, 4, "", "It is read from its top."),
        (4, 10, "", "A stack,  of plates."),
        (3, 5, "\n bowls. This ", "A stack,  of bowls. This is read from its top."),
    ],
)
def test_the_rest_of_a_text_stays_as_it_was_written(first: int, stop: int, new: str, text: str) -> None:
    assert replace_words(TYPED, first, stop, new).text == text


def test_a_text_without_times_gets_none() -> None:
    assert replace_words(TYPED, 0, 1, "The").words == ()


def test_what_changes_nothing_is_no_edit() -> None:
    assert replace_words(HEARD, 1, 2, " list ") is HEARD
    assert rewritten(HEARD, HEARD.text) is HEARD


def test_an_answer_cannot_be_emptied() -> None:
    with pytest.raises(InputError, match="Nothing would be left"):
        rewritten(HEARD, " \n")


def test_nothing_can_be_put_into_no_text_but_words() -> None:
    assert replace_words(Transcript(""), 0, 0, "Nothing heard.").text == "Nothing heard."


@pytest.mark.parametrize(("first", "stop"), [(-1, 1), (2, 1), (0, 9)])
def test_words_that_are_not_there_cannot_be_replaced(first: int, stop: int) -> None:
    with pytest.raises(ValueError, match="of 8"):
        replace_words(HEARD, first, stop, "x")


# --- words of recognisers ---------------------------------------------------------------------


def test_words_that_a_recogniser_cut_or_joined_are_laid_along_the_text() -> None:
    parts = (Word("follow", 0.0, 0.4, 0.9), Word("-up", 0.4, 0.6, 0.7), Word("10 000 items", 1.0, 3.0, 0.8))
    assert timed(Transcript("follow-up 10 000 items", parts, engine="whisper")) == (
        Word("follow-up", 0.0, 0.6, 0.7),
        Word("10", 1.0, 3.0, 0.8),
        Word("000", 1.0, 3.0, 0.8),
        Word("items", 1.0, 3.0, 0.8),
    )


def test_words_of_another_text_have_no_times_to_give() -> None:
    assert timed(Transcript("one two", (Word("three", 0.0, 1.0, 1.0),), engine="whisper")) == ()


# --- back and forth ---------------------------------------------------------------------------


def score(value: float) -> Score:
    return Score(value, "", ())


def test_undo_brings_back_the_text_and_its_score() -> None:
    history = History.of(HEARD, score(40)).edited(replace_words(HEARD, 1, 2, "stack"), score(60)).undone()
    assert (history.now.transcript, history.now.score) == (HEARD, score(40))


def test_redo_brings_back_the_edit_and_its_score() -> None:
    history = History.of(HEARD, score(40)).edited(TYPED, score(60))
    assert history.undone().redone() == history


def test_there_is_nothing_before_the_first_and_nothing_after_the_last() -> None:
    history = History.of(HEARD)
    assert history.undone() is history.redone() is history
    assert (history.can_undo, history.can_redo) == (False, False)


def test_an_edit_after_an_undo_takes_the_place_of_what_was_undone() -> None:
    history = History.of(HEARD).edited(TYPED).undone()
    assert history.can_redo
    history = history.edited(Transcript("Another."))
    assert not history.can_redo
    assert [v.transcript.text for v in history.versions] == [HEARD.text, "Another."]


def test_the_original_stays_whatever_is_done() -> None:
    history = History.of(HEARD).edited(TYPED).undone().edited(Transcript("Another.")).edited(TYPED)
    assert history.original == Version(0, HEARD)


def test_a_score_goes_to_its_own_version_though_another_is_shown() -> None:
    history = History.of(HEARD).edited(TYPED)
    history = history.undone().judged(history.now.number, score(70))
    assert history.now.score is None
    assert history.redone().now.score == score(70)


def test_a_score_that_comes_too_late_goes_to_no_other_version() -> None:
    history = History.of(HEARD).edited(TYPED)
    late = history.now.number
    history = history.undone().edited(Transcript("Another."))
    assert history.judged(late, score(70)) == history


# --- what was kept ----------------------------------------------------------------------------


def test_the_texts_that_were_kept_give_the_history_back() -> None:
    other = Transcript("Another.", engine="corrected")
    kept = ((HEARD, score(40)), (other, score(60)), (HEARD, score(40)), (other, None))
    assert replayed(kept) == History.of(HEARD, score(40)).edited(other, score(60))
    assert replayed(kept[:3]) == History.of(HEARD, score(40)).edited(other, score(60)).undone()


def test_a_score_that_came_after_an_undo_is_known() -> None:
    other = Transcript("Another.", engine="corrected")
    kept = ((HEARD, None), (other, None), (HEARD, score(40)))
    assert replayed(kept).now == Version(0, HEARD, score(40))


def test_a_newer_text_of_a_recogniser_begins_anew() -> None:
    newer = replace(HEARD, model="small.en")
    assert replayed(((HEARD, score(40)), (newer, score(50)))) == History.of(newer, score(50))


@settings(deadline=None)
@given(st.data())
def test_random_edits_undone_and_redone_give_every_text_and_score_back(data: st.DataObject) -> None:
    texts = st.text(alphabet="ab. \n\u2003é", max_size=9)
    history, kept = History.of(HEARD, score(0)), [(HEARD, score(0))]
    states = [history.now]
    for n in range(data.draw(st.integers(1, 12))):
        before = history.now.transcript
        count = len(before.text.split())
        first = data.draw(st.integers(0, count))
        stop = data.draw(st.integers(first, count))
        try:
            edited = replace_words(before, first, stop, data.draw(texts))
        except InputError:
            continue
        assert len(edited.words) == len(edited.text.split())
        assert all(w.start_s <= w.end_s for w in edited.words)
        assert edited.words[:first] == before.words[:first]
        assert edited.words[len(edited.words) - (count - stop) :] == before.words[stop:]
        if edited is not before:
            history = history.edited(edited, score(n + 1))
            states.append(history.now)
            kept.append((edited, score(n + 1)))
    for state in states[::-1]:
        assert history.now == state
        kept.append((history.now.transcript, history.now.score))
        assert replayed(kept).now.transcript == state.transcript
        history = history.undone()
    for state in states:
        assert history.now == state
        history = history.redone()
    assert history.now.transcript.text.encode() == states[-1].transcript.text.encode()


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(0, 8), st.integers(0, 8), st.text(max_size=20))
def test_any_text_can_be_edited_at_any_word(text: str, first: int, stop: int, new: str) -> None:
    words = text.split()
    first, stop = min(first, len(words)), min(stop, len(words))
    first, stop = min(first, stop), max(first, stop)
    wanted = [*words[:first], *new.split(), *words[stop:]]
    if wanted:
        assert replace_words(Transcript(text), first, stop, new).text.split() == wanted
