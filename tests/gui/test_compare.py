"""Two answers to one question, side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.models import Coverage, Mode, Transcript
from interviewer.core.settings import Appearance
from interviewer.gui.pages.compare import MOST_OFFERED, ComparePage, beside
from interviewer.gui.recogniser import written_by
from interviewer.gui.theme import Theme, read_tokens
from interviewer.gui.widgets.labels import wrappable
from interviewer.gui.widgets.player_bar import Playing
from tests.gui.fakes import NOW, attempt, clip, open_score, score, session, transcript
from tests.gui.test_look import contrast

COVERED, PARTLY, MISSED, CONTRADICTED = Coverage
FIRST = attempt(0, value=41.0, label="Partial")


def later(days: int = 2, *states: Coverage, value: float = 70.0, name: str = "retake", **fields):
    """An answer to the same question some days on; its points are of these states, one after the other."""
    judged = score(value)
    points = tuple(replace(p, coverage=s) for p, s in zip(judged.points, states, strict=False)) or judged.points
    made = replace(
        FIRST,
        id=name,
        created=NOW + timedelta(days=days),
        clip=clip(path=Path(f"/nowhere/{name}.wav")),
        score=replace(judged, points=points),
    )
    return replace(made, **fields)


RETAKE = later(2, MISSED, COVERED, COVERED, CONTRADICTED, MISSED)


def put(library, *attempts):
    library.sessions = (replace(session(), attempts=attempts),)


@pytest.fixture
def alone(qtbot, qapp, conductor, library):
    """The page without a window around it: nothing is shown yet."""
    made = ComparePage(conductor, library, Theme(qapp, Appearance.LIGHT))
    qtbot.addWidget(made)
    made.view.sound._between.setInterval(0)
    made.resize(1180, 780)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def page(alone, library):
    """The comparison of the first answer with a retake."""
    return shown(alone, library, FIRST, RETAKE)


def shown(page, library, *attempts, one=FIRST, other_id=""):
    """Have these answers kept, and compare one of them."""
    put(library, *attempts)
    page.open(one.id, other_id)
    return page


def texts(widget):
    QApplication.processEvents()  # what was laid out anew is shown in the next round
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def plays(conductor):
    return [call for call in conductor.calls if call[0] == "play"]


def end(conductor):
    """The sound that plays has come to its end."""
    conductor.playback_ended.emit()


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


# --- hearing ---------------------------------------------------------------------------------


def test_a_point_is_heard_from_the_earlier_answer_and_then_from_the_later(qtbot, page, conductor):
    qtbot.keyClick(page, Qt.Key.Key_1)
    assert [call[1] for call in plays(conductor)] == [FIRST.clip.path]
    end(conductor)
    qtbot.waitUntil(lambda: len(plays(conductor)) == 2)
    assert plays(conductor)[1][1] == RETAKE.clip.path
    assert page.view.later_text.player.playing is Playing.RUNNING
    end(conductor)
    assert not page.view.sound.running


def test_what_is_heard_is_just_the_evidence(qtbot, page, conductor):
    heard = []
    page.view.earlier_text.player.play_span = heard.append
    page.view.hear(0)
    words = FIRST.transcript.words
    first, stop = FIRST.score.points[2].words
    assert (heard[0].start_s, heard[0].end_s) == (words[first].start_s, words[stop - 1].end_s)


def test_the_row_that_sounds_stands_out_until_both_were_heard(qtbot, page, conductor):
    page.view.hear(0)
    assert page.view.points.row(0).property("panel") == "notice"
    end(conductor)
    qtbot.waitUntil(lambda: len(plays(conductor)) == 2)
    assert page.view.points.row(0).property("panel") == "notice"
    end(conductor)
    assert not page.view.points.row(0).property("panel")


def test_space_goes_from_point_to_point_and_stops_what_sounds(qtbot, page, conductor):
    heard = []
    page.view.heard_changed.connect(heard.append)
    for _ in range(4):
        qtbot.keyClick(page, Qt.Key.Key_Space)
    assert heard == [0, None, 1, None]
    assert page.hear.text() == "Hear the next point"


def test_after_the_last_point_comes_the_first(page):
    heard = []
    page.view.heard_changed.connect(heard.append)
    for _ in range(5):
        page.view.hear_next()
    # The fifth point has nothing to hear in either answer.
    assert [place for place in heard if place is not None] == [0, 1, 2, 3, 0]


def test_escape_silences_first_and_goes_back_next(qtbot, page, conductor):
    left = []
    page.back_wanted.connect(lambda: left.append(True))
    page.view.hear(0)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert ("stop",) in conductor.calls
    assert not page.view.sound.running
    assert not left
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert left


def test_a_point_made_in_one_answer_only_is_heard_from_that_one(qtbot, alone, library, conductor):
    silent = replace(FIRST, clip=None)
    page = shown(alone, library, silent, RETAKE)
    assert page.view.points.row(0).hear.text() == "Hear the later"
    page.view.points.row(0).hear.click()
    assert [call[1] for call in plays(conductor)] == [RETAKE.clip.path]


def test_typed_answers_offer_nothing_to_hear(qtbot, alone, library, conductor):
    page = shown(alone, library, *(replace(one, clip=None) for one in (FIRST, RETAKE)))
    assert not page.hear.isVisible()
    assert not any(page.view.points.row(place).hear.isEnabled() for place in range(5))
    for key in (Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_9):
        qtbot.keyClick(page, key)
    assert plays(conductor) == []


def test_a_spoken_answer_without_its_recording_is_not_called_typed(alone, library):
    typed = later(3, name="typed", clip=None, transcript=Transcript("I would.", engine="typed"))
    page = shown(alone, library, replace(FIRST, clip=None), RETAKE, typed)
    offered = [page.earlier.itemText(row) for row in range(page.earlier.count())]
    assert [words.rpartition(" · ")[2] for words in offered] == ["typed", "no recording"]
    assert page.view.earlier_text.missing.words.text().startswith("This answer was spoken, but its recording")
    assert not page.view.earlier_text.transcript.can_hear
    assert page.view.later_text.transcript.can_hear


def test_what_the_user_plays_meanwhile_is_not_cut_off_by_the_second(qtbot, page, conductor):
    page.view.hear(0)
    page.view.earlier_text.player.stop()
    page.view.later_text.player.play_from(12.0)
    qtbot.waitUntil(lambda: not page.view.sound.running)
    assert [call[1:3] for call in plays(conductor)][-1] == (RETAKE.clip.path, 12.0)


def test_a_point_that_may_not_sound_is_not_shown_as_heard(page, conductor):
    heard = []
    page.view.heard_changed.connect(heard.append)
    conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    page.view.hear(0)
    assert not page.view.sound.running
    assert heard[-1] is None
    conductor.ask_done()
    page.view.hear_next()
    assert (heard[-1], len(plays(conductor))) == (0, 1)


def test_a_point_is_heard_from_both_though_one_was_being_repeated(qtbot, page, conductor):
    page.view.earlier_text.player.round.click()
    page.view.hear(0)
    assert conductor.loop is None
    end(conductor)
    qtbot.waitUntil(lambda: plays(conductor)[-1][1] == RETAKE.clip.path)


def test_nothing_sounds_on_a_page_that_was_left(page, conductor):
    page.view.hear(0)
    page.hide()
    assert not page.view.sound.running
    assert len(plays(conductor)) == 1


# --- choosing ----------------------------------------------------------------------------------


def test_another_answer_can_be_chosen(alone, library):
    third = later(5, value=20.0, name="third")
    page = shown(alone, library, FIRST, RETAKE, third, one=third)
    assert page.earlier.value() == RETAKE.id
    page.earlier.chosen.emit(FIRST.id)
    assert page.view.earlier_score.badge.accessibleName().startswith("Score about 40")
    assert page.later.value() == third.id


def test_a_choice_later_than_the_later_one_changes_sides(alone, library):
    third = later(5, value=20.0, name="third")
    page = shown(alone, library, FIRST, RETAKE, third)
    page.earlier.chosen.emit(third.id)
    assert (page.earlier.value(), page.later.value()) == (RETAKE.id, third.id)


def test_an_answer_is_not_offered_beside_itself(page):
    offered = [page.earlier.itemData(row) for row in range(page.earlier.count())]
    assert offered == [FIRST.id]


def test_of_thousands_of_answers_the_newest_are_offered_and_those_that_are_shown(alone, library):
    many = [replace(RETAKE, id=f"many-{i}", created=NOW + timedelta(minutes=i)) for i in range(MOST_OFFERED + 50)]
    page = shown(alone, library, *many, one=many[7], other_id=many[3].id)
    offered = [page.earlier.itemData(row) for row in range(page.earlier.count())]
    assert (offered[0], offered[-1], len(offered)) == (many[-1].id, many[3].id, MOST_OFFERED + 1)


def test_the_answer_just_before_is_compared_where_nobody_chose():
    third = later(5, name="third")
    assert beside(third, (FIRST, RETAKE, third)) is RETAKE
    assert beside(FIRST, (FIRST, RETAKE, third)) is RETAKE


def test_a_scored_answer_of_the_same_kind_is_compared_rather_than_any_other():
    unscored = later(3, name="unscored", score=None)
    follow_up = later(4, name="follow-up", follow_up="Why?")
    third = later(5, name="third")
    assert beside(third, (FIRST, unscored, follow_up, third)) is FIRST
    assert beside(third, (unscored, third)) is unscored
    assert beside(third, (third,)) is None


def test_a_single_answer_says_what_will_be_here(alone, library):
    page = shown(alone, library, FIRST, one=FIRST)
    assert page.alone.isVisible()
    assert not page.view.isVisible()
    assert not page.hear.isVisible()


def test_nothing_is_claimed_before_the_store_has_answered(alone, library, monkeypatch):
    monkeypatch.setattr(library, "load_attempts_of", lambda _: None)
    page = shown(alone, library, FIRST, RETAKE)
    assert not page.alone.isVisible()
    assert not page.view.isVisible()


def test_answers_to_another_question_change_nothing(page, library):
    library.attempts_of_loaded.emit("another", (attempt(1),))
    assert page.later.value() == RETAKE.id


def test_a_corrected_answer_is_shown_anew(page, library):
    library.attempt_loaded.emit(replace(RETAKE, score=replace(RETAKE.score, value=90.0)))
    assert page.view.change.text().startswith("50 higher")


def test_a_compressed_recording_is_read_again(page, library, conductor):
    put(library, FIRST, replace(RETAKE, clip=clip(path=Path("/nowhere/retake.flac"))))
    page.reload(("another",))
    page.view.later_text.player.play_from(0.0)
    page.reload((RETAKE.id,))
    page.view.later_text.player.play_from(0.0)
    assert [call[1].suffix for call in plays(conductor)] == [".wav", ".flac"]


def test_a_deleted_answer_makes_place_for_another(page, library):
    third = later(-1, name="third")
    put(library, third, FIRST)
    library.gone.emit(frozenset((RETAKE.id,)))
    assert (page.earlier.value(), page.later.value()) == ("third", FIRST.id)


def test_an_answer_deleted_meanwhile_is_no_longer_offered(alone, library):
    third = later(5, value=20.0, name="third")
    page = shown(alone, library, FIRST, RETAKE, third, other_id=RETAKE.id)
    library.gone.emit(frozenset((third.id,)))
    assert [page.earlier.itemData(row) for row in range(page.earlier.count())] == [FIRST.id]
    assert (page.earlier.value(), page.later.value()) == (FIRST.id, RETAKE.id)


def test_where_both_are_deleted_the_page_is_left(qtbot, page, library):
    with qtbot.waitSignal(page.back_wanted):
        library.gone.emit(frozenset((FIRST.id, RETAKE.id)))


# --- the ways here and back -----------------------------------------------------------------


def test_c_on_the_review_compares_and_escape_leads_back(qtbot, window, library):
    put(library, FIRST, RETAKE)
    window.open_review(RETAKE.id)
    qtbot.keyClick(window.shelf.review, Qt.Key.Key_C)
    page = window.shelf.compare
    assert window.stack.currentWidget() is page
    assert page.later.value() == RETAKE.id
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.shelf.review


def test_either_answer_can_be_reviewed(window, library):
    put(library, FIRST, RETAKE)
    window.open_compare(FIRST.id, RETAKE.id)
    page = window.shelf.compare
    page.view.earlier_text.review.click()
    assert window.stack.currentWidget() is window.shelf.review
    assert window.shelf.review._attempt_id == FIRST.id


def test_an_answer_in_the_history_can_be_compared(qtbot, window, library):
    put(library, FIRST, RETAKE)
    window.open_history()
    window.shelf.history.compare_wanted.emit(FIRST.id, "")
    assert window.stack.currentWidget() is window.shelf.compare
    qtbot.keyClick(window.shelf.compare, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.shelf.history


def test_feedback_offers_a_comparison_after_a_retake_only(qtbot, window, library, conductor):
    conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    conductor.to_feedback()
    feedback = window.shelf.feedback
    first = conductor.state.take
    assert not feedback.compare.isVisible()
    conductor.post(steps.Retake())
    conductor.post(steps.Go())
    conductor.microphone_live()
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    assert feedback.compare.isVisible()
    with qtbot.waitSignal(feedback.compare_wanted) as wanted:
        qtbot.keyClick(feedback, Qt.Key.Key_C)
    assert wanted.args == [first.attempt_id, conductor.state.take.attempt_id]
    assert window.stack.currentWidget() is window.shelf.compare
    qtbot.keyClick(window.shelf.compare, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is feedback
    conductor.post(steps.Go())
    conductor.to_feedback()
    assert not feedback.compare.isVisible()


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
