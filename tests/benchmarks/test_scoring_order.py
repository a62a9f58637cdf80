"""How the scoring benchmark counts answers in order and key points recognised."""

from __future__ import annotations

import json

import pytest

from benchmarks import scoring_suite as suite
from benchmarks.scoring_suite import Entry, Marked, Told
from benchmarks.scoring_table import LINES, NOT_MET, as_table, at
from interviewer.core.bank import load_bank
from interviewer.core.models import Coverage
from interviewer.core.paths import shipped_bank

COVERED, MISSED, CONTRADICTED = Coverage.COVERED, Coverage.MISSED, Coverage.CONTRADICTED
QUESTION = load_bank(shipped_bank()).questions[0]


def told(*covered: int, contradicted: tuple[int, ...] = ()) -> Told:
    return Told("…", frozenset(covered), frozenset(contradicted))


@pytest.fixture
def entry() -> Entry:
    answers = {
        "full": told(0, 1),
        "partial": told(0),
        "short": told(0, 1),
        "vague": told(),
        "wrong": told(contradicted=(0, 1)),
    }
    return Entry(QUESTION, (), answers)


def result(entry: Entry, **points: tuple[Coverage, ...]) -> Marked:
    return Marked(entry, {"full": 80.0, "partial": 50.0, "short": 50.0, "vague": 10.0, "wrong": 30.0}, points)


def test_equal_scores_are_not_in_order(entry: Entry) -> None:
    figures = suite.ranking([result(entry)], suite.suite_pairs)
    assert (figures["pairs"], figures["pairs_in_order"]) == (5, 0.8)


def test_a_full_answer_above_the_wrong_one_is_counted(entry: Entry) -> None:
    figures = suite.ranking([result(entry)], suite.suite_pairs)
    assert (figures["full_over_wrong"], figures["wrong_mean"], figures["full_minus_partial"]) == (1, 30.0, 30.0)


def test_only_what_makes_more_points_must_go_above_partial() -> None:
    same = dict.fromkeys(("partial", "full", "short", "non_native", "fillers"), told(0))
    pairs = suite.own_pairs(Entry(QUESTION, (), {**same, "rambling": told(0, 1)}))
    assert [p for p in pairs if p[1] == "partial"] == [("rambling", "partial")]
    assert len(pairs) == 1 + len(suite.HONEST) * len(suite.EMPTY)


def test_points_are_counted_in_honest_answers_and_with_wrong_ones(entry: Entry) -> None:
    marked = result(entry, full=(COVERED, MISSED), partial=(COVERED, COVERED), wrong=(COVERED, CONTRADICTED))
    figures = suite.key_points([marked])
    assert figures["points"] == 4
    assert figures["precision"] == pytest.approx(2 / 3)
    assert figures["recall"] == pytest.approx(2 / 3)
    assert figures["precision_with_wrong"] == pytest.approx(2 / 4)


def test_accusations_are_counted_where_they_are_due_and_where_not(entry: Entry) -> None:
    marked = result(entry, full=(COVERED, CONTRADICTED), wrong=(MISSED, CONTRADICTED))
    figures = suite.contradictions([marked])
    assert (figures["recall"], figures["false_accusations"]) == (0.5, 0.5)


def test_the_halves_of_a_bank_take_turns() -> None:
    own = suite.read_own()
    ids = [q.id for q in load_bank(shipped_bank()).questions]
    halves = {name: [e.question.id for e in entries] for name, entries in suite.halves(own).items()}
    assert halves == {"tuned": ids[::2], "held_out": ids[1::2]}


def test_every_mistake_of_the_suite_fits_an_entry_of_a_bank() -> None:
    for question_id, mistakes in suite.read_mistakes().items():
        raw = {"id": question_id, "question": "?", "reference": "It is.", "key_points": ["It is."]}
        assert suite._question(raw, mistakes).mistakes


def report_of(value: float) -> dict[str, object]:
    report: dict[str, object] = {}
    for line in LINES:
        *path, last = line.now.split(".")
        place = report
        for key in path:
            place = place.setdefault(key, {})  # type: ignore[assignment]
        place[last] = value
    return report


def test_what_is_not_as_wanted_bears_a_mark() -> None:
    told = as_table(report_of(0.0)).splitlines()
    row = next(line for line in told if line.startswith("Mohler: Pearson, raw"))
    assert row.endswith(NOT_MET)
    assert not next(line for line in told if line.startswith("empty")).endswith(NOT_MET)


def test_rounding_meets_no_bound() -> None:
    line = next(line for line in LINES if line.name == "suite: pairs in order")
    assert (line.met(1.0), line.met(0.9996)) == (True, False)


def test_what_was_not_measured_bears_none() -> None:
    assert NOT_MET not in "\n".join(as_table({}).splitlines()[:-2])


def test_a_place_in_a_report_is_found_by_its_keys() -> None:
    report = json.loads('{"a": {"b": 2}}')
    assert (at(report, "a.b"), at(report, "a.c.d")) == (2, None)
