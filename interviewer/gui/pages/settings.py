"""Every choice, kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QVBoxLayout

from interviewer.core.models import Bank
from interviewer.core.settings import Appearance, Settings
from interviewer.gui.pages.page import Page
from interviewer.gui.recogniser import recogniser_name
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.fields import CalmSlider, Choice, Picker, across, setting
from interviewer.gui.widgets.hearing_control import HearingControl
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.microphone import MicrophoneControl
from interviewer.gui.widgets.sound_choices import loudspeaker_choices, voice_choices
from interviewer.gui.widgets.your_data import YourData
from interviewer.workers.status import DeviceList, ModelsStatus

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.keeping import Housekeeper
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper

_LOOKS = (
    ("As the desktop", Appearance.SYSTEM, ""),
    ("Light", Appearance.LIGHT, ""),
    ("Dark", Appearance.DARK, ""),
)
_SENTENCE_WORDS = (
    "Scores your answers. Give the name or folder of a sentence-transformers model that is on this computer, "
    "or leave it empty for the built-in one."
)
_SAMPLE = "This is how I ask a question."


class SettingsPage(Page):
    """Sound, recognition, questions, look, privacy."""

    whisper_wanted = Signal()
    about_wanted = Signal()
    bank_wanted = Signal(str)  # path of a bank file

    def __init__(
        self,
        conductor: Conductor,
        library: Library,
        settings: SettingsKeeper,
        housekeeper: Housekeeper,
        bank: Bank,
        theme: Theme,
    ) -> None:
        super().__init__(theme, "Settings")
        self._conductor = conductor
        self._library = library
        self._settings = settings
        self._devices = DeviceList()
        self.column.addWidget(label("Settings", size="display"))
        self._sound_section()
        self._recognition_section()
        self._questions_section(bank)
        self._look_section()
        self._data_section(housekeeper)
        self.column.addStretch(1)
        self.footer.hide()
        self._on_settings_changed(settings.current)
        settings.changed.connect(self._on_settings_changed)
        library.devices_loaded.connect(self._on_devices_loaded)
        library.whisper_models_loaded.connect(self._on_models_loaded)

    def show_status(self, status: ModelsStatus) -> None:
        """Say which recogniser is in use and why not another, and the same of the sentence model."""
        name, why = recogniser_name(status), status.problem.told() if status.problem else ""
        if not name:
            words = f"No recogniser: {why}" if why else "The recogniser is being loaded."
        elif status.ready or why:
            words = f"In use: {name}. {why}".rstrip()
        else:
            words = f"Loading {name}…"
        self._recogniser.setText(words)
        self._scorer.setText(status.scorer_problem.told() if status.scorer_problem else _SENTENCE_WORDS)

    def show_bank(self, bank: Bank) -> None:
        """Name the bank that questions come from."""
        count = len(bank.questions)
        self._bank.setText(f"{bank.title} · {count} {'question' if count == 1 else 'questions'}")

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is plugged in and installed."""
        super().showEvent(event)
        self._library.load_devices()
        self._library.load_models()
        self.data.look()

    # --- sections --------------------------------------------------------------------------

    def _section(self, title: str) -> QVBoxLayout:
        frame, column = card(title)
        column.setSpacing(14)
        self.column.addWidget(frame)
        return column

    def _sound_section(self) -> None:
        column = self._section("Sound")
        self.microphone = MicrophoneControl(self._conductor, self._library, self._settings, self.theme)
        self.loudspeaker = Picker("Loudspeaker")
        self.voice = Picker("Interviewer's voice")
        self.rate = CalmSlider()
        self.rate.setAccessibleName("Speed of the voice")
        self.rate.setRange(80, 320)
        self.rate.setSingleStep(5)
        self.rate.setPageStep(20)
        self.rate.setTracking(False)  # every value is a file written
        self._rate_words = label(tone="muted")
        self._rate_words.setMinimumWidth(150)
        speed = across(self.rate, self._rate_words)
        hear = Button("Hear it")
        hear.setAccessibleName("Hear the voice")
        again = Button("Look again")
        again.setAccessibleName("Look again for devices")
        column.addWidget(setting("Microphone", self.microphone))
        column.addWidget(setting("Loudspeaker", across(self.loudspeaker, again)))
        column.addWidget(setting("Voice", across(self.voice, hear)))
        column.addWidget(setting("Speed", speed))
        self.loudspeaker.chosen.connect(self._on_loudspeaker)
        self.voice.chosen.connect(self._on_voice)
        self.rate.valueChanged.connect(self._on_rate)
        self.rate.sliderMoved.connect(self._show_rate)
        hear.clicked.connect(self._on_hear)
        again.clicked.connect(self._library.load_devices)

    def _recognition_section(self) -> None:
        column = self._section("Recognition")
        self.whisper = Picker("Whisper model")
        choose = Button("Choose a file…")
        choose.setAccessibleName("Choose a Whisper checkpoint file")
        get = Button("Whisper models…")
        self._recogniser = label(tone="muted", wrap=True)
        column.addWidget(setting("Whisper model", across(self.whisper, choose)))
        column.addWidget(setting("", across(self._recogniser, get)))
        self.hearing = HearingControl(self._settings)
        column.addWidget(self.hearing)
        self.proxy = QLineEdit()
        self.proxy.setAccessibleName("Proxy for downloads")
        self.proxy.setPlaceholderText("As the system says; or http://proxy.example:3128")
        self.proxy.setMaxLength(4096)
        column.addWidget(setting("Proxy for downloads", self.proxy))
        self.sentences = QLineEdit()
        self.sentences.setAccessibleName("Sentence model")
        self.sentences.setPlaceholderText("Built-in (all-MiniLM-L6-v2)")
        self.sentences.setMaxLength(4096)
        self._scorer = label(tone="muted", wrap=True)
        column.addWidget(setting("Sentence model", self.sentences))
        column.addWidget(setting("", self._scorer))
        self.whisper.chosen.connect(self._on_whisper)
        choose.clicked.connect(self._on_choose_whisper)
        get.clicked.connect(self.whisper_wanted)
        self.proxy.editingFinished.connect(self._on_proxy)
        self.sentences.editingFinished.connect(self._on_sentence_model)
        self.show_status(ModelsStatus())
        self._on_models_loaded(())

    def _questions_section(self, bank: Bank) -> None:
        column = self._section("Questions")
        self._bank = label(wrap=True)
        choose = Button("Choose a file…")
        choose.setAccessibleName("Choose a bank file")
        self._own = Button("Use the one that ships", role="quiet")
        column.addWidget(setting("Question bank", across(self._bank, self._own, choose)))
        self.hide_question = QCheckBox("Hide the question while it is read: listen only")
        column.addWidget(setting("While asking", self.hide_question))
        choose.clicked.connect(self._on_choose_bank)
        self._own.clicked.connect(self._on_own_bank)
        self.hide_question.toggled.connect(self._on_hide_question)
        self.show_bank(bank)

    def _look_section(self) -> None:
        column = self._section("Look")
        self.appearance = Choice("Appearance", _LOOKS, self._settings.current.appearance)
        column.addWidget(setting("Appearance", self.appearance))
        self.appearance.chosen.connect(self._on_appearance)

    def _data_section(self, housekeeper: Housekeeper) -> None:
        self.data = YourData(housekeeper, self._settings, self.theme)
        self._section("Your data").addWidget(self.data)
        self.data.about_wanted.connect(self.about_wanted)

    # --- showing ---------------------------------------------------------------------------

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.rate.setValue(settings.rate_wpm)
        self._show_rate(settings.rate_wpm)
        self.hide_question.setChecked(settings.hide_question)
        self.appearance.show_value(settings.appearance)
        self.hearing.show_settings(settings)
        self.data.show_settings(settings)
        self._own.setVisible(settings.bank is not None)
        if self.sentences.text() != settings.sentence_model:
            self.sentences.setText(settings.sentence_model)
            self.sentences.setCursorPosition(0)
        if self.proxy.text() != settings.proxy:
            self.proxy.setText(settings.proxy)
            self.proxy.setCursorPosition(0)
        self._offer_devices()

    @Slot(object)
    def _on_devices_loaded(self, devices: DeviceList) -> None:
        self._devices = devices
        self._offer_devices()

    @Slot(int)
    def _show_rate(self, rate_wpm: int) -> None:
        self._rate_words.setText(f"{rate_wpm} words a minute")

    def _offer_devices(self) -> None:
        current, found = self._settings.current, self._devices
        self.loudspeaker.offer(loudspeaker_choices(found), current.loudspeaker, absent="{} (not connected)")
        self.voice.offer(voice_choices(found), current.voice, absent="{} (not installed)")

    @Slot(object)
    def _on_models_loaded(self, models: tuple[object, ...]) -> None:
        choices = [(_model_words(model), getattr(model, "name", "")) for model in models]
        self.whisper.offer(choices, self._settings.current.whisper_model, absent="{}")

    # --- choosing --------------------------------------------------------------------------

    @Slot(object)
    def _on_loudspeaker(self, name: str | None) -> None:
        self._settings.change(loudspeaker=name)

    @Slot(object)
    def _on_voice(self, voice: str | None) -> None:
        self._settings.change(voice=voice)

    @Slot(int)
    def _on_rate(self, rate_wpm: int) -> None:
        self._settings.change(rate_wpm=rate_wpm)

    @Slot()
    def _on_hear(self) -> None:
        self._conductor.speak(_SAMPLE)

    @Slot(object)
    def _on_whisper(self, model: str) -> None:
        self._settings.change(whisper_model=model)

    @Slot()
    def _on_sentence_model(self) -> None:
        name = self.sentences.text().strip()
        if name != self._settings.current.sentence_model:  # leaving the field is no change
            self._settings.change(sentence_model=name)

    @Slot()
    def _on_proxy(self) -> None:
        proxy = self.proxy.text().strip()
        if proxy != self._settings.current.proxy:
            self._settings.change(proxy=proxy)

    @Slot(bool)
    def _on_hide_question(self, hide: bool) -> None:
        self._settings.change(hide_question=hide)

    @Slot(object)
    def _on_appearance(self, appearance: Appearance) -> None:
        self._settings.change(appearance=appearance)

    @Slot()
    def _on_choose_whisper(self) -> None:
        chooser = self._chooser("Choose a Whisper checkpoint", "Whisper checkpoints (*.pt);;All files (*)")
        chooser.fileSelected.connect(self._on_whisper_file)
        chooser.open()

    @Slot(str)
    def _on_whisper_file(self, path: str) -> None:
        self._settings.change(whisper_model=path)
        self._library.load_models()

    @Slot()
    def _on_choose_bank(self) -> None:
        chooser = self._chooser("Choose a question bank", "Question banks (*.json);;All files (*)")
        chooser.fileSelected.connect(self.bank_wanted)
        chooser.open()

    @Slot()
    def _on_own_bank(self) -> None:
        self.bank_wanted.emit("")

    def _chooser(self, title: str, kinds: str) -> QFileDialog:
        chooser = QFileDialog(self, title, "", kinds)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return chooser


def _model_words(model: object) -> str:
    name, present = getattr(model, "name", ""), getattr(model, "present", False)
    size_mb, languages = getattr(model, "size_mb", None), getattr(model, "languages", "")
    parts = [name, languages, f"{size_mb:,.0f} MB" if size_mb else "", "" if present else "not on this computer"]
    return " · ".join(part for part in parts if part)
