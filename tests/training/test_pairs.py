"""Pairs for the judge: each has the label that its making deserves, and the same seed makes the same."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from training.corpus import Topic, read
from training.pairs import (
    ALWAYS,
    NEITHER,
    OPPOSITE,
    OPPOSITES,
    RULES,
    SAME,
    Maker,
    Pair,
    negated,
    noisy,
    recounted,
    turned,
)
from training.style import SUREST, GivenAway, wrongness
from training.train_judge import HELD_OUT, batches, measured, resumed, runs_before, split

LABELS = {
    "right": SAME,
    "wrong, agreed": SAME,
    "read out": SAME,
    "wrong": OPPOSITE,
    "right, of the twin": OPPOSITE,
    "twin": OPPOSITE,
    "near": NEITHER,
    "another point": NEITHER,
    "another point, right": NEITHER,
    "another point, wrong": NEITHER,
    "far": NEITHER,
    "notes, right": SAME,
    "notes, wrong": OPPOSITE,
    "notes, right, of the twin": OPPOSITE,
    "notes, another point": NEITHER,
    **{name: OPPOSITE for name, _ in RULES},
    **{f"{name}, agreed": SAME for name, _ in RULES},
}
SEEDS = range(40)


@pytest.fixture(scope="module")
def topics() -> tuple[Topic, ...]:
    return read()


@pytest.fixture(scope="module")
def some(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    return topics[::16]


@pytest.fixture(scope="module")
def pairs(some: tuple[Topic, ...]) -> list[Pair]:
    return Maker(some, 1).pairs()


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "The lock is held by one thread.",
            {"The lock is not held by one thread.", "The lock isn't held by one thread."},
        ),
        ("A thread can wait.", {"A thread can never wait."}),
        ("Threads must wait.", {"Threads must not wait.", "Threads mustn't wait."}),
        ("The lock is not held.", {"The lock is held."}),
        ("It doesn't scale well.", {"It does scale well."}),
    ],
)
def test_a_statement_is_denied_and_a_denial_stated(text: str, words: set[str]) -> None:
    assert {negated(text, random.Random(seed)) for seed in SEEDS} == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Reads come before writes.",
            {"writes come before writes.", "Reads come after writes.", "Reads come before reads."},
        ),
        ("It is faster.", {"It is slower."}),
        ("It is slower.", {"It is faster."}),
    ],
)
def test_a_word_is_exchanged_for_its_opposite(text: str, words: set[str]) -> None:
    assert {turned(text, random.Random(seed)) for seed in SEEDS} == words


@pytest.mark.parametrize("pair", OPPOSITES)
def test_of_two_opposites_each_takes_the_others_place(pair: tuple[str, str]) -> None:
    assert len(set(pair)) == 2
    for word in pair:
        changed = turned(f"It is {word}.", random.Random(1))
        assert changed is not None
        assert changed != f"It is {word}."
        assert turned(changed, random.Random(1)) is not None


@pytest.mark.parametrize("text", ["It takes 3 steps.", "It takes 0 steps.", "Port 80 or 443.", "It takes two steps."])
def test_a_number_becomes_another_number(text: str) -> None:
    for seed in SEEDS:
        changed = recounted(text, random.Random(seed))
        assert changed is not None
        assert changed != text
        assert len([a for a, b in zip(text.split(), changed.split(), strict=True) if a != b]) == 1


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=[name for name, _ in RULES])
def test_where_a_rule_does_not_fit_it_says_so(rule: object) -> None:
    assert callable(rule)
    assert rule("Threads share memory.", random.Random(1)) is None


# --- pairs ----------------------------------------------------------------------------------------


def test_every_pair_has_the_label_that_its_making_deserves(pairs: list[Pair]) -> None:
    assert {(p.made, p.label) for p in pairs if p.made != "joined"} <= set(LABELS.items())
    assert {p.label for p in pairs} == {SAME, OPPOSITE, NEITHER}
    assert all(p.point.strip() and p.stretch.strip() for p in pairs)


def test_claims_that_are_run_together_are_met_agreed_with_and_opposed(some: tuple[Topic, ...]) -> None:
    joined = [p for p in Maker(some, 1).plain() if p.made == "joined"]
    claims = {claim for t in some for p in t.points for claim in (p.text, *p.twins)}
    assert {p.label for p in joined} == {SAME, OPPOSITE}
    assert {p.point for p in joined} <= claims
    assert not {p.stretch for p in joined} & claims


def test_terse_answers_are_met_with_every_point_that_they_tell(some: tuple[Topic, ...]) -> None:
    met = {(p.point, p.stretch): p.label for p in Maker(some, 1).plain()}
    for topic in some:
        for note in topic.notes:
            assert {met[topic.points[k].text, note.text] for k in note.right} <= {SAME}
            assert {met[topic.points[k].text, note.text] for k in note.wrong} <= {OPPOSITE}


def test_the_rare_kinds_of_pairs_are_in_every_draw(some: tuple[Topic, ...]) -> None:
    every = [p.made for p in Maker(some, 1).plain()]
    drawn = [p.made for p in Maker(some, 1).pairs(0.1)]
    assert len(drawn) < 0.4 * len(every)
    for made in ALWAYS:
        assert drawn.count(made) == every.count(made) > 0


def test_every_written_line_is_met_with_its_own_point(some: tuple[Topic, ...]) -> None:
    # A line from afar is drawn from the whole corpus, and once in some thousand times it is the point's own.
    met = {(p.point, p.stretch): p.label for p in Maker(some, 1).plain() if p.made != "far"}
    for point in (p for t in some for p in t.points):
        assert {met[point.text, line] for line in point.right} == {SAME}
        assert {met[point.text, line] for line in point.wrong} == {OPPOSITE}
        assert {met[point.text, line] for line in point.near} == {NEITHER}
        assert {met[pair] for pair in zip(point.twins, point.wrong, strict=True)} == {SAME}


def test_wrong_lines_are_met_as_right_ones_and_the_other_way_round(some: tuple[Topic, ...]) -> None:
    plain = Maker(some, 1).plain()
    wrong = {line for t in some for p in t.points for line in p.wrong}
    right = {line for t in some for p in t.points for line in p.right}
    for lines in (wrong, right):
        assert {p.label for p in plain if p.stretch in lines} == {SAME, OPPOSITE, NEITHER}


def test_the_same_seed_makes_the_same_pairs(some: tuple[Topic, ...], pairs: list[Pair]) -> None:
    assert Maker(some, 1).pairs() == pairs
    assert Maker(some, 1).plain() == Maker(some, 1).plain()


def test_another_seed_makes_other_stretches(some: tuple[Topic, ...], pairs: list[Pair]) -> None:
    other = Maker(some, 2).pairs()
    assert {p.stretch for p in other} != {p.stretch for p in pairs}


def test_the_points_of_pairs_are_those_of_their_topics_or_made_of_them_by_rule(
    some: tuple[Topic, ...], pairs: list[Pair]
) -> None:
    claims = {claim for t in some for p in t.points for claim in (p.text, *p.twins)}
    assert {p.point for p in pairs if not p.made.startswith("rule")} <= claims


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_leaves_something_to_hear(seed: int) -> None:
    for text in ("A cache keeps copies near the reader.", "O(n) time.", "a", "cache"):
        assert noisy(text, random.Random(seed)).strip()


# --- what tone gives away -------------------------------------------------------------------------


def test_what_is_taken_as_given_away_is_never_certain_and_kept_from_unrelated_pairs(some: tuple[Topic, ...]) -> None:
    guesses = wrongness(some)
    assert all(1.0 - SUREST <= p <= SUREST for p in guesses.values())
    unread = GivenAway(guesses)
    area = unread.learn(
        [(p.point, p.stretch, p.label == OPPOSITE) for p in Maker(some, 1).plain() if p.label != NEITHER]
    )
    assert 0.5 < area <= 1.0
    made = Maker(some, 1, unread).pairs()
    assert all(1.0 - SUREST <= p.given_away <= SUREST for p in made)
    assert {p.given_away for p in made if p.label == NEITHER} == {0.5}
    assert len({p.given_away for p in made if p.label != NEITHER}) > 10


# --- what is held out -----------------------------------------------------------------------------


def test_a_question_that_is_held_out_is_never_learned(topics: tuple[Topic, ...]) -> None:
    learned, held = split(topics)
    assert len(held) == -(-len(topics) // HELD_OUT)
    assert 0.98 * len(topics) < len(learned) + len(held) <= len(topics)
    assert not {line for t in learned for line in t.lines()} & {line for t in held for line in t.lines()}


def test_questions_of_every_field_are_learned_and_of_nearly_every_field_held_out(topics: tuple[Topic, ...]) -> None:
    learned, held = split(topics)
    assert {t.source for t in learned} == {t.source for t in topics}
    assert len({t.source for t in held}) > len({t.source for t in topics}) / 2


def test_every_run_that_led_to_weights_is_counted(tmp_path: Path) -> None:
    told = {"sha256": "c", "passes": 1, "held_out": {}, "resumed": {"sha256": "b", "resumed": "after pass 3"}}
    (tmp_path / "judge.json").write_text(json.dumps(told), encoding="utf-8")
    before = resumed(tmp_path)
    assert before == {k: v for k, v in told.items() if k != "held_out"}
    assert runs_before(before) == 2
    assert runs_before(resumed(None)) == 0


def test_batches_hold_every_pair_once(pairs: list[Pair]) -> None:
    dealt = [pair for batch in batches(pairs, random.Random(1)) for pair in batch]
    assert len(dealt) == len(pairs)
    assert set(dealt) == set(pairs)


def test_the_figures_of_a_judge_that_is_always_right_are_perfect(pairs: list[Pair]) -> None:
    import numpy as np

    some = pairs[:200]
    perfect = np.full((len(some), 3), 0.01, dtype=np.float32)
    perfect[np.arange(len(some)), [p.label for p in some]] = 0.98
    figures = measured(perfect, some)
    assert (figures["pairs"], figures["accuracy"], figures["accused_at_0.9"], figures["found_at_0.9"]) == (200, 1, 0, 1)
    assert figures["auc_opposite_from_same"] == figures["auc_same_from_neither"] == 1.0
    assert set(figures["by_kind"].values()) == {1.0}
