"""The score on the page: its range, its points, and the words they rest on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QLabel

from interviewer.core.models import Coverage, Score
from interviewer.gui.answer import Answer
from interviewer.gui.widgets.labels import IconLabel
from tests.gui.fakes import attempt, open_score, transcript


def rows(view):
    return [view.layout().itemAt(i).widget().accessibleName() for i in range(view.layout().count())]


def test_the_score_is_shown_in_steps_of_five(feedback):
    assert feedback.view.badge.accessibleName() == "Score about 65 of 100, between 50 and 75: Solid"


def test_the_score_has_its_range_and_its_next_step_under_the_label(feedback):
    view = feedback.view
    assert view.label.text() == "Solid"
    assert view.range.text() == "65, between 50 and 75 in steps of 5"
    assert view.next_step.text().startswith("For Complete: ")
    assert view.label.y() < view.range.y() < view.next_step.y() < view.counted.y()


def test_a_score_of_before_there_were_ranges_shows_none(feedback):
    feedback.view.show_answer(Answer(None, score=Score(63.0, "Good, with gaps", ())))
    assert not feedback.view.range.isVisible()
    assert not feedback.view.next_step.isVisible()
    assert feedback.view.about.text().endswith("it does not check whether they are true.")


def test_points_are_counted(feedback):
    assert feedback.view.counted.text() == "2 of 5 points made, 1 partly, 1 the wrong way round"


def test_text_of_the_score_is_shown_as_it_is_written(feedback):
    parts = (feedback.view.label, feedback.view.range, feedback.view.next_step, feedback.view.notes)
    assert {one.textFormat() for one in parts} == {Qt.TextFormat.PlainText}


def test_the_feedback_is_announced_with_its_range(interview, conductor, monkeypatch):
    said = []
    monkeypatch.setattr(interview.shelf.feedback, "announce", said.append)
    conductor.to_feedback()
    assert said == ["Feedback. Score about 65 of 100, between 50 and 75: Solid."]


@pytest.fixture
def without_right_answer(interview, conductor):
    conductor.to_feedback(judged=open_score())
    return interview.shelf.feedback.view


def test_without_a_right_answer_points_take_the_place_of_the_number(without_right_answer):
    view = without_right_answer
    assert view.label.text() == "2 of 4 points mentioned, 1 partly"
    assert "no single right answer" in view.about.text()
    assert not [one for one in (view.badge, view.range, view.next_step, view.counted) if one.isVisible()]


def test_without_a_right_answer_no_colour_judges(without_right_answer, interview):
    labels = without_right_answer.points.findChildren(QLabel)
    assert {one.property("tone") for one in labels if one.isVisible()} <= {None, "", "muted"}


def test_the_number_comes_back_with_the_next_answer(without_right_answer):
    without_right_answer.show_answer(Answer.of(None, attempt(1)))
    assert without_right_answer.badge.isVisible()
    assert without_right_answer.counted.isVisible()


def test_notes_explain_the_score(feedback):
    assert feedback.view.notes.text() == "•  Some of the answer has little to do with the question."


def test_points_are_told_apart_by_word(feedback):
    words = [name.split(":")[0] for name in rows(feedback.view.points)]
    assert words == ["Mentioned", "Said", "Partly", "The wrong way round", "Missed"]


def test_points_are_told_apart_by_shape_and_colour(feedback):
    icons = feedback.view.points.findChildren(IconLabel)
    assert [(icon._name, icon._colour) for icon in icons if icon._name != "play"] == [
        ("mentioned", "good"),
        ("covered", "good"),
        ("partly", "warn"),
        ("contradicted", "bad"),
        ("missed", "muted"),
    ]


def test_each_point_carries_its_evidence_and_what_its_word_means(feedback):
    view = feedback.view.points
    confirmed, _, contradicted = (view.layout().itemAt(i).widget() for i in (1, 2, 3))
    assert "Confirmed by the judge" in confirmed.accessibleDescription()
    assert contradicted.accessibleDescription().startswith("You said: “all of that makes the number crunching faster")
    tips = [one.toolTip() for one in confirmed.findChildren(QLabel) if one.text() == "Said"]
    assert "Confirmed by the judge" in tips[0]


def test_the_words_that_a_point_rests_on_are_marked(feedback):
    view = feedback.view.transcript
    ground = {words: mark(view, words).background().color() for words in ("plain function", "number crunching")}
    theme = feedback.theme
    assert ground == {"plain function": theme.colour("mark"), "number crunching": theme.colour("bad_soft")}
    assert mark(view, "because").background().style() is Qt.BrushStyle.NoBrush
    wavy = QTextCharFormat.UnderlineStyle.WaveUnderline
    assert [mark(view, words).underlineStyle() is wavy for words in ground] == [False, True]


def mark(view, words):
    return view.document().find(words).charFormat()


def test_marks_are_explained_where_there_are_any(feedback):
    said = feedback.view.written_by
    assert said.text().endswith("Shaded: where you made a point. Wavy line: the wrong way round.")
    feedback.view.show_answer(Answer(None, transcript=transcript(text="I would use async def.")))
    assert "Shaded" not in said.text()
    assert "Wavy" not in said.text()


def followed_up(text, prior=""):
    """An answer to a follow-up: its points rest on the first answer, then on this."""
    asked = replace(attempt(1), follow_up="And when it blocks?", transcript=transcript(text=text))
    return replace(Answer.of(None, asked), prior=prior or None)


def test_an_answer_to_a_follow_up_is_not_marked_for_what_the_first_answer_said(feedback):
    feedback.view.show_answer(followed_up("I would ask for a raise."))
    assert feedback.view.transcript.evidence == frozenset()


def test_an_answer_to_a_follow_up_is_marked_for_what_it_says_itself(feedback):
    feedback.view.show_answer(followed_up("Now then other requests can go on meanwhile"))
    assert feedback.view.transcript.evidence == {Coverage.PARTLY}
    assert mark(feedback.view.transcript, "meanwhile").background().color() == feedback.theme.colour("mark")
