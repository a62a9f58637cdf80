"""Nothing is deleted before it was said what goes, and afterwards it is said what went."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from interviewer.core import steps
from interviewer.core.errors import InputError, StoreError
from interviewer.core.removal import Removed
from interviewer.gui.dialogs.deletion import DeletionDialog
from interviewer.gui.dialogs.removal import RemovalDialog
from interviewer.gui.housekeeping import REMOVED
from interviewer.gui.widgets.failures import told_key
from interviewer.workers.status import Deleted
from tests.gui.fake_housekeeper import backup
from tests.gui.fakes import NOW, session

Key = Qt.Key
EARLIER = session("20260601-183000-def456", when=NOW - timedelta(days=3))


@pytest.fixture
def history(qtbot, window, library, housekeeper):
    """The history with the newer one of two interviews chosen, and its first answer."""
    library.sessions = housekeeper.kept = (session(), EARLIER)
    window.open_history()
    page = window.shelf.history
    page.sessions.setCurrentIndex(page.sessions.model().index(1))
    page.filters.sort.setCurrentIndex(1)
    page.filters.sort.activated.emit(1)
    qtbot.waitUntil(page.open.isEnabled, timeout=2000)
    return page


def words(dialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel)).replace("\u200b", "")


def removed(*attempts: str, sessions: tuple[str, ...] = ()) -> Removed:
    return Removed(sessions, attempts, tuple(f"recordings/s/{a}.wav" for a in attempts), 4_200_000 * len(attempts))


# --- one answer, one interview -------------------------------------------------------------


def test_the_delete_key_asks_about_the_answer_in_the_list_of_answers(qtbot, history, dialog):
    history.attempts.setFocus()
    qtbot.keyClick(history.attempts, Key.Key_Delete)
    asked = words(dialog())
    assert "Delete this answer?" in asked
    assert "When would you write a handler with async def" in asked
    assert "The answer with its text and score, and its recording (4 MB), will be deleted." in asked
    assert "This cannot be undone." in asked


def test_the_delete_key_asks_about_the_interview_in_the_list_of_sessions(qtbot, history, dialog):
    history.sessions.setFocus()
    qtbot.keyClick(history.sessions, Key.Key_Delete)
    asked = words(dialog())
    assert "Delete this interview?" in asked
    assert "4 answers with their texts and scores, and 4 recordings (17 MB), will be deleted." in asked


def test_enter_deletes_nothing(qtbot, history, dialog, housekeeper):
    history.delete_attempt.click()
    asked = dialog()
    assert asked.cancel.hasFocus()
    qtbot.keyClick(asked, Key.Key_Return)
    assert not asked.isVisible()
    assert housekeeper.calls == []


def test_what_was_confirmed_is_deleted(history, dialog, housekeeper):
    history.delete_session.click()
    dialog().delete.click()
    assert housekeeper.calls == [("delete", (session().id,), tuple(a.id for a in session().attempts), False)]


def test_the_keyboard_alone_deletes(qtbot, history, dialog, housekeeper):
    history.delete_attempt.click()
    asked = dialog()
    qtbot.keyClick(asked.cancel, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert asked.delete.hasFocus()
    qtbot.keyClick(asked.delete, Key.Key_Space)
    assert len(housekeeper.calls) == 1


def test_backups_that_hold_copies_are_offered_and_left_alone_unless_ticked(history, dialog, housekeeper):
    housekeeper.backups = (backup(housekeeper.folder),)
    history.delete_attempt.click()
    asked = dialog()
    assert f"in {housekeeper.folder}" in words(asked)
    assert not asked._backups.isChecked()
    asked._backups.setChecked(True)
    asked.delete.click()
    assert housekeeper.calls[0][-1] is True


def test_copies_that_were_left_in_the_backups_on_purpose_are_told(window, history, dialog, housekeeper):
    housekeeper.backups = (backup(housekeeper.folder),)
    history.delete_attempt.click()
    dialog().delete.click()
    housekeeper.deleted.emit(Deleted(removed("a")))
    assert window.board.notice(REMOVED).word.hint == "Backups made before may still hold copies."


def test_without_backups_none_are_offered(history, dialog):
    history.delete_attempt.click()
    assert dialog()._backups is None


def test_an_interview_without_answers_can_only_go_as_a_whole(window, library):
    library.sessions = (session("20260601-183000-def456"),)
    library.sessions = tuple(type(s)(s.id, s.created, s.bank_title, s.mode, s.question_ids) for s in library.sessions)
    window.open_history()
    page = window.shelf.history
    page.sessions.setCurrentIndex(page.sessions.model().index(1))
    assert not page.delete_attempt.isEnabled()
    assert page.delete_session.isEnabled()


def test_a_weighing_that_nobody_asked_for_opens_nothing(window, housekeeper):
    housekeeper.weigh(None)
    assert window.findChild(DeletionDialog) is None


def test_an_interview_that_is_being_held_is_not_even_asked_about(window, history, conductor, housekeeper):
    conductor.begin(5, window._settings.current.order, window._settings.current.mode)
    window.open_history()
    for button in (history.delete_session, history.delete_attempt):
        button.click()
    window._housekeeping.delete(None)
    assert window.findChild(DeletionDialog) is None
    assert window.board.notice(told_key(InputError("This interview is still being held"))) is not None


def test_another_interview_can_be_deleted_meanwhile(window, history, conductor, dialog):
    conductor.begin(5, window._settings.current.order, window._settings.current.mode)
    window.open_history()
    history.sessions.setCurrentIndex(history.sessions.model().index(2))
    history.delete_session.click()
    assert isinstance(dialog(), DeletionDialog)


# --- everything ----------------------------------------------------------------------------


def test_everything_goes_only_after_a_word_was_typed(qtbot, window, dialog, housekeeper):
    window.open_settings()
    window.shelf.settings.data.delete.click()
    asked = dialog()
    assert "2 interviews with 3 answers, 3 recordings" in words(asked)
    assert not asked.delete.isEnabled()
    qtbot.keyClicks(asked._typed, "delet")
    assert not asked.delete.isEnabled()
    qtbot.keyClicks(asked._typed, "e")
    asked.delete.click()
    assert housekeeper.calls == [("delete", ("one", "two"), ("1", "2", "3"), False)]


# --- afterwards ----------------------------------------------------------------------------


def test_what_was_removed_is_told_and_can_be_listed(window, housekeeper, dialog):
    housekeeper.deleted.emit(Deleted(removed("a", "b")))
    notice = window.board.notice(REMOVED)
    assert notice.fact.text() == "Removed: 2 answers and 2 files (8 MB)"
    notice.action.click()
    listed = dialog()
    assert isinstance(listed, RemovalDialog)
    assert listed.list.toPlainText() == "recordings/s/a.wav\nrecordings/s/b.wav"


def test_what_is_left_is_listed_too(window, housekeeper, dialog):
    housekeeper.deleted.emit(Deleted(Removed(attempts=("a",), left=("recordings/s/a.wav",))))
    notice = window.board.notice(REMOVED)
    assert notice.word.tone == "warn"
    notice.action.click()
    assert dialog().list.toPlainText().endswith("recordings/s/a.wav")


def test_backups_that_lost_their_copies_are_counted(window, housekeeper):
    housekeeper.deleted.emit(Deleted(removed("a"), backups=2))
    assert window.board.notice(REMOVED).word.hint == "A fresh backup was made, and 2 older backups removed."


def test_copies_that_are_left_in_the_backups_are_told(window, housekeeper):
    housekeeper.deleted.emit(Deleted(removed("a"), problem=StoreError("The disk is full", hint="Free some space.")))
    word = window.board.notice(REMOVED).word
    assert word.hint == "Copies may still hold it: The disk is full. Free some space."
    assert word.tone == "warn"


def test_interviews_that_became_too_old_are_told(window, keeper, housekeeper):
    keeper.change(retention_days=90)
    housekeeper.retired.emit(removed("a", sessions=("s",)))
    assert window.board.notice(REMOVED).fact.text() == "1 interview older than 90 days was deleted"


def test_what_was_told_is_put_away_when_an_interview_begins(window, conductor, housekeeper):
    housekeeper.deleted.emit(Deleted(removed("a")))
    conductor.begin(5, window._settings.current.order, window._settings.current.mode)
    assert window.board.notice(REMOVED) is None


def test_the_summary_of_a_deleted_interview_is_left(interview, conductor, housekeeper):
    conductor.post(steps.End())
    held = conductor.state.begin.session_id
    housekeeper.deleted.emit(Deleted(removed(sessions=("another",))))
    assert conductor.state.begin is not None
    housekeeper.deleted.emit(Deleted(removed(sessions=(held,))))
    assert conductor.state.begin is None


def test_the_review_of_a_deleted_answer_goes_back_to_the_history(window, history, library):
    answer = session().attempts[1]
    history.review_wanted.emit(answer.id)
    library.gone.emit(frozenset(("another",)))
    assert window.stack.currentWidget() is window.shelf.review
    library.gone.emit(frozenset((answer.id,)))
    assert window.stack.currentWidget() is window.shelf.history


def test_a_review_that_is_not_seen_takes_nobody_away(window, history, library):
    answer = session().attempts[1]
    history.review_wanted.emit(answer.id)
    window.open_settings()
    library.gone.emit(frozenset((answer.id,)))
    assert window.stack.currentWidget() is window.shelf.settings


def test_a_recording_that_lies_elsewhere_now_is_read_again(window, history, library, housekeeper, monkeypatch):
    answer = session().attempts[1]
    history.review_wanted.emit(answer.id)
    asked: list[str] = []
    monkeypatch.setattr(library, "load_attempt", asked.append)
    housekeeper.compressed.emit(("another",))
    housekeeper.compressed.emit((answer.id,))
    assert asked == [answer.id]


def test_who_listens_hears_the_old_file_to_its_end(window, history, library, housekeeper, monkeypatch):
    answer = session().attempts[1]
    history.review_wanted.emit(answer.id)
    review = window.shelf.review
    review.view.player.toggle()
    asked: list[str] = []
    monkeypatch.setattr(library, "load_attempt", asked.append)
    housekeeper.compressed.emit((answer.id,))
    assert asked == []
    review.view.player.stop()
    review.view.player.moved.emit(-1.0)
    assert asked == [answer.id]


def test_no_dialog_is_left_open(window):
    assert QApplication.activeModalWidget() is None
