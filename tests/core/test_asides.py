"""Fillers, hedges and words said twice: what they are, and where."""

from __future__ import annotations

import pytest

from interviewer.core.asides import asides
from interviewer.core.heard import Aside, AsideKind
from interviewer.core.models import Word


def heard(text: str) -> tuple[Aside, ...]:
    """Return the asides of a text whose words last a second each."""
    return asides([Word(w, float(i), i + 1.0, 1.0) for i, w in enumerate(text.split())])


def repeated(text: str) -> list[str]:
    return [a.text for a in heard(text) if a.kind is AsideKind.REPEAT]


def test_a_filler_has_its_time() -> None:
    assert heard("it um works") == (Aside(AsideKind.FILLER, "um", 1.0, 2.0),)


def test_a_phrase_lasts_from_its_first_word_to_its_last() -> None:
    assert heard("it, you know, works") == (Aside(AsideKind.PHRASE, "you know", 1.0, 3.0),)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("uh", AsideKind.FILLER),
        ("basically", AsideKind.PHRASE),
        ("I guess", AsideKind.HEDGE),
        ("so", AsideKind.AMBIGUOUS),
    ],
)
def test_each_kind_is_told_apart(text: str, kind: AsideKind) -> None:
    assert [a.kind for a in heard(text)] == [kind]


def test_asides_come_in_the_order_in_which_they_were_said() -> None:
    assert [a.text for a in heard("so um I think the the cache")] == ["so", "um", "I think", "the the"]


def test_words_without_times_have_asides_without() -> None:
    words = [Word(w, 0.0, 0.0, 1.0) for w in ["the", "the", "um"]]
    assert asides(words, timed=False) == (Aside(AsideKind.REPEAT, "the the"), Aside(AsideKind.FILLER, "um"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the the cache", "the the"),
        ("The, the cache", "The, the"),
        ("the um the cache", "the um the"),
        ("a a cache", "a a"),
        ("cache cache cache", "cache cache cache"),
        ("in the in the end", "in the in the"),
        ("it is a it is a cache", "it is a it is a"),
        ("and then and then it stops", "and then and then"),
        ("where PUT/POST PUT/POST", "PUT/POST PUT/POST"),
    ],
)
def test_words_said_twice_on_end_are_one_repetition(text: str, found: str) -> None:
    assert repeated(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "it had had a bug",
        "that that is",
        "very very fast",
        "the thing is is that",
        "five five two",
        "4 4 2",
        "b b c",
        "it works. Works everywhere",
        "over and over and over",
        "step by step by step",
        "the cache the",
        "um um",
        "the cache",
    ],
)
def test_doubled_words_of_good_english_are_no_repetition(text: str) -> None:
    assert repeated(text) == []


def test_two_repetitions_are_two() -> None:
    assert repeated("the the cache is in in memory") == ["the the", "in in"]
