"""Summary and Settings."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from interviewer.core import steps
from interviewer.core.errors import ModelCorrupt
from interviewer.core.models import Session
from interviewer.core.settings import Appearance
from interviewer.gui.digest import digest
from interviewer.gui.widgets.session_models import day_and_time
from interviewer.workers.status import ModelsStatus
from tests.gui.fakes import NOW, attempt, bank, open_score, score, session

EARLIER = session("20260601-183000-def456", when=NOW - timedelta(days=3))


# --- summary -------------------------------------------------------------------------------


@pytest.fixture
def summary(interview, conductor, library):
    library.sessions = (session(), EARLIER)
    conductor.post(steps.End())
    return interview.shelf.summary


def test_the_summary_scores_every_question(summary):
    assert summary.mean.text() == "4 of 5 questions answered and scored, 50 of 100 on average."
    assert summary.chart.accessibleName().endswith("question 4: 10, question 5: not scored")


def test_the_lowest_scores_are_what_to_practise(summary):
    assert [row.question_id for row in summary._digest.practise] == [
        "background-tasks",
        "angle-brackets",
        "dependency-injection",
    ]


def test_practise_again_asks_the_same_questions(qtbot, interview, summary, conductor):
    qtbot.keyClick(interview, Qt.Key.Key_Space)
    assert conductor.begun[-1][3] == session().question_ids


def test_a_question_opens_for_review_from_the_summary(interview, summary, library):
    summary.review_wanted.emit(session().attempts[0].id)
    assert interview.stack.currentWidget() is interview.shelf.review


def test_back_to_start_leaves_the_session(interview, summary, conductor):
    conductor.leave()
    assert interview.stack.currentWidget() is interview.shelf.start


def test_the_newest_judged_answer_counts():
    first = attempt(0, value=20.0)
    second = replace(
        first, id="retake", created=first.created + timedelta(minutes=1), score=attempt(0, value=80.0).score
    )
    third = replace(second, id="unscored", created=second.created + timedelta(minutes=1), score=None)
    made = digest(_session(first, second, third), bank().question)
    assert made.rows[0].score.value == 80.0


def test_a_session_without_answers_has_no_mean():
    made = digest(_session(), bank().question)
    assert made.mean is None
    assert made.lapses == ()
    assert [row.question_id for row in made.practise] == ["async-operations"]


def test_a_strong_session_leaves_nothing_to_practise():
    assert digest(_session(attempt(0, value=90.0)), bank().question).practise == ()


def test_points_not_made_name_their_question_what_was_said_wrong_first():
    made = digest(_session(attempt(0)), bank().question)
    assert [(lapse.place, lapse.contradicted) for lapse in made.lapses] == [(0, True), (0, False)]
    assert made.lapses[0].point.startswith("The gain is for input and output")


def test_the_summary_tells_missed_points_from_those_said_the_wrong_way_round(summary):
    texts = [one.text() for one in summary.findChildren(QLabel)]
    assert "Question 4, the wrong way round" in texts
    assert "Question 4, missed" in texts


def test_what_has_no_right_answer_is_neither_in_the_mean_nor_to_be_practised(summary, library):
    first, second, *_ = session().attempts
    judged = (replace(first, score=replace(open_score(), value=10.0)), second)
    library.sessions = (replace(session(), attempts=judged),)
    library.changed.emit()
    assert summary.mean.text() == "2 of 5 questions answered and judged, 65 of 100 on average over the 1 with a score."
    assert [row.question_id for row in summary._digest.practise if row.score] == ["dependency-injection"]
    assert "question 1: 2 of 4 points mentioned, 1 partly, question 2: 65" in summary.chart.accessibleName()
    assert "2 of 4 points mentioned, 1 partly" in [one.text() for one in summary.findChildren(QLabel)]


def _session(*attempts) -> Session:
    return replace(session(), question_ids=("async-operations",), attempts=attempts)


# --- settings ------------------------------------------------------------------------------


@pytest.fixture
def page(window):
    window.open_settings()
    return window.shelf.settings


def test_what_is_chosen_is_kept(page, keeper):
    page.loudspeaker.chosen.emit("Built-in loudspeaker")
    page.voice.chosen.emit("en-gb")
    page.rate.setValue(140)
    page.whisper.chosen.emit("small")
    page.hide_question.setChecked(True)
    now = keeper.current
    assert (now.loudspeaker, now.voice, now.rate_wpm, now.whisper_model, now.hide_question) == (
        "Built-in loudspeaker",
        "en-gb",
        140,
        "small",
        True,
    )


def test_a_look_is_applied_at_once(window, page, keeper):
    page.appearance.chosen.emit(Appearance.DARK)
    assert window.theme.dark


def test_models_say_whether_they_are_here(page):
    texts = [page.whisper.itemText(i) for i in range(page.whisper.count())]
    assert texts[0].endswith("not on this computer")
    assert texts[1] == "base.en · English · 145 MB"


def test_a_checkpoint_file_stays_chosen_though_it_is_in_no_list(page, keeper, library):
    keeper.change(whisper_model="/models/own.pt")
    library.load_models()
    assert page.whisper.currentText() == "/models/own.pt"


def test_the_recogniser_in_use_is_named(page, conductor):
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    assert page._recogniser.text() == "In use: Whisper base.en."


def test_a_recogniser_that_failed_to_load_is_not_said_to_be_loading(page, conductor):
    conductor.models_changed.emit(ModelsStatus(problem=ModelCorrupt("base.en.pt is damaged", hint="Bring it again.")))
    assert page._recogniser.text() == "No recogniser: base.en.pt is damaged. Bring it again."


def test_the_recogniser_that_stands_in_is_named_with_the_reason(page, conductor):
    problem = ModelCorrupt("base.en.pt is damaged", hint="Bring it again.")
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, problem=problem))
    assert page._recogniser.text() == "In use: built-in recogniser. base.en.pt is damaged. Bring it again."


def test_a_page_built_late_knows_what_was_said_before(window, conductor):
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    window.open_settings()
    assert window.shelf.settings._recogniser.text() == "In use: Whisper base.en."


def test_the_voice_can_be_heard(qtbot, page, conductor):
    page._on_hear()
    assert conductor.calls[-1][0] == "speak"


def test_looking_at_the_settings_changes_none(window, keeper):
    before = keeper.current
    window.open_settings()
    assert keeper.current == before


def test_the_mean_is_shown_in_the_steps_of_the_scores(summary, library):
    judged = (replace(attempt(0), score=score(5.0)), replace(attempt(1), score=score(0.0)))
    library.sessions = (replace(session(), attempts=judged),)
    library.changed.emit()
    assert summary.mean.text().endswith(f"{score(2.5).shown} of 100 on average.")


def test_the_mean_is_made_of_what_was_measured_not_of_what_is_shown(summary, library):
    judged = (replace(attempt(0), score=score(2.4)), replace(attempt(1), score=score(7.4)))
    library.sessions = (replace(session(), attempts=judged),)
    library.changed.emit()
    assert summary.mean.text().endswith(", 5 of 100 on average.")


def test_the_summary_follows_what_is_written_down_later(summary, library):
    library.sessions = (replace(session(), attempts=session().attempts[:1]),)
    library.changed.emit()
    assert summary.mean.text().startswith("1 of 5 questions answered")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no way to change the zone")
def test_a_date_at_the_end_of_the_calendar_is_shown_in_every_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        words = day_and_time(datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert words == "Friday, 31 December 9999, 23:59"
