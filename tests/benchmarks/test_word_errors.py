"""How the accuracy benchmark counts wrong words."""

from __future__ import annotations

import pytest

from benchmarks.word_errors import Errors, Normalise, distance, errors, normaliser, pooled


@pytest.fixture(scope="module")
def normalise() -> Normalise:
    return normaliser()


def test_each_kind_of_error_counts_once() -> None:
    said = ["use", "async", "routes", "when", "the", "work", "waits"]
    assert distance(said, ["use", "async", "routes", "when", "work", "waits"]) == 1
    assert distance(said, ["use", "a", "sync", "routes", "when", "the", "work", "waits"]) == 2
    assert distance(said, ["use", "async", "roots", "when", "the", "work", "waits"]) == 1
    assert distance(said, []) == len(said)
    assert distance([], said) == len(said)


def test_what_only_looks_different_is_no_error(normalise: Normalise) -> None:
    said = "Mister Quilter said: for the twentieth time, twenty-one colours aren't five."
    written = "um mr quilter said for the 20th time 21 colors are not 5"
    assert errors(said, written, normalise).wrong == 0


def test_both_sides_are_made_alike(normalise: Normalise) -> None:
    assert errors("uh 5", "five", normalise) == errors("five", "uh 5", normalise) == Errors(0, 1)


def test_each_word_counts_the_same_and_not_each_text() -> None:
    assert pooled([Errors(1, 1), Errors(0, 99)]).rate == pytest.approx(0.01)


def test_nothing_said_has_no_rate() -> None:
    assert Errors(3, 0).rate == 0.0
    assert pooled([]) == Errors(0, 0)
