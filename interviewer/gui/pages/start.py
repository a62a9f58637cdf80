"""Where an interview starts: what to practise, how it is heard, one obvious button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from interviewer.core.bank import Order
from interviewer.core.models import Bank, Mode
from interviewer.core.settings import Settings
from interviewer.gui.keys import PRIMARY, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.pages.readiness import Readiness
from interviewer.gui.pages.stopped import StoppedBoard
from interviewer.gui.recogniser import recogniser_name
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.fields import Choice, Picker, field
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.microphone import MicrophoneControl
from interviewer.gui.widgets.sound_choices import voice_choices
from interviewer.workers.status import DeviceList, ModelsStatus

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.continuing import Continuing
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper

ORDERS = (
    ("As listed", Order.LISTED),
    ("Random", Order.RANDOM),
    ("Weakest first", Order.WEAKEST),
    ("Due for practice", Order.DUE),
)
MODES = (
    ("Practice", Mode.PRACTICE, "Feedback after each answer; retake as often as you like."),
    ("Interview", Mode.INTERVIEW, "All questions in a row; feedback at the end."),
)


class StartPage(Page):
    """The first page."""

    whisper_wanted = Signal()  # the user asks how to get Whisper

    def __init__(
        self,
        conductor: Conductor,
        library: Library,
        continuing: Continuing,
        settings: SettingsKeeper,
        bank: Bank,
        theme: Theme,
    ) -> None:
        super().__init__(theme, "Start")
        self._conductor = conductor
        self._library = library
        self._settings = settings
        self.stopped = StoppedBoard(continuing, bank, theme)
        self.readiness = Readiness(library, theme)
        self._title = label(size="display", wrap=True)
        self._about = label(tone="muted", wrap=True)
        self.column.addWidget(self.stopped)
        self.column.addWidget(self.readiness)
        self.column.addStretch(1)
        self.column.addWidget(self._title)
        self.column.addWidget(self._about)
        self.column.addSpacing(8)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addWidget(self._interview_card(), 1)
        cards.addWidget(self._sound_card(), 1)
        self.column.addLayout(cards)
        self.column.addStretch(2)
        self._fill_footer()
        bind(self, PRIMARY, self._on_primary)
        self.show_bank(bank)
        self.show_status(ModelsStatus())
        self._on_settings_changed(settings.current)
        library.devices_loaded.connect(self._on_devices_loaded)
        settings.changed.connect(self._on_settings_changed)
        self.readiness.whisper_wanted.connect(self.whisper_wanted)
        self.stopped.changed.connect(self._on_stopped_changed)

    def show_bank(self, bank: Bank) -> None:
        """Offer the questions of this bank."""
        self._title.setText(wrappable(bank.title))
        self._about.setText(bank.role)
        self.stopped.show_bank(bank)
        with QSignalBlocker(self.count):  # a smaller bank must not change what the user chose
            self.count.setRange(1, len(bank.questions))
            self.count.setValue(min(self._settings.current.questions, len(bank.questions)))
        self._of.setText(f"of {len(bank.questions)} in the bank")

    def show_status(self, status: ModelsStatus) -> None:
        """Say which recogniser will write the answers down."""
        name = recogniser_name(status)
        if name and (status.ready or status.problem is not None):  # what failed to load is not waited for
            words = f"Recogniser: {name}"
        elif name:
            words = f"Loading {name}… you can start already."
        elif status.problem is not None:
            words = f"No recogniser: {status.problem}"
        else:
            words = "Loading the recogniser… you can start already."
        self._recogniser.setText(words)
        self.readiness.show_status(status)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the one obvious button ready for any key."""
        super().showEvent(event)
        self._primary().setFocus(Qt.FocusReason.OtherFocusReason)

    def _interview_card(self) -> QWidget:
        current = self._settings.current
        frame, column = card("This interview")
        self.count = QSpinBox()
        self.count.setAccessibleName("Number of questions")
        self.count.setKeyboardTracking(False)  # "12" is not "1" first
        self.count.setMinimumWidth(96)
        self.count.lineEdit().setTextMargins(8, 0, 0, 0)
        self._of = label(tone="muted")
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addWidget(self.count)
        across.addWidget(self._of)
        across.addStretch(1)
        column.addWidget(field("Questions", row))
        self.order = Picker("Order of the questions")
        self.order.offer(ORDERS, current.order)
        column.addWidget(field("Order", self.order))
        self.mode = Choice("Mode", MODES, current.mode)
        column.addWidget(field("Mode", self.mode))
        column.addStretch(1)
        self.count.valueChanged.connect(self._on_count)
        self.order.chosen.connect(self._on_order)
        self.mode.chosen.connect(self._on_mode)
        return frame

    def _sound_card(self) -> QWidget:
        frame, column = card("Your set-up")
        self.microphone = MicrophoneControl(self._conductor, self._library, self._settings, self.theme)
        column.addWidget(field("Microphone", self.microphone))
        self.voice = Picker("Interviewer's voice")
        column.addWidget(field("Interviewer's voice", self.voice))
        column.addStretch(1)
        self._recogniser = label(size="caption", tone="muted", wrap=True)
        column.addWidget(self._recogniser)
        self.voice.chosen.connect(self._on_voice)
        self._on_devices_loaded(None)
        return frame

    def _fill_footer(self) -> None:
        self.start = Button("Start the interview", role="primary", key="Space")
        self.start.clicked.connect(self._on_start)
        words = label("The question is read to you, you answer aloud. Nothing leaves this computer.", tone="muted")
        words.setWordWrap(True)
        self.footer.row.addWidget(words, 1)
        self.footer.row.addWidget(self.start)

    def _primary(self) -> Button:
        """Return the button that Space means: to go on with what stopped, else to start."""
        return self.stopped.primary or self.start

    @Slot()
    def _on_stopped_changed(self) -> None:
        leads = self.stopped.primary is not None
        self.start.say("Start a new interview" if leads else "Start the interview")
        self.start.set_role("secondary" if leads else "primary")
        self.start.set_key("" if leads else "Space")
        # Enter presses what has the focus: never what is no longer the obvious button.
        if self.isVisible() and (self.start.hasFocus() or self.window().focusWidget() is None or not leads):
            self._primary().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_primary(self) -> None:
        self._primary().click()

    @Slot()
    def _on_start(self) -> None:
        self._conductor.begin(self.count.value(), self.order.value(), self.mode.value())

    @Slot(object)
    def _on_devices_loaded(self, devices: DeviceList | None) -> None:
        current = self._settings.current
        found = devices or DeviceList()
        self.voice.offer(voice_choices(found), current.voice, absent="{} (not installed)")
        if devices is not None:
            self.readiness.show_devices(devices)

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.mode.show_value(settings.mode)
        self.order.show_value(settings.order)
        self.voice.show_value(settings.voice)

    @Slot(int)
    def _on_count(self, count: int) -> None:
        self._settings.change(questions=count)

    @Slot(object)
    def _on_order(self, order: Order) -> None:
        self._settings.change(order=order)

    @Slot(object)
    def _on_mode(self, mode: Mode) -> None:
        self._settings.change(mode=mode)

    @Slot(object)
    def _on_voice(self, voice: str | None) -> None:
        self._settings.change(voice=voice)
