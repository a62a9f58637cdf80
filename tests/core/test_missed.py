"""The points that were missed most often."""

from __future__ import annotations

from interviewer.core.missed import most_missed
from interviewer.core.trends import Scope, within
from tests.core.trend_rows import MADE, MISSED, WRONG, everything, row, trends


def test_what_was_missed_most_often_comes_first() -> None:
    found = trends(
        row("a", points=(("one", MISSED), ("two", MISSED), ("three", MADE))),
        row("b", day=1, points=(("one", MADE), ("two", WRONG), ("three", MADE))),
    )
    lapses = most_missed(found, everything(found), 5)
    told = [(r.text, r.judged, r.missed, r.contradicted, r.made_last) for r in lapses.rows]
    assert told == [("two", 2, 2, 1, False), ("one", 2, 1, 0, True)]


def test_of_equals_the_larger_share_comes_first() -> None:
    found = trends(
        row("a", points=(("one", MISSED),)),
        row("b", day=1, points=(("one", MADE),)),
        row("c", day=2, question_id="q", points=(("two", MISSED),)),
    )
    assert [r.text for r in most_missed(found, everything(found), 5).rows] == ["two", "one"]


def test_no_more_points_than_asked_for() -> None:
    found = trends(row(points=(("one", MISSED), ("two", MISSED))))
    assert len(most_missed(found, everything(found), 1).rows) == 1


def test_answers_to_follow_ups_do_not_count_twice() -> None:
    found = trends(row("a", points=(("one", MISSED),)), row("b", day=1, follow_up=True, points=(("one", MISSED),)))
    assert most_missed(found, everything(found), 5).rows[0].judged == 1


def test_points_judged_by_another_recipe_are_left_out_and_counted() -> None:
    found = trends(
        row("a", recipe=1, points=(("one", MISSED), ("two", MISSED))),
        row("b", day=1, recipe=2, points=(("one", MISSED),)),
    )
    lapses = most_missed(found, everything(found), 5)
    assert [(r.text, r.judged) for r in lapses.rows] == [("one", 1)]
    assert lapses.other_scoring == 1


def test_only_what_was_chosen_counts() -> None:
    found = trends(row("a", points=(("one", MISSED),)), row("b", question_id="q", points=(("two", MISSED),)))
    chosen = within(found, Scope(question=("Backend", "q")))
    assert [r.subject.question_id for r in most_missed(found, chosen, 5).rows] == ["q"]
