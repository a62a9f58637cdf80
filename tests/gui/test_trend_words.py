"""Trends in words: the summary, the legend, what is said of a dot."""

from __future__ import annotations

from interviewer.core.trend_series import series
from interviewer.core.trends import Measure, Scope, TrendRow, within
from interviewer.gui import trend_words
from tests.gui.trends_page import row, trends


def words(*rows: TrendRow, measure: Measure = Measure.SCORE) -> tuple[str, str]:
    found = trends(*rows)
    chosen = within(found, Scope())
    drawn = series(found, chosen, measure)
    return trend_words.summary(found, chosen, drawn, measure), trend_words.legend(drawn, measure)


def test_the_legend_names_only_what_is_there():
    assert words(row("a"), row("b", day=1))[1] == "Dot: an answer; line: from answer to answer."


def test_the_legend_says_what_is_not_to_be_compared():
    legend = words(row("a"), row("b", day=1, recipe=2), row("c", day=2, recipe=2, follow_up=True))[1]
    assert "hollow: scored in another way than the newest" in legend
    assert "triangle: an answer to a follow-up" in legend


def test_the_legend_names_the_stretch_that_is_advised():
    assert words(row("a"), measure=Measure.PACE)[1] == "Dot: an answer; shaded: 120 to 160, as advised."


def test_the_last_ten_answers_have_a_median():
    rows = [row(str(i), day=i, question_id=f"q{i % 2}", value=5.0 * i) for i in range(12)]
    told, legend = words(*rows)
    assert told == "12 answers, 2 March 2026 to 13 March 2026. Median of the last ten: 35 of 100."
    assert legend.endswith("line: the median of the 10 answers up to there.")


def test_what_sets_an_answer_apart_is_said_of_its_dot():
    found = trends(row("a", coverage_only=True), row("b", day=1, follow_up=True))
    assert trend_words.dot(found, 0, Measure.COVERAGE).whole.endswith("What is Depends? No single right answer")
    assert trend_words.dot(found, 1, Measure.FILLERS).figure == "3.3 fillers a minute"


def test_a_day_without_answers_of_this_kind_says_so():
    found = trends(row("a"))
    assert trend_words.summary(found, within(found, Scope(days=(0, 1))), (), Measure.SCORE).startswith("No answer")
