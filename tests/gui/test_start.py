"""The first page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from interviewer.core.bank import Order
from interviewer.core.errors import ModelMissing
from interviewer.core.models import Mode
from interviewer.core.ports import Device
from interviewer.core.steps import Phase
from interviewer.gui.main_window import MainWindow
from interviewer.gui.recogniser import whisper_name
from interviewer.workers.status import Backlog, DeviceList, ModelsStatus
from tests.gui.fake_continuing import FakeContinuing
from tests.gui.fake_downloads import FakeDownloads
from tests.gui.fake_housekeeper import FakeHousekeeper
from tests.gui.fake_settings import FakeSettings
from tests.gui.fakes import bank, devices


@pytest.fixture
def page(window):
    return window.shelf.start


def test_the_bank_and_its_size_are_named(page):
    assert page._title.text() == "Questions for an API developer"
    assert page.count.maximum() == 5


def test_the_button_begins_what_was_chosen(qtbot, page, conductor):
    page.count.setValue(3)
    page.order.setCurrentIndex(1)
    page.mode.show_value(Mode.INTERVIEW)
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    assert conductor.begun == [(3, Order.RANDOM, Mode.INTERVIEW, ())]


def test_choices_are_kept(page, keeper):
    page.count.setValue(3)
    page.order.chosen.emit(Order.WEAKEST)
    assert (keeper.current.questions, keeper.current.order) == (3, Order.WEAKEST)


def test_a_small_bank_does_not_change_how_many_questions_are_wanted(qtbot, conductor, library, tmp_path):
    keeper = FakeSettings(tmp_path, questions=8)
    window = MainWindow(
        conductor,
        library,
        continuing=FakeContinuing(),
        downloads=FakeDownloads(),
        settings=keeper,
        housekeeper=FakeHousekeeper(keeper.data_dir),
        bank=bank(),
    )
    qtbot.addWidget(window)
    assert window.shelf.start.count.value() == 5
    assert keeper.current.questions == 8


def test_the_microphone_is_metered_while_the_page_is_seen(window, conductor):
    assert conductor.metering
    window.open_history()
    assert not conductor.metering


def test_a_missing_microphone_is_not_opened(window, conductor, library):
    library.devices = DeviceList()
    window.open_settings()
    window.open_history()
    window._on_go_interview()
    assert not conductor.metering


def test_a_microphone_plugged_in_later_is_metered(window, conductor, library):
    library.devices = DeviceList()
    library.load_devices()
    library.devices = devices()
    library.load_devices()
    assert conductor.metering


def test_a_microphone_chosen_in_the_settings_is_shown_here(window, page, keeper):
    keeper.change(microphone="Headset")
    assert page.microphone.picker.currentText() == "Headset"


def test_the_level_is_shown(page, conductor):
    conductor.level_changed.emit(0.5)
    assert page.microphone.meter.shown > 0.5


def test_a_chosen_microphone_that_is_gone_stays_chosen(page, library, keeper):
    keeper.change(microphone="Old microphone")
    library.load_devices()
    assert page.microphone.picker.currentText() == "Old microphone (not connected)"
    assert keeper.current.microphone == "Old microphone"


def test_choosing_a_microphone_is_kept_and_metered(page, conductor, keeper):
    page.microphone.picker.chosen.emit("Headset")
    assert keeper.current.microphone == "Headset"
    assert conductor.metering


def test_markup_in_a_device_name_is_shown_as_it_is_written(page, library):
    library.devices = replace(devices(), microphones=(Device("<b>mic</b>", 16_000, False),))
    library.load_devices()
    assert page.microphone.picker.itemText(1) == "<b>mic</b>"
    page.microphone.picker.setCurrentIndex(1)
    page.microphone.picker.activated.emit(1)
    assert page.microphone.picker.toolTip() == "<qt>&lt;b&gt;mic&lt;/b&gt;</qt>"


def test_a_rough_recogniser_is_told_with_the_way_out(qtbot, window, page, conductor, dialog):
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, ready=True))
    notice = page.readiness.notice("model")
    assert notice.fact.text() == "Rough transcript: built-in recogniser"
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert dialog().windowTitle() == "Whisper models"


def test_why_whisper_is_not_in_use_is_told(page, conductor):
    problem = ModelMissing("The weights of base.en are not on this machine", hint="Bring the file.")
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, problem=problem))
    word = page.readiness.notice("model").word
    assert word.fact == "The weights of base.en are not on this machine"
    assert word.hint == "Bring the file. Until then the built-in recogniser writes answers down, roughly."
    assert page._recogniser.text() == "Recogniser: built-in recogniser"


def test_no_recogniser_at_all_is_told(page, conductor):
    conductor.models_changed.emit(ModelsStatus(problem=ModelMissing("base.en.pt is damaged")))
    assert page.readiness.notice("model").fact.text() == "base.en.pt is damaged"
    assert page._recogniser.text() == "No recogniser: base.en.pt is damaged"


def test_an_own_checkpoint_is_called_after_its_file(page, conductor):
    conductor.models_changed.emit(ModelsStatus("whisper whisper-fixture", ready=True))
    assert page._recogniser.text() == "Recogniser: Whisper (whisper-fixture)"


@pytest.mark.parametrize("name", ["tiny", "base.en", "medium", "large-v3", "large-v3-turbo", "large", "turbo"])
def test_a_published_checkpoint_is_called_by_its_name(name):
    assert whisper_name(name) == f"Whisper {name}"


@pytest.mark.parametrize("name", ["whisper-fixture", "my base.en", "base.en-2", "large.en"])
def test_any_other_checkpoint_is_a_file(name):
    assert whisper_name(name) == f"Whisper ({name})"


def test_a_good_recogniser_needs_no_banner(page, conductor):
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, ready=True))
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    assert page.readiness.notice("model") is None
    assert page._recogniser.text() == "Recogniser: Whisper base.en"


def test_an_interview_can_start_while_models_load(page, conductor):
    conductor.models_changed.emit(ModelsStatus("whisper base.en"))
    assert page.start.isEnabled()
    assert page._recogniser.text() == "Loading Whisper base.en… you can start already."


def test_one_unfinished_answer_is_spoken_of_as_one(page, library):
    library.unfinished = 1
    library.count_pending()
    word = page.readiness.notice("unfinished").word
    assert (word.fact, word.action) == ("1 answer is not written down or scored yet", "Finish it")


def test_unfinished_answers_are_offered_to_be_finished(qtbot, page, library):
    library.unfinished = 2
    library.count_pending()
    notice = page.readiness.notice("unfinished")
    assert notice.fact.text() == "2 answers are not written down or scored yet"
    assert notice.action.text() == "Finish them"
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert library.calls == [("rewrite_unfinished",)]


def test_how_much_sound_waits_is_told(page, library):
    library.unfinished = 2
    library.count_pending()
    assert page.readiness.notice("unfinished").word.hint == "About 3 minutes of sound."


def test_answers_that_are_only_to_be_scored_have_no_sound_to_tell(page, library):
    library.unfinished_found.emit(Backlog(2, 0.0))
    assert page.readiness.notice("unfinished").word.hint == ""


def test_rough_answers_are_offered_once_whisper_is_there(qtbot, page, conductor, library):
    library.others = Backlog(1, 100.0, rough=1)
    library.count_pending()
    assert page.readiness.notice("others") is None
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    notice = page.readiness.notice("others")
    assert notice.fact.text() == "1 answer has only a rough transcript"
    assert notice.word.hint.startswith("About 2 minutes of sound.")
    assert notice.action.text() == "Write again with Whisper base.en"
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert library.calls == [("rewrite_others",)]


@pytest.mark.parametrize(
    ("found", "fact"),
    [
        (Backlog(12, 360.0), "12 answers were written down by another model"),
        (Backlog(1, 30.0), "1 answer was written down by another model"),
        (Backlog(12, 360.0, rough=3), "12 answers were written down by another model, 3 of them roughly"),
        (Backlog(3, 90.0, rough=3), "3 answers have only a rough transcript"),
    ],
)
def test_what_another_model_wrote_down_is_offered(page, conductor, library, found, fact):
    library.others = found
    conductor.models_changed.emit(ModelsStatus("whisper small.en", ready=True))
    assert page.readiness.notice("others").fact.text() == fact


def test_the_built_in_recogniser_is_not_offered_for_writing_again(page, conductor, library):
    library.others = Backlog(12, 360.0)
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, ready=True))
    assert page.readiness.notice("others") is None


def test_what_was_declined_is_not_offered_again_when_there_is_less_of_it(page, conductor, library):
    library.others = Backlog(12, 360.0)
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    page.readiness.notice("others").dismissed.emit()
    library.rewriting.emit(0, 1, None)
    library.others = Backlog(11, 330.0)
    library.rewriting.emit(1, 1, None)
    assert page.readiness.notice("others") is None


@pytest.mark.parametrize(("model", "answers"), [("small.en", 12), ("base.en", 13)])
def test_what_was_declined_is_offered_again_for_another_model_or_more_answers(page, conductor, library, model, answers):
    library.others = Backlog(12, 360.0)
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    page.readiness.notice("others").dismissed.emit()
    library.others = Backlog(answers, 400.0)
    conductor.models_changed.emit(ModelsStatus(f"whisper {model}"))
    conductor.models_changed.emit(ModelsStatus(f"whisper {model}", ready=True))
    assert page.readiness.notice("others") is not None


def test_writing_again_shows_how_far_it_is_and_can_be_cancelled(qtbot, page, library):
    library.rewriting.emit(1, 3, None)
    notice = page.readiness.notice("work")
    assert notice.fact.text() == "Working on answer 2 of 3…"
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert library.calls == [("cancel_rewrite",)]
    library.rewriting.emit(3, 3, None)
    assert page.readiness.notice("work") is None


def test_the_time_left_is_told_once_it_can_be(page, library):
    library.rewriting.emit(1, 5, 170.0)
    assert page.readiness.notice("work").fact.text() == "Working on answer 2 of 5, about 3 minutes left…"


def test_nothing_is_offered_while_answers_are_worked_on(page, conductor, library):
    library.others = Backlog(12, 360.0)
    library.unfinished = 2
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    library.rewriting.emit(1, 3, None)
    assert [page.readiness.notice(key) for key in ("others", "unfinished")] == [None, None]


@pytest.mark.parametrize(
    ("missing", "fact"),
    [
        ("microphones", "No microphone was found"),
        ("loudspeakers", "No loudspeaker was found"),
        ("voices", "No voice was found"),
    ],
)
def test_what_is_not_plugged_in_is_told(page, library, missing, fact):
    library.devices = replace(devices(), **{missing: ()})
    library.load_devices()
    assert page.readiness.notice(missing.removesuffix("s")).fact.text() == fact


def test_a_device_plugged_in_later_takes_the_banner_away(qtbot, page, library):
    library.devices = DeviceList()
    library.load_devices()
    library.devices = devices()
    qtbot.mouseClick(page.readiness.notice("microphone").action, Qt.MouseButton.LeftButton)
    assert page.readiness.notice("microphone") is None


def test_a_dismissed_banner_does_not_come_back_with_the_same_words(page, library):
    library.unfinished = 2
    library.count_pending()
    page.readiness.notice("unfinished").dismissed.emit()
    library.count_pending()
    assert page.readiness.notice("unfinished") is None


def test_a_new_bank_is_offered_and_remembered(window, page, library, keeper, tmp_path):
    window.open_settings()
    window.shelf.settings.bank_wanted.emit(str(tmp_path / "mine.json"))
    assert library.calls[-1] == ("open_bank", tmp_path / "mine.json")
    assert keeper.current.bank is None
    library.bank_changed.emit(bank().model_copy(update={"title": "My questions"}))
    assert page._title.text() == "My questions"
    assert keeper.current.bank == str(tmp_path / "mine.json")


def test_leaving_a_finished_session_comes_back_here(window, conductor, keeper):
    conductor.begin(1, keeper.current.order, keeper.current.mode)
    window.shelf.interview.end.click()
    conductor.leave()
    assert conductor.state.phase is Phase.IDLE
    assert window.stack.currentWidget() is window.shelf.start
