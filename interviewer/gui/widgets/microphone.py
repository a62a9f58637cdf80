"""Choosing a microphone and seeing at once whether it hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from interviewer.core.settings import Settings
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.fields import Picker
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.level_meter import LevelMeter
from interviewer.gui.widgets.sound_choices import microphone_choices
from interviewer.workers.status import DeviceList

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper


class MicrophoneControl(QWidget):
    """A picker over a level; the microphone is open only while this is seen."""

    def __init__(self, conductor: Conductor, library: Library, settings: SettingsKeeper, theme: Theme) -> None:
        super().__init__()
        self._conductor = conductor
        self._settings = settings
        self._devices = DeviceList()
        self.picker = Picker("Microphone")
        self.meter = LevelMeter(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.picker)
        column.addWidget(self.meter)
        words = "Say a few words: the bar should move. Nothing is kept."
        column.addWidget(label(words, size="caption", tone="muted", wrap=True))
        self.setFocusProxy(self.picker)
        self._offer()
        self.picker.chosen.connect(self._on_chosen)
        conductor.level_changed.connect(self.meter.show_level)
        library.devices_loaded.connect(self._on_devices_loaded)
        settings.changed.connect(self._on_settings_changed)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen."""
        super().showEvent(event)
        self._listen(on=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the microphone."""
        self._listen(on=False)
        super().hideEvent(event)

    def _listen(self, *, on: bool) -> None:
        # Opening a microphone that is known to be missing would only raise a second alarm.
        self._conductor.meter(on and bool(self._devices.microphones))
        if not on:
            self.meter.clear()

    def _offer(self) -> None:
        current = self._settings.current.microphone
        self.picker.offer(microphone_choices(self._devices), current, absent="{} (not connected)")

    @Slot(object)
    def _on_devices_loaded(self, devices: DeviceList) -> None:
        self._devices = devices
        self._offer()
        if self.isVisible():
            self._listen(on=True)

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.microphone != self.picker.value():
            self._offer()

    @Slot(object)
    def _on_chosen(self, name: str | None) -> None:
        self._listen(on=False)
        self._settings.change(microphone=name)
        self._listen(on=self.isVisible())
