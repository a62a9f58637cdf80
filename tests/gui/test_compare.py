"""Two answers to one question, side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from interviewer.gui.recogniser import written_by
from interviewer.gui.theme import read_tokens
from interviewer.gui.widgets.labels import wrappable
from tests.gui import compare_page
from tests.gui.compare_page import FIRST, RETAKE, shown, texts
from tests.gui.fakes import open_score, transcript
from tests.gui.test_look import contrast

alone, page = compare_page.alone, compare_page.page  # pytest looks for fixtures among the names of a file


# --- what is shown -------------------------------------------------------------------------


def test_the_earlier_answer_stands_at_the_left(page):
    assert page.earlier.value() == FIRST.id
    assert page.later.value() == RETAKE.id
    assert page.view.earlier_score.badge.accessibleName().startswith("Score about 40")
    assert page.view.later_score.badge.accessibleName().startswith("Score about 70")


def test_the_question_is_named(page):
    assert page.question.text().startswith("When would you write a handler")


def test_a_question_that_is_no_longer_in_the_bank_is_named_as_it_was_asked(alone, library):
    page = shown(
        alone,
        library,
        replace(FIRST, question_id="gone", asked="What was that?"),
        replace(RETAKE, question_id="gone"),
        one=FIRST,
    )
    assert page.question.text() == "What was that?"


def test_the_difference_is_given_with_how_sure_it_is(page):
    assert page.view.change.text() == "30 higher. The ranges do not overlap."


def test_points_gained_and_lost_are_counted_and_stand_first(page):
    assert page.view.counted.text() == "1 point gained, 1 lost"
    names = [page.view.points.row(place).accessibleName() for place in range(5)]
    assert [name.partition(":")[0] for name in names] == ["Gained", "Lost", "In both", "In neither", "In neither"]


def test_a_row_says_how_the_point_was_made_in_either(page):
    row = page.view.points.row(0)
    assert row.accessibleDescription().startswith("Earlier: Partly. You said: ")
    assert "Later: mentioned" in texts(row)


def test_what_changed_in_the_delivery_is_told(alone, library):
    said = transcript()
    quicker = replace(said, words=tuple(replace(w, start_s=w.start_s / 2, end_s=w.end_s / 2) for w in said.words))
    spans = tuple(replace(s, start_s=s.start_s / 2, end_s=s.end_s / 2) for s in said.speech)
    page = shown(alone, library, FIRST, replace(RETAKE, transcript=replace(quicker, speech=spans)))
    assert "120 words a minute faster" in texts(page.view.delivery)


def test_both_texts_are_shown_with_their_evidence_shaded(page):
    for side in (page.view.earlier_text, page.view.later_text):
        assert side.transcript.toPlainText().startswith("So um I would use async def")
        assert "Written down by Whisper base.en." in side.written_by.text()
        assert "Shaded: where you made a point." in side.written_by.text()


def test_an_answer_not_written_down_yet_is_said_to_be(alone, library):
    page = shown(alone, library, FIRST, replace(RETAKE, transcript=None, score=None))
    assert page.view.later_text.transcript.toPlainText() == "This recording is not written down yet."
    assert page.view.later_score.label.text() == "Not scored"
    assert not page.view.change.isVisible()


def test_a_recording_in_which_nothing_was_heard_is_said_to_hold_nothing(alone, library):
    page = shown(alone, library, FIRST, replace(RETAKE, transcript=transcript(text="")))
    assert page.view.later_text.transcript.toPlainText() == "Nothing was heard in this recording."


def test_where_there_is_no_right_answer_no_score_is_compared(alone, library):
    page = shown(alone, library, replace(FIRST, score=open_score()), replace(RETAKE, score=open_score()))
    assert not page.view.change.isVisible()
    assert not page.view.earlier_score.badge.isVisible()
    assert page.view.counted.text() == "0 points gained, 0 lost"


def test_markup_in_what_was_said_stays_text(alone, library):
    page = shown(alone, library, FIRST, replace(RETAKE, transcript=transcript(text="<b>bold</b> & more")))
    assert page.view.later_text.transcript.toPlainText() == "<b>bold</b> & more"


# --- what may not be compared -----------------------------------------------------------------


def test_scores_of_different_recipes_are_said_not_to_be_comparable(alone, library):
    page = shown(alone, library, FIRST, replace(RETAKE, score=replace(RETAKE.score, recipe='{"model":"other"}')))
    assert page.view.change.text().startswith("No difference is given")
    assert page.view.cautions.notice("caution").accessibleName().startswith("These two are not alike")


def test_both_can_be_scored_again_to_be_alike(qtbot, alone, library):
    page = shown(alone, library, FIRST, replace(RETAKE, score=replace(RETAKE.score, recipe='{"model":"other"}')))
    page.view.cautions.notice("caution").action.click()
    assert library.calls[-1] == ("rescore", FIRST.id, RETAKE.id)
    assert page.view.cautions.notice("caution").word.fact == "Scoring both answers again…"
    library.attempt_loaded.emit(FIRST)
    assert page.view.cautions.notice("caution") is not None
    library.attempt_loaded.emit(RETAKE)
    assert page.view.cautions.notice("caution") is None
    assert page.view.change.text().startswith("30 higher")


@pytest.mark.parametrize("change", [{"question_id": "gone"}, {"transcript": transcript(rough=True)}])
def test_what_scoring_would_not_mend_does_not_offer_it(alone, library, change):
    other = replace(RETAKE, score=replace(RETAKE.score, recipe='{"model":"other"}'))
    page = shown(alone, library, *(replace(one, **change) for one in (FIRST, other)))
    assert page.view.cautions.notice("caution").action is None


def test_answers_that_are_alike_carry_no_caution(page):
    assert page.view.cautions.notice("caution") is None


# --- for everybody ---------------------------------------------------------------------------


def test_what_came_out_is_announced(alone, library, monkeypatch):
    said = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    shown(alone, library, FIRST, RETAKE)
    assert said[-1] == "30 higher. The ranges do not overlap. 1 point gained, 1 lost."


def test_tab_reaches_every_button_and_list(qtbot, page):
    wanted = {page.earlier, page.later, page.back, page.hear, page.view.earlier_text.review}
    wanted |= {page.view.points.row(place).hear for place in range(4)}
    reached = set()
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted <= reached


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
def test_a_row_that_sounds_can_still_be_read(look, tone):
    colours = read_tokens()[look]
    assert contrast(colours[tone], colours["accent_soft"]) >= 4.5


def test_no_button_is_cut_off_in_the_smallest_window(page):
    page.resize(870, 640)
    QApplication.processEvents()
    buttons = [page.back, page.hear, *(page.view.points.row(place).hear for place in range(5))]
    assert [b.text() for b in buttons if b.width() < b.sizeHint().width()] == []


@pytest.mark.parametrize(
    ("engine", "model", "words"),
    [
        ("typed", "", "You typed this answer."),
        ("corrected", "base.en", "You corrected this text by hand."),
        ("whisper", "base.en", "Written down by Whisper base.en."),
        ("pocketsphinx", "en-us", "Written down roughly by the built-in recogniser."),
        ("faster-whisper", "base.en", "Written down by Whisper base.en, faster engine."),
        ("parrot", "", "Written down by parrot."),
    ],
)
def test_a_text_names_who_wrote_it_down(engine, model, words):
    assert written_by(replace(transcript(), engine=engine, model=model)) == words


def test_words_too_long_for_a_column_may_be_broken_and_others_not():
    long = "Rindfleischetikettierungsgesetz"
    assert wrappable(f"a {long} here").split("\u200b") == [f"a {long[:20]}", f"{long[20:]} here"]
    assert wrappable("an ordinary sentence") == "an ordinary sentence"


def test_a_point_of_endless_words_pushes_nothing_out_of_the_window(alone, library):
    endless = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 4
    points = tuple(replace(p, text=f"{endless}{i}", evidence=endless) for i, p in enumerate(FIRST.score.points))
    page = shown(alone, library, *(replace(one, score=replace(one.score, points=points)) for one in (FIRST, RETAKE)))
    QApplication.processEvents()
    assert page.view.width() <= page.scroller.viewport().width()
