"""The search for constants: it knows what it wants, and never comes back with less than it began with."""

from __future__ import annotations

import pytest

from tests.core.findings import DENIED, SAID, UNSAID, findings
from tests.core.judging import calibration
from training.marks_formula import Constants, Told
from training.search_marks import LISTED, MISHEARD, OWN, PLAIN, WANTED, Answers, Item, Wish, search

MADE = {
    "full": ((SAID, SAID), {0, 1}),
    "partial": ((SAID, UNSAID), {0}),
    "short": ((SAID, SAID), {0, 1}),
    "vague": ((UNSAID, UNSAID), set()),
    "wrong": ((DENIED, DENIED), set()),
    "wrong_swap": ((DENIED, SAID), {1}),
    "wrong_negation": ((SAID, DENIED), {0}),
    "recited": ((SAID, SAID), {0, 1}),
}


@pytest.fixture(scope="module")
def answers() -> Answers:
    kinds = [(group, kind) for group in (PLAIN, LISTED, OWN) for kind in MADE] + [(MISHEARD, "full")]
    items = [Item(group, "one", kind, frozenset(MADE[kind][1])) for group, kind in kinds]
    told = Told.of([findings(*MADE[kind][0]) for _, kind in kinds], calibration())
    at = {(i.group, i.kind): n for n, i in enumerate(items)}
    shared = [(at[PLAIN, "full"], at[PLAIN, better]) for better in ("partial", "vague")]
    return Answers(items, told, [*shared, (at[OWN, "full"], at[OWN, "vague"])], len(shared))


def test_every_figure_is_wanted_and_the_other_way_round(answers: Answers) -> None:
    assert set(answers.figures(Constants())) == set(WANTED)


def test_a_wish_that_is_met_costs_nothing_and_others_grow_with_their_distance() -> None:
    assert Wish(3.0, 1.0).missed(3.0) == Wish(3.0, 1.0, least=False).missed(2.0) == 0.0
    assert Wish(3.0, 1.0).missed(1.0) == Wish(3.0, 1.0, least=False).missed(5.0) == 4.0


def test_the_figures_tell_right_answers_from_wrong_ones(answers: Answers) -> None:
    figures = answers.figures(Constants())
    assert figures["full"] > figures["wrong"]
    assert figures["pairs"] == figures["full over wrong"] == figures["misheard"] == 0.0
    assert (figures["precision"], figures["recall"], figures["accused"]) == (1.0, 1.0, 0.0)


def test_a_search_never_ends_worse_than_it_began_and_is_the_same_each_time(answers: Answers) -> None:
    poor = answers.loss(Constants())
    found = search(answers, steps=200, seed=3)
    assert answers.loss(found) <= poor
    assert found.sound
    assert search(answers, steps=200, seed=3) == found
