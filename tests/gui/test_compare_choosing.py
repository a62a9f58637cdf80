"""Which two answers are compared: the one nobody chose, the one chosen, and what became of either meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from interviewer.gui.pages.compare import MOST_OFFERED, beside
from tests.gui import compare_page
from tests.gui.compare_page import FIRST, RETAKE, later, plays, put, shown
from tests.gui.fakes import NOW, attempt, clip

alone, page = compare_page.alone, compare_page.page  # pytest looks for fixtures among the names of a file


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
