"""The Whisper models: how they come in, how they are checked, chosen and deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from interviewer.core.errors import Cancelled, DownloadError, ModelCorrupt
from interviewer.core.transfers import Stage, Transfer
from interviewer.gui.widgets.notice import Notice
from interviewer.workers.downloads import Job, Task
from tests.gui.fake_downloads import model

HALF = Transfer(Stage.RECEIVING, 72_500_000, 145_000_000, 2_000_000.0)
OWN = "/nowhere/models/my-tuned.pt"


@pytest.fixture
def models(window, dialog):
    window.shelf.whisper_wanted.emit()
    return dialog()


def press(top, words):
    next(b for b in top.findChildren(QPushButton) if words in (b.text(), b.accessibleName())).click()


def offered(models):
    """What can be pressed beside the model, from left to right."""
    return [b.text() for b in models.details.actions.findChildren(QPushButton) if b.isVisible()]


def choose(models, name):
    models.list.setCurrentIndex(models.rows.index(models.rows.row_of(name)))


def rows(models):
    return [models.rows.second_line(models.rows.model_at(i)) for i in range(models.rows.rowCount())]


def cut_off(top):
    QApplication.processEvents()
    return [
        one.text()
        for one in top.findChildren(QLabel)
        if one.isVisible() and one.wordWrap() and one.height() < one.heightForWidth(one.width())
    ]


# --- what is shown ---------------------------------------------------------------------------


def test_every_model_is_listed_with_its_size_its_languages_and_whether_it_is_here(models):
    assert rows(models) == [
        "76 MB · English · not here",
        "145 MB · English · in use",
        "484 MB · 99 languages · not here",
    ]


def test_the_model_in_use_is_shown_first(models):
    assert models.details.title.text() == "base.en"
    assert models.details.expect.text() == "Fast, and good enough."
    assert models.details.place.text() == "/nowhere/base.en.pt"
    assert offered(models) == ["Verify", "Delete"]


def test_an_alias_in_the_settings_is_its_model(models, library, keeper):
    library.models = (model("large-v3-turbo", present=True),)
    keeper.change(whisper_model="turbo")
    library.load_models()
    assert rows(models) == ["145 MB · English · in use"]


def test_a_model_that_is_not_here_is_offered_for_download(models):
    choose(models, "small")
    assert offered(models) == ["Download", "Copy address"]
    assert not models.details.place.isVisible()


def test_a_model_of_another_program_can_be_used_and_not_deleted(models, library, keeper):
    library.models = (model("base.en"), model("small", present=True, ours=False))
    library.load_models()
    choose(models, "small")
    assert offered(models) == ["Use", "Verify"]


def test_a_file_of_the_users_own_is_called_by_its_name(models, library):
    library.models = (replace(model(OWN, present=True, sha256=None, languages="own file"), path=Path(OWN)),)
    library.load_models()
    assert models.details.title.text() == "my-tuned"
    assert offered(models) == ["Use", "Verify", "Delete"]


def test_a_download_that_was_not_finished_can_go_on_or_be_thrown_away(models, library):
    library.models = (model("base.en", part_bytes=31_000_000), model("small", part_bytes=5_000_000))
    library.load_models()
    assert rows(models)[1] == "145 MB · English · 5 MB have come"
    assert offered(models) == ["Go on", "Delete", "Copy address"]


def test_an_empty_list_offers_nothing(models, library):
    library.whisper_models_loaded.emit(())
    assert models.current is None
    assert not models.details.isEnabled()


def test_who_is_asked_is_named(models):
    assert any("weights.example" in one.text() for one in models.findChildren(QLabel))


@pytest.mark.parametrize("width", [0, 1200])
def test_nothing_that_is_said_is_cut_off(models, downloads, library, width):
    models.resize(max(width, models.width()), models.height())
    assert cut_off(models) == []
    library.models = (model("base.en", part_bytes=31_000_000, expect="A sentence that says what to expect. " * 5),)
    library.load_models()
    downloads.go("base.en", Job(Task.DOWNLOAD, problem=DownloadError("The download failed. " * 12)))
    models._on_file_chosen("/media/stick/small.pt")
    downloads.go("/media/stick/small.pt", Job(Task.BRING, problem=DownloadError("No room. " * 40)))
    assert cut_off(models) == []


# --- what is under way -----------------------------------------------------------------------


def test_a_download_is_asked_for_and_shown(models, downloads):
    choose(models, "small")
    press(models, "Download small")
    assert downloads.calls == [("download", "small")]
    downloads.go("small", Job(Task.DOWNLOAD, HALF))
    assert models.details.strip.line.value() == 500
    assert models.details.strip.words.text() == "72 of 145 MB · 2.0 MB/s · about 35 s left"
    assert rows(models)[2] == "484 MB · 99 languages · downloading, 50 %"
    assert offered(models) == []


def test_a_download_that_waits_says_so(models, downloads):
    downloads.go("small", Job(Task.DOWNLOAD, Transfer(Stage.WAITING)))
    assert rows(models)[2].endswith("· waiting")


def test_a_download_can_be_cancelled(models, downloads):
    choose(models, "small")
    downloads.go("small", Job(Task.DOWNLOAD, HALF))
    press(models, "Cancel small")
    assert downloads.calls == [("cancel", "small")]


def test_another_models_progress_does_not_disturb_what_is_shown(models, downloads):
    downloads.go("small", Job(Task.DOWNLOAD, HALF))
    assert models.details.title.text() == "base.en"
    assert not models.details.strip.isVisible()


def test_a_download_goes_on_while_the_dialog_is_closed_and_is_shown_again(window, models, dialog, downloads):
    models.reject()
    downloads.go("base.en", Job(Task.DOWNLOAD, HALF))
    window.shelf.whisper_wanted.emit()
    assert dialog().details.strip.line.value() == 500


def test_a_failure_is_told_beside_the_model_with_the_way_out(models, downloads):
    choose(models, "small")
    downloads.go("small", Job(Task.DOWNLOAD, problem=DownloadError("The network is gone", hint="Look at the cable.")))
    words = models.details.strip.words
    assert (words.text(), words.property("tone")) == ("The network is gone. Look at the cable.", "bad")
    assert offered(models) == ["Download", "Copy address"]


def test_what_was_cancelled_is_no_alarm(models, downloads):
    downloads.go("base.en", Job(Task.DOWNLOAD, problem=Cancelled("Cancelled", hint="31 MB are kept.")))
    assert models.details.strip.words.property("tone") == "muted"


def test_a_failure_without_the_dialog_is_told_in_the_window(window, downloads):
    downloads.failed.emit(DownloadError("The network is gone"))
    QApplication.processEvents()
    assert [n.fact.text() for n in window.board.findChildren(Notice)] == ["The network is gone"]


def test_a_failure_in_the_dialog_is_not_told_twice(window, models, downloads):
    downloads.failed.emit(DownloadError("The network is gone"))
    assert window.board.findChildren(Notice) == []


def test_what_has_changed_is_looked_at_again(models, downloads, library):
    library.models = (model("base.en"),)
    downloads.ended.emit()
    assert rows(models) == ["145 MB · English · chosen, not here"]


# --- using, checking, deleting ---------------------------------------------------------------


def test_a_model_that_is_here_can_be_used(models, library, keeper):
    library.models = (model("base.en", present=True), model("small", present=True))
    library.load_models()
    choose(models, "small")
    press(models, "Use small")
    assert keeper.current.whisper_model == "small"
    assert rows(models) == ["145 MB · English · here", "145 MB · English · in use"]
    assert offered(models) == ["Verify", "Delete"]


def test_a_model_is_verified_and_the_result_told(models, downloads):
    press(models, "Verify base.en")
    assert downloads.calls == [("verify", "base.en", "/nowhere/base.en.pt", "0" * 64)]
    downloads.go("base.en", Job(Task.VERIFY))
    words = models.details.strip.words
    assert (words.text(), words.property("tone")) == ("Checked: every byte is as it was published.", "good")


def test_a_file_without_a_published_hash_is_not_said_to_be_as_published(models, downloads, library):
    library.models = (replace(model(OWN, present=True, sha256=None), path=Path(OWN)),)
    library.load_models()
    downloads.go(OWN, Job(Task.VERIFY))
    assert "Nobody published a hash" in models.details.strip.words.text()


def test_a_damaged_model_is_offered_again_and_not_for_use(models, downloads, keeper):
    keeper.change(whisper_model="small")
    downloads.go("base.en", Job(Task.VERIFY, problem=ModelCorrupt("base.en.pt is not the file")))
    assert offered(models) == ["Download again", "Verify", "Delete"]


def test_deleting_asks_first(models, downloads):
    press(models, "Delete base.en")
    assert downloads.calls == []
    assert models.details.keep.hasFocus()
    press(models, "Keep it")
    assert offered(models) == ["Verify", "Delete"]
    press(models, "Delete base.en")
    press(models, "Delete it")
    assert downloads.calls == [("delete", "base.en")]


def test_the_question_about_one_model_is_not_answered_for_another(models, library):
    library.models = (model("base.en", present=True), model("small", present=True))
    library.load_models()
    press(models, "Delete base.en")
    choose(models, "small")
    assert not models.details.question.isVisible()


def test_the_address_can_be_taken_along(models):
    choose(models, "small")
    press(models, "Copy the address of small")
    assert QGuiApplication.clipboard().text() == "https://weights.example/small.pt"


# --- bringing --------------------------------------------------------------------------------


def test_choosing_a_file_blocks_nothing_and_brings_it(models, downloads):
    press(models, "Choose a file…")
    chooser = models.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.fileSelected.emit("/media/stick/small.pt")
    chooser.reject()
    assert downloads.calls == [("bring", "/media/stick/small.pt")]


def test_bringing_a_file_is_shown_and_can_be_cancelled(models, downloads):
    models._on_file_chosen("/media/stick/small.pt")
    downloads.go("/media/stick/small.pt", Job(Task.BRING, Transfer(Stage.COPYING, 100_000_000, 400_000_000)))
    assert models.strip.words.text() == "Copying small.pt: 100 of 400 MB"
    press(models, "Cancel small.pt")
    assert downloads.calls[-1] == ("cancel", "/media/stick/small.pt")
    downloads.go("/media/stick/small.pt", Job(Task.BRING))
    assert models.strip.words.text() == "small.pt was copied and is in use from now on."


# --- the rest --------------------------------------------------------------------------------


def test_looking_again_loads_what_has_come(qtbot, window, models):
    with qtbot.waitSignal(window.recogniser_wanted, timeout=1000):
        press(models, "Look again")


def test_looking_the_first_time_loads_nothing(qtbot, window, dialog):
    with qtbot.assertNotEmitted(window.recogniser_wanted):
        window.shelf.whisper_wanted.emit()
        dialog()


def test_looking_again_loads_nothing_where_the_chosen_model_is_not_here(qtbot, window, models, library):
    library.models = (model("base.en"), model("small", present=True))
    with qtbot.assertNotEmitted(window.recogniser_wanted):
        press(models, "Look again")


def test_a_folder_that_is_not_there_opens_at_its_nearest_parent(models, keeper, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    press(models, "Open the models folder")
    assert opened == [str(keeper.data_dir)]


def test_the_list_has_the_focus_and_enter_does_what_the_button_would(qtbot, models, downloads):
    assert models.list.hasFocus()
    qtbot.keyClick(models.list, Qt.Key.Key_Down)
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    assert downloads.calls == [("download", "small")]
    assert models.isVisible()


def test_enter_on_the_model_in_use_does_nothing(qtbot, models, downloads, keeper):
    qtbot.keyClick(models.list, Qt.Key.Key_Return)
    assert downloads.calls == []
    assert models.isVisible()


def test_tab_reaches_every_button(qtbot, models):
    wanted = {b for b in models.findChildren(QPushButton) if b.isVisible() and b.isEnabled()}
    reached = set()
    for _ in range(20):
        qtbot.keyClick(QApplication.focusWidget() or models, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted <= reached


# --- the settings page -----------------------------------------------------------------------


def test_the_proxy_is_kept_when_the_field_is_left(window, keeper):
    window.open_settings()
    field = window.shelf.settings.proxy
    field.setText("  http://proxy.example:3128 ")
    field.editingFinished.emit()
    assert keeper.current.proxy == "http://proxy.example:3128"
    assert field.text() == "http://proxy.example:3128"


def test_the_proxy_of_the_settings_is_shown(window, keeper):
    keeper.change(proxy="proxy.example:1")
    window.open_settings()
    assert window.shelf.settings.proxy.text() == "proxy.example:1"


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


def test_a_model_of_unknown_size_has_no_size(window, library):
    window.open_settings()
    library.whisper_models_loaded.emit((model("own.pt", present=True, size_mb=0, languages="own file"),))
    assert window.shelf.settings.whisper.itemText(0) == "own.pt · own file"
