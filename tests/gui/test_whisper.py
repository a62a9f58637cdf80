"""How Whisper's weights come in."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton

from interviewer.core.paths import models_dir, whisper_cache_dir
from tests.gui.fakes import FakeModel


@pytest.fixture
def get_whisper(window, dialog):
    window.shelf.whisper_wanted.emit()
    return dialog()


def press(top, words):
    next(b for b in top.findChildren(QPushButton) if words in (b.text(), b.accessibleName())).click()


def test_both_folders_are_named(get_whisper, keeper):
    named = [line.text() for line in get_whisper.findChildren(QLineEdit)]
    assert named == [str(whisper_cache_dir()), str(models_dir(keeper.data_dir))]


def test_what_is_there_is_named(get_whisper):
    assert get_whisper.found.text() == "Found: base.en. In use from now on: base.en."


def test_nothing_there_is_said(get_whisper, library):
    library.whisper_models_loaded.emit(())
    assert get_whisper.found.text() == "No Whisper weights were found yet."


@pytest.mark.parametrize("width", [640, 900])
def test_what_is_said_later_cuts_nothing_off(window, dialog, library, monkeypatch, width):
    monkeypatch.setattr(library, "load_models", lambda: None)
    window.shelf.whisper_wanted.emit()
    shown = dialog()
    shown.resize(width, shown.height())
    library.whisper_models_loaded.emit(())
    QApplication.processEvents()
    cut = [one.text() for one in shown.findChildren(QLabel) if one.height() < one.heightForWidth(one.width())]
    assert cut == []


def test_weights_other_than_the_chosen_ones_have_to_be_chosen(get_whisper, library, keeper):
    keeper.change(whisper_model="small")
    library.load_models()
    assert get_whisper.found.text().endswith("Choose one of them in Settings, Recognition.")


def test_looking_again_loads_what_has_come(qtbot, window, get_whisper):
    with qtbot.waitSignal(window.recogniser_wanted, timeout=1000):
        press(get_whisper, "Look again")


def test_looking_the_first_time_loads_nothing(qtbot, window, dialog):
    with qtbot.assertNotEmitted(window.recogniser_wanted):
        window.shelf.whisper_wanted.emit()
        dialog()


def test_a_folder_that_is_not_there_opens_at_its_nearest_parent(get_whisper, keeper, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    press(get_whisper, "Open our own models folder")
    assert opened == [str(keeper.data_dir)]


def test_choosing_a_file_blocks_nothing(qtbot, get_whisper):
    press(get_whisper, "Choose a file…")
    chooser = get_whisper.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.reject()


def test_a_checkpoint_is_chosen_in_the_settings_too(window, keeper):
    window.open_settings()
    page = window.shelf.settings
    page._on_choose_whisper()
    chooser = QApplication.activeModalWidget()
    chooser.fileSelected.emit("/media/stick/small.pt")
    chooser.reject()
    assert keeper.current.whisper_model == "/media/stick/small.pt"


def test_a_bank_is_chosen_by_file(qtbot, window, library):
    window.open_settings()
    window.shelf.settings._on_choose_bank()
    chooser = QApplication.activeModalWidget()
    chooser.fileSelected.emit("/media/stick/bank.json")
    chooser.reject()
    assert [str(call[1]) for call in library.calls] == ["/media/stick/bank.json"]


def test_the_bank_that_ships_can_be_taken_again(window, library, keeper):
    keeper.change(bank="/media/stick/bank.json")
    window.open_settings()
    press(window.shelf.settings, "Use the one that ships")
    assert library.calls[-1][1].name == "questions.json"


def test_a_model_of_unknown_size_has_no_size(window, library, tmp_path):
    window.open_settings()
    library.whisper_models_loaded.emit((FakeModel("own.pt", True, tmp_path, 0, "own file"),))
    assert window.shelf.settings.whisper.itemText(0) == "own.pt · own file"
