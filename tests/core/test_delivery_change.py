from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from interviewer.core.delivery import Band
from interviewer.core.delivery_change import DeliveryChange, delivery_changes
from interviewer.core.heard import Edges
from interviewer.core.models import Delivery, Pause, Span

SLOW = Delivery(100, 60.0, 1.0, 100.0, 6, 0, 0, (Pause(5.0, 6.2), Pause(20.0, 23.0)))
SLOW = replace(SLOW, longest_run=Span(23.0, 53.0))


def named(name: str, *changes: DeliveryChange) -> DeliveryChange:
    return next(change for change in changes if change.name == name)


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("Pace", {"pace_wpm": 140.0}, "40 words a minute faster"),
        ("Pace", {"pace_wpm": 90.0}, "10 words a minute slower"),
        ("Pace", {"pace_wpm": 104.0}, "About the same"),
        ("Fillers", {"fillers": 9}, "3 a minute more"),
        ("Fillers", {"fillers": 1}, "5 a minute fewer"),
        ("Pauses", {"pauses": SLOW.pauses[:1]}, "1 fewer"),
        ("Pauses", {"pauses": (*SLOW.pauses, Pause(30.0, 31.0))}, "1 more"),
        ("In pauses", {"pauses": SLOW.pauses[:1]}, "3.0 s less"),
        ("Longest pause", {"pauses": ()}, "3.0 s shorter"),
        ("Longest run", {"longest_run": Span(0.0, 45.0)}, "15 s longer"),
        ("First word", {"first_word_s": 3.5}, "2.5 s later"),
        ("Length", {"talk_s": 90.4}, "30 s longer"),
        ("Length", {"talk_s": 62.0}, "About the same"),
    ],
)
def test_a_measure_says_what_changed(name: str, fields: dict[str, Any], words: str) -> None:
    assert named(name, *delivery_changes(SLOW, replace(SLOW, **fields))).words == words


@pytest.mark.parametrize(
    ("name", "earlier", "later", "words"),
    [
        ("Pace", {"pace_wpm": 119.6}, {"pace_wpm": 125.4}, "5 words a minute faster"),
        ("Pace", {"pace_wpm": 120.4}, {"pace_wpm": 125.6}, "6 words a minute faster"),
        ("Fillers", {"fillers": 4, "talk_s": 53.0}, {"fillers": 4, "talk_s": 44.0}, "About the same"),
        ("First word", {"first_word_s": 1.04}, {"first_word_s": 1.46}, "0.5 s later"),
        ("Length", {"talk_s": 60.9}, {"talk_s": 65.1}, "5 s longer"),
    ],
)
def test_a_change_is_the_difference_of_what_is_shown(
    name: str, earlier: dict[str, Any], later: dict[str, Any], words: str
) -> None:
    change = named(name, *delivery_changes(replace(SLOW, **earlier), replace(SLOW, **later)))
    assert change.words == words


def test_a_band_is_that_of_the_number_beside_it() -> None:
    pace = named("Pace", *delivery_changes(SLOW, replace(SLOW, pace_wpm=119.7)))
    assert (pace.later.words, pace.later.band) == ("120 words a minute", Band.GREEN)


def test_both_readings_are_shown_with_their_bands() -> None:
    pace = named("Pace", *delivery_changes(SLOW, replace(SLOW, pace_wpm=140.0)))
    assert (pace.earlier.words, pace.earlier.band) == ("100 words a minute", Band.AMBER)
    assert (pace.later.words, pace.later.band) == ("140 words a minute", Band.GREEN)


def test_a_length_is_told_in_minutes_and_seconds() -> None:
    assert named("Length", *delivery_changes(SLOW, replace(SLOW, talk_s=95.9))).later.words == "1:35 of talk"


def test_what_has_no_advice_has_no_band() -> None:
    assert named("Pauses", *delivery_changes(SLOW, SLOW)).later.band is None


def test_what_is_made_of_words_is_not_compared_between_recognisers() -> None:
    changes = delivery_changes(SLOW, replace(SLOW, pace_wpm=150.0, first_word_s=4.0), heard_apart=True)
    assert [c.name for c in changes if c.words.startswith("Not compared")] == ["Pace", "Fillers"]
    assert named("First word", *changes).words == "3.0 s later"


def test_a_short_answer_is_shown_without_a_change() -> None:
    changes = delivery_changes(SLOW, replace(SLOW, talk_s=3.0, pace_wpm=None))
    assert named("Pace", *changes).later.words == "too little talk to tell"
    assert named("Pace", *changes).words == ""


def test_beside_a_typed_answer_the_other_is_still_shown() -> None:
    pace = named("Pace", *delivery_changes(None, SLOW))
    assert (pace.earlier.words, pace.later.words, pace.words) == ("–", "100 words a minute", "")


def test_two_typed_answers_have_nothing_to_show() -> None:
    assert delivery_changes(None, None) == ()


def test_silences_measured_in_two_ways_are_not_compared() -> None:
    changes = delivery_changes(SLOW, replace(SLOW, edges=Edges.SOUND))
    assert [c.name for c in changes if c.words.startswith("Not compared")] == [
        "Pauses",
        "In pauses",
        "Longest pause",
        "Longest run",
        "First word",
    ]


def test_of_word_times_alone_no_silence_is_known() -> None:
    pauses = named("Pauses", *delivery_changes(SLOW, replace(SLOW, pauses=(), edges=Edges.WORDS)))
    assert (pauses.earlier.words, pauses.later.words, pauses.words) == ("2 counted", "not known", "")


def test_a_run_that_was_not_measured_then_is_not_known() -> None:
    assert named("Longest run", *delivery_changes(replace(SLOW, longest_run=None), SLOW)).earlier.words == "not known"
