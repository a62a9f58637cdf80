"""Settings, "Your data": backups, retention, compression, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from interviewer.core.errors import StoreError
from interviewer.gui.housekeeping import EXPORTED
from interviewer.workers.status import BackupList, Exported, Wish, Working
from tests.gui.fake_housekeeper import backup


@pytest.fixture
def data(window):
    window.open_settings()
    return window.shelf.settings.data


def test_without_a_backup_that_is_said(data):
    assert data.last.text() == "None yet"


def test_the_newest_backup_is_described(data, housekeeper):
    housekeeper.backups = (backup(housekeeper.folder), backup(housekeeper.folder, day=3))
    data.look()
    assert data.last.text().endswith("1204 files · 345 MB · 1 older")
    assert data.folder.text() == str(housekeeper.folder)


def test_a_folder_that_cannot_be_read_is_told_there(data, housekeeper):
    problem = StoreError("The folder cannot be read", hint="Plug the disk in.")
    housekeeper.backups_listed.emit(BackupList(housekeeper.folder, problem=problem))
    assert data.last.text() == "The folder cannot be read. Plug the disk in."


def test_restore_is_said_to_need_a_closed_program(data):
    assert any("close Interviewer and run “interviewer restore”" in one.text() for one in data.findChildren(QLabel))


def test_another_disk_is_recommended_only_inside_the_data_folder(data, housekeeper):
    assert data._where.text().startswith("A folder on another disk")
    housekeeper.backups_listed.emit(BackupList(Path("/media/stick")))
    assert data._where.text().startswith("To go back")


def test_a_backup_can_be_made_and_broken_off(data, housekeeper):
    data.back_up.click()
    housekeeper.working_changed.emit(Working(Wish.BACK_UP, 0.42))
    assert data.strip.isVisible()
    assert data.strip.words.text() == "Backing up… 42 %"
    assert not data.back_up.isEnabled()
    data.strip.cancel.click()
    assert housekeeper.calls == [("back_up",), ("cancel",)]
    housekeeper.working_changed.emit(None)
    assert not data.strip.isVisible()
    assert data.back_up.isEnabled()


def test_a_deletion_cannot_be_broken_off(data, housekeeper):
    housekeeper.working_changed.emit(Working(Wish.DELETE))
    assert not data.strip.cancel.isVisible()


def test_choices_are_kept_at_once(data, keeper, housekeeper):
    data.daily.click()
    data.compress.click()
    data.choose_folder("/media/stick")
    now = keeper.current
    assert (now.daily_backup, now.compress_recordings, now.backup_folder) == (False, True, "/media/stick")
    assert housekeeper.calls == [("tidy",)]
    data._usual.click()
    assert keeper.current.backup_folder is None


def test_keeping_longer_is_not_asked_about(data, keeper):
    keeper.change(retention_days=30)
    data.retention.chosen.emit(90)
    assert keeper.current.retention_days == 90
    data.retention.chosen.emit(None)
    assert keeper.current.retention_days is None


def test_keeping_shorter_says_how_many_would_go_and_asks(data, keeper, housekeeper, dialog):
    housekeeper.old = 3
    data.retention.chosen.emit(30)
    asked = dialog()
    assert any(one.text().startswith("3 interviews are older than 30 days.") for one in asked.findChildren(QLabel))
    assert keeper.current.retention_days is None
    asked.delete.click()
    assert keeper.current.retention_days == 30
    assert ("tidy",) in housekeeper.calls


def test_who_does_not_want_that_keeps_what_was_chosen(data, keeper, housekeeper, dialog):
    housekeeper.old = 1
    data.retention.setCurrentIndex(3)
    data.retention.chosen.emit(30)
    dialog().cancel.click()
    assert keeper.current.retention_days is None
    assert data.retention.value() is None


def test_where_nothing_is_that_old_nothing_is_asked(data, keeper, housekeeper):
    data.retention.chosen.emit(365)
    assert keeper.current.retention_days == 365


def test_a_question_that_failed_keeps_what_was_chosen(data, keeper, housekeeper, monkeypatch):
    monkeypatch.setattr(housekeeper, "count_old", lambda _days: housekeeper.told.emit(StoreError("The disk failed")))
    data.retention.setCurrentIndex(3)
    data.retention.chosen.emit(30)
    assert data.retention.value() is None


def test_a_number_of_days_from_elsewhere_is_shown(data, keeper):
    keeper.change(retention_days=45)
    assert data.retention.currentText() == "For 45 days"


def test_what_was_exported_can_be_opened(window, data, housekeeper, tmp_path):
    housekeeper.exported.emit(Exported(tmp_path / "out", missing=("a.wav",)))
    word = window.board.notice(EXPORTED).word
    assert (word.action, word.tone) == ("Open folder", "warn")
    assert word.hint == f"{tmp_path / 'out'}. 1 recording could not be written: no longer on the disk; the texts were."


def test_a_folder_for_the_export_is_handed_on(window, data, housekeeper, tmp_path):
    window._housekeeping._on_folder_chosen(str(tmp_path))
    assert housekeeper.calls == [("export", tmp_path)]


def test_every_control_has_a_name(data):
    for control in (*data.findChildren(QAbstractButton), *data.findChildren(QLineEdit), data.retention):
        assert control.accessibleName() or control.text(), control
