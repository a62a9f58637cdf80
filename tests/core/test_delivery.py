from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewer.core.delivery import (
    Band,
    delivery_of,
    filler_band,
    length_band,
    measure,
    pace_band,
    pause_band,
    with_delivery,
)
from interviewer.core.editing import replace_words
from interviewer.core.heard import Edges
from interviewer.core.models import Attempt, Clip, Delivery, Pause, Span, Transcript, Word


def spoken(text: str, *spans: tuple[float, float], seconds: float = 60.0) -> Delivery:
    """Measure a text whose words are spread evenly over the clip, with these speech spans."""
    texts = text.split()
    step = seconds / max(1, len(texts))
    words = tuple(Word(w, i * step, (i + 1) * step, 0.9) for i, w in enumerate(texts))
    return measure(Transcript(text, words, tuple(Span(*s) for s in spans), engine="whisper"), seconds)


# --- talk and pace -----------------------------------------------------------------------------


def test_lead_in_and_tail_off_are_no_part_of_the_talk() -> None:
    found = spoken("one two three four", (3.0, 9.0), (10.0, 23.0), seconds=40.0)
    assert (found.first_word_s, found.talk_s) == (3.0, 20.0)


def test_pace_is_words_a_minute_of_talk() -> None:
    assert spoken("word " * 40, (5.0, 25.0)).pace_wpm == pytest.approx(120.0)


def test_under_five_seconds_of_talk_there_is_no_pace() -> None:
    assert spoken("yes it does", (1.0, 5.9)).pace_wpm is None
    assert spoken("yes it does", (1.0, 6.0)).pace_wpm is not None


def test_marks_are_no_words() -> None:
    assert spoken("well — yes …", (0.0, 6.0)).words == 2


def test_a_word_that_the_recogniser_cut_in_two_is_one_word() -> None:
    cut = ("state", "-of", "-the", "-art", "code", "in", "Node", ".js", "yes", "it", "is")
    words = tuple(Word(w, float(i), i + 1.0, 0.5 if i == 1 else 0.9) for i, w in enumerate(cut))
    heard = Transcript("state-of-the-art code in Node.js yes it is", words, (Span(0.0, 12.0),), engine="whisper")
    found = measure(heard, 12.0)
    assert (found.words, found.pace_wpm, found.doubt) == (7, pytest.approx(35.0), pytest.approx(0.5 / 7))
    edited = measure(replace_words(heard, 4, 5, "no"), 12.0)
    assert (edited.words, edited.pace_wpm, edited.doubt) == (found.words, found.pace_wpm, found.doubt)


def test_nothing_heard_measures_nothing() -> None:
    assert measure(Transcript("", engine="whisper"), 12.0) == Delivery(0, 0.0, 0.0, None, 0, 0, 0, ())


def test_without_spans_the_word_times_bound_the_talk() -> None:
    words = (Word("yes", 2.0, 2.5, 1.0), Word("no", 9.0, 9.5, 1.0))
    found = measure(Transcript("yes no", words), 20.0)
    assert (found.first_word_s, found.talk_s) == (2.0, 7.5)


def test_a_text_without_word_times_still_has_words() -> None:
    found = measure(Transcript("um yes it does", speech=(Span(0.0, 6.0),)), 8.0)
    assert (found.words, found.fillers) == (4, 1)


def test_spans_are_held_inside_the_clip() -> None:
    found = spoken("yes it does", (-0.5, 4.0), (6.0, 12.0), (13.0, 14.0), seconds=10.0)
    assert (found.first_word_s, found.talk_s) == (0.0, 10.0)


# --- pauses ---------------------------------------------------------------------------------------


def test_pauses_are_the_gaps_between_spans() -> None:
    assert spoken("word " * 20, (1.0, 5.0), (7.5, 9.0)).pauses == (Pause(5.0, 7.5),)


def test_a_gap_of_a_second_counts_and_a_shorter_one_does_not() -> None:
    found = spoken("word " * 20, (0.3, 1.3), (2.3, 4.0), (4.99, 8.0))
    assert [p.start_s for p in found.pauses] == [1.3]


def test_silence_before_and_after_the_talk_is_no_pause() -> None:
    assert spoken("word " * 20, (20.0, 30.0)).pauses == ()


def test_gaps_between_word_times_are_no_pauses() -> None:
    words = (Word("yes", 2.0, 2.5, 1.0), Word("no", 9.0, 9.5, 1.0))
    assert measure(Transcript("yes no", words), 20.0).pauses == ()


def test_overlapping_spans_in_any_order_are_one() -> None:
    assert spoken("word " * 20, (6.0, 9.0), (1.0, 5.0), (2.0, 3.0), (4.0, 6.0)).pauses == ()


def test_short_silences_are_kept_beside_the_counted_ones() -> None:
    found = spoken("word " * 20, (1.0, 5.0), (5.3, 6.0), (8.0, 9.0))
    assert (found.silences, found.pauses) == ((Pause(5.0, 5.3), Pause(6.0, 8.0)), (Pause(6.0, 8.0),))


def test_speaking_time_is_talk_without_silences() -> None:
    assert spoken("word " * 20, (1.0, 5.0), (6.0, 9.0)).speaking_s == pytest.approx(7.0)


def test_the_longest_run_is_the_longest_stretch_between_counted_pauses() -> None:
    assert spoken("word " * 20, (1.0, 3.0), (3.4, 6.0), (8.0, 9.0)).longest_run == Span(1.0, 6.0)


@pytest.mark.parametrize(
    ("transcript", "edges"),
    [
        (Transcript("a", (Word("a", 0.0, 1.0, 1.0),), (Span(0.0, 1.0),), by_energy=True), Edges.SOUND),
        (Transcript("a", (Word("a", 0.0, 1.0, 1.0),), (Span(0.0, 1.0),)), Edges.VOICE),
        (Transcript("a", (Word("a", 0.0, 1.0, 1.0),)), Edges.WORDS),
    ],
)
def test_a_delivery_says_what_its_edges_were_told_by(transcript: Transcript, edges: Edges) -> None:
    assert measure(transcript, 2.0).edges is edges


# --- fillers, hedges, ambiguous words ---------------------------------------------------------------


@pytest.mark.parametrize("filler", ["um", "Uh,", "er", "erm...", "ah", "eh", "hm", "mm", "Umm", "hmmm", " uhh"])
def test_filled_pauses_are_fillers(filler: str) -> None:
    assert spoken(f"it {filler} works", (0.0, 6.0)).fillers == 1


@pytest.mark.parametrize(
    "phrase",
    ["you know", "I mean,", "sort of", "kind of", "basically", "Actually", "literally", "maybe", "I think", "I guess"],
)
def test_phrases_and_hedges_are_counted_apart_from_fillers(phrase: str) -> None:
    found = spoken(f"it {phrase} works", (0.0, 6.0))
    assert (found.fillers, found.hedges, found.ambiguous) == (0, 1, 0)


@pytest.mark.parametrize("word", ["like", "So,", "right?"])
def test_words_that_may_fill_are_counted_apart_from_both(word: str) -> None:
    found = spoken(f"it {word} works", (0.0, 6.0))
    assert (found.fillers, found.hedges, found.ambiguous) == (0, 0, 1)


@pytest.mark.parametrize("words", ["umbrella", "I know you", "thinking", "erroneous", "ahead"])
def test_words_that_only_look_alike_do_not_count(words: str) -> None:
    found = spoken(f"it {words} works", (0.0, 6.0))
    assert (found.fillers, found.hedges, found.ambiguous) == (0, 0, 0)


def test_each_aside_has_its_place() -> None:
    assert [a.text for a in spoken("so the the um cache", (0.0, 6.0)).asides] == ["so", "the the", "um"]


def test_repetitions_are_counted() -> None:
    assert spoken("the the cache in in memory", (0.0, 6.0)).repeats == 2


def test_words_without_times_have_no_pace_over_time() -> None:
    assert measure(Transcript("um yes it does", speech=(Span(0.0, 6.0),)), 8.0).pace == ()


def test_pauses_are_told_a_minute_of_talk() -> None:
    assert spoken("word " * 20, (0.0, 10.0), (20.0, 30.0)).pauses_per_min == pytest.approx(2.0)
    assert spoken("word", (0.0, 1.0)).pauses_per_min is None


def test_fillers_are_told_a_minute_of_talk() -> None:
    assert spoken("um uh er it works", (10.0, 40.0)).fillers_per_min == pytest.approx(6.0)


def test_fillers_of_a_very_short_answer_are_not_told_a_minute() -> None:
    assert spoken("um yes", (0.0, 4.0)).fillers_per_min is None


# --- of an attempt ------------------------------------------------------------------------------------

WORDS = Transcript("so it does", tuple(Word(w, i, i + 1, 0.9) for i, w in enumerate(("so", "it", "does"))))
SPOKEN = Attempt(
    "a", "s", "q", 0, datetime(2026, 1, 2, tzinfo=UTC), clip=Clip(Path("a.wav"), 16_000, 160_000), transcript=WORDS
)


def test_an_attempt_is_measured_by_its_words_and_its_clip() -> None:
    assert delivery_of(SPOKEN) == measure(WORDS, 10.0)


def test_a_text_without_times_changes_nothing_of_how_it_sounded() -> None:
    before = measure(WORDS, 10.0)
    assert delivery_of(replace(SPOKEN, transcript=Transcript("corrected"), delivery=before)) is before


def test_a_typed_attempt_sounded_like_nothing() -> None:
    assert delivery_of(replace(SPOKEN, clip=None)) is None


def test_an_old_delivery_is_completed_from_the_words() -> None:
    old = Delivery(3, 3.0, 0.0, None, 0, 0, 1, ())
    assert with_delivery(replace(SPOKEN, delivery=old)).delivery == measure(WORDS, 10.0)


@pytest.mark.parametrize("known", [None, measure(WORDS, 10.0)])
def test_what_was_never_measured_or_wholly_is_left_as_it_is(known: Delivery | None) -> None:
    kept = replace(SPOKEN, delivery=known)
    assert with_delivery(kept) is kept


# --- bands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pace", "band"),
    [
        (99.9, Band.RED), (100, Band.AMBER), (119.9, Band.AMBER), (120, Band.GREEN), (160, Band.GREEN),
        (160.1, Band.AMBER), (180, Band.AMBER), (180.1, Band.RED),
    ],
)  # fmt: skip
def test_pace_has_a_band(pace: float, band: Band) -> None:
    assert pace_band(pace) is band


@pytest.mark.parametrize(
    ("rate", "band"),
    [(0, Band.GREEN), (5, Band.GREEN), (5.1, Band.AMBER), (11.9, Band.AMBER), (12, Band.RED), (40, Band.RED)],
)
def test_fillers_have_a_band(rate: float, band: Band) -> None:
    assert filler_band(rate) is band


@pytest.mark.parametrize(
    ("seconds", "band"),
    [(0.99, Band.GREEN), (1.0, Band.AMBER), (2.49, Band.AMBER), (2.5, Band.RED), (3.8 - 1.3, Band.RED)],
)
def test_a_pause_has_a_band(seconds: float, band: Band) -> None:
    assert pause_band(seconds) is band


@pytest.mark.parametrize(
    ("seconds", "band"),
    [
        (29.9, Band.RED), (30, Band.AMBER), (59.9, Band.AMBER), (60, Band.GREEN), (120, Band.GREEN),
        (120.1, Band.AMBER), (180, Band.AMBER), (180.1, Band.RED),
    ],
)  # fmt: skip
def test_length_has_a_band(seconds: float, band: Band) -> None:
    assert length_band(seconds) is band
